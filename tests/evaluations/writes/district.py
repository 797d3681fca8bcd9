"""Everything that is written in a district's dossier, by everybody, in every state of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from evaluations.actions import appraisal, decisions, evidence, papers, results, rounds, steps
from evaluations.actions.council import Attendee, plan_session
from evaluations.models import (
    Decision,
    Document,
    Evaluation,
    Event,
    Evidence,
    IndicatorAppraisal,
    IndicatorResult,
    PilotRound,
)
from evaluations.workflow import STEPS, Status
from organisations.models import Organisation, Role, User
from tests.evaluations import samples
from tests.evaluations.writes.table import Subject, Write
from tests.factories import (
    accept_all,
    make_agency,
    make_city,
    make_complete_dossier,
    make_decision,
    make_department,
    make_district,
    make_document,
    make_session,
    make_user,
    result_of,
)

ASKED, OTHER = "2.1.2", "2.2.1"
FAR = date(2099, 12, 31)
# `asking`: the Sở is about to ask about one indicator and has not come to another one yet.
# `asked`, `kept`: returned; tried on the indicator that was asked about, and on another one.
# `resubmitted`: what was returned once has come back.
STATES = (
    *("draft", "submitted", "resubmitted", "asking", "appraising", "asked", "kept"),
    *("appraised", "confirmed", "recognised", "declined"),
)
BEFORE_APPRAISAL = ("draft", "submitted")
ALL = " ".join(STATES)


@dataclass(frozen=True)
class Thing:
    """A dossier in one state, the indicator to be tried on, and the papers of its unit."""

    evaluation: Evaluation
    result: IndicatorResult
    spare: Document

    @property
    def pilot_round(self) -> PilotRound:
        return self.evaluation.pilot_round

    @property
    def cited(self) -> Evidence:
        return self.result.evidence.select_related("document", "result__evaluation").get()

    @property
    def decision(self) -> Decision:
        return self.pilot_round.decisions.get()


def make_subject() -> Subject:
    own, other = make_district("Huyện Vĩnh Bảo"), make_district("Quận Lê Chân")
    people = _people(own, other)
    return Subject(people, {state: _thing(own, people, state) for state in STATES}, WRITES)


def _people(own: Organisation, other: Organisation) -> dict[str, User]:
    department = make_department()
    return {
        "editor": make_user(Role.EDITOR, own),
        "leader": make_user(Role.LEADER, own),
        "editor-elsewhere": make_user(Role.EDITOR, other),
        "leader-elsewhere": make_user(Role.LEADER, other),
        "leader-of-agency": make_user(Role.LEADER, make_agency(parent=own)),
        "appraiser": make_user(Role.APPRAISER, department),
        # Nobody judges what they wrote, nor confirms what they judged, whatever their role is now.
        "appraiser-who-wrote": make_user(Role.APPRAISER, department),
        "approver": make_user(Role.APPROVER, department),
        "approver-who-finished": make_user(Role.APPROVER, department),
        "council": make_user(Role.COUNCIL, make_city()),
        "observer": make_user(Role.OBSERVER, make_agency()),
        "administrator": make_user(Role.ADMINISTRATOR, department),
    }


def _thing(own: Organisation, people: dict[str, User], state: str) -> Thing:
    """At level 1, every indicator accepted as far as the state goes."""
    statuses = {"asked": "returned", "kept": "returned", "resubmitted": "submitted"}
    statuses |= {"asking": "appraising", "recognised": "confirmed", "declined": "confirmed"}
    was_returned = state in {"asked", "kept", "resubmitted"}
    evaluation = make_complete_dossier(
        own,
        status=Status(statuses.get(state, state)),
        supplement_due_on=timezone.localdate() if was_returned else None,
    )
    evaluation.results.update(reply="Đã gửi kèm.")
    if state not in BEFORE_APPRAISAL:
        accept_all(evaluation, by=make_user(Role.APPRAISER))
    verdicts = IndicatorAppraisal.objects.filter(result__evaluation=evaluation)
    if was_returned or state == "asking":
        asked = verdicts.filter(result__indicator__code=ASKED)
        asked.update(verdict="ask", reason="Gửi danh sách xã.", is_sent=was_returned)
    if state == "asking":
        verdicts.filter(result__indicator__code=OTHER).delete()
    _tell(evaluation, "first-writing", people["appraiser-who-wrote"])
    _tell(evaluation, "finish", people["approver-who-finished"])
    if state == "confirmed":
        make_session(evaluation, concluded=1)
    if state in {"recognised", "declined"}:
        make_decision({evaluation: 1 if state == "recognised" else 0})
    fresh = Evaluation.objects.for_display().get(pk=evaluation.pk)
    code = OTHER if state == "kept" else ASKED
    return Thing(fresh, result_of(fresh, code), make_document(own, summary="Chưa dùng"))


def _tell(evaluation: Evaluation, kind: str, by: User) -> None:
    Event.objects.create(evaluation=evaluation, kind=kind, text="như trước", by=by)


def pdf(words: str):
    return samples.upload(samples.pdf(words), "van-ban.pdf")


def save(thing: Thing, by: User) -> None:
    stored = results.values_of(thing.result)
    values = stored | {"achieved": "24", "explanation": "Thêm một xã."}
    results.save_result(result=thing.result, values=values, base=stored, by=by)


def overrule(thing: Thing, by: User) -> None:
    """Over words of somebody else, after having been shown them."""
    stored = results.values_of(thing.result)
    results.overrule(
        result=thing.result,
        values=stored | {"explanation": "Bản của tôi"},
        base=stored | {"explanation": "Bản cũ"},
        seen={"explanation": stored["explanation"]},
        by=by,
    )


def add_file(*, as_new_revision: bool):
    def do(thing: Thing, by: User) -> None:
        papers.add_document_file(
            document=thing.cited.document,
            uploaded=pdf("thêm"),
            as_new_revision=as_new_revision,
            by=by,
        )

    return do


def correct_details(thing: Thing, by: User) -> None:
    document = thing.cited.document
    details = {name: getattr(document, name) for name in papers.DETAILS} | {"number": "99/QĐ"}
    papers.change_details(document=document, details=details, by=by)


def judge(thing: Thing, by: User) -> None:
    appraisal.appraise(
        result=thing.result,
        verdict="adjust",
        typed={"achieved": "22", "total": "30"},
        reason="Một xã chưa có quyết định.",
        by=by,
    )


def step(name: str, *, decided: bool = False):
    def do(thing: Thing, by: User) -> None:
        steps.take_step(
            evaluation=thing.evaluation,
            step_name=name,
            by=by,
            note="Vì việc thử.",
            due_on=timezone.localdate() + timedelta(days=7),
            decided={"level": 1} if decided else None,
        )

    return do


def extend(thing: Thing, by: User) -> None:
    rounds.extend(evaluation=thing.evaluation, until=FAR, reason="Theo đề nghị.", by=by)


def put_before_council(thing: Thing, by: User) -> None:
    plan_session(
        pilot_round=thing.pilot_round,
        details={
            "held_on": date(2022, 12, 20),
            "place": "Phòng họp",
            "chair": "Nguyễn Thị Chủ",
            "secretary": "Trần Văn Ký",
        },
        attendees=[Attendee("Nguyễn Thị Chủ")],
        dossiers=[thing.evaluation.pk],
        by=by,
    )


PAPER = {
    "number": "2/QĐ-UBND",
    "signed_on": date(2022, 12, 29),
    "issuer": "UBND thành phố",
    "signer_name": "Lê Văn Ký",
    "signer_position": "Phó Chủ tịch",
}


def decide(thing: Thing, by: User) -> None:
    decisions.record_decision(
        pilot_round=thing.pilot_round,
        details=PAPER,
        lines=[decisions.Said(thing.evaluation.pk, 1)],
        uploaded=pdf("quyết định"),
        by=by,
    )


def decide_anew(thing: Thing, by: User) -> None:
    decisions.correct_decision(
        decision=thing.decision,
        details=PAPER,
        reason="Nhầm mức độ",
        lines=[decisions.Said(thing.evaluation.pk, 2, "Tính lại")],
        uploaded=pdf("quyết định thay"),
        by=by,
    )


UNIT = "editor leader"
OF_UNIT = {"draft asked": UNIT}
EXCEPT_CONFIRMED = " ".join(state for state in STATES if state != "confirmed")
BY_HAND = {
    "submit": {"draft asked kept": "leader"},
    "withdraw": {"submitted": "leader"},
    "take-back": {"resubmitted": "leader"},
    "take-in": {"submitted resubmitted": "appraiser"},
    "return": {"asking": "appraiser"},
    "finish": {"appraising": "appraiser"},
    "confirm": {"appraised": "approver"},
    "send-back": {"appraised": "approver approver-who-finished"},
    "reopen": {"confirmed": "approver approver-who-finished"},
}
# Asked for too early: no request was written, not every indicator is decided.
TOLD_BY_HAND = {"return": {"appraising": "appraiser"}, "finish": {"asking": "appraiser"}}
APPROVERS = "approver approver-who-finished"
BY_DECISION = {
    "recognise": "confirmed",
    "decline": "confirmed",
    "recognise-anew": "recognised declined",
    "decline-anew": "recognised declined",
}
WRITES = {
    "results.save_result": Write(save, OF_UNIT),
    "results.overrule": Write(overrule, OF_UNIT),
    "evidence.add_evidence_file": Write(
        lambda thing, by: evidence.add_evidence_file(
            result=thing.result, uploaded=pdf("mới"), by=by
        ),
        OF_UNIT,
    ),
    "evidence.cite": Write(
        lambda thing, by: evidence.cite(result=thing.result, document=thing.spare, by=by), OF_UNIT
    ),
    "evidence.change_citation": Write(
        lambda thing, by: evidence.change_citation(evidence=thing.cited, cited="trang 2", by=by),
        OF_UNIT,
    ),
    "evidence.use_current_revision": Write(
        lambda thing, by: evidence.use_current_revision(evidence=thing.cited, by=by), OF_UNIT
    ),
    "evidence.remove_citation": Write(
        lambda thing, by: evidence.remove_citation(evidence=thing.cited, by=by), OF_UNIT
    ),
    # One paper is cited at every indicator: where any of them is closed, so is the paper.
    "papers.change_details": Write(correct_details, {"draft": UNIT}),
    "papers.add_document_file same": Write(add_file(as_new_revision=False), {"draft": UNIT}),
    # The paper is the unit's own; what was sent keeps the revision that it was sent with.
    "papers.add_document_file newer": Write(
        add_file(as_new_revision=True), {ALL: UNIT}, is_of_round=False
    ),
    "appraisal.appraise": Write(judge, {"asking appraising": "appraiser"}),
    "appraisal.accept_rest": Write(
        lambda thing, by: appraisal.accept_rest(evaluation=thing.evaluation, by=by),
        {"asking appraising": "appraiser"},
    ),
    "rounds.extend": Write(extend, {"draft asked kept": "administrator"}),
    "council.plan_session": Write(
        put_before_council,
        {"confirmed": f"appraiser appraiser-who-wrote {APPROVERS}"},
        told={EXCEPT_CONFIRMED: f"appraiser appraiser-who-wrote {APPROVERS}"},
    ),
    "decisions.record_decision": Write(
        decide, {"confirmed": APPROVERS}, told={EXCEPT_CONFIRMED: APPROVERS}
    ),
    "decisions.correct_decision": Write(
        decide_anew, {"recognised declined": APPROVERS}, only="recognised declined"
    ),
}
WRITES |= {
    f"steps.take_step {name}": Write(step(name), BY_HAND.get(name, {}), TOLD_BY_HAND.get(name, {}))
    for name in STEPS
}
WRITES |= {
    f"steps.take_step {name} by decision": Write(step(name, decided=True), {states: APPROVERS})
    for name, states in BY_DECISION.items()
}
