"""What people sent and what they were told, kept by the side that kills nothing.

An answer that says "saved" binds; of everything else only this is asked, that it be there whole or
not at all.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Told(StrEnum):
    """What somebody was told about what they had sent."""

    SAVED = "saved"
    REFUSED = "refused"  # in words: it was not kept
    FAULT = "fault"  # a page of a fault: kept or not, it does not say
    NOTHING = "nothing"  # no answer


class Activity(StrEnum):
    """What people are at when something is killed."""

    AUTOSAVE = "autosave"
    UPLOAD = "upload"
    STEP = "step"
    DECISION = "decision"
    REPORT = "report"


@dataclass
class Sent:
    """One write that was sent. `what` is what the rows are asked for afterwards."""

    activity: Activity
    by: str
    what: dict
    told: Told = Told.NOTHING
    round: int = 0
    sent_at: float = 0.0
    told_at: float = 0.0
    answer: dict = field(default_factory=dict)


class Journal:
    """Every write in the order in which it was sent, and which of them are on their way now."""

    def __init__(self):
        self.sent: list[Sent] = []
        self.round = 0
        self._changed = threading.Condition()
        self._under_way: Counter[Activity] = Counter()

    @contextmanager
    def sending(self, activity: Activity, by: str, **what) -> Iterator[Sent]:
        """Around a request; the block puts into `told` what the answer said."""
        entry = Sent(activity, by, what, round=self.round, sent_at=time.time())
        with self._changed:
            self.sent.append(entry)
            self._under_way[activity] += 1
            self._changed.notify_all()
        try:
            yield entry
        finally:
            with self._changed:
                entry.told_at = time.time()
                self._under_way[activity] -= 1
                self._changed.notify_all()

    def wait_for(self, activity: Activity, patience: float) -> bool:
        """Until one of these is on its way; False where none was in all that time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way[activity] > 0, patience)

    def of(self, activity: Activity) -> list[Sent]:
        return [entry for entry in self.sent if entry.activity == activity]

    def under_way(self) -> int:
        return sum(self._under_way.values())
