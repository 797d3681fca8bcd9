"""May this process be sent requests? Asked by whatever stands in front, every few seconds.

Without database or storage nothing can be done, and the answer is 503. A queue that waits makes
reports late and nothing else: it is told, and takes no web process out of service.
"""

import logging
import time
from functools import lru_cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.utils.crypto import get_random_string

from upkeep.standing import standing
from upkeep.standing.signs import SLOW_AFTER

STORAGE_ASKED_EVERY = 30  # seconds: on S3 each question is two paid requests

logger = logging.getLogger(__name__)


def readiness() -> dict[str, str]:
    """What the process needs: "ok", "down", or "slow" for a queue that waits too long."""
    if not _database_answers():
        return {"database": "down", "storage": "unknown", "queue": "unknown"}
    wait = standing().longest_wait
    return {
        "database": "ok",
        "storage": "ok" if _storage_answers() else "down",
        "queue": "slow" if wait > SLOW_AFTER else "ok",
    }


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _storage_answers() -> bool:
    return _can_write(int(time.monotonic() // STORAGE_ASKED_EVERY))


@lru_cache(maxsize=1)
def _can_write(turn: int) -> bool:
    """A few bytes written and taken away again, so that a full disk is found too."""
    try:
        name = default_storage.save(f"probe/{get_random_string(16)}", ContentFile(b"ok"))
        default_storage.delete(name)
    except Exception:  # whatever a storage raises of its own
        logger.exception("the storage takes no file")
        return False
    return True
