"""benchmarks/country.md: everything that the other steps have kept, for people to read."""

import json
import os
import platform
from itertools import groupby
from pathlib import Path

from django.db import connection
from django.utils import timezone

from benchmarks.country.findings import MOST_TIMES, SLACK, Compared, kept, kept_text, worst_first
from benchmarks.country.switching import COUNTRY, Places
from benchmarks.measuring import MEGABYTE, comma
from evaluations.models import (
    Document,
    Evaluation,
    Event,
    IndicatorResult,
    Notice,
    PilotRound,
    Snapshot,
    UnitEvent,
    UnitResult,
)
from organisations.models import Organisation, SignInEvent, User
from reports.models import ReportRun

FILE = Path(__file__).resolve().parents[2] / "country.md"
COUNTED = (
    *(Organisation, User, PilotRound, Evaluation, IndicatorResult, Document, Snapshot),
    *(UnitResult, UnitEvent, Event, Notice, ReportRun, SignInEvent),
)
REASONS = Path(__file__).resolve().parents[1] / "reasons.json"


def run(places: Places) -> int:
    pages, work = kept("pages"), kept("reports")
    reasons = json.loads(REASONS.read_text())
    parts = [_head(places), _misses([*pages, *work], reasons), _pages(pages), _work(work)]
    parts += [_indexes(), _memory()]
    FILE.write_text("\n\n".join(parts) + "\n")
    return 0


def _head(places: Places) -> str:
    with places.at(COUNTRY):
        counts = [f"{model._meta.verbose_name} {_whole(_count(model))}" for model in COUNTED]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
            (size,) = cursor.fetchone()
            cursor.execute("SHOW server_version")
            (version,) = cursor.fetchone()
    today = timezone.localdate()
    return (
        "# Cỡ cả nước\n\n"
        f"Đo ngày {today:%d/%m/%Y} bằng `make country`, {os.cpu_count()} lõi, "
        f"Python {platform.python_version()}, PostgreSQL {version.split()[0]}. "
        f"Cơ sở dữ liệu cả nước: {size}; {', '.join(counts)}.\n\n"
        "Cùng một địa chỉ, cùng một người, mở ở hai cơ sở dữ liệu: của một thành phố (đợt tập "
        "huấn và năm năm trước nó) và của cả nước (chép từ đó, thêm 62 tỉnh). Đích: không thêm "
        f"truy vấn nào; thời gian giữa không quá {comma(f'{MOST_TIMES:g}')} lần, trừ khi chênh "
        f"dưới {SLACK * 1000:.0f} ms. “Cả nước” nghĩa là gì: "
        "[quyết định 24](../docs/decisions/0024-size-of-a-country.md). Kế hoạch của truy vấn lâu "
        "nhất: [explain](explain)."
        f"{_note()}"
    )


def _note() -> str:
    """What COUNTRY_NOTE says of the circumstances: a busy machine, a run that was stopped."""
    said = os.environ.get("COUNTRY_NOTE", "")
    return f"\n\n{said}" if said else ""


def _count(model) -> int:
    return model._base_manager.count()


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _misses(rows: list[Compared], reasons: dict[str, str]) -> str:
    missed = [row for row in worst_first(rows) if not row.is_met]
    said = f"## Chưa đạt: {len(missed)} trong {len(rows)}"
    if not missed:
        return said
    lines = [
        f"| {row.group} | `{row.name}` | {_figures(row)} | {reasons.get(row.name, '')} |"
        for row in missed
    ]
    return "\n".join(
        [said, "", "| ai | gì | truy vấn | thành phố | cả nước | lần | vì sao |", _rule(7), *lines]
    )


def _pages(rows: list[Compared]) -> str:
    """Of each person and page the slowest of the addresses that were opened."""
    lines = []
    for (group, name), found in groupby(rows, key=lambda row: (row.group, row.name)):
        worst = max(found, key=lambda row: row.times)
        lines.append(f"| {group} | `{name}` | {_figures(worst)} |")
    head = ["## Mọi trang", "", "| ai | trang | truy vấn | thành phố | cả nước | lần |", _rule(6)]
    return "\n".join([*head, *lines])


def _work(rows: list[Compared]) -> str:
    lines = [f"| {row.group} | {row.name} | {row.what} | {_figures(row)} |" for row in rows]
    head = ["| việc | | của | truy vấn | thành phố | cả nước | lần |", _rule(7)]
    return "\n".join(["## Báo cáo, nạp Excel, xét mức độ", "", *head, *lines])


def _indexes() -> str:
    head = [
        "| chỉ mục | cỡ | để hỏi | có | không có |",
        _rule(5),
    ]
    return "\n".join(["## Chỉ mục đã đặt, ở cỡ cả nước", "", *head, kept_text("indexes")])


def _memory() -> str:
    said = json.loads(kept_text("memory") or "{}")
    if not said:
        return "## Bộ nhớ\n\nChưa đo."
    names = {
        "web": "Một tiến trình gunicorn sau 500 và sau 2.000 trang",
        "worker": "Một tiến trình Celery sau 10 và sau 100 báo cáo",
    }
    lines = [
        f"{names[name]}: {' → '.join(_megabytes(size) for size in sizes)}."
        for name, sizes in said.items()
    ]
    return "## Bộ nhớ\n\n" + "\n".join(lines)


def _megabytes(size: int) -> str:
    return f"{comma(f'{size / MEGABYTE:.1f}')} MB"


def _figures(row: Compared) -> str:
    queries = str(row.country_queries)
    if row.city_queries != row.country_queries:
        queries = f"{row.city_queries} → {row.country_queries}"
    return f"{queries} | {_ms(row.city_seconds)} | {_ms(row.country_seconds)} | {_times(row)}"


def _ms(seconds: float) -> str:
    return f"{comma(f'{seconds * 1000:.1f}')} ms"


def _times(row: Compared) -> str:
    return comma(f"{row.times:.2f}")


def _rule(columns: int) -> str:
    return "|" + "---|" * columns
