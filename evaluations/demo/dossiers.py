"""One practice dossier as far as its stage: typed, submitted, appraised, returned.

Only the days are moved back afterwards, so that something has waited.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.evidence import add_evidence_file, cite
from evaluations.actions.results import save_result, values_of
from evaluations.actions.rounds import extend
from evaluations.actions.steps import take_step
from evaluations.checking import check, registers_of
from evaluations.demo.papers import keep_since, practice_pdf
from evaluations.demo.people import APPRAISER, editor_of, leader_of
from evaluations.determination import find
from evaluations.models import (
    Document,
    Evaluation,
    Event,
    Evidence,
    IndicatorResult,
    Snapshot,
    UnitEvent,
    UnitResult,
)
from evaluations.workflow import STEPS
from organisations.models import User


def fill_dossier(
    evaluation: Evaluation, item: Mapping, data: Mapping, people: Mapping[str, User], today: date
) -> None:
    """One district as far as its stage: typed, submitted, appraised, returned."""
    editor = people[editor_of(evaluation.unit)]
    results = {
        result.indicator.code: result
        for result in evaluation.results.select_related("indicator", "evaluation__pilot_round")
    }
    for code, typed in item["typed"].items():
        _type_in(results[code], typed, item["notes"].get(code, {}), data, editor)
    _attach_papers(results, item, data, editor)
    if extension := item.get("extension"):
        until = evaluation.due_on + timedelta(days=extension["days_after_due"])
        extend(
            evaluation=evaluation,
            until=until,
            reason=extension["reason"],
            by=people["quantri"],
            today=today,
        )
    _STAGES[item["stage"]](evaluation, results, item, data, people, today)
    _move_back(evaluation, item["days"])


def _type_in(
    result: IndicatorResult, typed: Mapping, notes: Mapping, data: Mapping, editor: User
) -> None:
    values = {"explanation": data["explanation"], "suitability": "fits", **typed, **notes}
    if any(name.endswith("percent") for name in typed):
        values["source"] = data["source"]
    save_result(result=result, values=values, base=values_of(result), by=editor)


def _attach_papers(
    results: Mapping[str, IndicatorResult], item: Mapping, data: Mapping, editor: User
) -> None:
    """A generated paper each; one that serves several indicators is cited, not stored again."""
    bare = {
        *item.get("without_evidence", ()),
        *(code for code, typed in item["typed"].items() if "not_applicable" in typed),
    }
    issued_on = date.fromisoformat(data["papers_issued_on"])
    for number, paper in enumerate(data["papers"], start=1):
        codes = [c for c in paper["indicators"] if c in item["typed"] and c not in bare]
        if not codes:
            continue
        unit = editor.organisation
        lines = [
            "VĂN BẢN TẬP HUẤN",
            paper["summary"],
            f"Đơn vị: {unit.name}, đợt {results[codes[0]].evaluation.pilot_round}",
            f"Dùng cho chỉ báo: {', '.join(codes)}",
            "",
            data["explanation"],
        ]
        evidence = add_evidence_file(
            result=results[codes[0]],
            uploaded=ContentFile(practice_pdf(lines), name=f"tap-huan-{number:02d}.pdf"),
            by=editor,
            details={
                "number": f"{number:02d}/TH",
                "issued_on": issued_on,
                "issuer": f"UBND {unit.name_in_sentence} (tập huấn)",
                "summary": f"{paper['summary']} (văn bản tập huấn)",
            },
            cited="trang 1",
        )
        for code in codes[1:]:
            cite(result=results[code], document=evidence.document, by=editor, cited="trang 1")


def _stay_draft(evaluation, results, item, data, people, today) -> None:
    """Nothing more: the unit is still at it."""


def _submit(evaluation, results, item, data, people, today) -> None:
    fresh = Evaluation.objects.with_results().get(pk=evaluation.pk)
    finding = find(fresh)
    doubts = check(finding, registers_of(finding)).doubts
    take_step(
        evaluation=evaluation,
        step_name="submit",
        by=people[leader_of(evaluation.unit)],
        reasons={doubt.kind: data["reason"] for doubt in doubts},
    )


def _appraise(evaluation, results, item, data, people, today) -> None:
    _submit(evaluation, results, item, data, people, today)
    appraiser = people[APPRAISER]
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    for code, verdict in item["verdicts"].items():
        appraise(result=results[code], by=appraiser, **verdict)
    if item.get("accept_rest") or item["stage"] == "appraised":
        accept_rest(evaluation=evaluation, by=appraiser)


def _return(evaluation, results, item, data, people, today) -> None:
    _appraise(evaluation, results, item, data, people, today)
    take_step(
        evaluation=evaluation,
        step_name="return",
        by=people[APPRAISER],
        note=item["note"],
        due_on=today + timedelta(days=item["due_in_days"]),
    )


def _finish(evaluation, results, item, data, people, today) -> None:
    _appraise(evaluation, results, item, data, people, today)
    take_step(evaluation=evaluation, step_name="finish", by=people[APPRAISER])


_STAGES = {
    "draft": _stay_draft,
    "submitted": _submit,
    "appraising": _appraise,
    "returned": _return,
    "appraised": _finish,
}


def _write_before(evaluation: Evaluation, at: datetime) -> None:
    """What was submitted had been written: papers, words, registers go before the submission."""
    lines = UnitResult.objects.filter(
        owner=evaluation.unit_id, pilot_round=evaluation.pilot_round_id
    )
    lines.exclude(updated_at=None).update(updated_at=at)
    UnitEvent.objects.filter(result__in=lines).update(at=at)
    evaluation.results.exclude(updated_at=None).update(updated_at=at)
    Evidence.objects.filter(result__evaluation=evaluation).update(added_at=at)
    keep_since(Document.objects.filter(evidence__result__evaluation=evaluation), at)
    Event.objects.filter(evaluation=evaluation).exclude(kind__in=STEPS).update(at=at)


def _move_back(evaluation: Evaluation, days: Mapping[str, int]) -> None:
    """Let the dossier have waited: the trail and its clocks, by the file's numbers of days."""
    now = timezone.now()
    moment = {name: now - timedelta(days=count) for name, count in days.items()}
    Evaluation.objects.filter(pk=evaluation.pk).update(status_since=moment["now"])
    if "submitted" in moment:
        at = moment["submitted"]
        Evaluation.objects.filter(pk=evaluation.pk).update(first_submitted_at=at)
        Snapshot.objects.filter(evaluation=evaluation).update(taken_at=at)
        _write_before(evaluation, at - timedelta(days=1))
    events = Event.objects.filter(evaluation=evaluation)
    for kind, name in (
        ("submit", "submitted"),
        ("take-in", "taken_in"),
        ("return", "now"),
        ("finish", "now"),
    ):
        if name in moment:
            events.filter(kind=kind).update(at=moment[name])
