"""Taking a workbook in, applying it and letting it go: all of it or nothing, and once."""

import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from evaluations.actions import uploads as actions
from evaluations.actions.guard import Closed
from evaluations.actions.unit_results import FILLED_IT, save_line
from evaluations.models import ResultUpload, TitleCount, UnitEvent, UnitResult
from evaluations.scanning import Infected
from evaluations.unit_reading import shown_line
from evaluations.unit_sheets import FIRST_WRITING, SheetStatus
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from organisations.models import Organisation, Role
from organisations.spreadsheets import UnreadableFile
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, TITLES, add, make_desk, put
from tests.factories import (
    holding,
    make_agency,
    make_city,
    make_district,
    make_line,
    make_user,
)
from tests.workbooks import opened, saved

pytestmark = pytest.mark.django_db
Status = ResultUpload.Status


def take_in(desk, *changes, by=None, content=None, year=2022):
    content = desk.filled(*changes) if content is None else content
    return actions.take_in_upload(
        pilot_round=desk.pilot_round,
        owner=desk.district,
        year=year,
        uploaded=ContentFile(content, name="kết quả.xlsx"),
        by=by or desk.keeper,
    )


def apply(desk, upload, *, seen=None, by=None):
    seen = actions.compare(upload).register.fingerprint if seen is None else seen
    return actions.apply_upload(upload=upload, seen=seen, by=by or desk.keeper)


def line(code, year=2022):
    return UnitResult.objects.select_related("rating", "self_rating", "unit").get(
        unit__code=code, year=year
    )


def kha(desk):
    return put(COMMUNES, "11860", "Xếp loại", "Khá")


# --- taking in ---------------------------------------------------------------------------------


def test_what_no_database_holds_is_left_out_of_what_a_cell_says(desk):
    """Excel spells a NUL so; it came back in the words about the cell."""
    upload = take_in(desk, put(COMMUNES, "11860", "Xếp loại", "_x0000_Kha"))

    assert [error.message.split(".")[0] for error in actions.errors_of(upload)] == [
        "“Kha” không phải xếp loại"
    ]


def test_clean_workbook_is_kept_with_what_it_says_and_nothing_is_written(desk):
    upload = take_in(desk, kha(desk))

    assert upload.status == Status.READY
    assert upload.errors == []
    assert upload.original_name == "kết quả.xlsx"
    assert default_storage.exists(upload.file.name)
    assert line("11860").rating is None
    assert not UnitEvent.objects.exists()


def test_faulty_workbook_is_kept_with_its_errors_alone(desk):
    upload = take_in(desk, put(COMMUNES, "11860", "Xếp loại", "Kha"), kha2(desk))

    assert upload.status == Status.FAULTY
    assert [error.cell for error in actions.errors_of(upload)] == ["G3"]
    assert upload.rows == {}
    assert line("11884").rating is None


def kha2(desk):
    return put(COMMUNES, "11884", "Xếp loại", "Khá")


def test_what_is_no_workbook_is_not_kept_at_all(desk):
    with pytest.raises(UnreadableFile):
        take_in(desk, content=b"a,b,c")

    assert not ResultUpload.objects.exists()
    assert not default_storage.exists("nap-ket-qua")


def test_file_over_the_limit_is_not_even_read(desk, monkeypatch):
    monkeypatch.setattr(actions, "MAX_BYTES", 1000)

    with pytest.raises(UnreadableFile, match="Tệp lớn hơn 10 MB"):
        take_in(desk)


def test_infected_file_is_not_kept(desk, monkeypatch):
    def infected(file):
        raise Infected("Eicar")

    monkeypatch.setattr(actions, "scan", infected)

    with pytest.raises(Infected):
        take_in(desk)
    assert not ResultUpload.objects.exists()


