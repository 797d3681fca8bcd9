"""Inspections: drawn by a recorded seed, written down, closed for good, fed into the appraisal.

Every write holds the dossier's row first, then asks. Nothing of an inspection moves the Sở's
column by itself: `feed` gives an ordinary verdict, by an appraiser who has read it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.actions.appraisal import appraise
from evaluations.actions.guard import Closed, locked
from evaluations.actions.steps import NotReady
from evaluations.determination import appraisal_of, find
from evaluations.drawing import draw, random_seed
from evaluations.inspecting.frames import Stratum, figures_of, score_of, strata_of
from evaluations.models import (
    Evaluation,
    Event,
    IndicatorAppraisal,
    IndicatorResult,
    Inspection,
    InspectionAccess,
    InspectionFeed,
    InspectionFigure,
    InspectionLine,
    InspectionScan,
)
from evaluations.models.evidence import opaque_path
from evaluations.models.inspections import FoundState
from evaluations.permissions import can_draw_inspection, can_feed, can_write_in_inspection
from evaluations.scanning import scan
from evaluations.storage import sha256_of, stored
from evaluations.validators import JPEG, PDF, PNG, check_file
from evaluations.workflow import INSPECTION_CLOSED, INSPECTION_DRAWN, INSPECTION_FED
from organisations.models import User

# Bytes that every keyboard and every tool agrees on, or nobody could redo the draw.
SEED = re.compile(r"[0-9A-Za-z-]{4,40}")
BAD_SEED = "Số rút thăm gồm 4 đến 40 chữ số, chữ cái không dấu hoặc gạch ngang, không có dấu cách."
NOT_A_SCAN = "không phải bản quét. Quét hoặc chụp biên bản đã ký thành PDF, JPEG hay PNG."
STALE = "Người khác vừa ghi vào lần kiểm tra này. Xem phần họ ghi rồi lưu; chữ anh, chị gõ vẫn còn."
DETAILS = ("held_on", "place", "members", "conclusion")


class Stale(NotReady):
    """The page was drawn from what is no longer so."""

    def __init__(self):
        super().__init__(STALE)


@dataclass(frozen=True)
class Look:
    """What was found of one unit or figure."""

    state: str = FoundState.UNCHECKED
    found_rating_id: int | None = None
    found: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@transaction.atomic
def draw_inspection(
    *, evaluation: Evaluation, wanted: Mapping[str, int], seed: str, by: User
) -> Inspection:
    """Draw units of each stratum and freeze what they declared; `wanted` is by `Stratum.key`.

    An empty seed is one that the machine chooses, here and now: a person who could see it before
    could go on asking for another. Raises `guard.Closed` and NotReady.
    """
    evaluation = locked(evaluation.pk)
    if not can_draw_inspection(by, evaluation):
        raise Closed
    is_typed = bool(seed)
    seed = seed or random_seed()
    if not SEED.fullmatch(seed):
        raise NotReady(BAD_SEED)
    strata = {stratum.key: stratum for stratum in strata_of(evaluation)}
    _refuse_undrawable(wanted, strata)
    inspection = Inspection.objects.create(
        evaluation=evaluation,
        seed=seed,
        is_seed_typed=is_typed,
        frame=[_framed(stratum, wanted.get(key, 0)) for key, stratum in strata.items()],
        created_by=by,
    )
    lines = [
        line
        for key, stratum in strata.items()
        for line in _drawn(inspection, stratum, wanted.get(key, 0))
    ]
    for position, line in enumerate(lines, start=1):
        line.position = position
    InspectionLine.objects.bulk_create(lines)
    _take_figures(inspection)
    drawn = [line.code for line in lines]
    text = f"rút thăm kiểm tra thực tế {len(lines)} đơn vị, số rút thăm {seed}"
    _tell(inspection, INSPECTION_DRAWN, text, by, seed=seed, is_seed_typed=is_typed, drawn=drawn)
    return inspection


@transaction.atomic
def record_findings(
    *,
    inspection: Inspection,
    details: Mapping[str, Any],
    lines: Mapping[int, Look],
    figures: Mapping[int, Look],
    version: int,
    by: User,
) -> Inspection:
    """When, where, who, and what was found, by the keys of lines and figures; as far as it is.

    `version` is the `changes` of the page it was typed on. Raises `guard.Closed` and Stale.
    """
    inspection = _held(inspection, by)
    if version != inspection.changes:
        raise Stale
    for name in DETAILS:
        setattr(inspection, name, details[name])
    inspection.changes += 1
    inspection.save(update_fields=[*DETAILS, "changes"])
    for line in inspection.lines.filter(pk__in=lines):
        look = lines[line.pk]
        line.state, line.note = look.state, look.note
        line.found_rating_id = look.found_rating_id if look.state == FoundState.DIFFERS else None
        line.save(update_fields=["state", "found_rating", "note"])
    for figure in inspection.figures.filter(pk__in=figures):
        look = figures[figure.pk]
        figure.state, figure.note = look.state, look.note
        figure.found = dict(look.found) if look.state == FoundState.DIFFERS else {}
        figure.save(update_fields=["state", "found", "note"])
    return inspection


def attach_scan(*, inspection: Inspection, uploaded: File, by: User) -> InspectionScan:
    """The signed minutes; a later one stands in the place of an earlier, which is kept.

    Raises ValidationError for a file that is not taken in, `scanning.Infected`,
    `scanning.ScannerSilent`, `storage.StorageRefuses`, `guard.Closed`.
    """
    if not can_write_in_inspection(by, inspection):
        raise Closed
    checked = check_file(uploaded)
    if checked.kind not in (PDF, JPEG, PNG):
        raise ValidationError(NOT_A_SCAN, code="not-a-scan")
    sha256 = sha256_of(uploaded)
    scan(uploaded)
    with stored(opaque_path(None, ""), uploaded) as path, transaction.atomic():
        inspection = _held(inspection, by)
        return InspectionScan.objects.create(
            inspection=inspection,
            file=path,
            file_name=checked.name,
            content_type=checked.kind.content_type,
            sha256=sha256,
            uploaded_by=by,
        )


@transaction.atomic
def close_inspection(*, inspection: Inspection, by: User) -> Inspection:
    """Freeze what was found; from here on it is the unit's to read. Raises NotReady, Closed."""
    inspection = _held(inspection, by)
    if problems := left_to_do(inspection):
        raise NotReady(" ".join(problems))
    inspection.closed_at, inspection.closed_by = timezone.now(), by
    inspection.save(update_fields=["closed_at", "closed_by"])
    states = [line.state for line in inspection.lines.all()]
    differing = sum(state in FoundState.differing() for state in states)
    held = inspection.name_in_sentence
    text = f"kết thúc {held}: {len(states)} đơn vị, {differing} khác khai báo"
    scanned = inspection.scan
    _tell(
        inspection,
        INSPECTION_CLOSED,
        text,
        by,
        seed=inspection.seed,
        minutes=scanned.sha256 if scanned else "",
        states={line.code: line.state for line in inspection.lines.all()},
    )
    return inspection


