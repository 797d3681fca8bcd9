"""A report through a real queue and a real worker: a folder, or Redis where REDIS_URL names one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from reports import actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.factories import make_complete_dossier

ROOT = Path(settings.BASE_DIR)
PATIENCE = 60
Run = ReportRun.Status


def database_url():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    name = f"{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return f"postgres://{name}"


@pytest.fixture
def start_worker(tmp_path):
    """A worker as in service, on the tests' own database and files."""
    started = []

    def start():
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        }
        command = ["-m", "celery", "-A", "hocxahoi", "worker", "--concurrency", "1"]
        with (tmp_path / "worker.log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [sys.executable, *command, "--hostname", "tests@%h"],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
        return started[-1]

    yield start
    for worker in started:
        # With its children, and at once: nothing is under way any more.
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(20)


@pytest.mark.django_db(transaction=True)
def test_ordered_reports_are_built_by_a_worker(district, editor, start_worker, tmp_path):
    dossier = make_complete_dossier(district, by=editor)
    report = REPORTS["bao-cao-tu-danh-gia"]
    subject = report.all_subjects().get(pk=dossier.pk)

    ordered = {
        head: actions.order_report(report=report, subject=subject, file_type=file_type, by=editor)
        for file_type, head in (("pdf", b"%P"), ("xlsx", b"PK"))
    }
    waiting = set(ReportRun.objects.values_list("status", flat=True))
    start_worker()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not all(map(_is_over, ordered.values())):
        time.sleep(0.3)

    assert waiting == {Run.QUEUED}
    for head, run in ordered.items():
        assert run.worker.startswith("tests@")
        assert run.status == Run.READY, (run.error, (tmp_path / "worker.log").read_text())
        with run.file.open() as file:
            assert file.read(2) == head


def _is_over(run) -> bool:
    run.refresh_from_db()
    return run.status in {Run.READY, Run.FAILED}
