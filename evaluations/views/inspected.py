"""The inspections of one dossier, for the pages of the dossier and of its registers."""

from django.urls import reverse

from evaluations.models import Evaluation, Inspection, PilotRound
from evaluations.permissions import can_draw_inspection
from organisations.models import Organisation, User


def inspections_context(user: User, evaluation: Evaluation) -> dict:
    """What `inspections/of_dossier.html` prints; one query, and one more for an appraiser."""
    found = Inspection.objects.visible_to(user).filter(evaluation=evaluation).for_display()
    may_draw = can_draw_inspection(user, evaluation)
    return {
        "inspections": list(found),
        "draw_inspection_url": reverse("evaluations:draw-inspection", args=[evaluation.pk])
        if may_draw
        else "",
    }


def inspections_of_register(
    user: User, pilot_round: PilotRound, owner: Organisation
) -> list[Inspection]:
    """Those in which units of the owner's lists were drawn in this round."""
    found = Inspection.objects.visible_to(user).filter(
        evaluation__pilot_round=pilot_round, evaluation__unit=owner
    )
    return list(found.select_related("evaluation__unit"))
