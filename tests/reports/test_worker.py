"""The task through a real broker and a worker in a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from reports import actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.factories import make_complete_dossier, make_user

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def database_url() -> str:
    there = connection.settings_dict
    person = f"{there['USER']}:{there['PASSWORD']}@" if there["USER"] else ""
    return f"postgres://{person}{there['HOST']}:{there['PORT'] or 5432}/{there['NAME']}"


@pytest.fixture
def worker(settings, tmp_path):
    """What `make worker` starts, on the tests' own database and files; ended with the test."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "VAR_DIR": str(tmp_path),
    }
    log = (tmp_path / "worker.log").open("w+")
    command = [sys.executable, "-m", "celery", "-A", "hocxahoi", "worker", "--concurrency", "1"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    yield process
    process.terminate()
    process.wait(timeout=30)
    log.close()


def ended(run, seconds=60) -> ReportRun:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        run.refresh_from_db()
        if not run.is_active:
            break
        time.sleep(0.2)
    return run


@pytest.mark.parametrize("file_type", ["pdf", "xlsx"])
def test_worker_builds_what_was_ordered(worker, file_type):
    report = REPORTS["bao-cao-tu-danh-gia"]
    evaluation = make_complete_dossier()
    leader = make_user("leader", evaluation.unit)
    subject = report.all_subjects().get(pk=evaluation.pk)

    run = actions.order_report(report=report, subject=subject, file_type=file_type, by=leader)

    run = ended(run)
    assert (run.status, run.error) == (ReportRun.Status.READY, "")
    assert run.worker.startswith("celery@")
    with run.file.open() as file:
        assert file.read(2) == {"pdf": b"%P", "xlsx": b"PK"}[file_type]
