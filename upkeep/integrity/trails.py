"""Trails against the present: the lines of each lead, one after the other, to where it is now."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import Q

from evaluations.models import (
    CouncilSession,
    DecisionLine,
    Evaluation,
    Event,
    Inspection,
    PilotRound,
    RoundEvent,
    SessionEvent,
    Snapshot,
    UnitEvent,
    UnitResult,
)
from evaluations.unit_sheets import FIRST_WRITING, SHEET_STEPS, SheetStatus
from evaluations.workflow import DECIDED, INSPECTION_CLOSED, STEPS, Status

CHUNK = 200
DECIDING = [name for name, step in STEPS.items() if step.by_decision]


def trail_faults(seen: Counter[str]) -> Iterator[str]:
    """Of dossiers, their submissions and decisions, sheets, rounds, sessions and inspections."""
    dossiers = Evaluation.objects.select_related("unit", "pilot_round").order_by("pk")
    for chunk in _in_chunks(dossiers):
        seen["hồ sơ"] += len(chunk)
        yield from _dossier_faults(chunk)
    # A sheet begins with its first writing or step, which leaves a line.
    sheets = UnitResult.objects.select_related("unit").order_by("pk")
    begun = Q(pk__in=UnitEvent.objects.filter(_of_sheets()).values("result"))
    for chunk in _in_chunks(sheets.filter(begun | ~Q(sheet_status=SheetStatus.NONE))):
        seen["phiếu tự chấm"] += len(chunk)
        yield from _sheet_faults(chunk)
    yield from _round_faults()
    yield from _session_faults()
    yield from _inspection_faults()


def _in_chunks(rows) -> Iterator[list]:
    rows = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _dossier_faults(chunk: Sequence[Evaluation]) -> Iterator[str]:
    events, snapshots, lines = defaultdict(list), defaultdict(set), defaultdict(list)
    of_chunk = {"evaluation__in": chunk}
    for event in Event.objects.filter(kind__in=STEPS, **of_chunk).order_by("pk"):
        events[event.evaluation_id].append(event)
    taken = Snapshot.objects.filter(**of_chunk).submissions()
    for evaluation_id, pk, number in taken.values_list("evaluation_id", "pk", "number"):
        snapshots[evaluation_id].add((pk, number))
    for line in DecisionLine.objects.filter(**of_chunk).select_related("decision"):
        lines[line.evaluation_id].append(line)
    for dossier in chunk:
        of_this = events[dossier.pk]
        for fault in (
            *_way_faults(dossier, of_this),
            *_submission_faults(of_this, snapshots[dossier.pk]),
            *_decision_faults(dossier, of_this, lines[dossier.pk]),
        ):
            yield f"hồ sơ {dossier.pk} ({dossier}): {fault}"


def _way_faults(dossier: Evaluation, events: Sequence[Event]) -> Iterator[str]:
    state = Status.DRAFT
    for event in events:
        step = STEPS[event.kind]
        if state not in step.sources:
            yield f"bước “{event.text}” (dòng {event.pk}) không đi được từ trạng thái “{state}”"
        state = step.target
    if state != dossier.status:
        yield f"quá trình dẫn đến “{state}”, hồ sơ lại đang ở “{dossier.status}”"


def _submission_faults(events: Sequence[Event], snapshots: set[tuple[int, int]]) -> Iterator[str]:
    told = {
        (event.detail.get("snapshot"), event.detail.get("number"))
        for event in events
        if event.kind == "submit"
    }
    for _, number in sorted(told - snapshots, key=str):
        yield f"lần gửi {number} không có bản chụp"
    for _, number in sorted(snapshots - told):
        yield f"bản chụp số {number} không có bước gửi nào"


def _decision_faults(
    dossier: Evaluation, events: Sequence[Event], lines: Sequence[DecisionLine]
) -> Iterator[str]:
    told = {
        (event.detail.get("decision"), event.detail.get("level"))
        for event in events
        if event.kind in DECIDING
    }
    said = {(line.decision_id, line.level) for line in lines}
    for decision, level in sorted(told - said, key=str):
        yield f"quá trình ghi mức độ {level} theo quyết định {decision}, quyết định không ghi vậy"
    for decision, level in sorted(said - told):
        yield f"quyết định {decision} ghi mức độ {level}, quá trình không có bước này"
    if dossier.status in DECIDED and not lines:
        yield "đã có kết luận công nhận mà không có quyết định nào"


def _of_sheets() -> Q:
    return Q(kind__in=[*SHEET_STEPS, FIRST_WRITING]) | Q(detail__sheet__isnull=False)


def _sheet_faults(chunk: Sequence[UnitResult]) -> Iterator[str]:
    events = defaultdict(list)
    for event in UnitEvent.objects.filter(_of_sheets(), result__in=chunk).order_by("pk"):
        events[event.result_id].append(event)
    for line in chunk:
        for fault in _sheet_way_faults(line, events[line.pk]):
            yield f"phiếu tự chấm {line.pk} ({line}): {fault}"


def _sheet_way_faults(line: UnitResult, events: Sequence[UnitEvent]) -> Iterator[str]:
    state = SheetStatus.NONE
    for event in events:
        before, after = _sheet_move(state, event)
        if state not in before:
            yield f"bước “{event.text}” (dòng {event.pk}) không đi được từ trạng thái “{state}”"
        state = after
    if state != line.sheet_status:
        yield f"quá trình dẫn đến “{state}”, phiếu lại đang ở “{line.sheet_status}”"


def _sheet_move(state: str, event: UnitEvent) -> tuple[frozenset[str], str]:
    """From which states such a line can follow, and to which it leads."""
    if event.kind == FIRST_WRITING:  # of each person; the very first makes a draft
        return frozenset({state}), SheetStatus.DRAFT if state == SheetStatus.NONE else state
    if move := event.detail.get("sheet"):  # confirmed in the grid, by Excel, or undone there
        return frozenset({move["old"]}), move["new"]
    step = SHEET_STEPS[event.kind]
    return step.sources, step.target


def _round_faults() -> Iterator[str]:
    ends = defaultdict(list)
    moves = RoundEvent.objects.filter(kind__in=["open", "close", "reopen"]).order_by("pk")
    for round_id, kind in moves.values_list("pilot_round_id", "kind"):
        ends[round_id].append(kind)
    for pilot_round in PilotRound.objects.order_by("pk"):
        last = ends[pilot_round.pk][-1] if ends[pilot_round.pk] else ""
        if pilot_round.is_planned == bool(last):
            yield f"đợt {pilot_round}: quá trình và ngày mở đợt không khớp nhau"
        elif pilot_round.is_closed != (last == "close"):
            yield f"đợt {pilot_round}: quá trình và ngày đóng đợt không khớp nhau"


def _session_faults() -> Iterator[str]:
    closed = set(SessionEvent.objects.filter(kind="close").values_list("session_id", flat=True))
    for session in CouncilSession.objects.order_by("pk"):
        if session.is_closed != (session.pk in closed):
            yield f"phiên họp {session.pk}: quá trình và giờ kết thúc không khớp nhau"


def _inspection_faults() -> Iterator[str]:
    told = Event.objects.filter(kind=INSPECTION_CLOSED).values_list("detail__inspection", flat=True)
    closed = set(told)
    for inspection in Inspection.objects.order_by("pk"):
        if inspection.is_closed != (inspection.pk in closed):
            yield f"kiểm tra thực tế {inspection.pk}: quá trình và giờ kết thúc không khớp nhau"
