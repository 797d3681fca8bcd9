"""What Prometheus reads: how quickly pages answer, and how the work behind them stands.

Times are summed over the web processes (`PROMETHEUS_MULTIPROC_DIR`, set by the settings before
this is imported); the state of queues and stores is asked of the database when somebody reads.
"""

import os
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

from upkeep.standing import standing

ANSWERS = Histogram(
    "hocxahoi_answer_seconds",
    "Time to answer, by the name of the page",
    ["view", "method", "status"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
OTHER = "other"  # an address that is no page has no name of its own: names must stay few
METHODS = {"GET", "HEAD", "POST"}


def note_answer(view: str, method: str, status: int, seconds: float) -> None:
    ANSWERS.labels(
        view or OTHER, method if method in METHODS else OTHER, f"{status // 100}xx"
    ).observe(seconds)


def exposition() -> bytes:
    """Everything, in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(ANSWERS)
    registry.register(_Standing())
    return generate_latest(registry)


class _Standing:
    """Gauges of one moment, the same whichever process is asked."""

    def collect(self) -> Iterator[Metric]:
        now = standing()
        for name, what, value in (
            ("reports_waiting", "Report runs in the queue", now.reports_waiting),
            ("reports_running", "Report runs being built", now.reports_running),
            ("reports_failed", "Report runs that failed within 7 days", now.reports_failed),
            ("mails_waiting", "E-mails that wait to be sent", now.mails_waiting),
            ("mails_failed", "E-mails not sent within 7 days", now.mails_failed),
            ("longest_wait_seconds", "Oldest waiting", now.longest_wait.total_seconds()),
            ("disk_free_bytes", "Room for files on this machine", now.room and now.room.free),
            ("backup_age_seconds", "Since the last good backup", _age(now.last_backup, now.at)),
            ("check_age_seconds", "Since the last clean check", _age(now.last_check, now.at)),
            ("purge_age_seconds", "Since the last purge", _age(now.last_purge, now.at)),
        ):
            if value is not None:
                yield GaugeMetricFamily(f"hocxahoi_{name}", what, value=value)


def _age(moment: datetime | None, now: datetime) -> float | None:
    return (now - moment).total_seconds() if moment else None
