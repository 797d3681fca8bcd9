"""Read by gunicorn from the folder it starts in: keeps the metrics of its processes in order."""

import os
from pathlib import Path

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocxahoi.settings")


def on_starting(server) -> None:
    """The figures of processes that ran before this start are nobody's."""
    if settings.METRICS_TOKEN:
        for left in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob("*.db"):
            left.unlink()


def child_exit(server, worker) -> None:
    if settings.METRICS_TOKEN:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
