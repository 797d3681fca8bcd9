"""Faults that go out to the operator, by mail or to a Sentry, without anybody's data."""

import time
import traceback
from logging import LogRecord
from typing import Any

import sentry_sdk
from django.views.debug import ExceptionReporter

from hocxahoi.logs import tellable
from hocxahoi.request_ids import request_id

SAME_FAULT_AFTER = 600  # seconds
MOST_KEPT = 1000


class Seldom:
    """Lets the same fault through once in ten minutes: a bad day is not a thousand mails.

    The same is what comes from the same line of code, or else says the same message.
    """

    def __init__(self) -> None:
        self._last: dict[Any, float] = {}

    def __call__(self, record: LogRecord) -> bool:
        now, fault = time.monotonic(), _place_of(record)
        if now - self._last.get(fault, -SAME_FAULT_AFTER) < SAME_FAULT_AFTER:
            return False
        if len(self._last) >= MOST_KEPT:
            self._last.clear()
        self._last[fault] = now
        return True


class BareTraceback(ExceptionReporter):
    """The mail says the traceback alone; Django's own adds the form, the cookies and the
    variables, which are people's data."""

    def get_traceback_text(self) -> str:
        if self.tb is None:
            return ""
        return tellable("".join(traceback.format_exception(self.exc_type, self.exc_value, self.tb)))


def report_to_sentry(dsn: str, **options) -> None:
    """`options` go to the library as they are."""
    sentry_sdk.init(
        dsn,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=_without_people,
        **options,
    )


def _without_people(event: Any, hint: Any) -> Any:
    """The query holds what people search for; headers and the user say who they are."""
    request = event.pop("request", {})
    event.pop("user", None)
    event.setdefault("tags", {})["request_id"] = request_id.get()
    event["request"] = {"method": request.get("method")}
    for raised in event.get("exception", {}).get("values", []):
        raised["value"] = tellable(str(raised.get("value", "")))
    if said := event.get("logentry"):
        event["logentry"] = {"message": tellable(said.get("formatted") or said["message"])}
    return event


def _place_of(record: LogRecord) -> tuple:
    if not (record.exc_info and record.exc_info[2]):
        return record.name, str(record.msg)
    *_, frame = traceback.extract_tb(record.exc_info[2])
    return record.exc_info[0], frame.filename, frame.lineno
