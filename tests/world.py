"""Two districts with dossiers in every state, and everybody who may come across them.

Made once for a module of tests: each test's own transaction lies inside this one.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from criteria.models import PointSet
from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.closing import close_round
from evaluations.actions.decisions import Said, record_decision
from evaluations.actions.evidence import add_evidence_file
from evaluations.actions.sheets import take_sheet_step
from evaluations.actions.steps import take_step
from evaluations.actions.uploads import take_in_upload
from evaluations.models import (
    Decision,
    Document,
    Evaluation,
    Evidence,
    Inspection,
    PilotRound,
    ResultUpload,
    SessionItem,
    StoredFile,
    UnitResult,
)
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from organisations.models import Organisation, Role, User
from reports import actions as report_actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.evaluations import samples
from tests.evaluations.filled_sheets import attach, fill
from tests.evaluations.inspected import closed, drawn, make_inspectable, one_worse, ready
from tests.factories import (
    make_agency,
    make_city,
    make_commune,
    make_complete_dossier,
    make_confirmed_dossier,
    make_counted_dossier,
    make_department,
    make_district,
    make_document,
    make_dossier,
    make_line,
    make_points,
    make_round,
    make_session,
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
    resubmitted: Evaluation  # returned, answered, and submitted again
    elsewhere: Evaluation  # the other district's, submitted
    planned: PilotRound
    closed: Evaluation  # the first district's draft in a round that was closed
    untouched: Evaluation  # a third district's, in the round of the draft; nobody wrote in it
    newer_points: PointSet  # the second version of the set that all rounds rate agencies by
    lines: dict[str, UnitResult]  # of registers: a commune, an agency, the city's, elsewhere
    counted: list[Evaluation]  # of the first district, with lists behind: a draft, a submitted one
    sheets: list[UnitResult]  # of one agency: draft, submitted, returned, confirmed
    uploads: list[ResultUpload]  # workbooks of the first district's editor: faulty, ready, dropped
    uncited: Document
    # Of a draft, of a submitted one, the Sở's, of a round, of an open session, of a closed one.
    runs: dict[str, list[ReportRun]]
    inspections: list[Inspection]  # of one dossier of the first district: open, ready, closed
    council: "CouncilWorld"


@dataclass(frozen=True)
class CouncilWorld:
    """In the newest round: a dossier of the first district before an open session, another one
    that a closed session concluded; and a decision on a dossier of the first district."""

    item: SessionItem
    concluded: SessionItem
    decision: Decision


def make_world() -> World:
    own, other = make_district("Huyện Vĩnh Bảo", "316"), make_district("Quận Lê Chân", "305")
    people = _people(own, other)
    made = {
        stage: dossier_at(own, people, stage)
        for stage in ("draft", "submitted", "appraising", "returned", "appraised")
    }
    elsewhere = make_complete_dossier(other, by=people["editor elsewhere"])
    take_step(evaluation=elsewhere, step_name="submit", by=people["leader elsewhere"])
    cases = [
        case_of(made["draft"], ASKED),
        case_of(made["submitted"], ASKED),
        case_of(made["appraising"], ASKED),
        case_of(made["returned"], ASKED),
        case_of(made["returned"], KEPT),
        case_of(made["appraised"], ASKED),
    ]
    world = World(
        own=own,
        people=people,
        operator=make_user(Role.ADMINISTRATOR, make_department(), is_operator=True),
        cases=cases,
        resubmitted=_resubmitted(own, people),
        elsewhere=Evaluation.objects.for_display().get(pk=elsewhere.pk),
        planned=_with_milestone(make_round(opened_at=None, year=2023)),
        closed=_closed(own, people),
        untouched=make_dossier(
            make_district("Huyện Cát Hải", "317"),
            pilot_round=_with_milestone(made["draft"].pilot_round),
        ),
        newer_points=make_points(PointSet.Subject.AGENCY, version=2),
        lines=_lines(made["draft"].pilot_round, own, elsewhere),
        counted=_counted(own, people),
        sheets=_sheets(made["draft"].pilot_round, own, people),
        uploads=_uploads(made["draft"].pilot_round, own, people["editor"]),
        uncited=make_document(own, by=people["editor"], summary="Chưa dùng cho chỉ báo nào"),
        runs={},
        inspections=_inspections(own, people["appraiser"]),
        council=_council(own, people),
    )
    runs = {
        state: _runs(made["draft"], made["submitted"], world.council, people, state)
        for state in ("ready", "failed", "queued")
    }
    return replace(world, runs=runs)


def _with_milestone(pilot_round: PilotRound) -> PilotRound:
    pilot_round.milestones.create(label="Hội đồng họp", due_on=date(2022, 12, 20))
    return pilot_round


def _closed(own: Organisation, people: dict[str, User]) -> Evaluation:
    """In an early round, so that no page shows that round of its own accord."""
    pilot_round = _with_milestone(make_round(year=2020))
    evaluation = make_complete_dossier(own, by=people["editor"], pilot_round=pilot_round)
    close_round(pilot_round=pilot_round, reason="Xong", by=people["administrator"])
    return Evaluation.objects.for_display().get(pk=evaluation.pk)


def _council(own: Organisation, people: dict[str, User]) -> CouncilWorld:
    approver, member = people["approver"], people["council"]
    decided = make_confirmed_dossier(own, by=people["appraiser"])
    make_session(decided, members=[member], by=approver, concluded=1)
    decision = record_decision(
        pilot_round=decided.pilot_round,
        details={
            "number": "1/QĐ-UBND",
            "signed_on": date(2022, 12, 28),
            "issuer": "UBND thành phố",
            "signer_name": "Lê Văn Ký",
            "signer_position": "Phó Chủ tịch",
        },
        lines=[Said(decided.pk, 1)],
        uploaded=ContentFile(samples.pdf("quyết định"), name="quyet-dinh.pdf"),
        by=approver,
    )
    waiting = make_confirmed_dossier(own, by=people["appraiser"])
    other = make_confirmed_dossier(
        make_district("Huyện An Dương", "312"),
        pilot_round=waiting.pilot_round,
        by=people["appraiser"],
    )
    session = make_session(waiting, members=[member], by=approver)
    closed = make_session(other, members=[member], by=approver, concluded=1)
    return CouncilWorld(session.items.get(), closed.items.get(), decision)


def _inspections(own: Organisation, by: User) -> list[Inspection]:
    """Drawn; all found and its minutes there; closed, with one commune worse than declared."""
    dossier = make_inspectable(own)
    shut = closed(dossier, by=by, looks=one_worse(drawn(dossier, by=by)))
    made = [drawn(dossier, by=by), ready(dossier, by=by), shut]
    return [Inspection.objects.get(pk=each.pk) for each in made]


def _counted(own: Organisation, people: dict[str, User]) -> list[Evaluation]:
    draft, sent = (
        make_counted_dossier(own, communes=["kha", "trung-binh"], agencies=["tot"])
        for _ in range(2)
    )
    reasons = {"undecided": "Sẽ bổ sung."}
    take_step(evaluation=sent, step_name="submit", by=people["leader"], reasons=reasons)
    return [draft, sent]


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
        "scored": (Role.LEADER, make_agency("Trường THCS Tam Đa", "316-002", parent=own)),
        "observer": (Role.OBSERVER, make_agency("Hội Khuyến học Hải Phòng", "HKH")),
        "administrator": (Role.ADMINISTRATOR, department),
    }
    return {name: make_user(role, office) for name, (role, office) in offices.items()}


def dossier_at(unit: Organisation, people: dict[str, User], stage: str) -> Evaluation:
    """At level 1 and as far as its stage, by the steps that the pages take."""
    evaluation = make_complete_dossier(unit, by=people["editor"])
    for code in (ASKED, KEPT):
        result = result_of(evaluation, code)
        result.evidence.all().delete()
        add_evidence_file(
            result=result,
            uploaded=ContentFile(samples.pdf(f"{evaluation.pk} {code}"), name=f"{code}.pdf"),
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


def _resubmitted(unit: Organisation, people: dict[str, User]) -> Evaluation:
    evaluation = dossier_at(unit, people, "returned")
    return take_step(evaluation=evaluation, step_name="submit", by=people["leader"])


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


def _lines(
    pilot_round: PilotRound, own: Organisation, elsewhere: Evaluation
) -> dict[str, UnitResult]:
    """In the round of the draft, and one of the other district in its own round."""
    tam_da = make_commune("Xã Tam Đa", "11866", parent=own)
    home_affairs = make_agency("Phòng Nội vụ", "316-001", parent=own)
    health = make_agency("Sở Y tế", "SYT", parent=make_city())
    return {
        "commune": make_line(pilot_round, tam_da, rating="kha"),
        "agency": make_line(pilot_round, home_affairs),
        "city": make_line(pilot_round, health),
        "elsewhere": make_line(elsewhere.pilot_round, make_commune(parent=elsewhere.unit)),
    }


def _uploads(pilot_round: PilotRound, own: Organisation, by: User) -> list[ResultUpload]:
    """One of the year before is ready; that of the round's year is put in the place of another."""

    def upload(year: int, content: bytes) -> ResultUpload:
        return take_in_upload(
            pilot_round=pilot_round,
            owner=own,
            year=year,
            uploaded=ContentFile(content, name="ket-qua.xlsx"),
            by=by,
        )

    clean, past = (template(load_register(pilot_round, own, year)) for year in (2022, 2021))
    made = [upload(2022, clean), upload(2022, past), upload(2021, past)]
    dropped, faulty, ready = (ResultUpload.objects.get(pk=each.pk) for each in made)
    return [faulty, ready, dropped]


