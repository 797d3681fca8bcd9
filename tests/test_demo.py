"""What stands around `manage.py demo`; the whole of it is started once by hand and in no test."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hocxahoi.demo import (
    HOST,
    QUICK_DEATHS_MOST,
    Child,
    is_local,
    is_port_free,
    set_environment,
    stop,
)
from hocxahoi.management.commands import demo
from organisations.tasks import send_reset_mail
from tests.factories import PASSWORD, make_user

ROOT = Path(__file__).resolve().parent.parent
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("engine", "name", "broker", "expected"),
    [
        (SQLITE, "hocxahoi.sqlite3", "filesystem://", True),
        (SQLITE, "../hocxahoi.sqlite3", "filesystem://", False),
        (SQLITE, "hocxahoi.sqlite3", "redis://127.0.0.1:6379/0", False),
        (POSTGRESQL, "hocxahoi", "filesystem://", False),
    ],
)
def test_only_its_own_database_and_queue_are_local(tmp_path, engine, name, broker, expected):
    name = name if engine == POSTGRESQL else str(tmp_path / name)

    assert is_local({"ENGINE": engine, "NAME": name}, broker, tmp_path) is expected


def test_command_refuses_what_is_not_local(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"

    with pytest.raises(CommandError, match="chỉ dùng SQLite riêng"):
        call_command("demo")


def test_command_says_that_the_port_is_taken(monkeypatch):
    monkeypatch.setattr(demo, "is_local", lambda *arguments: True)
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]

        assert not is_port_free(port)
        with pytest.raises(CommandError, match=f"Cổng {port} đang có chương trình khác dùng"):
            call_command("demo", port=port)

    assert is_port_free(port)


def test_environment_is_safe_and_its_secret_lasts(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"VAR_DIR": str(tmp_path), "DEBUG": "1", "HTTPS": "1"})

    set_environment()
    first = dict(os.environ)
    set_environment()

    assert dict(os.environ) == first
    assert (first["DEBUG"], first["HTTPS"]) == ("0", "0")
    assert first["ALLOWED_HOSTS"] == "127.0.0.1,localhost"
    assert len(first["SECRET_KEY"]) > 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_mails_of_the_demo_are_read_and_their_links_opened(tmp_path, monkeypatch, settings, client):
    """The whole link, which the log of the worker cuts."""
    folder = tmp_path / "thử + tập"
    asked = "from django.conf import settings as s; print(s.EMAIL_BACKEND, s.EMAIL_FILE_PATH)"
    with monkeypatch.context() as patched:
        patched.setattr(os, "environ", {"VAR_DIR": str(folder), "PATH": os.environ["PATH"]})
        set_environment()
        done = subprocess.run(
            [sys.executable, "-c", asked],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "hocxahoi.settings"},
            capture_output=True,
            text=True,
            check=True,
        )
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = done.stdout.strip().split(" ", 1)
    person = make_user(email="truong@tap-huan.example")

    send_reset_mail(person.email, "http://127.0.0.1:8000")

    (mail,) = (folder / "thu").iterdir()
    text = mail.read_text()
    assert "Đến: truong@tap-huan.example\n" in text
    assert "Tiêu đề: Đặt lại mật khẩu" in text
    link = re.search(r"^http://127\.0\.0\.1:8000(/tai-khoan/dat-lai/\S+/)$", text, re.MULTILINE)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, dict.fromkeys(("new_password1", "new_password2"), f"{PASSWORD}-khác"))
    person.refresh_from_db()
    assert person.check_password(f"{PASSWORD}-khác")


@pytest.fixture
def child(tmp_path):
    made = []

    def make(code):
        made.append(Child("thử", [sys.executable, "-c", code], tmp_path / "log"))
        made[-1].start()
        return made[-1]

    yield make
    stop(*made)


def test_child_stops_with_all_its_own_children(child):
    parent = child(
        "import subprocess, sys, time\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)\n"
        "sys.stdout.flush(); time.sleep(60)"
    )
    grandchild = int(_until(parent.last_lines))

    stop(parent)

    assert not parent.is_alive
    assert _until(lambda: not _runs(grandchild))


def test_dead_child_is_started_again_but_not_for_ever(child):
    dying = child("raise SystemExit('hỏng')")

    starts = 0
    while dying.process.wait() and dying.restart():
        starts += 1

    assert starts == QUICK_DEATHS_MOST - 1
    assert "hỏng" in dying.last_lines()


def _until(found, seconds=10):
    deadline = time.monotonic() + seconds
    while not (answer := found()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False
