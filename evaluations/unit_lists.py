"""The lists of units behind derived shares: as they count now, and as they were submitted.

While an indicator is open its figure is counted from the live register; once submitted, the
figure and the list in the snapshot are one, and a live register that differs is told by name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from criteria.measures import Assessment, read
from evaluations.determination import Finding, Line
from evaluations.districts import listed_districts
from evaluations.listing import SHOWN, ListedUnit, Listing
from evaluations.models import Decision, Snapshot, UnitResult
from evaluations.registers import KIND_OF, Difference, differences, listed, summarise
from evaluations.snapshots import units_submitted
from organisations.models import User


@dataclass(frozen=True)
class Changes:
    """How a live register differs from the list that a dossier was submitted with."""

    line: Line
    units: tuple[Difference, ...]

    @property
    def shown(self) -> tuple[Difference, ...]:
        return self.units[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.units) - len(self.shown)


@dataclass(frozen=True)
class UnitList(Listing):
    """The list that one derived share is counted from, for a page."""

    line: Line
    is_known: bool = True  # False: submitted before lists went along
    submitted_at: datetime | None = None  # None: it counts now
    changes: Changes | None = None
    faulty: int = 0  # lines of a live list with something that could not be understood


def list_behind(finding: Finding, line: Line, user: User) -> UnitList | None:
    """The list of a line as this person reads it; None where nothing is counted from a register.

    One query while it counts live, two once it was submitted.
    """
    if line.counts_districts:
        return _districts_behind(finding, line, user)
    if not line.register:
        return None
    # Who leads one indicator of the city's reads what it is counted from, and opens no line of it.
    rows = UnitResult.objects if finding.is_part else UnitResult.objects.visible_to(user)
    of_dossier = rows.of_dossier(finding.evaluation)
    lines = list(of_dossier.filter(kind=KIND_OF[line.register]).for_display())
    keys = {} if finding.is_part else {each.unit_id: each.pk for each in lines}
    live = listed(lines)
    if line.counts_live:
        faulty = sum(each.in_scope and bool(each.unread) for each in lines)
        return UnitList(_units(live, keys), line, faulty=faulty)
    return _as_submitted(finding, line, live, lambda said: _units(said, keys))


def _districts_behind(finding: Finding, line: Line, user: User) -> UnitList:
    """The city's districts, with their decisions where this person may open them."""
    live = listed_districts(finding.evaluation)
    said_of = {each["unit"]: each["decision"] for each in live}
    known = set(
        Decision.objects.visible_to(user)
        .filter(pk__in=filter(None, said_of.values()))
        .values_list("pk", flat=True)
    )

    def units(said: Iterable[Mapping]) -> tuple[ListedUnit, ...]:
        return tuple(
            ListedUnit(each, decision_id=each["decision"] if each["decision"] in known else None)
            for each in said
        )

    if line.counts_live:
        return UnitList(units(live), line)
    return _as_submitted(finding, line, live, units)


def _as_submitted(
    finding: Finding,
    line: Line,
    live: list[dict],
    units: Callable[[Iterable[Mapping]], tuple[ListedUnit, ...]],
) -> UnitList:
    """The list of the last submission, and how the live one differs from it."""
    snapshot = finding.evaluation.snapshots.newest().first()
    submitted_at = snapshot.taken_at if snapshot else None
    submitted = units_submitted(snapshot.content).get(line.code) if snapshot else None
    if submitted is None:
        return UnitList((), line, is_known=False, submitted_at=submitted_at)
    found = tuple(differences(submitted, live))
    changes = Changes(line, found) if found else None
    return UnitList(units(submitted), line, submitted_at=submitted_at, changes=changes)


def counted_last_year(finding: Finding, line: Line) -> Assessment | None:
    """What the register of the year before comes to; None while it has no result."""
    if not line.register:
        return None
    evaluation = finding.evaluation
    before = summarise(
        UnitResult.objects.register(
            pilot_round=evaluation.pilot_round_id,
            owner=evaluation.unit_id,
            kind=KIND_OF[line.register],
            year=evaluation.pilot_round.year - 1,
        )
    )
    if before.share is None:
        return None
    typed = {"achieved": str(before.good), "total": str(before.in_scope)}
    entry = read(line.indicator.measure, typed).entry
    return finding.rule.assess({line.code: entry}, finding.readings)[line.code]


def changes_since_submission(findings: Iterable[Finding], user: User) -> dict[int, list[Changes]]:
    """By dossier, the lists that are no longer as submitted; two queries, however many there are.

    A list that was changed and changed back is as submitted.
    """
    findings = list(findings)
    closed = {
        finding.evaluation.pk: [
            line for line in finding.lines if line.has_list and not line.counts_live
        ]
        for finding in findings
    }
    wanted = [pk for pk, lines in closed.items() if lines]
    if not wanted:
        return {}
    snapshots = Snapshot.objects.filter(evaluation__in=wanted).newest()
    submitted = {each.evaluation_id: units_submitted(each.content) for each in snapshots}
    live = _live_lists(wanted, user)
    cities = {each.evaluation.pk: each.evaluation for each in findings}
    found: dict[int, list[Changes]] = {}
    for pk in wanted:
        for line in closed[pk]:
            before = submitted.get(pk, {}).get(line.code)
            if before is None:
                continue
            if line.counts_districts:
                now = listed_districts(cities[pk])
            else:
                now = live.get((pk, KIND_OF[line.register]), ())
            differing = tuple(differences(before, now))
            if differing:
                found.setdefault(pk, []).append(Changes(line, differing))
    return found


def _live_lists(dossiers: list[int], user: User) -> dict[tuple[int, str], list[dict]]:
    """What `differences` compares, by dossier and kind, without a model object for each line."""
    rows = (
        UnitResult.objects.visible_to(user)
        .filter(
            owner__evaluations__in=dossiers,
            owner__evaluations__pilot_round=F("pilot_round"),
            year=F("pilot_round__year"),
        )
        .order_by()
        .values_list(
            "owner__evaluations",
            "kind",
            "unit",
            "unit__name",
            "in_scope",
            "rating__code",
            "rating__label",
        )
    )
    lists: dict[tuple[int, str], list[dict]] = {}
    for dossier, kind, unit, name, in_scope, rating, label in rows:
        said = {
            "unit": unit,
            "name": name,
            "in_scope": in_scope,
            "rating": rating or "",
            "rating_label": label or "",
        }
        lists.setdefault((dossier, kind), []).append(said)
    return lists


def _units(said: Iterable[Mapping], keys: Mapping[int, int]) -> tuple[ListedUnit, ...]:
    return tuple(ListedUnit(each, keys.get(each["unit"])) for each in said)
