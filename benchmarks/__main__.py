"""`make bench`: every figure that README quotes, measured here and now.

Each is a ratio to something measured in the same run, or a time with its aim. `make bench
ARGS="pages levels"` runs those modules alone. Exit 1 when an aim is missed.
"""

import importlib
import logging
import os
import pkgutil
import platform
import sys
from tempfile import TemporaryDirectory

import django

import benchmarks
from benchmarks.environment import set_environment
from benchmarks.measuring import BENCHMARKS, comma

NOT_BENCHMARKS = {
    "__main__",
    "concluded",
    "data",
    "environment",
    "load",
    "measuring",
    "printing",
    "serving",
    "urls",
}


def main(wanted: list[str]) -> int:
    with TemporaryDirectory(prefix="hocxahoi-bench-") as folder:
        set_environment(folder)
        django.setup()
        logging.disable(logging.INFO)
        return _run(wanted)


def _run(wanted: list[str]) -> int:
    from django.core.management import call_command
    from django.db import connection
    from django.test.runner import DiscoverRunner
    from django.utils import timezone

    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    names = [name for name in names if name not in NOT_BENCHMARKS]
    for name in wanted or names:
        importlib.import_module(f"benchmarks.{name}")

    call_command("collectstatic", interactive=False, verbosity=0)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    on, load = timezone.localdate(), comma(f"{os.getloadavg()[0]:.1f}")
    _say(f"Ngày {on:%d/%m/%Y}, {connection.vendor}, Python {platform.python_version()}")
    _say(f"{os.cpu_count()} lõi, tải máy lúc bắt đầu {load}")
    missed = 0
    try:
        for measure in BENCHMARKS:
            _say(f"\n{measure.__doc__.splitlines()[0]}")
            for figure in measure():
                _say(f"  {figure}")
                missed += not figure.is_met
    finally:
        runner.teardown_databases(databases)
    return 1 if missed else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
