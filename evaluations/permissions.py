"""Who may do what to a dossier: state × owner × role, one question each, no raising.

Rows that a person may not know of never come here: `visible_to` turned them into a 404. Nothing
of a round that is closed, or not opened yet, takes a write of anybody: each question about a
write asks `PilotRound.is_open` too.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from evaluations.city_permissions import can_see_assignments, compiles, is_in_work, is_lead
from evaluations.models import (
    Assignment,
    CouncilSession,
    Document,
    Evaluation,
    Event,
    IndicatorAppraisal,
    IndicatorResult,
    Inspection,
    PilotRound,
    SessionItem,
    UnitEvent,
    UnitResult,
)
from evaluations.models.dossiers import EXTENSION, SENT_VERDICTS
from evaluations.unit_sheets import (
    KINDS_OF_THE_UNIT,
    OPEN_SHEETS,
    SENT_SHEETS,
    SHEET_STEPS,
    SheetParty,
    SheetStep,
)
from evaluations.workflow import (
    CONCLUDED,
    DECIDED,
    EDITABLE,
    INSPECTION_EVENTS,
    STEPS,
    Status,
)
from organisations.models import READING_ROLES, UNIT_ROLES, Organisation, Role, User

# A dossier that lies with the Sở, before its column is finished.
INSPECTABLE = frozenset({Status.SUBMITTED, Status.APPRAISING})
STEPS_OF_THE_AGENCY = [name for name, step in STEPS.items() if step.role not in UNIT_ROLES]
# None of these is writing for the unit.
EVENTS_OF_THE_AGENCY = [*STEPS_OF_THE_AGENCY, EXTENSION, *INSPECTION_EVENTS, *SENT_VERDICTS]


def is_of_unit(user: User, evaluation: Evaluation) -> bool:
    """The dossier is this person's own office's to hand in; of the city's, who compiles it."""
    if evaluation.is_of_city:
        return compiles(user, evaluation)
    return user.role in UNIT_ROLES and user.organisation_id == evaluation.unit_id


def can_edit(user: User, evaluation: Evaluation) -> bool:
    """Is this dossier with this person's office, to be completed and handed in?"""
    return _is_with_unit(evaluation) and is_of_unit(user, evaluation)


def can_write_for(user: User, result: IndicatorResult) -> bool:
    """Is the indicator this person's office's to state, and the dossier with who states it?

    Each of the city's is its lead agency's, until it is handed over.
    """
    evaluation = result.evaluation
    if evaluation.is_of_city:
        return _is_with_unit(evaluation) and is_lead(user, result) and is_in_work(result)
    return can_edit(user, evaluation)


def can_edit_result(user: User, result: IndicatorResult) -> bool:
    """The same, of a dossier that was returned only where more was asked for.

    A dossier returned without any request on an indicator opens whole.
    """
    return can_write_for(user, result) and is_asked(result)


def can_assign(user: User, evaluation: Evaluation) -> bool:
    """Give an indicator of the city's to another agency, or another day, while it is written."""
    return can_see_assignments(user, evaluation) and _is_with_unit(evaluation)


def returnable_parts(
    user: User, evaluation: Evaluation, assignments: Iterable[Assignment]
) -> set[int]:
    """`can_return_part` of many at once: the keys of the assignments that may go back."""
    if not compiles(user, evaluation) or not _is_with_unit(evaluation):
        return set()
    asked = set(asked_result_ids(evaluation)) if evaluation.status == Status.RETURNED else set()
    return {
        each.pk
        for each in assignments
        if each.is_handed_over and (not asked or each.result_id in asked)
    }


def can_return_part(user: User, result: IndicatorResult) -> bool:
    """Who compiles the city's dossier gives an indicator back that was handed over."""
    evaluation, assigned = result.evaluation, result.assigned
    return (
        compiles(user, evaluation)
        and _is_with_unit(evaluation)
        and assigned is not None
        and assigned.is_handed_over
        and is_asked(result)
    )


def asked_result_ids(evaluation: Evaluation) -> list[int]:
    """The results about which the Sở has sent a request that is not settled."""
    return list(
        IndicatorAppraisal.objects.filter(
            result__evaluation=evaluation, verdict=IndicatorAppraisal.Verdict.ASK, is_sent=True
        ).values_list("result_id", flat=True)
    )


def is_asked(result: IndicatorResult) -> bool:
    """Is this one of those that a dossier that was returned is open for? Of a draft all are."""
    if result.evaluation.status == Status.DRAFT:
        return True
    asked = set(asked_result_ids(result.evaluation))
    return not asked or result.pk in asked


def can_keep_document(user: User, document: Document) -> bool:
    """May this person write in the register that the paper belongs to?

    What a closed dossier shows of it is guarded besides: see `actions.papers`.
    """
    return user.role in UNIT_ROLES and user.organisation_id == document.unit_id


def can_see_accesses(user: User, document: Document) -> bool:
    """Who opened a paper concerns the unit's leader and the Sở."""
    if user.role in {Role.APPRAISER, Role.APPROVER}:
        return True
    return user.role == Role.LEADER and user.organisation_id == document.unit_id


