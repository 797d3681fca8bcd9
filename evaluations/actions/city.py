"""The city's own dossier of a round: opened with the round, each indicator with its lead agency."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from evaluations.leads import published_leads
from evaluations.models import (
    Assignment,
    Evaluation,
    IndicatorAppraisal,
    IndicatorResult,
    PilotRound,
)
from organisations.models import Organisation, User


def open_city_dossier(pilot_round: PilotRound, *, on: date) -> Evaluation | None:
    """The dossier of the city with empty results, assigned as the text names the leads.

    Inside the transaction that opens or completes the round. None where the round has one, or
    where its units belong to no city.
    """
    if pilot_round.evaluations.of_cities().exists():
        return None
    city = _city_of(pilot_round, on)
    if city is None:
        return None
    now = timezone.now()
    dossier = Evaluation.objects.create(
        unit=city,
        pilot_round=pilot_round,
        criteria_set=pilot_round.city_set,
        status_since=now,
    )
    indicators = list(pilot_round.city_set.indicators.all())
    results = IndicatorResult.objects.bulk_create(
        IndicatorResult(evaluation=dossier, indicator=indicator) for indicator in indicators
    )
    leads = published_leads(indicators, on)
    Assignment.objects.bulk_create(
        Assignment(result=result, agency=leads.get(result.indicator_id), since=now)
        for result in results
    )
    return dossier


def reopen_parts(asks: Iterable[IndicatorAppraisal], by: User) -> None:
    """What the council asks about goes back to the agencies that handed it over, to be supplemented
    by the council's day: an internal date was of the writing before.

    Inside the step that returns the dossier; nothing happens to that of a district.
    """
    reasons = {ask.result_id: ask.reason for ask in asks}
    parts = Assignment.objects.filter(result__in=reasons, state=Assignment.State.HANDED_OVER)
    for part in parts:
        part.state, part.since = Assignment.State.RETURNED, timezone.now()
        part.moved_by, part.reason = by, reasons[part.result_id]
        part.due_on = None
        part.save(update_fields=["state", "since", "moved_by", "reason", "due_on"])


def _city_of(pilot_round: PilotRound, on: date) -> Organisation | None:
    """The one that its districts belong to; before there are any, the city of that day."""
    cities = Organisation.objects.filter(kind=Organisation.Kind.CITY)
    own = cities.filter(children__evaluations__pilot_round=pilot_round).distinct().first()
    return own or cities.in_force(on).order_by("code").first()
