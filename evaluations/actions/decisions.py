"""Recording a signed decision, and correcting it by another one.

The scanned file is looked into, hashed and scanned before anything is locked. Then the dossiers
are held in the order of their keys, so that of two people recording at once the second is asked
on what the first left behind.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from evaluations.actions.guard import locked
from evaluations.actions.steps import NotReady, take_step
from evaluations.determination import find
from evaluations.models import (
    Decision,
    DecisionAccess,
    DecisionLine,
    Evaluation,
    PilotRound,
    SessionItem,
    Snapshot,
)
from evaluations.models.evidence import opaque_path
from evaluations.permissions import can_record_decisions, can_take
from evaluations.scanning import scan
from evaluations.snapshots import content_hash, dossier_content, indicators_in
from evaluations.storage import sha256_of, stored
from evaluations.validators import JPEG, PDF, PNG, CheckedFile, check_file
from evaluations.workflow import DECIDED, Status
from organisations.models import User

NOT_A_SCAN = "không phải bản quét. Quét hoặc chụp quyết định đã ký thành PDF, JPEG hay PNG."
KNOWN = "Quyết định số này, ký ngày này đã được ghi. Xem danh sách quyết định."
DIFFERS = "{}: mức độ khác {} thì phải ghi lý do."


@dataclass(frozen=True)
class Said:
    """What the decision says of one dossier; the reason where it differs from what came before."""

    evaluation_id: int
    level: int
    reason: str = ""


def record_decision(
    *,
    pilot_round: PilotRound,
    details: Mapping[str, Any],
    lines: Collection[Said],
    uploaded: File,
    by: User,
) -> Decision:
    """The decision on dossiers that the council has concluded; it freezes their levels.

    Raises PermissionDenied, NotReady, ValidationError for a file that is not taken in,
    `scanning.Infected`, `scanning.ScannerSilent`, `storage.StorageRefuses`; nothing is recorded
    by half.
    """
    if not can_record_decisions(by):
        raise PermissionDenied
    if not lines:
        raise NotReady("Chọn ít nhất một hồ sơ mà quyết định nêu tên.")
    checked, sha256 = _looked_into(uploaded)
    with stored(opaque_path(None, ""), uploaded) as path, transaction.atomic():
        held = _held(lines)
        for said, evaluation in held:
            _refuse_undecidable(said, evaluation, pilot_round, by)
        _refuse_mixed([evaluation for _, evaluation in held])
        decision = _create(pilot_round, details, path, checked, sha256, by)
        for said, evaluation in held:
            step_name = "recognise" if said.level else "decline"
            _take(decision, said, evaluation, step_name, by)
            snapshot = _freeze(decision, said, evaluation, by)
            _line(decision, said, snapshot)
        return decision


def correct_decision(
    *,
    decision: Decision,
    details: Mapping[str, Any],
    reason: str,
    lines: Collection[Said],
    uploaded: File,
    by: User,
) -> Decision:
    """Another decision in the place of one that was wrong; the old one stays readable.

    It says of every dossier of the old one what stands from now on, and rests on the snapshots of
    the old one: only the level moves. Raises as `record_decision`.
    """
    if not can_record_decisions(by):
        raise PermissionDenied
    if not reason.strip():
        raise NotReady("Ghi lý do thay quyết định trước.")
    checked, sha256 = _looked_into(uploaded)
    with stored(opaque_path(None, ""), uploaded) as path, transaction.atomic():
        held = _held(lines)
        old = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if newer := Decision.objects.filter(corrects=old).first():
            raise NotReady(f"{old} đã được thay bằng {newer.name_in_sentence}.")
        before = {line.evaluation_id: line for line in old.lines.all()}
        if {said.evaluation_id for said in lines} != before.keys():
            raise NotReady("Quyết định thay phải nêu đủ các hồ sơ của quyết định trước.")
        for said, evaluation in held:
            if said.level != before[said.evaluation_id].level and not said.reason.strip():
                raise NotReady(DIFFERS.format(evaluation.unit.name, "quyết định trước"))
        new = _create(
            old.pilot_round, details, path, checked, sha256, by, corrects=old, reason=reason
        )
        for said, evaluation in held:
            step_name = "recognise-anew" if said.level else "decline-anew"
            _take(new, said, evaluation, step_name, by, corrects=old.pk)
            _line(new, said, before[said.evaluation_id].snapshot)
        return new


def record_access(*, decision: Decision, kind: str, by: User) -> DecisionAccess:
    return DecisionAccess.objects.create(decision=decision, kind=kind, by=by)


def conclusion_on(evaluation: Evaluation) -> SessionItem | None:
    """What the council concluded last on the dossier as it is confirmed now."""
    return SessionItem.objects.concluded().filter(evaluation=evaluation).first()


def _looked_into(uploaded: File) -> tuple[CheckedFile, str]:
    checked = check_file(uploaded)
    if checked.kind not in (PDF, JPEG, PNG):
        raise ValidationError(NOT_A_SCAN, code="not-a-scan")
    sha256 = sha256_of(uploaded)
    scan(uploaded)
    return checked, sha256


def _held(lines: Iterable[Said]) -> list[tuple[Said, Evaluation]]:
    ordered = sorted(lines, key=lambda said: said.evaluation_id)
    return [(said, locked(said.evaluation_id)) for said in ordered]


def _refuse_undecidable(
    said: Said, evaluation: Evaluation, pilot_round: PilotRound, by: User
) -> None:
    name = evaluation.unit.name
    if evaluation.pilot_round_id != pilot_round.pk:
        raise NotReady(f"Hồ sơ {name} không thuộc đợt {pilot_round}.")
    if evaluation.status in DECIDED:
        line = evaluation.decision_lines.standing().for_display().get()
        raise NotReady(f"Hồ sơ {name} đã có {line.decision.name_in_sentence}, không ghi lần nữa.")
    if evaluation.status != Status.CONFIRMED:
        raise NotReady(f"Hồ sơ {name} vừa được mở lại thẩm định nên chưa ghi quyết định được.")
    if not can_take(by, evaluation, "recognise", by_decision=True):
        raise PermissionDenied
    item = conclusion_on(evaluation)
    if item is None:
        raise NotReady(f"Hồ sơ {name} chưa được hội đồng kết luận ở một phiên họp đã kết thúc.")
    if said.level != item.concluded_level and not said.reason.strip():
        raise NotReady(DIFFERS.format(name, "kết luận của hội đồng"))


def _refuse_mixed(evaluations: Iterable[Evaluation]) -> None:
    """Districts are recognised by the city, the city by the Ministry: never on one paper."""
    if len({evaluation.criteria_set.subject for evaluation in evaluations}) > 1:
        raise NotReady(
            "Quyết định về thành phố và quyết định về quận, huyện là hai văn bản: ghi riêng."
        )


def _create(
    pilot_round: PilotRound,
    details: Mapping[str, Any],
    path: str,
    checked: CheckedFile,
    sha256: str,
    by: User,
    *,
    corrects: Decision | None = None,
    reason: str = "",
) -> Decision:
    try:
        with transaction.atomic():
            return Decision.objects.create(
                pilot_round=pilot_round,
                **details,
                corrects=corrects,
                correction_reason=reason,
                file=path,
                file_name=checked.name,
                content_type=checked.kind.content_type,
                sha256=sha256,
                recorded_by=by,
            )
    except IntegrityError as error:
        raise NotReady(KNOWN) from error


def _take(
    decision: Decision, said: Said, evaluation: Evaluation, step_name: str, by: User, **more: Any
) -> None:
    level = f"mức độ {said.level}" if said.level else "không công nhận"
    take_step(
        evaluation=evaluation,
        step_name=step_name,
        by=by,
        note=f"Quyết định số {decision.number} ngày {date_format(decision.signed_on)}: {level}",
        decided={"decision": decision.pk, "level": said.level, "reason": said.reason, **more},
    )


def _freeze(decision: Decision, said: Said, evaluation: Evaluation, by: User) -> Snapshot:
    """Both columns as they are on the day; what is shown of the level comes from here."""
    fresh = Evaluation.objects.with_results().get(pk=evaluation.pk)
    content = dossier_content(fresh, find(fresh))
    _put_lists_back(content, evaluation)
    content |= {
        "decision": {
            "number": decision.number,
            "signed_on": decision.signed_on.isoformat(),
            "level": said.level,
            "reason": said.reason,
        }
    }
    return Snapshot.objects.create(
        evaluation=evaluation,
        number=evaluation.snapshots.count() + 1,
        content=content,
        sha256=content_hash(content),
        taken_by=by,
    )


def _put_lists_back(content: dict, evaluation: Evaluation) -> None:
    """Beside figures counted from a register stands the list that they were submitted with."""
    last = evaluation.snapshots.submissions().first()
    if last is None:
        return
    sent = {indicator["code"]: indicator["units"] for indicator in indicators_in(last.content)}
    for indicator in indicators_in(content):
        indicator["units"] = sent[indicator["code"]]


def _line(decision: Decision, said: Said, snapshot: Snapshot) -> None:
    DecisionLine.objects.create(
        decision=decision,
        evaluation_id=said.evaluation_id,
        level=said.level,
        reason=said.reason,
        snapshot=snapshot,
    )
