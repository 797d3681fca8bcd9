"""Excel as the house writes it: cells typed, people's words never formulas, ready to print."""

from datetime import date
from io import BytesIO
from typing import Any

from reports.tables import Table

BODY = {"valign": "top", "border": 1}
WRAPPED = {"text_wrap": True}


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
    words = book.add_format(BODY | WRAPPED)

    def format_of(pattern: str):
        if pattern not in formats:
            formats[pattern] = book.add_format(BODY | {"num_format": pattern})
        return formats[pattern]

    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.title, titles)
    cells = [column.cell for column in table.columns]
    for number, row in enumerate(table.data, start=1):
        for index, cell_of in enumerate(cells):
            cell = cell_of(row)
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

    last_row, last_column = len(table.data), len(table.columns) - 1
    sheet.freeze_panes(1, 0)
    if table.has_filter and table.data:
        sheet.autofilter(0, 0, last_row, last_column)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.set_header(f"&L{plain(head[0])}&R{plain(head[1])}")
    sheet.set_footer(f"&L&8{plain(foot)}&R&P/&N")


def plain(text: str) -> str:
    """In a sheet's header "&" begins a command."""
    return text.replace("&", "&&")
