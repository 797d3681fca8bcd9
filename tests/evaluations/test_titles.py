"""Titles of Hội Khuyến học: understood, saved by two people at once, added up; never in a level."""

from fractions import Fraction

import pytest
from django.db import IntegrityError

from evaluations.actions.guard import Closed, locked_lines
from evaluations.actions.titles import save_titles, write_titles
from evaluations.determination import find
from evaluations.models import Evaluation, TitleCount, UnitEvent
from evaluations.title_reading import FIELDS, doubts, read_titles, shown_titles
from evaluations.titles import (
    commune_lines,
    counts_of,
    titles_by_commune,
    titles_by_district,
    total_titles,
)
from organisations.models import Role
from tests.factories import (
    make_agencies,
    make_communes,
    make_counted_set,
    make_district,
    make_dossier,
    make_line,
    make_round,
    make_user,
)

Title = TitleCount.Title


@pytest.fixture
def district(db):
    return make_district()


@pytest.fixture
def pilot_round(db):
    return make_round()


@pytest.fixture
def keeper(district):
    return make_user(Role.EDITOR, district)


@pytest.fixture
def line(pilot_round, district):
    return make_communes(pilot_round, district, [None])[0]


def save(line, by, *, base=None, **typed):
    base = shown_titles(line) if base is None else base
    return save_titles(result=line, values=typed, base=base, by=by)


def family(line):
    return line.titles.get(title=Title.FAMILY)


# --- Reading ----------------------------------------------------------------------------------


def test_columns_of_the_workbook_name_title_and_number():
    assert len(FIELDS) == 12
    assert list(FIELDS.items())[:3] == [
        ("family_registered", "Gia đình học tập, đăng ký"),
        ("family_recognised", "Gia đình học tập, được công nhận"),
        ("family_out_of", "Gia đình học tập, tổng số"),
    ]


def test_what_is_absent_is_not_entered_and_not_nought():
    values, problems = read_titles({"family_recognised": "0"})

    assert values == dict.fromkeys(FIELDS) | {"family_recognised": 0}
    assert problems == {}


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("1234", 1234),
        (" 12 ", 12),
        ("012", 12),
        ("1 234", 1234),
        ("12,0", 12),
        ("999999", 999_999),
    ],
)
def test_counts_are_read_as_officers_type_them(typed, count):
    assert read_titles({"clan_out_of": typed}).values["clan_out_of"] == count


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.234", "Ô này là số đếm, gõ liền 1234."),
        ("1,500", "Ô này là số đếm, gõ liền 1500."),
        ("12,5", "“12,5” không phải số nguyên. Ô này là số đếm, ví dụ 12."),
        ("75%", "“75%” là tỷ lệ. Ô này là số đếm, gõ số nguyên, ví dụ 12."),
        ("-3", "“-3” là số âm. Gõ số từ 0 trở lên."),
        ("mười", "“mười” không phải là số. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5."),
        ("1000000", "“1000000” quá lớn cho một xã. Xem lại số chữ số."),
        ("1.234.567", "“1.234.567” quá lớn cho một xã. Xem lại số chữ số."),
        ("9" * 16, "quá dài"),
    ],
)
def test_unclear_count_is_empty_and_says_what_to_type(typed, said):
    values, problems = read_titles({"unit_registered": typed, "unit_recognised": "3"})

    assert (values["unit_registered"], values["unit_recognised"]) == (None, 3)
    assert list(problems) == ["unit_registered"]
    assert said in problems["unit_registered"]


@pytest.mark.parametrize(
    ("registered", "recognised", "out_of", "wrong"),
    [
        ("50", "40", "50", []),
        ("40", "50", "50", []),  # those of last year are recognised in this one
        ("51", "40", "50", ["family_registered"]),
        ("40", "51", "50", ["family_recognised"]),
        ("51", "51", "50", ["family_registered", "family_recognised"]),
        ("51", "51", "", []),
        ("0", "0", "0", []),
        ("", "1", "0", ["family_recognised"]),
        ("x", "x", "0", ["family_registered", "family_recognised"]),
    ],
)
def test_no_part_is_more_than_the_whole(registered, recognised, out_of, wrong):
    values, problems = read_titles(
        {
            "family_registered": registered,
            "family_recognised": recognised,
            "family_out_of": out_of,
            "clan_recognised": "99",
        }
    )

    assert list(problems) == wrong
    assert [values[name] for name in wrong] == [None] * len(wrong)
    assert values["family_out_of"] == (int(out_of) if out_of else None)


