"""What a person is told whose step or verdict comes too late, or is another's to take.

The answer is still 403 and nothing is written; but the page says who moved the dossier on and
when, gives back what was typed, and names what can be done now.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Evaluation
from evaluations.permissions import can_open_appraisal, is_of_unit, steps_for
from evaluations.workflow import Step
from organisations.models import UNIT_ROLES, User


def moved_on(
    request: HttpRequest,
    evaluation: Evaluation,
    step_name: str,
    *,
    doing: str = "",
    typed: Iterable[tuple[str, str]] = (),
) -> HttpResponse:
    """For a step that was refused on the dossier as it is now.

    `doing` names what was tried where it is not the step itself; `typed` is what was typed, by
    label. Raises PermissionDenied where no state of the dossier would let this person do it.
    """
    user, step = request.user, evaluation.steps[step_name]
    if not _is_theirs_at_times(user, evaluation, step):
        raise PermissionDenied
    is_too_late = evaluation.status not in step.sources or (
        step.after_return not in {None, evaluation.was_returned}
    )
    context = {
        "evaluation": evaluation,
        "doing": doing or step.label.lower(),
        "is_too_late": is_too_late,
        "last": evaluation.events.steps().select_related("by__organisation").first(),
        "others": () if is_too_late else _others(user),
        "typed": [(label, text) for label, text in typed if text.strip()],
        "steps": steps_for(user, evaluation).values(),
        "is_appraising": can_open_appraisal(user, evaluation),
    }
    return render(request, "evaluations/moved_on.html", context, status=403)


def _is_theirs_at_times(user: User, evaluation: Evaluation, step: Step) -> bool:
    if user.role != step.role or step.by_decision or not evaluation.pilot_round.is_open:
        return False
    return step.role not in UNIT_ROLES or is_of_unit(user, evaluation)


def _others(user: User) -> list[User]:
    """Who of the same office and role could do it instead."""
    same = User.objects.filter(role=user.role, organisation=user.organisation_id, is_active=True)
    return list(same.exclude(pk=user.pk).order_by("full_name"))
