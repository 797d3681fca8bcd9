import errno
import hashlib
import signal
from itertools import repeat

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from reports import actions, tasks
from reports.limits import MINUTES, PACKAGE_MINUTES, TookTooLong, no_longer_than
from reports.models import LOST_AFTER, ReportRun
from reports.renderers import RENDERERS, CannotRender, Renderer
from reports.tasks import build_report, rescue_stuck_runs, resume_what_was_left

Run = ReportRun.Status


@pytest.fixture
def rendering(monkeypatch):
    """A renderer that gives what it is told, and counts."""

    class Rendering:
        calls = 0
        result: bytes | Exception = b"%PDF-1.7 noi dung"

        def render(self, report, content, stamp, tell):
            self.calls += 1
            tell("Dàn trang 1")
            if isinstance(self.result, Exception):
                raise self.result
            return self.result

    fake = Rendering()
    monkeypatch.setitem(RENDERERS, "pdf", Renderer("application/pdf", fake.render))
    return fake


def test_build_keeps_the_file_with_the_run(dossier, editor, order, rendering):
    run = order(dossier, editor)

    build_report(run.pk)

    run.refresh_from_db()
    with run.file.open() as file:
        stored = file.read()
    assert (run.status, stored, run.size) == (Run.READY, rendering.result, len(stored))
    assert run.sha256 == hashlib.sha256(stored).hexdigest()
    assert run.progress_done == run.progress_total == 3
    assert run.download_name == "Báo cáo tự đánh giá – Huyện Vĩnh Bảo – 2022 (bản nháp).pdf"
    assert "Vĩnh" not in run.file.name


def test_build_prints_what_was_frozen(dossier, editor, order):
    run = order(dossier, editor, file_type="xlsx")

    build_report(run.pk)

    run.refresh_from_db()
    assert run.status == Run.READY
    with run.file.open() as file:
        assert file.read(2) == b"PK"


def test_build_for_the_archive_is_a_pdf_too(dossier, editor, order):
    run = order(dossier, editor, file_type="pdfa")

    build_report(run.pk)

    run.refresh_from_db()
    assert (run.status, run.get_file_type_display()) == (Run.READY, "PDF/A")
    assert run.download_name.endswith("2022 (bản nháp) (PDF-A lưu trữ).pdf")
    assert run.file.name.endswith(".pdf")


def test_delivered_twice_is_built_once(dossier, editor, order, rendering):
    run = order(dossier, editor)

    build_report(run.pk)
    build_report(run.pk)

    assert rendering.calls == 1


def test_second_delivery_leaves_a_running_build_alone(dossier, editor, order, rendering):
    run = order(dossier, editor)
    actions.claim(run.pk, worker="celery@may-1")

    build_report(run.pk)

    run.refresh_from_db()
    assert (rendering.calls, run.status, run.attempts) == (0, Run.RUNNING, 1)


def test_redelivery_after_the_process_died_builds_again(
    dossier, editor, order, rendering, monkeypatch
):
    run = order(dossier, editor)
    actions.claim(run.pk, worker="celery@may-1")
    build_report.push_request(hostname="celery@may-1", delivery_info={"redelivered": True})
    try:
        build_report.run(run.pk)
    finally:
        build_report.pop_request()

    run.refresh_from_db()
    assert (rendering.calls, run.status, run.attempts) == (1, Run.READY, 2)


def test_redelivery_to_another_worker_is_looked_at_again(
    dossier, editor, order, rendering, monkeypatch
):
    """Nobody knows yet whether the first one lives: its last sign is not old enough."""
    run, later = order(dossier, editor), []
    monkeypatch.setattr(
        actions.current_app,
        "send_task",
        lambda name, args, countdown: later.append((args, countdown)),
    )
    actions.claim(run.pk, worker="celery@may-1")
    build_report.push_request(hostname="celery@may-2", delivery_info={"redelivered": True})
    try:
        build_report.run(run.pk)
    finally:
        build_report.pop_request()
    assert (rendering.calls, later) == (0, [([run.pk], LOST_AFTER.total_seconds())])

    ReportRun.objects.update(beat_at=timezone.now() - LOST_AFTER)
    build_report(run.pk)

    run.refresh_from_db()
    assert (rendering.calls, run.status, run.attempts) == (1, Run.READY, 2)


@pytest.mark.parametrize(
    ("error", "said", "is_raised"),
    [
        (CannotRender("Thiếu thư viện"), "Thiếu thư viện", False),
        (TookTooLong(), "quá 10 phút", False),
        (RuntimeError("mật khẩu trong lỗi"), "nhật ký máy chủ", True),
    ],
)
def test_failure_says_why_and_is_logged(
    dossier, editor, order, rendering, caplog, error, said, is_raised
):
    run = order(dossier, editor)
    rendering.result = error

    if is_raised:
        with pytest.raises(type(error)):  # Celery logs it with its traceback
            build_report(run.pk)
    else:
        build_report(run.pk)
        assert "Traceback" in caplog.text

    run.refresh_from_db()
    assert run.status == Run.FAILED
    assert said in run.error
    assert "mật khẩu" not in run.error


