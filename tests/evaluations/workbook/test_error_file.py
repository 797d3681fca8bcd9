"""The file that is handed back: the keeper's own, with what is wrong beside each row."""

import logging
from io import BytesIO
from unicodedata import normalize

import pytest
from openpyxl import load_workbook
from openpyxl.styles import PatternFill

from evaluations.workbook import error_file as module
from evaluations.workbook.error_file import PINK, error_file
from evaluations.workbook.errors import CellError
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, GUIDE, cell, identity, put
from tests.workbooks import opened, with_part

pytestmark = pytest.mark.django_db


def handed_back(desk, *changes):
    content = desk.filled(*changes)
    return opened(error_file(content, desk.read(content).errors))


def said(book, sheet):
    """What the column of errors says, by row."""
    place = next(each.column for each in book[sheet][1] if str(each.value).startswith("Lỗi"))
    cells = (row[place - 1] for row in book[sheet].iter_rows(min_row=1))
    return {each.row: each.value for each in cells if each.value}


def test_every_error_stands_in_its_row_and_marks_its_cell(desk):
    book = handed_back(
        desk,
        put(COMMUNES, "11860", "Xếp loại", "Kha"),
        put(COMMUNES, "11860", "Ngày quyết định", "31/11/2022"),
        put(AGENCIES, "316-003", "Điểm", 120),
    )

    assert said(book, COMMUNES) == {
        1: "Lỗi",
        3: "G3: “Kha” không phải xếp loại. Chọn Tốt, Khá, Trung bình hoặc Chưa đạt.\n"
        "I3: Ngày “31/11/2022” không có; tháng 11 có 30 ngày.",
    }
    assert said(book, AGENCIES) == {1: "Lỗi", 4: "H4: 120 lớn hơn điểm tối đa 100."}
    marked = {
        each.coordinate
        for row in book[COMMUNES].iter_rows()
        for each in row
        if each.fill.fgColor.rgb == PINK
    }
    assert marked == {"G3", "I3"}


def test_everything_else_is_as_the_keeper_left_it(desk):
    def own(book):
        book[COMMUNES]["P2"] = "hỏi lại xã"
        book[COMMUNES]["A3"].fill = PatternFill("solid", fgColor="FFFFFF00")
        book[COMMUNES].row_dimensions[4].hidden = True

    book = handed_back(desk, own, put(COMMUNES, "11860", "Xếp loại", "Kha"))

    sheet = book[COMMUNES]
    assert sheet["P2"].value == "hỏi lại xã"
    assert sheet["Q1"].value == "Lỗi"  # beside what they added
    assert sheet["A3"].fill.fgColor.rgb == "FFFFFF00"
    assert sheet.row_dimensions[4].hidden
    assert sheet.freeze_panes == "C2"
    assert len(sheet.data_validations.dataValidation) > 1
    assert cell(book, COMMUNES, "11860", "Xếp loại").value == "Kha"


def test_errors_of_a_sheet_or_the_file_stand_on_top(desk):
    def rename(book):
        book[COMMUNES]["G1"] = "Kết quả"

    book = handed_back(desk, rename)
    assert said(book, COMMUNES)[1].startswith("Lỗi\nThiếu cột “Xếp loại”.")

    book = handed_back(desk, identity("Năm", "2021"))
    assert book.active.title == GUIDE
    assert "năm 2021" in next(iter(said_anywhere(book[GUIDE])))


def said_anywhere(sheet):
    return [
        each.value
        for row in sheet.iter_rows(min_col=3)
        for each in row
        if isinstance(each.value, str) and "Đây là mẫu" in each.value
    ]


def test_sheet_with_errors_is_the_one_that_opens(desk):
    book = handed_back(desk, put(COMMUNES, "11860", "Xếp loại", "Kha"))

    assert book.active.title == COMMUNES
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [COMMUNES]


def test_sheet_whose_name_is_typed_in_parts_is_marked_and_told_whole(desk):
    """As a Mac names it: letter and mark apart. What is stored of it is NFC."""
    in_parts = normalize("NFD", COMMUNES)

    def renamed(book):
        book[COMMUNES].title = in_parts

    content = desk.filled(put(COMMUNES, "11860", "Xếp loại", "Kha"), renamed)
    errors = desk.read(content).errors

    assert in_parts != COMMUNES
    assert {error.sheet for error in errors} == {COMMUNES}
    assert 3 in said(opened(error_file(content, errors)), in_parts)


def test_mended_file_is_read_without_its_column_and_marked_anew(desk):
    content = desk.filled(
        put(COMMUNES, "11860", "Xếp loại", "Kha"), put(COMMUNES, "11884", "Xếp loại", "Tot")
    )
    first = opened(error_file(content, desk.read(content).errors))
    put(COMMUNES, "11860", "Xếp loại", "Khá")(first)
    made = BytesIO()
    first.save(made)

    errors = desk.read(made.getvalue()).errors
    second = opened(error_file(made.getvalue(), errors))

    assert [error.cell for error in errors] == ["G4"]
    assert [*said(second, COMMUNES)] == [1, 4]
    assert [each.value for each in second[COMMUNES][1]].count("Lỗi") == 1
    assert cell(second, COMMUNES, "11860", "Xếp loại").fill.fill_type is None


def test_message_is_no_formula_whatever_it_begins_with(desk):
    errors = [CellError("=1+1", COMMUNES), CellError("=2+2", COMMUNES, "G3", "=3+3")]

    sheet = opened(error_file(desk.empty, errors))[COMMUNES]

    assert [sheet[cell].value for cell in ("K1", "K3")] == ["Lỗi\n=1+1", "G3: =2+2"]
    assert {sheet[cell].data_type for cell in ("K1", "K3")} == {"s"}


def test_file_that_cannot_be_written_again_comes_back_as_a_list(desk, monkeypatch, caplog):
    def fail(*args):
        raise ValueError("a style that openpyxl does not know")

    monkeypatch.setattr(module, "load_workbook", fail)
    content = desk.filled(put(COMMUNES, "11860", "Xếp loại", "Kha"))

    with caplog.at_level(logging.ERROR):
        listed = load_workbook(BytesIO(error_file(content, desk.read(content).errors))).active

    assert [each.value for each in listed[2]] == [
        *("Xã, phường", "G3", "Xã Tân Liên"),
        "“Kha” không phải xếp loại. Chọn Tốt, Khá, Trung bình hoặc Chưa đạt.",
    ]
    assert "could not be written again" in caplog.text


def test_file_that_only_our_own_reading_takes_comes_back_as_a_list(desk):
    content = with_part(
        desk.empty, "xl/workbook.xml", lambda xml: xml.replace(b'version="1.0"', b'version="9"')
    )
    assert content != desk.empty

    listed = load_workbook(BytesIO(error_file(content, [CellError("Sai", COMMUNES, "G3")])))

    assert [each.value for each in listed.active[2]] == [COMMUNES, "G3", "", "Sai"]
