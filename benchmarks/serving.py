"""Programs of a measurement: started, waited for until they listen, ended."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


@contextmanager
def running(
    command: list[str], port: int, log: Path, environment: dict
) -> Iterator[subprocess.Popen]:
    with log.open("wb") as target:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=target, stderr=target)
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection((HOST, port)):
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        time.sleep(2)  # its worker starts after it listens
        yield process
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return free.getsockname()[1]
