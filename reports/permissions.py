"""Who may order which report about what. Rows a person may not know of never come here."""

from evaluations.models import Evaluation, PilotRound
from evaluations.permissions import can_see_board
from evaluations.workflow import EDITABLE
from organisations.models import UNIT_ROLES, Role, User
from reports.models import ReportRun


def can_order_self_assessment(user: User, evaluation: Evaluation) -> bool:
    """A unit its own, at any time; the Sở what a unit has submitted and not taken back."""
    if user.role in UNIT_ROLES:
        return user.organisation_id == evaluation.unit_id
    return user.role in {Role.APPRAISER, Role.APPROVER} and evaluation.status not in EDITABLE


def can_order_summary(user: User, pilot_round: PilotRound) -> bool:
    return can_see_board(user) and pilot_round.opened_at is not None


def can_retry(user: User, run: ReportRun) -> bool:
    """Send it again: whoever ordered it, and only while it stands still."""
    return run.requested_by_id == user.pk and run.is_stuck
