"""What nobody can do through the application: as somebody with the database in hand would."""

from contextlib import contextmanager

from django.db import connection, models


def change(row, **values) -> None:
    """Past every guard, that of the database too."""
    with _unguarded():
        models.QuerySet.update(type(row)._base_manager.filter(pk=row.pk), **values)


def remove(rows) -> None:
    with _unguarded():
        rows._raw_delete(rows.db)


@contextmanager
def _unguarded():
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
