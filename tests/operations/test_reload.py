"""What the guide promises of `systemctl reload hocxahoi-web`: new code and new .env are taken.

gunicorn runs as in service, on a copy of the application with a .env of its own.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.operations.guide import ROOT

APPLICATION = (
    *("hocxahoi", "organisations", "criteria", "evaluations", "reports", "upkeep"),
    *("manage.py", "gunicorn.conf.py"),
)
PATIENCE = 30  # seconds; a start takes two
LEFT = "histogram_1.db"


@pytest.fixture
def application(tmp_path):
    for name in APPLICATION:
        place = ROOT / name
        if place.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(place, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(place, tmp_path)
    (tmp_path / "var/metrics").mkdir(parents=True)
    (tmp_path / "var/metrics" / LEFT).touch()
    return tmp_path


def configure(application, host):
    lines = ("SECRET_KEY=khoa", f"ALLOWED_HOSTS={host}", "METRICS_TOKEN=ma", "COMPRESS_STATIC=0")
    (application / ".env").write_text("\n".join(lines) + "\n")


@pytest.fixture
def server(application):
    configure(application, "cu.example")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = ("--bind", address, "--workers", "1", "--threads", "4", "--no-control-socket")
    own = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    with (application / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "hocxahoi.wsgi", *options],
            cwd=application,
            env=own,
            stdout=log,
            stderr=log,
        )
    try:
        yield process, f"http://{address}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def is_served(address, host):
    """A name that is not in ALLOWED_HOSTS is turned away."""
    request = urllib.request.Request(f"{address}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answered:
            return answered.status == 200
    except OSError:
        return False


def wait_for(what, application):
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, (application / "log").read_text()
        time.sleep(0.1)


def test_a_reload_takes_the_new_code_and_the_new_env(application, server):
    process, address = server
    wait_for(lambda: is_served(address, "cu.example"), application)
    assert not is_served(address, "moi.example")
    assert not (application / "var/metrics" / LEFT).exists()

    configure(application, "moi.example")
    settings = application / "hocxahoi/settings.py"
    settings.write_text(f"{settings.read_text()}\nALLOWED_HOSTS.append('trong-ma.example')\n")
    process.send_signal(signal.SIGHUP)

    wait_for(lambda: is_served(address, "moi.example"), application)
    assert is_served(address, "trong-ma.example")
    wait_for(lambda: not is_served(address, "cu.example"), application)
