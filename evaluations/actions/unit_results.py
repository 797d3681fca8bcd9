"""Saving what a keeper says about the units of a register, one at a time or a workbook at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluations.actions.guard import locked_lines
from evaluations.actions.notices import tell_of_sheets
from evaluations.actions.results import Conflict, merged
from evaluations.models import UnitEvent, UnitResult
from evaluations.registers import points_of
from evaluations.unit_reading import FIELDS, own_sheet, read_line, shown_line
from evaluations.unit_sheets import KINDS_OF_THE_UNIT, SHEET_STEPS, SheetStatus
from organisations.models import User

STORED = [*FIELDS, "unread", "sheet_status", "sheet_since", "updated_at", "updated_by"]
LABELS = {name: str(UnitResult._meta.get_field(name).verbose_name) for name in FIELDS}


FILLED_IT = "Anh, chị đã nhập phiếu tự chấm này, nên người khác xác nhận."
# What a unit says of itself: once it has sent its sheet, nobody else writes it.
OWN_FIELDS = ("self_score", "self_rating")


@dataclass(frozen=True)
class TypedLine:
    """What a page sends about one line: its fields, and what they showed when it was opened.

    `refused` are the texts that cannot even be kept; the page shows them again.
    """

    values: Mapping[str, str]
    base: Mapping[str, str]
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return any(text.strip() != self.base.get(name, "") for name, text in self.values.items())


@dataclass(frozen=True)
class SavedLine:
    """What became of a save: the row as it is now, what is wrong with it, what was not written.

    `written` are the fields that changed by it, the rating that came with the points among them.
    """

    result: UnitResult
    problems: dict[str, str]
    conflicts: tuple[Conflict, ...] = ()
    written: tuple[str, ...] = ()


def save_line(
    *, result: UnitResult, values: Mapping[str, str], base: Mapping[str, str], by: User
) -> SavedLine:
    """`save_lines` for one line alone."""
    return save_lines(typed={result.pk: TypedLine(values, base)}, by=by)[result.pk]


@transaction.atomic
def save_lines(*, typed: Mapping[int, TypedLine], by: User) -> dict[int, SavedLine]:
    """Write, by the key of each line, the fields that this person changed since they opened the
    page (`base`).

    As in `actions.results.save_result`: a field that somebody else changed meanwhile is left and
    reported. Points that change take along the rating that this person saw beside them, unless it
    was chosen anew as well; a rating that somebody else gave meanwhile stays.
    Raises `guard.Closed` where this person keeps no such register.
    """
    lines = locked_lines(list(typed), by)
    changes = {line.pk: _changed(line, typed[line.pk]) for line in lines}
    problems = write_lines(
        [(line, shown_line(line) | changes[line.pk][0]) for line in lines if changes[line.pk][0]],
        by=by,
    )
    return {
        line.pk: SavedLine(
            result=line,
            problems=problems[line.pk] if line.pk in problems else problems_of(line),
            conflicts=changes[line.pk][1],
            written=tuple(changes[line.pk][0]),
        )
        for line in lines
    }


def _changed(line: UnitResult, sent: TypedLine) -> tuple[dict[str, str], tuple[Conflict, ...]]:
    """What is to be written on a line, by field, and what somebody else changed meanwhile."""
    texts = {name: text.strip() for name, text in sent.values.items()}
    if own_sheet(line) is not None:
        texts = {name: text for name, text in texts.items() if name not in OWN_FIELDS}
    stored = shown_line(line)
    changed, conflicts = merged(texts, base=sent.base, stored=stored)
    rule = points_of(line.pilot_round, line.kind).rule
    for score, rating in (("score", "rating"), ("self_score", "self_rating")):
        saw_it = sent.base.get(rating, stored[rating]) == stored[rating]
        if score in changed and rating not in changed and rule.has_bands and saw_it:
            changed[rating] = ""
    return changed, conflicts


def problems_of(result: UnitResult, today: date | None = None) -> dict[str, str]:
    """What is wrong with a line as it stands, by field."""
    if not result.unread:
        return {}
    return _read(result, shown_line(result), today or timezone.localdate()).problems


def write_lines(
    lines: Iterable[tuple[UnitResult, Mapping[str, str]]], *, by: User
) -> dict[int, dict[str, str]]:
    """Store what was typed on lines held by `locked_lines`, with one event for each that changed.

    Gives what is wrong with each, by key; what could not be taken is kept in `unread`.
    """
    now, today = timezone.now(), timezone.localdate()
    problems, rows, events = {}, [], []
    lines = list(lines)
    own = filled_by(by, [result for result, _ in lines])
    for result, typed in lines:
        before = shown_line(result)
        reading = _read(result, typed, today)
        if result.pk in own and reading.values["rating"]:
            reading.values["rating"], reading.problems["rating"] = "", FILLED_IT
        problems[result.pk] = reading.problems
        _put(result, reading.values)
        result.unread = _unread(reading.problems, typed)
        result.updated_at, result.updated_by = now, by
        changes = _changes(before, shown_line(result))
        if result.rating and result.in_scope and result.sheet_status == SheetStatus.SUBMITTED:
            result.sheet_status, result.sheet_since = SheetStatus.CONFIRMED, now
            changes["sheet"] = {"old": SheetStatus.SUBMITTED, "new": SheetStatus.CONFIRMED}
        elif result.rating is None and result.sheet_status == SheetStatus.CONFIRMED:
            # What was confirmed is gone, so the sheet waits for its keeper again.
            result.sheet_status, result.sheet_since = SheetStatus.SUBMITTED, now
            changes["sheet"] = {"old": SheetStatus.CONFIRMED, "new": SheetStatus.SUBMITTED}
        if changes:
            rows.append(result)
            events.append(_event(result, changes, by))
    # As `bulk_update(rows, STORED)`, in a fiftieth of its time: no CASE of every row per field.
    UnitResult.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=STORED, batch_size=200
    )
    UnitEvent.objects.bulk_create(events, batch_size=200)
    confirmed = [event.result for event in events if event.kind == "confirm"]
    tell_of_sheets(confirmed, "confirm", by)
    return problems


def filled_by(by: User, lines: list[UnitResult]) -> set[int]:
    """The sheets that wait for a confirmation which this person, who wrote in them, cannot give."""
    waiting = [line.pk for line in lines if line.sheet_status == SheetStatus.SUBMITTED]
    if not waiting:
        return set()
    wrote = UnitEvent.objects.filter(result__in=waiting, by=by, kind__in=KINDS_OF_THE_UNIT)
    return set(wrote.values_list("result", flat=True))


def _read(result: UnitResult, typed: Mapping[str, str], today: date):
    return read_line(
        typed,
        rule=points_of(result.pilot_round, result.kind).rule,
        year=result.year,
        today=today,
        sheet=own_sheet(result),
    )


def _put(result: UnitResult, values: Mapping[str, Any]) -> None:
    ratings = {row.code: row for row in points_of(result.pilot_round, result.kind).ratings.all()}
    for name, value in values.items():
        if name in ("rating", "self_rating"):
            value = ratings[value] if value else None
        setattr(result, name, value)


def _unread(problems: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """The texts to keep: of every field with a problem, and of those that fell with it."""
    fields = set(problems)
    if fields & {"score", "rating", "correction_reason"}:
        fields |= {"score", "rating"} if "score" in fields else {"rating"}
    if fields & {"self_score", "self_rating"}:
        fields.add("self_rating")
    if "exclusion_reason" in fields:
        fields.add("in_scope")
    return {name: typed[name] for name in FIELDS if name in fields and typed.get(name)}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {
        name: {"old": before[name], "new": after[name]}
        for name in FIELDS
        if before[name] != after[name]
    }


def _event(result: UnitResult, changes: Mapping[str, Mapping[str, str]], by: User) -> UnitEvent:
    said = "; ".join(
        f"{LABELS[name]}: {change['old'] or 'trống'} → {change['new'] or 'trống'}"
        for name, change in changes.items()
        if name in LABELS
    )
    sheet = changes.get("sheet", {}).get("new")
    is_confirmed = sheet == SheetStatus.CONFIRMED
    waits_again = "phiếu chờ xác nhận lại" if sheet == SheetStatus.SUBMITTED else ""
    confirmed = SHEET_STEPS["confirm"].done if is_confirmed else waits_again
    return UnitEvent(
        result=result,
        kind="confirm" if is_confirmed else "changed",
        text=": ".join(part for part in (confirmed, said) if part)[:300],
        by=by,
        note=result.correction_reason,
        detail=dict(changes),
    )
