"""The Sở's column: one verdict per indicator, private until the dossier is returned or finished."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from criteria.measures import Assessment
from evaluations.actions.guard import locked_for_appraisal
from evaluations.determination import Line, Mark, appraisal_of, find
from evaluations.models import Evaluation, Event, IndicatorAppraisal, IndicatorResult
from evaluations.models.dossiers import ADJUSTED, OVERRIDDEN
from organisations.models import User

Verdict = IndicatorAppraisal.Verdict


class Unexplained(Exception):
    """Other than what the unit has read as settled, and not said why."""


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
    override_reason: str | None = None,
    version: str | None = None,
) -> IndicatorAppraisal:
    """Accept, adjust with a reason, or ask for more about one indicator.

    A request that was sent before stops being sent when it is written anew: the unit reads the
    new one only when the dossier is returned again. Other than what the unit has read as settled
    is said only with a reason of its own (`override_reason`; None: that of the verdict), and told
    when it is sent. `version` is that of the page the verdict was given on, None for a caller
    that looks at the rows itself. Raises `guard.Closed`, Stale and Unexplained.
    """
    evaluation = locked_for_appraisal(result.evaluation_id, by)
    result = IndicatorResult.objects.with_appraisal().get(pk=result.pk)
    if version is not None and version != version_of(evaluation, result):
        raise Stale
    said = {
        "verdict": verdict,
        "typed": dict(typed or {}) if verdict == Verdict.ADJUST else {},
        "reason": "" if verdict == Verdict.ACCEPT else reason,
    }
    why = said["reason"] if override_reason is None else override_reason
    appraisal, _ = IndicatorAppraisal.objects.update_or_create(
        result=result,
        defaults={
            **said,
            **_standing(result, said, why.strip()),
            "private_note": private_note,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    return appraisal


def _standing(result: IndicatorResult, said: Mapping, why: str) -> dict:
    """Whether the unit has read what is said now and, if it has read otherwise, what and why."""
    old = appraisal_of(result)
    read = read_by_unit(old)
    if read is None:
        return {"is_sent": False, "superseded": None, "override_reason": ""}
    if all(read[name] == value for name, value in said.items()):
        # Only the private note, or back to what was sent.
        earlier = old.superseded if old.is_sent else None
        return {
            "is_sent": True,
            "superseded": earlier,
            "override_reason": old.override_reason if earlier else "",
        }
    if not why:
        raise Unexplained
    if old.is_sent:
        read |= {"words": verdict_words(_fresh_line(result))}
    return {"is_sent": False, "superseded": read, "override_reason": why}


def read_by_unit(appraisal: IndicatorAppraisal | None) -> dict | None:
    """What the unit knows as settled of this indicator; None where nothing was sent or the last
    that was sent asked for more: to settle that overrides nothing."""
    if appraisal is None:
        return None
    if not appraisal.is_sent:
        return appraisal.superseded
    if appraisal.verdict == Verdict.ASK:
        return None
    return {name: getattr(appraisal, name) for name in ("verdict", "typed", "reason")}


def verdict_words(line: Line) -> str:
    """The Sở's verdict as the trail tells it: "điều chỉnh: 82/92, 89,1 %, Mức 2"."""
    said = line.appraisal.get_verdict_display().lower()
    if line.is_asking:
        return said
    return f"{said}: {figure_words(line.appraised, line.appraised_verdict)}"


def figure_words(assessment: Assessment, mark: Mark) -> str:
    """ "82/92, 89,1 %, Mức 2"; of a document the word alone."""
    return ", ".join(word for word in (assessment.figure, assessment.shown, mark.word) if word)


def send_verdicts(evaluation: Evaluation) -> None:
    """From here on the unit reads the Sở's column.

    Each figure that the Sở put in the place of the unit's leaves an event with both, and so does
    each verdict that is other than the one sent before; told when the unit may read it, not when
    it was written, by whom it was decided.
    """
    fresh = Evaluation.objects.with_results().get(pk=evaluation.pk)
    for line in find(fresh).lines:
        if line.appraisal is None or line.appraisal.is_sent:
            continue
        if line.appraisal.superseded is not None:
            old, new = line.appraisal.superseded["words"], verdict_words(line)
            _tell(line, OVERRIDDEN, f"{fresh.appraised_by} đổi kết luận đã gửi", old, new)
        elif line.differs:
            old = figure_words(line.self_assessed, line.mark)
            new = figure_words(line.appraised, line.appraised_verdict)
            _tell(line, ADJUSTED, f"{fresh.appraised_by} điều chỉnh", old, new)
    IndicatorAppraisal.objects.filter(result__evaluation=evaluation).update(is_sent=True)


def _tell(line: Line, kind: str, what: str, old: str, new: str) -> None:
    appraisal = line.appraisal
    Event.objects.create(
        evaluation_id=line.result.evaluation_id,
        kind=kind,
        text=f"{line.code}: {what}",
        by=appraisal.decided_by,
        note=appraisal.override_reason or appraisal.reason,
        detail={
            "indicator": line.code,
            "changes": {"appraisal": {"old": old, "new": new}},
            "reason": appraisal.reason,
        },
    )


def _fresh_line(result: IndicatorResult) -> Line:
    fresh = Evaluation.objects.with_results().get(pk=result.evaluation_id)
    return next(line for line in find(fresh).lines if line.result.pk == result.pk)


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
