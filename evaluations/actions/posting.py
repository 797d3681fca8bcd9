"""One mail server for one run, and what can be known of a message that went wrong there.

Before DATA a server has taken nothing, and its answer to DATA says whether it has. Where the line
breaks between the two nobody can know.
"""

import logging
import smtplib

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)

# A server's own word that it has not taken the message, at whichever moment.
REFUSALS = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class NotReached(Exception):
    """The server does not answer, so nothing was offered to it."""


class _WornOut(Exception):
    """It hung up on a connection that had carried others: after so many messages, or minutes."""


class Post:
    """A connection that is opened when it is needed, and anew after anything that went wrong."""

    def __init__(self, connection: BaseEmailBackend):
        self._connection = connection
        self._is_open = False
        self._has_carried = False
        self.may_be_taken = False

    def ready(self) -> None:
        """Before each message: a server that answers, nothing in its hands. Raises NotReached."""
        self.may_be_taken = False
        if self._is_open:
            return
        try:
            self._connection.open()
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # the library of each backend has errors of its own
            raise NotReached(words_of(error)) from error
        self._is_open, self._has_carried = True, False

    def send(self, message: EmailMessage) -> None:
        """Raises NotReached, or what the connection raises; `may_be_taken` is then its meaning."""
        try:
            self._offer(message)
        except _WornOut:
            self.ready()
            self._offer(message)

    def close(self) -> None:
        self._is_open = False
        try:
            self._connection.close()
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("the mail server did not part in good order")

    def _offer(self, message: EmailMessage) -> None:
        message.connection = self._connection
        self.may_be_taken = True
        try:
            message.send()
        except Exception as error:
            is_doubtful = getattr(self._connection, "may_be_taken", True)
            self.may_be_taken = is_doubtful and not isinstance(error, REFUSALS)
            is_cut = getattr(self._connection, "is_cut", False)
            self.close()
            if isinstance(error, SoftTimeLimitExceeded) or self.may_be_taken:
                raise
            if is_cut and self._has_carried:
                raise _WornOut from error
            raise
        self._has_carried = True


class EmailBackend(smtp.EmailBackend):
    """Django's, which also knows how far its last message came. Named in the settings."""

    @property
    def connection_class(self):
        return _SmtpSsl if self.use_ssl else _Smtp

    @property
    def may_be_taken(self) -> bool:
        return self.connection is not None and self.connection.was_in_data

    @property
    def is_cut(self) -> bool:
        """The server has hung up: smtplib then closes its end."""
        return self.connection is not None and self.connection.sock is None

    def send_messages(self, email_messages):
        if self.connection is not None:
            self.connection.was_in_data = False
        return super().send_messages(email_messages)


class _Smtp(smtplib.SMTP):
    was_in_data = False

    def data(self, msg):
        self.was_in_data = True
        return super().data(msg)


class _SmtpSsl(smtplib.SMTP_SSL):
    was_in_data = False

    def data(self, msg):
        self.was_in_data = True
        return super().data(msg)


def words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
