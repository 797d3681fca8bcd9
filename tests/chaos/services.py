"""What is killed: gunicorn, the worker and its clock, PostgreSQL, Redis, each as in service.

`Service` stands for systemd: what died is started again by `revive`, whoever killed it.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hocxahoi.demo import web_command, worker_command
from tests.chaos.machine import HOST, ROOT, Machine

PATIENCE = 90  # seconds for anything to come up


class NotUp(Exception):
    """It did not come up again; the text says what its log says."""


@dataclass
class Service:
    """One process with its children in a group of its own."""

    name: str
    command: list[str]
    log: Path
    user: str | None = None
    process: subprocess.Popen | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
            )

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """The whole group at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            self.process.wait(PATIENCE)

    def send(self, number: signal.Signals) -> None:
        """To the leader alone, which is not waited for."""
        self.process.send_signal(number)

    def last_lines(self, count: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


class Services:
    """All of a run, in the order in which they are started."""

    def __init__(self, machine: Machine):
        self.machine = machine
        self.all: dict[str, Service] = {}
        self.restarts = 0  # of what died by itself

    def begin_storage(self) -> None:
        """What holds rows and messages; the rest needs tables first."""
        if self.machine.is_embedded:
            return
        self._add("postgres", self._postgres(), user=_unprivileged())
        self._add("redis", self._redis())
        self.revive()
        _run([_postgres_program("createdb"), *self._to_server(), "chaos"])

    def begin_application(self) -> None:
        web = web_command(self.machine.web_port)
        queue = self.machine.files.path / "var" / "queue"
        if self.machine.is_embedded:
            self._add("web", web)
            self._add("worker", worker_command(queue))
        else:
            # As the units of deploy/ have it.
            at = web.index("--workers")
            self._add("web", [*web[:at], "--workers", "2", "--threads", "4", *web[at + 4 :]])
            celery = [sys.executable, "-m", "celery", "-A", "hocxahoi"]
            self._add("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"])
            schedule = str(self.machine.files.path / "var" / "beat-schedule")
            self._add("beat", [*celery, "beat", "--schedule", schedule, "--pidfile="])
        self.revive()

    def revive(self, killed: str = "") -> None:
        """Start whatever is down; what nobody killed and died all the same is counted."""
        for name, service in self.all.items():
            if service.is_alive:
                continue
            self.restarts += service.process is not None and name != killed
            service.kill()  # children that outlived the one that led them
            service.start()
            if name == "postgres":
                self._wait(service, self._database_answers)
            elif name == "redis":
                self._wait(service, self._queue_answers)

    def stop_database(self) -> None:
        """As a crash: no checkpoint, every line cut, the log of writes is replayed at the start."""
        data = str(self.machine.rows.path / "data")
        command = [_postgres_program("pg_ctl"), "stop", "-m", "immediate", "-D", data]
        _run(command, user=_unprivileged())
        self.all["postgres"].process.wait(PATIENCE)

    def end(self) -> None:
        for service in reversed(self.all.values()):
            service.kill()

    def _add(self, name: str, command: list[str], user: str | None = None) -> None:
        self.all[name] = Service(name, command, self.machine.logs / f"{name}.log", user)

    def _wait(self, service: Service, is_up: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_up():
            if not service.is_alive:  # a disk still full, a lock still held: once more
                service.start()
            if time.monotonic() > deadline:
                raise NotUp(f"{service.name}:\n{service.last_lines()}")
            time.sleep(0.1)

    def _postgres(self) -> list[str]:
        """A cluster with the defaults of Debian, but for a log of writes that fits the disk."""
        home = self.machine.rows.path
        if os.geteuid() == 0:
            shutil.chown(home, _unprivileged())
        options = ["--auth=trust", "--username=chaos", "--encoding=UTF8", "--locale=C.UTF-8"]
        _run(
            [_postgres_program("initdb"), *options, "-D", str(home / "data")], user=_unprivileged()
        )
        return [
            *(_postgres_program("postgres"), "-D", str(home / "data")),
            *("-c", f"listen_addresses={HOST}", "-c", f"port={self.machine.rows_port}"),
            *("-c", "unix_socket_directories=", "-c", "max_wal_size=192MB"),
        ]

    def _redis(self) -> list[str]:
        """With the defaults of Debian: what was not yet saved in the minutes before is lost."""
        folder, port = str(self.machine.folder / "redis"), str(self.machine.queue_port)
        return ["redis-server", "--bind", HOST, "--port", port, "--dir", folder]

    def _to_server(self) -> list[str]:
        return ["-h", HOST, "-p", str(self.machine.rows_port), "-U", "chaos"]

    def _database_answers(self) -> bool:
        asked = [_postgres_program("psql"), *self._to_server(), "-c", "SELECT 1", "template1"]
        return subprocess.run(asked, capture_output=True).returncode == 0

    def _queue_answers(self) -> bool:
        asked = ["redis-cli", "-p", str(self.machine.queue_port), "ping"]
        return subprocess.run(asked, capture_output=True, text=True).stdout.strip() == "PONG"


def _run(command: list[str], user: str | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, user=user, cwd="/")
    if done.returncode:
        raise NotUp(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


def _unprivileged() -> str | None:
    """PostgreSQL refuses root."""
    return "nobody" if os.geteuid() == 0 else None


def _postgres_program(name: str) -> str:
    found = shutil.which(name)
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    if found is None:
        raise SystemExit(f"Không thấy {name}: apt-get install postgresql redis-server")
    return found
