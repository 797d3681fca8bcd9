"""A small installation in which everything came about as in service, so that nothing is wrong."""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from evaluations.actions.appraisal import accept_rest
from evaluations.actions.council import (
    Attendance,
    Attendee,
    Conclusion,
    close_session,
    keep_minutes,
    plan_session,
    version_of,
)
from evaluations.actions.decisions import Said, record_decision
from evaluations.actions.evidence import add_evidence_file
from evaluations.actions.sheets import take_sheet_step
from evaluations.actions.steps import take_step
from evaluations.actions.uploads import take_in_upload
from evaluations.models import (
    CouncilSession,
    Decision,
    Evaluation,
    Inspection,
    PilotRound,
    ResultUpload,
    RoundEvent,
    StoredFile,
    UnitResult,
)
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from organisations.models import Organisation, Role, User
from reports import actions as report_actions
from reports.building import build
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.evaluations import samples
from tests.evaluations.filled_sheets import attach, fill
from tests.evaluations.inspected import closed
from tests.factories import (
    make_agency,
    make_city,
    make_complete_dossier,
    make_counted_dossier,
    make_department,
    make_district,
    make_line,
    make_user,
    result_of,
)

DETAILS = {
    "number": "1/QĐ-UBND",
    "signed_on": date(2022, 12, 28),
    "issuer": "UBND thành phố",
    "signer_name": "Lê Văn Ký",
    "signer_position": "Phó Chủ tịch",
}


@dataclass(frozen=True)
class TrueWorld:
    people: dict[str, User]
    decided: Evaluation  # recognised at level 1, after a council's session
    inspected: Evaluation  # being appraised, with an inspection that was closed
    decision: Decision
    session: CouncilSession
    inspection: Inspection
    paper: StoredFile  # cited by the decided dossier
    sheet: UnitResult  # of an agency, confirmed
    upload: ResultUpload  # a workbook that waits to be applied
    run: ReportRun  # a workbook of the decided dossier, built


def make_true_world() -> TrueWorld:
    own = make_district("Huyện Vĩnh Bảo", "316")
    people = _people(own)
    decided = make_complete_dossier(own, by=people["editor"])
    evidence = _add_paper(decided, people["editor"])
    _take(decided, people, "submit", "take-in")
    accept_rest(evaluation=decided, by=people["appraiser"])
    _take(decided, people, "finish", "confirm")
    session = _session(decided, people)
    decision = record_decision(
        pilot_round=decided.pilot_round,
        details=DETAILS,
        lines=[Said(decided.pk, 1)],
        uploaded=ContentFile(samples.pdf("quyết định"), name="quyet-dinh.pdf"),
        by=people["approver"],
    )
    inspected = make_counted_dossier(own, communes=["kha", "kha", "trung-binh"], agencies=["tot"])
    reasons = {"undecided": "Sẽ bổ sung."}
    take_step(evaluation=inspected, step_name="submit", by=people["leader"], reasons=reasons)
    _take(inspected, people, "take-in")
    world = TrueWorld(
        people=people,
        decided=Evaluation.objects.for_display().get(pk=decided.pk),
        inspected=Evaluation.objects.for_display().get(pk=inspected.pk),
        decision=decision,
        session=session,
        inspection=closed(inspected, by=people["appraiser"]),
        paper=evidence.document.files.get(),
        sheet=_sheet(decided.pilot_round, own, people),
        upload=_workbook(decided.pilot_round, own, people["editor"]),
        run=_run(decided, people["editor"]),
    )
    for pilot_round in PilotRound.objects.all():
        RoundEvent.objects.create(pilot_round=pilot_round, kind="open", text="mở đợt")
    return world


def _people(own: Organisation) -> dict[str, User]:
    department = make_department()
    return {
        "editor": make_user(Role.EDITOR, own),
        "leader": make_user(Role.LEADER, own),
        "appraiser": make_user(Role.APPRAISER, department),
        "approver": make_user(Role.APPROVER, department),
        "council": make_user(Role.COUNCIL, make_city()),
    }


BY = {"submit": "leader", "confirm": "approver"}


def _take(evaluation: Evaluation, people: dict[str, User], *steps: str) -> None:
    for step_name in steps:
        by = people[BY.get(step_name, "appraiser")]
        take_step(evaluation=evaluation, step_name=step_name, by=by)


def _add_paper(evaluation: Evaluation, by: User):
    result = result_of(evaluation, "2.2.1")
    result.evidence.all().delete()
    details = {"number": "5/QĐ", "issued_on": timezone.localdate(), "issuer": "UBND huyện"}
    uploaded = ContentFile(samples.pdf("kế hoạch"), name="kế hoạch.pdf")
    return add_evidence_file(result=result, uploaded=uploaded, by=by, details=details)


def _session(evaluation: Evaluation, people: dict[str, User]) -> CouncilSession:
    member, by = people["council"], people["approver"]
    session = plan_session(
        pilot_round=evaluation.pilot_round,
        details={
            "held_on": timezone.localdate(),
            "starts_at": None,
            "place": "Phòng họp số 1",
            "chair": "Nguyễn Thị Chủ",
            "secretary": "Trần Văn Ký",
        },
        attendees=[Attendee(member.full_name, person_id=member.pk)],
        dossiers=[evaluation.pk],
        by=by,
    )
    keep_minutes(
        session=session,
        attendance={session.members.get().pk: Attendance(is_present=True)},
        conclusions={session.items.get().pk: Conclusion("Đồng ý.", 1, 0, 1)},
        version=version_of(session),
        by=by,
    )
    return close_session(session=session, by=by)


def _sheet(pilot_round: PilotRound, own: Organisation, people: dict[str, User]) -> UnitResult:
    school = make_agency("Trường THCS Tam Đa", "316-002", parent=own)
    scored = make_user(Role.LEADER, school)
    line = make_line(pilot_round, school)
    attach(line, by=scored)
    fill(line, by=scored)
    take_sheet_step(result=line, step_name="submit", by=scored)
    take_sheet_step(result=line, step_name="confirm", by=people["leader"])
    return UnitResult.objects.get(pk=line.pk)


def _workbook(pilot_round: PilotRound, own: Organisation, by: User) -> ResultUpload:
    content = template(load_register(pilot_round, own, pilot_round.year))
    return take_in_upload(
        pilot_round=pilot_round,
        owner=own,
        year=pilot_round.year,
        uploaded=ContentFile(content, name="ket-qua.xlsx"),
        by=by,
    )


def _run(evaluation: Evaluation, by: User) -> ReportRun:
    report = REPORTS["bao-cao-tu-danh-gia"]
    subject = report.all_subjects().get(pk=evaluation.pk)
    ordered = report_actions.order_report(report=report, subject=subject, file_type="xlsx", by=by)
    build(report_actions.claim(ordered.pk))
    return ReportRun.objects.get(pk=ordered.pk)
