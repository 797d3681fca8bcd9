"""Verbs on the parts of the city's dossier: assign one, hand it over, give it back, copy all.

Each holds the dossier and asks again on the row, as every write in it does, so that of a
hand-over and a return at one moment the second is asked on what the first left behind.
"""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.actions.guard import Closed, locked, locked_result
from evaluations.actions.notices import tell_of_part
from evaluations.actions.steps import NotReady
from evaluations.actions.trails import tell
from evaluations.checking import check_part, registers_of
from evaluations.determination import find
from evaluations.leads import possible_leads
from evaluations.models import Assignment, Evaluation, IndicatorResult, PilotRound
from evaluations.permissions import can_assign, can_return_part, is_asked
from evaluations.workflow import ASSIGNED, HANDED_OVER, PART_RETURNED
from organisations.models import Organisation, User

State = Assignment.State
NOT_ASKED = (
    "Hội đồng không yêu cầu bổ sung chỉ báo này nên giữ nguyên như đã bàn giao; "
    "chỉ đổi được cơ quan ở chỉ báo hội đồng yêu cầu bổ sung."
)


@transaction.atomic
def hand_over(*, result: IndicatorResult, by: User, note: str = "") -> Assignment:
    """The agency is done with its indicator; from here on it reads it, until it is given back.

    Raises `guard.Closed`, and NotReady where something is missing.
    """
    result = locked_result(result, by)
    if result.assigned is None:
        raise Closed
    finding = find(Evaluation.objects.with_results().get(pk=result.evaluation_id))
    line = finding.line(result.indicator.code)
    found = check_part(line, registers_of(finding))
    if not found.is_ready:
        raise NotReady(found.errors[0].text, found)
    assignment = _moved(result.assignment, State.HANDED_OVER, by)
    text = f"{line.code}: bàn giao cho cơ quan thường trực"
    tell_of_part(tell(result, HANDED_OVER, text, by, note=note), result)
    return assignment


@transaction.atomic
def return_part(*, result: IndicatorResult, reason: str, by: User) -> Assignment:
    """Who compiles gives one indicator back to its agency, which reads why.

    Raises PermissionDenied, also where it was given back already; NotReady without a reason.
    """
    result = _held(result)
    if not can_return_part(by, result):
        raise PermissionDenied
    if not reason.strip():
        raise NotReady("Ghi lý do trả lại: cơ quan sẽ đọc lý do này.")
    assignment = _moved(result.assignment, State.RETURNED, by, reason)
    text = f"{result.indicator.code}: trả lại {assignment.agency} để làm tiếp"
    tell_of_part(tell(result, PART_RETURNED, text, by, note=reason), result)
    return assignment


@transaction.atomic
def assign(
    *, result: IndicatorResult, agency: Organisation | None, due_on: date | None, by: User
) -> Assignment:
    """Another agency leads from now on, or by another day. What was written stays with the
    indicator; the agency that had it sees it no longer.

    Raises PermissionDenied; NotReady for an office that fills no part of the city's dossier, and
    for an indicator that the council, which returned the dossier, did not ask about.
    """
    result = _held(result)
    if not can_assign(by, result.evaluation) or result.assigned is None:
        raise PermissionDenied
    if agency is not None and agency not in possible_leads(result.evaluation):
        raise NotReady(f"{agency} không phải cơ quan của thành phố.")
    assignment = result.assignment
    changed = []
    if assignment.agency_id != (agency.pk if agency else None):
        if not is_asked(result):
            # Closed to every agency: in new hands it could not be handed over again.
            raise NotReady(NOT_ASKED)
        old, assignment.agency = assignment.agency, agency
        changed.append(f"{old or 'chưa giao'} → {agency or 'chưa giao'}")
        # Whoever had it handed over something that is another's to answer for now.
        assignment.state, assignment.since = State.WORKING, timezone.now()
        assignment.moved_by, assignment.reason = by, ""
    if assignment.due_on != due_on:
        assignment.due_on = due_on
        changed.append(f"hạn {date_format(due_on)}" if due_on else "bỏ hạn riêng")
    if changed:
        assignment.save()
        text = f"{result.indicator.code}: phân công, {'; '.join(changed)}"
        event = tell(result, ASSIGNED, text, by)
        if agency is not None:
            tell_of_part(event, result)
    return assignment


@transaction.atomic
def copy_assignments(*, from_round: PilotRound, to_round: PilotRound, by: User) -> int:
    """The leads of an earlier round, indicator by indicator of the same code; gives how many moved.

    Dates are not copied: they were of that year. What is not begun with moves, the rest stays.
    Raises PermissionDenied.
    """
    found = to_round.evaluations.of_cities().first()
    if found is None:
        raise PermissionDenied
    dossier = locked(found.pk)
    if not can_assign(by, dossier):
        raise PermissionDenied
    earlier = {
        each.result.indicator.code: each.agency
        for each in Assignment.objects.of_round(from_round).for_display()
    }
    possible = set(possible_leads(dossier))  # an office that is no more leads nothing
    results = dossier.results.with_assignment().select_related("indicator")
    moved = 0
    for result in results:
        agency = earlier.get(result.indicator.code)
        is_untouched = result.updated_at is None and result.assignment.state == State.WORKING
        if agency not in possible or agency.pk == result.assignment.agency_id or not is_untouched:
            continue
        result.evaluation = dossier
        assign(result=result, agency=agency, due_on=result.assignment.due_on, by=by)
        moved += 1
    return moved


def _held(result: IndicatorResult) -> IndicatorResult:
    """The indicator with its assignment as they are under the lock of the dossier."""
    evaluation = locked(result.evaluation_id)
    fresh = IndicatorResult.objects.with_assignment().select_related("indicator").get(pk=result.pk)
    fresh.evaluation = evaluation
    return fresh


def _moved(assignment: Assignment, state: str, by: User, reason: str = "") -> Assignment:
    assignment.state, assignment.since = state, timezone.now()
    assignment.moved_by, assignment.reason = by, reason
    assignment.save(update_fields=["state", "since", "moved_by", "reason"])
    return assignment
