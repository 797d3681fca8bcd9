"""Whose turn it is, since when, and by when: the arithmetic of waiting and being late.

Plain dates in, plain words out; "today" is always given, so that a test can choose it.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from evaluations.models import Evaluation
from evaluations.workflow import Party


@dataclass(frozen=True)
class Turn:
    """One dossier's move: the party it waits for, and both its clocks."""

    holder: Party
    since: date
    due_on: date | None
    today: date

    @property
    def days_waiting(self) -> int:
        return max(0, (self.today - self.since).days)

    @property
    def days_late(self) -> int:
        """The due day itself is in time."""
        return max(0, (self.today - self.due_on).days) if self.due_on else 0

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def waiting_text(self) -> str:
        return f"{self.days_waiting} ngày" if self.days_waiting else "từ hôm nay"

    @property
    def due_text(self) -> str:
        """ "muộn 1 ngày", "còn 4 ngày"; empty where no date is set."""
        if self.due_on is None:
            return ""
        if self.is_late:
            return f"muộn {self.days_late} ngày"
        days_left = (self.due_on - self.today).days
        return f"còn {days_left} ngày" if days_left else "hạn là hôm nay"


def turn_of(evaluation: Evaluation, today: date) -> Turn:
    return Turn(
        holder=evaluation.holder,
        since=timezone.localdate(evaluation.status_since),
        due_on=evaluation.due_on,
        today=today,
    )
