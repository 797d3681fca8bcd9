"""What stands around `manage.py demo`: its environment, and the two processes it keeps.

The demo has a folder of its own, so it never meets the data of a real installation in the same
tree, and it runs as in service: DEBUG off, collected static files, gunicorn, a Celery worker.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
MAIL_FOLDER = "thu"
QUICK_DEATH = 5  # seconds; a worker that lives shorter is not worth restarting for ever
QUICK_DEATHS_MOST = 3


def set_environment() -> None:
    """Before Django reads its settings: safe on this machine, and nothing sent anywhere.

    DATABASE_URL and REDIS_URL are left as they are: the command refuses them aloud.
    """
    folder = Path(os.environ.setdefault("VAR_DIR", str(BASE_DIR / "var" / "demo")))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SECOND_FACTOR_ROLES", "")  # whatever the .env beside it requires
    os.environ.update(
        DEBUG="0",
        HTTPS="0",
        COMPRESS_STATIC="0",
        SECRET_KEY=_kept_secret(folder / "secret-key"),
        ALLOWED_HOSTS=f"{HOST},localhost",
        EMAIL_URL=f"filemail:///{quote(str(folder.resolve() / MAIL_FOLDER))}",
        MEDIA_ROOT=str(folder / "media"),
        STATIC_ROOT=str(folder / "static"),
    )


def is_local(database: Mapping[str, Any], broker_url: str, folder: Path) -> bool:
    """The demo's own SQLite file and its own queue folder, nothing else."""
    return (
        database["ENGINE"] == "django.db.backends.sqlite3"
        and Path(database["NAME"]).resolve().parent == folder.resolve()
        and broker_url == "filesystem://"
    )


def is_port_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def web_command(port: int) -> list[str]:
    options = ["--workers", "1", "--threads", "8", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "hocxahoi.wsgi", "--bind", f"{HOST}:{port}", *options]


def worker_command(queue: Path) -> list[str]:
    """One worker with the clock inside it: the clock finds reports that a dead worker left."""
    return [
        *(sys.executable, "-m", "celery", "-A", "hocxahoi", "worker"),
        *("--beat", "--schedule", str(queue / "beat-schedule")),
        *("--concurrency", "1", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


@dataclass
class Child:
    """One process in a group of its own, so that Ctrl-C reaches only us and we end it in order."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    quick_deaths: int = field(default=0, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def restart(self) -> bool:
        """Start it again; False once it has died at once too often."""
        quick = time.monotonic() - self.started_at < QUICK_DEATH
        self.quick_deaths = self.quick_deaths + 1 if quick else 0
        if self.quick_deaths >= QUICK_DEATHS_MOST:
            return False
        self._signal(signal.SIGKILL)  # children that outlived the one that led them
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """The leader alone: it lets its children finish what they hold."""
        if self.process is not None:
            self.process.terminate()

    def wait_or_kill(self, patience: float) -> None:
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self._signal(signal.SIGKILL)
        self.process.wait()

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-count:])

    def _signal(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def stop(*children: Child, patience: float = 15) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_or_kill(patience)


def _kept_secret(path: Path) -> str:
    """Made once, so that people stay signed in over a restart."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