def test_part_beyond_the_whole_says_both_numbers():
    problems = read_titles({"community_recognised": "12", "community_out_of": "9"}).problems

    assert problems == {"community_recognised": "12 lớn hơn tổng số 9. Sửa một trong hai số."}


def test_more_recognised_than_registered_is_asked_about_and_kept():
    values, problems = read_titles({"family_registered": "40", "family_recognised": "50"})

    assert (values["family_recognised"], problems) == (50, {})
    assert doubts(values) == {
        "family_recognised": "Công nhận 50, nhiều hơn đăng ký 40. Đúng thì để nguyên."
    }
    for registered in ("50", ""):
        typed = {"family_registered": registered, "family_recognised": "50"}
        assert doubts(read_titles(typed).values) == {}


# --- Saving -----------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [{"registered": 5, "out_of": 4}, {"recognised": 5, "out_of": 4}])
def test_database_holds_no_part_beyond_its_whole(line, counts):
    with pytest.raises(IntegrityError, match="within_total"):
        TitleCount.objects.create(result=line, title=Title.CLAN, **counts)


def test_counts_are_saved_and_told(line, keeper):
    saved = save(line, keeper, family_recognised="120", family_out_of="150")

    assert (saved.problems, saved.conflicts) == ({}, ())
    assert (family(line).registered, family(line).recognised, family(line).out_of) == (
        None,
        120,
        150,
    )
    event = UnitEvent.objects.get()
    assert (event.result, event.by, event.kind) == (line, keeper, "titles")
    assert event.text == "Gia đình học tập: được công nhận 120, tổng số 150"
    assert event.detail == {
        "family_recognised": {"old": "", "new": "120"},
        "family_out_of": {"old": "", "new": "150"},
    }


def test_change_is_told_from_old_to_new(line, keeper):
    save(line, keeper, family_recognised="120")
    save(line, keeper, family_recognised="121")
    save(line, keeper, family_recognised="")

    told = [event.detail["family_recognised"] for event in UnitEvent.objects.order_by("pk")]
    assert told == [
        {"old": "", "new": "120"},
        {"old": "120", "new": "121"},
        {"old": "121", "new": ""},
    ]
    assert [event.text.partition(": ")[2] for event in UnitEvent.objects.order_by("pk")] == [
        "được công nhận 120",
        "được công nhận 120 → 121",
        "được công nhận 121 → trống",
    ]
    assert line.titles.count() == 1


def test_long_row_is_told_as_far_as_there_is_room(line, keeper):
    save(line, keeper, **dict.fromkeys(FIELDS, "11"))
    save(line, keeper, **dict.fromkeys(FIELDS, "chưa thống kê được"))

    first, second = UnitEvent.objects.order_by("pk")
    assert first.text.endswith("(thuộc xã): đăng ký 11, được công nhận 11, tổng số 11")
    assert second.text.endswith("tổng số 11 → chưa thống k; …")
    assert len(second.text) <= 300
    assert second.detail["unit_out_of"]["new"] == "chưa thống kê được"


def test_same_number_written_otherwise_is_no_change(line, keeper):
    save(line, keeper, family_recognised="1234")

    save(line, keeper, family_recognised="1 234")

    assert UnitEvent.objects.count() == 1
    assert family(line).recognised == 1234


def test_what_could_not_be_taken_is_kept_and_counts_nothing(line, keeper):
    saved = save(line, keeper, family_recognised="1.234", family_out_of="2000")

    assert list(saved.problems) == ["family_recognised"]
    assert (family(line).recognised, family(line).out_of) == (None, 2000)
    assert family(line).unread == {"recognised": "1.234"}
    assert shown_titles(saved.result)["family_recognised"] == "1.234"


def test_mended_whole_frees_the_part_that_was_more(line, keeper):
    save(line, keeper, family_recognised="60", family_out_of="50")
    assert (family(line).recognised, family(line).out_of) == (None, 50)

    saved = save(line, keeper, family_out_of="70")

    assert saved.problems == {}
    assert (family(line).recognised, family(line).out_of, family(line).unread) == (60, 70, {})


