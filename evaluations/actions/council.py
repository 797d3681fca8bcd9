"""The council's session: planned, opinions gathered, minutes kept, closed for good.

The session's row is held by every write, then the dossiers in the order of their keys; a closed
session takes no write at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.actions.guard import Closed, hold_rounds, locked_session
from evaluations.actions.notices import tell_members
from evaluations.actions.steps import NotReady
from evaluations.determination import find
from evaluations.models import (
    CouncilSession,
    Evaluation,
    Opinion,
    PilotRound,
    SessionEvent,
    SessionItem,
    SessionMember,
)
from evaluations.permissions import can_give_opinion, can_plan_session, can_write_in_session
from evaluations.workflow import Status
from organisations.models import User

OPINION = "opinion"
MINUTES_KEPT = "minutes"
MINUTES = ("discussion", "votes_for", "votes_against", "concluded_level", "conclusion")
STALE = (
    "Người khác vừa sửa phiên họp này. Xem lại số liệu mới của họ rồi lưu; chữ anh, chị gõ vẫn còn."
)


class Stale(NotReady):
    """The page was drawn from what is no longer so."""

    def __init__(self):
        super().__init__(STALE)


@dataclass(frozen=True)
class Attendee:
    """Somebody who is to sit in the session, with an account here or without."""

    name: str
    position: str = ""
    person_id: int | None = None


@dataclass(frozen=True)
class Attendance:
    is_present: bool
    absence_reason: str = ""


@dataclass(frozen=True)
class Conclusion:
    """What the minutes say of one dossier; empty where the session has not come to it."""

    discussion: str = ""
    votes_for: int | None = None
    votes_against: int | None = None
    concluded_level: int | None = None
    conclusion: str = ""

    def problems(self, proposed_level: int, present: int) -> dict[str, str]:
        """What is missing or cannot be, by field."""
        found = {}
        if self.concluded_level is not None:
            for name in ("votes_for", "votes_against"):
                if getattr(self, name) is None:
                    found[name] = "Ghi số phiếu; không có phiếu nào thì ghi 0."
            if self.concluded_level != proposed_level and not self.conclusion.strip():
                found["conclusion"] = "Kết luận khác mức độ đề nghị thì ghi rõ lý do ở đây."
        votes = (self.votes_for or 0) + (self.votes_against or 0)
        if votes > present:
            found["votes_for"] = f"Có {votes} phiếu mà chỉ có {present} thành viên có mặt."
        return found


def version_of(session: CouncilSession) -> str:
    """What a page of the session was drawn from; opinions do not stand in its way."""
    return str(session.events.exclude(kind=OPINION).count())


def has_minutes(session: CouncilSession) -> bool:
    """Whether anybody has written who was there; until then every member counts as expected."""
    return session.events.filter(kind=MINUTES_KEPT).exists()


@transaction.atomic
def plan_session(
    *,
    pilot_round: PilotRound,
    details: Mapping[str, Any],
    attendees: Sequence[Attendee],
    dossiers: Collection[int],
    by: User,
) -> CouncilSession:
    """Set down when, where and who, over these confirmed dossiers. Raises NotReady."""
    hold_rounds(pk=pilot_round.pk)
    if not can_plan_session(by, PilotRound.objects.get(pk=pilot_round.pk)):
        raise PermissionDenied
    session = CouncilSession.objects.create(pilot_round=pilot_round, created_by=by, **details)
    _seat(session, attendees)
    _set_agenda(session, dossiers)
    text = f"lập phiên họp ngày {date_format(session.held_on)}, {len(dossiers)} hồ sơ"
    _tell(session, "plan", text, by, **details, dossiers=sorted(dossiers))
    tell_members(session, by)
    return session


@transaction.atomic
def change_session(
    *,
    session: CouncilSession,
    details: Mapping[str, Any],
    attendees: Sequence[Attendee],
    dossiers: Collection[int],
    version: str,
    by: User,
) -> CouncilSession:
    """The same of a session that is planned already. Raises NotReady, Stale and `guard.Closed`."""
    session = _held(session.pk, by, version)
    before = {name: getattr(session, name) for name in details}
    for name, value in details.items():
        setattr(session, name, value)
    session.save(update_fields=list(details))
    _seat(session, attendees)
    _set_agenda(session, dossiers)
    changed = {"old": before, "new": details, "dossiers": sorted(dossiers)}
    _tell(session, "change", "sửa phiên họp", by, **changed)
    tell_members(session, by)
    return session


@transaction.atomic
def give_opinion(*, item: SessionItem, stand: str, text: str, by: User) -> Opinion:
    """A member's word on one dossier, given or changed until the session is closed."""
    session = locked_session(item.session_id)
    item = session.items.select_related("evaluation__unit").get(pk=item.pk)
    if not can_give_opinion(by, item):
        raise Closed
    before = item.opinions.filter(by=by).first()
    old = {"stand": before.stand, "text": before.text} if before else {}
    opinion, _ = Opinion.objects.update_or_create(
        item=item, by=by, defaults={"stand": stand, "text": text}
    )
    said = f"cho ý kiến về {item.evaluation.unit.name_in_sentence}"
    new = {"stand": stand, "text": text}
    _tell(session, OPINION, said, by, item=item.pk, old=old, new=new)
    return opinion


