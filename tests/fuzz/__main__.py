"""`make fuzz ARGS="--cases 100000 --seed 1 --only forms"`: exit 1 where anything was found.

On DATABASE_URL's database (SQLite without one), in a test database that is made and dropped.
"""

import argparse
import logging
import os
import platform
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

import django

from tests import environment  # noqa: F401  sets what the settings ask for

# How many of a hundred cases each family gets; a request costs a hundred times a number.
SHARES = {"numbers": 51, "determine": 33, "workbooks": 3, "filters": 7, "forms": 6}


def main() -> int:
    asked = _asked()
    os.environ["DJANGO_SETTINGS_MODULE"] = "hocxahoi.settings"
    os.environ["IDLE_MINUTES"] = str(24 * 60)  # nobody is signed out for the time it takes
    django.setup()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with TemporaryDirectory(prefix="hocxahoi-fuzz-") as folder, _database(asked):
        from tests.evaluations.loaded import rolled_back

        with (
            rolled_back(Path(folder)),
            patch("organisations.views.session.order_reset_mail", lambda **words: True),
        ):
            return _run(asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz ARGS=…")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=inf, help="begin no batch after that")
    parser.add_argument(
        "--only", default="", help="families or tasks, by the beginning of their name"
    )
    parser.add_argument(
        "--no-shrinking", action="store_true", help="tell the first case, not the smallest"
    )
    parser.add_argument("--keepdb", action="store_true", help="keep PostgreSQL's test database")
    return parser.parse_args()


@contextmanager
def _database(asked: argparse.Namespace) -> Iterator[None]:
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False, keepdb=asked.keepdb)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()


def _run(asked: argparse.Namespace) -> int:
    from django.db import connection

    from tests.fuzz.running import run
    from tests.fuzz.tasks import all_tasks

    _say(f"{connection.vendor}, Python {platform.python_version()}, --seed {asked.seed}")
    started = perf_counter()
    tasks = all_tasks(asked.only.split(",") if asked.only else [""])
    _say(f"{len(tasks)} việc, chuẩn bị {perf_counter() - started:.0f} s")
    weights: dict[str, int] = defaultdict(int)
    for task in tasks:
        weights[task.family] += task.weight
    cases: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    failures = 0
    until = started + asked.minutes * 60
    is_cut = False
    for task in tasks:
        if not task.title.startswith(tuple(asked.only.split(","))):
            continue
        share = asked.cases * SHARES[task.family] * task.weight
        wanted = -(-share // (100 * weights[task.family]))
        outcome = run(task, wanted, asked.seed, shrinks=not asked.no_shrinking, until=until)
        cases[task.family] += outcome.cases
        seconds[task.family] += outcome.seconds
        failures += len(outcome.failures)
        is_cut |= outcome.is_cut
        for failure in outcome.failures:
            _say(f"\n=== {task.title}\n{failure}")
            again = f"--cases {asked.cases} --seed {asked.seed} --only {task.title!r}"
            _say(f'Chạy lại: make fuzz ARGS="{again}"')
    for family, count in cases.items():
        _say(f"{family:10} {count:7,} trường hợp, {seconds[family]:6.0f} s")
    whole = f"{sum(cases.values()):7,} trường hợp, {sum(seconds.values()):6.0f} s"
    _say(f"{'cả thảy':10} {whole}, {failures} lỗi")
    if is_cut:
        _say("Hết giờ (--minutes) trước khi đủ số trường hợp.")
    return 1 if failures or is_cut else 0


def _say(line: str) -> None:
    sys.stdout.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
