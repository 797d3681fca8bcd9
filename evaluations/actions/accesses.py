"""What of a dossier leaves the system, and into whose hands."""

from evaluations.models import DossierAccess, Evaluation
from organisations.models import User


def record_dossier_access(
    *, evaluation: Evaluation, kind: str, what: str, by: User
) -> DossierAccess:
    return DossierAccess.objects.create(evaluation=evaluation, kind=kind, what=what, by=by)
