"""What the clock asks for at night. Where the worker dies, the next night is soon enough."""

import logging

from celery import shared_task

from upkeep.integrity.running import check_integrity

logger = logging.getLogger(__name__)

LONGEST = 6 * 3600  # seconds
# Taken from the queue at once: a broker that waits an hour would hand a long run out again.
AT_NIGHT = {"acks_late": False, "soft_time_limit": LONGEST, "time_limit": LONGEST + 60}


@shared_task(**AT_NIGHT)
def verify_integrity() -> None:
    check_integrity(tell=lambda fault: logger.error("integrity: %s", fault))
