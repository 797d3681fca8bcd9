"""The last key that each table gave out: a number once printed on paper is not given twice."""

from django.db import connection, models

POSTGRESQL = "postgresql"


def last_number(model: type[models.Model]) -> int | None:
    """None where the table counts none, or has counted none yet."""
    if not _counts(model):
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == POSTGRESQL:
            cursor.execute(f"SELECT last_value, is_called FROM {_sequence(cursor, model)}")
            last, is_called = cursor.fetchone()
            return last if is_called else None
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        return (found and found[0]) or None  # SQLite may say 0 of a table without a row


def go_on_from(model: type[models.Model], last: int | None) -> None:
    """The next key of the table is the one after it, whatever rows there are."""
    if last is None:
        return
    with connection.cursor() as cursor:
        if connection.vendor == POSTGRESQL:
            cursor.execute(f"SELECT setval('{_sequence(cursor, model)}', %s)", [last])
            return
        table = model._meta.db_table
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _counts(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField)


def _sequence(cursor, model: type[models.Model]) -> str:
    """As PostgreSQL itself spells and quotes it."""
    quoted = connection.ops.quote_name(model._meta.db_table)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, model._meta.pk.column])
    return cursor.fetchone()[0]
