"""How long a build may take before it is stopped and its row says so."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from reports.models import ReportRun

# Pages are made in seconds; a package copies all evidence from storage and back into it.
MINUTES = 10
PACKAGE_MINUTES = 50


class TookTooLong(Exception):
    """Raised inside a build, wherever it is at that moment."""


def minutes_for(file_type: str) -> int:
    return PACKAGE_MINUTES if file_type == ReportRun.FileType.ZIP else MINUTES


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Raises TookTooLong. An alarm of the process itself, since Celery keeps the time only where
    it builds in child processes; for the main thread, in which tasks run."""

    def stop(number, frame):
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
