"""The workbook of a summary: its tables, and the levels counted for a chart."""

from typing import Any

from reports.district_summary.drawings import levels_counted
from reports.district_summary.tables import summary_tables
from reports.tables import Column, Table, count, text


def summary_sheets(content: dict[str, Any]) -> list[Table]:
    return [*summary_tables(content), level_table(content)]


def level_table(content: dict[str, Any]) -> Table:
    """The districts at each level, as the figure counts them where it cannot name them."""
    counted = levels_counted(content["districts"])
    columns = [bar.label for bar in counted.bars]
    rows = [
        {"level": sign.label} | {bar.label: bar.count_of(sign) for bar in counted.bars}
        for sign in counted.key
    ]
    return Table(
        "Theo mức độ",
        (
            Column("level", "Kết quả", lambda row: text(row["level"]), 34),
            *(Column(name, name, _number(name), 18) for name in columns),
        ),
        rows,
        has_filter=False,
        charted=tuple(columns),
    )


def _number(name: str):
    return lambda row: count(row[name])
