"""Reminding those who owe: a line in the inbox, and one e-mail a day for each person.

May be run as often as one likes, twice at once as well. What a person is told is written first,
under keys that stand only once: of two runs the second finds it said and goes on. A run that is
killed leaves what is written and unsent, which the next one sends. Only the mail is one a day and
waits for a server; the inbox has its line on the day.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from evaluations.actions.mails import Delivered, deliver
from evaluations.actions.notices import tell
from evaluations.letters import days_text
from evaluations.models import Mail, Notice, Reminder
from evaluations.reminders import Due, due_today, gets_mail, owed
from organisations.models import User

ONE_A_DAY = "hôm nay người nhận đã có thư nhắc khác"


@dataclass(frozen=True)
class Reminded:
    """How many people were told today, and what became of the mails."""

    people: int
    mails: Delivered


def remind(today: date) -> Reminded:
    """Tell everybody who owes what is new today, then send what waits."""
    _carry_over(today)
    told = [_tell(person, dues, today) for person, dues in due_today(owed(), today).items()]
    return Reminded(people=sum(told), mails=deliver(today))


def _carry_over(today: date) -> None:
    """Of an earlier day and not sent, a reminding mail is today's: nobody gets two of them. What
    was said in the inbox stays said on its own day."""
    left = Mail.objects.filter(
        kind=Mail.Kind.REMINDER, status=Mail.Status.WAITING, day__lt=today
    ).order_by("pk")
    for pk, person in left.values_list("pk", "recipient"):
        held = Mail.objects.filter(pk=pk, status=Mail.Status.WAITING)
        todays = Mail.objects.filter(recipient=person, kind=Mail.Kind.REMINDER, day=today)
        if todays.exists():
            held.update(status=Mail.Status.DROPPED, error=ONE_A_DAY)
            continue
        with suppress(IntegrityError), transaction.atomic():  # another run has just moved one
            held.update(day=today)


def _tell(person: User, dues: Sequence[Due], today: date) -> bool:
    """False where another run has told this person meanwhile; nothing is half-told."""
    try:
        with transaction.atomic():
            wants = any(gets_mail(person, due.owed.evaluation) for due in dues)
            mail = _todays_mail(person, today) if wants else None
            for due in dues:
                thing = due.owed
                is_in_mail = mail is not None and gets_mail(person, thing.evaluation)
                Reminder.objects.create(
                    recipient=person,
                    about=thing.about,
                    due_on=thing.due_on,
                    stage=due.stage,
                    day=today,
                    mail=mail if is_in_mail else None,
                )
                tell(
                    people=[person],
                    kind=Notice.Kind.DUE,
                    text=_text(due, today),
                    evaluation=thing.evaluation,
                    result=thing.result,
                )
    except IntegrityError:
        return False
    return True


def _todays_mail(person: User, today: date) -> Mail | None:
    """One that is still to be sent, so that it says this too; None once today's has gone.

    Held, so that nobody sends it before what is being added stands in it.
    """
    todays = Mail.objects.filter(recipient=person, kind=Mail.Kind.REMINDER, day=today)
    found = todays.select_for_update().first()
    if found is None:
        return Mail.objects.create(recipient=person, kind=Mail.Kind.REMINDER, day=today)
    return found if found.status == Mail.Status.WAITING else None


def _text(due: Due, today: date) -> str:
    what, day = due.owed.what, date_format(due.owed.due_on, "d/m/Y")
    return f"{what[:1].upper()}{what[1:]}: {days_text(due.owed.due_on, today)} ({day})"
