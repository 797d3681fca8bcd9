"""The database as it is at one moment, however long it takes to read it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Inside, every query sees the rows of one and the same moment, and writers go on.

    PostgreSQL: a REPEATABLE READ transaction that only reads. SQLite: a deferred transaction,
    which under WAL holds nobody up; Django's own are IMMEDIATE and would stop every writer.
    Inside a transaction that somebody else began, the moment is that transaction's.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