def test_next_workbook_of_a_person_drops_the_one_before_with_its_file(
    desk, django_capture_on_commit_callbacks
):
    first = take_in(desk, put(COMMUNES, "11860", "Xếp loại", "Kha"))
    name = first.file.name
    other_year = ResultUpload.objects.create(
        pilot_round=desk.pilot_round, owner=desk.district, year=2021, by=desk.keeper, status="ready"
    )

    with django_capture_on_commit_callbacks(execute=True):
        second = take_in(desk)

    first.refresh_from_db()
    assert (first.status, first.file.name, first.errors) == (Status.DROPPED, "", [])
    assert not default_storage.exists(name)
    assert default_storage.exists(second.file.name)
    assert ResultUpload.objects.get(pk=other_year.pk).status == Status.READY


def test_colleagues_workbook_is_left_alone(desk):
    colleague = make_user(Role.LEADER, desk.district)
    first = take_in(desk, by=colleague)

    take_in(desk)

    first.refresh_from_db()
    assert first.status == Status.READY


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_its_keeper_brings_a_workbook_to_a_register(desk, role):
    stranger = make_user(role, make_city() if role == Role.COUNCIL else make_district())

    with pytest.raises(Closed):
        take_in(desk, by=stranger)


# --- applying ----------------------------------------------------------------------------------


def test_all_of_a_workbook_is_written_at_once_with_an_event_for_each_unit(desk):
    upload = take_in(
        desk,
        put(COMMUNES, "11860", "Xếp loại", "Khá"),
        put(COMMUNES, "11860", "Số quyết định", "3190/QĐ-UBND"),
        put(AGENCIES, "316-002", "Điểm", 84.5),
        put(TITLES, "11827", "Gia đình học tập, đăng ký", 412),
    )

    apply(desk, upload)

    commune, agency = line("11860"), line("316-002")
    assert (commune.rating.code, commune.decision_number) == ("kha", "3190/QĐ-UBND")
    assert (str(agency.score), agency.rating.code) == ("84.50", "kha")
    assert commune.updated_by == desk.keeper
    assert TitleCount.objects.get().registered == 412
    events = UnitEvent.objects.order_by("pk")
    assert {event.result.unit.code for event in events} == {"11827", "11860", "316-002"}
    assert {event.by for event in events} == {desk.keeper}


def test_units_that_are_not_changed_or_not_there_get_no_event(desk):
    upload = take_in(desk, kha(desk), lambda book: book[AGENCIES].delete_rows(2))

    apply(desk, upload)

    assert [event.result.unit.code for event in UnitEvent.objects.all()] == ["11860"]
    assert line("316-001").rating.code == "tot"


def test_new_agencies_get_the_next_codes_and_their_results(desk):
    upload = take_in(
        desk,
        add(AGENCIES, Tên="Trường Mầm non Cổ Am", Điểm=72),
        add(AGENCIES, Tên="Hội Người mù"),
    )

    apply(desk, upload)

    school, society = line("316-004"), line("316-005")
    assert (school.unit.name, school.rating.code) == ("Trường Mầm non Cổ Am", "kha")
    assert (society.unit.name, society.rating) == ("Hội Người mù", None)
    assert school.unit.parent == desk.district
    assert Organisation.objects.matching("mam non co am").get() == school.unit


def test_known_unit_comes_into_the_register_in_both_of_its_years(desk):
    known = make_agency("Trạm Thú y", "316-008", parent=desk.district)
    make_line(desk.pilot_round, known, year=2021)
    upload = take_in(desk, add(AGENCIES, Mã="316-008", Xếp_loại="Khá"))

    apply(desk, upload)

    assert [(each.year, each.rating and each.rating.code) for each in known.unit_results.all()] == [
        *((2021, None), (2022, "kha"))
    ]


def test_workbook_of_the_year_before_goes_to_that_year(desk):
    book = opened(template(load_register(desk.pilot_round, desk.district, 2021)))
    put(COMMUNES, "11827", "Xếp loại", "Tốt")(book)
    add(AGENCIES, Tên="Trạm Khuyến nông", Xếp_loại="Khá")(book)

    apply(desk, take_in(desk, content=saved(book), year=2021))

    assert line("11827", 2021).rating.code == "tot"
    assert line("11827").rating.code == "kha"
    new = Organisation.objects.get(name="Trạm Khuyến nông")
    assert {each.year: bool(each.rating) for each in new.unit_results.all()} == {
        2021: True,
        2022: False,
    }


