"""Sending what waits to be sent: each mail is claimed, sent once, and its outcome noted on it.

A mail waits until it is claimed by one conditional UPDATE, so of two processes one sends it. What
a server refuses waits again; a server that does not answer costs no attempt at all. Where nobody
can know whether a mail went, because the line broke before the answer or the process died, it is
given up, since a person may get one too few and never one too many.
"""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from evaluations.actions.posting import NotReached, Post, words_of
from evaluations.letters import Letter, Superfluous, letter_of
from evaluations.models import Mail
from evaluations.reminders import Owed, owed

logger = logging.getLogger(__name__)

TASK = "evaluations.tasks.deliver_mails"
ATTEMPTS_MOST = 12
LOST_AFTER = timedelta(minutes=15)
LOST = "Tiến trình gửi dừng giữa chừng; không gửi lại để không ai nhận hai lần."
UNANSWERED = "Máy chủ không trả lời sau khi nhận thư; không gửi lại để không ai nhận hai lần."

Status = Mail.Status


@dataclass(frozen=True)
class Delivered:
    """How many of the mails that waited were sent, were no longer needed, went wrong."""

    sent: int = 0
    dropped: int = 0
    failed: int = 0


def order_delivery() -> None:
    """Ask a worker to send what waits; where the queue is silent the clock asks again."""
    try:
        current_app.send_task(TASK)
    except (OperationalError, ChannelError):
        logger.exception("the queue did not take the order to deliver mails")


def drop_waiting(why: str) -> int:
    """Let go of every mail that waits, for that reason; how many."""
    return Mail.objects.filter(status=Status.WAITING).update(status=Status.DROPPED, error=why)


def deliver(today: date | None = None) -> Delivered:
    """Send every mail that waits. `today` counts the days in reminding letters; one of an earlier
    day is left to the next run of `actions.reminders`, which knows of only one a day."""
    today = today or timezone.localdate()
    _give_up_lost()
    in_time = ~Q(kind=Mail.Kind.REMINDER) | Q(day=today)
    open_mails = Mail.objects.filter(in_time, status=Status.WAITING)
    waiting = list(open_mails.order_by("pk").values_list("pk"))
    if not waiting:
        return Delivered()
    post = Post(get_connection())
    things = cache(lambda: {(each.about, each.due_on): each for each in owed()})
    outcomes: list[str | None] = []
    try:
        for (pk,) in waiting:
            post.ready()
            outcomes.append(_deliver_one(pk, post, things, today))
    except NotReached as error:
        logger.exception("the mail server cannot be reached")
        open_mails.update(error=str(error))
    finally:
        post.close()
    not_reached = len(waiting) - len(outcomes)
    return Delivered(
        sent=outcomes.count(Status.SENT),
        dropped=outcomes.count(Status.DROPPED),
        failed=outcomes.count(Status.FAILED) + outcomes.count(Status.WAITING) + not_reached,
    )


def _deliver_one(pk: int, post: Post, things, today: date) -> str | None:
    """What became of it; None where another process has claimed it. Raises NotReached."""
    claimed = Mail.objects.filter(pk=pk, status=Status.WAITING).update(
        status=Status.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    mail = Mail.objects.select_related("event__evaluation", "recipient__organisation").get(pk=pk)
    try:
        owed_now: dict[tuple[str, date], Owed] = things() if mail.kind == Mail.Kind.REMINDER else {}
        letter = letter_of(mail, owed_now, today)
        post.send(_message(letter))
    except Superfluous as reason:
        return _note(mail, Status.DROPPED, error=str(reason))
    except (NotReached, SoftTimeLimitExceeded):
        if post.may_be_taken:
            _note(mail, Status.FAILED, error=LOST)
        else:
            _note(mail, Status.WAITING, attempts=mail.attempts - 1)
        raise
    except Exception as error:
        logger.exception("mail %s was not sent", pk)
        if post.may_be_taken:
            return _note(mail, Status.FAILED, error=f"{UNANSWERED} {words_of(error)}")
        is_last = mail.attempts >= ATTEMPTS_MOST
        return _note(mail, Status.FAILED if is_last else Status.WAITING, error=words_of(error))
    return _note(
        mail,
        Status.SENT,
        sent_at=timezone.now(),
        address=letter.address,
        subject=letter.subject,
        body=letter.body,
        error="",
    )


def _message(letter: Letter) -> EmailMessage:
    return EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.address],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _note(mail: Mail, status: str, **fields) -> str:
    """Only on a mail that is still this process's: one given up for lost stays given up."""
    held = Mail.objects.filter(pk=mail.pk, status=Status.SENDING, claimed_at=mail.claimed_at)
    held.update(status=status, **fields)
    return status


def _give_up_lost() -> None:
    lost = Mail.objects.filter(status=Status.SENDING, claimed_at__lt=timezone.now() - LOST_AFTER)
    lost.update(status=Status.FAILED, error=LOST)