@transaction.atomic
def keep_minutes(
    *,
    session: CouncilSession,
    attendance: Mapping[int, Attendance],
    conclusions: Mapping[int, Conclusion],
    version: str,
    by: User,
) -> CouncilSession:
    """Who was there, and what was said, voted and concluded on each dossier, by their keys.

    Raises NotReady where votes and attendance contradict each other, Stale, `guard.Closed`.
    """
    session = _held(session.pk, by, version)
    for member in session.members.filter(pk__in=attendance):
        said = attendance[member.pk]
        member.is_present = said.is_present
        member.absence_reason = "" if said.is_present else said.absence_reason
        member.save(update_fields=["is_present", "absence_reason"])
    present = session.members.filter(is_present=True).count()
    for item in _agenda(session).filter(pk__in=conclusions):
        if not item.stands:
            continue  # reopened since: what was typed for it stands beside no dossier
        said = conclusions[item.pk]
        _refuse(item, said.problems(item.proposed_level, present))
        for name in MINUTES:
            setattr(item, name, getattr(said, name))
        item.save(update_fields=MINUTES)
    _tell(session, MINUTES_KEPT, "ghi biên bản", by, present=present)
    return session


@transaction.atomic
def close_session(*, session: CouncilSession, by: User) -> CouncilSession:
    """Freeze the minutes; from here on decisions may rest on them. Raises NotReady."""
    session = _held(session.pk, by)
    if session.held_on > timezone.localdate():
        raise NotReady(f"Phiên họp ngày {date_format(session.held_on)} chưa diễn ra.")
    present = session.members.filter(is_present=True).count()
    if not present:
        raise NotReady("Biên bản chưa ghi thành viên nào có mặt.")
    _hold_dossiers(session)
    items = list(_agenda(session))
    standing = [item for item in items if item.stands]
    left = [item.evaluation.unit.bare_name for item in standing if not item.is_concluded]
    if left:
        raise NotReady(f"Còn {len(left)} hồ sơ chưa có kết luận: {', '.join(left)}.")
    for item in standing:
        said = Conclusion(**{name: getattr(item, name) for name in MINUTES})
        _refuse(item, said.problems(item.proposed_level, present))
    # What was concluded on a dossier before it was reopened concludes nothing.
    fallen = [item.pk for item in items if not item.stands]
    session.items.filter(pk__in=fallen).update(concluded_level=None)
    session.closed_at, session.closed_by = timezone.now(), by
    session.save(update_fields=["closed_at", "closed_by"])
    levels = {item.evaluation_id: item.concluded_level for item in standing}
    _tell(session, "close", "kết thúc phiên họp", by, present=present, levels=levels)
    return session


