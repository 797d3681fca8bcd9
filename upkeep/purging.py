"""What has a term is deleted at its term (docs/du-lieu-ca-nhan.md), every night.

Deleting twice is deleting once, so two runs at once do no harm; each piece is a transaction of its
own, and a run that breaks has done what it has done. Trails let rows go by their own door
(organisations/append_only.py), which knows a least age whatever is asked here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from evaluations.models import Mail, Notice, Reminder
from organisations.append_only import erase
from organisations.models import AccountAccess, Session, SignInEvent, Tally
from upkeep.models import UpkeepRun
from upkeep.recording import Record, recorded

ENDED = (Mail.Status.SENT, Mail.Status.DROPPED, Mail.Status.FAILED)


def _delete(rows: QuerySet) -> int:
    deleted, _ = rows.delete()
    return deleted


@dataclass(frozen=True)
class Term:
    """One kind of row; `term` is the number of its period in the document."""

    term: int
    what: str
    overdue: Callable[[datetime], QuerySet]
    let_go: Callable[[QuerySet], int] = _delete


def _sessions(now: datetime) -> QuerySet:
    return Session.objects.filter(expire_date__lte=now)


def _tallies(now: datetime) -> QuerySet:
    return Tally.objects.filter(until__lte=now)


def _attempts(now: datetime) -> QuerySet:
    locked_for = timedelta(hours=settings.AXES_COOLOFF_TIME)
    return AccessAttempt.objects.filter(attempt_time__lt=now - locked_for)


def _sign_ins(now: datetime) -> QuerySet:
    """Of an account without a name only as long as the log has to be kept at all."""
    old = Q(at__lt=now - timedelta(days=settings.SIGN_IN_LOG_DAYS))
    least = Q(at__lt=now - SignInEvent.ERASED_AFTER, person__anonymised_at__isnull=False)
    return SignInEvent.objects.filter(old | least)


def _readings(now: datetime) -> QuerySet:
    return AccountAccess.objects.filter(at__lt=now - timedelta(days=settings.PROCESSING_LOG_DAYS))


def _reminders(now: datetime) -> QuerySet:
    return Reminder.objects.filter(day__lt=_since_messages(now).date())


def _mails(now: datetime) -> QuerySet:
    """What still waits, and what a younger reminder names, stays."""
    since = _since_messages(now)
    old = Mail.objects.filter(created_at__lt=since, status__in=ENDED)
    younger = Reminder.objects.filter(day__gte=since.date(), mail__isnull=False)
    return old.exclude(pk__in=younger.values("mail"))


def _notices(now: datetime) -> QuerySet:
    return Notice.objects.filter(created_at__lt=_since_messages(now))


def _since_messages(now: datetime) -> datetime:
    return now - timedelta(days=settings.MESSAGES_DAYS)


# In this order: a mail goes after the reminders that name it.
TERMS = (
    Term(3, "phiên hết hiệu lực", _sessions),
    Term(5, "bộ đếm hết kỳ", _tallies),
    Term(5, "lần nhập sai mật khẩu", _attempts),
    Term(4, "dòng nhật ký đăng nhập", _sign_ins, erase),
    Term(9, "lượt xem dữ liệu tài khoản", _readings, erase),
    Term(8, "lời nhắc", _reminders),
    Term(8, "thư", _mails),
    Term(8, "thông báo", _notices),
)


def overdue() -> dict[str, int]:
    """What a run would delete now, kind by kind."""
    now = timezone.now()
    return {term.what: term.overdue(now).count() for term in TERMS}


def purge(night: date | None = None) -> Record:
    """Delete all that is past its term; a row says how much it was. Raises TakenTonight where
    there is a run of that `night`."""
    now = timezone.now()
    with recorded(UpkeepRun.Kind.PURGE, night=night) as record:
        record.settle_earlier()
        gone = {}
        for term in TERMS:
            with transaction.atomic():
                gone[term.what] = term.let_go(term.overdue(now))
            record.summary = in_words(gone)
    return record


def in_words(counts: dict[str, int]) -> str:
    """ "12 phiên hết hiệu lực, 3 thư"; what is none is not told."""
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return told or "không có gì quá hạn"
