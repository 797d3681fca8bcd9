"""How a figure is taken: side by side with what it is compared to, in turns, the median counts."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

MEGABYTE = 1024 * 1024
MOST_GROWTH = 5 * MEGABYTE


@dataclass(frozen=True)
class Figure:
    """One line of the output. `against` is what was measured in the same turns."""

    name: str
    seconds: float
    against_name: str = ""
    against_seconds: float = 0.0
    most_times: float | None = None  # the aim, as a ratio
    most_seconds: float | None = None  # the aim, as a time

    @property
    def times(self) -> float:
        return self.seconds / self.against_seconds

    @property
    def is_met(self) -> bool:
        if self.most_times is not None and self.times > self.most_times:
            return False
        return self.most_seconds is None or self.seconds <= self.most_seconds

    def __str__(self):
        said = f"{self.name}: {show(self.seconds)}"
        if self.against_name:
            against = f"{self.against_name} {show(self.against_seconds)}"
            said += f" = {comma(f'{self.times:.2f}')} × {against}"
        aims = []
        if self.most_times is not None:
            aims.append(f"≤ {comma(f'{self.most_times:g}')} ×")
        if self.most_seconds is not None:
            aims.append(f"≤ {show(self.most_seconds)}")
        if aims:
            said += f"; đích {', '.join(aims)}: {'đạt' if self.is_met else 'CHƯA ĐẠT'}"
        return said


@dataclass(frozen=True)
class Memory:
    """The most that Python held at once, against the same with the least to do."""

    name: str
    peak: int
    least_name: str
    least: int

    @property
    def is_met(self) -> bool:
        return self.peak - self.least <= MOST_GROWTH

    def __str__(self):
        said = "đạt" if self.is_met else "CHƯA ĐẠT"
        return (
            f"{self.name}: bộ nhớ cao nhất {_shown(self.peak)}, với {self.least_name} là "
            f"{_shown(self.least)}; đích: hơn không quá {_shown(MOST_GROWTH)}: {said}"
        )


@dataclass(frozen=True)
class Peak:
    """The most that a process of its own held at once, libraries and all, in bytes."""

    name: str
    peak: int
    most: int

    @property
    def is_met(self) -> bool:
        return self.peak <= self.most

    def __str__(self):
        said = "đạt" if self.is_met else "CHƯA ĐẠT"
        return (
            f"{self.name}: bộ nhớ cao nhất {_shown(self.peak)}; đích ≤ {_shown(self.most)}: {said}"
        )


Benchmark = Callable[[], Iterator[Figure | Memory | Peak]]
BENCHMARKS: list[Benchmark] = []


def benchmark(function: Benchmark) -> Benchmark:
    """Registers a function that yields figures; its docstring's first line is the heading."""
    BENCHMARKS.append(function)
    return function


def in_turns(*calls: Callable[[], object], turns: int, warm_up: int = 2) -> list[float]:
    """The median of each call in seconds; taking turns, so that a busy machine slows all alike."""
    for call in calls:
        for _ in range(warm_up):
            call()
    taken: list[list[float]] = [[] for _ in calls]
    gc.collect()
    for _ in range(turns):
        for times, call in zip(taken, calls, strict=True):
            started = perf_counter()
            call()
            times.append(perf_counter() - started)
    return [median(times) for times in taken]


def show(seconds: float) -> str:
    if seconds >= 1:
        return f"{comma(f'{seconds:.2f}')} s"
    return f"{comma(f'{seconds * 1000:.2f}' if seconds < 0.1 else f'{seconds * 1000:.0f}')} ms"


def _shown(size: int) -> str:
    return f"{comma(f'{size / MEGABYTE:.1f}')} MB"


def comma(number: str) -> str:
    return number.replace(".", ",")
