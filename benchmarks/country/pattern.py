"""What the rows of a dossier look like: taken from the practice round, written by the actions."""

import json
from dataclasses import dataclass

from criteria.models import Indicator, Rating
from evaluations.models import Event, PilotRound, Snapshot, UnitEvent, UnitResult
from reports.models import ReportRun


@dataclass(frozen=True)
class Trail:
    """A line of a trail without its person, its time and whose it is."""

    kind: str
    text: str
    note: str
    detail: str


@dataclass(frozen=True)
class Pattern:
    template: PilotRound
    indicators: list[Indicator]  # of a district's dossier
    city_indicators: list[Indicator]
    ratings: dict[str, tuple[list[int], list[int]]]  # by kind: Khá or better, below
    trail: list[Trail]  # of a whole dossier
    unit_trail: list[Trail]
    snapshot: str  # as JSON, with the mark where its files stand
    run: str


HERE = "here"
FILES = f'"files": "{HERE}"'


def pattern() -> Pattern:
    template = PilotRound.objects.get(is_practice=True)
    events = Event.objects.filter(evaluation__pilot_round=template)
    longest = max(
        events.values_list("evaluation", flat=True).distinct(),
        key=lambda pk: events.filter(evaluation=pk).count(),
    )
    unit_events = UnitEvent.objects.filter(result__pilot_round=template).order_by("pk")[:4]
    run = ReportRun.objects.filter(evaluation__isnull=False).order_by("pk").first()
    kinds = UnitResult.Kind
    return Pattern(
        template=template,
        indicators=list(template.district_set.indicators.all()),
        city_indicators=list(template.city_set.indicators.all()),
        ratings={
            kinds.LEARNING_UNIT: _ratings(template.agency_points_id),
            kinds.LEARNING_COMMUNITY: _ratings(template.commune_points_id),
        },
        trail=[_trail(each) for each in events.filter(evaluation=longest).order_by("at", "pk")],
        unit_trail=[_trail(each) for each in unit_events],
        snapshot=_snapshot(template),
        run=json.dumps(run.content),
    )


def _ratings(points: int) -> tuple[list[int], list[int]]:
    found = Rating.objects.filter(point_set=points).order_by("rank")
    good = [each.pk for each in found if each.is_good_or_better]
    return good, [each.pk for each in found if not each.is_good_or_better]


def _trail(event: Event | UnitEvent) -> Trail:
    return Trail(event.kind, event.text, event.note, json.dumps(event.detail))


def _snapshot(template: PilotRound) -> str:
    """Of one dossier, its citations alike: each cites one file, told by the mark."""
    snapshots = Snapshot.objects.filter(evaluation__pilot_round=template)
    content = snapshots.filter(evaluation__unit__kind="district").order_by("-pk")[0].content
    for standard in content["standards"]:
        for criterion in standard["criteria"]:
            for indicator in criterion["indicators"]:
                for cited in indicator["evidence"]:
                    cited["files"] = HERE
    return json.dumps(content)
