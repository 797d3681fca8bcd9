"""A Redis that takes lines and says nothing: its machine hangs, or a wall swallows the lot."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The same number, only sooner: the test need not wait as long as a person would.
SEND = """
from hocxahoi.celery import app
assert app.conf.broker_transport_options["socket_timeout"] <= 5
app.conf.broker_transport_options["socket_timeout"] = 0.2
from kombu.exceptions import OperationalError
try:
    app.send_task("reports.tasks.build_report", args=[1])
except OperationalError as error:
    print(error)
"""


def test_whoever_orders_is_not_held_by_a_redis_that_says_nothing(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", SEND],
            cwd=ROOT,
            env=os.environ | {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "VAR_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert "Timeout" in done.stdout, done.stderr
