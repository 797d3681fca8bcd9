"""Everything that is written of an inspection, from the draw to the Sở's column."""

from dataclasses import dataclass

from evaluations.actions import inspections
from evaluations.actions.appraisal import version_of
from evaluations.models import Evaluation, Event, Inspection, PilotRound
from evaluations.workflow import Status
from organisations.models import Role, User
from tests.evaluations import samples
from tests.evaluations.inspected import ALL, SEED, closed, drawn, make_inspectable, record
from tests.evaluations.writes.table import Subject, Write
from tests.factories import make_city, make_department, make_district, make_user, result_of

# Before a draw: the dossier with its unit, and with the Sở. `late`: the dossier was decided on.
DOSSIERS = ("draft", "submitted", "appraising", "confirmed")
INSPECTIONS = ("drawn", "ready", "closed", "closed-later", "late")


@dataclass(frozen=True)
class Thing:
    evaluation: Evaluation
    inspection: Inspection | None = None

    @property
    def pilot_round(self) -> PilotRound:
        return self.evaluation.pilot_round


def make_subject() -> Subject:
    own, department = make_district(), make_department()
    people = {
        "editor": make_user(Role.EDITOR, own),
        "leader": make_user(Role.LEADER, own),
        "leader-elsewhere": make_user(Role.LEADER, make_district()),
        "appraiser": make_user(Role.APPRAISER, department),
        "appraiser-who-wrote": make_user(Role.APPRAISER, department),
        "approver": make_user(Role.APPROVER, department),
        "council": make_user(Role.COUNCIL, make_city()),
        "observer": make_user(Role.OBSERVER, make_city()),
        "administrator": make_user(Role.ADMINISTRATOR, department),
    }
    drawer = make_user(Role.APPRAISER, department)
    things = {}
    for state in (*DOSSIERS, *INSPECTIONS):
        evaluation = make_inspectable(own)
        inspection = _inspection(evaluation, state, drawer)
        late = {"late": Status.RECOGNISED, "closed-later": Status.CONFIRMED}
        status = late.get(state) or (state if state in DOSSIERS else Status.APPRAISING)
        Evaluation.objects.filter(pk=evaluation.pk).update(status=status)
        Event.objects.create(
            evaluation=evaluation,
            kind="first-writing",
            text="bắt đầu nhập",
            by=people["appraiser-who-wrote"],
        )
        things[state] = Thing(Evaluation.objects.for_display().get(pk=evaluation.pk), inspection)
    return Subject(people, things, WRITES)


def _inspection(evaluation: Evaluation, state: str, by: User) -> Inspection | None:
    if state in DOSSIERS:
        return None
    if state in {"closed", "closed-later"}:
        return closed(evaluation, by=by)
    inspection = drawn(evaluation, by=by)
    if state == "ready":
        record(inspection, by=by)
        attach(Thing(evaluation, inspection), by)
    return Inspection.objects.get(pk=inspection.pk)


def draw(thing: Thing, by: User) -> None:
    inspections.draw_inspection(evaluation=thing.evaluation, wanted=ALL, seed=SEED, by=by)


def attach(thing: Thing, by: User) -> None:
    words = f"biên bản của {thing.inspection.pk}"
    scan = samples.upload(samples.pdf(words), "Biên bản.pdf")
    inspections.attach_scan(inspection=thing.inspection, uploaded=scan, by=by)


def feed(thing: Thing, by: User) -> None:
    result = result_of(thing.evaluation, "2.2.1")
    inspections.feed(
        inspection=thing.inspection,
        result=result,
        typed={"achieved": "80", "total": "92"},
        reason="Kiểm tra thực tế thấy 80.",
        version=version_of(thing.evaluation, result),
        by=by,
    )


ALL_INSPECTIONS = " ".join(INSPECTIONS)
WRITES = {
    "inspections.draw_inspection": Write(
        draw, {"submitted appraising": "appraiser"}, only=" ".join(DOSSIERS)
    ),
    "inspections.record_findings": Write(
        lambda thing, by: record(thing.inspection, by=by),
        {"drawn ready": "appraiser"},
        only=ALL_INSPECTIONS,
    ),
    "inspections.attach_scan": Write(attach, {"drawn ready": "appraiser"}, only=ALL_INSPECTIONS),
    "inspections.close_inspection": Write(
        lambda thing, by: inspections.close_inspection(inspection=thing.inspection, by=by),
        {"ready": "appraiser"},
        told={"drawn": "appraiser"},
        only=ALL_INSPECTIONS,
    ),
    "inspections.feed": Write(feed, {"closed": "appraiser"}, only=ALL_INSPECTIONS),
}
