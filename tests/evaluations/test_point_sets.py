"""A person's new version of a point set, and how an opened round comes to rate by it."""

import re
import threading
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.models import PointSet
from criteria.point_loading import load_point_set, store_version
from evaluations.actions.point_sets import (
    CannotAdopt,
    adopt_points,
    make_version,
    why_not_adopt,
)
from evaluations.actions.unit_results import save_line
from evaluations.determination import find
from evaluations.models import (
    Evaluation,
    PilotRound,
    RoundEvent,
    SheetEvidence,
    SheetItem,
    UnitEvent,
)
from evaluations.registers import summarise
from evaluations.unit_reading import shown_line
from organisations.models import Role
from tests.criteria.test_point_loading import AGENCY, COMMUNE, data_of
from tests.factories import (
    make_agencies,
    make_agency,
    make_communes,
    make_counted_set,
    make_district,
    make_document,
    make_dossier,
    make_line,
    make_points,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db
Subject = PointSet.Subject


@pytest.fixture
def agency_set():
    return load_point_set(data_of(AGENCY))


def next_version(base, **changes):
    """As the action stores it, with another rule where `changes` say so."""
    words = {"document": "12/CV-SGDĐT", "note": "Bản thử", "recorded_by": "Đỗ Thị Quản"}
    base = PointSet.objects.with_rule().get(pk=base.pk)
    seen = PointSet.objects.newest_of(base.code).version
    return store_version(base, replace(base.rule, **changes), seen=seen, **words)


def other_bands(base):
    """The same ratings from other points on."""
    begins = {"tot": 90, "kha": 75, "trung-binh": 55, "chua-dat": 0}
    return {
        "ratings": tuple(
            replace(band, minimum=Decimal(begins[band.code])) for band in base.rule.ratings
        )
    }


def typed_version(base, *, rows=None, pressed="save", **changes):
    """What the page of a new version sends when nothing but `changes` was typed."""
    items = base.rule.items
    rows = rows or [[item.code, item.text, item.shown_maximum, item.is_remainder] for item in items]
    data = {
        "rows": len(rows),
        "seen": PointSet.objects.newest_of(base.code).version,
        "document": "12/CV-SGDĐT ngày 01/03/2022",
        "maximum": base.maximum,
        "note": base.note,
        "change": pressed,
    }
    for band in base.rule.ratings:
        minimum = "" if band.minimum is None else str(band.minimum).replace(".", ",")
        data[f"minimum_{band.code}"] = minimum
    for number, (code, text, maximum, is_remainder, *removed) in enumerate(rows):
        data |= {f"muc-{number}-code": code, f"muc-{number}-text": text}
        data[f"muc-{number}-maximum"] = maximum
        data |= {f"muc-{number}-is_remainder": "on"} if is_remainder else {}
        data |= {f"muc-{number}-remove": "on"} if removed else {}
    return data | changes


def rows_of(base):
    return [
        [item.code, item.text, item.shown_maximum, item.is_remainder] for item in base.rule.items
    ]


def page_of(base):
    return reverse("evaluations:new-points", args=[base.code, base.version])


def adoption(pilot_round, point_set):
    return reverse(
        "evaluations:adopt-points", args=[pilot_round.pk, point_set.code, point_set.version]
    )


# --- Making a version -------------------------------------------------------------------------


def test_the_administrator_makes_the_next_version(administrator, agency_set):
    made = make_version(
        base=agency_set,
        rule=agency_set.rule,
        seen=1,
        document="12/CV-SGDĐT",
        note="",
        by=administrator,
    )

    assert (made.version, made.recorded_by) == (2, administrator.full_name)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_does(role, agency_set):
    with pytest.raises(PermissionDenied):
        make_version(
            base=agency_set, rule=agency_set.rule, seen=1, document="x", note="", by=make_user(role)
        )

    assert PointSet.objects.count() == 1


def test_a_version_moves_no_round(administrator, agency_set):
    pilot_round = make_round(agency_points=agency_set)

    make_version(
        base=agency_set,
        rule=agency_set.rule,
        seen=1,
        document="12/CV-SGDĐT",
        note="",
        by=administrator,
    )

    pilot_round.refresh_from_db()
    assert pilot_round.agency_points == agency_set


# --- The page of a new version ----------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_is_the_administrators(client, role, method, agency_set):
    client.force_login(make_user(role))

    answer = getattr(client, method)(page_of(agency_set), typed_version(agency_set, note="Khác"))

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert PointSet.objects.count() == 1


@pytest.mark.parametrize("path", ["khong-co/1/ban-moi/", f"{AGENCY}/2/ban-moi/"])
def test_there_is_no_page_without_a_version_to_begin_from(client, administrator, agency_set, path):
    client.force_login(administrator)

    answer = client.get(f"/bo-tieu-chi/bieu-diem/{path}")

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_page_begins_as_a_copy(client, administrator, agency_set):
    client.force_login(administrator)

    page = client.get(page_of(agency_set))

    sent = typed_version(agency_set)
    for number, item in enumerate(agency_set.rule.items):
        assertContains(page, f'name="muc-{number}-code" value="{item.code}"')
        assertContains(page, item.text)
    assertContains(page, 'name="minimum_kha" value="70"')
    assertContains(page, 'name="rows" value="12"')
    assertContains(page, 'name="seen" value="1"')
    assertContains(page, "Lưu thành bản 2")
    assert sent["rows"] == 12


def test_the_remainder_is_split_and_saved(client, administrator, agency_set):
    client.force_login(administrator)
    rows = rows_of(agency_set)[:-1]
    rows += [["3.3", "Tham gia phong trào", "4,5", False], ["3.2", "Danh hiệu", "10,5", False]]

    answer = client.post(page_of(agency_set), typed_version(agency_set, rows=rows), follow=True)

    made = PointSet.objects.with_rule().get(version=2)
    assertRedirects(answer, made.get_absolute_url())
    assertContains(answer, "Đã lập bản 2.")
    # In the order of their codes, whatever the order of the rows.
    assert [(item.code, item.parent, item.maximum) for item in made.rule.items[-3:]] == [
        ("3.1", "3", 25),
        ("3.2", "3", Decimal("10.5")),
        ("3.3", "3", Decimal("4.5")),
    ]
    assert not any(item.is_remainder for item in made.rule.items)
    assert made.document == "12/CV-SGDĐT ngày 01/03/2022"
    assert made.recorded_by == administrator.full_name
    assert made.rule.ratings == agency_set.rule.ratings


def test_open_points_and_bands_are_entered(client, administrator):
    base = load_point_set(data_of(COMMUNE))
    client.force_login(administrator)
    rows = [
        [item.code, item.text, "10" if int(item.code) < 11 else "4", False]
        for item in base.rule.items
    ]
    bands = {"minimum_tot": "85", "minimum_kha": "65,5", "minimum_trung-binh": "50"}

    client.post(
        page_of(base),
        typed_version(base, rows=rows, maximum="120", **bands, **{"minimum_chua-dat": "0"}),
    )

    made = PointSet.objects.with_rule().get(version=2)
    assert made.maximum == 120
    assert made.rule.has_points
    assert [text for _, text in made.rule.ranges] == [
        "từ 85 đến 120",
        "từ 65,5 đến dưới 85",
        "từ 50 đến dưới 65,5",
        "dưới 50",
    ]


def test_points_may_be_left_open_again(client, administrator, agency_set):
    client.force_login(administrator)
    rows = [[code, text, "", False] for code, text, *_ in rows_of(agency_set)]
    bands = dict.fromkeys(["minimum_tot", "minimum_kha", "minimum_trung-binh"], "")

    client.post(
        page_of(agency_set),
        typed_version(agency_set, rows=rows, **bands, **{"minimum_chua-dat": ""}),
    )

    made = PointSet.objects.with_rule().get(version=2)
    assert len(made.rule.open_items) == 12
    assert not made.rule.has_bands


def test_a_remainder_may_be_known_in_part(client, administrator, agency_set):
    client.force_login(administrator)
    rows = rows_of(agency_set)
    rows[-1][2] = "9"
    rows += [["3.3", "Danh hiệu", "6", False], ["3.4", "", "", False]]

    client.post(page_of(agency_set), typed_version(agency_set, rows=rows))

    made = PointSet.objects.with_rule().get(version=2)
    (rest,) = [item for item in made.rule.items if item.is_remainder]
    assert (rest.code, rest.maximum) == ("3.2", 9)
    assert made.rule.item("3.3").maximum == 6


def test_an_item_is_removed_and_an_offered_row_left_alone_is_none(
    client, administrator, agency_set
):
    client.force_login(administrator)
    rows = rows_of(agency_set)
    rows[4 + 3] = [*rows[4 + 3], "bỏ"]  # 2.3
    rows[4 + 2][2] = "15"  # its ten points go to 2.2
    rows += [["3.3", "", "", False], ["", "", "", False]]

    client.post(page_of(agency_set), typed_version(agency_set, rows=rows))

    made = PointSet.objects.with_rule().get(version=2)
    assert [item.code for item in made.rule.items] == [
        *("1", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "2.4", "3", "3.1", "3.2")
    ]


def faulty(row, column, text):
    """Rows of the set with one cell spoilt."""

    def spoil(base):
        rows = rows_of(base)
        rows[row][column] = text
        return {"rows": rows}

    return spoil


FIELD_FAULTS = [
    (lambda base: {"document": ""}, "Ghi văn bản làm căn cứ"),
    (lambda base: {"document": "x" * 301}, "301"),
    (lambda base: {"maximum": ""}, "Ghi tổng điểm, ví dụ 100."),
    (lambda base: {"maximum": "100,5"}, "Tổng điểm là số nguyên"),
    (lambda base: {"maximum": "0"}, "Tổng điểm phải lớn hơn 0."),
    (lambda base: {"minimum_kha": "bảy mươi"}, "không phải là số"),
    (faulty(2, 0, ""), "Ghi mã, ví dụ 3 hoặc 3.2."),
    (faulty(2, 0, "1,2"), "Mã viết dạng 3 (tiêu chí) hoặc 3.2"),
    (faulty(2, 0, "1.1"), "Mã 1.1 đã có ở dòng trên."),
    (faulty(2, 0, "7.1"), "Chưa có tiêu chí 7. Thêm tiêu chí đó, hoặc sửa mã."),
    (faulty(2, 1, ""), "Ghi nội dung của mục."),
    (faulty(2, 2, "mười"), "không phải là số"),
    (faulty(2, 2, "0"), "Điểm tối đa phải lớn hơn 0, hoặc để trống khi chưa rõ."),
    (faulty(2, 2, "3,125"), "nhiều nhất 2 chữ số thập phân|có hai cách hiểu"),
    (faulty(2, 2, "1000"), "lớn hơn điểm tối đa 999,99"),
]
WHOLE_FAULTS = [
    (faulty(2, 2, "9"), "Tiêu chí 1: 10 + 9 + 10 = 29, phải bằng 30"),
    (faulty(4, 2, "20"), "Cả biểu điểm: 30 + 20 + 40 = 90, phải bằng 100"),
    (lambda base: {"maximum": "120"}, "Cả biểu điểm: 30 + 30 + 40 = 100, phải bằng 120"),
    (lambda base: {"minimum_kha": ""}, "Ghi điểm bắt đầu của mọi xếp loại"),
    (lambda base: {"minimum_kha": "86"}, "Xếp loại cao hơn phải bắt đầu từ điểm cao hơn."),
    (lambda base: {"minimum_chua-dat": "5"}, "Xếp loại thấp nhất phải bắt đầu từ 0 điểm."),
]


@pytest.mark.parametrize(("spoil", "said"), FIELD_FAULTS + WHOLE_FAULTS)
@pytest.mark.parametrize("pressed", ["save", "check"])
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client, administrator, agency_set, spoil, said, pressed
):
    client.force_login(administrator)
    data = typed_version(agency_set, pressed=pressed, **spoil(agency_set))

    page = client.post(page_of(agency_set), data)

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    text = page.content.decode().replace("\u00a0", " ")
    assert re.search(said, text) or said in text
    assert_still_typed(page, data)
    assert PointSet.objects.count() == 1