def can_see_readings(user: User, evaluation: Evaluation) -> bool:
    """Who opened or fetched what of a dossier concerns its unit's leader and the Sở."""
    if user.role in {Role.APPRAISER, Role.APPROVER}:
        return True
    return user.role == Role.LEADER and is_of_unit(user, evaluation)


def can_appraise(user: User, evaluation: Evaluation) -> bool:
    """Who finishes the appraisal writes it: the Sở, of the city's own dossier the council."""
    return (
        user.role == evaluation.steps["finish"].role
        and evaluation.pilot_round.is_open
        and evaluation.status == Status.APPRAISING
        and not _wrote_in(user, evaluation)
    )


def can_open_appraisal(user: User, evaluation: Evaluation | None = None) -> bool:
    """The Sở's own pages, and for the city's dossier the council's; what may be written there is
    `can_appraise`'s question. Of the Sở itself where no dossier is given."""
    if evaluation is not None and evaluation.is_of_city:
        return user.role == evaluation.steps["finish"].role
    return user.role in {Role.APPRAISER, Role.APPROVER}


def can_see_appraisal(user: User, evaluation: Evaluation) -> bool:
    """The appraisal column is the Sở's own until it is sent to the unit with the dossier."""
    if can_open_appraisal(user, evaluation):
        return True
    return evaluation.status in CONCLUDED | {Status.RETURNED}


def can_take(
    user: User, evaluation: Evaluation, step_name: str, *, by_decision: bool = False
) -> bool:
    """`by_decision`: asked for a decision that is being recorded, not for a button."""
    step = evaluation.steps[step_name]
    if user.role != step.role or evaluation.status not in step.sources:
        return False
    if not evaluation.pilot_round.is_open:
        return False
    if step.by_decision != by_decision:
        return False
    if step.another_than and _took_part(user, evaluation, step.another_than):
        return False
    if step.after_return not in {None, evaluation.was_returned}:
        return False
    if step.role in UNIT_ROLES:
        return is_of_unit(user, evaluation)
    return not _wrote_in(user, evaluation)


def steps_for(user: User, evaluation: Evaluation) -> dict[str, object]:
    """The steps that this person could press now, by name, in the order of the table."""
    return {
        name: step for name, step in evaluation.steps.items() if can_take(user, evaluation, name)
    }


def can_keep_register(user: User, pilot_round: PilotRound, owner: Organisation) -> bool:
    """A district's people keep its register, the Sở's appraisers that of the city's agencies."""
    if not pilot_round.is_open:
        return False
    if owner.kind == Organisation.Kind.CITY:
        return user.role == Role.APPRAISER
    return user.role in UNIT_ROLES and user.organisation_id == owner.pk


def can_see_registers_of_all(user: User) -> bool:
    """Every district's register, to read; and the city's own."""
    return user.role in READING_ROLES and user.organisation.kind in {
        Organisation.Kind.AGENCY,
        Organisation.Kind.CITY,
    }


def fills_sheets(user: User) -> bool:
    """People of a commune or an agency: what they write for their office is its sheets."""
    return user.role in UNIT_ROLES and user.organisation.kind in {
        Organisation.Kind.COMMUNE,
        Organisation.Kind.AGENCY,
    }


def is_of_sheet(user: User, result: UnitResult) -> bool:
    """The sheet is this person's own office's."""
    return user.role in UNIT_ROLES and user.organisation_id == result.unit_id


def can_fill_sheet(user: User, result: UnitResult) -> bool:
    """A commune or an agency scores itself, until it has sent its sheet."""
    return (
        is_of_sheet(user, result)
        and result.in_scope
        and result.sheet_status in OPEN_SHEETS
        and result.pilot_round.is_open
    )


def can_read_sheet(user: User, result: UnitResult) -> bool:
    """What is being typed is the unit's own; others read what stands as it was sent."""
    return is_of_sheet(user, result) or result.sheet_status in SENT_SHEETS


def can_take_sheet_step(user: User, result: UnitResult, step_name: str) -> bool:
    step = SHEET_STEPS[step_name]
    if not result.in_scope or result.sheet_status not in step.sources:
        return False
    if step.party == SheetParty.UNIT_LEADER:
        may_send = user.role == Role.LEADER and is_of_sheet(user, result)
        return may_send and result.pilot_round.is_open
    may_keep = can_keep_register(user, result.pilot_round, result.owner)
    return may_keep and not is_of_sheet(user, result) and not filled_sheet(user, result)


def filled_sheet(user: User, result: UnitResult) -> bool:
    """Nobody confirms what they scored themselves, whatever their office is today."""
    return result.events.filter(by=user, kind__in=KINDS_OF_THE_UNIT).exists()


def sheet_steps_for(user: User, result: UnitResult) -> dict[str, SheetStep]:
    """The steps of the sheet that this person could press now, in the order of the table."""
    return {
        name: step for name, step in SHEET_STEPS.items() if can_take_sheet_step(user, result, name)
    }


def can_keep_sessions(user: User) -> bool:
    """The Sở prepares the council's sessions and keeps their minutes."""
    return user.role in {Role.APPRAISER, Role.APPROVER}


