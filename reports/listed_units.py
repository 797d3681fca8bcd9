"""The lists of units behind counted shares, as “Báo cáo tự đánh giá” prints them.

Read from the frozen content alone. A content of before there were lists has none to print.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from evaluations.listing import ListedUnit, Listing
from reports.tables import Cell, Column, day, measured, text


def unit_rows(indicators: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every unit of every list, each list in the order of the official codes."""
    return [
        row
        for indicator in indicators
        for row in sorted(
            (
                {"indicator": indicator["code"], "counts_as": side.title, "unit": unit}
                for side in _listing(indicator).sides
                for unit in side.units
            ),
            key=lambda row: row["unit"].said["code"],
        )
    ]


def lists_of(indicators: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """By indicator, with the rows of its table: the appendix."""
    return [
        {
            "code": indicator["code"],
            "short_name": indicator["short_name"],
            "figure": indicator["figure"],
            "shown": indicator["shown"],
            "rows": [
                {column.key: column.cell(row) for column in UNIT_COLUMNS}
                for row in unit_rows([indicator])
            ],
        }
        for indicator in indicators
        if _listing(indicator).units
    ]


def in_words(indicator: Mapping[str, Any], where: str) -> str:
    """How many got which rating, and where their names stand; empty without a list."""
    listing = _listing(indicator)
    if not listing.units:
        return ""
    words = listing.words
    counts = [f"{label}{words.colon} {number}" for label, number, _ in listing.by_rating]
    if listing.unrated.units:
        counts.append(f"{words.unrated.lower()}{words.colon} {len(listing.unrated.units)}")
    said = [f"{listing.in_scope} đơn vị trong phạm vi: {', '.join(counts)}."]
    if listing.excluded.units:
        said.append(f"{words.excluded}, không tính: {len(listing.excluded.units)} đơn vị.")
    return " ".join([*said, f"Danh sách tại {where}."])


def _listing(indicator: Mapping[str, Any]) -> Listing:
    return Listing.of(indicator.get("units") or ())


def _said(key: str):
    return lambda row: text(row["unit"].said[key])


def _score(row: Mapping[str, Any]) -> Cell:
    unit: ListedUnit = row["unit"]
    return measured(unit.said["score"], unit.score)


UNIT_COLUMNS = (
    Column("indicator", "Chỉ báo", lambda row: text(row["indicator"]), 9),
    Column("code", "Mã", _said("code"), 12),
    Column("name", "Đơn vị", _said("name"), 44),
    Column("counts_as", "Được tính", lambda row: text(row["counts_as"]), 17),
    Column("rating", "Xếp loại", _said("rating_label"), 14),
    Column("score", "Điểm", _score, 8),
    Column("decision_number", "Số quyết định", _said("decision_number"), 22),
    Column("decision_on", "Ngày", lambda row: day(row["unit"].said["decision_on"]), 12),
    Column("reason", "Lý do ngoài phạm vi", _said("exclusion_reason"), 40),
)
