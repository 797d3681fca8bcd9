"""A database of its own, gunicorn as the guide starts it, and who used the processor meanwhile."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from benchmarks.serving import HOST, ROOT, running

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """Made on the server of that address, and dropped; gives its own address."""
    name = f"hocxahoi_load_{os.getpid()}"
    admin = urlsplit(server)._replace(path="/postgres").geturl()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


@contextmanager
def served(port: int, log: Path, redis: str) -> Iterator["Server"]:
    """Behind one proxy, which the browsers of `browser` stand for."""
    environment = os.environ | {"REDIS_URL": redis, "PROXIES_IN_FRONT": "1"}
    with running(_command(port), port, log, environment) as process:
        yield Server(process.pid, log)


def _command(port: int) -> list[str]:
    """That of the unit of systemd, with the empty page beside the site's own."""
    unit = (ROOT / "deploy" / "hocxahoi-web.service").read_text()
    _, *options = shlex.split(re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1])
    options[options.index("hocxahoi.wsgi")] = "benchmarks.load.wsgi"
    options[options.index("--bind") + 1] = f"{HOST}:{port}"
    return [sys.executable, "-m", "gunicorn", *options]


@dataclass(frozen=True)
class Server:
    pid: int
    log: Path

    def seconds(self) -> float:
        """Of the processor, all processes of gunicorn together."""
        return sum(_seconds_of(pid) for pid in [self.pid, *_children(self.pid)])

    def faults(self) -> list[str]:
        """The lines of its log that tell a fault."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if '"ERROR"' in line or '"CRITICAL"' in line]


class Shares:
    """Of all cores in percent: gunicorn, those who ask, and all else, the database most of it."""

    def __init__(self, server: Server):
        self.server = server
        self.before = self._now()

    def __str__(self) -> str:
        wall, busy, served, asked = (
            now - before for now, before in zip(self._now(), self.before, strict=True)
        )
        whole = wall * (os.cpu_count() or 1)
        shares = {"gunicorn": served, "bên gửi": asked, "còn lại": busy - served - asked}
        said = ", ".join(f"{name} {100 * each / whole:.0f}%" for name, each in shares.items())
        return f"bộ xử lý bận {100 * busy / whole:.0f}% ({said})"

    def _now(self) -> tuple[float, float, float, float]:
        return (time.monotonic(), _busy(), self.server.seconds(), time.process_time())


def _busy() -> float:
    """Of all cores since the machine started, whoever used them."""
    fields = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _idle, _waiting, irq, soft_irq, _stolen = fields
    return (user + nice + system + irq + soft_irq) / TICKS


def _seconds_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) / TICKS  # with children that ended


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "--parent", str(pid)], capture_output=True, text=True)
    return [int(each) for each in found.stdout.split()]
