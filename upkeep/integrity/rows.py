"""Rows of a dossier that nobody may write in any more, against what was frozen of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import Prefetch

from evaluations.determination import appraisal_of
from evaluations.models import DecisionLine, Evaluation, IndicatorResult, Snapshot
from evaluations.snapshots import STATED, indicators_in
from evaluations.workflow import DECIDED, EDITABLE

CHUNK = 20
VERDICT = ("verdict", "typed", "reason")


def row_faults(seen: Counter[str]) -> Iterator[str]:
    """What a unit stated stands from its last submission, the Sở's column from the decision."""
    results = IndicatorResult.objects.select_related("indicator", "appraisal")
    closed = (
        Evaluation.objects.exclude(status__in=EDITABLE)
        .select_related("unit", "pilot_round")
        .prefetch_related(Prefetch("results", results))
        .order_by("pk")
        .iterator(chunk_size=CHUNK)
    )
    while chunk := list(islice(closed, CHUNK)):
        seen["hồ sơ đã gửi"] += len(chunk)
        sent = {
            snapshot.evaluation_id: snapshot.content
            for snapshot in Snapshot.objects.filter(evaluation__in=chunk).newest()
        }
        decided = _decided(chunk)
        for dossier in chunk:
            said = sent.get(dossier.pk)
            faults = [
                *(_stated_faults(dossier, said) if said else ["đã gửi mà không có bản chụp"]),
                *_verdict_faults(dossier, decided.get(dossier.pk)),
            ]
            yield from (f"hồ sơ {dossier.pk} ({dossier}): {fault}" for fault in faults)


def _decided(chunk: Sequence[Evaluation]) -> dict[int, Mapping[str, Any]]:
    """The content that the standing decision of each rests on."""
    decided = [dossier for dossier in chunk if dossier.status in DECIDED]
    lines = DecisionLine.objects.standing().filter(evaluation__in=decided)
    return {line.evaluation_id: line.snapshot.content for line in lines.select_related("snapshot")}


def _stated_faults(dossier: Evaluation, content: Mapping[str, Any]) -> Iterator[str]:
    said = {indicator["code"]: indicator for indicator in indicators_in(content)}
    for result in dossier.results.all():
        code = result.indicator.code
        if any(getattr(result, name) != said[code][name] for name in STATED):
            yield f"chỉ báo {code} khác với lần gửi cuối"


def _verdict_faults(dossier: Evaluation, content: Mapping[str, Any] | None) -> Iterator[str]:
    if content is None:
        return
    said = {indicator["code"]: indicator["appraised"] for indicator in indicators_in(content)}
    for result in dossier.results.all():
        appraisal = appraisal_of(result)
        now = appraisal and {name: getattr(appraisal, name) for name in VERDICT}
        then = said[result.indicator.code]
        if now != (then and {name: then[name] for name in VERDICT}):
            yield f"thẩm định {result.indicator.code} khác với lúc công nhận"
