"""How the work behind the pages stands: what waits, what has failed, how much room is left."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from evaluations.models import Mail
from reports.models import ReportRun
from upkeep.models import UpkeepRun

FAILED_WITHIN = timedelta(days=7)  # what failed before that is nobody's work any more

Run, Post, Kind, Ended = ReportRun.Status, Mail.Status, UpkeepRun.Kind, UpkeepRun.Status


@dataclass(frozen=True)
class Room:
    """Of the disk that files lie on, in bytes."""

    free: int
    total: int


@dataclass(frozen=True)
class Standing:
    """Counts are of `at`; `failed` ones of the last seven days."""

    at: datetime
    reports_waiting: int
    reports_running: int
    reports_failed: int
    reports_oldest: datetime | None  # the order that waits longest
    mails_waiting: int
    mails_failed: int
    mails_oldest: datetime | None
    last_backup: datetime | None  # the last that ended well
    last_check: datetime | None  # of integrity, the last that found nothing wrong
    last_purge: datetime | None  # of what is past its term
    room: Room | None  # none where files lie on another machine

    @property
    def longest_wait(self) -> timedelta:
        """Of a report or a mail; nought where nothing waits."""
        oldest = [each for each in (self.reports_oldest, self.mails_oldest) if each]
        return self.at - min(oldest) if oldest else timedelta()


def standing() -> Standing:
    """Three queries, and a look at the disk."""
    now = timezone.now()
    # Of what has ended well there are years: the indexes of the rest are asked.
    open_runs = Q(status__in=ReportRun.ACTIVE) | failed_reports(now)
    reports = (
        ReportRun.objects.filter(open_runs)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=Q(status=Run.QUEUED)),
            running=Count("pk", filter=Q(status=Run.RUNNING)),
            failed=Count("pk", filter=failed_reports(now)),
            oldest=Min("requested_at", filter=Q(status=Run.QUEUED)),
        )
    )
    open_mails = Q(status=Post.WAITING) | failed_mails(now)
    mails = (
        Mail.objects.filter(open_mails)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=Q(status=Post.WAITING)),
            failed=Count("pk", filter=failed_mails(now)),
            oldest=Min("created_at", filter=Q(status=Post.WAITING)),
        )
    )
    ended_well = UpkeepRun.objects.order_by().aggregate(
        backup=Max("finished_at", filter=Q(kind=Kind.BACKUP, status=Ended.CLEAN)),
        check=Max("finished_at", filter=Q(kind=Kind.INTEGRITY, status=Ended.CLEAN)),
        purge=Max("finished_at", filter=Q(kind=Kind.PURGE, status=Ended.CLEAN)),
    )
    return Standing(
        at=now,
        reports_waiting=reports["waiting"],
        reports_running=reports["running"],
        reports_failed=reports["failed"],
        reports_oldest=reports["oldest"],
        mails_waiting=mails["waiting"],
        mails_failed=mails["failed"],
        mails_oldest=mails["oldest"],
        last_backup=ended_well["backup"],
        last_check=ended_well["check"],
        last_purge=ended_well["purge"],
        room=room(),
    )


def failed_reports(now: datetime) -> Q:
    return Q(status=Run.FAILED, finished_at__gte=now - FAILED_WITHIN)


def failed_mails(now: datetime) -> Q:
    return Q(status=Post.FAILED, created_at__gte=now - FAILED_WITHIN)


def room() -> Room | None:
    if not is_on_disk():
        return None
    try:
        usage = shutil.disk_usage(default_storage.location)
    except FileNotFoundError:  # nothing has been stored yet
        return None
    return Room(usage.free, usage.total)


def is_on_disk() -> bool:
    """Files lie on this machine, not in a store that several share."""
    return isinstance(storages["default"], FileSystemStorage)