def test_sheet_that_the_unit_sent_is_confirmed_with_its_result(desk):
    rating = desk.pilot_round.agency_points.ratings.get(code="kha")
    UnitResult.objects.filter(unit__code="316-002").update(
        self_score=82, self_rating=rating, sheet_status=SheetStatus.SUBMITTED
    )
    upload = take_in(desk, put(AGENCIES, "316-002", "Điểm", 82))

    apply(desk, upload)

    confirmed = line("316-002")
    assert (confirmed.sheet_status, confirmed.rating.code) == (SheetStatus.CONFIRMED, "kha")


def test_second_press_does_nothing_twice(desk):
    upload = take_in(desk, add(AGENCIES, Tên="Hội Người mù"))
    seen = actions.compare(upload).register.fingerprint
    apply(desk, upload, seen=seen)

    with pytest.raises(actions.AlreadySettled):
        apply(desk, upload, seen=seen)

    assert Organisation.objects.filter(name="Hội Người mù").count() == 1


def test_file_goes_once_the_workbook_is_applied(desk, django_capture_on_commit_callbacks):
    upload = take_in(desk, kha(desk))
    name = upload.file.name

    with django_capture_on_commit_callbacks(execute=True):
        apply(desk, upload)

    upload.refresh_from_db()
    assert (upload.status, upload.file.name, upload.rows) == (Status.APPLIED, "", {})
    assert upload.applied_at is not None
    assert len(upload.seen_state) == 64
    assert not default_storage.exists(name)


def retype(desk):
    save_line(
        result=line("316-003"),
        values={"rating": "Tốt"},
        base=shown_line(line("316-003")),
        by=desk.keeper,
    )


def add_agency(desk):
    make_line(desk.pilot_round, make_agency("Hội mới", "316-050", parent=desk.district))


def add_title(desk):
    TitleCount.objects.create(result=line("11905"), title="clan", registered=3)


def rename(desk):
    Organisation.objects.filter(code="316-003").update(name="Trường Trung học cơ sở Tân Liên")


def take_a_sheet(desk):
    UnitResult.objects.filter(unit__code="316-003").update(sheet_status=SheetStatus.SUBMITTED)


@pytest.mark.parametrize("meanwhile", [retype, add_agency, add_title, rename, take_a_sheet])
def test_register_that_changed_since_it_was_shown_stops_everything(desk, meanwhile):
    upload = take_in(desk, kha(desk))
    seen = actions.compare(upload).register.fingerprint
    meanwhile(desk)

    with pytest.raises(actions.RegisterChanged):
        apply(desk, upload, seen=seen)

    upload.refresh_from_db()
    assert upload.status == Status.READY
    assert upload.rows
    assert line("11860").rating is None


def test_anew_shown_register_can_be_applied_to(desk):
    upload = take_in(desk, kha(desk))
    retype(desk)

    apply(desk, upload)

    assert line("11860").rating.code == "kha"


def test_workbook_that_came_to_be_wrong_is_not_applied(desk):
    """An agency of the same name was entered by hand since the file was read."""
    upload = take_in(desk, add(AGENCIES, Tên="Hội mới"))
    add_agency(desk)

    compared = actions.compare(upload)

    assert [error.cell for error in compared.checked.errors] == ["B5"]
    with pytest.raises(actions.RegisterChanged):
        apply(desk, upload, seen=compared.register.fingerprint)


def test_faulty_workbook_cannot_be_applied(desk):
    upload = take_in(desk, put(COMMUNES, "11860", "Xếp loại", "Kha"))

    with pytest.raises(actions.AlreadySettled):
        apply(desk, upload, seen=desk.register.fingerprint)


def test_nobody_applies_anothers_workbook(desk):
    upload = take_in(desk, kha(desk))

    with pytest.raises(actions.AlreadySettled):
        apply(desk, upload, by=make_user(Role.LEADER, desk.district))
    with pytest.raises(Closed):
        apply(desk, upload, by=make_user(Role.LEADER))

    assert line("11860").rating is None