def can_plan_session(user: User, pilot_round: PilotRound) -> bool:
    return can_keep_sessions(user) and pilot_round.is_open


def can_write_in_session(user: User, session: CouncilSession) -> bool:
    """Closed it is frozen: what it concluded stands."""
    return can_keep_sessions(user) and not session.is_closed and session.pilot_round.is_open


def can_give_opinion(user: User, item: SessionItem) -> bool:
    """A member of this session, until it is closed, on a dossier that is still before it."""
    return (
        user.role == Role.COUNCIL
        and not item.session.is_closed
        and item.session.pilot_round.is_open
        and item.stands
        and any(member.person_id == user.pk for member in item.session.members.all())
        and not _wrote_in(user, item.evaluation)
    )


def can_read_opinions(user: User, item: SessionItem) -> bool:
    """The Sở reads all; a member the others' once theirs is given; after it every reader."""
    if can_keep_sessions(user):
        return True
    if item.session.is_closed:
        return user.role in READING_ROLES
    return any(
        opinion.by_id == user.pk and opinion.updated_at >= item.confirmed_at
        for opinion in item.opinions.all()
    )


def can_draw_inspection(user: User, evaluation: Evaluation) -> bool:
    """An appraiser, of a district's dossier that lies with the Sở."""
    return (
        user.role == Role.APPRAISER
        and evaluation.pilot_round.is_open
        and evaluation.unit.kind == Organisation.Kind.DISTRICT
        and evaluation.status in INSPECTABLE
        and not _wrote_in(user, evaluation)
    )


def can_write_in_inspection(user: User, inspection: Inspection) -> bool:
    """Closed it is frozen; what was found of a dossier that is decided comes too late."""
    evaluation = inspection.evaluation
    return (
        user.role == Role.APPRAISER
        and evaluation.pilot_round.is_open
        and not inspection.is_closed
        and evaluation.status not in DECIDED
        and not _wrote_in(user, evaluation)
    )


def can_feed(user: User, inspection: Inspection) -> bool:
    """What was found goes into the Sở's column by who may write there, once it stands."""
    return inspection.is_closed and can_appraise(user, inspection.evaluation)


def can_record_decisions(user: User) -> bool:
    return user.role == Role.APPROVER


def can_record_decision(user: User, pilot_round: PilotRound) -> bool:
    return can_record_decisions(user) and pilot_round.is_open


def can_manage_rounds(user: User) -> bool:
    return user.role == Role.ADMINISTRATOR


def can_plan_round(user: User, pilot_round: PilotRound) -> bool:
    """Its sets, its year, who takes part: all that opening it makes fixed."""
    return can_manage_rounds(user) and pilot_round.is_planned


def can_change_round(user: User, pilot_round: PilotRound) -> bool:
    """Its calendar and readings, as long as it is not closed."""
    return can_manage_rounds(user) and not pilot_round.is_closed


def can_run_round(user: User, pilot_round: PilotRound) -> bool:
    """While it is open: more time for a unit, who joins late, newer points, closing it."""
    return can_manage_rounds(user) and pilot_round.is_open


def can_reopen_round(user: User, pilot_round: PilotRound) -> bool:
    return can_manage_rounds(user) and pilot_round.is_closed


def can_edit_catalogue(user: User) -> bool:
    """New versions of point sets; what rounds judge by is never edited."""
    return user.role == Role.ADMINISTRATOR


def can_see_board(user: User) -> bool:
    return user.role in READING_ROLES


def _is_with_unit(evaluation: Evaluation) -> bool:
    return evaluation.pilot_round.is_open and evaluation.status in EDITABLE


def _took_part(user: User, evaluation: Evaluation, step_name: str) -> bool:
    """This person took that step last, or gave any of the verdicts that it concluded."""
    last = evaluation.events.filter(kind=step_name).first()
    verdicts = IndicatorAppraisal.objects.filter(result__evaluation=evaluation, decided_by=user)
    return (last is not None and last.by_id == user.pk) or verdicts.exists()


def _wrote_in(user: User, evaluation: Evaluation) -> bool:
    """Nobody appraises what they wrote themselves, whatever their role is today."""
    return evaluation.pk in written_in(user, [evaluation])


def written_in(user: User, evaluations: Iterable[Evaluation]) -> set[int]:
    """The keys of those of these dossiers in which this person wrote, in one query.

    The trails tell: that of a dossier has everybody's first writing, every paper added and every
    submission; those of the registers behind its counted figures have every line that was saved.
    """
    own = Event.objects.filter(evaluation=OuterRef("pk"), by=user)
    counted_from = UnitEvent.objects.filter(
        result__owner=OuterRef("unit"),
        result__pilot_round=OuterRef("pilot_round"),
        result__year=OuterRef("pilot_round__year"),
        by=user,
    )
    found = Evaluation.objects.filter(
        Exists(own.exclude(kind__in=EVENTS_OF_THE_AGENCY)) | Exists(counted_from),
        pk__in=[each.pk for each in evaluations],
    )
    return set(found.values_list("pk", flat=True))