def test_fields_that_were_not_sent_stay(line, keeper):
    save(line, keeper, family_recognised="60", clan_recognised="7")

    save(line, keeper, clan_recognised="8")

    assert family(line).recognised == 60
    assert line.titles.get(title=Title.CLAN).recognised == 8


def test_two_people_in_one_field_see_both_versions(line, district, keeper):
    opened = shown_titles(line)
    save(line, make_user(Role.EDITOR, district), family_recognised="60")

    saved = save(line, keeper, base=opened, family_recognised="70", family_out_of="80")

    (conflict,) = saved.conflicts
    assert (conflict.field, conflict.stored, conflict.mine) == ("family_recognised", "60", "70")
    assert (family(line).recognised, family(line).out_of) == (60, 80)


def test_unknown_fields_are_nothing(line, keeper):
    save(line, keeper, rating="Tốt", family_x="1")

    line.refresh_from_db()
    assert (line.rating, line.titles.count(), UnitEvent.objects.count()) == (None, 0, 0)


def test_saving_the_counts_leaves_the_line_alone(line, keeper):
    save(line, keeper, family_recognised="60")

    line.refresh_from_db()
    assert (line.updated_at, line.unread) == (None, {})


@pytest.mark.parametrize(
    "role", [Role.EDITOR, Role.LEADER, Role.APPRAISER, Role.APPROVER, Role.ADMINISTRATOR]
)
def test_nobody_but_the_district_writes(line, role):
    with pytest.raises(Closed):
        save(line, make_user(role), family_recognised="60")

    assert line.titles.count() == 0


def test_commune_itself_does_not_write_in_its_district_s_list(line):
    with pytest.raises(Closed):
        save(line, make_user(Role.LEADER, line.unit), family_recognised="60")


def test_agency_has_no_titles(pilot_round, district, keeper):
    (agency,) = make_agencies(pilot_round, district, ["tot"])

    with pytest.raises(Closed):
        save(agency, keeper, family_recognised="60")


# Written by 200 rows at a time; a database may take fewer of them in one statement.
@pytest.mark.parametrize(("count", "queries"), [(1, 4), (300, 9)])
def test_workbook_is_written_in_constant_queries(
    pilot_round, district, keeper, count, queries, django_assert_max_num_queries
):
    lines = make_communes(pilot_round, district, [None] * count)
    known = [TitleCount(result=line, title=Title.FAMILY, recognised=1) for line in lines]
    TitleCount.objects.bulk_create(known)
    typed = shown_titles(lines[0]) | {"family_recognised": "2", "clan_recognised": "3"}
    held = locked_lines([line.pk for line in lines], keeper)

    with django_assert_max_num_queries(queries):
        problems = write_titles([(line, typed) for line in held], by=keeper)

    assert problems == {line.pk: {} for line in lines}
    assert TitleCount.objects.filter(title=Title.FAMILY, recognised=2).count() == count
    assert TitleCount.objects.filter(title=Title.CLAN, recognised=3).count() == count
    assert UnitEvent.objects.count() == count


# --- Adding up --------------------------------------------------------------------------------


def give(line, title=Title.FAMILY, **counts):
    return TitleCount.objects.create(result=line, title=title, **counts)


def test_totals_are_of_communes_in_scope_of_that_year_and_round(pilot_round, district):
    first, second, excluded, empty = make_communes(pilot_round, district, [None] * 4)
    excluded.in_scope, excluded.exclusion_reason = False, "Sáp nhập"
    excluded.save()
    last_year = make_line(pilot_round, first.unit, year=2021)
    (elsewhere,) = make_communes(pilot_round, make_district(), [None])
    give(first, registered=90, recognised=80, out_of=100)
    give(second, recognised=30, out_of=50)
    give(first, Title.CLAN, recognised=3)
    for other in (excluded, last_year, elsewhere):
        give(other, registered=7, recognised=7, out_of=7)

    totals = total_titles(commune_lines(pilot_round, district))

    assert [total.title for total in totals] == list(Title)
    assert [total.communes for total in totals] == [3, 3, 3, 3]
    assert (totals[0].registered, totals[0].recognised, totals[0].out_of) == (90, 110, 150)
    assert (totals[0].entered, totals[0].missing) == (2, 1)
    assert totals[0].share == Fraction(110, 150)
    assert total_titles(commune_lines(pilot_round, district, 2021))[0].recognised == 7
    assert empty.titles.count() == 0


