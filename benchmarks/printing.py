"""A process of its own that prints what has been frozen: its memory is nobody else's.

`python -m benchmarks.printing FOLDER FILE`: FILE holds a list of {slug, format, content}; says as
JSON how long they took in seconds and the most memory the process held, in bytes. Asks no database.
"""

import json
import logging
import re
import sys
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter

import django

from benchmarks.environment import set_environment


def main(folder: str, path: str) -> None:
    set_environment(folder)
    django.setup()
    logging.disable(logging.WARNING)
    from django.utils import timezone

    from reports.definitions import REPORTS
    from reports.renderers import RENDERERS, Stamp

    with open(path) as file:
        orders = json.load(file)
    started = perf_counter()
    for order in orders:
        stamp = Stamp(timezone.now(), "0" * 64, 1)
        with TemporaryFile() as target:
            RENDERERS[order["format"]].write(
                REPORTS[order["slug"]], order["content"], stamp, lambda word: None, target
            )
    seconds = perf_counter() - started
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": _peak()}))


def _peak() -> int:
    """Not `ru_maxrss`, in which Linux goes on counting what the parent held at the start."""
    (line,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(line) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
