"""One task after another: so many cases of each, counted, and what failed told with its case.

Each batch has a seed of its own, made of the run's seed and the task's name: a task alone repeats
what it did in a run of all of them.
"""

import hashlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf
from time import perf_counter
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

BATCH = 400  # the generator keeps a tree of all that it tried, and slows down with it
LAST_LINES = 16


@dataclass(frozen=True)
class Task:
    """What to make up, and what must hold of it: `check` raises where it does not."""

    family: str
    name: str
    cases: st.SearchStrategy
    check: Callable[[Any], None]
    weight: int = 1

    @property
    def title(self) -> str:
        return f"{self.family}/{self.name}"


@dataclass
class Outcome:
    cases: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    is_cut: bool = False


def hold(claim: object, said: str) -> None:
    """An assertion that may stand where an exception is looked at."""
    if not claim:
        raise AssertionError(said)


def run(task: Task, cases: int, seed: int, *, shrinks: bool = True, until: float = inf) -> Outcome:
    """That many cases of a task. After a failure the task goes on with its next batch.

    No batch begins after `until`, a moment of `perf_counter`.
    """
    outcome = Outcome()
    started = perf_counter()
    for number, size in enumerate(_sizes(cases)):
        if perf_counter() > until:
            outcome.is_cut = True
            break
        batch_seed = _seed_of(seed, task, number)
        try:
            _batch(task, size, batch_seed, outcome, shrinks=shrinks)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a group of several where several were found
            outcome.failures.append("".join(_told(error)))
    outcome.seconds = perf_counter() - started
    return outcome


def _batch(task: Task, size: int, seed: int, outcome: Outcome, *, shrinks: bool) -> None:
    def case(case):
        outcome.cases += 1
        task.check(case)

    settings = hypothesis.settings(
        max_examples=size,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
    )
    hypothesis.seed(seed)(settings(hypothesis.given(task.cases)(case)))()


def _sizes(cases: int) -> Iterator[int]:
    while cases > 0:
        yield min(cases, BATCH)
        cases -= BATCH


def _seed_of(seed: int, task: Task, number: int) -> int:
    said = f"{seed} {task.title} {number}".encode()
    return int.from_bytes(hashlib.sha256(said).digest()[:8], "big")


def _told(error: BaseException) -> Iterator[str]:
    """Each distinct failure: its last lines and its smallest case."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _told(each)
        return
    lines = "".join(traceback.format_exception(error)).splitlines()
    notes = [line for note in getattr(error, "__notes__", []) for line in note.splitlines()]
    yield "\n".join([*lines[-LAST_LINES - len(notes) : len(lines) - len(notes)], *notes]) + "\n\n"
