"""Mails as files in a folder, for a desk without a mail server: each whole, and readable as it is.

Django's own writes messages as they go over a line, with a subject in base64; and what goes into
the log loses its links and addresses there (logs.py).
"""

import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    """Named in the settings, for an EMAIL_URL of filemail:///…"""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        # A link in one of them sets somebody's password.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _file_for(folder, message).write_text(_as_read(message), encoding="utf-8")
        return len(email_messages)


def _file_for(folder: Path, message: EmailMessage) -> Path:
    """Sorted by time, and to be found by its reader; two of one second are two files."""
    now = timezone.localtime()
    reader = "-".join(_plain(each) for each in message.to[:1])
    return folder / f"{now:%Y%m%d-%H%M%S}-{reader}-{secrets.token_hex(3)}.txt"


def _plain(address: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in address)[:60]


def _as_read(message: EmailMessage) -> str:
    message.message()  # refuses what a mail server would not get either, a subject of two lines
    head = [
        f"Từ: {message.from_email}",
        f"Đến: {', '.join(message.recipients())}",
        f"Lúc: {timezone.localtime():%H:%M:%S %d/%m/%Y}",
        f"Tiêu đề: {message.subject}",
    ]
    return "\n".join([*head, "", str(message.body)])
