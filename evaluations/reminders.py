"""Who owes what by when, and when a person is reminded of it. Nothing is written or sent here.

Reminded are only those whose move it is: the people of an office whose dossier, or whose part of
the city's dossier, is with them. The Sở and the council have no date by which they must have
moved, so nobody is reminded for them.

Fourteen, seven and one day before the day, on the first day after it and then weekly, for
`WEEKS_LATE` weeks; what is late for longer is no matter for a machine. A stage that was missed,
because the clock stood still say, is made up for by the tightest one reached since.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from evaluations.models import Assignment, Evaluation, IndicatorResult, Reminder
from evaluations.workflow import EDITABLE, Status
from organisations.models import UNIT_ROLES, User

DAYS_BEFORE = (14, 7, 1)
WEEKS_LATE = 8


@dataclass(frozen=True)
class Owed:
    """One thing that these people owe by a day."""

    about: str  # names it for ever: "evaluation:12"
    evaluation: Evaluation
    what: str  # "gửi hồ sơ công nhận huyện học tập năm 2022"
    due_on: date
    told_on: date | None  # the day on which they were told of it and of its date, where they were
    people: tuple[User, ...]
    result: IndicatorResult | None = None  # where it is one indicator of the dossier

    @property
    def path(self) -> str:
        return (self.result or self.evaluation).get_absolute_url()


@dataclass(frozen=True)
class Due:
    """One thing that is to be said to a person today."""

    owed: Owed
    stage: str


def stage_of(due_on: date, today: date, told_on: date | None = None) -> str:
    """ "14", "7", "1", "late-0", "late-1"…: which reminder stands on that day; empty: none.

    A stage that had begun when the person was told of the date says nothing new. The due day
    itself is in time, and belongs to the stage of one day.
    """
    days_left = (due_on - today).days
    if days_left >= 0:
        reached = [days for days in DAYS_BEFORE if days_left <= days]
        if not reached:
            return ""
        stage, began_on = str(min(reached)), due_on - timedelta(days=min(reached))
    else:
        week = (-days_left - 1) // 7
        if week >= WEEKS_LATE:
            return ""
        stage, began_on = f"late-{week}", due_on + timedelta(days=1 + 7 * week)
    return "" if told_on is not None and began_on <= told_on else stage


def owed() -> list[Owed]:
    """Everything that anybody owes by a date, in the order of the dates; a query for the dossiers,
    one for the parts of the city's, one for the people of each."""
    return sorted([*_dossiers(), *_parts()], key=lambda each: (each.due_on, each.about))


def _dossiers() -> list[Owed]:
    found = Evaluation.objects.filter(status__in=EDITABLE, **_running("pilot_round"))
    dossiers = [each for each in found.for_display() if each.due_on is not None]
    people = people_of({each.office_id for each in dossiers})
    return [
        Owed(
            about=f"evaluation:{each.pk}",
            evaluation=each,
            what=_what(each),
            due_on=each.due_on,
            told_on=_told_on(each.status == Status.RETURNED, each.status_since),
            people=people.get(each.office_id, ()),
        )
        for each in dossiers
    ]


def _parts() -> list[Owed]:
    """Indicators of the city's dossier that their agencies have not handed over: by the day given
    to each, else by that of the dossier."""
    found = Assignment.objects.exclude(state=Assignment.State.HANDED_OVER).filter(
        agency__isnull=False,
        result__evaluation__status__in=EDITABLE,
        **_running("result__evaluation__pilot_round"),
    )
    parts = [
        (each, due_on)
        for each in found.select_related("agency", "result__indicator").prefetch_related(
            Prefetch("result__evaluation", Evaluation.objects.for_display())
        )
        if (due_on := each.due_on or each.result.evaluation.due_on) is not None
        # Who compiles is reminded of the whole.
        and (each.due_on or each.agency_id != each.result.evaluation.office_id)
    ]
    people = people_of({each.agency_id for each, _ in parts})
    return [
        Owed(
            about=f"assignment:{each.pk}",
            evaluation=each.result.evaluation,
            what=f"bàn giao chỉ báo {each.result.indicator.code} của hồ sơ thành phố",
            due_on=due_on,
            told_on=_told_on(each.state == Assignment.State.RETURNED, each.since),
            people=people.get(each.agency_id, ()),
            result=each.result,
        )
        for each, due_on in parts
    ]


def _running(path: str) -> dict[str, bool]:
    """A round that is not opened asks nothing of anybody yet, one that is closed no more."""
    return {f"{path}__opened_at__isnull": False, f"{path}__closed_at__isnull": True}


def _what(evaluation: Evaluation) -> str:
    verb = "gửi lại phần bổ sung của" if evaluation.status == Status.RETURNED else "gửi"
    return f"{verb} {evaluation.title[:1].lower()}{evaluation.title[1:]}"


def _told_on(was_returned: bool, since: datetime) -> date | None:
    """Whoever a thing is returned to reads its date that day; of the round's date nobody wrote to
    them."""
    return timezone.localdate(since) if was_returned else None


def people_of(units: Collection[int | None]) -> dict[int, tuple[User, ...]]:
    """Who works for each of these offices today, and may write for it."""
    found = defaultdict(list)
    users = User.objects.filter(organisation__in=units, role__in=UNIT_ROLES, is_active=True)
    for user in users.select_related("organisation").order_by("pk"):
        found[user.organisation_id].append(user)
    return {unit: tuple(users) for unit, users in found.items()}


def due_today(things: Iterable[Owed], today: date) -> dict[User, list[Due]]:
    """What each person is to be reminded of today and has not been; once a day for each person."""
    staged = [
        Due(each, stage) for each in things if (stage := stage_of(each.due_on, today, each.told_on))
    ]
    reminders = Reminder.objects.filter(about__in={due.owed.about for due in staged})
    said = set(reminders.values_list("recipient", "about", "due_on", "stage"))
    told_today = set(Reminder.objects.filter(day=today).values_list("recipient", flat=True))
    found: dict[User, list[Due]] = defaultdict(list)
    for due in staged:
        for person in due.owed.people:
            key = (person.pk, due.owed.about, due.owed.due_on, due.stage)
            if key not in said and person.pk not in told_today:
                found[person].append(due)
    return dict(found)


def gets_mail(person: User, evaluation: Evaluation) -> bool:
    """An active person with an address who has not switched mail off; never of a practice round,
    unless the installation says so."""
    if evaluation.pilot_round.is_practice and not settings.MAIL_PRACTICE_ROUNDS:
        return False
    return bool(person.is_active and person.email and person.wants_mail)
