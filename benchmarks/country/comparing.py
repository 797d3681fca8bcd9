"""The same call at both sizes, by turns, so that a busy machine slows both alike."""

import gc
import os
from collections.abc import Callable
from statistics import median
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.country.findings import Compared
from benchmarks.country.switching import CITY, COUNTRY, Places

TURNS = int(os.environ.get("COUNTRY_TURNS", "5"))
SLOW = 0.5  # seconds: what takes longer is not tried so often


def compare(
    places: Places, calls: dict[str, Callable[[], object]], *, group: str, name: str, what: str
) -> Compared:
    """`calls` by place."""
    queries, taken = {}, {CITY: [], COUNTRY: []}
    for place, call in calls.items():
        with places.at(place):
            call()
            with CaptureQueriesContext(connection) as captured:
                call()
            queries[place] = len(captured)
    gc.collect()
    for turn in range(TURNS):
        for place, call in calls.items():
            if turn >= 2 and taken[place][0] > SLOW:
                continue
            with places.at(place):
                started = perf_counter()
                call()
                taken[place].append(perf_counter() - started)
    return Compared(
        group,
        name,
        what,
        queries[CITY],
        queries[COUNTRY],
        median(taken[CITY]),
        median(taken[COUNTRY]),
    )
