"""Everything that is written on the own sheet of an agency, and the steps of its way."""

from dataclasses import dataclass

from evaluations.actions import sheet_evidence, sheets
from evaluations.models import Document, PilotRound, SheetEvidence, UnitResult
from evaluations.registers import points_of
from evaluations.sheet_reading import values_of
from evaluations.unit_sheets import SHEET_STEPS
from organisations.models import Role, User
from tests.evaluations import samples
from tests.evaluations.filled_sheets import attach, fill, leader_of, send_back, submit
from tests.evaluations.writes.table import Subject, Write
from tests.factories import (
    make_agency,
    make_city,
    make_department,
    make_district,
    make_document,
    make_line,
    make_round,
    make_user,
)

STATES = ("none", "draft", "submitted", "returned", "confirmed")


@dataclass(frozen=True)
class Thing:
    """One agency's line of a year, with its sheet in one state and a paper cited at item 1."""

    line: UnitResult
    spare: Document

    @property
    def pilot_round(self) -> PilotRound:
        return self.line.pilot_round

    @property
    def citation(self) -> SheetEvidence:
        return self.line.sheet_evidence.select_related("document", "result").get()

    @property
    def values(self) -> dict[str, str]:
        rule = points_of(self.line.pilot_round, self.line.kind).rule
        return values_of(rule, self.line.sheet_items.all())


def make_subject() -> Subject:
    district = make_district()
    agency, department = make_agency(parent=district), make_department()
    people = {
        "editor": make_user(Role.EDITOR, agency),
        "leader": make_user(Role.LEADER, agency),
        "keeper": make_user(Role.EDITOR, district),
        "keepers-leader": make_user(Role.LEADER, district),
        # Nobody confirms what they scored themselves, whatever their office is today.
        "keeper-who-scored": make_user(Role.LEADER, agency),
        "leader-beside": make_user(Role.LEADER, make_agency(parent=district)),
        "leader-elsewhere": make_user(Role.LEADER, make_district()),
        "appraiser": make_user(Role.APPRAISER, department),
        "approver": make_user(Role.APPROVER, department),
        "council": make_user(Role.COUNCIL, make_city()),
        "observer": make_user(Role.OBSERVER, district),
        "administrator": make_user(Role.ADMINISTRATOR, department),
    }
    spare = make_document(agency, summary="Chưa dùng")
    things = {}
    for number, state in enumerate(STATES):
        line = make_line(make_round(), agency)
        if state != "none":
            fill(line, by=people["keeper-who-scored"])
            attach(line, words=f"phiếu {number}", by=people["keeper-who-scored"])
        if state in {"submitted", "returned", "confirmed"}:
            submit(line)
        if state == "returned":
            send_back(line, people["keeper"])
        if state == "confirmed":
            sheets.take_sheet_step(result=line, step_name="confirm", by=people["keeper"])
        things[state] = Thing(UnitResult.objects.for_writing().get(pk=line.pk), spare)
    moved = people["keeper-who-scored"]
    moved.organisation = district
    moved.save(update_fields=["organisation"])
    assert leader_of(things["draft"].line) == people["leader"]
    return Subject(people, things, WRITES)


def save(thing: Thing, by: User) -> None:
    values = thing.values | {"points-1": "36"}
    sheets.save_sheet(result=thing.line, values=values, base=thing.values, by=by)


def overrule(thing: Thing, by: User) -> None:
    stored = thing.values
    sheets.overrule_sheet(
        result=thing.line,
        values=stored | {"explanation-1": "Bản của tôi"},
        base=stored | {"explanation-1": "Bản cũ"},
        seen={"explanation-1": stored["explanation-1"]},
        by=by,
    )


def add_file(thing: Thing, by: User) -> None:
    uploaded = samples.upload(samples.pdf("mới"), "moi.pdf")
    sheet_evidence.add_sheet_file(result=thing.line, code="1", uploaded=uploaded, by=by)


def cite(thing: Thing, by: User) -> None:
    sheet_evidence.cite_for_item(result=thing.line, code="2.1", document=thing.spare, by=by)


def step(name: str):
    def do(thing: Thing, by: User) -> None:
        sheets.take_sheet_step(result=thing.line, step_name=name, note="Vì việc thử.", by=by)

    return do


OWN = {"none draft returned": "editor leader"}
OWN_BEGUN = {"draft returned": "editor leader"}
BEGUN = "draft submitted returned confirmed"
KEEPERS = "keeper keepers-leader"
STEPS = {
    "submit": {"draft returned": "leader"},
    "withdraw": {"submitted": "leader"},
    "confirm": {"submitted": KEEPERS},
    "return": {"submitted confirmed": KEEPERS},
}
WRITES = {
    "sheets.save_sheet": Write(save, OWN),
    "sheets.overrule_sheet": Write(overrule, OWN_BEGUN, only=BEGUN),
    "sheet_evidence.add_sheet_file": Write(add_file, OWN),
    "sheet_evidence.cite_for_item": Write(cite, OWN),
    "sheet_evidence.change_item_citation": Write(
        lambda thing, by: sheet_evidence.change_item_citation(
            evidence=thing.citation, cited="trang 2", by=by
        ),
        OWN_BEGUN,
        only=BEGUN,
    ),
    "sheet_evidence.use_current_for_item": Write(
        lambda thing, by: sheet_evidence.use_current_for_item(evidence=thing.citation, by=by),
        OWN_BEGUN,
        only=BEGUN,
    ),
    "sheet_evidence.remove_item_citation": Write(
        lambda thing, by: sheet_evidence.remove_item_citation(evidence=thing.citation, by=by),
        OWN_BEGUN,
        only=BEGUN,
    ),
}
WRITES |= {f"sheets.take_sheet_step {name}": Write(step(name), STEPS[name]) for name in SHEET_STEPS}
