"""`make load`: how the application serves a busy hour of the whole city, on PostgreSQL and Redis.

Its own database is made on the server of TEST_DATABASE_URL and dropped, gunicorn runs on loopback
as the guide starts it. So many officers (`--officers`) work for so many minutes: each thinks 5 to
15 seconds between two requests. `--find-limit` then lets more and more of them in until the 95th of
a hundred pages, or saves, takes over a second. Exit 1 where an answer was another than expected, or
anything that was told to be saved is not there.
"""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from benchmarks.environment import set_environment
from benchmarks.load.machine import own_database
from benchmarks.serving import HOST


def main(words: list[str]) -> int:
    asked = _read(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the database is dropped all the same
    server = os.environ["TEST_DATABASE_URL"]
    with TemporaryDirectory(prefix="hocxahoi-load-") as folder, own_database(server) as address:
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = address, ""
        set_environment(folder)
        os.environ["ALLOWED_HOSTS"] = HOST
        django.setup()
        logging.disable(logging.INFO)
        from benchmarks.load.running import run

        return run(asked, Path(folder))


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--officers", type=int, default=200, help="at work at once")
    parser.add_argument("--minutes", type=float, default=10, help="that are counted")
    parser.add_argument("--find-limit", action="store_true", help="then more, step by step")
    parser.add_argument("--most", type=int, default=800, help="officers at which it is given up")
    parser.add_argument("--step", type=int, default=100, help="how many more")
    parser.add_argument("--step-seconds", type=float, default=60, help="counted at each step")
    asked = parser.parse_args(words)
    if not 5 <= asked.officers <= asked.most <= 1200 or not 0 < asked.minutes <= 30:
        parser.error("5 to 1200 officers, 30 minutes at most")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