def test_share_is_of_communes_that_gave_both_numbers(pilot_round, district):
    first, second, third = make_communes(pilot_round, district, [None] * 3)
    give(first, recognised=80, out_of=100)
    give(second, recognised=40)
    give(third, out_of=60)

    total = total_titles(commune_lines(pilot_round, district))[0]

    assert (total.recognised, total.out_of) == (120, 160)
    assert (total.entered, total.compared, total.share) == (2, 1, Fraction(80, 100))


def test_nothing_entered_is_no_sum_and_nought_no_share(pilot_round, district):
    (line,) = make_communes(pilot_round, district, [None])
    give(line, Title.CLAN, recognised=0, out_of=0)
    give(line, Title.UNIT, unread={"recognised": "1.234"})

    families, clans, _, units = total_titles(commune_lines(pilot_round, district))

    assert (families.recognised, families.share, families.entered) == (None, None, 0)
    assert (clans.recognised, clans.share, clans.entered) == (0, None, 1)
    assert (units.entered, units.faulty) == (0, 1)


def test_table_of_communes_has_an_empty_count_where_none_was_given(pilot_round, district):
    first, second = make_communes(pilot_round, district, [None] * 2)
    give(second, Title.CLAN, recognised=3, out_of=4)

    rows = titles_by_commune(commune_lines(pilot_round, district))

    assert [row.line for row in rows] == [first, second]
    assert [count.title for count in rows[0].counts] == list(Title)
    assert [count.recognised for count in rows[1].counts] == [None, 3, None, None]
    assert rows[1].counts[1].share == Fraction(3, 4)
    assert [count.share for count in counts_of(first)] == [None] * 4


def test_table_of_districts_has_every_register_of_the_round(pilot_round, district):
    other = make_district()
    (first,) = make_communes(pilot_round, district, [None])
    second, third = make_communes(pilot_round, other, [None] * 2)
    make_agencies(pilot_round, make_district(), [None])
    give(second, recognised=10, out_of=40)
    give(third, recognised=20, out_of=40)

    rows = titles_by_district(commune_lines(pilot_round))

    assert [row.district for row in rows] == [district, other]
    assert [row.totals[0].recognised for row in rows] == [None, 30]
    assert rows[1].totals[0].share == Fraction(30, 80)
    assert rows[1].totals[1].communes == 2
    assert total_titles(commune_lines(pilot_round))[0].missing == 1
    assert first.titles.count() == 0


@pytest.mark.parametrize("count", [1, 30])
def test_sums_take_constant_queries(pilot_round, count, django_assert_num_queries):
    owner = make_district()
    for line in make_communes(pilot_round, owner, [None] * count):
        for title in Title:
            give(line, title, recognised=1, out_of=2)
    for _ in range(count):
        make_communes(pilot_round, make_district(), [None])

    with django_assert_num_queries(2):
        total_titles(commune_lines(pilot_round, owner))
    with django_assert_num_queries(2):
        titles_by_commune(commune_lines(pilot_round, owner))
    with django_assert_num_queries(3):
        titles_by_district(commune_lines(pilot_round))


@pytest.mark.django_db
def test_titles_have_no_part_in_the_level():
    dossier = make_dossier(
        pilot_round=make_round(district_set=make_counted_set()),
        typed={"2.2.1": {"achieved": "83", "total": "92"}},
    )
    lines = make_communes(dossier.pilot_round, dossier.unit, ["kha"] * 3 + ["chua-dat"])
    make_agencies(dossier.pilot_round, dossier.unit, ["tot"])
    before = find(Evaluation.objects.with_results().get(pk=dossier.pk))

    for line in lines:
        give(line, Title.COMMUNITY, registered=1, recognised=1, out_of=100)

    after = find(Evaluation.objects.with_results().get(pk=dossier.pk))
    assert after.self_assessed == before.self_assessed
    assert [line.self_assessed for line in after.lines] == [
        line.self_assessed for line in before.lines
    ]
