"""Excel as the house writes it: cells typed, people's words never formulas, ready to print."""

from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any

from reports.tables import Cell, Table


def new_book(buffer: BytesIO, *, title: str, comments: str):
    """An empty workbook that writes itself into `buffer` when it is closed."""
    import xlsxwriter

    options = {
        "in_memory": True,
        # What an officer typed is text, also when it begins with "=" or looks like an address.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "comments": comments})
    return book


def write_table(book, table: Table, *, head: tuple[str, str], foot: str) -> None:
    """One sheet; `head` is printed over it left and right, `foot` under it."""
    sheet = book.add_worksheet(table.title)
    titles = book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "border": 1,
            "bg_color": "#EDF2F9",
        }
    )
    formats: dict[str, Any] = {}

    def format_for(cell: Cell):
        pattern = "" if isinstance(cell.value, str | None) else cell.number_format
        if pattern not in formats:
            formats[pattern] = book.add_format(
                {"valign": "top", "border": 1}
                | ({"num_format": pattern} if pattern else {"text_wrap": True})
            )
        return formats[pattern]

    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.title, titles)
    rows = table.rows
    for number, row in enumerate(rows, start=1):
        for index, column in enumerate(table.columns):
            _write_cell(sheet, number, index, row[column.key], format_for(row[column.key]))

    last_row, last_column = len(rows), len(table.columns) - 1
    sheet.freeze_panes(1, 0)
    if table.has_filter and rows:
        sheet.autofilter(0, 0, last_row, last_column)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.set_header(f"&L{plain(head[0])}&R{plain(head[1])}")
    sheet.set_footer(f"&L&8{plain(foot)}&R&P/&N")


def _write_cell(sheet, row: int, column: int, cell: Cell, style) -> None:
    value = cell.value
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    elif isinstance(value, Fraction):
        # A workbook knows only doubles; no verdict is drawn from this number.
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_number(row, column, value, style)


def plain(text: str) -> str:
    """In a sheet's header "&" begins a command."""
    return text.replace("&", "&&")
