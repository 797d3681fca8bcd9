"""Every report's workbook, as an officer opens, sorts and prints it."""

import re
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from reports.paper.grids import Grid
from reports.tables import Cell, Column, Table, count, text
from reports.workbooks import A3, A4, LINE, NOTHING, new_book, write_table
from tests.reports.test_golden import all_parts

pytestmark = pytest.mark.django_db
# What is a name and no quantity, though it may be written in digits alone.
NAMES = {"Mã", "Tiêu chuẩn", "Tiêu chí", "Chỉ báo", "Nội dung"}
FIGURE = re.compile(r"[+\u2212]?\d[\d./]*(?:,\d+)?(?: %)?")
QUANTITY = re.compile(r"[+\u2212-]?\d{1,3}(\.?\d{3})*(,\d+)?([\s\xa0]?%)?|\d\d/\d\d/\d{4}")


@pytest.fixture(scope="module")
def books(every_report):
    """Each workbook that may be ordered, read back, beside what it was made of."""
    return [
        (printed, load_workbook(BytesIO(printed.file("xlsx"))))
        for printed in every_report.values()
        if "xlsx" in printed.report.formats
    ]


def sheets_in(books):
    for printed, book in books:
        tables = printed.report.tables(printed.content)
        assert book.sheetnames == [table.title for table in tables]
        for table, sheet in zip(tables, book, strict=True):
            yield printed, table, sheet


def width_of(sheet, place):
    """In characters; the file counts the room at both sides too."""
    alike = sheet.column_dimensions.values()  # one for several of the same width
    return next(each.width for each in alike if each.min <= place <= each.max) - 5 / 7


def displayed(value, number_format):
    """A typed cell as a spreadsheet with Vietnamese separators shows it."""
    sections = number_format.split(";")
    section = sections[1] if len(sections) > 1 and value < 0 else sections[0]
    pattern = section.removeprefix("[$-42A]")
    if isinstance(value, datetime):
        return value.strftime("%H:%M %d/%m/%Y" if "hh:mm" in pattern else "%d/%m/%Y")
    bare = re.sub('"[^"]*"', "", pattern)
    number = abs(value) * (100 if "%" in bare else 1)
    places = len(bare.partition(".")[2].removesuffix("%"))
    shown = f"{number:,.{places}f}" if "#,##0" in bare else f"{number:.{places}f}"
    shown = shown.translate(str.maketrans(",.", ".,"))
    return re.sub(r"(#,##)?0(\.0+)?", shown, pattern, count=1).replace('"', "")


def test_cells_are_typed_and_shown_as_the_paper_prints_them(books):
    seen = set()
    for printed, table, sheet in sheets_in(books):
        rows = list(sheet.iter_rows(min_row=2, max_row=1 + len(table.data)))
        for row, cells in zip(rows, table.rows, strict=True):
            for cell, wanted in zip(row, cells.values(), strict=True):
                where = f"{printed.name}, {sheet.title}, {cell.coordinate}"
                seen.add(type(wanted.value))
                if wanted.value is None:
                    assert cell.value is None, where
                elif isinstance(wanted.value, str):
                    assert (cell.data_type, cell.value) == ("s", wanted.value), where
                elif isinstance(wanted.value, date):
                    assert cell.is_date, where
                    assert displayed(cell.value, cell.number_format) == wanted.shown, where
                else:
                    assert cell.data_type == "n", where
                    assert cell.value == pytest.approx(float(wanted.value), rel=1e-15), where
                    shown = displayed(cell.value, cell.number_format)
                    assert _spaced(shown) == _spaced(_with_tenths(wanted)), where
    assert seen == {type(None), str, int, Fraction, date, datetime}


def _spaced(shown):
    return shown.replace("\xa0", " ")


def _with_tenths(cell: Cell):
    """A workbook writes one decimal in a whole column of shares: "100,0 %"."""
    return re.sub(r"^(\d+)(?=\xa0%$)", r"\1,0", cell.shown)


def test_every_figure_of_a_printed_row_stands_in_a_row_of_the_workbook(books):
    printed_rows = 0
    for printed, book in books:
        rows = [figures_in(map(_said, row)) for sheet in book for row in sheet.iter_rows()]
        for grid in (part for part in all_parts(printed.paper) if isinstance(part, Grid)):
            # Neither their order nor how many units a list has: the workbook lists them.
            counted = [column.title == "TT" for column in grid.columns]
            for row in grid.rows:
                boxes = [
                    box.text
                    for box, is_order in zip(row.boxes, counted, strict=False)
                    if not is_order and box.lead != "Đơn vị:"
                ]
                wanted = figures_in(boxes)
                assert not wanted or any(wanted <= row for row in rows), (printed.name, boxes)
                printed_rows += bool(wanted)
    assert printed_rows > 500


def figures_in(texts):
    """Every code, number, share and day; of a sum in groups the whole of it."""
    found = set()
    for each in texts:
        whole = re.sub("(?<=[0-9a-f]{8}) (?=[0-9a-f]{8})", "", _spaced(each))
        found.update(one.rstrip("./").replace(",0 %", " %") for one in FIGURE.findall(whole))
    return found


