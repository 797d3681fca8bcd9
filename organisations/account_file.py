"""What is kept about one account as an Excel file that is read without knowing the tables."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.apps import apps
from django.db import models
from django.utils import timezone

from organisations.account_data import Tables
from organisations.models import User

NAME_MOST = 31  # characters of a sheet's name
CELL_MOST = 32_000  # characters; Excel takes some more
CUT = "… (đủ ở tệp JSON)"
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FIRST = "Mục lục"
WIDTH, FIRST_WIDTH = 24, 46


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
    first.write(1, 0, "Mật khẩu, khóa và nội dung hồ sơ, báo cáo không có trong tệp này.")
    first.write_row(3, 0, ["Bảng", "Số dòng", "Trang tính"], head)
    names = _sheet_names(tables)
    for number, (label, rows) in enumerate(tables.items(), start=4):
        first.write_row(number, 0, [_title(label), len(rows), names[label]])
        sheet = book.add_worksheet(names[label])
        fields = [apps.get_model(label)._meta.get_field(name) for name in rows[0]]
        sheet.set_column(0, len(fields) - 1, WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [_heading(field) for field in fields], head)
        for place, row in enumerate(rows, start=1):
            told = (_told(field, row[field.name], person) for field in fields)
            sheet.write_row(place, 0, list(told))
    book.close()
    return buffer.getvalue()


def _title(label: str) -> str:
    name = str(apps.get_model(label)._meta.verbose_name)
    return name[:1].upper() + name[1:]


def _heading(field: models.Field) -> str:
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _sheet_names(tables: Tables) -> dict[str, str]:
    """No two alike, whatever their case, and none too long for Excel."""
    names: dict[str, str] = {}
    taken = {FIRST.casefold()}
    for label in tables:
        for name in _tries(_title(label).translate(FORBIDDEN)):
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


def _told(field: models.Field, value: Any, person: User) -> str | int:
    if value is None or value == "":
        return ""
    if field.related_model is User:
        return "chính tài khoản này" if value == person.pk else f"tài khoản số {value}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%H:%M:%S %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    return text if len(text) <= CELL_MOST else text[:CELL_MOST] + CUT
