"""Who takes part in a round that is open: a late joiner comes in, an untouched dossier goes out."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from evaluations.actions.guard import locked
from evaluations.actions.held_rounds import held_round, tell_round
from evaluations.actions.steps import NotReady
from evaluations.models import Evaluation, IndicatorResult, PilotRound
from evaluations.permissions import can_run_round
from evaluations.round_checks import districts_of, untouched_dossiers
from organisations.models import Organisation, User


class AlreadyIn(NotReady):
    """The unit has its dossier in the round."""


class Touched(NotReady):
    """Somebody worked on the dossier or fetched a file of it, so it stays."""


def give_dossiers(pilot_round: PilotRound, units: Iterable[Organisation]) -> list[Evaluation]:
    """An empty dossier for each, of the round's set for districts."""
    now = timezone.now()
    dossiers = Evaluation.objects.bulk_create(
        Evaluation(
            unit=unit,
            pilot_round=pilot_round,
            criteria_set=pilot_round.district_set,
            status_since=now,
        )
        for unit in units
    )
    indicators = list(pilot_round.district_set.indicators.all())
    IndicatorResult.objects.bulk_create(
        IndicatorResult(evaluation=dossier, indicator=indicator)
        for dossier in dossiers
        for indicator in indicators
    )
    return dossiers


@transaction.atomic
def add_participant(
    *, pilot_round: PilotRound, unit: Organisation, reason: str, by: User
) -> Evaluation:
    """A district joins a round that is open already. Raises PermissionDenied, AlreadyIn, NotReady.

    Its registers are there: opening the round gave every district its own.
    """
    held = held_round(pilot_round, by, can_run_round)
    if held.evaluations.filter(unit=unit).exists():
        raise AlreadyIn(f"{unit.name} đã tham gia đợt này.")
    if not districts_of(held).filter(pk=unit.pk).exists():
        raise NotReady(f"{unit.name} không phải quận, huyện có trong danh mục năm {held.year}.")
    (evaluation,) = give_dossiers(held, [unit])
    tell_round(held, "join", f"thêm {unit.name_in_sentence} tham gia đợt", by, reason)
    return evaluation


@transaction.atomic
def remove_participant(*, evaluation: Evaluation, reason: str, by: User) -> None:
    """A district leaves the round while nothing was done on its dossier.

    The register of its units stays: it is the district's, round or no dossier. Raises
    PermissionDenied and Touched.
    """
    held = held_round(evaluation.pilot_round, by, can_run_round)
    fresh = locked(evaluation.pk)
    if not is_untouched(fresh):
        raise Touched(
            f"Hồ sơ của {fresh.unit.name_in_sentence} đã có người làm hoặc đã in báo cáo, tải quá "
            "trình nên không rút khỏi đợt được."
        )
    name = fresh.unit.name_in_sentence
    fresh.delete()
    tell_round(held, "leave", f"rút {name} khỏi đợt", by, reason)


def is_untouched(evaluation: Evaluation) -> bool:
    return untouched_dossiers(evaluation.pilot_round).filter(pk=evaluation.pk).exists()
