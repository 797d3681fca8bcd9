"""Vietnamese order in the database: `Collate("name", VIETNAMESE)` sorts alike on both.

PostgreSQL brings the collation of ICU. SQLite gets one of the same name from `sort_key`; it was
compared with ICU on random strings and differs nowhere. It must exist on every connection, and
only `connection_created` tells of a new one.
"""

from django.db import migrations
from django.db.backends.signals import connection_created
from django.db.models import F
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate

from organisations.text import sort_key

VIETNAMESE = "vi-x-icu"


def vietnamese_order(field: str, descending: bool = False) -> OrderBy:
    """For `order_by`: "Dương Kinh" before "Đồ Sơn"."""
    return OrderBy(Collate(F(field), VIETNAMESE), descending=descending)


def vietnamese_index(name: str, model: str, field: str, then: str) -> migrations.RunPython:
    """The operation that gives PostgreSQL an index for `vietnamese_order(field), then`.

    SQLite gets none: a file with an index in an order of ours could be opened by no other tool.
    """

    def forwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            table = apps.get_model("organisations", model)._meta.db_table
            columns = f'{field} COLLATE "{VIETNAMESE}", {then}'
            schema_editor.execute(f"CREATE INDEX {name} ON {table} ({columns})")

    def backwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX {name}")

    return migrations.RunPython(forwards, backwards)


def register_on_every_connection() -> None:
    connection_created.connect(_register, dispatch_uid="organisations.collation")


def _register(connection, **kwargs) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_collation(VIETNAMESE, _compare)


def _compare(left: str, right: str) -> int:
    left_key, right_key = sort_key(left), sort_key(right)
    return (left_key > right_key) - (left_key < right_key)
