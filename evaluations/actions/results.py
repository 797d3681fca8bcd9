"""Saving what a unit types for one indicator, when two people may be typing at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from criteria.measures import Kind, Measure
from evaluations.actions.guard import locked_result
from evaluations.actions.trails import tell
from evaluations.models import Event, IndicatorResult
from evaluations.models.dossiers import FIGURES, FIRST_WRITING, OVERRULED
from organisations.models import User

TEXT_FIELDS = (
    "source",
    "not_applicable_reason",
    "explanation",
    "suitability",
    "obstacle",
    "proposal",
    "reply",
)
# Prose is compared from submission to submission: an event for each pause in typing a sentence
# would bury what matters. A figure, a verdict or a choice is told each time it is saved.
PROSE = frozenset(TEXT_FIELDS) - {"suitability"}


@dataclass(frozen=True)
class Conflict:
    """One field that somebody else changed meanwhile: both versions, neither lost."""

    field: str
    stored: str
    mine: str


@dataclass(frozen=True)
class Saved:
    """What became of a save: the row as it is now, and the fields that were not written."""

    result: IndicatorResult
    conflicts: tuple[Conflict, ...] = ()


def typed_names(measure: Measure) -> tuple[str, ...]:
    """The names under which a measure's figures and claims are kept in `typed`."""
    figures = tuple(field.name for field in measure.fields)
    verdict = ("met",) if measure.kind == Kind.DOCUMENT else ()
    return (*verdict, *figures, "not_applicable")


def values_of(result: IndicatorResult) -> dict[str, str]:
    """Every field an officer types, flat and as text: figures by their measure's names.

    Of a share that is counted from a register no figure is among them, nor a source: what is
    posted under those names is written nowhere.
    """
    measure = result.indicator.measure
    names = ("not_applicable",) if measure.derived else typed_names(measure)
    figures = {name: result.typed.get(name, "") for name in names}
    texts = [name for name in TEXT_FIELDS if not (measure.derived and name == "source")]
    return figures | {name: getattr(result, name) for name in texts}


@transaction.atomic
def save_result(
    *, result: IndicatorResult, values: Mapping[str, str], base: Mapping[str, str], by: User
) -> Saved:
    """Write the fields that this person changed since they opened the page (`base`).

    A field that nobody else touched is written; one that both changed differently is left as
    stored and reported, and so is nothing else: the rest is saved. Raises `guard.Closed` where
    the dossier takes no writing.
    """
    result = locked_result(result, by)
    changed, conflicts = merged(values, base=base, stored=values_of(result))
    _write(result, changed, by)
    return Saved(result, conflicts)


def merged(
    values: Mapping[str, str], *, base: Mapping[str, str], stored: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Conflict, ...]]:
    """What is to be written of the fields sent, and those that somebody else changed meanwhile."""
    changed = {
        name: text
        for name, text in values.items()
        if name in stored and text != base.get(name, "") and text != stored[name]
    }
    conflicts = tuple(
        Conflict(name, stored[name], text)
        for name, text in changed.items()
        if stored[name] != base.get(name, "")
    )
    for conflict in conflicts:
        del changed[conflict.field]
    return changed, conflicts


def replaced_texts(
    values: Mapping[str, str], seen: Mapping[str, str], conflicts: tuple[Conflict, ...]
) -> dict[str, dict[str, str]]:
    """Of the contested fields as they were shown, those that were written over, old and new."""
    contested = {conflict.field for conflict in conflicts}
    return {
        name: {"old": old, "new": values[name]}
        for name, old in seen.items()
        if name in values and values[name] != old and name not in contested
    }


@transaction.atomic
def overrule(
    *,
    result: IndicatorResult,
    values: Mapping[str, str],
    base: Mapping[str, str],
    seen: Mapping[str, str],
    by: User,
) -> Saved:
    """Write over another person's text after seeing it; the trail keeps what was there.

    `seen` holds the contested fields as they were shown. One that changed once more since then
    is a new conflict.
    """
    saved = save_result(result=result, values=values, base={**base, **seen}, by=by)
    replaced = replaced_texts(values, seen, saved.conflicts)
    if replaced:
        code = saved.result.indicator.code
        Event.objects.create(
            evaluation_id=saved.result.evaluation_id,
            kind=OVERRULED,
            text=f"{code}: chọn bản của mình khi hai người cùng sửa",
            by=by,
            detail={"indicator": code, "replaced": replaced},
        )
    return saved


def _has_written(evaluation_id: int, by: User) -> bool:
    return Event.objects.filter(evaluation=evaluation_id, by=by, kind=FIRST_WRITING).exists()


def _write(result: IndicatorResult, changed: Mapping[str, str], by: User) -> None:
    if not changed:
        return
    before = values_of(result)
    fields = ["updated_at", "updated_by"]
    for name, text in changed.items():
        if name in TEXT_FIELDS:
            setattr(result, name, text)
            fields.append(name)
        else:
            result.typed = {**result.typed, name: text}
            fields.append("typed")
    if not _has_written(result.evaluation_id, by):
        Event.objects.create(
            evaluation_id=result.evaluation_id,
            kind=FIRST_WRITING,
            text=f"bắt đầu nhập, ở {result.indicator.code}",
            by=by,
        )
    result.updated_at, result.updated_by = timezone.now(), by
    result.save(update_fields=sorted(set(fields)))
    _tell_figures(result, before, changed, by)


def _tell_figures(
    result: IndicatorResult, before: Mapping[str, str], changed: Mapping[str, str], by: User
) -> None:
    """What each figure was and became; the trail is what a corrected number is explained by."""
    changes = {
        name: {"old": before[name], "new": text}
        for name, text in changed.items()
        if name not in PROSE
    }
    if changes:
        tell(result, FIGURES, f"{result.indicator.code}: sửa số liệu", by, changes=changes)
