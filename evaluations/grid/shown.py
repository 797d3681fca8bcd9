"""What any grid shows: a choice of lines, a row of fields, what became of its save."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Q

from evaluations.actions.results import Conflict
from evaluations.actions.unit_results import SavedLine, TypedLine
from evaluations.models import UnitResult


@dataclass(frozen=True)
class Filter:
    """One choice of lines: its word in the address, its label, how many it leaves."""

    slug: str
    label: str
    which: Q
    count: int


@dataclass(frozen=True)
class Problem:
    """What is wrong in one field, under its label."""

    label: str
    text: str


@dataclass(frozen=True)
class ShownConflict:
    """A field that two people changed, under its label."""

    label: str
    stored: str
    mine: str


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """The fields of one line on a page. `shown` is what stands in them, `base` what they started
    from, `wrong` what is wrong with them."""

    line: UnitResult
    shown: Mapping[str, str]
    base: Mapping[str, str]
    wrong: Mapping[str, str]
    number: int = 0
    conflicts: tuple[Conflict, ...] = ()

    def label_of(self, name: str) -> str:
        raise NotImplementedError

    @property
    def problems(self) -> list[Problem]:
        return [Problem(self.label_of(name), text) for name, text in self.wrong.items()]

    @property
    def shown_conflicts(self) -> list[ShownConflict]:
        return [
            ShownConflict(self.label_of(each.field), each.stored, each.mine)
            for each in self.conflicts
        ]

    @property
    def changed_by(self) -> str:
        """Who wrote last in the contested field; the line itself may have been saved since."""
        events = self.line.events.filter(detail__has_key=self.conflicts[0].field)
        last = events.select_related("by").first()
        return last.by.full_name if last else "Người khác"

    @property
    def spelled_base(self) -> str:
        """What the next save of this page is compared with, for a hidden field."""
        return json.dumps(self.base, ensure_ascii=False)

    @property
    def spelled_seen(self) -> str:
        """The versions of somebody else that this page shows beside one's own."""
        return json.dumps({each.field: each.stored for each in self.conflicts}, ensure_ascii=False)


AnyRow = TypeVar("AnyRow", bound=ShownRow)


def row_after(
    row: AnyRow,
    typed: TypedLine,
    saved: SavedLine,
    errors: Mapping[str, str],
    *,
    is_same_page: bool,
) -> AnyRow:
    """The row after a save. Where two people wrote, or a text is too long to be kept, the field
    keeps what was typed.

    On the same page (saved by a script) fields go on showing what they showed, so only what was
    written has a new base; never the row itself, or a colleague's text in a field that this page
    shows empty would look like text that this person took out.
    """
    stored, old = row.shown, typed.base
    open_fields = {each.field: each.mine for each in saved.conflicts} | dict(typed.refused)
    if is_same_page:
        agreed = {n for n, text in typed.values.items() if text.strip() == stored[n]}
        base = {**old, **{name: stored[name] for name in {*saved.written, *agreed}}}
    else:
        base = {**row.base, **{name: old.get(name, "") for name in open_fields}}
    return replace(
        row,
        shown={**stored, **open_fields},
        base=base,
        wrong={**saved.problems, **errors},
        conflicts=saved.conflicts,
    )
