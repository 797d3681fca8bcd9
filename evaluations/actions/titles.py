"""Saving what a keeper says about the titles of communes, one at a time or a workbook at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction

from evaluations.actions.guard import Closed, locked_lines
from evaluations.actions.results import Conflict, merged
from evaluations.actions.trails import LENGTH
from evaluations.actions.unit_results import SavedLine, TypedLine
from evaluations.models import TitleCount, UnitEvent, UnitResult
from evaluations.title_reading import (
    PARTS,
    Title,
    TitleReading,
    names_of,
    read_titles,
    shown_count,
    shown_counts,
)
from organisations.models import User

CUT = "; …"
SHORT = 12  # of a text that is no count; `detail` has it whole


def save_titles(
    *, result: UnitResult, values: Mapping[str, str], base: Mapping[str, str], by: User
) -> SavedLine:
    """`save_titles_of` one commune alone."""
    return save_titles_of(typed={result.pk: TypedLine(values, base)}, by=by)[result.pk]


@transaction.atomic
def save_titles_of(*, typed: Mapping[int, TypedLine], by: User) -> dict[int, SavedLine]:
    """Write, by the key of each line, the counts that this person changed since they opened the
    page (`base`).

    As in `actions.unit_results.save_lines`: a count that somebody else changed meanwhile is left
    and reported. `values` may hold some of the fields only. Raises `guard.Closed` where this
    person keeps no such register.
    """
    lines = locked_lines(list(typed), by)
    counts = _counts(lines)
    stored = {line.pk: shown_counts(counts[line.pk].values()) for line in lines}
    changes = {line.pk: _changed(typed[line.pk], stored[line.pk]) for line in lines}
    problems = write_titles(
        [(line, stored[line.pk] | changes[line.pk][0]) for line in lines], by=by
    )
    return {
        line.pk: SavedLine(
            result=line,
            problems=problems[line.pk],
            conflicts=changes[line.pk][1],
            written=tuple(changes[line.pk][0]),
        )
        for line in lines
    }


def write_titles(
    lines: Iterable[tuple[UnitResult, Mapping[str, str]]], *, by: User
) -> dict[int, dict[str, str]]:
    """Store what was typed on lines held by `locked_lines`, with one event for each that changed.

    Gives what is wrong with each, by key; what could not be taken is kept in `unread`. A constant
    number of queries; the lines themselves stay as they are.
    """
    lines = list(lines)
    if any(result.kind != UnitResult.Kind.LEARNING_COMMUNITY for result, _ in lines):
        raise Closed  # only communes have titles
    stored = _counts(result for result, _ in lines)
    problems, rows, events = {}, [], []
    for result, typed in lines:
        reading = read_titles(typed)
        problems[result.pk] = reading.problems
        changes = {}
        for title in Title:
            count = stored[result.pk].get(title) or TitleCount(result=result, title=title)
            found = _put(count, reading, typed)
            if found:
                rows.append(count)
                changes |= found
        if changes:
            events.append(_event(result, changes, by))
    known = [row for row in rows if row.pk is not None]
    TitleCount.objects.bulk_create([row for row in rows if row.pk is None], batch_size=200)
    # As `bulk_update`, without its CASE of every row per field.
    TitleCount.objects.bulk_create(
        known,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*PARTS, "unread"],
        batch_size=200,
    )
    UnitEvent.objects.bulk_create(events, batch_size=200)
    return problems


def _counts(lines: Iterable[UnitResult]) -> dict[int, dict[str, TitleCount]]:
    """What is stored of each line, by title, in one query."""
    counts = defaultdict(dict)
    for count in TitleCount.objects.filter(result__in=list(lines)):
        counts[count.result_id][count.title] = count
    return counts


def _changed(
    sent: TypedLine, stored: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Conflict, ...]]:
    """What is to be written, by field, and what somebody else changed meanwhile."""
    texts = {name: text.strip() for name, text in sent.values.items()}
    return merged(texts, base=sent.base, stored=stored)


def _put(
    count: TitleCount, reading: TitleReading, typed: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Take over what was read of one title; gives what that changed, by field."""
    before = shown_count(count)
    names = names_of(count.title)
    for part, name in names.items():
        setattr(count, part, reading.values[name])
    count.unread = {part: typed[name] for part, name in names.items() if name in reading.problems}
    after = shown_count(count)
    return {
        name: {"old": before[name], "new": after[name]}
        for name in names.values()
        if before[name] != after[name]
    }


def _event(result: UnitResult, changes: Mapping[str, Mapping[str, str]], by: User) -> UnitEvent:
    return UnitEvent(result=result, kind="titles", text=_told(changes), by=by, detail=dict(changes))


def _told(changes: Mapping[str, Mapping[str, str]]) -> str:
    """ "Gia đình học tập: đăng ký 90, được công nhận 80 → 81", as far as there is room."""
    said = ""
    for title in Title:
        parts = [
            f"{PARTS[part]} {_from_to(changes[name])}"
            for part, name in names_of(title).items()
            if name in changes
        ]
        if not parts:
            continue
        more = "; ".join(filter(None, [said, f"{title.label}: {', '.join(parts)}"]))
        if len(more) > LENGTH - len(CUT):
            return said + CUT
        said = more
    return said


def _from_to(change: Mapping[str, str]) -> str:
    old, new = change["old"][:SHORT], change["new"][:SHORT] or "trống"
    return f"{old} → {new}" if old else new
