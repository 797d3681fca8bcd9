"""The council of the practice round: a session that was held and decided on, another to come.

Whoever sits in it is named by a role and not as a person, and the decision says on every line of
its scan that it is a sample.
"""

import json
from collections.abc import Mapping
from datetime import time
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.formats import date_format

from evaluations.actions.council import (
    Attendance,
    Attendee,
    Conclusion,
    close_session,
    give_opinion,
    keep_minutes,
    plan_session,
    version_of,
)
from evaluations.actions.decisions import Said, record_decision
from evaluations.demo.clock import Clock
from evaluations.demo.papers import practice_pdf
from evaluations.demo.people import APPRAISER, APPROVER
from evaluations.models import CouncilSession, PilotRound, SessionItem
from organisations.models import User

PATH = Path("fixtures") / "demo" / "council.json"
SAMPLE = "MẪU TẬP HUẤN"


def hold_sessions(pilot_round: PilotRound, people: Mapping[str, User], clock: Clock) -> None:
    """Plan, hear, hold and decide, as far as the days of each session tell."""
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    for said in data["sessions"]:
        with clock.at(said["planned_days_ago"], 10, 20):
            session = _plan(pilot_round, said, data, people, clock)
        for opinion in said["opinions"]:
            with clock.at(opinion["days_ago"], 20, 15):
                item = _items(session)[opinion["district"]]
                give_opinion(
                    item=item,
                    stand=opinion["stand"],
                    text=opinion["text"],
                    by=people[opinion["by"]],
                )
        if "conclusions" in said:
            with clock.at(said["held_days_ago"], 16, 30):
                _conclude(session, said, people[APPRAISER])
        if "decision" in said:
            with clock.at(said["decision"]["recorded_days_ago"], 9, 30):
                _decide(session, said, people[APPROVER], clock)


def _plan(
    pilot_round: PilotRound, said: Mapping, data: Mapping, people: Mapping[str, User], clock: Clock
) -> CouncilSession:
    members = [people[username] for username in data["people"]]
    attendees = [Attendee(each.full_name, each.position, each.pk) for each in members]
    attendees += [Attendee(name, position) for name, position in data["others"]]
    dossiers = pilot_round.evaluations.filter(unit__code__in=said["dossiers"])
    return plan_session(
        pilot_round=pilot_round,
        details={
            "held_on": clock.day(said["held_days_ago"]),
            "starts_at": time.fromisoformat(said["starts_at"]),
            **{name: data[name] for name in ("place", "chair", "secretary")},
        },
        attendees=attendees,
        dossiers=list(dossiers.values_list("pk", flat=True)),
        by=people[APPRAISER],
    )


def _conclude(session: CouncilSession, said: Mapping, by: User) -> None:
    items = _items(session)
    keep_minutes(
        session=session,
        attendance={
            member.pk: Attendance(
                member.name not in said["absent"], said["absent"].get(member.name, "")
            )
            for member in session.members.all()
        },
        conclusions={
            items[code].pk: Conclusion(**each) for code, each in said["conclusions"].items()
        },
        version=version_of(session),
        by=by,
    )
    close_session(session=session, by=by)


def _decide(session: CouncilSession, said: Mapping, by: User, clock: Clock) -> None:
    decided = said["decision"]
    signed_on = clock.day(decided["signed_days_ago"])
    items = _items(session).values()
    names = ("number", "issuer", "signer_name", "signer_position")
    record_decision(
        pilot_round=session.pilot_round,
        details={"signed_on": signed_on, **{name: decided[name] for name in names}},
        lines=[Said(item.evaluation_id, item.concluded_level) for item in items],
        uploaded=ContentFile(
            practice_pdf(_sample(session, decided, date_format(signed_on))),
            name="quyet-dinh-mau-tap-huan.pdf",
        ),
        by=by,
    )


def _sample(session: CouncilSession, decided: Mapping, signed_on: str) -> list[str]:
    """What the scan of the practice decision says; nobody can take it for a real one."""
    lines = [
        f"{SAMPLE}: KHÔNG PHẢI VĂN BẢN THẬT",
        "",
        f"Quyết định số {decided['number']} ngày {signed_on} ({SAMPLE})",
        f"Đợt {session.pilot_round}, theo kết luận tại {str(session).lower()}",
        "",
    ]
    for item in _items(session).values():
        level = f"mức độ {item.concluded_level}" if item.concluded_level else "không công nhận"
        lines.append(f"{item.evaluation.unit.name}: {level}")
    return [*lines, "", decided["signer_position"], decided["signer_name"], "", SAMPLE]


def _items(session: CouncilSession) -> dict[str, SessionItem]:
    """By the code of the district, as they are now."""
    found = session.items.select_related("evaluation__unit", "session__pilot_round")
    return {item.evaluation.unit.code: item for item in found}
