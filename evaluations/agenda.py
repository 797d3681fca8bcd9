"""What lies before the council: dossiers that may come, and how each one of a session stands.

Rows for pages and for "Việc của tôi"; each function asks a constant number of queries.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from evaluations.determination import Finding, find
from evaluations.models import (
    CouncilSession,
    Evaluation,
    Opinion,
    PilotRound,
    SessionItem,
    SessionMember,
)
from evaluations.permissions import can_read_opinions
from evaluations.workflow import DECIDED, Status
from organisations.models import User


@dataclass(frozen=True)
class Candidate:
    """A confirmed dossier that may come before the council, with what it would propose."""

    finding: Finding
    concluded: SessionItem | None  # by an earlier session, on the same confirmation

    @property
    def evaluation(self) -> Evaluation:
        return self.finding.evaluation

    @property
    def level(self) -> int:
        return self.finding.appraised.level


@dataclass(frozen=True)
class AgendaLine:
    """One dossier of a session as this person may see it."""

    item: SessionItem
    finding: Finding | None  # None where it no longer is what came before the council
    opinions: tuple[Opinion, ...]  # those this person may read, of the present confirmation
    own: Opinion | None
    shows_opinions: bool

    @property
    def sentence(self) -> str:
        return self.finding.appraised.sentence if self.finding else ""

    @property
    def tally(self) -> list[tuple[str, int]]:
        """ "Đồng ý" 3, "Cần làm rõ" 1."""
        counts = Counter(opinion.stand for opinion in self.opinions)
        return [(stand.label, counts[stand]) for stand in Opinion.Stand if counts[stand]]

    @property
    def fallen_out(self) -> str:
        """Why this dossier is no longer before the session, in words; empty where it is."""
        evaluation, session = self.item.evaluation, self.item.session
        if self.item.stands or (session.is_closed and evaluation.status in DECIDED):
            return ""
        if session.is_closed and self.item.is_concluded:
            return (
                "Sau phiên họp hồ sơ được mở lại thẩm định: kết luận này không dùng để ghi quyết "
                "định được nữa."
            )
        if evaluation.status == Status.CONFIRMED and not session.is_closed:
            return (
                "Hồ sơ được mở lại thẩm định rồi xác nhận lại từ khi lên danh sách. Muốn hội đồng "
                "xét kết quả mới thì chọn lại ở “Sửa phiên họp”."
            )
        return "Hồ sơ được mở lại thẩm định nên ra khỏi phiên họp này."


def candidates(pilot_round: PilotRound, session: CouncilSession | None = None) -> list[Candidate]:
    """The confirmed dossiers of the round that no other open session has."""
    elsewhere = SessionItem.objects.pending()
    if session is not None:
        elsewhere = elsewhere.exclude(session=session)
    dossiers = (
        Evaluation.objects.filter(pilot_round=pilot_round, status=Status.CONFIRMED)
        .exclude(pk__in=elsewhere.values("evaluation"))
        .with_results()
        .order_by("unit__code")
    )
    concluded = conclusions(pilot_round)
    return [Candidate(find(each), concluded.get(each.pk)) for each in dossiers]


def conclusions(pilot_round: PilotRound) -> dict[int, SessionItem]:
    """What closed sessions concluded last, by the key of the confirmed dossier, in their order."""
    found = SessionItem.objects.concluded().filter(evaluation__pilot_round=pilot_round)
    newest: dict[int, SessionItem] = {}
    for item in found.select_related(
        "session", "evaluation__unit__parent", "evaluation__criteria_set"
    ):
        newest.setdefault(item.evaluation_id, item)
    return dict(sorted(newest.items(), key=lambda pair: pair[1].evaluation.unit.code))


def sessions_with_agenda(user: User) -> QuerySet[CouncilSession]:
    """The sessions this person may know of, each with the items whose dossiers they may know of."""
    visible = Evaluation.objects.visible_to(user)
    items = (
        SessionItem.objects.filter(evaluation__in=visible)
        .select_related("evaluation__unit")
        .prefetch_related(Prefetch("opinions", Opinion.objects.select_related("by")))
    )
    members = SessionMember.objects.select_related("person")
    return (
        CouncilSession.objects.visible_to(user)
        .select_related("pilot_round", "created_by", "closed_by")
        .prefetch_related(Prefetch("items", items), Prefetch("members", members))
    )


def agenda_of(user: User, session: CouncilSession) -> list[AgendaLine]:
    """The lines of a session fetched by `sessions_with_agenda`."""
    items = list(session.items.all())
    standing = [item.evaluation_id for item in items if item.stands]
    dossiers = Evaluation.objects.filter(pk__in=standing).with_results()
    findings = {each.pk: find(each) for each in dossiers}
    return [line_of(user, item, findings.get(item.evaluation_id)) for item in items]


def line_of(user: User, item: SessionItem, finding: Finding | None) -> AgendaLine:
    given = [each for each in item.opinions.all() if each.updated_at >= item.confirmed_at]
    shows = can_read_opinions(user, item)
    return AgendaLine(
        item=item,
        finding=finding,
        opinions=tuple(given) if shows else (),
        own=next((each for each in given if each.by_id == user.pk), None),
        shows_opinions=shows,
    )
