"""The workbook that is downloaded: complete, quiet, and readable again without a change."""

import pytest

from evaluations.models import UnitResult
from evaluations.workbook.differences import differences
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, GUIDE, TITLES, cell, column
from tests.factories import make_agency, make_city, make_commune, make_line, make_points
from tests.workbooks import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(desk):
    return opened(desk.empty)


def titles(book, sheet):
    return [each.value for each in book[sheet][1]]


def test_sheets_are_the_guide_and_what_the_district_has(book):
    assert book.sheetnames == [GUIDE, AGENCIES, COMMUNES, TITLES]
    assert book.active.title == AGENCIES


def test_guide_says_what_the_file_is_for(book):
    said = {row[0].value: row[1].value for row in book[GUIDE].iter_rows() if row[0].value}

    assert said["Phiên bản mẫu"] == "1"
    assert said["Đợt"] == "Thí điểm 2022"
    assert (said["Mã đơn vị"], said["Tên đơn vị"]) == ("316", "Huyện Vĩnh Bảo")
    assert said["Năm"] == "2022"


def test_columns_of_points_stand_only_where_points_are_known(book):
    assert titles(book, AGENCIES) == [
        *("Mã", "Tên", "Năm trước", "Trong phạm vi", "Lý do ngoài phạm vi", "Điểm tự chấm"),
        *("Tự xếp loại", "Điểm", "Xếp loại", "Số quyết định", "Ngày quyết định"),
        "Lý do khác tự chấm",
    ]
    assert [title for title in titles(book, COMMUNES) if "Điểm" in title] == []


def test_rows_are_the_register_as_it_stands(book):
    rows = [[each.value for each in row] for row in book[AGENCIES].iter_rows(min_row=2)]

    assert rows[0] == [
        *("316-001", "Phòng Nội vụ", None, "Có", None, None, None, 91.5, "Tốt"),
        *("3187/QĐ-UBND", "25/11/2022", None),
    ]
    assert [row[0] for row in rows] == ["316-001", "316-002", "316-003"]


def test_last_years_rating_stands_beside_the_name(book):
    assert cell(book, COMMUNES, "11827", "Năm trước").value == "Trung bình"


def test_codes_and_days_are_text_and_points_are_numbers(book):
    sheet = book[AGENCIES]
    for title in ("Mã", "Số quyết định", "Ngày quyết định"):
        letter = column(book, AGENCIES, title)
        assert sheet.column_dimensions[letter].number_format == "@" or (
            sheet[f"{letter}2"].number_format == "@"
        )
    assert isinstance(cell(book, AGENCIES, "316-001", "Điểm").value, float)


def test_head_is_frozen_and_everything_can_be_filtered(book):
    for name in (AGENCIES, COMMUNES, TITLES):
        sheet = book[name]
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert not sheet.protection.sheet


def test_ratings_are_chosen_from_a_list_that_goes_on_for_new_agencies(book):
    lists = {}
    for rule in book[AGENCIES].data_validations.dataValidation:
        if rule.type == "list":
            lists[str(rule.sqref).rstrip("0123456789").partition(":")[0][:1]] = rule

    rating = lists[column(book, AGENCIES, "Xếp loại")]
    assert rating.formula1 == '"Tốt,Khá,Trung bình,Chưa đạt"'
    assert int(str(rating.sqref).partition(":")[2][1:]) > book[AGENCIES].max_row + 100
    assert lists[column(book, AGENCIES, "Trong phạm vi")].formula1 == '"Có,Không"'


def test_nothing_that_was_typed_becomes_a_formula(desk):
    UnitResult.objects.filter(unit__code="316-002").update(
        decision_number="=HYPERLINK(1)", unread={"score": "=1+1", "rating": "@x"}
    )

    book = opened(template(desk.register))

    for title in ("Số quyết định", "Điểm", "Xếp loại"):
        assert cell(book, AGENCIES, "316-002", title).data_type == "s"


def test_untouched_template_is_read_back_as_no_change_at_all(desk):
    checked = desk.read(desk.empty)

    assert checked.errors == ()
    found = differences(checked.entries, desk.register)
    assert [(len(each.new), len(each.changed), each.unchanged) for each in found] == [
        *((0, 0, 3), (0, 0, 4), (0, 0, 4))
    ]
    assert all(not each.missing for each in found)


def test_city_has_its_agencies_alone(desk):
    city = make_city()
    make_line(desk.pilot_round, make_agency("Sở Nội vụ", "SNV", parent=city))

    book = opened(template(load_register(desk.pilot_round, city, 2022)))

    assert book.sheetnames == [GUIDE, AGENCIES]
    assert [row[0].value for row in book[AGENCIES].iter_rows(min_row=2)] == ["SNV"]


def test_communes_get_points_once_the_sets_points_are_known(desk):
    desk.pilot_round.commune_points = make_points("commune", code="bieu-diem-xa")

    assert "Điểm" in titles(opened(desk.empty), COMMUNES)


@pytest.mark.parametrize("count", [3, 300])
def test_template_costs_the_same_however_many_units(desk, count, django_assert_num_queries):
    for number in range(count):
        make_line(desk.pilot_round, make_agency(f"Cơ quan {number}", parent=desk.district))
        make_line(desk.pilot_round, make_commune(f"Xã {number}", parent=desk.district))
    pilot_round = type(desk.pilot_round).objects.get(pk=desk.pilot_round.pk)

    with django_assert_num_queries(10):
        template(load_register(pilot_round, desk.district, 2022))