def assert_still_typed(page, data):
    text = page.content.decode()
    for name, value in data.items():
        if name in {"change", "rows"} or name.endswith(("is_remainder", "remove")):
            continue
        if name.endswith("-text") or name == "note":
            kept = f">\n{value}</textarea>"
        else:
            kept = f'name="{name}" value="{value}"' if value else f'name="{name}"'
        assert kept in text, name


def test_checking_saves_nothing(client, administrator, agency_set):
    client.force_login(administrator)

    page = client.post(page_of(agency_set), typed_version(agency_set, pressed="check"))

    assertContains(page, "Các điểm khớp nhau. Chưa lưu.")
    assert PointSet.objects.count() == 1


def test_enter_in_a_field_presses_the_check(client, administrator, agency_set):
    """The first button of a form is what Enter presses: never the saving of a version."""
    client.force_login(administrator)

    page = client.get(page_of(agency_set)).content.decode()
    form = page[page.index("data-guard") :]

    first = re.search(r"<button[^>]*>", form)[0]
    assert 'name="change" value="check"' in first


def test_rows_are_added_and_all_that_was_typed_stays(client, administrator, agency_set):
    client.force_login(administrator)
    rows = rows_of(agency_set)
    rows[3] = ["1.3", "Sửa dở\nhai dòng", "một", True, "bỏ"]
    data = typed_version(agency_set, rows=rows, pressed="add", document="", minimum_tot="tám")

    page = client.post(page_of(agency_set), data)

    assert page.status_code == HTTPStatus.OK
    assert_still_typed(page, data)
    assertContains(page, 'name="rows" value="15"')
    assertContains(page, 'name="muc-14-code"')
    assertContains(page, "muc-3-is_remainder", count=2 + 2)  # twice named, twice by its label
    assertNotContains(page, "invalid-feedback")
    assertContains(page, "data-unsaved")
    # The keyboard goes on in the first new row.
    assert re.search(r'name="muc-12-code"[^>]*autofocus', page.content.decode())
    assert PointSet.objects.count() == 1