def left_to_do(inspection: Inspection) -> list[str]:
    """What keeps an inspection from being closed, a sentence each."""
    problems = []
    if inspection.held_on is None:
        problems.append("Ghi ngày kiểm tra.")
    elif inspection.held_on > timezone.localdate():
        problems.append(f"Ngày kiểm tra {date_format(inspection.held_on)} chưa đến.")
    if not inspection.members.strip():
        problems.append("Ghi thành phần đoàn kiểm tra.")
    unchecked = [
        line.name
        for line in inspection.lines.all()
        if line.state == FoundState.UNCHECKED and not line.note
    ]
    unchecked += [
        figure.result.indicator.code
        for figure in inspection.figures.select_related("result__indicator")
        if figure.state == FoundState.UNCHECKED and not figure.note
    ]
    if unchecked:
        problems.append(
            f"Còn {len(unchecked)} dòng chưa kiểm tra: {', '.join(unchecked)}. Không kiểm tra được "
            "thì ghi vì sao ở cột ghi chú."
        )
    if not inspection.scans.exists():
        problems.append("Tải lên bản quét biên bản đã ký.")
    return problems


@transaction.atomic
def feed(
    *,
    inspection: Inspection,
    result: IndicatorResult,
    typed: Mapping[str, str],
    reason: str,
    version: str,
    by: User,
) -> IndicatorAppraisal:
    """Adjust one indicator by what a closed inspection found, as `appraise` does.

    What the appraiser noted for themselves stays. Raises `guard.Closed` and `appraisal.Stale`.
    """
    evaluation = locked(inspection.evaluation_id)
    inspection = Inspection.objects.get(pk=inspection.pk)
    inspection.evaluation = evaluation
    if not can_feed(by, inspection):
        raise Closed
    result = evaluation.results.with_appraisal().select_related("indicator").get(pk=result.pk)
    before = appraisal_of(result)
    code = result.indicator.code
    old = {"verdict": before.verdict, "typed": before.typed} if before else {}
    old["figure"] = _figure_in_column(evaluation.pk, code)
    appraisal = appraise(
        result=result,
        verdict=IndicatorAppraisal.Verdict.ADJUST,
        typed=typed,
        reason=reason,
        private_note=before.private_note if before else "",
        version=version,
        by=by,
    )
    InspectionFeed.objects.create(
        inspection=inspection, result=result, decided_at=appraisal.decided_at, by=by
    )
    text = f"đưa kết quả {inspection.name_in_sentence} vào cột thẩm định {code}"
    new = {"verdict": appraisal.verdict, "typed": appraisal.typed}
    new["figure"] = _figure_in_column(evaluation.pk, code)
    _tell(inspection, INSPECTION_FED, text, by, note=reason, indicator=code, old=old, new=new)
    return appraisal


