"""Signs of life of a build, given whatever it is at: some steps of a large report are silent.

Laid out by WeasyPrint, a page is told of; before the first and after the last of some hundred,
half a minute passes without a word.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from reports import actions
from reports.models import LOST_AFTER, ReportRun

logger = logging.getLogger(__name__)

EVERY = LOST_AFTER.total_seconds() / 4


@contextmanager
def signs_of_life(run: ReportRun) -> Iterator[None]:
    """While the block runs, its run is not held for lost."""
    is_over = threading.Event()
    thread = threading.Thread(target=_tell, args=(run, is_over), name=f"run-{run.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _tell(run: ReportRun, is_over: threading.Event) -> None:
    """Until it is over; on a connection of its own, which each thread has."""
    try:
        while not is_over.wait(EVERY):
            try:
                actions.sign(run)
            except DatabaseError:
                logger.exception("no sign of life could be given for report run %s", run.pk)
                connection.close()  # the next one opens another
    finally:
        connection.close()
