"""The one door for writes: lock the dossier, ask again on the locked row, then let in.

Of two people acting at once the second waits and is asked on what the first left behind.
PostgreSQL locks the row; SQLite, opened IMMEDIATE, has the whole database at the transaction's
begin, so the same code is safe there.
"""

from django.core.exceptions import PermissionDenied

from evaluations.models import Document, Evaluation, IndicatorResult
from evaluations.permissions import can_appraise, can_edit, can_edit_result, can_keep_document
from organisations.models import User


class Closed(PermissionDenied):
    """The dossier does not take this write now: its state, its owner or the role forbid it."""


def locked(evaluation_id: int) -> Evaluation:
    """The dossier's row, held until the transaction ends."""
    return Evaluation.objects.select_for_update(of=("self",)).for_display().get(pk=evaluation_id)


def locked_for_unit(evaluation_id: int, by: User) -> Evaluation:
    """For a write of the unit that belongs to no single indicator."""
    evaluation = locked(evaluation_id)
    if not can_edit(by, evaluation):
        raise Closed
    return evaluation


def locked_result(result: IndicatorResult, by: User) -> IndicatorResult:
    """For a write of the unit on one indicator: text, figures or evidence. Fresh from the row."""
    evaluation = locked(result.evaluation_id)
    fresh = IndicatorResult.objects.select_related("indicator").get(pk=result.pk)
    fresh.evaluation = evaluation
    if not can_edit_result(by, fresh):
        raise Closed
    return fresh


def locked_for_appraisal(evaluation_id: int, by: User) -> Evaluation:
    """For a write of the Sở in its own column."""
    evaluation = locked(evaluation_id)
    if not can_appraise(by, evaluation):
        raise Closed
    return evaluation


def locked_register(unit_id: int) -> None:
    """Every dossier of a unit, always in one order: any of them may cite any of its papers."""
    rows = Evaluation.objects.select_for_update(of=("self",)).filter(unit=unit_id).order_by("pk")
    list(rows.values_list("pk"))


def locked_document(document: Document, by: User) -> Document:
    """For a write on a paper of the unit's register. Fresh from the row."""
    locked_register(document.unit_id)
    fresh = Document.objects.get(pk=document.pk)
    if not can_keep_document(by, fresh):
        raise Closed
    return fresh