def _figure_in_column(evaluation_id: int, code: str) -> str:
    """ "21/30": what the Sở's column comes to; the unit's own where nothing is decided in it."""
    line = find(Evaluation.objects.with_results().get(pk=evaluation_id)).line(code)
    assessment = line.appraised if line.is_decided else line.self_assessed
    return assessment.figure or assessment.shown


def record_access(*, scan: InspectionScan, kind: str, by: User) -> InspectionAccess:
    return InspectionAccess.objects.create(scan=scan, kind=kind, by=by)


def _held(inspection: Inspection, by: User) -> Inspection:
    """Fresh, under its dossier's lock, for who may write in it."""
    evaluation = locked(inspection.evaluation_id)
    inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    inspection.evaluation = evaluation
    if not can_write_in_inspection(by, inspection):
        raise Closed
    return inspection


def _refuse_undrawable(wanted: Mapping[str, int], strata: Mapping[str, Stratum]) -> None:
    for key, count in wanted.items():
        size = len(strata[key].units) if key in strata else 0
        if count > size:
            raise NotReady("Danh sách của hồ sơ vừa đổi. Tải lại trang rồi rút thăm.")
    if not any(wanted.values()):
        raise NotReady("Ghi số đơn vị cần rút thăm ở ít nhất một loại.")


def _framed(stratum: Stratum, wanted: int) -> dict:
    return {
        "word": stratum.word,
        "rating": stratum.rating,
        "title": stratum.title,
        "wanted": wanted,
        "units": [{"code": unit["code"], "name": unit["name"]} for unit in stratum.units],
    }


def _drawn(inspection: Inspection, stratum: Stratum, wanted: int) -> list[InspectionLine]:
    by_code = {unit["code"]: unit for unit in stratum.units}
    return [
        InspectionLine(
            inspection=inspection,
            unit_id=by_code[code]["unit"],
            kind=stratum.kind,
            code=code,
            name=by_code[code]["name"],
            declared_label=by_code[code]["rating_label"],
            declared_is_good=bool(by_code[code]["is_good_or_better"]),
            declared_score=score_of(by_code[code]),
        )
        for code in draw(by_code, wanted, inspection.seed)
    ]


def _take_figures(inspection: Inspection) -> None:
    """The figures beside the counted ones, as they stand declared."""
    evaluation = Evaluation.objects.with_results().get(pk=inspection.evaluation_id)
    InspectionFigure.objects.bulk_create(
        InspectionFigure(inspection=inspection, result=line.result, declared=line.result.typed)
        for line in figures_of(find(evaluation))
    )


def _tell(
    inspection: Inspection, kind: str, text: str, by: User, note: str = "", **detail: Any
) -> None:
    Event.objects.create(
        evaluation_id=inspection.evaluation_id,
        kind=kind,
        text=text,
        by=by,
        note=note,
        detail={"inspection": inspection.pk, **detail},
    )
