"""One practice dossier as far as its days tell: typed, sent, appraised, returned, confirmed.

Each part is done by its own person at its own time, by the actions behind the pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import ContentFile

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.evidence import add_evidence_file, cite
from evaluations.actions.results import save_result, values_of
from evaluations.actions.rounds import extend
from evaluations.actions.steps import take_step
from evaluations.checking import check, registers_of
from evaluations.demo.clock import Clock
from evaluations.demo.papers import practice_pdf
from evaluations.demo.people import APPRAISER, APPROVER, editor_of, leader_of
from evaluations.determination import find
from evaluations.models import Evaluation, IndicatorResult
from organisations.models import User


@dataclass(frozen=True)
class Case:
    """One district of the file with its dossier, its people and the time they have."""

    evaluation: Evaluation
    item: Mapping
    data: Mapping
    people: Mapping[str, User]
    clock: Clock

    @property
    def editor(self) -> User:
        return self.people[editor_of(self.evaluation.unit)]

    @property
    def leader(self) -> User:
        return self.people[leader_of(self.evaluation.unit)]

    @property
    def appraiser(self) -> User:
        return self.people[APPRAISER]

    def results(self) -> dict[str, IndicatorResult]:
        """By code, as they are now."""
        found = self.evaluation.results.select_related("indicator", "evaluation__pilot_round")
        return {result.indicator.code: result for result in found}


def fill_dossier(case: Case) -> None:
    """Every part that the file has a day for, in the order of the table."""
    for name, (part, hour, minute) in _PARTS.items():
        if name in case.item["days"]:
            with case.clock.at(case.item["days"][name], hour, minute):
                part(case)


def _write(case: Case) -> None:
    results, item = case.results(), case.item
    for code, typed in item["typed"].items():
        _type_in(results[code], typed, item["notes"].get(code, {}), case.data, case.editor)
    _attach_papers(results, item, case.data, case.editor)


def _extend(case: Case) -> None:
    extension = case.item["extension"]
    extend(
        evaluation=case.evaluation,
        until=case.evaluation.due_on + timedelta(days=extension["days_after_due"]),
        reason=extension["reason"],
        by=case.people["quantri"],
    )


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


def _submit(case: Case) -> None:
    fresh = Evaluation.objects.with_results().get(pk=case.evaluation.pk)
    finding = find(fresh)
    doubts = check(finding, registers_of(finding)).doubts
    take_step(
        evaluation=case.evaluation,
        step_name="submit",
        by=case.leader,
        reasons={doubt.kind: case.data["reason"] for doubt in doubts},
    )


def _take_in(case: Case) -> None:
    take_step(evaluation=case.evaluation, step_name="take-in", by=case.appraiser)


def _appraise(case: Case) -> None:
    results = case.results()
    for code, verdict in case.item["verdicts"].items():
        appraise(result=results[code], by=case.appraiser, **verdict)
    if case.item.get("accept_rest"):
        accept_rest(evaluation=case.evaluation, by=case.appraiser)


def _return(case: Case) -> None:
    take_step(
        evaluation=case.evaluation,
        step_name="return",
        by=case.appraiser,
        note=case.item["note"],
        due_on=case.clock.day(-case.item["due_in_days"]),
    )


def _reply(case: Case) -> None:
    """The unit's answers to the requests, with the figures or words that they change."""
    results = case.results()
    for code, values in case.item["replies"].items():
        result = results[code]
        before = values_of(result)
        save_result(result=result, values=before | values, base=before, by=case.editor)


def _finish(case: Case) -> None:
    take_step(evaluation=case.evaluation, step_name="finish", by=case.appraiser)


def _confirm(case: Case) -> None:
    take_step(evaluation=case.evaluation, step_name="confirm", by=case.people[APPROVER])


# The parts under their names in the file, in their order, each with its time of the day.
_PARTS = {
    "written": (_write, 9, 10),
    "extended": (_extend, 10, 30),
    "submitted": (_submit, 16, 5),
    "taken_in": (_take_in, 8, 40),
    "appraised": (_appraise, 10, 15),
    "returned": (_return, 15, 30),
    "replied": (_reply, 9, 45),
    "resubmitted": (_submit, 14, 20),
    "taken_in_again": (_take_in, 8, 50),
    "finished": (_finish, 16, 40),
    "confirmed": (_confirm, 17, 5),
}
