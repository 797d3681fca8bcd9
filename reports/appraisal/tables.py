"""The rows of “Báo cáo thẩm định”: each indicator in both columns, and what was changed."""

from typing import Any

from evaluations.snapshots import indicators_in
from reports.figures import change_unit, level_cell, said_of
from reports.prose import words_table
from reports.tables import Cell, Column, Table, facts, measured, text

ACCEPTED = "Chấp nhận"


def appraisal_tables(content: dict[str, Any]) -> list[Table]:
    indicators = indicators_in(content["dossier"])
    return [
        _concluded(content),
        words_table(content["sections"]),
        Table("Thẩm định", APPRAISAL_COLUMNS, indicators, kept=2),
        Table("Điều chỉnh", APPRAISAL_COLUMNS, adjusted_in(content), kept=2),
    ]


def adjusted_in(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The indicators that the appraisal put another figure or another verdict to."""
    return [
        each
        for each in indicators_in(content["dossier"])
        if each["appraised"] and each["appraised"]["verdict"] == "adjust"
    ]


def _concluded(content: dict[str, Any]) -> Table:
    dossier = content["dossier"]
    own, appraised = dossier["self_assessed"], dossier["appraised"]
    pairs = (
        ("Đơn vị", text(dossier["unit"]["name"])),
        ("Đợt", text(dossier["round"]["name"])),
        ("Bộ tiêu chí", text(dossier["set"]["title"])),
        ("Mức độ tự đánh giá", level_cell(own)),
        ("Tự đánh giá", text(own["sentence"])),
        ("Mức độ thẩm định", level_cell(appraised)),
        ("Thẩm định", text(appraised["sentence"])),
        ("Còn thiếu để lên mức", text(appraised["distance"])),
        ("Ghi chú", text("; ".join(content["marks"]))),
    )
    return facts("Kết quả chung", pairs)


def _appraised(row: dict[str, Any]) -> Cell:
    return text(said_of(row["appraised"], row["measure"]) if row["appraised"] else "")


def _verdict(row: dict[str, Any]) -> Cell:
    return text(row["appraised"]["verdict_label"] if row["appraised"] else "")


def _reason(row: dict[str, Any]) -> Cell:
    """Only what was changed is argued for."""
    is_changed = row["appraised"] and row["appraised"]["verdict"] != "accept"
    return text(row["appraised"]["reason"].strip() if is_changed else "")


def _self_value(row: dict[str, Any]) -> Cell:
    return _value(row, row)


def _appraised_value(row: dict[str, Any]) -> Cell:
    return _value(row["appraised"], row) if row["appraised"] else text("")


def _value(column: dict[str, Any], indicator: dict[str, Any]) -> Cell:
    """What is compared, as a number: a share, or by how much something changed."""
    change = column.get("change")  # what was appraised in older contents has none
    unit = change_unit(indicator["measure"]["unit"], column["shown"]) if change else ""
    value = column["share"] or change
    return measured(value, column["shown"], unit) if value else text("")


APPRAISAL_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 36),
    Column("self", "Tự đánh giá", lambda row: text(said_of(row, row["measure"])), 28),
    Column("self_value", "Tỷ lệ, mức thay đổi tự đánh giá", _self_value, 15),
    Column("appraised", "Thẩm định", _appraised, 28),
    Column("appraised_value", "Tỷ lệ, mức thay đổi thẩm định", _appraised_value, 15),
    Column("verdict", "Kết luận", _verdict, 14),
    Column("reason", "Lý do", _reason, 60),
)
