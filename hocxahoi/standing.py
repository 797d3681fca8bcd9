"""How the work behind the pages stands: what waits, what has failed, how much room is left."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import Count, Min, Q
from django.utils import timezone

from evaluations.models import Mail
from reports.models import ReportRun

FAILED_WITHIN = timedelta(days=7)  # what failed before that is nobody's work any more

Run, Post = ReportRun.Status, Mail.Status


@dataclass(frozen=True)
class Standing:
    """Counts are of now; `failed` ones of the last seven days."""

    at: datetime
    reports_waiting: int
    reports_running: int
    reports_failed: int
    reports_oldest: datetime | None  # the order that waits longest
    mails_waiting: int
    mails_failed: int
    mails_oldest: datetime | None
    disk_free: int | None  # bytes; none where files lie on another machine
    disk_total: int | None

    @property
    def longest_wait(self) -> timedelta:
        """Of a report or a mail; nought where nothing waits."""
        oldest = [each for each in (self.reports_oldest, self.mails_oldest) if each]
        return self.at - min(oldest) if oldest else timedelta()


def standing() -> Standing:
    """Two queries, and a look at the disk."""
    now = timezone.now()
    recent = now - FAILED_WITHIN
    reports = ReportRun.objects.order_by().aggregate(
        waiting=Count("pk", filter=Q(status=Run.QUEUED)),
        running=Count("pk", filter=Q(status=Run.RUNNING)),
        failed=Count("pk", filter=Q(status=Run.FAILED, finished_at__gte=recent)),
        oldest=Min("requested_at", filter=Q(status=Run.QUEUED)),
    )
    mails = Mail.objects.order_by().aggregate(
        waiting=Count("pk", filter=Q(status=Post.WAITING)),
        failed=Count("pk", filter=Q(status=Post.FAILED, created_at__gte=recent)),
        oldest=Min("created_at", filter=Q(status=Post.WAITING)),
    )
    total, free = _room()
    return Standing(
        at=now,
        reports_waiting=reports["waiting"],
        reports_running=reports["running"],
        reports_failed=reports["failed"],
        reports_oldest=reports["oldest"],
        mails_waiting=mails["waiting"],
        mails_failed=mails["failed"],
        mails_oldest=mails["oldest"],
        disk_free=free,
        disk_total=total,
    )


def _room() -> tuple[int | None, int | None]:
    if not isinstance(default_storage._wrapped, FileSystemStorage):
        return None, None
    try:
        usage = shutil.disk_usage(default_storage.location)
    except FileNotFoundError:  # nothing has been stored yet
        return None, None
    return usage.total, usage.free
