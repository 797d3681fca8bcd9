"""All the papers of a round at its end: the full set of 15 districts, the Ministry's of 700."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from tempfile import NamedTemporaryFile
from time import perf_counter

from benchmarks.concluded import conclude
from benchmarks.data import load_reference, nationwide
from benchmarks.measuring import MEGABYTE, Figure, Peak, benchmark
from evaluations.models import PilotRound
from reports.definitions import REPORTS, Report, Takes
from reports.figures import NothingToSay
from reports.ministry.content import SLUG as MINISTRY

FORMATS = ("pdf", "docx", "xlsx")
# WeasyPrint holds a paper as a whole: measured 1,299 MB for the 700 districts of the country.
MOST_HELD = 2048 * MEGABYTE


@benchmark
def rounds():
    """Cả bộ báo cáo của đợt 15 huyện; báo cáo gửi Bộ của 15 và của 700 huyện"""
    load_reference()
    small, large = nationwide(15), nationwide(700)
    for pilot_round in (small, large):
        conclude(pilot_round)
    yield from _printed("cả bộ báo cáo của 15 huyện", list(_full_set(small)))
    for pilot_round, count in ((small, 15), (large, 700)):
        report = REPORTS[MINISTRY]
        started = perf_counter()
        content = _content(report, pilot_round.pk)
        yield Figure(f"chốt nội dung báo cáo gửi Bộ của {count} huyện", perf_counter() - started)
        for file_type in FORMATS:
            order = {"slug": MINISTRY, "format": file_type, "content": content}
            yield from _printed(f"báo cáo gửi Bộ của {count} huyện, {file_type}", [order])


def _full_set(pilot_round: PilotRound) -> Iterator[dict]:
    """Whatever can be ordered of the round and of each dossier, in every format of an office."""
    dossiers = list(pilot_round.evaluations.of_districts().values_list("pk", flat=True))
    for slug, report in REPORTS.items():
        subjects = {Takes.ROUND: [pilot_round.pk], Takes.DOSSIER: dossiers}.get(report.takes, [])
        for subject in subjects:
            try:
                content = _content(report, subject)
            except NothingToSay:
                continue
            for file_type in FORMATS:
                if file_type in report.formats:
                    yield {"slug": slug, "format": file_type, "content": content}


def _content(report: Report, pk: int) -> dict:
    return json.loads(json.dumps(report.content(report.all_subjects().get(pk=pk)), default=str))


def _printed(name: str, orders: list[dict]) -> Iterator[Figure | Peak]:
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(orders, file)
        file.flush()
        made = subprocess.run(
            [sys.executable, "-m", "benchmarks.printing", os.environ["VAR_DIR"], file.name],
            capture_output=True,
            check=True,
            text=True,
        )
    took = json.loads(made.stdout)
    yield Figure(f"{name}: {len(orders)} tệp" if len(orders) > 1 else name, took["seconds"])
    yield Peak(name, took["peak"], MOST_HELD)
