"""The rows of “Báo cáo thẩm định”: each indicator in both columns, and what was changed."""

from typing import Any

from evaluations.snapshots import indicators_in
from reports.figures import said_of
from reports.tables import Cell, Column, Table, measured, text

ACCEPTED = "Chấp nhận"


def appraisal_tables(content: dict[str, Any]) -> list[Table]:
    indicators = indicators_in(content["dossier"])
    return [
        Table("Thẩm định", APPRAISAL_COLUMNS, indicators),
        Table("Điều chỉnh", APPRAISAL_COLUMNS, adjusted_in(content)),
    ]


def adjusted_in(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The indicators that the appraisal put another figure or another verdict to."""
    return [
        each
        for each in indicators_in(content["dossier"])
        if each["appraised"] and each["appraised"]["verdict"] == "adjust"
    ]


def _appraised(row: dict[str, Any]) -> Cell:
    return text(said_of(row["appraised"]) if row["appraised"] else "")


def _verdict(row: dict[str, Any]) -> Cell:
    return text(row["appraised"]["verdict_label"] if row["appraised"] else "")


def _reason(row: dict[str, Any]) -> Cell:
    """Only what was changed is argued for."""
    is_changed = row["appraised"] and row["appraised"]["verdict"] != "accept"
    return text(row["appraised"]["reason"].strip() if is_changed else "")


def _share(row: dict[str, Any]) -> Cell:
    return measured(row["share"], row["shown"]) if row["share"] else text("")


def _appraised_share(row: dict[str, Any]) -> Cell:
    column = row["appraised"]
    return measured(column["share"], column["shown"]) if column and column["share"] else text("")


APPRAISAL_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    Column("self", "Tự đánh giá", lambda row: text(said_of(row)), 28),
    Column("self_share", "Tỷ lệ tự đánh giá", _share, 14),
    Column("appraised", "Thẩm định", _appraised, 28),
    Column("appraised_share", "Tỷ lệ thẩm định", _appraised_share, 14),
    Column("verdict", "Kết luận", _verdict, 20),
    Column("reason", "Lý do", _reason, 60),
)
