"""Which unit a row is about: codes unknown, of others, twice, spoilt on the way; new agencies."""

from datetime import date

import pytest

from evaluations.models import UnitResult
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, TITLES, add, cell, put
from tests.factories import make_agency, make_commune, make_district

pytestmark = pytest.mark.django_db


def test_code_that_nobody_has(desk):
    assert desk.errors(put(COMMUNES, "11884", "Mã", "99999")) == [
        "Không có đơn vị nào mã “99999”. Ghi lại mã như trong mẫu. · trang Xã, phường, ô A4 "
        "· Xã Lý Học"
    ]


def test_unknown_code_of_an_agency_says_how_to_add_a_new_one(desk):
    (error,) = desk.errors(put(AGENCIES, "316-002", "Mã", "316-999"))

    assert "cơ quan mới thì để trống mã" in error


def test_commune_of_another_district_is_named(desk):
    elsewhere = make_district("Huyện An Lão", "313")
    make_commune("Xã Chiến Thắng", "11671", parent=elsewhere)

    assert desk.errors(add(COMMUNES, Mã="11671")) == [
        "Xã Chiến Thắng thuộc huyện An Lão, không thuộc huyện Vĩnh Bảo. Bỏ dòng này. "
        "· trang Xã, phường, ô A6 · Mã 11671"
    ]


def test_code_of_two_periods_means_the_one_of_the_rounds_year(desk):
    an_lao = make_district("Huyện An Lão", "313")
    make_commune("Xã Chiến Thắng", "11671", parent=an_lao, valid_to=date(2025, 6, 30))
    make_commune("Xã Mới", "11671", parent=desk.district, valid_from=date(2025, 7, 1))

    (error,) = desk.errors(add(COMMUNES, Mã="11671"))

    assert error.startswith("Xã Chiến Thắng thuộc huyện An Lão")


def test_agency_that_is_no_more_is_named_with_its_end(desk):
    make_agency("Trạm Khuyến nông", "316-009", parent=desk.district, valid_to=date(2021, 12, 31))

    (error,) = desk.errors(add(AGENCIES, Mã="316-009"))

    assert error.startswith("Trạm Khuyến nông hoạt động đến 31/12/2021, không có trong danh sách")


def test_commune_on_the_sheet_of_agencies_is_sent_to_its_own(desk):
    assert desk.errors(add(AGENCIES, Mã="11827")) == [
        "Xã Dũng Tiến không thuộc trang “Cơ quan”. Ghi ở trang “Xã, phường”. "
        "· trang Cơ quan, ô A5 · Xã Dũng Tiến"
    ]


def test_unit_that_is_there_twice_names_the_first_row(desk):
    assert desk.errors(add(COMMUNES, Mã="11827", Xếp_loại="Tốt")) == [
        "Mã 11827 đã có ở dòng 2. Chỉ giữ một dòng. · trang Xã, phường, ô A6 · Xã Dũng Tiến"
    ]


def test_titles_are_of_the_same_communes_and_no_duplicates_of_them(desk):
    assert desk.errors(put(TITLES, "11827", "Gia đình học tập, đăng ký", 210)) == []


@pytest.mark.parametrize("code", ["11860.0", 11860, 11860.0, " 11860 ", "011860", "\u00a011860"])
def test_code_as_other_programs_leave_it_is_the_same_code(desk, code):
    checked = desk.checked(put(COMMUNES, "11860", "Mã", code))

    assert [str(error) for error in checked.errors] == []
    assert "11860" in {entry.unit.code for entry in checked.entries}


def test_code_that_lost_its_leading_nought(desk):
    commune = make_commune("Xã Biên", "00123", parent=desk.district)

    checked = desk.checked(add(COMMUNES, Mã=123, Tên="Xã Biên"))

    assert checked.errors == ()
    assert commune.pk in {entry.unit.pk for entry in checked.entries}


def test_name_of_another_unit_tells_of_a_slipped_column(desk):
    found = desk.errors(put(COMMUNES, "11860", "Tên", "Xã Dũng Tiến"))

    assert found == [
        "Mã 11860 là Xã Tân Liên, không phải “Xã Dũng Tiến”. Xem lại dòng này có lệch mã không; "
        "tên đơn vị không đổi ở đây. · trang Xã, phường, ô B3 · Xã Tân Liên"
    ]


@pytest.mark.parametrize("name", ["xã TÂN LIÊN", "Xa Tan Lien", "", None])
def test_name_in_another_spelling_or_left_out_is_no_error(desk, name):
    assert desk.errors(put(COMMUNES, "11860", "Tên", name)) == []


def test_row_without_code_is_no_commune(desk):
    assert desk.errors(add(COMMUNES, Tên="Xã Mới", Xếp_loại="Tốt")) == [
        "Dòng này chưa có mã. Xã, phường lấy theo mẫu, không thêm dòng mới. "
        "· trang Xã, phường, ô A6 · Xã Mới"
    ]


def test_row_with_a_result_and_no_unit(desk):
    assert desk.errors(add(AGENCIES, Xếp_loại="Tốt")) == [
        "Dòng này chưa có mã và tên. Ghi tên cơ quan mới, hoặc xóa cả dòng. "
        "· trang Cơ quan, ô A5 · Dòng 5"
    ]


def test_agency_without_a_code_is_a_new_one(desk):
    checked = desk.checked(add(AGENCIES, Tên="Trường Mầm non Cổ Am", Điểm=72))

    assert checked.errors == ()
    assert checked.entries[3].unit is None
    assert checked.entries[3].name == "Trường Mầm non Cổ Am"


def test_new_agency_whose_name_is_there_already_is_told_its_code(desk):
    assert desk.errors(add(AGENCIES, Tên="TRƯỜNG tiểu học  Nhân Hoà")) == [
        "“TRƯỜNG tiểu học Nhân Hoà” đã có, mã 316-002. Ghi mã 316-002 vào cột Mã, hoặc xóa dòng "
        "này. · trang Cơ quan, ô B5 · TRƯỜNG tiểu học Nhân Hoà"
    ]


def test_new_agency_named_twice(desk):
    (error,) = desk.errors(add(AGENCIES, Tên="Hội Người mù"), add(AGENCIES, Tên="hội người mù"))

    assert error.startswith(
        "“hội người mù” đã có ở dòng 5. Chỉ giữ một dòng. · trang Cơ quan, ô B6"
    )


def test_name_that_no_list_holds(desk):
    (error,) = desk.errors(add(AGENCIES, Tên="Trường " + "rất dài " * 30))

    assert error.startswith("Tên dài 246 chữ; ô này chứa được 200.")


def test_known_unit_that_the_register_lacks_comes_in_by_its_code(desk):
    known = make_agency("Trạm Thú y", "316-008", parent=desk.district)

    checked = desk.checked(add(AGENCIES, Mã="316-008", Điểm=88))

    assert checked.errors == ()
    assert (checked.entries[3].unit.pk, checked.entries[3].unit.line) == (known.pk, None)
    assert not UnitResult.objects.filter(unit=known).exists()


def test_sorted_and_filtered_rows_are_rows(desk):
    def turn_round(book):
        sheet = book[COMMUNES]
        rows = [[each.value for each in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), start=2):
            for place, value in enumerate(row, start=1):
                sheet.cell(number, place).value = value
        sheet.row_dimensions[3].hidden = True
        cell(book, COMMUNES, "11884", "Xếp loại").value = "Khá"

    checked = desk.checked(turn_round)

    assert checked.errors == ()
    rated = {each.unit.code: each.values["rating"] for each in checked.entries if each.layout.rule}
    assert rated["11884"] == "kha"  # in a hidden row
