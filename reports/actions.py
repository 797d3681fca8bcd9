"""What happens to a run: ordered, sent, claimed, finished or failed, found again when lost.

Every change is one conditional UPDATE, so that two workers, two clicks or two deliveries of one
message cannot both win.
"""

import logging
from typing import Any

from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from evaluations.actions.accesses import record_dossier_access
from evaluations.actions.guard import hold_rounds
from evaluations.models import DossierAccess, Evaluation
from evaluations.moment import one_moment
from evaluations.snapshots import content_hash
from evaluations.storage import take_away
from organisations.models import User
from reports.definitions import Report, Takes
from reports.figures import NothingToSay
from reports.files import path_of
from reports.models import ReportDownload, ReportRun
from reports.permissions import can_move

logger = logging.getLogger(__name__)

TASK = "reports.tasks.build_report"
MAX_ATTEMPTS = 2
GONE = "Hồ sơ này vừa được rút khỏi đợt nên không in được nữa."
BROKER_SILENT = (
    "Hàng đợi báo cáo không trả lời nên việc này còn chờ. Yêu cầu vẫn được giữ và tự gửi lại khi "
    "hàng đợi chạy lại, không phải đặt lại. Chờ quá mười phút thì báo người vận hành."
)
WORKER_STOPPED = (
    "Tiến trình dựng báo cáo dừng giữa chừng. Bấm “Dựng lại”; nếu vẫn vậy, báo người vận hành "
    "kèm số lượt in."
)

Status = ReportRun.Status


def order_report(*, report: Report, subject, file_type: str, by: User) -> ReportRun:
    """Freeze what the report will say, and send it off once that is safely stored.

    The subject is read anew, all of it at one moment. An order of the same person that is still
    under way is the same order; while it only waits, it takes what the subject says now. So is one
    that says the same and was ready while this one waited its turn. Raises PermissionDenied, and
    NothingToSay.
    """
    if file_type not in report.formats:
        raise PermissionDenied
    about = {takes.field: None for takes in Takes} | {report.takes.field: subject}
    order = {"report": report.slug, "file_type": file_type, "requested_by": by, **about}
    alike = ReportRun.objects.filter(**order)
    # By name, not by time: the clock of the machine that builds may be another's.
    ready_before = list(alike.filter(status=Status.READY).values_list("pk", flat=True))
    with one_moment():
        subject = report.all_subjects().filter(pk=subject.pk).first()
        if subject is None:
            raise NothingToSay(GONE)
        if not report.can_order(by, subject):
            raise PermissionDenied
        content = report.content(subject)
    frozen = {
        "content": content,
        "content_sha256": content_hash(content),
        "is_draft": content["is_draft"],
        "file_name": content["file_name"],
        "requested_at": timezone.now(),
    }
    with transaction.atomic():
        if report.takes == Takes.DOSSIER:
            _hold(subject)
        _settle(alike.lost(timezone.now()))
        for ready in alike.filter(status=Status.READY).exclude(pk__in=ready_before):
            if _said(ready.content) == _said(content):
                return ready
        run, is_new = _get_or_create(order, {"title": report.title, **frozen})
        if not is_new:
            ReportRun.objects.filter(pk=run.pk, status=Status.QUEUED).update(**frozen)
        if is_new or run.is_waiting:
            transaction.on_commit(lambda: send(run.pk))
    return run


@transaction.atomic
def retry(*, run: ReportRun, by: User) -> ReportRun | None:
    """Once more with the same content; or the order that has taken its place meanwhile.

    None where the run moves again or has ended since the page was drawn.
    """
    if not can_move(by, run):
        raise PermissionDenied
    if not run.is_stuck:
        return None
    same = ReportRun.objects.filter(pk=run.pk, status=run.status, attempts=run.attempts)
    try:
        with transaction.atomic():
            # Attempts start anew: a person asks for it.
            is_ours = same.update(
                status=Status.QUEUED,
                attempts=0,
                error="",
                finished_at=None,
                sent_at=None,
                progress_word="",
                progress_done=0,
            )
    except IntegrityError:
        return _active_like(run)
    if not is_ours:
        return None
    if run.is_lost:
        take_away(path_of(run))
    transaction.on_commit(lambda: send(run.pk))
    return run


def cancel(*, run: ReportRun, by: User) -> bool:
    """Give up a run that waits or is being built; False where it was done first.

    Its worker finds out at its next step (`beat`), and can finish or fail it no more.
    """
    if not can_move(by, run):
        raise PermissionDenied
    waiting = ReportRun.objects.filter(pk=run.pk, requested_by=by).active()
    return bool(
        waiting.update(
            status=Status.CANCELLED, finished_at=timezone.now(), progress_word="", error=""
        )
    )


def send(run_id: int, *, after: float = 0) -> None:
    """Hand it to a worker, `after` so many seconds. Where the queue is silent the row says so, and
    nothing is lost."""
    runs = ReportRun.objects.filter(pk=run_id)
    runs.update(sent_at=timezone.now(), error="")
    try:
        current_app.send_task(TASK, args=[run_id], countdown=after)
    except (OperationalError, ChannelError):
        logger.exception("the queue did not take report run %s", run_id)
        runs.filter(status=Status.QUEUED).update(sent_at=None, error=BROKER_SILENT)


