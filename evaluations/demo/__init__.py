"""The practice round (đợt tập huấn): invented figures on the real sets and districts.

Everything is made by the same actions that the pages call, so what the demo shows is what people
will get; only the days are moved back afterwards, to have something that has waited. Everything
invented says so in its own text.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.evidence import add_evidence_file, cite
from evaluations.actions.results import save_result, values_of
from evaluations.actions.rounds import extend
from evaluations.actions.steps import take_step
from evaluations.checking import check
from evaluations.demo.papers import practice_pdf
from evaluations.demo.people import (
    DemoAccount,
    demo_accounts,
    editor_of,
    leader_of,
    make_people,
)
from evaluations.determination import find
from evaluations.loading import load_round
from evaluations.models import (
    Document,
    Evaluation,
    Event,
    Evidence,
    IndicatorResult,
    PilotRound,
    RoundEvent,
    Snapshot,
    StoredFile,
)
from evaluations.workflow import STEPS
from organisations.models import Organisation, User

PATH = Path("fixtures") / "demo" / "practice-round.json"
PAPER_DAYS_AGO = 60

__all__ = ["DemoAccount", "NoReference", "demo_accounts", "load_practice_round"]


class NoReference(Exception):
    """The real units and sets are not there yet; practice stands on them."""


@transaction.atomic
def load_practice_round(today: date) -> PilotRound | None:
    """Make this year's practice round with its people; None where it is there already."""
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    districts = list(
        Organisation.objects.districts()
        .in_force(date.fromisoformat(data["units_on"]))
        .filter(code__in=[item["code"] for item in data["districts"]])
    )
    if len(districts) < len(data["districts"]):
        raise NoReference
    people = make_people(districts, data["without_leader"])
    name = f"Tập huấn {today.year}"
    if PilotRound.objects.filter(name=name).exists():
        return None
    pilot_round = load_round(_round_data(name, data, today)).pilot_round
    for item in data["districts"]:
        dossiers = pilot_round.evaluations.for_display()
        _fill(dossiers.get(unit__code=item["code"]), item, data, people, today)
    opened_at = timezone.now() - timedelta(days=data["opened_days_ago"])
    PilotRound.objects.filter(pk=pilot_round.pk).update(opened_at=opened_at)
    RoundEvent.objects.filter(pilot_round=pilot_round).update(at=opened_at)
    return pilot_round


def _round_data(name: str, data: Mapping, today: date) -> dict:
    """The file's distances in days as the dates that `load_round` reads."""

    def day(distance: int | None) -> str | None:
        return None if distance is None else (today + timedelta(days=distance)).isoformat()

    return {
        "name": name,
        "year": today.year,
        "is_practice": True,
        "district_set": data["district_set"],
        "city_set": data["city_set"],
        "self_assessment_due_on": day(data["due_in_days"]),
        "units_on": data["units_on"],
        "participants": [item["code"] for item in data["districts"]],
        "milestones": [
            {
                "label": line["label"],
                "starts_on": day(line.get("starts_in")),
                "due_on": day(line["due_in"]),
            }
            for line in data["milestones"]
        ],
    }


def _fill(
    evaluation: Evaluation, item: Mapping, data: Mapping, people: Mapping[str, User], today: date
) -> None:
    """One district as far as its stage: typed, submitted, appraised, returned."""
    editor = people[editor_of(evaluation.unit)]
    results = {
        result.indicator.code: result
        for result in evaluation.results.select_related("indicator", "evaluation")
    }
    for code, typed in item["typed"].items():
        _type_in(results[code], typed, item["notes"].get(code, {}), data, editor)
    _attach_papers(results, item, data, editor, today)
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
    results: Mapping[str, IndicatorResult], item: Mapping, data: Mapping, editor: User, today: date
) -> None:
    """A generated paper each; one that serves several indicators is cited, not stored again."""
    bare = {
        *item.get("without_evidence", ()),
        *(code for code, typed in item["typed"].items() if "not_applicable" in typed),
    }
    issued_on = today - timedelta(days=PAPER_DAYS_AGO)
    for number, paper in enumerate(data["papers"], start=1):
        codes = [c for c in paper["indicators"] if c in item["typed"] and c not in bare]
        if not codes:
            continue
        unit = editor.organisation
        lines = [
            "VĂN BẢN TẬP HUẤN",
            paper["summary"],
            f"Đơn vị: {unit.name}",
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
    doubts = check(find(fresh)).doubts
    take_step(
        evaluation=evaluation,
        step_name="submit",
        by=people[leader_of(evaluation.unit)],
        reasons={doubt.kind: data["reason"] for doubt in doubts},
    )


def _appraise(evaluation, results, item, data, people, today) -> None:
    _submit(evaluation, results, item, data, people, today)
    appraiser = people["so.thamdinh"]
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
        by=people["so.thamdinh"],
        note=item["note"],
        due_on=today + timedelta(days=item["due_in_days"]),
    )


def _finish(evaluation, results, item, data, people, today) -> None:
    _appraise(evaluation, results, item, data, people, today)
    take_step(evaluation=evaluation, step_name="finish", by=people["so.thamdinh"])


_STAGES = {
    "draft": _stay_draft,
    "submitted": _submit,
    "appraising": _appraise,
    "returned": _return,
    "appraised": _finish,
}


def _write_before(evaluation: Evaluation, at: datetime) -> None:
    """What was submitted had been written: papers and words go before the submission's date."""
    evaluation.results.exclude(updated_at=None).update(updated_at=at)
    Evidence.objects.filter(result__evaluation=evaluation).update(added_at=at)
    papers = Document.objects.filter(evidence__result__evaluation=evaluation)
    StoredFile.objects.filter(document__in=papers).update(uploaded_at=at)
    papers.update(created_at=at)
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
