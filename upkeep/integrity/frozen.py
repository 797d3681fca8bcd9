"""What was frozen, against its own hash, its own rule and the files that it names.

A level is determined anew from the frozen figures, texts and thresholds alone: neither a later
reading, catalogue nor register plays a part, so a difference is a fault of data or of code.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from criteria.levels import Threshold
from criteria.measures import Entry, Measure, read
from criteria.rules import LevelRule, Readings, RuledIndicator, rule_of
from evaluations.drawing import draw
from evaluations.models import DecisionLine, Inspection, Snapshot, StoredFile
from evaluations.models.dossiers import IndicatorAppraisal
from evaluations.snapshots import content_hash, indicators_in
from reports.models import ReportRun

CHUNK = 20  # a snapshot is some hundred kilobytes
Verdict = IndicatorAppraisal.Verdict


def frozen_faults(seen: Counter[str]) -> Iterator[str]:
    """Of snapshots, of decisions that rest on them, of drawn lots and of ordered reports."""
    snapshots = Snapshot.objects.select_related("evaluation__unit", "evaluation__pilot_round")
    for snapshot in snapshots.order_by("pk").iterator(chunk_size=CHUNK):
        seen["bản chụp"] += 1
        for fault in _snapshot_faults(snapshot):
            yield f"bản chụp {snapshot.pk} ({snapshot}): {fault}"
    lines = DecisionLine.objects.select_related("decision", "snapshot").order_by("pk")
    for line in lines.iterator(chunk_size=CHUNK):
        seen["mức độ theo quyết định"] += 1
        for fault in _decided_faults(line):
            yield f"{line.decision}, hồ sơ {line.evaluation_id}: {fault}"
    inspections = Inspection.objects.prefetch_related("lines").order_by("pk")
    for inspection in inspections.iterator(chunk_size=CHUNK):
        if _drawn_again(inspection) != [line.code for line in inspection.lines.all()]:
            again = f"rút lại bằng số {inspection.seed} ra kết quả khác"
            yield f"kiểm tra thực tế {inspection.pk}: {again}"
    runs = ReportRun.objects.only("title", "content", "content_sha256").order_by("pk")
    for run in runs.iterator(chunk_size=CHUNK):
        seen["lượt in"] += 1
        if content_hash(run.content) != run.content_sha256:
            yield f"lượt in {run.pk} ({run.title}): nội dung không khớp mã SHA-256 đã ghi"


def determine_anew(content: Mapping[str, Any]) -> dict[str, int | None]:
    """The level of each column of a frozen dossier, by its own rule; None for one not frozen."""
    rule, readings = _rule_of(content)
    own, theirs = {}, {}
    for indicator in indicators_in(content):
        measure = Measure.from_data(indicator["measure"])
        own[indicator["code"]] = _own_entry(measure, indicator)
        if indicator["appraised"]:
            entry = own[indicator["code"]]
            theirs[indicator["code"]] = _appraised_entry(measure, indicator["appraised"], entry)
    return {
        "self_assessed": rule.determine(own, readings).level,
        "appraised": rule.determine(theirs, readings).level if content["appraised"] else None,
    }


def _snapshot_faults(snapshot: Snapshot) -> Iterator[str]:
    content = snapshot.content
    if content_hash(content) != snapshot.sha256:
        yield "nội dung không khớp mã SHA-256 đã ghi"
        return  # whatever else it says is not what was frozen
    for column, level in determine_anew(content).items():
        frozen = content[column]["level"] if content[column] else None
        if level != frozen:
            yield f"mức độ đã chốt là {frozen}, xác định lại là {level} ({_COLUMNS[column]})"
    yield from _evidence_faults(content)


_COLUMNS = {"self_assessed": "tự đánh giá", "appraised": "thẩm định"}


def _evidence_faults(content: Mapping[str, Any]) -> Iterator[str]:
    named = {
        file["id"]: (file["sha256"], file["size"], evidence["code"])
        for indicator in indicators_in(content)
        for evidence in indicator["evidence"]
        for file in evidence["files"]
    }
    rows = StoredFile.objects.filter(pk__in=named).values_list("pk", "sha256", "size")
    kept = {pk: (sha256, size) for pk, sha256, size in rows}
    for pk, (sha256, size, code) in named.items():
        if kept.get(pk) != (sha256, size):
            yield f"minh chứng {code}: tệp {pk} không còn là tệp đã gửi"


def _decided_faults(line: DecisionLine) -> Iterator[str]:
    if line.snapshot.evaluation_id != line.evaluation_id:
        yield f"bản chụp {line.snapshot_id} là của hồ sơ khác"
    # A decision that corrects another rests on the snapshots of that one.
    is_first = line.decision.corrects_id is None
    if is_first and line.snapshot.content.get("decision", {}).get("level") != line.level:
        yield "mức độ khác với bản chụp lúc công nhận"


def _drawn_again(inspection: Inspection) -> list[str]:
    return [
        code
        for stratum in inspection.frame
        for code in draw(
            (unit["code"] for unit in stratum["units"]), stratum["wanted"], inspection.seed
        )
    ]


def _rule_of(content: Mapping[str, Any]) -> tuple[LevelRule, Readings]:
    frozen = content["rule"]
    indicators = (
        RuledIndicator(
            item["code"], item["short_name"], item["is_graded"], Measure.from_data(item["measure"])
        )
        for item in indicators_in(content)
    )
    thresholds = (Threshold(**threshold) for threshold in frozen["thresholds"])
    readings = Readings(exact_80_level=frozen["exact_80_level"], fall=frozen["fall"])
    return rule_of(indicators, thresholds), readings


def _own_entry(measure: Measure, indicator: Mapping[str, Any]) -> Entry:
    """As `determination` reads a row; by the time of a snapshot every verdict in it was sent."""
    entry = read(measure, indicator["typed"]).entry
    appraised = indicator["appraised"]
    accepted = bool(entry.not_applicable and appraised and appraised["verdict"] == Verdict.ACCEPT)
    return replace(entry, has_evidence=bool(indicator["evidence"]), accepted=accepted)


def _appraised_entry(measure: Measure, appraised: Mapping[str, Any], own: Entry) -> Entry:
    if appraised["verdict"] == Verdict.ASK:
        return Entry()
    if appraised["verdict"] == Verdict.ACCEPT:
        return replace(own, accepted=True) if own.not_applicable else own
    return replace(read(measure, appraised["typed"]).entry, has_evidence=True)
