"""What a request left in the database, against what was there before: no half of anything.

Rows are compared by what they hold. Only tables that a statement named are read again.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from organisations.text import UNWRITABLE, nfc
from upkeep.integrity import faults

_WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.I)
# What notes that somebody asked, whatever the answer: sessions, limits, sign-ins, who saw what.
NOTED = ("session", "signinevent", "tally", "access", "reportdownload", "axes_")
# The checks of the whole of the data, each by the words in the names of the tables it looks at.
LOOKED_AT = {
    "trails": ("event", "evaluation", "snapshot", "decision", "unitresult", "round", "session")
    + ("inspection",),
    "frozen": ("snapshot", "decision", "inspection", "reportrun", "storedfile"),
    "rows": ("snapshot", "indicator", "evaluation", "decision"),
}

Rows = dict[Any, tuple]


class HalfState(AssertionError):
    """Something was stored that must not stand there, or not alone."""


class Footprint:
    """The rows of one moment; `changes` says how they differ now."""

    def __init__(self) -> None:
        self.models = {model._meta.db_table: model for model in _models()}
        self.rows = {table: _rows(model) for table, model in self.models.items()}
        self.faults = set(faults(LOOKED_AT))

    def changes(self, tables: set[str]) -> dict[str, Rows]:
        """Rows made or changed by table; one that is gone as an empty tuple."""
        found = {}
        for table in sorted(tables & self.models.keys()):
            now, then = _rows(self.models[table]), self.rows[table]
            changed = {
                pk: now.get(pk, ())
                for pk in now.keys() | then.keys()
                if now.get(pk) != then.get(pk)
            }
            if changed:
                found[table] = changed
        return found

    def check(self, tables: set[str], status: int) -> None:
        """Raises HalfState; `status` is what the request was answered with."""
        changed = self.changes({table for table in tables if not is_note(table)})
        if status >= 400 and status not in (409, 422) and changed:
            raise HalfState(f"answered {status}, and yet stored in {sorted(changed)}")
        for table, rows in changed.items():
            for pk, row in rows.items():
                for text in _texts(row):
                    if UNWRITABLE.search(text):
                        raise HalfState(f"{table} {pk}: no file can hold {text[:80]!r}")
                    if text != nfc(text):
                        raise HalfState(f"{table} {pk}: not NFC: {text[:80]!r}")
        if changed:
            connection.check_constraints()
        new = sorted(set(faults(_looks_of(changed))) - self.faults)
        if new:
            raise HalfState("; ".join(new[:3]))


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that are written to inside."""
    tables: set[str] = set()

    def note(execute, sql, params, many, context):
        if found := _WRITES.match(sql):
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


def _looks_of(tables: Iterable[str]) -> list[str]:
    names = {table.partition("_")[2] for table in tables}
    return [look for look, words in LOOKED_AT.items() if any(w in n for w in words for n in names)]


def is_note(table: str) -> bool:
    return any(word in table for word in NOTED)


def _models() -> Iterator[type[Model]]:
    return (model for model in apps.get_models() if model._meta.managed)


def _rows(model: type[Model]) -> Rows:
    return {row[0]: row for row in model._base_manager.values_list("pk", *_columns(model))}


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _texts(value: Any) -> Iterator[str]:
    """Every text in a row, in its JSON too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
