"""The sheets of “Bảng tổng hợp”: district × indicator, both columns."""

from typing import Any

from reports.figures import level_cell
from reports.tables import Cell, Column, Table, count, measured, text

SELF, APPRAISED = "Tự đánh giá", "Thẩm định"
UNCONFIRMED = "Thẩm định (chưa xác nhận)"


def summary_tables(content: dict[str, Any]) -> list[Table]:
    """The sheets: the matrix as printed, and the same figures one a line for further counting."""
    return [
        Table("Tổng hợp", _matrix_columns(content), _matrix_rows(content), kept=3),
        Table("Chi tiết", DETAIL_COLUMNS, _detail_rows(content), kept=4),
        Table("Chỉ báo", LEGEND_COLUMNS, content["indicators"], has_filter=False),
    ]


def column_told(districts: list[dict[str, Any]]) -> str:
    """Whose figures are added up: "appraised" where the Sở has finished any, else "self" where a
    district has sent its own, else none ("")."""
    return next((key for key in ("appraised", "self") if any(d[key] for d in districts)), "")


def is_confirmed(district: dict[str, Any]) -> bool:
    """What was frozen before this was told held confirmed and unconfirmed alike."""
    return district.get("is_confirmed", True)


def columns_of(district: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Both columns with the words over them: no reader takes what awaits confirmation for a
    result."""
    return ("self", SELF), ("appraised", APPRAISED if is_confirmed(district) else UNCONFIRMED)


def _matrix_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Two lines a district; the second says where the appraisal stands as long as it has none."""
    rows = []
    for number, district in enumerate(content["districts"], start=1):
        for key, label in columns_of(district):
            column = district[key]
            if column is None and district["self"] is None and key == "appraised":
                continue
            rows.append(
                {
                    "number": number,
                    "name": district["name"],
                    "column": _over(column, label) if district["self"] else "",
                    "state": "" if column else district["state"],
                    "determination": column,
                    "results": column["results"] if column else {},
                }
            )
    return rows


def _over(column: dict[str, Any] | None, label: str) -> str:
    """Without figures there is nothing to be confirmed yet."""
    return label if column else label.partition(" (")[0]


def _matrix_columns(content: dict[str, Any]) -> tuple[Column, ...]:
    return (
        Column("number", "TT", lambda row: count(row["number"]), 5),
        Column("name", "Quận, huyện", lambda row: text(row["name"]), 20),
        Column("column", "Cột", lambda row: text(row["column"]), 12),
        *(
            Column(i["code"], i["code"], _result_cell(i["code"], i["is_graded"]), 9)
            for i in content["indicators"]
        ),
        Column("level", "Mức độ", _level, 12),
        Column("state", "Tình trạng", lambda row: text(row["state"]), 26),
    )


def _result_cell(code: str, is_graded: bool):
    """A share where it sets the level, a word where the indicator is met or not."""

    def cell(row: dict[str, Any]) -> Cell:
        result = row["results"].get(code)
        if result is None:
            return text(None)
        if is_graded and result["share"]:
            return measured(result["share"], result["shown"])
        return text(result["word"])

    return cell


def _level(row: dict[str, Any]) -> Cell:
    return level_cell(row["determination"]) if row["determination"] else text(None)


def _detail_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    names = {indicator["code"]: indicator["short_name"] for indicator in content["indicators"]}
    return [
        {"name": district["name"], "column": label, "code": code, "short_name": names[code]}
        | result
        for district in content["districts"]
        for key, label in columns_of(district)
        if district[key]
        for code, result in district[key]["results"].items()
    ]


def _compared(row: dict[str, Any]) -> Cell:
    """A share, or by how much something changed; the unit of a change stands in `shown` too."""
    unit = row.get("unit", "")
    return measured(row["share"] or row.get("change"), row["shown"].removesuffix(unit), unit)


DETAIL_COLUMNS = (
    Column("name", "Quận, huyện", lambda row: text(row["name"]), 20),
    Column("column", "Cột", lambda row: text(row["column"]), 12),
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    Column("achieved", "Số đạt", lambda row: count(row["achieved"]), 10),
    Column("total", "Tổng số", lambda row: count(row["total"]), 10),
    Column("figure", "Số liệu", lambda row: text(row["figure"]), 18),
    Column("share", "Tỷ lệ, mức thay đổi", _compared, 14),
    Column("word", "Kết quả", lambda row: text(row["word"]), 17),
    Column("reason", "Lý do điều chỉnh", lambda row: text(row.get("reason")), 60),
)
LEGEND_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column(
        "short_name", "Chỉ báo (tên gọn do hệ thống đặt)", lambda row: text(row["short_name"]), 50
    ),
    Column(
        "part",
        "Vai trò",
        lambda row: text("xét mức độ" if row["is_graded"] else "điều kiện tiên quyết"),
        22,
    ),
)
