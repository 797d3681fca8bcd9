"""Read by gunicorn from the folder it starts in.

gunicorn's first process must import neither the settings nor Django: all others are copies of it,
also those of a reload, and would keep the code and the .env of the day on which it started.
"""

import gc
import subprocess
import sys

FORGET_METRICS = """
import os
from pathlib import Path
from hocxahoi import settings
if settings.METRICS_TOKEN:
    for left in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob("*.db"):
        left.unlink()
"""


def on_starting(server) -> None:
    """The figures of processes that ran before this start are nobody's."""
    subprocess.run([sys.executable, "-c", FORGET_METRICS], check=True)


def post_worker_init(worker) -> None:
    """What every request shares is there before the first, and is not looked through for garbage
    again: on two busy cores a page or an autosave takes some tenth less of the processor."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - imports all views and forms
    gc.collect()
    gc.freeze()
