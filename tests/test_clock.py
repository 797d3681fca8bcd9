"""The clock starts whatever became of its file."""

import dbm.dumb
import shelve

import pytest
from django.conf import settings

from hocxahoi.celery import app
from hocxahoi.clock import Clock


def started(path) -> set[str]:
    clock = Clock(app=app, schedule_filename=str(path))
    names = set(clock.schedule)
    clock.close()
    return names


@pytest.fixture
def path(tmp_path):
    """A file as the smallest of Python's databases keeps it, which is there on every machine."""
    path = tmp_path / "beat-schedule"
    with shelve.Shelf(dbm.dumb.open(str(path))) as kept:
        kept["entries"] = {}
    assert set(settings.CELERY_BEAT_SCHEDULE) <= started(path)
    return path


@pytest.mark.parametrize("size", [0, 1, 700])
def test_a_file_cut_off_is_begun_anew(path, size, caplog):
    data = path.with_suffix(".dat")
    data.write_bytes(data.read_bytes()[:size])

    assert set(settings.CELERY_BEAT_SCHEDULE) <= started(path)
    assert "begun anew" in caplog.text
    caplog.clear()
    assert set(settings.CELERY_BEAT_SCHEDULE) <= started(path)
    assert not caplog.text


def test_the_application_starts_this_clock():
    assert app.conf.beat_scheduler == f"{Clock.__module__}:{Clock.__name__}"
