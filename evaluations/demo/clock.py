"""The time of the practice round: made in a moment, it shall look as if it had taken weeks.

Each part of it is made at its own time, so that every row says that time from the start. Nothing
is moved afterwards: the trails need no way of being rewritten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Clock:
    """Times counted back from the day on which the practice round is made."""

    today: date

    def day(self, days_ago: int) -> date:
        """Before today; a negative number is a day to come."""
        return self.today - timedelta(days=days_ago)

    @contextmanager
    def at(self, days_ago: int, hour: int = 9, minute: int = 0) -> Iterator[None]:
        """Let it be that time of that day, and go on from there. For one process alone."""
        start = timezone.make_aware(datetime.combine(self.day(days_ago), time(hour, minute)))
        real = timezone.now
        began = real()
        timezone.now = lambda: start + (real() - began)
        try:
            yield
        finally:
            timezone.now = real