def test_an_endless_build_is_stopped():
    endless = repeat("trang")
    with pytest.raises(TookTooLong), no_longer_than(0.05):
        for _ in endless:
            pass
    with no_longer_than(0.05):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_no_build_outlasts_its_message(settings):
    """Celery ends the process and Redis gives the message again: both later than we give up."""
    longest = max(MINUTES, PACKAGE_MINUTES) * 60
    redelivered = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 3600)

    assert longest < settings.CELERY_TASK_TIME_LIMIT < redelivered


def test_file_of_an_attempt_that_lost_is_thrown_away(
    dossier, editor, order, rendering, settings, monkeypatch
):
    run = order(dossier, editor)
    render = rendering.render

    def overtaken(report, content, stamp, tell):
        actions.recover(ReportRun.objects.filter(pk=run.pk))
        return render(report, content, stamp, tell)

    monkeypatch.setitem(RENDERERS, "pdf", Renderer("application/pdf", overtaken))
    build_report(run.pk)

    run.refresh_from_db()
    assert run.status == Run.QUEUED
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_worker_that_starts_takes_up_what_its_name_left(dossier, editor, order, sent):
    run = order(dossier, editor)
    actions.claim(run.pk, worker="celery@may-1")

    class Sender:
        hostname = "celery@may-1"

    resume_what_was_left(sender=Sender())

    assert sent == [run.pk, run.pk]


def test_scheduler_rescues(dossier, editor, order, sent):
    run = order(dossier, editor)
    ReportRun.objects.update(sent_at=None)

    rescue_stuck_runs()

    assert sent == [run.pk, run.pk]


def test_task_is_known_by_the_name_that_is_sent():
    assert build_report.name == actions.TASK
    assert tasks.rescue_stuck_runs.name == "reports.tasks.rescue_stuck_runs"


def test_cancelled_while_it_waits_is_not_built(dossier, editor, order, rendering):
    run = order(dossier, editor)

    assert actions.cancel(run=run, by=editor)
    build_report(run.pk)

    run.refresh_from_db()
    assert (rendering.calls, run.status) == (0, Run.CANCELLED)


@pytest.mark.parametrize("at", ["rendering", "storing"])
def test_cancelled_while_it_is_built_stops_and_leaves_nothing(
    dossier, editor, order, settings, monkeypatch, at
):
    run, reached = order(dossier, editor), []

    def render(report, content, stamp, tell):
        if at == "rendering":
            actions.cancel(run=ReportRun.objects.get(pk=run.pk), by=editor)
        tell("Dàn trang 1")
        reached.append("end")
        return b"%PDF-1.7 noi dung"

    def save(name, content, save=default_storage.save):
        save(name, ContentFile(b"nua"))
        actions.cancel(run=ReportRun.objects.get(pk=run.pk), by=editor)
        return save(name, content)

    monkeypatch.setitem(RENDERERS, "pdf", Renderer("application/pdf", render))
    if at == "storing":
        monkeypatch.setattr(default_storage, "save", save, raising=False)
    build_report(run.pk)

    run.refresh_from_db()
    assert (run.status, run.error, run.file.name) == (Run.CANCELLED, "", "")
    assert reached == ([] if at == "rendering" else ["end"])
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_file_stays_where_nobody_was_told_that_the_run_is_finished(
    dossier, editor, order, rendering, monkeypatch
):
    """The line to the database breaks after it had written the run down as ready."""
    run, finish = order(dossier, editor), actions.finish

    def broken(run, **how):
        finish(run, **how)
        raise OperationalError from psycopg.OperationalError("server closed the connection")

    monkeypatch.setattr(actions, "finish", broken)
    with pytest.raises(OperationalError):
        build_report(run.pk)

    run.refresh_from_db()
    assert run.status == Run.READY
    with run.file.open() as file:
        assert file.read() == rendering.result


def test_full_disk_says_what_to_do(dossier, editor, order, rendering):
    run = order(dossier, editor)
    rendering.result = OSError(errno.ENOSPC, "No space left on device")

    build_report(run.pk)

    run.refresh_from_db()
    assert run.status == Run.FAILED
    assert "hết chỗ lưu" in run.error


@pytest.mark.django_db
def test_what_a_report_leaves_is_swept_up_before_the_next(monkeypatch):
    swept = []
    monkeypatch.setattr("reports.tasks.gc.collect", lambda: swept.append(True))

    build_report.apply([0])

    assert swept == [True]
