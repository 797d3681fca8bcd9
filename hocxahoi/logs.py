"""What goes into the log, and what never does.

A line says which request it belongs to and whose it is (a number), and nothing personal: no name,
no address, no text that somebody typed.
"""

from logging import LogRecord

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from hocxahoi.request_ids import request_id, user_id

# Of Django's own: the request would be written with its query, in which people search for names.
NOT_TOLD = [*RESERVED_ATTRS, "request"]


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
