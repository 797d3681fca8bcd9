"""Two districts with dossiers in every state, and everybody who may come across them.

Made once for a module of tests: each test's own transaction lies inside this one.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.evidence import add_evidence_file
from evaluations.actions.steps import take_step
from evaluations.models import Document, Evaluation, Evidence, PilotRound, StoredFile
from organisations.models import Organisation, Role, User
from reports import actions as report_actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.evaluations import samples
from tests.factories import (
    make_agency,
    make_city,
    make_complete_dossier,
    make_department,
    make_district,
    make_document,
    make_round,
    make_user,
    result_of,
)

# The Sở asks about one indicator of the returned dossier; another one stays closed there.
ASKED, KEPT = "2.1.2", "2.2.1"


@dataclass(frozen=True)
class Case:
    """A dossier of the first district in one state, with one indicator and what is cited there."""

    dossier: Evaluation
    evidence: Evidence
    code: str

    @property
    def document(self) -> Document:
        return self.evidence.document

    @property
    def stored_file(self) -> StoredFile:
        return self.document.files.get()


@dataclass(frozen=True)
class World:
    own: Organisation
    people: dict[str, User]
    operator: User
    cases: list[Case]  # draft, submitted, appraising, asked, kept, appraised
    elsewhere: Evaluation  # the other district's, submitted
    planned: PilotRound
    uncited: Document
    runs: dict[str, list[ReportRun]]  # of a draft, of a submitted one, the Sở's, of a round


def make_world() -> World:
    own, other = make_district("Huyện Vĩnh Bảo", "316"), make_district("Quận Lê Chân", "305")
    people = _people(own, other)
    made = {
        stage: _dossier(own, people, stage)
        for stage in ("draft", "submitted", "appraising", "returned", "appraised")
    }
    elsewhere = make_complete_dossier(other, by=people["editor elsewhere"])
    take_step(evaluation=elsewhere, step_name="submit", by=people["leader elsewhere"])
    cases = [
        _case(made["draft"], ASKED),
        _case(made["submitted"], ASKED),
        _case(made["appraising"], ASKED),
        _case(made["returned"], ASKED),
        _case(made["returned"], KEPT),
        _case(made["appraised"], ASKED),
    ]
    return World(
        own=own,
        people=people,
        operator=make_user(Role.ADMINISTRATOR, make_department(), is_operator=True),
        cases=cases,
        elsewhere=Evaluation.objects.for_display().get(pk=elsewhere.pk),
        planned=make_round(opened_at=None, year=2023),
        uncited=make_document(own, by=people["editor"], summary="Chưa dùng cho chỉ báo nào"),
        runs={
            state: _runs(made["draft"], made["submitted"], people, state)
            for state in ("ready", "failed")
        },
    )


def _people(own: Organisation, other: Organisation) -> dict[str, User]:
    department = make_department()
    offices = {
        "editor": (Role.EDITOR, own),
        "leader": (Role.LEADER, own),
        "editor elsewhere": (Role.EDITOR, other),
        "leader elsewhere": (Role.LEADER, other),
        "appraiser": (Role.APPRAISER, department),
        "approver": (Role.APPROVER, department),
        "council": (Role.COUNCIL, make_city()),
        "observer": (Role.OBSERVER, make_agency("Hội Khuyến học Hải Phòng", "HKH")),
        "administrator": (Role.ADMINISTRATOR, department),
    }
    return {name: make_user(role, office) for name, (role, office) in offices.items()}


def _dossier(unit: Organisation, people: dict[str, User], stage: str) -> Evaluation:
    """At level 1 and as far as its stage, by the steps that the pages take."""
    evaluation = make_complete_dossier(unit, by=people["editor"])
    for code in (ASKED, KEPT):
        result = result_of(evaluation, code)
        result.evidence.all().delete()
        add_evidence_file(
            result=result,
            uploaded=ContentFile(samples.pdf(f"{stage} {code}"), name=f"{code}.pdf"),
            by=people["editor"],
            details={
                "number": f"{code}/QĐ",
                "issued_on": date(2022, 11, 25),
                "issuer": "UBND huyện",
            },
        )
    if stage != "draft":
        take_step(evaluation=evaluation, step_name="submit", by=people["leader"])
    if stage in {"appraising", "returned", "appraised"}:
        take_step(evaluation=evaluation, step_name="take-in", by=people["appraiser"])
    if stage == "returned":
        _return(evaluation, people)
    elif stage in {"appraising", "appraised"}:
        accept_rest(evaluation=evaluation, by=people["appraiser"])
    if stage == "appraised":
        take_step(evaluation=evaluation, step_name="finish", by=people["appraiser"])
    return Evaluation.objects.with_results().get(pk=evaluation.pk)


def _return(evaluation: Evaluation, people: dict[str, User]) -> None:
    asked = result_of(evaluation, ASKED)
    appraise(result=asked, verdict="ask", reason="Gửi danh sách xã.", by=people["appraiser"])
    take_step(
        evaluation=evaluation,
        step_name="return",
        by=people["appraiser"],
        note="Bổ sung giúp.",
        due_on=timezone.localdate() + timedelta(days=7),
    )
    evaluation.results.filter(pk=asked.pk).update(reply="Đã gửi kèm.")


def _case(evaluation: Evaluation, code: str) -> Case:
    evidence = Evidence.objects.select_related("document", "result__indicator")
    return Case(
        evaluation, evidence.get(result__evaluation=evaluation, result__indicator__code=code), code
    )


def _runs(draft, submitted, people: dict[str, User], state: str) -> list[ReportRun]:
    report, summary = REPORTS["bao-cao-tu-danh-gia"], REPORTS["tong-hop-quan-huyen"]
    orders = [
        (report, draft, people["editor"]),
        (report, submitted, people["editor"]),
        (report, submitted, people["appraiser"]),
        (summary, submitted.pilot_round, people["appraiser"]),
    ]
    return [_run(*order, state) for order in orders]


def _run(report, subject, by: User, state: str) -> ReportRun:
    ordered = report_actions.order_report(report=report, subject=subject, file_type="pdf", by=by)
    run = report_actions.claim(ordered.pk)
    if state == "failed":
        report_actions.fail(run, reason="Hỏng")
    else:
        run.file.save("x.pdf", ContentFile(b"%PDF-1.7 x"), save=False)
        report_actions.finish(run, name=run.file.name, size=10, sha256="0" * 64)
    return ReportRun.objects.get(pk=run.pk)
