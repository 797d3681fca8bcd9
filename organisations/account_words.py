"""Rows that name an account in words, for the person who reads their own data in Excel.

A choice is told by its label, a row elsewhere by its name, what changed as "thứ: cũ → mới". The
names of all rows of a table are asked for at once. What only that table's own app can put in words
it tells by a function in `TELLERS`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from organisations.account_data import Row, Tables
from organisations.models import AccountAccess, AccountEvent, User

ONESELF = "chính tài khoản này"
IN_JSON = "có trong tệp JSON"
# Codes for the program, which stand in words beside it or mean nothing to anybody.
CODES = {"kind", "stage", "search", "sha256", "content_sha256", "seen_state", "session_key", "seed"}
# {table: what puts fields of its rows in words: for each row those fields, all rows at once}
Teller = Callable[[list[Row]], list[dict[str, str]]]
TELLERS: dict[str, Teller] = {}
# A table of a library has no Vietnamese words of its own; fields without any stay in the JSON.
OF_LIBRARIES = {
    "otp_totp.TOTPDevice": {
        "": "xác thực hai bước",
        "id": "ID",
        "user": "người dùng",
        "name": "tên",
        "confirmed": "đã cài xong",
        "created_at": "cài lúc",
        "last_used_at": "dùng gần nhất lúc",
    },
}
# Who has handled this person's account, its page names; so does the file.
HANDLED = {AccountAccess._meta.label, AccountEvent._meta.label}

Names = Mapping[type[models.Model], Mapping[Any, str]]


def title_of(label: str) -> str:
    own = OF_LIBRARIES.get(label, {}).get("")
    return _headed(own or str(apps.get_model(label)._meta.verbose_name))


def heading_of(field: models.Field) -> str:
    own = OF_LIBRARIES.get(field.model._meta.label, {})
    return _headed(own.get(field.name) or str(field.verbose_name))


def shown_fields(label: str, row: Row) -> list[models.Field]:
    fields = [apps.get_model(label)._meta.get_field(name) for name in row]
    if own := OF_LIBRARIES.get(label):
        return [field for field in fields if field.name in own]
    return [field for field in fields if field.choices or not _is_for_the_program(field)]


def rows_in_words(
    label: str, rows: list[Row], *, names: Names, person: User
) -> list[list[str | int | Decimal]]:
    """Of each row the cells of `shown_fields`."""
    fields = shown_fields(label, rows[0])
    teller = TELLERS.get(label)
    told = teller(rows) if teller else [{} for _ in rows]
    return [
        [
            words[field.name] if field.name in words else _told(field, row, names, person)
            for field in fields
        ]
        for row, words in zip(rows, told, strict=True)
    ]


def names_in(tables: Tables, *, person: User) -> Names:
    """What the rows point at, by name: a query for each table that is pointed at.

    Of people only the person, and who has handled this account.
    """
    wanted: dict[type[models.Model], set] = defaultdict(set)
    for label, rows in tables.items():
        for field in shown_fields(label, rows[0]):
            if field.related_model and field.related_model is not User:
                wanted[field.related_model] |= {row[field.name] for row in rows} - {None}
    handlers = {row["by"] for label in HANDLED for row in tables.get(label, ())}
    names: dict[type[models.Model], Mapping[Any, str]] = {
        model: _names(model, keys) for model, keys in wanted.items() if keys
    }
    people = User.objects.filter(pk__in=handlers - {person.pk})
    names[User] = dict(people.values_list("pk", "full_name")) | {person.pk: ONESELF}
    return names


def change_in_words(label: str, old: str, new: str) -> str:
    changed = f"{old or 'trống'} → {new or 'trống'}"
    return f"{label}: {changed}" if label else changed


def _names(model: type[models.Model], keys: Iterable) -> dict[Any, str]:
    """With what a name is made of in the same query, without what no name is made of."""
    large = [field.name for field in model._meta.fields if isinstance(field, models.JSONField)]
    rows = model._base_manager.select_related().defer(*large).in_bulk(list(keys))
    return {key: str(row) for key, row in rows.items()}


def _is_for_the_program(field: models.Field) -> bool:
    """The name of a file on the disk too: what it is called stands beside it."""
    return field.name in CODES or isinstance(field, models.FileField)


def _headed(name: str) -> str:
    return name[:1].upper() + name[1:]


def _told(field: models.Field, row: Row, names: Names, person: User) -> str | int | Decimal:
    value = row[field.name]
    if value is None or value in ("", [], {}):
        return ""
    if field.related_model is User:
        return _who(field, row, names, person)
    if field.related_model:
        return names[field.related_model].get(value, "")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%H:%M:%S %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, dict | list):
        return IN_JSON
    return str(value)


def _who(field: models.Field, row: Row, names: Names, person: User) -> str:
    """Others by number alone, but for those who have handled this very account."""
    key = row[field.name]
    is_handler = field.model._meta.label in HANDLED and row["person"] == person.pk
    if key == person.pk or is_handler:
        return names[User][key]
    return f"tài khoản số {key}"