def _said(cell):
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    return displayed(cell.value, cell.number_format)


def test_no_quantity_is_kept_as_words(books):
    kept = {
        (printed.name, sheet.title, column.title, cell.value)
        for printed, table, sheet in sheets_in(books)
        for place, column in enumerate(table.columns, start=1)
        for (cell,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place)
        if column.title not in NAMES
        and isinstance(cell.value, str)
        and QUANTITY.fullmatch(cell.value)
    }
    assert kept == set()


def test_nothing_is_a_formula_or_a_link(books):
    for printed, _, sheet in sheets_in(books):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{printed.name}, {cell.coordinate}"
                assert cell.hyperlink is None, f"{printed.name}, {cell.coordinate}"


def test_sheets_are_ready_to_read_and_to_print(books):
    papers = set()
    for printed, table, sheet in sheets_in(books):
        rows, last = max(len(table.data), 1) + 1, get_column_letter(len(table.columns))
        setup = sheet.page_setup
        across = sum(width_of(sheet, place) for place in range(1, len(table.columns) + 1))
        papers.add(setup.paperSize)

        assert sheet.freeze_panes == f"{get_column_letter(table.kept + 1)}2", printed.name
        assert sheet.auto_filter.ref == (
            f"A1:{last}{rows}" if table.has_filter and table.data else None
        )
        assert setup.orientation == "landscape"
        assert setup.paperSize == (A3 if across > 180 else A4), (printed.name, sheet.title)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (setup.fitToWidth, setup.fitToHeight) == (None, 0)  # as wide as a page (1), long
        assert sheet.print_title_rows == "$1:$1"
        place, _, bottom = sheet.print_area.rpartition("$")
        assert place == f"'{sheet.title}'!$A$1:${last}"
        assert int(bottom) > rows if table.charted else int(bottom) == rows
        assert sheet.oddHeader.left.text == printed.content["file_name"].replace("&", "&&")
        assert sheet.oddHeader.right.text == ("; ".join(printed.content["marks"]) or None)
        assert printed.stamp.line in sheet.oddFooter.left.text
        assert sheet["A1"].font.name == sheet["A2"].font.name == "Times New Roman"
    assert papers == {A3, A4}


def test_no_number_is_wider_than_its_column(books):
    for printed, table, sheet in sheets_in(books):
        for place, column in enumerate(table.columns, start=1):
            for row in table.data:
                cell = column.cell(row)
                if not isinstance(cell.value, str | None):
                    assert len(cell.shown) < width_of(sheet, place), printed.name


def test_a_workbook_is_called_as_its_file(books):
    for printed, book in books:
        assert book.properties.title == printed.content["file_name"]
        assert book.properties.description == printed.stamp.line


# --- One sheet ---------------------------------------------------------------------------------


def sheet_of(*rows, columns=None):
    """Of a table whose first column holds words and whose second a number."""
    columns = columns or (
        Column("words", "Lời", lambda row: text(row["words"]), 20),
        Column("number", "Số", lambda row: count(row.get("number")), 5),
    )
    buffer = BytesIO()
    with new_book(buffer, title="Thử", comments="") as book:
        write_table(book, Table("Thử", columns, list(rows)), head=("A & B", ""), foot="chân")
    return load_workbook(BytesIO(buffer.getvalue())).active


@pytest.mark.parametrize("start", ["=1+1", "+84 225", "-3 xã", "@SUM(A1)", "\t=1", "=HYPERLINK(1)"])
def test_text_that_looks_like_a_formula_stays_text(start):
    cell = sheet_of({"words": start})["A2"]

    assert (cell.value, cell.data_type, cell.hyperlink) == (start, "s", None)


def test_an_address_is_no_link():
    assert sheet_of({"words": "https://vi.du/"})["A2"].hyperlink is None


def test_a_row_is_as_tall_as_its_words():
    long = "Ủy ban nhân dân huyện chỉ đạo, kiểm tra việc xây dựng xã hội học tập."
    sheet = sheet_of({"words": "Ngắn"}, {"words": long}, {"words": "một\nhai\nba"})

    heights = [sheet.row_dimensions[number].height for number in (2, 3, 4)]
    assert heights == [None, 4 * LINE, 3 * LINE]


def test_words_too_tall_for_a_row_get_a_wider_column():
    sheet = sheet_of({"words": "Xây dựng xã hội học tập. " * 60})

    assert sheet.column_dimensions["A"].width > 60
    assert sheet.row_dimensions[2].height <= 409


def test_a_number_gets_the_room_it_needs():
    assert sheet_of({"words": "", "number": 123456789}).column_dimensions["B"].width > 11


def test_a_sheet_without_rows_says_so():
    sheet = sheet_of()

    assert (sheet["A2"].value, sheet.max_row) == (NOTHING, 2)
    assert sheet.auto_filter.ref is None


def test_what_a_page_is_headed_with_is_no_command():
    assert sheet_of().oddHeader.left.text == "A && B"
