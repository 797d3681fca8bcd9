"""Every request has an id: what a person reports, the log and the worker's log speak of the same.

A task bears the id of the request that ordered it. Imported by the logging configuration, so
nothing here may need the applications to be loaded.
"""

import re
import secrets
from contextvars import ContextVar

from celery.signals import before_task_publish, task_postrun, task_prerun

SANE = re.compile(r"[A-Za-z0-9-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
user_id: ContextVar[int | None] = ContextVar("user_id", default=None)


def begin(given: str = "") -> None:
    """A new request; `given` is the id that a proxy has sent, taken where it is a sane one."""
    request_id.set(given if SANE.fullmatch(given) else _new_id())
    user_id.set(None)


def _new_id() -> str:
    """Twelve digits in groups of four, since people read it out on the telephone."""
    digits = secrets.token_hex(6)
    return "-".join(digits[place : place + 4] for place in (0, 4, 8))


@before_task_publish.connect
def _send_along(headers=None, **kwargs) -> None:
    if headers is not None and request_id.get():
        headers["request_id"] = request_id.get()


@task_prerun.connect
def _take_over(task=None, **kwargs) -> None:
    begin((task.request.headers or {}).get("request_id") or "")


@task_postrun.connect
def _leave(**kwargs) -> None:
    request_id.set("")