def codes_on(page):
    return re.findall(r'name="muc-\d+-code"(?: value="([^"]*)")?', page.content.decode())


def test_a_remainder_gets_rows_for_its_pieces_and_stays(client, administrator, agency_set):
    client.force_login(administrator)
    data = typed_version(agency_set, pressed="split-11")

    page = client.post(page_of(agency_set), data)

    assert codes_on(page)[-5:] == ["3.1", "3.2", "3.3", "3.4", "3.5"]
    assert_still_typed(page, data)
    assertContains(page, "giảm điểm của mục chưa rõ cho đủ tổng")
    assert re.search(r'name="muc-12-text"[^>]*autofocus', page.content.decode())


def test_a_criterion_takes_parts_below_its_own(client, administrator, agency_set):
    client.force_login(administrator)

    page = client.post(page_of(agency_set), typed_version(agency_set, pressed="split-0"))

    assert codes_on(page)[:8] == ["1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2"]
    assertContains(page, "Điều kiện xây dựng Đơn vị học tập")


@pytest.mark.parametrize("pressed", ["split-1", "split-99", "split-x", "split--1", "split-"])
def test_a_row_that_cannot_be_split_only_brings_empty_rows(
    client, administrator, agency_set, pressed
):
    client.force_login(administrator)

    page = client.post(page_of(agency_set), typed_version(agency_set, pressed=pressed))

    assert page.status_code == HTTPStatus.OK
    assert codes_on(page)[:12] == [item.code for item in agency_set.rule.items]
    assert codes_on(page)[12:] == ["", "", ""]


