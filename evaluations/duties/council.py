"""What the council's work asks of people: an opinion, a session, minutes, a decision."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.duties.shapes import Duty
from evaluations.models import Evaluation, Opinion, PilotRound, SessionItem
from evaluations.turns import Turn
from evaluations.workflow import Party, Status
from organisations.models import User


def opinions_owed(user: User, pilot_round: PilotRound, today: date) -> list[Duty]:
    """One line for each open session in which this member has dossiers to speak of, by its day."""
    items = (
        opinions_of(user)
        .filter(session__pilot_round=pilot_round)
        .select_related("session", "evaluation__unit")
        .order_by("session__held_on", "session", "evaluation__unit__code")
    )
    by_session: dict = {}
    for item in items:
        by_session.setdefault(item.session, []).append(item)
    return [
        Duty(
            "ask",
            f"Cho ý kiến {len(found)} hồ sơ",
            session.get_absolute_url(),
            f"{session}, {session.place}: {_names(item.evaluation for item in found)}",
            _waiting(session.created_at, today, due_on=session.held_on),
        )
        for session, found in by_session.items()
    ]


def opinions_of(user: User) -> QuerySet[SessionItem]:
    """What stands before open sessions and has no opinion of this member yet, of any round."""
    given = Opinion.objects.filter(
        item=OuterRef("pk"), by=user, updated_at__gte=OuterRef("confirmed_at")
    )
    return SessionItem.objects.pending().filter(~Exists(given), session__members__person=user)


def work_of_approver(
    pilot_round: PilotRound, evaluations: Sequence[Evaluation], today: date
) -> list[Duty]:
    """What stands between the confirmed dossiers and a recorded decision."""
    confirmed = [each for each in evaluations if each.status == Status.CONFIRMED]
    if not confirmed:
        return []
    items = SessionItem.objects.standing().filter(evaluation__in=confirmed)
    items = items.select_related("session").annotate(closed_at=F("session__closed_at"))
    pending = {item.evaluation_id: item for item in items if item.closed_at is None}
    closed = {
        item.evaluation_id: item.closed_at for item in items if item.closed_at and item.is_concluded
    }
    free = [each for each in confirmed if each.pk not in pending and each.pk not in closed]
    decidable = [each for each in confirmed if each.pk in closed and each.pk not in pending]
    found = []
    if free:
        url = f"{reverse('evaluations:plan-session')}?dot={pilot_round.pk}"
        detail = f"Chờ hội đồng: {_names(free)}"
        since = min(each.status_since for each in free)
        found.append(Duty("empty", "Lập phiên họp", url, detail, _waiting(since, today)))
    found += _minutes_due(pending, today)
    if decidable:
        url = f"{reverse('evaluations:record-decision')}?dot={pilot_round.pk}"
        detail = f"Hội đồng đã kết luận: {_names(decidable)}"
        since = min(closed[each.pk] for each in decidable)
        found.append(Duty("ask", "Ghi quyết định", url, detail, _waiting(since, today)))
    return found


def _minutes_due(pending: dict[int, SessionItem], today: date) -> list[Duty]:
    """Sessions whose day has come and whose minutes are not closed."""
    by_session: dict = {}
    for item in pending.values():
        if item.session.held_on <= today:
            by_session.setdefault(item.session, []).append(item)
    found = []
    for session, items in by_session.items():
        left = sum(not item.is_concluded for item in items)
        title = (
            f"Ghi biên bản {str(session).lower()}" if left else f"Kết thúc {str(session).lower()}"
        )
        detail = (
            f"Còn {left}/{len(items)} hồ sơ chưa có kết luận."
            if left
            else f"{len(items)} hồ sơ đã có kết luận, họp ngày {date_format(session.held_on)}."
        )
        turn = Turn(Party.STANDING_AGENCY, session.held_on, None, today)
        found.append(Duty("part", title, session.get_absolute_url(), detail, turn))
    return found


def _waiting(since: datetime, today: date, due_on: date | None = None) -> Turn:
    return Turn(Party.COUNCIL, timezone.localdate(since), due_on, today)


def _names(evaluations) -> str:
    return ", ".join(each.unit.bare_name for each in evaluations)
