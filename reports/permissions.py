"""Who may order which report about what. Rows a person may not know of never come here.

What tells of a round or a session tells of every district in it: it is for those alone who read
the whole city.
"""

from evaluations.models import CouncilSession, Evaluation, PilotRound
from evaluations.permissions import (
    can_keep_sessions,
    can_open_appraisal,
    can_see_board,
    is_of_unit,
)
from evaluations.workflow import CONCLUDED, EDITABLE, Status
from organisations.models import UNIT_ROLES, Role, User
from reports.models import ReportRun


def can_order_self_assessment(user: User, evaluation: Evaluation) -> bool:
    """A unit its own, at any time; the Sở what a unit has submitted and not taken back."""
    if user.role in UNIT_ROLES:
        return is_of_unit(user, evaluation)
    return user.role in {Role.APPRAISER, Role.APPROVER} and evaluation.status not in EDITABLE


def can_order_receipt(user: User, evaluation: Evaluation) -> bool:
    """Of what was submitted and not withdrawn: its unit, and the Sở that received it."""
    if evaluation.status == Status.DRAFT:
        return False
    return is_of_unit(user, evaluation) or can_open_appraisal(user)


def can_order_package(user: User, evaluation: Evaluation) -> bool:
    """Of what was submitted and not withdrawn: its unit, and the Sở, as with its receipt."""
    return can_order_receipt(user, evaluation)


def can_order_appraisal(user: User, evaluation: Evaluation) -> bool:
    """Once it is concluded, by the Sở or, of the city's own, by the council: for all readers."""
    return evaluation.status in CONCLUDED


def can_order_summary(user: User, pilot_round: PilotRound) -> bool:
    return _reads_whole_city(user) and pilot_round.opened_at is not None


def can_order_urging(user: User, pilot_round: PilotRound) -> bool:
    """The Sở reminds, while the round runs."""
    return _reads_whole_city(user) and can_open_appraisal(user) and pilot_round.is_open


def can_order_ministry(user: User, pilot_round: PilotRound) -> bool:
    """The Sở drafts it for the People's Committee of the city, also after the round is closed."""
    return can_open_appraisal(user) and can_order_summary(user, pilot_round)


def can_read_words(user: User) -> bool:
    """The page of the words of a report that this person may order: the Sở drafts them."""
    return can_open_appraisal(user)


def can_write_words(user: User, pilot_round: PilotRound) -> bool:
    """The same, while the round is open."""
    return can_read_words(user) and pilot_round.is_open


def can_order_minutes(user: User, session: CouncilSession) -> bool:
    """The Sở that keeps them, at any time; who sat in the session once it is closed."""
    if not _reads_whole_city(user):
        return False
    if can_keep_sessions(user):
        return True
    is_member = any(member.person_id == user.pk for member in session.members.all())
    return session.is_closed and user.role == Role.COUNCIL and is_member


def can_order_proposal(user: User, session: CouncilSession) -> bool:
    """The Sở, once the conclusions stand."""
    return _reads_whole_city(user) and can_keep_sessions(user) and session.is_closed


def can_order_draft_decision(user: User, session: CouncilSession) -> bool:
    """The same, on districts; on the city's own dossier the Ministry decides."""
    is_on_district = any(not item.evaluation.is_of_city for item in session.items.all())
    return can_order_proposal(user, session) and is_on_district


def can_move(user: User, run: ReportRun) -> bool:
    """Give it up or send it again: whoever ordered it, where it still has a way to go."""
    return run.requested_by_id == user.pk


def can_cancel(user: User, run: ReportRun) -> bool:
    """A button, as long as the run is not done."""
    return can_move(user, run) and run.is_active


def can_retry(user: User, run: ReportRun) -> bool:
    """A button, only while the run stands still."""
    return can_move(user, run) and run.is_stuck


def _reads_whole_city(user: User) -> bool:
    return can_see_board(user) and user.organisation.reads_whole_city
