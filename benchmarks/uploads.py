"""What a sender can take from others: five gigabytes at once, and lines that send a byte a second.

Against gunicorn as it serves, on this machine alone; and against nginx in front of it, by the
configuration that the guide installs, where there is an nginx.
"""

import os
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import MEGABYTE, Figure, Memory, benchmark
from benchmarks.serving import HOST, ROOT, free_port, running

SIZE = 5 * 1024 * MEGABYTE
THREADS = 8
SLOW_LINES = 200
PATIENCE = 3  # seconds that somebody else waits for an answer
PAGES = {"/dang-nhap/": "trang đăng nhập", "/kiem-tra-ban-in/": "trang kiểm tra bản in"}


@dataclass(frozen=True)
class Disk:
    """The most that lay in the folder of temporary files while something was sent."""

    name: str
    peak: int

    @property
    def is_met(self) -> bool:
        return self.peak == 0

    def __str__(self):
        said = "đạt" if self.is_met else "CHƯA ĐẠT"
        return f"{self.name}: ghi tạm ra đĩa {self.peak / MEGABYTE:.0f} MB; đích 0: {said}"


@benchmark
def uploads():
    """Gửi quá lớn, gửi nhỏ giọt: máy chủ có còn phục vụ người khác"""
    with TemporaryDirectory(prefix="hocxahoi-uploads-") as folder, _gunicorn(Path(folder)) as port:
        server = Server(port, Path(folder))
        for path, name in PAGES.items():
            server.flooded(path)  # the first of its kind loads what every later one needs
            before = server.memory()
            seconds, memory, disk = server.flooded(path)
            yield Figure(f"5 GB gửi tới {name}: từ chối sau", seconds, most_seconds=1)
            yield Memory(f"5 GB gửi tới {name}", memory, "lúc chưa gửi", before)
            yield Disk(f"5 GB gửi tới {name}", disk)
        with _dripping(port, THREADS - 1):
            yield Figure(f"{THREADS - 1} máy gửi nhỏ giọt, gunicorn {THREADS} luồng", _wait(port))
        with _dripping(port, THREADS):
            yield Figure(f"{THREADS} máy gửi nhỏ giọt, thôi đợi sau", _wait(port))
        if shutil.which("nginx"):
            with _nginx(Path(folder), port) as front, _dripping(front, SLOW_LINES):
                seconds = _wait(front)
            yield Figure(
                f"{SLOW_LINES} máy gửi nhỏ giọt, nginx đứng trước", seconds, most_seconds=1
            )


@dataclass(frozen=True)
class Server:
    port: int
    folder: Path

    def memory(self) -> int:
        """Of gunicorn and its worker, as the system counts it."""
        listed = subprocess.run(
            ["pgrep", "--full", f"gunicorn .*{HOST}:{self.port}"], capture_output=True, text=True
        ).stdout.split()
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in listed]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")

    def on_disk(self) -> int:
        sizes = 0
        for path in (self.folder / "temp").iterdir():
            with suppress(FileNotFoundError):  # taken away while it was counted
                sizes += path.stat().st_size
        return sizes

    def flooded(self, path: str) -> tuple[float, int, int]:
        """Sends a file while it is taken: seconds to the answer, most memory, most on the disk."""
        token = _token(self.port, path)
        head = (
            f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        )
        memory, disk, piece = self.memory(), 0, bytes(MEGABYTE)
        with socket.create_connection((HOST, self.port)) as line:
            line.sendall(_request(self.port, path, len(head) + SIZE, token) + head.encode())
            started, sent = time.perf_counter(), 0
            with suppress(BrokenPipeError):  # it has answered and hung up
                while sent < SIZE and not select.select([line], [], [], 0)[0]:
                    line.sendall(piece)
                    sent += len(piece)
                    if sent % (64 * MEGABYTE) == 0:
                        memory, disk = max(memory, self.memory()), max(disk, self.on_disk())
            seconds = time.perf_counter() - started
            assert b" 413 " in line.recv(100)
        return seconds, max(memory, self.memory()), max(disk, self.on_disk())


def _request(port: int, path: str, size: int, token: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: csrftoken={token}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {size}\r\n\r\n"
    ).encode()


def _token(port: int, path: str) -> str:
    """As every visitor gets one: without it nothing of the body would be read."""
    with socket.create_connection((HOST, port)) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        page = line.makefile("rb").read().decode()
    return re.search(r"csrftoken=(\w+)", page)[1]


def _wait(port: int) -> float:
    """How long somebody else waits for the lightest page; no longer than PATIENCE."""
    started = time.perf_counter()
    with suppress(TimeoutError), socket.create_connection((HOST, port), PATIENCE) as line:
        line.sendall(f"GET /healthz HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
        line.recv(20)
    return time.perf_counter() - started


@contextmanager
def _dripping(port: int, count: int) -> Iterator[None]:
    """So many lines that have begun a form and send a byte of it each second."""
    token, stop = _token(port, "/dang-nhap/"), threading.Event()
    lines = [socket.create_connection((HOST, port)) for _ in range(count)]
    for line in lines:
        line.sendall(_request(port, "/dang-nhap/", 100_000, token))

    def drip():
        while not stop.wait(1):
            for line in lines:
                line.sendall(b"-")

    sender = threading.Thread(target=drip)
    sender.start()
    time.sleep(2)
    yield
    stop.set()
    sender.join()
    for line in lines:
        line.close()
    time.sleep(1)


@contextmanager
def _gunicorn(folder: Path) -> Iterator[int]:
    """One process of eight threads over an empty database: these pages ask nothing of it."""
    (folder / "temp").mkdir()
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "hocxahoi.wsgi", "--bind", f"{HOST}:{port}"]
    command += ["--workers", "1", "--threads", str(THREADS), "--no-control-socket"]
    environment = os.environ | {
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": "",
        "TMPDIR": str(folder / "temp"),
        "VAR_DIR": str(folder / "var"),
    }
    with running(command, port, folder / "gunicorn.log", environment):
        yield port


@contextmanager
def _nginx(folder: Path, behind: int) -> Iterator[int]:
    """The guide's own configuration, without its certificate."""
    port = free_port()
    server = (ROOT / "deploy" / "nginx.conf").read_text().split("server {", 2)[2]
    server = re.sub(r"^\s*ssl_.*$", "", server, flags=re.MULTILINE)
    server = server.replace("listen 443 ssl http2", f"listen {HOST}:{port}")
    server = server.replace("127.0.0.1:8000", f"{HOST}:{behind}")
    server = server.replace("proxy_set_header Host $host;", "proxy_set_header Host $http_host;")
    places = "".join(
        f"{name}_temp_path {folder}/nginx-{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/nginx.pid; events {{ worker_connections 1024; }}\n"
        f"http {{ access_log off; {places} server {{ {server} }}"
    )
    command = ["nginx", "-e", "stderr", "-c", str(conf)]
    with running(command, port, folder / "nginx.log", dict(os.environ)):
        yield port
