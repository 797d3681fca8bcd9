"""The slowest queries of the pages at the size of the country, with the plan that PostgreSQL takes;
and of each index that a model declares, what it is for: the query with it and without.

Written to benchmarks/explain, a file for each query; the older ones go.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.country.findings import keep_text
from benchmarks.country.indexes import DECLARED, OF_NAMES, Index
from benchmarks.country.steps.build import say
from benchmarks.country.switching import CITY, COUNTRY, Places
from benchmarks.country.visits import Visit, browser_of, opener, visits
from benchmarks.measuring import MEGABYTE

FOLDER = Path(__file__).resolve().parents[2] / "explain"
HOT = 0.004  # seconds
MOST = 40
VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
LISTS = re.compile(r"\((?:\?(?:, )?)+\)")


@dataclass(frozen=True)
class Hot:
    visit: Visit
    sql: str
    seconds: float


def run(places: Places) -> int:
    with places.at(CITY):
        found = visits()
    with places.at(COUNTRY):
        hot = _hot(found)
        _write(hot)
        lines = [_line(index) for index in (*DECLARED, *OF_NAMES)]
    keep_text("indexes", "\n".join(lines))
    say(f"{len(hot)} truy vấn lâu nhất đã ghi vào {FOLDER.name}")
    for line in lines:
        say(line)
    return 0


def _hot(found: list[Visit]) -> list[Hot]:
    """Each query once, by the page on which it took longest."""
    slowest: dict[str, Hot] = {}
    browsers = {person: browser_of(person) for person in {visit.person for visit in found}}
    for visit in found:
        call = opener(browsers[visit.person], visit.url)
        with CaptureQueriesContext(connection) as captured:
            call()
        for query in captured.captured_queries:
            if not query["sql"].lstrip("(").startswith("SELECT") or "session_key" in query["sql"]:
                continue
            seconds, spelled = float(query["time"]), _spelled(query["sql"])
            known = slowest.get(spelled)
            if seconds >= HOT and (known is None or seconds > known.seconds):
                slowest[spelled] = Hot(visit, query["sql"], seconds)
    return sorted(slowest.values(), key=lambda each: -each.seconds)[:MOST]


def _spelled(sql: str) -> str:
    """Without its values, so that the same query of another page is known as the same."""
    return LISTS.sub("(?)", VALUES.sub("?", sql))


def _write(hot: list[Hot]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for place, each in enumerate(hot, start=1):
        plan = _plan(each.sql)
        name = each.visit.url_name.replace(":", "-")
        text = f"{each.visit.url_name}, {each.visit.person}\n\n{each.sql}\n\n{plan}\n"
        (FOLDER / f"{place:02d}-{name}-{each.visit.person}.txt").write_text(text)


def _plan(sql: str) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def _line(index: Index) -> str:
    """A row of the table: its size, the query that needs it, with and without."""
    names = index.names
    with_it, is_used = _taken(index, names)
    with transaction.atomic():
        size = 0
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT pg_relation_size(%s::regclass)", [name])
                size += cursor.fetchone()[0]
                cursor.execute(f'DROP INDEX "{name}"')
        without, _ = _taken(index, names)
        transaction.set_rollback(True)
    used = "" if is_used else " (không dùng)"
    return (
        f"| `{index.key}` | {size / MEGABYTE:.1f} MB | {index.what} | {with_it:.2f} ms{used}"
        f" | {without:.2f} ms |"
    )


def _taken(index: Index, names: list[str]) -> tuple[float, bool]:
    """In milliseconds, the best of three; and whether the plan names the index."""
    sql, values = index.query().query.sql_with_params()
    best, plan = float("inf"), ""
    for _ in range(3):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        best = min(best, float(re.search(r"Execution Time: ([\d.]+)", plan)[1]))
    return best, any(name in plan for name in names)
