"""Who owes what by when, and when a person is reminded of it. Nothing is written or sent here.

Reminded are only those whose move it is: the people of a unit whose dossier is with them. The
Sở and the council have no date by which they must have moved, so nobody is reminded for them.

Fourteen, seven and one day before the day, on the first day after it and then weekly, for
`WEEKS_LATE` weeks; what is late for longer is no matter for a machine. A stage that was missed,
because the clock stood still say, is made up for by the tightest one reached since.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from evaluations.models import Evaluation, Reminder
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

    @property
    def is_practice(self) -> bool:
        return self.evaluation.pilot_round.is_practice


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


def owed(today: date) -> list[Owed]:
    """Everything that anybody owes by a date, in the order of the dates; two queries."""
    found = _dossiers()
    return sorted(found, key=lambda each: (each.due_on, each.about))


def _dossiers() -> list[Owed]:
    dossiers = [
        evaluation
        for evaluation in Evaluation.objects.filter(
            status__in=EDITABLE, pilot_round__opened_at__isnull=False
        ).for_display()
        if evaluation.due_on is not None
    ]
    people = people_of({evaluation.unit_id for evaluation in dossiers})
    return [
        Owed(
            about=f"evaluation:{evaluation.pk}",
            evaluation=evaluation,
            what=_what(evaluation),
            due_on=evaluation.due_on,
            told_on=_told_on(evaluation),
            people=people.get(evaluation.unit_id, ()),
        )
        for evaluation in dossiers
    ]


def _what(evaluation: Evaluation) -> str:
    verb = "gửi lại phần bổ sung của" if evaluation.status == Status.RETURNED else "gửi"
    return f"{verb} {evaluation.title[:1].lower()}{evaluation.title[1:]}"


def _told_on(evaluation: Evaluation) -> date | None:
    """Whoever a dossier is returned to reads its date that day; of the round's date nobody wrote
    to them."""
    if evaluation.status == Status.RETURNED:
        return timezone.localdate(evaluation.status_since)
    return None


def people_of(units: Collection[int]) -> dict[int, tuple[User, ...]]:
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
