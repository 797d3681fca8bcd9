"""Who may do what with one indicator of the city's dossier: its agency, and who compiles.

An agency writes in what is assigned to it until it hands it over; the standing agency's people
compile, and move assignments, as the administrator does. `permissions` asks these, and about the
state of the dossier and of its round besides.
"""

from evaluations.models import Evaluation, IndicatorResult
from organisations.models import UNIT_ROLES, Role, User


def compiles(user: User, evaluation: Evaluation) -> bool:
    """Of the standing agency of the dossier's round: reads all of it, and hands it in."""
    return (
        evaluation.is_of_city
        and user.role in UNIT_ROLES
        and user.organisation_id == evaluation.pilot_round.standing_agency_id
    )


def is_lead(user: User, result: IndicatorResult) -> bool:
    """The indicator is assigned to this person's own office."""
    assigned = result.assigned
    return (
        assigned is not None
        and user.role in UNIT_ROLES
        and user.organisation_id == assigned.agency_id
    )


def is_in_work(result: IndicatorResult) -> bool:
    """Its agency has it, and has not handed it over."""
    return result.assigned is not None and result.assigned.is_open


def sees_whole(user: User, evaluation: Evaluation) -> bool:
    """Of a dossier known to this person: all of it, or only what their agency fills."""
    return (
        not evaluation.is_of_city
        or user.role not in UNIT_ROLES
        or user.organisation_id == evaluation.unit_id
        or compiles(user, evaluation)
    )


def can_see_assignments(user: User, evaluation: Evaluation) -> bool:
    """Who has which indicator, and who owes it."""
    return compiles(user, evaluation) or (evaluation.is_of_city and user.role == Role.ADMINISTRATOR)
