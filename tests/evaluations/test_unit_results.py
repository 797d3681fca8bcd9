"""Saving lines of a register, and what becomes of its units."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from evaluations.actions.guard import Closed
from evaluations.actions.registers import (
    HasResult,
    NameTaken,
    NotInYear,
    add_unit,
    close_unit,
    enter_known_units,
    open_registers,
    take_out,
    units_to_enter,
)
from evaluations.actions.unit_results import TypedLine, problems_of, save_line, save_lines
from evaluations.models import UnitEvent, UnitResult
from evaluations.unit_reading import shown_line
from evaluations.unit_sheets import SheetStatus
from organisations.models import Organisation, Role
from tests.factories import (
    make_agency,
    make_city,
    make_commune,
    make_department,
    make_district,
    make_document,
    make_dossier,
    make_line,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot_round():
    return make_round()


@pytest.fixture
def line(district, pilot_round):
    """An agency of the district, without any result."""
    return make_line(pilot_round, make_agency("Phòng Nội vụ", parent=district))


@pytest.fixture
def colleague(district):
    return make_user(Role.LEADER, district, full_name="Trần Văn Lãnh")


def save(line, by, base=None, **values):
    base = shown_line(UnitResult.objects.get(pk=line.pk)) if base is None else base
    return save_line(result=line, values=values, base=base, by=by)


def stored(line) -> UnitResult:
    return UnitResult.objects.select_related("rating", "self_rating").get(pk=line.pk)


# --- Saving -----------------------------------------------------------------------------------


def test_points_fill_in_their_rating(line, editor):
    saved = save(line, editor, score="84,5")

    assert stored(line).rating.code == "kha"
    assert saved.written == ("score", "rating")


def test_points_that_change_take_their_rating_along(line, editor):
    save(line, editor, score="84,5")

    save(line, editor, score="90")

    assert stored(line).rating.code == "tot"


def test_points_do_not_take_along_a_rating_that_somebody_gave_meanwhile(line, editor, colleague):
    base = shown_line(line)
    save_line(result=line, values={"rating": "Khá"}, base=base, by=colleague)

    saved = save_line(result=line, values={"score": "60", "rating": ""}, base=base, by=editor)

    assert saved.written == ("score",)
    assert saved.problems["rating"].startswith("Điểm 60 là Trung bình, không phải Khá.")
    assert saved.result.rating is None
    assert shown_line(saved.result)["rating"] == "Khá"


def test_points_taken_away_take_their_rating_with_them(line, editor):
    save(line, editor, score="84,5")

    save(line, editor, score="")

    assert (stored(line).score, stored(line).rating) == (None, None)


def test_rating_chosen_along_with_points_is_read_with_them(line, editor):
    saved = save(line, editor, score="84,5", rating="Tốt")

    assert "Điểm 84,5 là Khá" in saved.problems["rating"]
    assert stored(line).rating is None


def test_what_is_unclear_is_kept_counts_for_nothing_and_is_shown_again(line, editor):
    save(line, editor, score="điểm cao", decision_on="31/11/2022", decision_number="12/QĐ")

    row = stored(line)
    assert row.unread == {"score": "điểm cao", "decision_on": "31/11/2022"}
    assert (row.score, row.rating, row.decision_on) == (None, None, None)
    assert row.decision_number == "12/QĐ"
    assert shown_line(row)["decision_on"] == "31/11/2022"
    assert set(problems_of(row)) == {"score", "decision_on"}


def test_contradiction_keeps_both_sides_of_it(line, editor):
    save(line, editor, score="84,5", rating="Tốt")

    assert (shown_line(stored(line))["score"], shown_line(stored(line))["rating"]) == (
        "84,5",
        "Tốt",
    )


def test_mending_the_text_clears_it(line, editor):
    save(line, editor, rating="Giỏi")

    save(line, editor, rating="Tốt")

    assert (stored(line).unread, stored(line).rating.code) == ({}, "tot")


def test_fields_that_two_people_changed_apart_are_both_kept(line, editor, colleague):
    opened = shown_line(line)
    save(line, colleague, base=opened, decision_number="12/QĐ-UBND")

    saved = save(line, editor, base=opened, rating="Khá", decision_number="")

    assert saved.conflicts == ()
    assert (stored(line).rating.code, stored(line).decision_number) == ("kha", "12/QĐ-UBND")


def test_field_that_both_changed_is_left_and_shown_in_both_versions(line, editor, colleague):
    opened = shown_line(line)
    save(line, colleague, base=opened, rating="Trung bình")

    saved = save(line, editor, base=opened, rating="Khá", decision_number="12/QĐ")

    (conflict,) = saved.conflicts
    assert (conflict.field, conflict.stored, conflict.mine) == ("rating", "Trung bình", "Khá")
    assert stored(line).rating.code == "trung-binh"
    assert stored(line).decision_number == "12/QĐ"
    assert saved.written == ("decision_number",)


def test_both_changing_to_the_same_is_no_conflict(line, editor, colleague):
    opened = shown_line(line)
    save(line, colleague, base=opened, rating="Khá")

    assert save(line, editor, base=opened, rating="Khá").conflicts == ()


def test_saving_what_stands_there_writes_nothing(line, editor):
    save(line, editor, rating="Khá")

    saved = save(line, editor, rating="Khá", decision_number="")

    assert saved.written == ()
    assert line.events.count() == 1


def test_event_tells_old_and_new(line, editor):
    save(line, editor, rating="Khá")

    save(line, editor, rating="Tốt")

    event = line.events.first()
    assert (event.by, event.text) == (editor, "xếp loại: Khá → Tốt")
    assert event.detail == {"rating": {"old": "Khá", "new": "Tốt"}}


def test_line_says_who_saved_it(line, editor):
    save(line, editor, rating="Khá")

    assert stored(line).updated_by == editor
    assert stored(line).updated_at is not None


def test_lines_are_saved_together_each_by_its_own_base(district, pilot_round, editor, colleague):
    first, second = (make_line(pilot_round, make_commune(parent=district)) for _ in range(2))
    opened = shown_line(first)
    save(second, colleague, base=opened, rating="Tốt")

    saved = save_lines(
        typed={line.pk: TypedLine({"rating": "Khá"}, opened) for line in (first, second)},
        by=editor,
    )

    assert saved[first.pk].conflicts == ()
    assert [each.field for each in saved[second.pk].conflicts] == ["rating"]
    assert (stored(first).rating.code, stored(second).rating.code) == ("kha", "tot")


def test_out_of_scope_with_a_reason_and_back(line, editor):
    save(line, editor, in_scope="Không", exclusion_reason="Cơ quan ngành dọc")
    was_out = stored(line).in_scope

    save(line, editor, in_scope="Có", exclusion_reason="")

    assert (was_out, stored(line).in_scope) == (False, True)


def test_year_before_may_be_entered_as_well(district, pilot_round, editor):
    line = make_line(pilot_round, make_agency(parent=district), year=2021)

    save(line, editor, rating="Khá", decision_on="25/01/2022")

    assert stored(line).decision_on == date(2022, 1, 25)


# --- The unit's own sheet ---------------------------------------------------------------------


@pytest.fixture
def sent(line):
    """The unit sent its sheet: 84 points, Khá."""
    ratings = line.pilot_round.agency_points.ratings
    line.self_score, line.self_rating = 84, ratings.get(code="kha")
    line.sheet_status, line.sheet_since = SheetStatus.SUBMITTED, timezone.now()
    line.save()
    return line


def test_confirming_what_the_unit_sent_settles_its_sheet(sent, editor):
    save(sent, editor, rating="Khá")

    assert stored(sent).sheet_status == SheetStatus.CONFIRMED
    assert sent.events.first().detail["sheet"] == {"old": "submitted", "new": "confirmed"}


def test_a_confirmed_sheet_whose_result_is_emptied_waits_again(sent, editor):
    save(sent, editor, rating="Khá")

    save(sent, editor, rating="")

    assert (stored(sent).rating, stored(sent).sheet_status) == (None, SheetStatus.SUBMITTED)
    event = sent.events.first()
    assert event.kind == "changed"
    assert event.detail["sheet"] == {"old": "confirmed", "new": "submitted"}
    assert event.text.startswith("phiếu chờ xác nhận lại: ")


def test_correcting_it_takes_a_reason_first(sent, editor):
    silent = save(sent, editor, rating="Tốt")
    waiting = stored(sent)

    save(sent, editor, correction_reason="Có thêm minh chứng mục 1.")

    assert set(silent.problems) == {"correction_reason"}
    assert (waiting.rating, waiting.sheet_status) == (None, SheetStatus.SUBMITTED)
    assert shown_line(waiting)["rating"] == "Tốt"
    assert (stored(sent).rating.code, stored(sent).sheet_status) == ("tot", SheetStatus.CONFIRMED)
    assert sent.events.first().note == "Có thêm minh chứng mục 1."


def test_what_the_unit_sent_is_not_the_keepers_to_write(sent, editor):
    saved = save(sent, editor, self_score="99", self_rating="Tốt", decision_number="12/QĐ")

    assert saved.written == ("decision_number",)
    assert (stored(sent).self_score, stored(sent).self_rating.code) == (84, "kha")


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["appraiser", "council_member", "outsider", "administrator"])
def test_nobody_else_writes_in_a_districts_register(line, person, request):
    with pytest.raises(PermissionDenied):
        save(line, request.getfixturevalue(person), rating="Khá")

    assert stored(line).rating is None


def test_the_unit_itself_does_not_write_its_confirmed_result(line):
    with pytest.raises(Closed):
        save(line, make_user(Role.LEADER, line.unit), rating="Khá")


def test_appraiser_keeps_the_register_of_the_city(pilot_round, appraiser, approver, editor):
    line = make_line(pilot_round, make_agency(parent=make_city()))

    save(line, appraiser, rating="Khá")

    assert stored(line).rating.code == "kha"
    for person in (approver, editor):
        with pytest.raises(Closed):
            save(line, person, rating="Tốt")


def test_lines_of_two_registers_are_not_saved_by_who_keeps_one(line, pilot_round, editor):
    foreign = make_line(pilot_round, make_agency(parent=make_district()))
    typed = {each.pk: TypedLine({"rating": "Khá"}, {}) for each in (line, foreign)}

    with pytest.raises(Closed):
        save_lines(typed=typed, by=editor)

    assert not UnitResult.objects.filter(rating__isnull=False).exists()


# --- Units of a register ----------------------------------------------------------------------


def add(pilot_round, owner, by, name="Trường Tiểu học Nhân Hòa", since=date(2020, 1, 1)):
    return add_unit(
        pilot_round=pilot_round,
        owner=owner,
        name=name,
        unit_type="trường tiểu học",
        since=since,
        by=by,
    )


def test_new_unit_stands_in_both_years(district, pilot_round, editor):
    line = add(pilot_round, district, editor)

    assert (line.year, line.unit.parent, line.unit.code) == (2022, district, "316-001")
    assert set(line.unit.unit_results.values_list("year", flat=True)) == {2021, 2022}
    assert line.unit.search == "truong tieu hoc nhan hoa"


def test_unit_that_began_this_year_has_no_line_of_last_year(district, pilot_round, editor):
    line = add(pilot_round, district, editor, since=date(2022, 6, 1))

    assert [each.year for each in line.unit.unit_results.all()] == [2022]


def test_unit_that_began_later_is_not_of_this_register(district, pilot_round, editor):
    with pytest.raises(NotInYear):
        add(pilot_round, district, editor, since=date(2023, 1, 1))

    assert not Organisation.objects.filter(kind=Organisation.Kind.AGENCY, parent=district).exists()


@pytest.mark.parametrize("name", ["Trường Tiểu học Nhân Hoà", "TRƯỜNG TIỂU HỌC  NHÂN HÒA"])
def test_name_that_the_register_has_is_not_entered_twice(district, pilot_round, editor, name):
    first = add(pilot_round, district, editor)

    with pytest.raises(NameTaken) as taken:
        add(pilot_round, district, editor, name=name)

    assert taken.value.result == first


def test_same_name_in_two_districts_is_no_clash(district, pilot_round, editor, outsider):
    first = add(pilot_round, district, editor)

    second = add(pilot_round, outsider.organisation, outsider)

    assert first.unit.name == second.unit.name
    assert first.unit.code != second.unit.code


def test_codes_count_on(district, pilot_round, editor):
    codes = [add(pilot_round, district, editor, name=f"Trường {n}").unit.code for n in (1, 2)]

    assert codes == ["316-001", "316-002"]


def test_known_units_are_entered_by_kind(district, pilot_round, editor):
    agency, commune = make_agency(parent=district), make_commune(parent=district)
    make_agency(parent=district, valid_to=date(2022, 6, 30))  # gone before the year's end

    count = enter_known_units(
        pilot_round=pilot_round, owner=district, kind=UnitResult.Kind.LEARNING_UNIT, by=editor
    )

    assert count == 1
    assert {line.unit for line in UnitResult.objects.filter(year=2022)} == {agency}
    assert list(units_to_enter(pilot_round, district)) == [commune]


def test_entering_again_enters_nothing(district, pilot_round, editor):
    make_agency(parent=district)

    counts = [
        enter_known_units(pilot_round=pilot_round, owner=district, by=editor) for _ in range(2)
    ]

    assert counts == [1, 0]


def test_opening_registers_again_keeps_what_is_there(line, pilot_round, editor):
    save(line, editor, rating="Khá")

    open_registers(pilot_round, on=date(2022, 12, 31))

    assert stored(line).rating.code == "kha"


@pytest.mark.parametrize(
    "act", [add, lambda *args: enter_known_units(pilot_round=args[0], owner=args[1], by=args[2])]
)
@pytest.mark.parametrize("person", ["outsider", "appraiser", "administrator"])
def test_nobody_else_brings_units_in(district, pilot_round, person, act, request):
    with pytest.raises(Closed):
        act(pilot_round, district, request.getfixturevalue(person))


def test_closed_unit_leaves_the_scope_and_keeps_its_result(line, editor):
    save(line, editor, rating="Khá")

    close_unit(result=line, on=date(2022, 6, 30), reason="Sáp nhập", by=editor)

    row = stored(line)
    assert (row.in_scope, row.rating.code) == (False, "kha")
    assert row.exclusion_reason == "Ngừng hoạt động sau ngày 30/06/2022: Sáp nhập"
    assert row.unit.valid_to == date(2022, 6, 30)
    assert row.events.first().note == "Sáp nhập"


def test_closing_counts_in_every_round(line, editor):
    elsewhere = make_line(make_round(), line.unit)

    close_unit(result=line, on=date(2022, 6, 30), reason="Sáp nhập", by=editor)

    assert stored(elsewhere).in_scope is False


def test_unit_that_lived_the_year_out_stays_in_its_scope(line, editor):
    close_unit(result=line, on=date(2022, 12, 31), reason="Sáp nhập", by=editor)

    assert stored(line).in_scope is True


def test_closing_touches_the_years_that_follow_only(district, pilot_round, editor):
    unit = make_agency(parent=district)
    before, after = (make_line(pilot_round, unit, year=year) for year in (2021, 2022))

    close_unit(result=after, on=date(2022, 6, 30), reason="Giải thể", by=editor)

    assert (stored(before).in_scope, stored(after).in_scope) == (True, False)


def test_commune_is_not_closed_by_who_keeps_a_register(district, pilot_round, editor):
    line = make_line(pilot_round, make_commune(parent=district))

    with pytest.raises(Closed):
        close_unit(result=line, on=date(2022, 6, 30), reason="Sáp nhập", by=editor)

    assert stored(line).unit.valid_to is None


def test_unit_entered_by_mistake_is_taken_out_whole(district, pilot_round, editor):
    line = add(pilot_round, district, editor)

    take_out(result=line, by=editor)

    assert not UnitResult.objects.exists()
    assert not Organisation.objects.filter(name="Trường Tiểu học Nhân Hòa").exists()


def rated(line, editor):
    save(line, editor, rating="Khá")


def rated_once(line, editor):
    save(line, editor, rating="Khá")
    save(line, editor, rating="")


def rated_last_year(line, editor):
    make_line(line.pilot_round, line.unit, year=2021, rating="kha")


def has_an_account(line, editor):
    make_user(Role.EDITOR, line.unit)


def has_papers(line, editor):
    make_document(line.unit, by=editor)


def leads_a_dossier(line, editor):
    make_dossier(line.unit)


@pytest.mark.parametrize(
    "used", [rated, rated_once, rated_last_year, has_an_account, has_papers, leads_a_dossier]
)
def test_unit_about_which_something_is_known_is_never_deleted(line, editor, used):
    used(line, editor)

    with pytest.raises(HasResult):
        take_out(result=line, by=editor)

    assert UnitResult.objects.filter(pk=line.pk).exists()


def test_commune_is_never_taken_out(district, pilot_round, editor):
    line = make_line(pilot_round, make_commune(parent=district))

    with pytest.raises(HasResult):
        take_out(result=line, by=editor)


@pytest.mark.parametrize("person", ["outsider", "appraiser"])
def test_nobody_else_closes_or_takes_out(line, person, request):
    by = request.getfixturevalue(person)

    with pytest.raises(Closed):
        close_unit(result=line, on=date(2022, 6, 30), reason="Sáp nhập", by=by)
    with pytest.raises(Closed):
        take_out(result=line, by=by)


def test_register_of_the_city_takes_units_from_an_appraiser(pilot_round, appraiser):
    make_department()

    line = add(pilot_round, make_city(), appraiser, name="Sở Y tế")

    assert line.unit.code == "31-001"
    assert not UnitEvent.objects.exists()
