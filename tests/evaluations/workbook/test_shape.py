"""The shape of the workbook: merged cells, columns and sheets that are gone, rows that are none."""

import pytest

from evaluations.workbook import reading
from organisations.spreadsheets import UnreadableFile
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, GUIDE, TITLES, column, put
from tests.workbooks import opened, saved

pytestmark = pytest.mark.django_db


def test_merged_cells_are_told_once(desk):
    def merge(book):
        letter = column(book, COMMUNES, "Số quyết định")
        book[COMMUNES].merge_cells(f"{letter}2:{letter}4")

    assert desk.errors(merge) == [
        "Các ô H2:H4 bị gộp. Bỏ gộp (Merge & Center), ghi riêng từng dòng. · trang Xã, phường, ô H2"
    ]


def test_merged_codes_bring_no_errors_of_their_own(desk):
    (error,) = desk.errors(lambda book: book[COMMUNES].merge_cells("A2:B3"))

    assert error.startswith("Các ô A2:B3 bị gộp.")


def test_merged_cells_beside_or_under_the_table_do_not_matter(desk):
    def merge(book):
        book[COMMUNES].merge_cells("N1:P3")
        book[COMMUNES].merge_cells("A20:D24")
        book[GUIDE].merge_cells("A20:B21")

    assert desk.errors(merge) == []


def test_sheet_that_is_gone_or_renamed(desk):
    def rename(book):
        book[COMMUNES].title = "Xã 2022"

    found = desk.errors(rename, lambda book: book.remove(book[TITLES]))

    assert found == [
        "Thiếu trang “Xã, phường”. Tệp đang có: “Cơ quan”, “Xã 2022”. Đặt lại tên trang như trong "
        "mẫu; không cần điền gì thì cứ để nguyên trang.",
        "Thiếu trang “Danh hiệu”. Tệp đang có: “Cơ quan”, “Xã 2022”. Đặt lại tên trang như trong "
        "mẫu; không cần điền gì thì cứ để nguyên trang.",
    ]


def test_sheet_in_another_case_and_place_is_the_same_sheet(desk):
    def move(book):
        book[COMMUNES].title = "xa, PHƯỜNG "
        book.move_sheet(book[GUIDE], 3)

    assert desk.errors(move) == []


def test_hidden_sheet_is_read(desk):
    def hide(book):
        book[COMMUNES].sheet_state = "hidden"

    (error,) = desk.errors(hide, put(COMMUNES, "11860", "Xếp loại", "Kha"))

    assert "trang Xã, phường, ô G3" in error


def test_renamed_and_deleted_columns_are_named_and_the_rest_is_checked(desk):
    def spoil(book):
        sheet = book[COMMUNES]
        sheet[f"{column(book, COMMUNES, 'Xếp loại')}1"] = "Kết quả"
        sheet.delete_cols(5)  # Lý do ngoài phạm vi

    found = desk.errors(put(COMMUNES, "11860", "Ngày quyết định", "31/11/2022"), spoil)

    assert found == [
        "Thiếu cột “Lý do ngoài phạm vi”, “Xếp loại”. Đặt lại tên cột ở hàng 1 như trong mẫu. "
        "· trang Xã, phường",
        "Ngày “31/11/2022” không có; tháng 11 có 30 ngày. · trang Xã, phường, ô H3 · Xã Tân Liên",
    ]


def test_column_that_is_there_twice(desk):
    def double(book):
        book[COMMUNES]["P1"] = "Xếp loại"

    assert desk.errors(double) == [
        "Có hai cột “Xếp loại”, ở ô G1 và ô này. Chỉ giữ một cột. · trang Xã, phường, ô P1"
    ]


def test_columns_may_stand_in_another_order_with_others_between(desk):
    def turn(book):
        sheet = book[COMMUNES]
        sheet.move_range("G1:G5", cols=10)  # Xếp loại, behind a column of notes
        sheet["P1"], sheet["P3"] = "Ghi chú", "hỏi lại xã"
        sheet["Q1"] = "XẾP LOẠI *"

    (error,) = desk.errors(turn, lambda book: book[COMMUNES].__setitem__("Q3", "Kha"))

    assert error.endswith("trang Xã, phường, ô Q3 · Xã Tân Liên")


def test_heading_over_the_table_moves_nothing_but_addresses(desk):
    def head(book):
        book[COMMUNES].insert_rows(1, 2)
        book[COMMUNES]["A1"] = "KẾT QUẢ CỘNG ĐỒNG HỌC TẬP"

    (error,) = desk.errors(put(COMMUNES, "11860", "Xếp loại", "Kha"), head)

    assert error.endswith("trang Xã, phường, ô G5 · Xã Tân Liên")


def test_empty_rows_formatted_or_blank_are_no_rows(desk):
    def spread(book):
        sheet = book[COMMUNES]
        sheet["C1048576"].number_format = "@"
        sheet["A9"], sheet["B10"], sheet["G11"] = "  ", "\u00a0", ""
        sheet["Z30"] = "Người lập biểu"

    checked = desk.checked(spread)

    assert checked.errors == ()
    assert len([each for each in checked.entries if each.layout.key == "communes"]) == 4


def test_row_that_was_deleted_is_missing_and_no_error(desk):
    checked = desk.checked(lambda book: book[COMMUNES].delete_rows(3))

    assert checked.errors == ()


def test_empty_sheet_lacks_its_columns(desk):
    def clear(book):
        book[COMMUNES].delete_rows(1, 10)

    (error,) = desk.errors(clear)

    assert error.startswith("Thiếu cột “Mã”, “Tên”, “Trong phạm vi”")


def test_more_rows_than_any_owner_has(desk, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)

    with pytest.raises(UnreadableFile) as refused:
        desk.read(desk.empty)

    assert str(refused.value) == "Trang “Xã, phường” có 4 dòng; mỗi trang nhiều nhất 3 dòng."


def test_empty_rows_do_not_count_as_too_many(desk, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 5)

    assert desk.errors(lambda book: book[COMMUNES].insert_rows(3, 20)) == []


def test_column_of_errors_of_an_earlier_file_is_not_read_back(desk):
    book = opened(desk.empty)
    book[COMMUNES]["L1"], book[COMMUNES]["L2"] = "Lỗi", "G2: “Kha” không phải xếp loại."

    assert desk.read(saved(book)).errors == ()


def test_last_years_column_is_not_read_back(desk):
    assert desk.errors(put(AGENCIES, "316-001", "Năm trước", "bất kỳ")) == []
