"""One action as a line of the table: what it does, and who may have it done in which state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection, transaction

from evaluations.models import PilotRound
from organisations.models import User

DONE, REFUSED, TOLD = "done", "refused", "told"
CHANGING = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Write:
    """`may` and `told` name people by the states they say it of, all separated by blanks.

    Who is not named is refused (PermissionDenied). Who is `told` may do it, but not in that
    state, and reads a sentence that says why; nothing is written then either.
    """

    do: Callable[[Any, User], Any]
    may: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    only: str = ""  # the states in which there is anything to try it on; all, where empty
    is_of_round: bool = True  # so that nobody does it in a round that is closed
    writes_nothing: bool = False  # finds nothing to do in the states that are tried

    def is_tried_in(self, state: str) -> bool:
        return not self.only or state in self.only.split()

    def wanted(self, state: str, person: str) -> str:
        for outcome, table in ((DONE, self.may), (TOLD, self.told)):
            for states, people in table.items():
                if state in states.split() and person in people.split():
                    return outcome
        return REFUSED


@dataclass(frozen=True)
class Subject:
    """A kind of thing that actions are about: who is there, the thing in each state, the lines."""

    people: dict[str, User]
    things: dict[str, Any]
    writes: Mapping[str, Write]

    def tries(self):
        for name, write in self.writes.items():
            for state, thing in self.things.items():
                if write.is_tried_in(state):
                    for person, user in self.people.items():
                        yield name, write, state, thing, person, user


class Tried:
    """What became of one try; whatever it did is undone."""

    def __init__(self, write: Write, thing: Any, by: User, *, round_is_closed: bool = False):
        self.changes: list[str] = []
        self._marks: dict[str, int] = {}
        before = _stored()
        with transaction.atomic():
            if round_is_closed:
                close(thing.pilot_round)
            with connection.execute_wrapper(self._listen):
                self.outcome = self._try(write, thing, by)
            transaction.set_rollback(True)
        if self.outcome == DONE:
            for name in _stored() - before:
                default_storage.delete(name)
        elif _stored() != before:
            self.changes.append("a file on the disk")

    @property
    def wrote(self) -> bool:
        return bool(self.changes)

    def _try(self, write: Write, thing: Any, by: User) -> str:
        try:
            write.do(thing, by)
        except PermissionDenied:
            return REFUSED
        except Exception as error:
            if not type(error).__module__.startswith("evaluations.actions."):
                raise
            return TOLD
        return DONE

    def _listen(self, execute, sql, params, many, context):
        """Changes as they come, less those that the action's own transaction takes back."""
        if sql.startswith("SAVEPOINT"):
            self._marks[sql.split()[-1]] = len(self.changes)
        elif sql.startswith("ROLLBACK TO"):
            del self.changes[self._marks[sql.split()[-1]] :]
        elif sql.lstrip().upper().startswith(CHANGING):
            self.changes.append(sql[:80])
        return execute(sql, params, many, context)


def close(pilot_round: PilotRound) -> None:
    """As `close_round` leaves it; said without its conditions, which are not asked here."""
    PilotRound.objects.filter(pk=pilot_round.pk).update(closed_at=pilot_round.opened_at)


def _stored() -> set[str]:
    """Names of evidence and scans on the disk."""
    found = set()

    def look_into(folder: str) -> None:
        folders, files = default_storage.listdir(folder)
        found.update(f"{folder}/{name}" for name in files)
        for each in folders:
            look_into(f"{folder}/{each}")

    for folder in ("minh-chung", "nap-ket-qua"):
        if default_storage.exists(folder):
            look_into(folder)
    return found
