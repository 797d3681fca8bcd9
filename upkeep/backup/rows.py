"""Rows as lines of JSON that say the same on either database.

A line is an object by column; times are ISO 8601 to the microsecond in UTC, decimals are text. Keys
are sorted, so a table has one SHA-256, be it on SQLite or on PostgreSQL.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.utils.duration import duration_iso_string

from upkeep.backup.errors import BackupError

# Rows that belong to this installation and not to its data; nothing else is left out.
LEFT_OUT = {
    "organisations.Session": "signed-in people sign in again",
    "organisations.Tally": "counts of the last hours, for limits",
    "axes.AccessAttempt": "locks of a quarter of an hour; a name typed there may be a password",
    "axes.AccessAttemptExpiration": "belongs to the same",
    "axes.AccessFailureLog": "written by nobody: SignInEvent tells",
    "axes.AccessLog": "written by nobody: SignInEvent tells",
    "upkeep.UpkeepRun": "tells of this machine's backups and checks",
}
# Rows that `migrate` makes by itself; those of a backup take their place, with their keys.
REMADE = ("auth.Permission", "contenttypes.ContentType")
READ_AT_ONCE = 50  # rows; a frozen report may have some hundred kilobytes
WRITTEN_AT_ONCE = 500  # rows, or
HELD_MOST = 1024 * 1024  # bytes of lines


def backed_up() -> list[type[models.Model]]:
    """Every table, what a row points to before the row; those of many-to-many fields as well."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
    }
    points_to = {
        table: sorted(
            field.related_model._meta.db_table
            for field in model._meta.local_concrete_fields
            if field.related_model and field.related_model._meta.db_table in found
        )
        for table, model in sorted(found.items())
    }
    without_own = {table: [t for t in to if t != table] for table, to in points_to.items()}
    return [found[table] for table in TopologicalSorter(without_own).static_order()]


def columns_of(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    """Every row in the order of its key."""
    columns = columns_of(model)
    rows = model._base_manager.order_by("pk").values_list(*columns)
    for row in rows.iterator(chunk_size=READ_AT_ONCE):
        said = json.dumps(
            dict(zip(columns, row, strict=True)),
            default=_as_text,
            ensure_ascii=False,
            allow_nan=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        yield said.encode() + b"\n"


def insert(model: type[models.Model], lines: Iterable[bytes]) -> None:
    """Exactly these rows: no default, no date of its own and no `save` has a say.

    Raises BackupError where the database takes a row not.
    """
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} "
        f"({', '.join(quote(field.column) for field in fields)}) "
        f"VALUES ({', '.join(['%s'] * len(fields))})"
    )
    held: list[list[Any]] = []
    size = done = 0
    for line in lines:
        held.append(_values(fields, json.loads(line)))
        size += len(line)
        if len(held) >= WRITTEN_AT_ONCE or size >= HELD_MOST:
            _write(model, statement, held, done)
            done, size, held = done + len(held), 0, []
    if held:
        _write(model, statement, held, done)


def _values(fields, said: dict[str, Any]) -> list[Any]:
    return [
        field.get_db_prep_save(field.to_python(said[field.attname]), connection) for field in fields
    ]


def _write(model: type[models.Model], statement: str, rows: list[list[Any]], done: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
    except (DatabaseError, ValueError) as error:
        place = f"{model._meta.db_table}, dòng {done + 1} đến {done + len(rows)}"
        raise BackupError(f"Cơ sở dữ liệu không nhận {place}: {error}") from error


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    raise TypeError(f"no way to write a {type(value).__name__} down")
