"""Excel as the house writes it: cells typed, people's words never formulas, ready to print.

A sheet is as wide as its longest number needs and as tall as its words do: a spreadsheet that does
not measure a row when it opens the file (LibreOffice) would else print one line over the other.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any, TypeAlias

from reports.paper.measuring import lines_in
from reports.tables import Table

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
Placed: TypeAlias = tuple[int, int, str]  # row, column, text
BARS = ("#86ACDC", "#24528F")  # told apart in grey print too
HEIGHT, ROW, PIXELS = 320, 20, 7  # of a chart, of a row, and of a character across
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
    across = _set_sizes(sheet, table, *_write_cells(book, sheet, table))
    last_row, last_column = max(len(table.data), 1), len(table.columns) - 1
    sheet.freeze_panes(1, table.kept)
    if table.has_filter and table.data:
        sheet.autofilter(0, 0, last_row, last_column)
    sheet.repeat_rows(0)
    if table.charted and table.data:
        last_row = _draw(book, sheet, table, last_row, across)
    sheet.print_area(0, 0, last_row, last_column)
    to_print(sheet, A3 if across > MOST_ON_A4 else A4, head=head, foot=foot)


def _draw(book, sheet, table: Table, last_row: int, across: float) -> int:
    """The spreadsheet's own chart of the cells above it, as wide as they are; the last row that
    it covers."""
    chart = book.add_chart({"type": "bar"})
    names = [table.title, 1, 0, last_row, 0]
    keys = [column.key for column in table.columns]
    for key, fill in zip(table.charted, BARS, strict=False):
        place = keys.index(key)
        chart.add_series(
            {
                "name": [table.title, 0, place],
                "categories": names,
                "values": [table.title, 1, place, last_row, place],
                "fill": {"color": fill},
                "border": {"color": "#444444"},
                "data_labels": {"value": True},
            }
        )
    chart.set_title({"name": table.title, "name_font": {"size": 11}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "interval_unit": 1})  # every row, in its order
    chart.set_legend({"position": "bottom"} if len(table.charted) > 1 else {"none": True})
    chart.set_size({"width": round(across * PIXELS), "height": HEIGHT})
    told = f"Biểu đồ của bảng “{table.title}” ở trên"
    sheet.insert_chart(last_row + 2, 0, chart, {"description": told})
    return last_row + 2 + round(HEIGHT / ROW)


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


def _write_cells(book, sheet, table: Table) -> tuple[list[int], list[Placed]]:
    """How many characters the longest number of each column has, and the texts that may need
    more than a line."""
    titles, words = book.add_format(TITLE), book.add_format(BODY | WRAPPED)
    formats: dict[tuple[str, bool], Any] = {}

    def format_of(pattern: str, is_mixed: bool):
        if (pattern, is_mixed) not in formats:
            place = {"align": "left"} if is_mixed else {"align": "right", "indent": 1}
            look = BODY | place | {"num_format": local(pattern)}
            formats[pattern, is_mixed] = book.add_format(look)
        return formats[pattern, is_mixed]

    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, column.title, titles)
    cells = [column.cell for column in table.columns]
    short = [SHORT * column.width for column in table.columns]
    numbers, long = [0] * len(cells), []
    for number, row in enumerate(table.data, start=1):
        for index, cell_of in enumerate(cells):
            cell = cell_of(row)
            value = cell.value
            # Asked for in the order of their numbers: most cells are words, or empty.
            if isinstance(value, str):
                sheet.write_string(number, index, value, words)
                if len(value) > short[index] or "\n" in value:
                    long.append((number, index, value))
            elif value is None:
                sheet.write_blank(number, index, None, words)
            else:
                style = format_of(cell.number_format, table.columns[index].is_mixed)
                numbers[index] = max(numbers[index], len(cell.shown))
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, style)
                else:
                    # A workbook knows only doubles; no verdict is drawn from this number.
                    sheet.write_number(number, index, float(value), style)
    if not table.data:
        sheet.write_string(1, 0, NOTHING, book.add_format({"italic": True}))
    return numbers, long


def _set_sizes(sheet, table: Table, numbers: Sequence[int], long: Sequence[Placed]) -> float:
    """Of columns and rows; how many characters the sheet is across."""
    widths = _widths(table, numbers, long)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    heads = [(0, index, column.title) for index, column in enumerate(table.columns)]
    for number, lines in (_lines(heads, widths, bold=True) | _lines(long, widths)).items():
        if lines > 1:  # a row that was never set still grows as people type
            sheet.set_row(number, LINE * min(lines, MOST_LINES))
    return sum(widths)


def _widths(table: Table, numbers: Sequence[int], long: Iterable[Placed]) -> list[float]:
    """As declared; wider where a number would be cut, or words be taller than a row can be."""
    widths = [
        max(column.width, number + 2) for column, number in zip(table.columns, numbers, strict=True)
    ]
    for _, index, text in long:
        while widths[index] < WIDEST and _lines_of(text, widths[index]) > MOST_LINES:
            widths[index] = min(2 * widths[index], WIDEST)
    return widths


def _lines(
    placed: Iterable[Placed], widths: Sequence[float], *, bold: bool = False
) -> dict[int, int]:
    """By row how many lines its longest text takes."""
    found: dict[int, int] = {}
    for number, index, text in placed:
        lines = _lines_of(text, widths[index], bold=bold)
        found[number] = max(found.get(number, 1), lines)
    return found


def _lines_of(text: str, width: float, *, bold: bool = False) -> int:
    return lines_in(text, FONT["font_size"], round(ROOM * width * CHARACTER, 2), bold=bold)
