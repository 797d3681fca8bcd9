"""What an e-mail says, made when it is sent: what is no longer so is not written to anybody.

No figure and no reason stands in a letter, which may pass through many hands: it says what waits,
by when, and where to read on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format

from evaluations.models import Assignment, Evaluation, Mail
from evaluations.reminders import Owed, gets_mail
from evaluations.workflow import PART_RETURNED
from organisations.models import User

NOTHING_OWED = "việc đã xong, hoặc không còn là việc của người nhận"
NO_ADDRESS = "người nhận không có địa chỉ, không nhận thư hoặc không còn dùng tài khoản"


class Superfluous(Exception):
    """Nothing is to be written any more; the text says why."""


@dataclass(frozen=True)
class Letter:
    address: str
    subject: str
    body: str


@dataclass(frozen=True)
class Line:
    """One thing of a reminding letter."""

    what: str
    unit: str
    days: str  # "còn 7 ngày"
    due_on: date
    url: str


def letter_of(mail: Mail, owed: Mapping[tuple[str, date], Owed], today: date) -> Letter:
    """The letter of a mail that is about to be sent. `owed` has what anybody owes by now, by what
    it is about and its date. Raises Superfluous."""
    person = mail.recipient
    if mail.kind == Mail.Kind.REMINDER:
        return _reminding(mail, person, owed, today)
    return _of_step(mail, person)


def _reminding(
    mail: Mail, person: User, owed: Mapping[tuple[str, date], Owed], today: date
) -> Letter:
    # A mail that waited for the server may have the same thing at two stages.
    named = dict.fromkeys((each.about, each.due_on) for each in mail.reminders.all())
    things = [owed.get(key) for key in named]
    still = [
        thing
        for thing in things
        if thing is not None and person in thing.people and gets_mail(person, thing.evaluation)
    ]
    if not still:
        raise Superfluous(NOTHING_OWED)
    lines = [_line(thing, today) for thing in sorted(still, key=lambda each: each.due_on)]
    first = lines[0]
    subject = f"{first.what[:1].upper()}{first.what[1:]}: {first.days}"
    if len(lines) > 1:
        subject = f"Nhắc việc: {len(lines)} việc sắp đến hạn hoặc quá hạn"
    return _letter(person, subject, "reminder", lines=lines)


def _line(thing: Owed, today: date) -> Line:
    return Line(
        what=thing.what,
        unit=thing.evaluation.unit.name,
        days=days_text(thing.due_on, today),
        due_on=thing.due_on,
        url=site_url(thing.path),
    )


def days_text(due_on: date, today: date) -> str:
    """ "còn 7 ngày", "hạn là hôm nay", "quá hạn 3 ngày"."""
    days = (due_on - today).days
    if days < 0:
        return f"quá hạn {-days} ngày"
    return f"còn {days} ngày" if days else "hạn là hôm nay"


def _of_step(mail: Mail, person: User) -> Letter:
    event = mail.event
    # Fresh, and only if it is this person's to know; an agency knows the city's by its parts.
    known = Evaluation.objects.known_to(person).filter(pk=event.evaluation_id)
    found = Evaluation.objects.for_display().filter(pk__in=known.values("pk")).first()
    if found is None:
        raise Superfluous(NOTHING_OWED)
    if not gets_mail(person, found):
        raise Superfluous(NO_ADDRESS)
    is_receipt = mail.kind == Mail.Kind.RECEIPT
    # A receipt is true for ever; that something waits is true until the dossier moves on.
    if not is_receipt and found.status_since > event.at:
        raise Superfluous(NOTHING_OWED)
    codes = [each["indicator"] for each in event.detail.get("asked", ())]
    if event.kind == PART_RETURNED:
        codes = [event.detail["indicator"]]
    if codes and found.is_of_city and person.organisation_id != found.office_id:
        codes = _still_with(person, found, codes)
    template, subject = _STEP_LETTERS["receipt" if is_receipt else event.kind]
    due = _day(event.detail["due_on"]) if "due_on" in event.detail else None
    shown_due = f", hạn {date_format(due, 'd/m/Y')}" if due else ""
    return _letter(
        person,
        subject.format(unit=found.unit.name) + shown_due,
        template,
        evaluation=found,
        event=event,
        number=event.detail.get("number"),
        asked=codes,
        due_on=due,
        url=site_url(found.get_absolute_url()),
    )


def _still_with(person: User, evaluation: Evaluation, codes: Collection[str]) -> list[str]:
    """Of these indicators of the city's dossier those that wait for this person's agency."""
    parts = Assignment.objects.filter(
        result__evaluation=evaluation,
        result__indicator__code__in=codes,
        agency=person.organisation_id,
    ).exclude(state=Assignment.State.HANDED_OVER)
    found = [part.result.indicator.code for part in parts.for_display()]
    if not found:
        raise Superfluous(NOTHING_OWED)
    return found


_STEP_LETTERS = {
    "submit": ("submitted", "{unit} gửi hồ sơ, chờ tiếp nhận"),
    "return": ("returned", "Hồ sơ {unit} được trả lại để bổ sung"),
    PART_RETURNED: ("returned", "Chỉ báo của hồ sơ {unit} được trả lại để làm tiếp"),
    "receipt": ("receipt", "Đã nhận hồ sơ {unit}"),
}


def _day(told: str | date) -> date:
    """As the trail's JSON keeps it."""
    return told if isinstance(told, date) else date.fromisoformat(told)


def _letter(person: User, subject: str, template: str, **context) -> Letter:
    body = render_to_string(
        f"evaluations/mails/{template}.txt",
        {"person": person, "account_url": site_url(reverse("organisations:account")), **context},
    )
    return Letter(person.email, f"[Học tập suốt đời] {subject}", body)


def site_url(path: str) -> str:
    """The address of a page from outside; empty where the site's own address is not known."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else ""
