"""Two clocks of two machines ask for everything twice, at once or hours apart: done once."""

from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings as configured
from django.utils import timezone

from organisations.models import Role
from reports import actions as report_actions
from reports.models import LOST_AFTER, ReportRun
from reports.tasks import rescue_stuck_runs
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import make_dossier, make_user
from upkeep import tasks
from upkeep.models import UpkeepRun
from upkeep.recording import recorded

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTLY = {
    "backup": tasks.back_up_everything,
    "integrity": tasks.verify_integrity,
    "purge": tasks.purge_overdue,
}
# Asked for all day; that twice does no harm, their own tests and the last one here see.
ALL_DAY = {
    "evaluations.tasks.deliver_mails",  # tests/evaluations/test_reminders_at_once.py
    "evaluations.tasks.send_reminders",
    "reports.tasks.rescue_stuck_runs",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path / "ra", "7d4w"
    settings.BACKUP_KEY_FILE = None
    return settings.BACKUP_DIR


def test_every_entry_of_the_schedule_is_looked_at():
    asked = {entry["task"] for entry in configured.CELERY_BEAT_SCHEDULE.values()}

    looked_at = {task.name for task in NIGHTLY.values()} | ALL_DAY
    assert asked | {tasks.back_up_everything.name} == looked_at


@pytest.mark.parametrize("kind", NIGHTLY)
def test_two_clocks_at_once_are_one_run(kind):
    at_once(*[NIGHTLY[kind]] * 2)

    assert [run.status for run in UpkeepRun.objects.filter(kind=kind)] == ["clean"]


def test_a_clock_that_comes_later_on_another_machine_makes_no_second_archive(
    folder, settings, tmp_path
):
    """The lock in the folder knows nothing of a folder elsewhere."""
    tasks.back_up_everything()
    settings.BACKUP_DIR = tmp_path / "may-khac"
    tasks.back_up_everything()

    assert len(list(folder.glob("*.tar"))) == 1
    assert not settings.BACKUP_DIR.exists()
    assert UpkeepRun.objects.newest("backup").status == "clean"


def test_the_next_night_has_a_run_of_its_own_and_a_hand_is_never_barred():
    tasks.purge_overdue()
    UpkeepRun.objects.update(night=timezone.localdate() - timedelta(days=1))
    tasks.purge_overdue()
    for _ in range(2):
        with recorded("purge"):
            pass

    yesterday, today, *by_hand = UpkeepRun.objects.order_by("pk")
    assert today.night - yesterday.night == timedelta(days=1)
    assert [run.night for run in by_hand] == [None, None]


def test_a_lost_report_that_two_find_is_built_once_more(monkeypatch):
    monkeypatch.setattr(report_actions.current_app, "send_task", lambda *words, **more: None)
    dossier = make_dossier()
    long_ago = timezone.now() - 2 * LOST_AFTER
    run = ReportRun.objects.create(
        report="bao-cao-tu-danh-gia",
        title="Báo cáo",
        evaluation=dossier,
        file_type="pdf",
        file_name="bao-cao",
        content={},
        content_sha256="0" * 64,
        requested_by=make_user(Role.EDITOR, dossier.unit),
        status="running",
        attempts=1,
        started_at=long_ago,
        beat_at=long_ago,
    )

    at_once(*[rescue_stuck_runs] * 2)

    run.refresh_from_db()
    assert (run.status, run.attempts) == ("queued", 1)
    claims = [report_actions.claim(run.pk, worker=f"celery@may-{name}") for name in "ab"]
    assert claims == [run, None], "a second message finds it taken"


def test_only_a_machine_with_a_folder_for_it_takes_the_order_of_a_backup():
    route = current_app.amqp.router.route({}, tasks.back_up_everything.name)
    others = current_app.amqp.router.route({}, tasks.purge_overdue.name)

    assert (route["queue"].name, route["queue"].routing_key) == ("backup", "backup")
    assert [queue.name for queue in configured.CELERY_TASK_QUEUES] == ["celery"], "no folder here"
    assert others["queue"].name == "celery"
