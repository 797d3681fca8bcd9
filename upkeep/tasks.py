"""What the clock asks for at night. Where the worker dies, the next night is soon enough."""

import logging

from celery import shared_task
from django.conf import settings

from upkeep.backup.running import back_up
from upkeep.integrity.running import check_integrity

logger = logging.getLogger(__name__)

LONGEST = 6 * 3600  # seconds
# Taken from the queue at once: a broker that waits an hour would hand a long run out again.
AT_NIGHT = {"acks_late": False, "soft_time_limit": LONGEST, "time_limit": LONGEST + 60}


@shared_task(**AT_NIGHT)
def back_up_everything() -> None:
    """Only where BACKUP_DIR says where to."""
    done = back_up(
        folder=settings.BACKUP_DIR, key_file=settings.BACKUP_KEY_FILE, keep=settings.BACKUP_KEEP
    )
    for fault in done.faults:
        logger.error("backup: %s", fault)


@shared_task(**AT_NIGHT)
def verify_integrity() -> None:
    check_integrity(tell=lambda fault: logger.error("integrity: %s", fault))
