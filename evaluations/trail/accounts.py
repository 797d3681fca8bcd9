"""What the JSON of dossiers and registers says, in words, for who fetches their own data."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format

from criteria.models import Indicator, Rating
from evaluations.models import CouncilSession, Evaluation, Event, IndicatorResult, UnitResult
from evaluations.sheet_reading import RATING, place_of
from evaluations.title_reading import FIELDS as TITLES
from evaluations.trail.lines import (
    AS_DECLARED,
    UNNAMED,
    VERDICTS,
    asides_of,
    changes_of,
    label_of,
    shown_of,
)
from evaluations.unit_reading import FIELDS
from evaluations.unit_sheets import SHEET_LABELS, WHOLE, SheetStatus
from organisations.account_data import Row
from organisations.account_words import Teller, change_in_words

OF_LINES = {name: str(UnitResult._meta.get_field(name).verbose_name) for name in FIELDS} | TITLES
SHEET = str(UnitResult._meta.get_field("sheet_status").verbose_name)
OF_SHEETS = {"points": "điểm", "explanation": "thuyết minh"}
OF_SESSIONS = {field.name: str(field.verbose_name) for field in CouncilSession._meta.fields}
PLACES = {name: place for place, name in enumerate([*OF_LINES, "sheet", *OF_SESSIONS])}


def _events(rows: list[Row]) -> list[dict[str, str]]:
    sets = dict(
        Evaluation.objects.filter(pk__in={row["evaluation"] for row in rows}).values_list(
            "pk", "criteria_set"
        )
    )
    indicators = {
        (each.criteria_set_id, each.code): each
        for each in Indicator.objects.filter(criteria_set__in=set(sets.values()))
    }
    told = []
    for row in rows:
        detail = row["detail"]
        indicator = indicators.get((sets[row["evaluation"]], detail.get("indicator")))
        changes = changes_of(Event(kind=row["kind"], detail=detail), indicator)
        said = [change_in_words(each.label, each.old, each.new) for each in changes]
        told.append({"detail": _joined([*said, *asides_of(detail)])})
    return told


def _unit_events(rows: list[Row]) -> list[dict[str, str]]:
    ratings = _ratings()
    return [{"detail": _joined(_of_unit(row["detail"], ratings))} for row in rows]


def _sheet_items(rows: list[Row]) -> list[dict[str, str]]:
    ratings = _ratings()
    return [
        {"code": "cả phiếu", "points": ratings.get(row["points"], row["points"])}
        if row["code"] == WHOLE
        else {}
        for row in rows
    ]


def _in_order(said: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """As the fields stand in the form: PostgreSQL keeps the keys of JSON in an order of its own."""
    return sorted(said.items(), key=lambda item: (PLACES.get(item[0], len(PLACES)), item[0]))


def _ratings() -> dict[str, str]:
    return dict(Rating.objects.values_list("code", "label"))


def _said(name: str, value: Any, ratings: Mapping[str, str]) -> str:
    """A sheet keeps the rating that it claims by its code."""
    return ratings.get(value, value) if name == RATING else str(value or "")


def _of_unit(detail: Mapping[str, Any], ratings: Mapping[str, str]) -> Iterator[str]:
    changes = detail | detail.get("changes", {}) | detail.get("replaced", {})
    for name, said in _in_order(changes):
        if not isinstance(said, Mapping) or not {"old", "new"} <= said.keys():
            continue
        old, new = said["old"], said["new"]
        if name == "sheet":
            yield change_in_words(SHEET, *(SHEET_LABELS[SheetStatus(each)] for each in (old, new)))
        else:
            yield change_in_words(
                _label(name), *(_said(name, each, ratings) for each in (old, new))
            )
    for name, text in _in_order(detail.get("values", {})):
        if text:
            yield f"{_label(name)}: {_said(name, text, ratings)}"
    for paper in detail.get("papers", ()):
        yield f"minh chứng: {paper['title']}"


def _label(name: str) -> str:
    """Of a field of a line, of a sheet, or of a paper that it cites."""
    if name in OF_LINES:
        return OF_LINES[name]
    code, column = place_of(name)
    if code == WHOLE:
        return OF_LINES["self_rating"]
    if column in OF_SHEETS:
        return f"mục {code}, {OF_SHEETS[column]}"
    return label_of(name, None)


def _unit_results(rows: list[Row]) -> list[dict[str, str]]:
    return [
        {"unread": _joined(f"{_label(name)}: {text}" for name, text in _in_order(row["unread"]))}
        for row in rows
    ]


def _session_events(rows: list[Row]) -> list[dict[str, str]]:
    return [{"detail": _joined(_of_session(row["detail"]))} for row in rows]


def _of_session(detail: Mapping[str, Any]) -> Iterator[str]:
    old, new = detail.get("old"), detail.get("new")
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name, value in _in_order(new):
            if value != old.get(name):
                label = OF_SESSIONS.get(name, UNNAMED)
                yield change_in_words(label, *(_plain(each) for each in (old.get(name), value)))
        return
    for name, value in _in_order(detail):
        if name in OF_SESSIONS and value:
            yield f"{OF_SESSIONS[name]}: {_plain(value)}"


def _plain(value: Any) -> str:
    """A day as people write it; JSON has it as 2022-12-31."""
    text = str(value or "")
    try:
        return date_format(date.fromisoformat(text))
    except ValueError:
        return text


def _results(rows: list[Row]) -> list[dict[str, str]]:
    indicators = Indicator.objects.in_bulk({row["indicator"] for row in rows})
    return [{"typed": _typed(row["typed"], indicators[row["indicator"]])} for row in rows]


def _appraisals(rows: list[Row]) -> list[dict[str, str]]:
    keys = {row["result"] for row in rows}
    results = IndicatorResult.objects.select_related("indicator").in_bulk(keys)
    told = []
    for row in rows:
        indicator, sent = results[row["result"]].indicator, row["superseded"] or {}
        verdict = sent.get("words") or VERDICTS.get(sent.get("verdict"), "")
        typed = _typed(row["typed"], indicator) or AS_DECLARED
        told.append({"typed": typed, "superseded": verdict})
    return told


def _typed(typed: Mapping[str, str], indicator: Indicator) -> str:
    fields = [each.name for each in indicator.measure.fields]
    order = sorted(typed, key=lambda name: fields.index(name) if name in fields else len(fields))
    return _joined(
        f"{label_of(name, indicator)}: {shown_of(name, typed[name])}"
        for name in order
        if typed[name]
    )


def _joined(said: Iterable[str]) -> str:
    return "; ".join(said)


TELLERS: dict[str, Teller] = {
    "evaluations.Event": _events,
    "evaluations.UnitEvent": _unit_events,
    "evaluations.SheetItem": _sheet_items,
    "evaluations.UnitResult": _unit_results,
    "evaluations.SessionEvent": _session_events,
    "evaluations.IndicatorResult": _results,
    "evaluations.IndicatorAppraisal": _appraisals,
}
