"""What was measured, kept between steps, and the page that tells it: benchmarks/country.md."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MOST_TIMES = 2.0
# Below this a page is not slow at either size, and a ratio says more of the machine than of it.
SLACK = 0.010


@dataclass(frozen=True)
class Compared:
    """One thing done at both sizes: how many queries, and the median in seconds."""

    group: str  # whose page, or which kind of work
    name: str
    what: str  # the address, or the subject
    city_queries: int
    country_queries: int
    city_seconds: float
    country_seconds: float

    @property
    def times(self) -> float:
        return self.country_seconds / self.city_seconds

    @property
    def has_more_queries(self) -> bool:
        return self.country_queries > self.city_queries

    @property
    def is_slower(self) -> bool:
        longer = self.country_seconds - self.city_seconds
        return self.times > MOST_TIMES and longer > SLACK

    @property
    def is_met(self) -> bool:
        return not self.has_more_queries and not self.is_slower


def keep(step: str, rows: Sequence[Compared]) -> None:
    _file(step).write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))


def kept(step: str) -> list[Compared]:
    file = _file(step)
    return [Compared(**row) for row in json.loads(file.read_text())] if file.exists() else []


def keep_text(step: str, text: str) -> None:
    _file(step).with_suffix(".md").write_text(text)


def kept_text(step: str) -> str:
    file = _file(step).with_suffix(".md")
    return file.read_text() if file.exists() else ""


def worst_first(rows: Iterable[Compared]) -> list[Compared]:
    return sorted(rows, key=lambda row: (row.is_met, -row.times))


def _file(step: str) -> Path:
    folder = Path(os.environ["VAR_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"country-{step}.json"
