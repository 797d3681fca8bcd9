"""Rows by the hundred thousand: collected by table, written by COPY, keys given here.

Nothing of the application is asked on the way in: what a row must be is the generator's to know.
The database's own checks hold; foreign keys are looked at once, when all is in (`stray_rows`).
"""

import json
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

BATCH = 20_000


class Tables:
    """What is to be written, by model, until `write` brings it to the database."""

    def __init__(self, moment: datetime):
        self.moment = moment  # of whatever says by itself when it was written
        self._rows: dict[type[models.Model], list[list]] = {}
        self._next: dict[type[models.Model], int] = {}

    def add(self, model: type[models.Model], **values: Any) -> int:
        """A row by its columns (`unit_id`, not `unit`); gives its key."""
        places, defaults = _shape(model)
        row = list(defaults)
        for name, value in values.items():
            row[places[name]] = json.dumps(value) if isinstance(value, dict | list) else value
        for place in _moments(model):
            if row[place] is None:
                row[place] = self.moment
        key = values.get(model._meta.pk.attname)
        if key is None:
            key = self._next.get(model) or _last_key(model) + 1
            self._next[model] = key + 1
            row[places[model._meta.pk.attname]] = key
        self._rows.setdefault(model, []).append(row)
        return key

    def write(self) -> int:
        """Everything collected; gives how many rows that were. Superuser's work: see above."""
        written = 0
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for model, rows in self._rows.items():
                written += len(rows)
                self._copy(cursor, model, rows)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        self._rows.clear()
        return written

    def _copy(self, cursor, model: type[models.Model], rows: list[list]) -> None:
        quote = connection.ops.quote_name
        table = quote(model._meta.db_table)
        columns = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        key = model._meta.pk
        if key.get_internal_type().endswith("AutoField"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), max({quote(key.column)}))"
                f" FROM {table}",
                [model._meta.db_table, key.column],
            )


def stray_rows() -> list[str]:
    """Foreign keys that lead nowhere, as "table.column: count"; asked once, since COPY did not."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column, (key, other) in connection.introspection.get_relations(
                cursor, table
            ).items():
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" a LEFT JOIN "{other}" b'
                    f' ON a."{column}" = b."{key}"'
                    f' WHERE a."{column}" IS NOT NULL AND b."{key}" IS NULL'
                )
                (count,) = cursor.fetchone()
                if count:
                    found.append(f"{table}.{column}: {count}")
    return found


@cache
def _shape(model: type[models.Model]) -> tuple[dict[str, int], list]:
    fields = model._meta.concrete_fields
    places = {field.attname: place for place, field in enumerate(fields)}
    return places, [_default(field) for field in fields]


def _default(field: models.Field):
    value = field.get_default()
    if isinstance(field, models.JSONField) and value is not None:
        return json.dumps(value)
    return value() if callable(value) else value


@cache
def _moments(model: type[models.Model]) -> list[int]:
    return [
        place
        for place, field in enumerate(model._meta.concrete_fields)
        if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
    ]


def _last_key(model: type[models.Model]) -> int:
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
