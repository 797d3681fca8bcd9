"""Excel files as people and machines send them: good ones, and every kind of bad one."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import xlsxwriter
from openpyxl import Workbook, load_workbook

from tests.evaluations import samples

SHEET_1 = "xl/worksheets/sheet1.xml"
PART = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def book_of(**sheets: list[list]) -> bytes:
    """A workbook by sheet name and rows, as Excel would save it."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def saved(book: Workbook) -> bytes:
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same zip with one part changed, or added where there is none."""
    parts = parts_of(content)
    parts[name] = change(parts.get(name, b""))
    return samples.zipped(parts)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def macro_book(content: bytes) -> bytes:
    return with_part(content, "xl/vbaProject.bin", lambda _: b"\0")


def bomb(content: bytes) -> bytes:
    """A sheet of a quarter of a gigabyte in some kilobytes."""
    return with_part(content, SHEET_1, lambda _: b"<x>" + b" " * (250 * 1024 * 1024))


def lying_bomb(content: bytes) -> bytes:
    """The same, in a zip whose list says that the sheet is small."""
    padded = with_part(content, SHEET_1, lambda data: data + b" " * (30 * 1024 * 1024))
    size = len(parts_of(padded)[SHEET_1]).to_bytes(4, "little")
    assert padded.count(size) >= 1
    return padded.replace(size, (1000).to_bytes(4, "little"))


def million_formatted_rows(*rows: list, up_to: int = 1_000_000) -> bytes:
    """What a sheet becomes when somebody colours it to the bottom."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    colour = book.add_format({"bg_color": "yellow"})
    for number in range(up_to):
        sheet.set_row(number, None, colour)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return made.getvalue()