def _sheets(
    pilot_round: PilotRound, own: Organisation, people: dict[str, User]
) -> list[UnitResult]:
    """One agency's, a year for each state, complete and with a paper for its first item."""
    scored, keeper = people["scored"], people["leader"]
    lines = [make_line(pilot_round, scored.organisation, year=2022 - age) for age in range(4)]
    for line in lines:
        attach(line, by=scored, words=f"phiếu {line.year}")
        fill(line, by=scored)
    for line in lines[1:]:
        take_sheet_step(result=line, step_name="submit", by=scored)
    take_sheet_step(result=lines[2], step_name="return", by=keeper, note="Xem lại mục 1.")
    take_sheet_step(result=lines[3], step_name="confirm", by=keeper)
    return [UnitResult.objects.get(pk=line.pk) for line in lines]


def case_of(evaluation: Evaluation, code: str) -> Case:
    evidence = Evidence.objects.select_related("document", "result__indicator")
    return Case(
        evaluation, evidence.get(result__evaluation=evaluation, result__indicator__code=code), code
    )


def _runs(
    draft, submitted, council: CouncilWorld, people: dict[str, User], state: str
) -> list[ReportRun]:
    report, summary = REPORTS["bao-cao-tu-danh-gia"], REPORTS["tong-hop-quan-huyen"]
    minutes = REPORTS["bien-ban-hoi-dong"]
    orders = [
        (report, draft, people["editor"]),
        (report, submitted, people["editor"]),
        (report, submitted, people["appraiser"]),
        (summary, submitted.pilot_round, people["appraiser"]),
        (minutes, council.item.session, people["appraiser"]),
        (minutes, council.concluded.session, people["appraiser"]),
    ]
    return [_run(*order, state) for order in orders]


def _run(report, subject, by: User, state: str) -> ReportRun:
    ordered = report_actions.order_report(report=report, subject=subject, file_type="pdf", by=by)
    if state == "queued":
        return ordered
    run = report_actions.claim(ordered.pk)
    if state == "failed":
        report_actions.fail(run, reason="Hỏng")
    else:
        run.file.save("x.pdf", ContentFile(b"%PDF-1.7 x"), save=False)
        report_actions.finish(run, name=run.file.name, size=10, sha256="0" * 64)
    return ReportRun.objects.get(pk=run.pk)