def claim(run_id: int, *, worker: str = "") -> ReportRun | None:
    """The run, if it is this caller's to build; None where somebody else has it or had it."""
    now = timezone.now()
    taken = ReportRun.objects.filter(pk=run_id, status=Status.QUEUED).update(
        status=Status.RUNNING,
        started_at=now,
        beat_at=now,
        worker=worker,
        attempts=F("attempts") + 1,
        error="",
    )
    return ReportRun.objects.get(pk=run_id) if taken else None


def beat(run: ReportRun, *, done: int, total: int, word: str) -> bool:
    """A sign of life, and how far it is. False where nobody waits for this attempt any more:
    cancelled, or given up for lost."""
    return bool(
        _mine(run).update(
            beat_at=timezone.now(),
            progress_done=done,
            progress_total=total,
            progress_word=word[:100],
        )
    )


def sign(run: ReportRun) -> bool:
    """A sign of life alone. False as with `beat`."""
    return bool(_mine(run).update(beat_at=timezone.now()))


def finish(run: ReportRun, *, name: str, size: int, sha256: str) -> bool:
    """False where this attempt was given up for lost and is no longer the one that counts."""
    now = timezone.now()
    return bool(
        _mine(run).update(
            status=Status.READY,
            file=name,
            size=size,
            sha256=sha256,
            finished_at=now,
            beat_at=now,
            progress_done=F("progress_total"),
            progress_word="",
        )
    )


def fail(run: ReportRun, *, reason: str) -> None:
    _mine(run).update(status=Status.FAILED, error=reason, finished_at=timezone.now())


def recover(runs) -> None:
    """Runs whose worker is known to be gone: once more by itself, then it is a person's turn."""
    for run in runs.filter(status=Status.RUNNING, attempts__lt=MAX_ATTEMPTS).defer("content"):
        if _mine(run).update(status=Status.QUEUED, progress_word="", progress_done=0):
            logger.warning("report run %s was left by its worker and is queued again", run.pk)
            take_away(path_of(run))
            send(run.pk)
    _settle(runs.filter(status=Status.RUNNING, attempts__gte=MAX_ATTEMPTS))


def resume(*, worker: str) -> None:
    """When a worker starts: what its predecessor of the same name left goes on at once.

    With a folder for a queue, what a dead worker had taken from it is gone: all that waits is sent
    again. A second message for the same run does no harm.
    """
    _send_each(ReportRun.objects.filter(status=Status.QUEUED))
    recover(ReportRun.objects.filter(worker=worker))
    rescue()


def rescue() -> None:
    """What gives no sign of life, and what the queue did not take or has lost."""
    now = timezone.now()
    recover(ReportRun.objects.lost(now))
    _send_each(ReportRun.objects.untaken(now))


@transaction.atomic
def note_download(*, run: ReportRun, by: User) -> None:
    """In the report's own log, and in the trail of the dossier that it is about."""
    ReportDownload.objects.create(run=run, by=by)
    if run.evaluation:
        record_dossier_access(
            evaluation=run.evaluation,
            kind=DossierAccess.Kind.REPORT,
            what=f"{run.title}, {run.get_file_type_display()}",
            by=by,
        )


def _said(content: dict) -> str:
    """What a content says, whenever it was taken down, or the dossiers in it were."""
    return content_hash(_timeless(content))


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _timeless(each) for name, each in value.items() if name != "taken_at"}
    if isinstance(value, list | tuple):
        return [_timeless(each) for each in value]
    return value


def _get_or_create(order: dict, defaults: dict) -> tuple[ReportRun, bool]:
    """Django's get_or_create, asking only for runs that are still under way."""
    under_way = ReportRun.objects.active().filter(**order)
    if found := under_way.first():
        return found, False
    try:
        with transaction.atomic():
            return ReportRun.objects.create(**order, **defaults), True
    except IntegrityError:
        if found := under_way.first():
            return found, False
        # The one that was in the way has ended since.
        return ReportRun.objects.create(**order, **defaults), True


def _active_like(run: ReportRun) -> ReportRun:
    return ReportRun.objects.active().get(
        requested_by=run.requested_by,
        report=run.report,
        file_type=run.file_type,
        **{takes.field: getattr(run, takes.field) for takes in Takes},
    )


def _mine(run: ReportRun):
    """The row as long as this attempt is the one that counts."""
    return ReportRun.objects.filter(
        pk=run.pk, status=Status.RUNNING, attempts=run.attempts, started_at=run.started_at
    )


def _hold(evaluation: Evaluation) -> None:
    """Whoever takes the dossier out of its round waits for this order, or was there before it."""
    hold_rounds(pk=evaluation.pilot_round_id)
    if not Evaluation.objects.filter(pk=evaluation.pk).exists():
        raise NothingToSay(GONE)


def _send_each(runs) -> None:
    for run_id in list(runs.values_list("pk", flat=True)):
        send(run_id)


def _settle(runs) -> None:
    """Failed for good, and nothing of them is left in storage."""
    for run in runs.defer("content"):
        failed = {"error": WORKER_STOPPED, "finished_at": timezone.now()}
        if _mine(run).update(status=Status.FAILED, **failed):
            take_away(path_of(run))
