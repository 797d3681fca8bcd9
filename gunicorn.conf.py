"""Read by gunicorn from the folder it starts in: keeps the metrics of its processes in order."""

import os
from pathlib import Path


def on_starting(server) -> None:
    """The figures of processes that ran before this start are nobody's."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    for left in Path(folder).glob("*.db") if folder else ():
        left.unlink()


def child_exit(server, worker) -> None:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
