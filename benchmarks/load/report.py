"""The table that README quotes, in words."""

import os
from collections.abc import Iterator

from django.utils import timezone

from benchmarks.load.day import Stage
from benchmarks.load.ledger import Ledger, percentile
from benchmarks.load.officers import PAGES, SAVES
from benchmarks.load.people import EMPTY, SIGN_IN, THINKING
from benchmarks.measuring import comma

COLUMNS = "{:<34}{:>8}{:>10}{:>10}{:>10}{:>10}"


def heading(python: str, staff: int) -> Iterator[str]:
    shortest, longest = THINKING
    yield (
        f"Ngày {timezone.localdate():%d/%m/%Y}, PostgreSQL, Python {python}; {os.cpu_count()} lõi "
        "cho cả máy chủ, cơ sở dữ liệu và bên gửi"
    )
    yield (
        f"{staff} người của Sở và các cán bộ, mỗi người nghỉ {shortest}–{longest} giây "
        "giữa hai lần gửi"
    )


def table(stage: Stage, alone: float, ledger: Ledger) -> Iterator[str]:
    """Milliseconds of each kind; the ratio is that of medians, to the empty page of the time."""
    empty = percentile(stage.times[EMPTY], 50)
    minutes = comma(f"{stage.minutes:.1f}")
    yield ""
    yield f"{stage.officers} cán bộ, {minutes} phút: {_rate(stage)}; {stage.shares}"
    yield COLUMNS.format("", "số lần", "giữa", "p95", "p99", "÷ trống")
    for kind in sorted(stage.times, key=lambda kind: (kind != EMPTY, kind)):
        yield _line(kind, stage.times[kind], empty)
    arrivals = [each.seconds for each in ledger.samples if each.kind == SIGN_IN]
    yield _line(f"{SIGN_IN} (lúc đến)", arrivals, empty)
    yield f"{EMPTY} khi chưa ai làm việc: {_milliseconds(alone)} ms"


def limit_line(stage: Stage) -> str:
    pages, saves = (_milliseconds(stage.worst(kinds, 95)) for kinds in (PAGES, SAVES))
    empty = _milliseconds(percentile(stage.times[EMPTY], 50))
    return (
        f"{stage.officers} cán bộ: p95 trang {pages} ms, tự lưu {saves} ms; giữa của trang trống "
        f"{empty} ms; {_rate(stage)}; {stage.shares}"
    )


def writes_line(ledger: Ledger) -> str:
    written = sum(each.is_acknowledged for writes in ledger.writes.values() for each in writes)
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(ledger.conflicts.items()))
    return (
        f"{written} lần ghi và {len(ledger.files)} tệp được báo đã lưu; "
        f"báo hai người cùng sửa: {told or 'không'}"
    )


def _line(kind: str, seconds: list[float], empty: float) -> str:
    middle, *high = (percentile(seconds, share) for share in (50, 95, 99))
    ratio = comma(f"{middle / empty:.1f}")
    return COLUMNS.format(kind, len(seconds), *map(_milliseconds, (middle, *high)), ratio)


def _milliseconds(seconds: float) -> str:
    return comma(f"{seconds * 1000:.0f}" if seconds >= 0.1 else f"{seconds * 1000:.1f}")


def _rate(stage: Stage) -> str:
    count = sum(len(times) for times in stage.times.values())
    return f"{count} lần gửi, {comma(f'{count / stage.minutes / 60:.1f}')} lần một giây"
