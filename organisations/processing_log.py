"""The log of processing of personal data (nhật ký xử lý dữ liệu cá nhân, NĐ 13/2023 Điều 38).

Two trails read as one: who looked at accounts (`AccountAccess`), and who made, changed, exported or
anonymised them (`AccountEvent`). Files of dossiers have logs of their own, beside the dossiers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from organisations.models import AccountAccess, AccountEvent, User
from organisations.text import search_key

WORDS = dict(AccountEvent.Kind.choices) | dict(AccountAccess.Kind.choices)
LOOKING = "xem"  # every kind of looking, where a filter asks for it
CHANGING = "sua"
COLUMNS = ("at", "id", "kind", "detail", "by_id", "person_id")


@dataclass(frozen=True)
class Line:
    """`person` is None where a list was looked at."""

    at: datetime
    by: int
    by_name: str
    what: str
    person: int | None
    person_name: str
    detail: str


@dataclass(frozen=True)
class Counted:
    looks: int
    changes: int

    @property
    def all(self) -> int:
        return self.looks + self.changes


def note_look(
    *, by: User, kind: AccountAccess.Kind, person: User | None = None, detail: str = ""
) -> None:
    """After a page has shown somebody personal data of others."""
    AccountAccess.objects.create(by=by, kind=kind, person=person, detail=detail[:100])


def found(
    *,
    matching: str = "",
    kind: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> models.QuerySet:
    """Both trails, newest first, as rows for `lines`; `matching` is part of either name."""
    narrowed = models.Q()
    if matching:
        key = search_key(matching)
        narrowed &= models.Q(by__search__contains=key) | models.Q(person__search__contains=key)
    if since:
        narrowed &= models.Q(at__gte=since)
    if before:
        narrowed &= models.Q(at__lt=before)
    return _both(narrowed, kind)


def lookers_at(person: User) -> models.QuerySet:
    """What others have done with this account's data."""
    return _both(models.Q(person=person) & ~models.Q(by=person), "")


def counted(person: User) -> Counted:
    """How many lines `lookers_at` has, by the log in which each of them is kept."""
    others = ~models.Q(by=person)
    return Counted(
        looks=AccountAccess.objects.filter(others, person=person).count(),
        changes=AccountEvent.objects.filter(others, person=person).count(),
    )


def lines(rows: Iterable[dict]) -> list[Line]:
    """The rows of one page; who they name is asked for then, not of all rows before."""
    rows = list(rows)
    people = {row[each] for row in rows for each in ("by_id", "person_id")}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "full_name"))
    return [
        Line(
            at=row["at"],
            by=row["by_id"],
            by_name=names[row["by_id"]],
            what=WORDS[row["kind"]],
            person=row["person_id"],
            person_name=names.get(row["person_id"], ""),
            detail=row["detail"],
        )
        for row in rows
    ]


def _both(narrowed: models.Q, kind: str) -> models.QuerySet:
    trails = [
        model.objects.filter(narrowed, *_of_kind(kind)).order_by().values(*COLUMNS)
        for model, group in ((AccountEvent, CHANGING), (AccountAccess, LOOKING))
        if kind in ("", group) or kind in model.Kind.values
    ]
    first, *rest = trails
    return first.union(*rest, all=True).order_by("-at", "-id")


def _of_kind(kind: str) -> list[models.Q]:
    return [] if kind in ("", LOOKING, CHANGING) else [models.Q(kind=kind)]