@pytest.mark.parametrize("pressed", ["add", "split-0"])
@pytest.mark.parametrize(("full", "empty"), [(98, 2), (100, 0)])
def test_a_page_full_of_rows_loses_none(client, administrator, agency_set, pressed, full, empty):
    client.force_login(administrator)
    rows = [["1", "Tiêu chí 1", "", False]]
    rows += [[f"{n}", f"Tiêu chí {n}", "", False] for n in range(2, full)]
    rows += [["99", "Mục cuối", "", False]]

    page = client.post(page_of(agency_set), typed_version(agency_set, rows=rows, pressed=pressed))

    assert len(codes_on(page)) == full + empty
    assertContains(page, "Mục cuối")
    (assertContains if full + empty < 100 else assertNotContains)(page, "Thêm dòng</button>")


@pytest.mark.parametrize("rows", ["", "-1", "1e9", "99999999999999999999", "mười"])
def test_a_number_of_rows_that_no_page_sends_does_no_harm(client, administrator, agency_set, rows):
    client.force_login(administrator)

    page = client.post(page_of(agency_set), typed_version(agency_set) | {"rows": rows})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert PointSet.objects.count() == 1


def test_a_version_that_changes_nothing_is_not_made(client, administrator, agency_set):
    client.force_login(administrator)

    page = client.post(page_of(agency_set), typed_version(agency_set))

    assertContains(page, "Chưa có gì khác bản 1", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assert PointSet.objects.count() == 1


def test_pressed_twice_makes_one_version(client, administrator, agency_set):
    client.force_login(administrator)
    data = typed_version(agency_set, note="Đã rõ")

    client.post(page_of(agency_set), data)
    answer = client.post(page_of(agency_set), data)

    assertRedirects(answer, PointSet.objects.get(version=2).get_absolute_url())
    assert PointSet.objects.count() == 2


def test_a_version_made_meanwhile_is_shown_and_nothing_is_lost(client, administrator, agency_set):
    client.force_login(administrator)
    data = typed_version(agency_set, note="Của tôi")
    other = next_version(agency_set)

    page = client.post(page_of(agency_set), data)

    for told in (
        "Có người vừa lập bản 2, chưa ghi gì của trang này",
        f'href="{other.get_absolute_url()}"',
        "Của tôi",
        'name="seen" value="2"',
    ):
        assertContains(page, told, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assert PointSet.objects.count() == 2

    client.post(page_of(agency_set), data | {"seen": "2"})
    assert PointSet.objects.get(version=3).note == "Của tôi"


@pytest.mark.parametrize("seen", ["", "0", "7", "hai", "99999"])
def test_a_page_that_does_not_say_what_it_saw_is_asked_again(
    client, administrator, agency_set, seen
):
    client.force_login(administrator)

    page = client.post(page_of(agency_set), typed_version(agency_set, note="Khác", seen=seen))

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert PointSet.objects.count() == 1


def test_what_is_typed_becomes_composed_unicode(client, administrator, agency_set):
    client.force_login(administrator)
    decomposed = "Co\u031b\u0300 sơ\u0309"

    client.post(page_of(agency_set), typed_version(agency_set, note=decomposed))

    assert PointSet.objects.get(version=2).note == "C\u1edd s\u1edf"


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_however_long_the_set(
    client, administrator, count, django_assert_num_queries
):
    data = data_of(COMMUNE)
    data["items"] = [data["items"][0] | {"code": str(number)} for number in range(1, count + 1)]
    base = load_point_set(data)
    client.force_login(administrator)

    with django_assert_num_queries(14):
        client.get(page_of(base))


# --- A round goes over ------------------------------------------------------------------------


@pytest.fixture
def pilot_round():
    """An opened round that rates agencies by points and communes by open ones."""
    return make_round(name="Thí điểm")


def adopt(pilot_round, point_set, by, reason="12/CV-SGDĐT"):
    return adopt_points(pilot_round=pilot_round, point_set=point_set, reason=reason, by=by)


def test_ratings_given_are_those_of_the_new_version(pilot_round, administrator):
    old = pilot_round.agency_points
    agency = make_agency(parent=make_district())
    line = make_line(pilot_round, agency, rating="kha", self_rating=old.ratings.get(code="tot"))
    before = make_line(pilot_round, agency, rating="trung-binh", year=2021)
    unrated = make_line(pilot_round, make_agency(parent=agency.parent))
    commune = make_communes(pilot_round, agency.parent, ["kha"])[0]
    elsewhere = make_line(make_round(), make_agency(parent=agency.parent), rating="kha")
    newer = next_version(old, **other_bands(old))

    adopt(pilot_round, newer, administrator)

    pilot_round.refresh_from_db()
    assert (pilot_round.agency_points, pilot_round.commune_points.version) == (newer, 1)
    for each in (line, before, unrated, commune, elsewhere):
        each.refresh_from_db()
    assert line.rating == newer.ratings.get(code="kha")
    assert line.self_rating == newer.ratings.get(code="tot")
    assert before.rating == newer.ratings.get(code="trung-binh")
    assert unrated.rating is None
    assert commune.rating.point_set == pilot_round.commune_points
    assert elsewhere.rating.point_set == old


def test_a_round_remembers_who_took_which_version_and_why(pilot_round, administrator):
    newer = next_version(pilot_round.agency_points)

    adopt(pilot_round, newer, administrator, reason="Theo 12/CV-SGDĐT ngày 01/03/2022")

    event = RoundEvent.objects.get()
    assert (event.kind, event.by) == ("points", administrator)
    assert event.text == f"{newer.title}: bản 1 → bản 2"
    assert event.note == "Theo 12/CV-SGDĐT ngày 01/03/2022"
    assert not UnitEvent.objects.exists()  # nobody said anything new about a unit


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_the_administrator_lets_a_round_go_over(pilot_round, role):
    newer = next_version(pilot_round.agency_points)

    with pytest.raises(PermissionDenied):
        adopt(pilot_round, newer, make_user(role))

    pilot_round.refresh_from_db()
    assert pilot_round.agency_points.version == 1


def test_counts_and_levels_do_not_move(administrator):
    dossier = make_dossier(
        pilot_round=make_round(district_set=make_counted_set()),
        typed={"2.2.1": {"achieved": "83", "total": "92"}},
    )
    pilot_round = dossier.pilot_round
    make_communes(pilot_round, dossier.unit, ["kha"] * 7 + ["trung-binh"] * 2 + [None])
    make_agencies(pilot_round, dossier.unit, ["tot"] * 7 + ["chua-dat"] * 2)
    lines = pilot_round.unit_results.all()

    def counted():
        found = find(Evaluation.objects.with_results().get(pk=dossier.pk))
        shares = [found.line(code).self_assessed.share for code in ("2.1.1", "2.1.2")]
        return found.self_assessed, shares, summarise(lines)

    before = counted()
    for points in (pilot_round.agency_points, pilot_round.commune_points):
        adopt(pilot_round, next_version(points, **other_bands(points)), administrator)

    assert counted() == before


def test_points_typed_from_then_on_are_rated_by_the_new_version(pilot_round, administrator):
    district = make_district()
    line = make_line(pilot_round, make_agency(parent=district))
    newer = next_version(pilot_round.agency_points, **other_bands(pilot_round.agency_points))

    adopt(pilot_round, newer, administrator)
    saved = save_line(
        result=line,
        values={"score": "86"},
        base=shown_line(line),
        by=make_user(Role.EDITOR, district),
    )

    assert saved.result.rating == newer.ratings.get(code="kha")  # Tốt by the old bands


def score(pilot_round, line):
    line.score = 86
    line.save()


def self_score(pilot_round, line):
    line.self_score = 86
    line.save()


def score_of_last_year(pilot_round, line):
    make_line(pilot_round, line.unit, year=2021, score=71)


def sheet(pilot_round, line):
    SheetItem.objects.create(result=line, code="1", points="9")


def explained(pilot_round, line):
    SheetItem.objects.create(result=line, code="1", explanation="Có kế hoạch")


def cited(pilot_round, line):
    document = make_document(line.owner)
    SheetEvidence.objects.create(
        result=line, item_code="1", document=document, added_by=document.created_by
    )


def empty_sheet(pilot_round, line):
    SheetItem.objects.create(result=line, code="1")


def commune_score(pilot_round, line):
    (commune,) = make_communes(pilot_round, line.owner, ["kha"])
    score(pilot_round, commune)


def score_elsewhere(pilot_round, line):
    score(None, make_line(make_round(), make_agency(parent=line.owner)))


BLOCKING = [
    (score, "1 kết quả có điểm theo bản 1"),
    (self_score, "1 kết quả có điểm theo bản 1"),
    (score_of_last_year, "1 kết quả có điểm theo bản 1"),
    (sheet, "1 phiếu tự chấm theo bản 1"),
    (explained, "1 phiếu tự chấm theo bản 1"),
    (cited, "1 phiếu tự chấm theo bản 1"),
    (empty_sheet, ""),
    (commune_score, ""),
    (score_elsewhere, ""),
]


@pytest.mark.parametrize(("leave", "said"), BLOCKING)
def test_other_points_are_taken_only_where_none_were_given(pilot_round, administrator, leave, said):
    line = make_line(pilot_round, make_agency(parent=make_district()), rating="kha")
    leave(pilot_round, line)
    old = pilot_round.agency_points
    newer = next_version(old, **other_bands(old))

    if said:
        with pytest.raises(CannotAdopt, match=said):
            adopt(pilot_round, newer, administrator)
    else:
        adopt(pilot_round, newer, administrator)

    pilot_round.refresh_from_db()
    line.refresh_from_db()
    assert pilot_round.agency_points == (old if said else newer)
    assert line.rating.point_set == pilot_round.agency_points


def without_a_part(rule):
    """2.1 and 2.2 in one."""
    kept = [item for item in rule.items if item.code != "2.2"]
    return {"items": tuple(replace(i, maximum=Decimal(60)) if i.code == "2.1" else i for i in kept)}


DIFFERENT = [
    (lambda rule: {}, True),
    (lambda rule: {"items": tuple(replace(i, text="Viết lại") for i in rule.items)}, True),
    (
        lambda rule: {"ratings": tuple(replace(b, label=b.label.upper()) for b in rule.ratings)},
        True,
    ),
    (without_a_part, False),
    (lambda rule: {"items": tuple(replace(i, maximum=None) for i in rule.items)}, False),
    (lambda rule: {"ratings": tuple(replace(b, minimum=None) for b in rule.ratings)}, False),
]


@pytest.mark.parametrize(("change", "may"), DIFFERENT)
def test_points_given_stand_only_where_the_scale_is_the_same(
    pilot_round, administrator, change, may
):
    old = PointSet.objects.with_rule().get(pk=pilot_round.agency_points_id)
    make_line(pilot_round, make_agency(parent=make_district()), rating="tot", score=86)
    newer = next_version(old, **change(old.rule))

    assert (why_not_adopt(pilot_round, newer) == "") is may


def with_other_ratings(base):
    """Versions whose ratings mean something else: one more, one renamed, one that counts now."""
    one, two, three, four = base.rule.ratings
    yield (one, two, three, replace(four, minimum=Decimal(10)), replace(four, code="yeu"))
    yield (one, two, three, replace(four, code="yeu"))
    yield (one, two, replace(three, is_good_or_better=True), four)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_ratings_that_mean_something_else_are_refused(pilot_round, administrator, which):
    base = pilot_round.agency_points
    newer = next_version(base, ratings=list(with_other_ratings(base))[which])

    with pytest.raises(CannotAdopt, match="Các xếp loại của bản 2 khác bản 1"):
        adopt(pilot_round, newer, administrator)

    pilot_round.refresh_from_db()
    assert pilot_round.agency_points == base


def test_a_round_goes_forward_and_only_by_its_own_set(pilot_round, administrator):
    first = pilot_round.agency_points
    second, third = next_version(first), next_version(first)
    PilotRound.objects.filter(pk=pilot_round.pk).update(agency_points=second)
    planned = make_round(opened_at=None)

    refusals = {
        first: "Đợt đang dùng bản 2, mới hơn bản 1.",
        second: "Đợt đang dùng bản 2 rồi.",
        make_points(code="khac"): "Đợt không xếp loại theo biểu điểm này.",
    }
    for point_set, said in refusals.items():
        with pytest.raises(CannotAdopt) as refused:
            adopt(pilot_round, point_set, administrator)
        assert str(refused.value) == said
    with pytest.raises(CannotAdopt, match="Đợt chưa mở"):
        adopt(planned, third, administrator)

    adopt(pilot_round, third, administrator)
    assert list(RoundEvent.objects.values_list("pilot_round", flat=True)) == [pilot_round.pk]


def test_a_second_press_is_told_that_it_is_done(pilot_round, administrator):
    newer = next_version(pilot_round.agency_points)
    adopt(pilot_round, newer, administrator)

    with pytest.raises(CannotAdopt, match="Đợt đang dùng bản 2 rồi"):
        adopt(pilot_round, newer, administrator)

    assert RoundEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_line_saved_meanwhile_is_rated_by_one_version(settings):
    """However the two meet, no line keeps a rating of the version that the round has left."""
    pilot_round = make_round()
    district = make_district()
    lines = make_agencies(pilot_round, district, ["kha"] * 8)
    newer = next_version(pilot_round.agency_points)
    editor, administrator = make_user(Role.EDITOR, district), make_user(Role.ADMINISTRATOR)
    start = threading.Barrier(2)
    failed = []

    def in_thread(work):
        try:
            start.wait()
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    def write():
        for line in lines:
            save_line(result=line, values={"rating": "Tốt"}, base=shown_line(line), by=editor)

    threads = [
        threading.Thread(target=in_thread, args=[write]),
        threading.Thread(target=in_thread, args=[lambda: adopt(pilot_round, newer, administrator)]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    kept = pilot_round.unit_results.values_list("rating__point_set", "rating__code")
    assert set(kept) == {(newer.pk, "tot")}


# --- The page on which it goes over -----------------------------------------------------------


def test_the_page_says_what_will_be_and_does_it(client, pilot_round, administrator):
    newer = next_version(pilot_round.agency_points)
    client.force_login(administrator)

    page = client.get(adoption(pilot_round, newer))
    answer = client.post(adoption(pilot_round, newer), {"reason": "12/CV-SGDĐT"}, follow=True)

    assertContains(page, "Dùng bản 2 cho đợt Thí điểm")
    assertContains(page, "12/CV-SGDĐT</textarea>")  # what the version is based on
    assertRedirects(answer, newer.get_absolute_url())
    assertContains(answer, "Đợt Thí điểm dùng bản 2 của biểu điểm từ bây giờ.")
    shown = client.get(pilot_round.get_absolute_url())
    assertContains(shown, "bản 1 → bản 2")
    assertContains(shown, f'href="{newer.get_absolute_url()}"')


def test_without_a_reason_nothing_is_done(client, pilot_round, administrator):
    newer = next_version(pilot_round.agency_points)
    client.force_login(administrator)

    page = client.post(adoption(pilot_round, newer), {"reason": "  "})

    assertContains(page, "Ghi văn bản làm căn cứ hoặc lý do", status_code=422)
    assert not RoundEvent.objects.exists()


def test_a_refusal_is_told_before_anything_is_typed(client, pilot_round, administrator):
    make_line(pilot_round, make_agency(parent=make_district()), rating="tot", score=86)
    newer = next_version(pilot_round.agency_points, **other_bands(pilot_round.agency_points))
    client.force_login(administrator)

    page = client.get(adoption(pilot_round, newer))
    pressed = client.post(adoption(pilot_round, newer), {"reason": "12/CV-SGDĐT"})

    for answer, status in ((page, 200), (pressed, 422)):
        assertContains(answer, "1 kết quả có điểm theo bản 1", status_code=status)
        assertNotContains(answer, "<textarea", status_code=status)
    assert not RoundEvent.objects.exists()


def test_a_refusal_that_came_meanwhile_is_told_too(client, pilot_round, administrator, monkeypatch):
    newer = next_version(pilot_round.agency_points)
    client.force_login(administrator)

    def refuse(**said):
        raise CannotAdopt("Vừa có người ghi điểm.")

    monkeypatch.setattr("evaluations.views.point_sets.actions.adopt_points", refuse)
    page = client.post(adoption(pilot_round, newer), {"reason": "12/CV-SGDĐT"})

    assertContains(page, "Vừa có người ghi điểm.", status_code=422)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.EDITOR, HTTPStatus.NOT_FOUND),
        (Role.LEADER, HTTPStatus.NOT_FOUND),
        (Role.APPRAISER, HTTPStatus.FORBIDDEN),
        (Role.APPROVER, HTTPStatus.FORBIDDEN),
        (Role.COUNCIL, HTTPStatus.FORBIDDEN),
        (Role.OBSERVER, HTTPStatus.FORBIDDEN),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_of_a_round_is_the_administrators(client, pilot_round, role, status, method):
    newer = next_version(pilot_round.agency_points)
    client.force_login(make_user(role))

    answer = getattr(client, method)(adoption(pilot_round, newer), {"reason": "12/CV-SGDĐT"})

    assert answer.status_code == status
    assert not RoundEvent.objects.exists()


def test_a_set_that_the_round_does_not_use_has_no_page(client, pilot_round, administrator):
    client.force_login(administrator)
    other = make_points(code="khac", version=2)

    for code, version in ((other.code, 2), (pilot_round.agency_points.code, 9), ("khong-co", 1)):
        url = reverse("evaluations:adopt-points", args=[pilot_round.pk, code, version])
        assert client.get(url).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_a_round_costs_the_same_however_many_units(
    client, pilot_round, administrator, count, django_assert_num_queries
):
    make_agencies(pilot_round, make_district(), ["kha"] * count)
    newer = next_version(pilot_round.agency_points, **other_bands(pilot_round.agency_points))
    client.force_login(administrator)

    with django_assert_num_queries(18):
        client.get(adoption(pilot_round, newer))


@pytest.mark.parametrize("count", [1, 30])
def test_going_over_costs_the_same_however_many_units(
    pilot_round, administrator, count, django_assert_num_queries
):
    make_agencies(pilot_round, make_district(), ["kha"] * count)
    newer = PointSet.objects.get(pk=next_version(pilot_round.agency_points).pk)

    with django_assert_num_queries(21):
        adopt(pilot_round, newer, administrator)