def _held(pk: int, by: User, version: str | None = None) -> CouncilSession:
    session = locked_session(pk)
    if not can_write_in_session(by, session):
        raise Closed
    if version is not None and version != version_of(session):
        raise Stale
    return session


def _agenda(session: CouncilSession):
    return session.items.select_related("evaluation__unit")


def _hold_dossiers(session: CouncilSession) -> None:
    """Whoever reopens one of them waits, or has done so already."""
    held = Evaluation.objects.select_for_update(of=("self",))
    list(held.filter(session_items__session=session).order_by("pk").values_list("pk"))


def _seat(session: CouncilSession, attendees: Sequence[Attendee]) -> None:
    """The members as wanted; those who stay keep what the minutes say of them."""
    seated = {(member.person_id, member.name): member for member in session.members.all()}
    by_person = {member.person_id: member for member in seated.values() if member.person_id}
    kept = set()
    for wanted in attendees:
        member = by_person.get(wanted.person_id) or seated.get((None, wanted.name))
        if member is None:
            member = SessionMember(session=session, person_id=wanted.person_id)
        member.name, member.position = wanted.name, wanted.position
        member.save()
        kept.add(member.pk)
    leaving = session.members.exclude(pk__in=kept)
    heard = Opinion.objects.filter(item__session=session).values("by")
    if spoke := leaving.filter(person__in=heard).first():
        raise NotReady(f"{spoke.name} đã cho ý kiến nên không bỏ khỏi thành phần được.")
    leaving.delete()


def _set_agenda(session: CouncilSession, wanted: Collection[int]) -> None:
    """The dossiers as wanted; one that was reopened and confirmed again comes before it anew."""
    items = {item.evaluation_id: item for item in _agenda(session)}
    for pk, item in items.items():
        if pk not in wanted:
            _take_off(item)
    new = [pk for pk in wanted if pk not in items or not items[pk].stands]
    held = Evaluation.objects.select_for_update(of=("self",)).filter(pk__in=new).order_by("pk")
    list(held.values_list("pk"))
    dossiers = Evaluation.objects.with_results().filter(
        pk__in=new, pilot_round=session.pilot_round_id
    )
    found = list(dossiers)
    if len(found) < len(new):
        raise NotReady("Hồ sơ đã chọn không thuộc đợt của phiên họp.")
    for evaluation in found:
        _put_on(session, evaluation, items.get(evaluation.pk))


def _put_on(session: CouncilSession, evaluation: Evaluation, item: SessionItem | None) -> None:
    name = evaluation.unit.name_in_sentence
    if evaluation.status != Status.CONFIRMED:
        raise NotReady(f"Hồ sơ {name} không còn ở bước chờ hội đồng. Tải lại trang.")
    others = SessionItem.objects.pending().filter(evaluation=evaluation).exclude(session=session)
    if other := others.select_related("session").first():
        when = date_format(other.session.held_on)
        raise NotReady(f"Hồ sơ {name} đã ở phiên họp ngày {when} chưa kết thúc.")
    item = item or SessionItem(session=session, evaluation=evaluation)
    item.confirmed_at = evaluation.status_since
    item.proposed_level = find(evaluation).appraised.level
    item.discussion, item.conclusion = "", ""
    item.votes_for = item.votes_against = item.concluded_level = None
    item.save()


def _take_off(item: SessionItem) -> None:
    """Nothing that a member or the minutes said is thrown away."""
    is_said = item.opinions.exists() or item.is_concluded or bool(item.discussion)
    if not is_said:
        item.delete()
    elif item.stands:
        name = item.evaluation.unit.name_in_sentence
        raise NotReady(f"Hồ sơ {name} đã có ý kiến nên không bỏ khỏi phiên họp được.")


def _refuse(item: SessionItem, problems: Mapping[str, str]) -> None:
    if problems:
        text = next(iter(problems.values()))
        raise NotReady(f"{item.evaluation.unit.name}: {text}")


def _tell(session: CouncilSession, kind: str, text: str, by: User, **detail: Any) -> None:
    SessionEvent.objects.create(session=session, kind=kind, text=text, by=by, detail=detail)
