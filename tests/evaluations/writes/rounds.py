"""Everything that is done with a round itself, planned, open and closed; and with the catalogue."""

from dataclasses import dataclass, replace
from datetime import date

from criteria.models import PointSet
from evaluations.actions import calendar, closing, participants, planning, point_sets, rounds
from evaluations.actions.held_rounds import version_of
from evaluations.models import AdoptedReading, Evaluation, Milestone, PilotRound
from organisations.models import Organisation, Role, User
from tests.evaluations.writes.table import Subject, Write, close
from tests.factories import (
    make_agency,
    make_city,
    make_department,
    make_district,
    make_dossier,
    make_points,
    make_round,
    make_user,
)

LINE = {"label": "Họp", "starts_on": None, "due_on": date(2022, 12, 20), "shown_date": ""}


@dataclass(frozen=True)
class Thing:
    pilot_round: PilotRound
    milestone: Milestone
    untouched: Evaluation | None  # of a district that nobody has written for
    newcomer: Organisation
    points: PointSet

    @property
    def version(self) -> str:
        return version_of(self.pilot_round)

    @property
    def details(self) -> dict:
        return {name: getattr(self.pilot_round, name) for name in planning.DETAILS}


def make_subject() -> Subject:
    own, department = make_district(), make_department(parent=make_city())
    people = {
        "editor": make_user(Role.EDITOR, own),
        "leader": make_user(Role.LEADER, own),
        "leader-of-agency": make_user(Role.LEADER, make_agency(parent=own)),
        "compiler": make_user(Role.LEADER, department),
        "appraiser": make_user(Role.APPRAISER, department),
        "approver": make_user(Role.APPROVER, department),
        "council": make_user(Role.COUNCIL, make_city()),
        "observer": make_user(Role.OBSERVER, own),
        "administrator": make_user(Role.ADMINISTRATOR, department),
    }
    # Rounds first: what is made later is newer than what they rate by.
    things = {state: _thing(own, department, state) for state in ("planned", "open", "closed")}
    newer = make_points(PointSet.Subject.AGENCY, version=2)
    newer = PointSet.objects.with_rule().get(pk=newer.pk)
    return Subject(
        people, {name: replace(each, points=newer) for name, each in things.items()}, WRITES
    )


def _thing(own: Organisation, department: Organisation, state: str) -> Thing:
    words = {"opened_at": None} if state == "planned" else {}
    pilot_round = make_round(standing_agency=department, **words)
    milestone = pilot_round.milestones.create(**LINE | {"label": "Gửi báo cáo"})
    untouched = None
    if state == "planned":
        pilot_round.planned_participants.set([own])
    else:
        untouched = make_dossier(own, pilot_round=pilot_round)
    if state == "closed":
        close(pilot_round)
    fresh = PilotRound.objects.get(pk=pilot_round.pk)
    return Thing(fresh, milestone, untouched, make_district(), fresh.agency_points)


def create(thing: Thing, by: User) -> None:
    planning.create_round(details=thing.details | {"name": "Đợt mới"}, by=by)


def change(thing: Thing, by: User) -> None:
    details = thing.details | {"name": "Tên khác"}
    planning.change_round(
        pilot_round=thing.pilot_round, details=details, version=thing.version, by=by
    )


def choose(thing: Thing, by: User) -> None:
    planning.choose_participants(
        pilot_round=thing.pilot_round, units=[thing.newcomer], version=thing.version, by=by
    )


def open_planned(thing: Thing, by: User) -> None:
    planning.open_planned_round(pilot_round=thing.pilot_round, version=thing.version, by=by)


def open_(thing: Thing, by: User) -> None:
    rounds.open_round(pilot_round=thing.pilot_round, participants=[thing.newcomer], by=by)


def copy(thing: Thing, by: User) -> None:
    planning.copy_round(
        source=thing.pilot_round, name="Đợt năm sau", year=2023, is_practice=False, by=by
    )


def change_milestone(thing: Thing, by: User) -> None:
    calendar.change_milestone(milestone=thing.milestone, details=LINE, version=thing.version, by=by)


def adopt_reading(thing: Thing, by: User) -> None:
    question = AdoptedReading.Question.EXACT_80
    choice = AdoptedReading.CHOICES_OF[question][0]
    rounds.adopt_reading(
        pilot_round=thing.pilot_round, question=question, choice=choice, document="12/CV", by=by
    )


def adopt_points(thing: Thing, by: User) -> None:
    point_sets.adopt_points(
        pilot_round=thing.pilot_round, point_set=thing.points, reason="12/CV", by=by
    )


def make_version(thing: Thing, by: User) -> None:
    point_sets.make_version(
        base=thing.points,
        rule=replace(thing.points.rule, maximum=thing.points.rule.maximum),
        seen=thing.points.version,
        document="12/CV-SGDĐT",
        note="Đã rõ",
        by=by,
    )


def join(thing: Thing, by: User) -> None:
    participants.add_participant(
        pilot_round=thing.pilot_round, unit=thing.newcomer, reason="Công văn 5", by=by
    )


def leave(thing: Thing, by: User) -> None:
    participants.remove_participant(evaluation=thing.untouched, reason="Xin thôi", by=by)


BY = "administrator"
PLAN = {"planned": BY}
OPENED = {"open closed": BY}  # told that it is open already
CALENDAR = {"planned open": BY}
WRITES = {
    "planning.create_round": Write(create, {"open": BY}, only="open", is_of_round=False),
    "planning.change_round": Write(change, PLAN, told=OPENED),
    "planning.choose_participants": Write(choose, PLAN, told=OPENED),
    "planning.open_planned_round": Write(open_planned, PLAN, told=OPENED),
    "planning.copy_round": Write(copy, {"planned open closed": BY}, is_of_round=False),
    "rounds.open_round": Write(open_, PLAN, told=OPENED),
    "rounds.adopt_reading": Write(adopt_reading, CALENDAR),
    "calendar.add_milestone": Write(
        lambda thing, by: calendar.add_milestone(
            pilot_round=thing.pilot_round, details=LINE, by=by
        ),
        CALENDAR,
    ),
    "calendar.change_milestone": Write(change_milestone, CALENDAR),
    "calendar.remove_milestone": Write(
        lambda thing, by: calendar.remove_milestone(milestone=thing.milestone, by=by), CALENDAR
    ),
    "closing.close_round": Write(
        lambda thing, by: closing.close_round(
            pilot_round=thing.pilot_round, reason="Hết năm", by=by
        ),
        {"open": BY},
        told={"planned closed": BY},
    ),
    "closing.reopen_round": Write(
        lambda thing, by: closing.reopen_round(
            pilot_round=thing.pilot_round, reason="Còn sót", by=by
        ),
        {"closed": BY},
        told={"planned open": BY},
        is_of_round=False,
    ),
    "participants.add_participant": Write(join, {"open": BY}),
    "participants.remove_participant": Write(leave, {"open": BY}, only="open closed"),
    "point_sets.adopt_points": Write(adopt_points, {"open": BY}, told={"planned": BY}),
    "point_sets.make_version": Write(make_version, {"open": BY}, only="open", is_of_round=False),
}