def test_keeper_who_moved_to_another_office_applies_nothing(desk):
    upload = take_in(desk, kha(desk))
    seen = desk.register.fingerprint
    desk.keeper.organisation = make_district()
    desk.keeper.save()

    with pytest.raises(Closed):
        apply(desk, upload, seen=seen)


@pytest.mark.parametrize("count", [3, 300])
def test_applying_costs_what_its_batches_cost(desk, count, django_assert_max_num_queries):
    for number in range(count):
        make_line(desk.pilot_round, make_agency(f"Cơ quan {number}", parent=desk.district))
    unrated = UnitResult.objects.filter(kind="learning_unit", rating=None)
    codes = unrated.values_list("unit__code", flat=True)
    upload = take_in(desk, *(put(AGENCIES, code, "Điểm", 75) for code in codes))
    seen = desk.register.fingerprint
    upload = ResultUpload.objects.get(pk=upload.pk)

    batches = count // 30  # as many lines as SQLite takes at once
    with django_assert_max_num_queries(51 + 4 * holding() + batches + count // 100):
        actions.apply_upload(upload=upload, seen=seen, by=desk.keeper)


# --- letting go --------------------------------------------------------------------------------


def test_dropped_workbook_is_gone_with_its_file(desk, django_capture_on_commit_callbacks):
    upload = take_in(desk, kha(desk))
    name = upload.file.name

    with django_capture_on_commit_callbacks(execute=True):
        actions.drop_upload(upload=upload, by=desk.keeper)

    assert not default_storage.exists(name)
    assert ResultUpload.objects.get().status == Status.DROPPED
    with pytest.raises(actions.AlreadySettled):
        actions.drop_upload(upload=upload, by=desk.keeper)
    with pytest.raises(actions.AlreadySettled):
        apply(desk, upload, seen=desk.register.fingerprint)


# --- two at once -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_is_told_that_it_is_done():
    district = make_district("Huyện Vĩnh Bảo", "316")
    desk = make_desk(district, make_user(Role.EDITOR, district))
    upload = take_in(desk, add(AGENCIES, Tên="Hội Người mù", Điểm=90))
    seen = desk.register.fingerprint
    gate, outcomes = threading.Barrier(2), []

    def press():
        gate.wait()
        try:
            fresh = ResultUpload.objects.get(pk=upload.pk)
            actions.apply_upload(upload=fresh, seen=seen, by=desk.keeper)
            outcomes.append("applied")
        except actions.AlreadySettled:
            outcomes.append("settled")
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert sorted(outcomes) == ["applied", "settled"]
    assert Organisation.objects.filter(name="Hội Người mù").count() == 1
    assert UnitEvent.objects.count() == 1


def test_failure_while_writing_leaves_nothing_behind(desk, monkeypatch):
    upload = take_in(desk, add(AGENCIES, Tên="Hội Người mù", Điểm=90), kha(desk))

    def fail(lines, by):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(actions, "write_titles", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        apply(desk, upload)

    upload.refresh_from_db()
    assert upload.status == Status.READY
    assert not Organisation.objects.filter(name="Hội Người mù").exists()
    assert line("11860").rating is None


def test_who_filled_in_a_units_own_sheet_does_not_confirm_it_by_a_file(desk):
    """Somebody scored the school for it, and has moved to the district since."""
    rating = desk.pilot_round.agency_points.ratings.get(code="kha")
    UnitResult.objects.filter(unit__code="316-002").update(
        self_score=82, self_rating=rating, sheet_status=SheetStatus.SUBMITTED
    )
    UnitEvent.objects.create(
        result=line("316-002"), kind=FIRST_WRITING, text="tự chấm", by=desk.keeper
    )

    upload = take_in(desk, put(AGENCIES, "316-002", "Điểm", 82), kha(desk))

    (error,) = actions.errors_of(upload)
    assert (error.cell, error.message) == ("I3", FILLED_IT)
    assert take_in(desk, kha(desk)).status == Status.READY  # the rest is theirs to give
    colleague = make_user(Role.LEADER, desk.district)
    assert take_in(desk, put(AGENCIES, "316-002", "Điểm", 82), by=colleague).status == Status.READY
