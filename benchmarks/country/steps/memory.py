"""What a process holds after much work: a worker of gunicorn after 500 and after 2,000 pages, a
worker of Celery after 10 and after 100 reports; each at the size of the country."""

import json
import os
import re
import subprocess
import sys
import time
from functools import partial
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path

from django.conf import settings

from benchmarks.country.findings import keep_text
from benchmarks.country.steps.build import say
from benchmarks.country.switching import CITY, COUNTRY, Places
from benchmarks.country.visits import Visit, browser_of, visits
from benchmarks.measuring import MEGABYTE, comma
from benchmarks.serving import HOST, free_port, running
from evaluations.models import PilotRound
from organisations.models import User
from reports import actions
from reports.definitions import REPORTS
from reports.models import ReportRun

PAGES = (500, 2_000)
REPORTS_BUILT = (10, 100)
MOST_GROWTH = 20 * MEGABYTE
PATIENCE = 300  # seconds for all reports


def run(places: Places) -> int:
    with places.at(CITY):
        found = visits()
    environment = dict(os.environ, DATABASE_URL=_url(places.names[COUNTRY]))
    missed = 0
    told: dict[str, list[int]] = {}
    for name, measure in (("web", partial(_web, found)), ("worker", _worker)):
        with places.at(COUNTRY):
            told[name] = measure(environment)
        keep_text("memory", json.dumps(told))
        before, after = told[name]
        said = [comma(f"{size / MEGABYTE:.1f}") for size in (before, after)]
        say(f"{name}: {said[0]} → {said[1]} MB")
        missed += after - before > MOST_GROWTH
    return missed


def _url(name: str) -> str:
    return re.sub(r"/[^/]*$", f"/{name}", os.environ["DATABASE_URL"])


def _web(found: list[Visit], environment: dict) -> list[int]:
    cookies = {
        person: browser_of(person).cookies.output(attrs=[], header="", sep=";").strip()
        for person in {visit.person for visit in found}
    }
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "hocxahoi.wsgi", "--bind", f"{HOST}:{port}"]
    command += ["--workers", "1", "--threads", "4", "--no-control-socket", "--max-requests", "0"]
    sizes, done = [], 0
    with running(command, port, Path(settings.VAR_DIR) / "gunicorn.log", environment) as process:
        for visit in islice(cycle(found), PAGES[-1]):
            line = HTTPConnection(HOST, port, timeout=60)
            line.request(
                "GET", visit.url, headers={"Host": "testserver", "Cookie": cookies[visit.person]}
            )
            answer = line.getresponse()
            answer.read()
            line.close()
            assert answer.status == 200, (visit, answer.status)
            done += 1
            if done in PAGES:
                sizes.append(_held(_child_of(process.pid)))
    return sizes


def _worker(environment: dict) -> list[int]:
    """Reports of the practice round, one after the other: the queue is emptied before the next."""
    command = [sys.executable, "-m", "celery", "-A", "hocxahoi", "worker", "--loglevel", "WARNING"]
    sizes = []
    with (Path(settings.VAR_DIR) / "celery.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            for number in range(1, REPORTS_BUILT[-1] + 1):
                _build_one(number)
                if number in REPORTS_BUILT:
                    sizes.append(_held(process.pid))
        finally:
            process.terminate()
            process.wait(30)
    return sizes


def _build_one(number: int) -> None:
    report = REPORTS["bao-cao-tu-danh-gia" if number % 2 else "tong-hop-quan-huyen"]
    pilot_round = PilotRound.objects.get(is_practice=True)
    subject = pilot_round.evaluations.get(unit__code="305") if number % 2 else pilot_round
    by = User.objects.get(username="so.thamdinh")
    file_type = ("pdf", "xlsx", "docx")[number // 2 % 3]
    if file_type not in report.formats:
        file_type = "pdf"
    run = actions.order_report(report=report, subject=subject, file_type=file_type, by=by)
    until = time.monotonic() + PATIENCE
    while run.status != ReportRun.Status.READY:
        assert time.monotonic() < until, run.status
        assert run.status != ReportRun.Status.FAILED, run.error
        time.sleep(0.2)
        run.refresh_from_db(fields=["status", "error"])


def _child_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert len(children) == 1, children
    return int(children[0])


def _held(pid: int) -> int:
    (line,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(line) * 1024
