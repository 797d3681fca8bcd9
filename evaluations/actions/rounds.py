"""Verbs on a round: open it, give one unit more time, adopt a reading of the law."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from criteria.models import CriteriaSet, PointSet
from evaluations.actions.city import open_city_dossier
from evaluations.actions.guard import locked
from evaluations.actions.held_rounds import held_round
from evaluations.actions.notices import tell_of
from evaluations.actions.participants import give_dossiers
from evaluations.actions.registers import open_registers
from evaluations.models import (
    AdoptedReading,
    Evaluation,
    Event,
    PilotRound,
    RoundEvent,
)
from evaluations.models.dossiers import DISTRICTS, EXTENSION
from evaluations.models.rounds import POINTS_FIELD
from evaluations.permissions import (
    can_change_round,
    can_manage_rounds,
    can_run_round,
    is_asked,
)
from evaluations.workflow import CONCLUDED, EDITABLE, Status
from organisations.models import Organisation, User


class AlreadyOpened(Exception):
    """A round is opened once; its dossiers exist."""


class WrongSet(Exception):
    """A round takes a set for districts and a set for the city, each in its place."""


class WrongPoints(Exception):
    """A round rates agencies by one point set and communes by another; each must be there."""


class NotADistrict(Exception):
    """Only districts take part with a dossier of the district set."""


class NothingToExtend(PermissionDenied):
    """The dossier is not with its unit, so there is no date of the unit's to move."""


class NotLater(Exception):
    """An extension moves the date forward, and to a day that is still to come."""


class ReadingIsSettled(Exception):
    """A level was already concluded under the present reading."""


# What a district's level rests on. The city's base touches no district, so it may still be
# decided while districts are being appraised; until the city's own dossier is sent.
READ_BY_DISTRICTS = frozenset({AdoptedReading.Question.EXACT_80, AdoptedReading.Question.FALL})


@transaction.atomic
def open_round(
    *, pilot_round: PilotRound, participants: Iterable[Organisation], by: User | None = None
) -> PilotRound:
    """Freeze the round's catalogue, give each participant and the city a dossier with empty
    results, and every district and the city the registers of their units.

    From here on `load_criteria_set` refuses another text for either set, and `load_point_set` for
    the newest version of each point set, by which the round rates from now on. `by` is None where
    an operator's command opens the round.
    """
    if by is not None and not can_manage_rounds(by):
        raise PermissionDenied
    pilot_round = (
        PilotRound.objects.select_for_update(of=("self",))
        .select_related("district_set", "city_set")
        .get(pk=pilot_round.pk)
    )
    if pilot_round.opened_at:
        raise AlreadyOpened(pilot_round.name)
    subjects = (pilot_round.district_set.subject, pilot_round.city_set.subject)
    if subjects != (CriteriaSet.Subject.DISTRICT, CriteriaSet.Subject.CITY):
        raise WrongSet(pilot_round.name)
    _take_newest_points(pilot_round)
    units = list(participants)
    for unit in units:
        if unit.kind != Organisation.Kind.DISTRICT:
            raise NotADistrict(unit.name)

    pilot_round.opened_at = timezone.now()
    pilot_round.save(update_fields=["opened_at", *POINTS_FIELD.values()])
    give_dossiers(pilot_round, units)
    last_day = date(pilot_round.year, 12, 31)
    open_city_dossier(pilot_round, on=last_day)
    open_registers(pilot_round, on=last_day)
    RoundEvent.objects.create(
        pilot_round=pilot_round,
        kind="open",
        text=f"mở đợt cho {len(units)} đơn vị",
        by=by,
        note=", ".join(unit.name for unit in units),
    )
    return pilot_round


@transaction.atomic
def complete_round(
    *,
    pilot_round: PilotRound,
    points: Mapping[str, PointSet],
    on: date,
    standing_agency: Organisation | None = None,
) -> bool:
    """Give a round that was opened before there were registers, or a dossier of the city, what
    it lacks of them.

    `points` has the set of each subject; the registers are of the units of that day, as its
    participants are: a practice round bears a year in which they are no more. What the round has
    already stays; says whether anything was added.
    """
    pilot_round = PilotRound.objects.select_for_update(of=("self",)).get(pk=pilot_round.pk)
    if pilot_round.is_closed:
        return False
    lacking = [
        subject for subject, field in POINTS_FIELD.items() if getattr(pilot_round, field) is None
    ]
    for subject in lacking:
        setattr(pilot_round, POINTS_FIELD[subject], points[subject])
    if lacking:
        pilot_round.save(update_fields=[POINTS_FIELD[subject] for subject in lacking])
    has_lines = pilot_round.unit_results.exists()
    entered = 0 if has_lines else open_registers(pilot_round, on=on)
    if lacking or entered:
        RoundEvent.objects.create(
            pilot_round=pilot_round,
            kind="complete",
            text="bổ sung biểu điểm và danh sách đơn vị cho đợt đã mở",
            note="; ".join(str(points[subject]) for subject in lacking),
        )
    if pilot_round.standing_agency_id is None and standing_agency is not None:
        pilot_round.standing_agency = standing_agency
        pilot_round.save(update_fields=["standing_agency"])
    dossier = open_city_dossier(pilot_round, on=on)
    if dossier is not None:
        RoundEvent.objects.create(
            pilot_round=pilot_round,
            kind="complete",
            text="bổ sung hồ sơ thành phố cho đợt đã mở",
            note=dossier.unit.name,
        )
    return bool(lacking or entered or dossier)


