"""Everything that is written in the city's own dossier: by its agencies, who compiles, the council.

Tried on one indicator of Sở Nội vụ.
"""

from dataclasses import dataclass
from datetime import date

from evaluations.actions import appraisal, assignments, evidence, results, steps
from evaluations.models import Assignment, Document, IndicatorResult, PilotRound
from organisations.models import User
from tests.evaluations.city_world import CityWorld, make_city_world
from tests.evaluations.writes.table import Subject, Write
from tests.factories import make_document

OWN, OTHER, UNTOUCHED = "1.1.1", "2.2.1", "3.1.1"
# `asked`, `kept`: back from the council, which asked about this indicator, or about another one.
OPEN = "working given-back asked"
STATES = (
    *("working", "handed-over", "given-back", "submitted", "appraising"),
    *("asked", "kept", "appraised", "confirmed"),
)
AGENCY, COMPILERS = "SNV-editor SNV-leader", "SGDDT-editor SGDDT-leader"
COUNCIL = "council other-council"
WITH_AGENCIES = "working handed-over given-back asked kept"


@dataclass(frozen=True)
class Thing:
    world: CityWorld
    result: IndicatorResult
    spare: Document
    earlier: PilotRound

    @property
    def pilot_round(self) -> PilotRound:
        return self.world.pilot_round


def make_subject() -> Subject:
    earlier = make_city_world()
    people = earlier.people
    Assignment.objects.of_round(earlier.pilot_round).update(agency=earlier.offices["VPUB"])
    things = {state: _thing(state, people, earlier.pilot_round) for state in STATES}
    named = {name.replace(" ", "-"): user for name, user in people.items()}
    return Subject(named, things, WRITES)


def _thing(state: str, people: dict[str, User], earlier: PilotRound) -> Thing:
    world = make_city_world(people)
    spare = make_document(world.offices["SNV"], by=people["SNV editor"])
    if state == "working":
        world.fill(OWN)
    else:
        world.fill()
        world.hand_over()
    if state == "given-back":
        assignments.return_part(
            result=world.result(OWN), reason="Thiếu.", by=people["SGDDT editor"]
        )
    if state in STATES[3:]:
        world.submit()
    if state in {"appraising", "asked", "kept"}:
        world.step("take-in", "council")
    if state in {"asked", "kept"}:
        _return(world, OWN if state == "asked" else OTHER)
    if state in {"appraised", "confirmed"}:
        world.appraise_all()
        world.step("finish", "council")
    if state == "confirmed":
        world.step("confirm", "other council")
    return Thing(world, world.result(OWN), spare, earlier)


def _return(world: CityWorld, code: str) -> None:
    council, result = world.people["council"], world.result(code)
    appraisal.appraise(result=result, verdict="ask", reason="Nêu số.", by=council)
    world.step("return", "council", note="Bổ sung.", due_on=date(2099, 12, 31))
    IndicatorResult.objects.filter(pk=result.pk).update(reply="Đã nêu.")


def save(thing: Thing, by: User) -> None:
    results.save_result(
        result=thing.result, values={"explanation": "Mới."}, base={"explanation": ""}, by=by
    )


def cite(thing: Thing, by: User) -> None:
    evidence.cite(result=thing.result, document=thing.spare, by=by)


def give_back(thing: Thing, by: User) -> None:
    assignments.return_part(result=thing.result, reason="Xem lại.", by=by)


def move(thing: Thing, by: User) -> None:
    agency = thing.world.offices["VPUB"]
    assignments.assign(result=thing.result, agency=agency, due_on=None, by=by)


def copy(thing: Thing, by: User) -> None:
    assignments.copy_assignments(from_round=thing.earlier, to_round=thing.pilot_round, by=by)


def judge(thing: Thing, by: User) -> None:
    appraisal.appraise(result=thing.result, verdict="accept", by=by)


def step(name: str, **words):
    def take(thing: Thing, by: User) -> None:
        steps.take_step(evaluation=thing.world.dossier, step_name=name, by=by, **words)

    return take


WRITES = {
    "assignments.hand_over": Write(
        lambda thing, by: assignments.hand_over(result=thing.result, by=by), {OPEN: AGENCY}
    ),
    "assignments.return_part": Write(give_back, {"handed-over": COMPILERS}),
    # What the council did not ask about stays where it is, and they are told so.
    "assignments.assign": Write(
        move,
        {"working handed-over given-back asked": f"{COMPILERS} administrator"},
        told={"kept": f"{COMPILERS} administrator"},
    ),
    "assignments.copy_assignments": Write(copy, {WITH_AGENCIES: f"{COMPILERS} administrator"}),
    "results.save_result of the city": Write(save, {OPEN: AGENCY}),
    "evidence.cite of the city": Write(cite, {OPEN: AGENCY}),
    "appraisal.appraise of the city": Write(judge, {"appraising": COUNCIL}),
    "steps.take_step submit, of the city": Write(
        step("submit", reasons={}),
        {"handed-over": "SGDDT-leader"},
        told={"working given-back asked kept": "SGDDT-leader"},
    ),
    "steps.take_step take-in, of the city": Write(step("take-in"), {"submitted": COUNCIL}),
    "steps.take_step confirm, of the city": Write(step("confirm"), {"appraised": "other-council"}),
    "steps.take_step reopen, of the city": Write(
        step("reopen", note="Nhầm."), {"confirmed": COUNCIL}
    ),
}
