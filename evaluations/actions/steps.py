"""The only code that moves a dossier: lock, ask, check, change, record."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from evaluations.actions.appraisal import send_verdicts
from evaluations.actions.city import reopen_parts
from evaluations.actions.guard import locked
from evaluations.actions.notices import tell_of
from evaluations.checking import Check, check, registers_of
from evaluations.determination import Finding, find, find_last_year
from evaluations.districts import count_from_names
from evaluations.models import (
    Evaluation,
    Event,
    IndicatorAppraisal,
    IndicatorResult,
    Snapshot,
)
from evaluations.permissions import can_take
from evaluations.snapshots import content_hash, dossier_content
from evaluations.workflow import STEPS
from organisations.models import User

Verdict = IndicatorAppraisal.Verdict


class NotReady(Exception):
    """The dossier cannot take this step yet; the text says what is missing, in Vietnamese."""

    def __init__(self, text: str, check: Check | None = None):
        super().__init__(text)
        self.text = text
        self.check = check


@transaction.atomic
def take_step(
    *,
    evaluation: Evaluation,
    step_name: str,
    by: User,
    note: str = "",
    due_on: date | None = None,
    reasons: Mapping[str, str] | None = None,
    decided: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Take one step of the workflow and record who took it.

    `reasons` answers the doubts of the check page by kind; `due_on` is the day by which a
    returned dossier should be back; `decided` is what a decision being recorded says of the
    dossier, for the steps that only a decision takes. Raises PermissionDenied or NotReady;
    nothing is half-taken.
    """
    evaluation = locked(evaluation.pk)
    if not can_take(by, evaluation, step_name, by_decision=decided is not None):
        raise PermissionDenied
    step = evaluation.steps[step_name]
    if step.needs_note and not note.strip():
        raise NotReady("Cần ghi rõ lý do.")

    detail = _BEFORE.get(step_name, _nothing)(evaluation, reasons or {}, by, due_on)
    detail |= decided or {}
    evaluation.status = step.target
    evaluation.status_since = timezone.now()
    evaluation.save(
        update_fields=["status", "status_since", "first_submitted_at", "supplement_due_on"]
    )
    event = Event.objects.create(
        evaluation=evaluation, kind=step_name, text=step.done, by=by, note=note, detail=detail
    )
    tell_of(event, evaluation)
    return evaluation


def _submit(evaluation: Evaluation, reasons: Mapping[str, str], by: User, due_on) -> dict:
    fresh = _fresh(evaluation)
    districts = count_from_names(fresh) if fresh.is_of_city else None
    finding = find(fresh)
    found = check(finding, registers_of(finding), find_last_year(fresh))
    if not found.is_ready:
        raise NotReady(f"Còn {len(found.errors)} lỗi phải sửa trước khi gửi.", found)
    unanswered = [d for d in found.doubts if not reasons.get(d.kind, "").strip()]
    if unanswered:
        raise NotReady("Mỗi điều cần lưu ý phải có lý do trước khi gửi.", found)
    confirmed = [
        {
            "kind": doubt.kind,
            "text": doubt.text,
            "indicators": [line.code for line in doubt.lines],
            "reason": reasons[doubt.kind].strip(),
        }
        for doubt in found.doubts
    ]
    evaluation.first_submitted_at = evaluation.first_submitted_at or timezone.now()
    _keep_counts(finding)
    fresh.status = STEPS["submit"].target  # the snapshot is of the dossier as it leaves
    content = dossier_content(fresh, finding, districts) | {"confirmed_doubts": confirmed}
    number = evaluation.snapshots.count() + 1
    snapshot = Snapshot.objects.create(
        evaluation=evaluation,
        number=number,
        content=content,
        sha256=content_hash(content),
        taken_by=by,
    )
    return {"snapshot": snapshot.pk, "number": number, "confirmed_doubts": confirmed}


def _keep_counts(finding: Finding) -> None:
    """From here on a figure counted from a register is what was submitted."""
    counted = [line.result for line in finding.lines if line.is_derived]
    IndicatorResult.objects.bulk_update(counted, ["typed"])


def _return(evaluation: Evaluation, reasons, by: User, due_on: date | None) -> dict:
    if due_on is None or due_on < timezone.localdate():
        raise NotReady("Chọn hạn bổ sung từ hôm nay trở đi.")
    asks = list(
        _appraisals(evaluation)
        .filter(verdict=Verdict.ASK)
        .select_related("result__indicator")
        .order_by("result__indicator__position")
    )
    if not asks:
        raise NotReady(
            "Chưa yêu cầu bổ sung ở chỉ báo nào. Mở chỉ báo cần bổ sung, chọn “Yêu cầu bổ sung”."
        )
    unread = [ask.result.indicator.code for ask in asks if ask.is_sent]
    if unread:
        raise NotReady(
            f"Đơn vị đã trả lời {', '.join(unread)}: kết luận, hoặc ghi lại yêu cầu rồi mới trả."
        )
    asked = [{"indicator": ask.result.indicator.code, "reason": ask.reason} for ask in asks]
    # A new request wants a new reply; the old one stays in the trail of the last submission.
    IndicatorResult.objects.filter(appraisal__in=asks).update(reply="")
    send_verdicts(evaluation)
    reopen_parts(asks, by)
    evaluation.supplement_due_on = due_on
    return {"asked": asked, "due_on": due_on}


def _finish(evaluation: Evaluation, reasons, by: User, due_on) -> dict:
    # The round is held by the guard: a reading of the law adopted meanwhile has to wait until
    # the level is on record.
    finding = find(_fresh(evaluation))
    if not finding.is_fully_decided:
        left = [line.code for line in finding.lines if not line.is_decided]
        raise NotReady(f"Còn {len(left)} chỉ báo chưa kết luận: {', '.join(left)}.")
    if not finding.appraised.is_complete:
        left = ", ".join(finding.appraised.not_assessed)
        raise NotReady(f"Chưa đủ số liệu để kết luận {left}: điều chỉnh hoặc yêu cầu bổ sung.")
    send_verdicts(evaluation)
    determination = finding.appraised
    return {
        "level": determination.level,
        "sentence": determination.sentence,
        "self_assessed_level": finding.self_assessed.level,
    }


def _nothing(evaluation: Evaluation, reasons, by: User, due_on) -> dict:
    return {}


def _fresh(evaluation: Evaluation) -> Evaluation:
    """The locked dossier with all its rows, read after the lock."""
    return Evaluation.objects.with_results().get(pk=evaluation.pk)


def _appraisals(evaluation: Evaluation):
    return IndicatorAppraisal.objects.filter(result__evaluation=evaluation)


_BEFORE = {"submit": _submit, "return": _return, "finish": _finish}
