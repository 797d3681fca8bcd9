"""The worker's side: an id comes in, one function is called, a failure is noted on the row."""

import gc
import logging

from celery import shared_task
from celery.signals import task_postrun, worker_ready
from django.utils import timezone

from reports import actions
from reports.building import NoLongerWanted, build
from reports.figures import CannotRender
from reports.limits import TookTooLong, minutes_for, no_longer_than
from reports.models import LOST_AFTER, ReportRun

logger = logging.getLogger(__name__)

TOO_LONG = "Báo cáo dựng quá {} phút nên đã dừng. Báo người vận hành kèm số lượt in."
UNEXPECTED = (
    "Có lỗi khi dựng tệp, nhật ký máy chủ đã ghi chi tiết. Bấm “Dựng lại”; nếu vẫn vậy, báo người "
    "vận hành kèm số lượt in."
)


@shared_task(bind=True)
def build_report(self, run_id: int) -> None:
    runs = ReportRun.objects.filter(pk=run_id)
    is_second = (self.request.delivery_info or {}).get("redelivered")
    if is_second:
        # A broker gives a message a second time only when the process that had it is gone.
        actions.recover(runs.filter(worker=_name(self.request)))
    actions.recover(runs.lost(timezone.now()))
    run = actions.claim(run_id, worker=_name(self.request))
    if run is None:  # delivered twice, or built meanwhile
        if is_second and runs.filter(status=ReportRun.Status.RUNNING).exists():
            # Another worker's, whose last sign of life is not old enough yet.
            actions.send(run_id, after=LOST_AFTER.total_seconds())
        return
    minutes = minutes_for(run.file_type)
    try:
        with no_longer_than(minutes * 60):
            build(run)
    except NoLongerWanted:
        logger.info("report run %s was given up while it was built", run_id)
    except CannotRender as error:
        logger.exception("report run %s cannot be rendered", run_id)
        actions.fail(run, reason=str(error))
    except TookTooLong:
        logger.exception("report run %s took too long", run_id)
        actions.fail(run, reason=TOO_LONG.format(minutes))
    except Exception:
        actions.fail(run, reason=UNEXPECTED)
        raise


@task_postrun.connect(sender=build_report)
def give_memory_back(**kwargs) -> None:
    """A laid out paper is one large cycle; left to itself, Python lets dozens of them gather."""
    gc.collect()


@shared_task
def rescue_stuck_runs() -> None:
    """From time to time, by the scheduler: a killed worker tells nobody."""
    actions.rescue()


def _name(request) -> str:
    return request.hostname or ""


@worker_ready.connect
def resume_what_was_left(sender, **kwargs) -> None:
    """A worker that starts cannot be building anything, so what bears its name was left."""
    actions.resume(worker=sender.hostname)
