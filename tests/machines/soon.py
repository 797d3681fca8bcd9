"""The application's clock with every task due once, at the moment that CLOCKS_STRIKE_AT names."""

import os
from datetime import timedelta

from celery.schedules import BaseSchedule, schedstate

from hocxahoi.celery import app

STRIKE = float(os.environ["CLOCKS_STRIKE_AT"])


class Once(BaseSchedule):
    """Due when the moment has come, and never again."""

    def remaining_estimate(self, last_run_at):
        return timedelta(seconds=max(STRIKE - self.now().timestamp(), 0))

    def is_due(self, last_run_at):
        left = STRIKE - self.now().timestamp()
        if left > 0:
            return schedstate(False, min(left, 1))
        return schedstate(last_run_at.timestamp() < STRIKE, 60)

    def __reduce__(self):
        return type(self), ()

    def __eq__(self, other):
        return isinstance(other, Once)

    __hash__ = BaseSchedule.__hash__


app.conf.beat_schedule = {
    name: {**entry, "schedule": Once()} for name, entry in app.conf.beat_schedule.items()
}