@transaction.atomic
def extend(
    *, evaluation: Evaluation, until: date, reason: str, by: User, today: date | None = None
) -> Evaluation:
    """Give one unit until that day, to submit first or to supplement what was returned."""
    today = today or timezone.localdate()
    evaluation = locked(evaluation.pk)
    if not can_run_round(by, evaluation.pilot_round):
        raise PermissionDenied
    if evaluation.status not in EDITABLE:
        raise NothingToExtend
    if until < today or (evaluation.due_on and until <= evaluation.due_on):
        raise NotLater

    before = evaluation.due_on
    if evaluation.status == Status.RETURNED:
        evaluation.supplement_due_on = until
        evaluation.save(update_fields=["supplement_due_on"])
    else:
        evaluation.extended_until, evaluation.extension_reason = until, reason
        evaluation.save(update_fields=["extended_until", "extension_reason"])
    event = Event.objects.create(
        evaluation=evaluation,
        kind=EXTENSION,
        text=f"gia hạn đến {date_format(until)}",
        by=by,
        note=reason,
        detail={"before": before, "until": until},
    )
    name = evaluation.unit.name_in_sentence
    RoundEvent.objects.create(
        pilot_round=evaluation.pilot_round,
        kind=EXTENSION,
        text=f"gia hạn hồ sơ {name}: {_day(before)} → {_day(until)}",
        by=by,
        note=reason,
    )
    tell_of(event, evaluation)
    return evaluation


def _day(day: date | None) -> str:
    return date_format(day) if day else "chưa có hạn"


@transaction.atomic
def adopt_reading(
    *, pilot_round: PilotRound, question: str, choice: str, document: str, by: User
) -> AdoptedReading:
    """Record how the round reads one open sentence of the law, and on which document.

    Putting the reading in force on paper is always possible. Another reading is not, once a
    dossier of the round is appraised: its level was concluded and told under the present one.
    """
    pilot_round = held_round(pilot_round, by, can_change_round)
    question = AdoptedReading.Question(question)
    present = pilot_round.adopted_readings.filter(question=question).first()
    before = present.choice if present else AdoptedReading.CHOICES_OF[question][0]
    if choice != before and is_settled(pilot_round, question):
        raise ReadingIsSettled

    reading = present or AdoptedReading(pilot_round=pilot_round, question=question)
    reading.choice, reading.document = choice, document
    reading.adopted_by, reading.adopted_at = by, timezone.now()
    reading.full_clean()
    reading.save()
    old = AdoptedReading.Choice(before).label
    new = reading.get_choice_display()
    changed = f"{old} → {new}" if choice != before else new
    RoundEvent.objects.create(
        pilot_round=pilot_round,
        kind="reading",
        text=f"{question.label}: {changed}",
        by=by,
        note=f"Theo {document}",
    )
    return reading


def is_settled(pilot_round: PilotRound, question: str) -> bool:
    """Does a conclusion, or a submission of the city's, rest on this reading already?"""
    if question in READ_BY_DISTRICTS:
        return pilot_round.evaluations.filter(status__in=CONCLUDED).exists()
    dossier = pilot_round.evaluations.of_cities().exclude(status=Status.DRAFT).first()
    # The city's share was counted on this base, and went out with the dossier.
    return dossier is not None and not _counts_districts_anew(dossier)


def _counts_districts_anew(dossier: Evaluation) -> bool:
    """The council returned the city's dossier and asked about the share that has this base."""
    results = dossier.results.select_related("indicator")
    counted = [each for each in results if each.indicator.measure.counted_from == DISTRICTS]
    return dossier.status == Status.RETURNED and any(is_asked(each) for each in counted)


def _take_newest_points(pilot_round: PilotRound) -> None:
    """A round that is not opened yet takes the newest version of each of its point sets."""
    for subject, field in POINTS_FIELD.items():
        chosen = getattr(pilot_round, field)
        if chosen is None or chosen.subject != subject:
            raise WrongPoints(pilot_round.name)
        setattr(pilot_round, field, PointSet.objects.newest_of(chosen.code))
