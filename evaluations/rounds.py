"""Which round a page is about, and the calendar of one.

A page shows the round that its address names (`?dot=`), else the one that the person chose in
this session, else the one that runs: a real round before a practice round, the newest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest
from django.utils import timezone

from evaluations.models import AdoptedReading, Milestone, PilotRound
from organisations.models import User
from organisations.text import is_key

SESSION_KEY = "pilot_round"


@dataclass(frozen=True)
class CalendarLine:
    """A milestone as of today, with the sign that says where it stands."""

    milestone: Milestone
    sign: str
    word: str
    is_now: bool


def rounds_for(user: User) -> list[PilotRound]:
    """The opened rounds that this person may look at, in the order of the default."""
    return list(_known_to(user))


def _known_to(user: User):
    return PilotRound.objects.visible_to(user).opened().with_end()


def default_round(rounds: Sequence[PilotRound], today: date) -> PilotRound | None:
    """The newest real round that runs today, else a practice round, else the newest of all.

    A closed round only where none is open: nothing can be done in it any more.
    """
    possible = [item for item in rounds if not item.is_closed] or rounds
    newest = sorted(possible, key=lambda item: (item.year, item.pk), reverse=True)
    real = [item for item in newest if not item.is_practice]
    practice = [item for item in newest if item.is_practice]
    running = [item for item in real if is_running(item, today)]
    return next(iter([*running, *practice, *real]), None)


def is_running(pilot_round: PilotRound, today: date) -> bool:
    """From its year on until its last milestone, or until it is closed.

    The report to Bộ comes in the January after it.
    """
    ends_on = max(
        pilot_round.self_assessment_due_on,
        pilot_round.last_milestone_on or pilot_round.self_assessment_due_on,
    )
    return not pilot_round.is_closed and date(pilot_round.year, 1, 1) <= today <= ends_on


def rounds_of(request: HttpRequest) -> list[PilotRound]:
    """`rounds_for` the person who asks, once for each request."""
    if not hasattr(request, "_pilot_rounds"):
        request._pilot_rounds = rounds_for(request.user)
    return request._pilot_rounds


def show_round(request: HttpRequest, pilot_round: PilotRound) -> None:
    """A page about one dossier is about that dossier's round, whatever else was chosen."""
    request._shown_round = pilot_round


def current_round(request: HttpRequest) -> PilotRound | None:
    """One that is named or chosen is fetched alone: every page asks, and rounds grow in number."""
    if hasattr(request, "_shown_round"):
        return request._shown_round
    if not hasattr(request, "_current_round"):
        wanted = [_named_by(request), str(request.session.get(SESSION_KEY, ""))]
        by_pk = {str(item.pk): item for item in _those_of(request, wanted)}
        found = next((by_pk[pk] for pk in wanted if pk in by_pk), None)
        request._current_round = found or default_round(rounds_of(request), timezone.localdate())
    return request._current_round


def _named_by(request: HttpRequest) -> str:
    """Of the address. One that is too long to be read names none: its own refusal asks as well."""
    try:
        return request.GET.get("dot", "")
    except TooManyFieldsSent:
        return ""


def _those_of(request: HttpRequest, keys: list[str]) -> list[PilotRound]:
    """Of the rounds that the person may look at; all of them where they are at hand already."""
    if hasattr(request, "_pilot_rounds"):
        return request._pilot_rounds
    keys = [key for key in keys if is_key(key)]
    return list(_known_to(request.user).filter(pk__in=keys)) if keys else []


def calendar(pilot_round: PilotRound, today: date) -> list[CalendarLine]:
    """The round's milestones, for a round fetched `with_calendar()`."""
    milestones = list(pilot_round.milestones.all())
    ahead = [item for item in milestones if item.due_on >= today]
    return [_calendar_line(item, today, next_up=ahead[:1]) for item in milestones]


def _calendar_line(milestone: Milestone, today: date, next_up: list[Milestone]) -> CalendarLine:
    if milestone.due_on < today:
        return CalendarLine(milestone, "met", "đã qua", is_now=False)
    has_begun = milestone.starts_on is not None and milestone.starts_on <= today
    if has_begun or milestone in next_up:
        return CalendarLine(milestone, "part", "đang tới", is_now=True)
    return CalendarLine(milestone, "empty", "chưa tới", is_now=False)


def proposed_readings(pilot_round: PilotRound) -> dict[str, AdoptedReading]:
    """What the round that this one was copied from adopted: a proposal, by question."""
    if pilot_round.copied_from_id is None:
        return {}
    rows = AdoptedReading.objects.filter(pilot_round=pilot_round.copied_from_id)
    return {row.question: row for row in rows}
