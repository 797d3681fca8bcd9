"""The clock that sends the tasks of `CELERY_BEAT_SCHEDULE` when they are due."""

import logging
from contextlib import suppress

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)


class Clock(PersistentScheduler):
    """Celery's own, which goes on where its file of last times was cut off half-written.

    Celery itself ends with an EOFError then, at each start anew: a machine that lost its power
    would make no backup any more. Lost with the file are the times at which each task last ran.
    """

    def setup_schedule(self):
        try:
            super().setup_schedule()
        except Exception as error:  # what a pickle cut off anywhere may raise is anybody's guess
            logger.warning("the clock's file is beyond reading and is begun anew: %r", error)
            with suppress(Exception):
                self._store.close()  # else it writes itself over the new one when it is collected
            self._remove_db()
            super().setup_schedule()
