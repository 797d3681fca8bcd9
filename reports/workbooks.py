"""Excel as the house writes it: cells typed, people's words never formulas, ready to print.

A sheet is as wide as its longest number needs and as tall as its words do: a spreadsheet that does
not measure a row when it opens the file (LibreOffice) would else print one line over the other.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from reports.paper.measuring import lines_in
from reports.tables import Cell, Column, Table

FONT = {"font_name": "Times New Roman", "font_size": 11}
BODY = {"valign": "top", "border": 1}
WRAPPED = {"text_wrap": True}
TITLE = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "align": "center",
    "border": 1,
    "bg_color": "#EDF2F9",
}
# A spreadsheet that minds it writes "1.234,5" and "76,7 %" whatever its own language is.
VIETNAMESE = "[$-42A]"
NOTHING = "Không có dòng nào"
A4, A3 = 9, 8
MOST_ON_A4 = 180  # characters across: beyond, the print on A4 is smaller than 8 points
CHARACTER = 7 * 25.4 / 96  # a unit of column width in millimetres
ROOM = 0.97  # of a column, for the words: no two programs break a line quite alike
SHORT = 0.7  # what has fewer characters than that part of the width stands on one line
LINE = 15.0  # points
MOST_LINES = 27  # no spreadsheet has rows taller than 409 points
WIDEST = 250
TEXT = (str, type(None))
LONGEST_HEAD = 150  # head and foot hold 255 characters each, with all their commands


def new_book(buffer: BytesIO, *, title: str, comments: str):
    """An empty workbook that writes itself into `buffer` when it is closed."""
    import xlsxwriter

    options = {
        "in_memory": True,
        # What an officer typed is text, also when it begins with "=" or looks like an address.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": FONT,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "comments": comments})
    return book


def write_table(book, table: Table, *, head: tuple[str, str], foot: str) -> None:
    """One sheet; `head` is printed over it left and right, `foot` under it."""
    sheet = book.add_worksheet(table.title)
    titles, words = book.add_format(TITLE), book.add_format(BODY | WRAPPED)
    formats: dict[str, Any] = {}

    def format_of(pattern: str):
        if pattern not in formats:
            look = BODY | {"align": "right", "indent": 1, "num_format": local(pattern)}
            formats[pattern] = book.add_format(look)
        return formats[pattern]

    cells = [column.cell for column in table.columns]
    rows = [[cell_of(row) for cell_of in cells] for row in table.data]
    widths = [_width(column, [row[n] for row in rows]) for n, column in enumerate(table.columns)]
    for index, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, column.title, titles)
    _set_height(sheet, 0, [column.title for column in table.columns], widths, bold=True)
    for number, row in enumerate(rows, start=1):
        _set_height(sheet, number, [cell.value for cell in row], widths)
        for index, cell in enumerate(row):
            value = cell.value
            # Asked for in the order of their numbers: most cells are words, or empty.
            if isinstance(value, str):
                sheet.write_string(number, index, value, words)
            elif value is None:
                sheet.write_blank(number, index, None, words)
            else:
                style = format_of(cell.number_format)
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, style)
                else:
                    # A workbook knows only doubles; no verdict is drawn from this number.
                    sheet.write_number(number, index, float(value), style)
    if not rows:
        sheet.write_string(1, 0, NOTHING, book.add_format({"italic": True}))

    last_row, last_column = max(len(rows), 1), len(table.columns) - 1
    sheet.freeze_panes(1, table.kept)
    if table.has_filter and rows:
        sheet.autofilter(0, 0, last_row, last_column)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last_row, last_column)
    to_print(sheet, A3 if sum(widths) > MOST_ON_A4 else A4, head=head, foot=foot)


def to_print(sheet, paper: int, *, head: tuple[str, str], foot: str) -> None:
    """Across, as wide as the page, however many pages long."""
    sheet.set_paper(paper)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    left, right = (plain(each) for each in head)
    sheet.set_header(f"&L{left}&R{right}" if right else f"&L{left}")
    sheet.set_footer(f"&L&8{plain(foot)}&R&P/&N")


def local(pattern: str) -> str:
    """A number format that asks for Vietnamese separators, each of its sections for itself."""
    return ";".join(VIETNAMESE + section for section in pattern.split(";"))


def plain(text: str) -> str:
    """In a sheet's header "&" begins a command."""
    told = text if len(text) <= LONGEST_HEAD else text[: LONGEST_HEAD - 1] + "…"
    return told.replace("&", "&&")


def _width(column: Column, cells: Sequence[Cell]) -> float:
    """As declared; wider where a number would be cut, or words be taller than a row can be."""
    numbers = (len(cell.shown) for cell in cells if not isinstance(cell.value, TEXT))
    width = max(column.width, 2 + max(numbers, default=0))
    words = [cell.value for cell in cells if isinstance(cell.value, str)]
    while width < WIDEST and any(_lines(each, width) > MOST_LINES for each in words):
        width = min(2 * width, WIDEST)
    return width


def _set_height(
    sheet, number: int, values: Iterable[Any], widths: Iterable[float], *, bold: bool = False
) -> None:
    """Nothing is set for a single line: a row that was never set still grows as people type."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            lines = max(lines, _lines(value, width, bold=bold))
    if lines > 1:
        sheet.set_row(number, LINE * min(lines, MOST_LINES))


def _lines(text: str, width: float, *, bold: bool = False) -> int:
    if len(text) < SHORT * width and "\n" not in text:
        return 1
    return lines_in(text, FONT["font_size"], round(ROOM * width * CHARACTER, 2), bold=bold)
