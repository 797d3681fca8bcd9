"""The uploaded workbook handed back with what is wrong in it: a column "Lỗi", and red cells.

It is the keeper's own file with everything they did to it, so that it can be mended and uploaded
again; the column is not read back.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import ceil

import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from evaluations.workbook.errors import CellError
from evaluations.workbook.layout import CODE, ERROR_TITLE, GUIDE_SHEET, KEYS
from evaluations.workbook.reading import HEADS_SOUGHT_IN
from organisations.spreadsheets import as_text, without_phantoms

logger = logging.getLogger(__name__)

RED, PINK, NO_FILL = "FFA3201C", "FFFBEEEC", PatternFill()
FONT = "Calibri"
COLUMN_WIDTH = 64
LINE_HEIGHT, MAX_HEIGHT = 15, 400  # in points; Excel takes 409
# What openpyxl says of files that Excel and our own reading take: there is no one class for it.
NOT_TAKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, SyntaxError)


def error_file(content: bytes, errors: Sequence[CellError]) -> bytes:
    """The workbook with every error beside its row; those of no row stand over the table."""
    try:
        book = load_workbook(BytesIO(without_phantoms(content)))
        _mark_book(book, errors)
        buffer = BytesIO()
        book.save(buffer)
    except NOT_TAKEN:
        logger.exception("an uploaded workbook could not be written again; the errors are listed")
        return _listed(errors)
    return buffer.getvalue()


def _mark_book(book: Workbook, errors: Iterable[CellError]) -> None:
    titled = {as_text(sheet.title): sheet for sheet in book.worksheets}  # as the errors name them
    by_sheet = defaultdict(list)
    for error in errors:
        by_sheet[error.sheet if error.sheet in titled else GUIDE_SHEET].append(error)
    for name, found in by_sheet.items():
        _mark_sheet(titled.get(name, book.worksheets[0]), found)
    first = next((sheet for name, sheet in titled.items() if name in by_sheet), None)
    if first is not None:
        book.active = first
        for sheet in book.worksheets:
            sheet.sheet_view.tabSelected = sheet is first


def _mark_sheet(sheet: Worksheet, errors: Iterable[CellError]) -> None:
    head, place = _error_column(sheet)
    by_row = defaultdict(list)
    for error in errors:
        row = head
        if error.cell:
            cell = sheet[error.cell]
            cell.fill = PatternFill("solid", fgColor=PINK)
            row = cell.row
        by_row[row].append(f"{error.cell}: {error.message}" if error.cell else error.message)
    by_row[head].insert(0, ERROR_TITLE)
    for row, messages in by_row.items():
        _say(sheet.cell(row, place), "\n".join(messages))
        _make_room(sheet, row, messages)
    sheet.column_dimensions[get_column_letter(place)].width = COLUMN_WIDTH
    if sheet.auto_filter.ref:
        left, top, right, bottom = range_boundaries(sheet.auto_filter.ref)
        last = get_column_letter(max(right, place))
        sheet.auto_filter.ref = f"{get_column_letter(left)}{top}:{last}{max(bottom, *by_row)}"


def _error_column(sheet: Worksheet) -> tuple[int, int]:
    """Row and column of the title "Lỗi": where an earlier one stands, cleared, or beside the table.

    The marks of an earlier one go as well.
    """
    head, place, last = 1, None, 0
    for row in sheet.iter_rows():
        for cell in row:
            if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == PINK:
                cell.fill = NO_FILL
            if cell.value is None:
                continue
            last = max(last, cell.column)
            if cell.row <= HEADS_SOUGHT_IN:
                title = as_text(cell.value)
                head = cell.row if title == KEYS[CODE] else head
                place = cell.column if title.partition(" ")[0] == ERROR_TITLE else place
    if place is None:
        return head, last + 1
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, place).value = None
    return head, place


def _say(cell: Cell, text: str) -> None:
    """It begins with the title or an address, so that no text of the file becomes a formula."""
    cell.value = text
    cell.font = Font(name=FONT, size=11, color=RED, bold=text.startswith(ERROR_TITLE))
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _make_room(sheet: Worksheet, row: int, messages: list[str]) -> None:
    """Not every program fits a row's height to what was put in it."""
    lines = sum(ceil(len(message) / COLUMN_WIDTH) for message in messages)
    height = sheet.row_dimensions[row].height or LINE_HEIGHT
    sheet.row_dimensions[row].height = max(height, min(lines * LINE_HEIGHT, MAX_HEIGHT))


def _listed(errors: Iterable[CellError]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(ERROR_TITLE)
        rows = [("Trang", "Ô", "Đơn vị", ERROR_TITLE)]
        rows += [(error.sheet, error.cell, error.subject, error.message) for error in errors]
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
        sheet.set_column(0, 1, 16)
        sheet.set_column(2, 2, 40)
        sheet.set_column(3, 3, 90)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows) - 1, 3)
    return buffer.getvalue()
