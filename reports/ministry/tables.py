"""The sheets of the report to the Ministry; the paper prints its tables from the same rows."""

from fractions import Fraction
from typing import Any

from reports.district_summary.tables import summary_tables
from reports.ministry.sections import CHAPTERS
from reports.ministry.words import Facts, in_full, judged, names, names_or_count
from reports.prose import words_table
from reports.suitability import suitability_tables
from reports.tables import Column, Table, count, day, text

# Words of `Line.mark` by the column in which they are counted.
LEVELS = {"level_3": "Mức 3", "level_2": "Mức 2", "level_1": "Mức 1", "below": "Dưới ngưỡng"}
CONDITIONS = {"met": "Đạt", "unmet": "Chưa đạt"}
COUNTED = LEVELS | CONDITIONS | {"spared": "Không áp dụng"}


def ministry_tables(content: dict[str, Any]) -> list[Table]:
    matrix = content["suitability"]
    return [
        words_table(content["sections"], CHAPTERS),
        levels_table(content),
        indicators_table(content),
        progress_table(content),
        *summary_tables(content["summary"]),
        *(suitability_tables(matrix) if matrix else ()),
        recognised_table(content),
        *([city_table(content)] if content["city"] else ()),
    ]


def levels_table(content: Facts) -> Table:
    """How many districts stand where, by the decisions; they add up to those that take part."""
    units = content["units"]
    rows = [_level_row(f"Mức độ {level}", units, level) for level in (3, 2, 1)]
    rows.append(_level_row("Không được công nhận", units, 0))
    waiting = [unit for unit in units if not unit["decision"] and unit["sent_on"]]
    rows.append({"level": "Đã gửi hồ sơ, chưa có quyết định", "units": waiting})
    rows.append({"level": "Chưa gửi hồ sơ", "units": [u for u in units if not u["sent_on"]]})
    return Table("Theo mức độ", LEVEL_COLUMNS, rows, has_filter=False, charted=("count",))


def _level_row(label: str, units: list[dict[str, Any]], level: int) -> dict[str, Any]:
    at = [unit for unit in units if unit["decision"] and unit["decision"]["level"] == level]
    return {"level": label, "units": at}


def indicators_table(content: Facts) -> Table:
    """What each indicator reached in how many districts, with the lowest and the highest share."""
    _, units = judged(content)
    rows = []
    for indicator in content["summary"]["indicators"]:
        results = [
            (unit, result)
            for unit in units
            if (result := unit["column"]["results"].get(indicator["code"]))
        ]
        rows.append(indicator | {"counts": _counts(indicator, results)} | _ends(results))
    return Table("Theo chỉ báo", INDICATOR_COLUMNS, rows, kept=2)


def _counts(indicator: dict[str, Any], results: list) -> dict[str, int | None]:
    """Only the words that the indicator can have; all empty while no district counts."""
    said = [result["word"] for _, result in results]
    other = CONDITIONS if indicator["is_graded"] else LEVELS
    return {
        key: said.count(word) if results and key not in other else None
        for key, word in COUNTED.items()
    }


def _ends(results: list) -> dict[str, str]:
    shares = [(Fraction(r["share"]), unit, r) for unit, r in results if r["share"]]
    if len(shares) < 2:
        return {"lowest": "", "highest": ""}
    values = [share for share, _, _ in shares]
    return {
        "lowest": _end(shares, min(values)),
        "highest": _end(shares, max(values)) if min(values) < max(values) else "",
    }


def _end(shares: list, value: Fraction) -> str:
    at = [(unit, result) for share, unit, result in shares if share == value]
    if len(at) == len(shares):
        return f"Đều {at[0][1]['shown']}"
    if len(at) == 1:
        return f"{at[0][0]['bare_name']}: {in_full(at[0][1])}"
    return f"{names_or_count([unit for unit, _ in at])}: {at[0][1]['shown']}"


def progress_table(content: Facts) -> Table:
    return Table("Tiến độ", PROGRESS_COLUMNS, content["units"], kept=1)


def recognised_table(content: Facts) -> Table:
    """The recognised districts with the decisions that recognise them, the highest first."""
    good = [u for u in content["units"] if u["decision"] and u["decision"]["level"]]
    rows = sorted(good, key=lambda unit: -unit["decision"]["level"])
    numbered = [unit | {"place": place} for place, unit in enumerate(rows, start=1)]
    return Table("Được công nhận", RECOGNISED_COLUMNS, numbered)


def city_table(content: Facts) -> Table:
    """The city's own indicators: its assessment beside what the council concluded."""
    return Table("Thành phố", CITY_COLUMNS, content["city"]["indicators"])


def _counted(key: str):
    return lambda row: count(row["counts"][key])


LEVEL_COLUMNS = (
    Column("level", "Kết quả", lambda row: text(row["level"]), 34),
    Column("count", "Số quận, huyện", lambda row: count(len(row["units"])), 16),
    Column(
        "names",
        "Quận, huyện",
        lambda row: text(names(row["units"])),
        60,
    ),
)
INDICATOR_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    *(Column(key, word, _counted(key), 9) for key, word in COUNTED.items()),
    Column("lowest", "Thấp nhất", lambda row: text(row["lowest"]), 30),
    Column("highest", "Cao nhất", lambda row: text(row["highest"]), 30),
)
PROGRESS_COLUMNS = (
    Column("name", "Quận, huyện", lambda row: text(row["name"]), 24),
    Column("sent_on", "Gửi hồ sơ", lambda row: day(row["sent_on"]), 13),
    Column("extended_until", "Gia hạn đến", lambda row: day(row["extended_until"]), 13),
    Column("extension_reason", "Lý do gia hạn", lambda row: text(row["extension_reason"]), 40),
    Column("days_late", "Muộn (ngày)", lambda row: count(row["days_late"] or None), 12),
    Column("state", "Tình trạng", lambda row: text(row["state"]), 36),
)
RECOGNISED_COLUMNS = (
    Column("place", "TT", lambda row: count(row["place"]), 6),
    Column("name", "Quận, huyện", lambda row: text(row["name"]), 28),
    Column("level", "Mức độ", lambda row: count(row["decision"]["level"]), 10),
    Column("number", "Số quyết định", lambda row: text(row["decision"]["number"]), 26),
    Column("on", "Ngày ký", lambda row: day(row["decision"]["on"]), 14),
    Column("issuer", "Cơ quan ban hành", lambda row: text(row["decision"]["issuer"]), 44),
)
CITY_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    Column("own", "Tự đánh giá", lambda row: text(row["own"]), 28),
    Column("council", "Hội đồng đánh giá", lambda row: text(row["council"]), 28),
    Column("suitability", "Mức độ phù hợp", lambda row: text(row["suitability_label"]), 20),
    Column("obstacle", "Khó khăn, vướng mắc", lambda row: text(row["obstacle"]), 60),
    Column("proposal", "Kiến nghị sửa đổi", lambda row: text(row["proposal"]), 60),
)
