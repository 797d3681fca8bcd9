"""A row for each run, from its start to its end, whatever the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from upkeep.models import UpkeepRun

FAULTS_KEPT = 200
INTERRUPTED = "Bị ngắt giữa chừng."
Status = UpkeepRun.Status


class TakenTonight(Exception):
    """Another clock's run of this kind has this night, however it ended."""


@dataclass
class Record:
    """What a run says of itself while it goes on."""

    run: UpkeepRun
    summary: str = ""
    archive: str = ""
    size: int = 0
    faults: list[str] = field(default_factory=list)
    fault_count: int = 0

    def add(self, fault: str) -> None:
        """Every fault counts; the first of them are kept in words."""
        self.fault_count += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(fault)

    def settle_earlier(self) -> None:
        """Those of its kind that never ended; for who knows that no other is under way."""
        left = UpkeepRun.objects.filter(kind=self.run.kind, status=Status.RUNNING)
        left.exclude(pk=self.run.pk).update(
            status=Status.FAILED, finished_at=self.run.started_at, summary=INTERRUPTED
        )


@contextmanager
def recorded(
    kind: str, started: datetime | None = None, night: date | None = None
) -> Iterator[Record]:
    """Around one run, or the rest of one that began before; what the block raises is noted and
    goes on. Raises TakenTonight before the block where it is not the first of its `night`."""
    record = Record(_begin(kind, started or timezone.now(), night))
    try:
        yield record
    except BaseException as error:
        record.summary = str(error) or INTERRUPTED
        _finish(record, Status.FAILED)
        raise
    _finish(record, Status.FAULTY if record.fault_count else Status.CLEAN)


def _begin(kind: str, started: datetime, night: date | None) -> UpkeepRun:
    try:
        with transaction.atomic():
            return UpkeepRun.objects.create(kind=kind, started_at=started, night=night)
    except IntegrityError as error:
        if night is None:
            raise
        raise TakenTonight(f"{kind} of {night}") from error


def _finish(record: Record, status: str) -> None:
    run = record.run
    run.status, run.finished_at = status, timezone.now()
    run.summary, run.archive = record.summary[:500], record.archive
    run.size, run.faults, run.fault_count = record.size, record.faults, record.fault_count
    run.save()
