"""What is kept about one account as an Excel file that is read without knowing the tables."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.utils import timezone

from organisations.account_data import Tables
from organisations.account_words import (
    heading_of,
    names_in,
    rows_in_words,
    shown_fields,
    title_of,
)
from organisations.kept import IN_FILE, NOT_IN_FILE
from organisations.models import User

NAME_MOST = 31  # characters of a sheet's name
CELL_MOST = 32_000  # characters; Excel takes some more
CUT = "… (đủ ở tệp JSON)"
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FIRST = "Mục lục"
WIDTH, FIRST_WIDTH = 24, 46
HEAD_ROW = 5
IN_WORDS = "Tệp này ghi bằng chữ; mã và số trong cơ sở dữ liệu của đúng những dòng ấy ở tệp JSON."


def account_workbook(tables: Tables, *, person: User, at: datetime) -> bytes:
    """A sheet for each table, headed as the pages head it, after one that lists them."""
    buffer = BytesIO()
    # Somebody's words may begin with "=": they are words.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    first = book.add_worksheet(FIRST)
    first.set_column(0, 0, FIRST_WIDTH)
    said = timezone.localtime(at).strftime("%H:%M ngày %d/%m/%Y")
    first.write(0, 0, f"Dữ liệu hệ thống giữ về {person.full_name}, lúc {said}", head)
    for number, text in enumerate((IN_FILE, NOT_IN_FILE, IN_WORDS), start=1):
        first.write(number, 0, text)
    first.write_row(HEAD_ROW, 0, ["Bảng", "Số dòng", "Trang tính"], head)
    sheets, names = _sheet_names(tables), names_in(tables, person=person)
    for number, (label, rows) in enumerate(tables.items(), start=HEAD_ROW + 1):
        first.write_row(number, 0, [title_of(label), len(rows), sheets[label]])
        sheet = book.add_worksheet(sheets[label])
        fields = shown_fields(label, rows[0])
        sheet.set_column(0, len(fields) - 1, WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [heading_of(field) for field in fields], head)
        cells = rows_in_words(label, rows, names=names, person=person)
        for place, row in enumerate(cells, start=1):
            sheet.write_row(place, 0, [_cut(cell) for cell in row])
    book.close()
    return buffer.getvalue()


def _sheet_names(tables: Tables) -> dict[str, str]:
    """No two alike, whatever their case, and none too long for Excel."""
    names: dict[str, str] = {}
    taken = {FIRST.casefold()}
    for label in tables:
        for name in _tries(title_of(label).translate(FORBIDDEN)):
            if name.casefold() not in taken:
                break
        taken.add(name.casefold())
        names[label] = name
    return names


def _tries(name: str) -> Iterator[str]:
    yield name[:NAME_MOST]
    number = 2
    while True:
        tail = f" ({number})"
        yield name[: NAME_MOST - len(tail)] + tail
        number += 1


def _cut(cell: str | int | Decimal) -> str | int | Decimal:
    if isinstance(cell, str) and len(cell) > CELL_MOST:
        return cell[:CELL_MOST] + CUT
    return cell
