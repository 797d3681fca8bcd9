"""Formulas and Excel's error values: which cell it is, never what it seems to say."""

import pytest

from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, put
from tests.workbooks import SHEET_1, with_part

pytestmark = pytest.mark.django_db
FORMULA = "Ô này là công thức, hệ thống không lấy kết quả của công thức."


def test_formula_is_told_by_its_cell(desk):
    (error,) = desk.errors(put(AGENCIES, "316-002", "Điểm", "=F3+10"))

    assert error.startswith(FORMULA)
    assert error.endswith(" · trang Cơ quan, ô H3 · Trường Tiểu học Nhân Hòa")


def test_value_that_excel_kept_with_a_formula_is_not_taken(desk):
    """Excel stores beside a formula what it last gave; that may be years old."""
    content = desk.filled(put(AGENCIES, "316-002", "Điểm", "=40+45"))
    part = SHEET_1.replace("sheet1", "sheet2")
    content = with_part(
        content, part, lambda x: x.replace(b"<f>40+45</f><v/>", b"<f>40+45</f><v>85</v>")
    )

    (error,) = desk.read(content).errors

    assert error.message.startswith(FORMULA)


def test_formula_in_the_code_or_the_name(desk):
    found = desk.errors(
        put(COMMUNES, "11860", "Tên", '="Xã "&"Tân Liên"'),
        put(COMMUNES, "11884", "Mã", "=11880+4"),
    )

    assert [each.rpartition(", ")[2] for each in found] == [
        "ô B3 · Xã Tân Liên",
        "ô A4 · Xã Lý Học",
    ]
    assert all(each.startswith(FORMULA) for each in found)


def test_every_formula_of_a_column_is_told(desk):
    found = desk.errors(
        *(put(COMMUNES, code, "Xếp loại", '="Tốt"') for code in ("11827", "11860", "11884"))
    )

    assert len(found) == 3


def test_formulas_beside_the_table_are_the_keepers_own(desk):
    def count(book):
        book[COMMUNES]["Z1"] = '=COUNTIF(G:G,"Tốt")'
        book["Hướng dẫn"]["D1"] = "=1+1"

    assert desk.errors(count) == []


def test_formula_under_the_table_is_a_row_of_it(desk):
    def total(book):
        book[AGENCIES]["H6"] = "=AVERAGE(H2:H4)"

    found = desk.errors(total)

    assert found[0].startswith("Dòng này chưa có mã và tên.")
    assert found[1].startswith(FORMULA)


def test_error_value_is_told_by_its_cell(desk):
    (error,) = desk.errors(put(COMMUNES, "11860", "Xếp loại", "#N/A"))

    assert error == (
        "Ô này là giá trị lỗi của Excel (#N/A, #REF!…). Ghi lại, hoặc xóa trắng. "
        "· trang Xã, phường, ô G3 · Xã Tân Liên"
    )
