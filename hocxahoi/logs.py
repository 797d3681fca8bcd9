"""What goes into the log, and what never does.

A line says which request it belongs to and whose it is (a number), and nothing personal: no name,
no address, no text that somebody typed.
"""

import re
from logging import Formatter, LogRecord

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from hocxahoi.request_ids import request_id, user_id

# A request would be written with its query, in which people search for names; what Celery calls
# data are the arguments of a task, an address among them.
NOT_TOLD = [*RESERVED_ATTRS, "request", "data"]
KEY = re.compile(r"(/dat-lai/)[^\s?\"']+")  # of a new password, in an address
ADDRESS = re.compile(r"[^\s<>\"'@,;:()\\]+@[^\s<>\"'@,;:()\\]+")  # as a mail server quotes it


class Lines(Formatter):
    """For reading at a desk."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message} [{request_id}]", style="{")

    def format(self, record: LogRecord) -> str:
        return tellable(super().format(record))


class JsonLines(JsonFormatter):
    """One JSON object a line."""

    def __init__(self) -> None:
        super().__init__(
            "{levelname}{name}{message}{request_id}{user_id}",
            style="{",
            rename_fields={"levelname": "level", "name": "logger"},
            reserved_attrs=NOT_TOLD,
            timestamp="time",
            json_ensure_ascii=False,
        )

    def format(self, record: LogRecord) -> str:
        return tellable(super().format(record))


def tellable(text: str) -> str:
    """A line or a traceback, less what would let its reader set somebody's password, and less
    the e-mail addresses that a mail server quotes back."""
    return ADDRESS.sub("…@…", KEY.sub(r"\1…", text))


def with_request(record: LogRecord) -> bool:
    """Which request, and whose; empty outside of any."""
    record.request_id = request_id.get()
    record.user_id = user_id.get()
    return True


def refusals_in_one_line(record: LogRecord) -> bool:
    """A page that is refused or not there is an answer; a fault (5xx) keeps its traceback."""
    if 400 <= getattr(record, "status_code", 0) < 500:
        record.exc_info = None
    return True
