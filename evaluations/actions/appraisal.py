"""The Sở's column: one verdict per indicator, private until the dossier is returned or finished."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from evaluations.actions.guard import locked_for_appraisal
from evaluations.determination import appraisal_of, find
from evaluations.models import Evaluation, IndicatorAppraisal, IndicatorResult
from organisations.models import User

Verdict = IndicatorAppraisal.Verdict


class Stale(Exception):
    """The page shows what is no longer so: a new submission, or another person's verdict."""


def version_of(evaluation: Evaluation, result: IndicatorResult) -> str:
    """What an appraisal page was drawn from; a verdict is taken only on the same."""
    appraisal = appraisal_of(result)
    decided = appraisal.decided_at.isoformat() if appraisal else ""
    return f"{evaluation.snapshots.count()}:{decided}"


@transaction.atomic
def appraise(
    *,
    result: IndicatorResult,
    verdict: str,
    by: User,
    typed: Mapping[str, str] | None = None,
    reason: str = "",
    private_note: str = "",
    version: str | None = None,
) -> IndicatorAppraisal:
    """Accept, adjust with a reason, or ask for more about one indicator.

    A request that was sent before stops being sent when it is written anew: the unit reads the
    new one only when the dossier is returned again. `version` is that of the page the verdict was
    given on, None for a caller that looks at the rows itself. Raises `guard.Closed` and Stale.
    """
    evaluation = locked_for_appraisal(result.evaluation_id, by)
    result = IndicatorResult.objects.with_appraisal().get(pk=result.pk)
    if version is not None and version != version_of(evaluation, result):
        raise Stale
    keeps_figures = verdict == Verdict.ADJUST
    appraisal, _ = IndicatorAppraisal.objects.update_or_create(
        result=result,
        defaults={
            "verdict": verdict,
            "typed": dict(typed or {}) if keeps_figures else {},
            "reason": "" if verdict == Verdict.ACCEPT else reason,
            "private_note": private_note,
            "is_sent": False,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    return appraisal


@transaction.atomic
def accept_rest(*, evaluation: Evaluation, by: User) -> list[str]:
    """Accept every indicator without a verdict that the unit has assessed; their codes.

    A claim of "không áp dụng" is never accepted in bulk: it is decided on its own page.
    """
    locked_for_appraisal(evaluation.pk, by)
    fresh = Evaluation.objects.with_results().get(pk=evaluation.pk)
    open_lines = [line for line in find(fresh).lines if is_acceptable_in_bulk(line)]
    for line in open_lines:
        appraise(result=line.result, verdict=Verdict.ACCEPT, by=by)
    return [line.code for line in open_lines]


def is_acceptable_in_bulk(line) -> bool:
    """Assessed by the unit, applicable, and not looked at by the Sở."""
    is_assessed = line.self_assessed.met is not None or line.self_assessed.share is not None
    return line.appraisal is None and is_assessed and not line.result.typed.get("not_applicable")
