"""Everything that is written in a council's session: planned, ready to be closed, closed."""

from dataclasses import dataclass
from datetime import date

from evaluations.actions import council
from evaluations.models import CouncilSession, PilotRound, SessionItem
from organisations.models import Role, User
from tests.evaluations.writes.table import Subject, Write
from tests.factories import (
    make_city,
    make_confirmed_dossier,
    make_department,
    make_district,
    make_session,
    make_user,
)


@dataclass(frozen=True)
class Thing:
    session: CouncilSession

    @property
    def pilot_round(self) -> PilotRound:
        return self.session.pilot_round

    @property
    def item(self) -> SessionItem:
        return self.session.items.select_related("session", "evaluation").get()


def make_subject() -> Subject:
    own, city, department = make_district(), make_city(), make_department()
    people = {
        "editor": make_user(Role.EDITOR, own),
        "leader": make_user(Role.LEADER, own),
        "leader-elsewhere": make_user(Role.LEADER, make_district()),
        "appraiser": make_user(Role.APPRAISER, department),
        "approver": make_user(Role.APPROVER, department),
        "member": make_user(Role.COUNCIL, city),
        "council-but-no-member": make_user(Role.COUNCIL, city),
        "observer": make_user(Role.OBSERVER, city),
        "administrator": make_user(Role.ADMINISTRATOR, department),
    }

    def sit(concluded: int | None, *, is_open: bool) -> Thing:
        dossier = make_confirmed_dossier(own)
        session = make_session(dossier, members=[people["member"]], concluded=concluded)
        if is_open:
            CouncilSession.objects.filter(pk=session.pk).update(closed_at=None, closed_by=None)
            session.members.update(is_present=True)
            session.refresh_from_db()
        return Thing(session)

    things = {
        "planned": sit(None, is_open=True),
        "ready": sit(1, is_open=True),
        "closed": sit(1, is_open=False),
    }
    return Subject(people, things, WRITES)


def change(thing: Thing, by: User) -> None:
    council.change_session(
        session=thing.session,
        details={
            "held_on": date(2022, 12, 21),
            "place": "Phòng họp số 2",
            "chair": "Nguyễn Thị Chủ",
            "secretary": "Trần Văn Ký",
        },
        attendees=[
            council.Attendee(member.name, member.position, member.person_id)
            for member in thing.session.members.all()
        ],
        dossiers=[thing.item.evaluation_id],
        version=council.version_of(thing.session),
        by=by,
    )


def keep_minutes(thing: Thing, by: User) -> None:
    council.keep_minutes(
        session=thing.session,
        attendance={thing.session.members.get().pk: council.Attendance(is_present=True)},
        conclusions={
            thing.item.pk: council.Conclusion("Nhất trí", 1, 0, thing.item.proposed_level)
        },
        version=council.version_of(thing.session),
        by=by,
    )


OF_THE_SO = "appraiser approver"
OPEN = "planned ready"
WRITES = {
    "council.change_session": Write(change, {OPEN: OF_THE_SO}),
    "council.give_opinion": Write(
        lambda thing, by: council.give_opinion(item=thing.item, stand="agrees", text="", by=by),
        {OPEN: "member"},
    ),
    "council.keep_minutes": Write(keep_minutes, {OPEN: OF_THE_SO}),
    "council.close_session": Write(
        lambda thing, by: council.close_session(session=thing.session, by=by),
        {"ready": OF_THE_SO},
        told={"planned": OF_THE_SO},
    ),
}
