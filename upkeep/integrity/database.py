"""The database by its own account."""

from collections import Counter
from collections.abc import Iterator

from django.db import IntegrityError, connection

ALL_WELL = "ok"


def database_faults(seen: Counter[str]) -> Iterator[str]:
    """Pages of the SQLite file, and rows that point to nothing.

    PostgreSQL guards its references itself, all the time, and its pages by checksums.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        for (said,) in cursor.fetchall():
            if said != ALL_WELL:
                yield f"tệp SQLite hỏng: {said}"
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield f"có dòng trỏ đến dòng không tồn tại: {error}"
