"""Who may do what to a dossier: state × owner × role, one question each, no raising.

Rows that a person may not know of never come here: `visible_to` turned them into a 404.
"""

from evaluations.models import Document, Evaluation, IndicatorAppraisal, IndicatorResult
from evaluations.models.dossiers import EXTENSION
from evaluations.workflow import EDITABLE, STEPS, Status
from organisations.models import READING_ROLES, UNIT_ROLES, Role, User

STEPS_OF_THE_AGENCY = [name for name, step in STEPS.items() if step.role not in UNIT_ROLES]


def is_of_unit(user: User, evaluation: Evaluation) -> bool:
    """The dossier is this person's own office's."""
    return user.role in UNIT_ROLES and user.organisation_id == evaluation.unit_id


def can_edit(user: User, evaluation: Evaluation) -> bool:
    """May this person write anything at all into the unit's own column now?"""
    return evaluation.status in EDITABLE and is_of_unit(user, evaluation)


def can_edit_result(user: User, result: IndicatorResult) -> bool:
    """The same for one indicator: a returned dossier opens only what the Sở asked about.

    A dossier returned without any request on an indicator opens whole.
    """
    evaluation = result.evaluation
    if not can_edit(user, evaluation):
        return False
    if evaluation.status == Status.DRAFT:
        return True
    asked = set(asked_result_ids(evaluation))
    return not asked or result.pk in asked


def asked_result_ids(evaluation: Evaluation) -> list[int]:
    """The results about which the Sở has sent a request that is not settled."""
    return list(
        IndicatorAppraisal.objects.filter(
            result__evaluation=evaluation, verdict=IndicatorAppraisal.Verdict.ASK, is_sent=True
        ).values_list("result_id", flat=True)
    )


def can_keep_document(user: User, document: Document) -> bool:
    """May this person write in the register that the paper belongs to?

    What a closed dossier shows of it is guarded besides: see `actions.evidence`.
    """
    return user.role in UNIT_ROLES and user.organisation_id == document.unit_id


def can_see_accesses(user: User, document: Document) -> bool:
    """Who opened a paper concerns the unit's leader and the Sở."""
    if user.role in {Role.APPRAISER, Role.APPROVER}:
        return True
    return user.role == Role.LEADER and user.organisation_id == document.unit_id


def can_appraise(user: User, evaluation: Evaluation) -> bool:
    return (
        user.role == Role.APPRAISER
        and evaluation.status == Status.APPRAISING
        and not _wrote_in(user, evaluation)
    )


def can_open_appraisal(user: User) -> bool:
    """The Sở's own pages; what may be written there is `can_appraise`'s question."""
    return user.role in {Role.APPRAISER, Role.APPROVER}


def can_see_appraisal(user: User, evaluation: Evaluation) -> bool:
    """The appraisal column is the Sở's own until it is sent to the unit with the dossier."""
    if can_open_appraisal(user):
        return True
    return evaluation.status in {Status.RETURNED, Status.APPRAISED}


def can_take(user: User, evaluation: Evaluation, step_name: str) -> bool:
    step = STEPS[step_name]
    if user.role != step.role or evaluation.status not in step.sources:
        return False
    if step.after_return not in {None, evaluation.was_returned}:
        return False
    if step.role in UNIT_ROLES:
        return is_of_unit(user, evaluation)
    return not _wrote_in(user, evaluation)


def steps_for(user: User, evaluation: Evaluation) -> dict[str, object]:
    """The steps that this person could press now, by name, in the order of the table."""
    return {name: step for name, step in STEPS.items() if can_take(user, evaluation, name)}


def can_manage_rounds(user: User) -> bool:
    return user.role == Role.ADMINISTRATOR


def can_see_board(user: User) -> bool:
    return user.role in READING_ROLES


def _wrote_in(user: User, evaluation: Evaluation) -> bool:
    """Nobody appraises what they wrote themselves, whatever their role is today.

    The trail tells: it has everybody's first writing, every paper added and every submission.
    """
    own = evaluation.events.filter(by=user)
    return own.exclude(kind__in=[*STEPS_OF_THE_AGENCY, EXTENSION]).exists()
