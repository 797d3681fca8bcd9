"""What the clock asks for at night, once a night though several clocks ask.

Where the worker dies, the next night is soon enough.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from upkeep.backup.running import back_up
from upkeep.integrity.running import check_integrity
from upkeep.purging import purge
from upkeep.recording import TakenTonight

logger = logging.getLogger(__name__)

LONGEST = 6 * 3600  # seconds
# Taken from the queue at once: a broker that waits an hour would hand a long run out again.
AT_NIGHT = {"acks_late": False, "soft_time_limit": LONGEST, "time_limit": LONGEST + 60}


@shared_task(**AT_NIGHT)
def back_up_everything() -> None:
    """Only where BACKUP_DIR says where to: the workers there alone listen to its queue."""
    with _once_a_night() as night:
        done = back_up(
            folder=settings.BACKUP_DIR,
            key_file=settings.BACKUP_KEY_FILE,
            keep=settings.BACKUP_KEEP,
            night=night,
        )
        for fault in done.faults:
            logger.error("backup: %s", fault)


@shared_task(**AT_NIGHT)
def purge_overdue() -> None:
    with _once_a_night() as night:
        logger.info("purged: %s", purge(night).summary)


@shared_task(**AT_NIGHT)
def verify_integrity() -> None:
    with _once_a_night() as night:
        check_integrity(tell=lambda fault: logger.error("integrity: %s", fault), night=night)


@contextmanager
def _once_a_night() -> Iterator[date]:
    try:
        yield timezone.localdate()
    except TakenTonight as taken:
        logger.info("another clock has asked for it before: %s", taken)
