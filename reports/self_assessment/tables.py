"""The sheets of “Báo cáo tự đánh giá”; the printed report shows the same rows."""

from typing import Any

from criteria.models import Indicator
from evaluations.snapshots import indicators_in
from reports.figures import change_unit, figure_of, level_cell
from reports.listed_units import UNIT_COLUMNS, unit_rows
from reports.tables import Cell, Column, Table, count, day, facts, measured, text


def self_assessment_tables(content: dict[str, Any]) -> list[Table]:
    """The sheets of the workbook; the PDF prints the same rows."""
    dossier = content["dossier"]
    indicators = [
        indicator | {"standard": standard["code"], "criterion": criterion["code"]}
        for standard in dossier["standards"]
        for criterion in standard["criteria"]
        for indicator in criterion["indicators"]
    ]
    opinions = [i for i in indicators if i["suitability"] or i["obstacle"] or i["proposal"]]
    units = unit_rows(indicators)
    return [
        _summary(content),
        Table("Chỉ báo", INDICATOR_COLUMNS, indicators, kept=3),
        Table("Phù hợp, kiến nghị", OPINION_COLUMNS, opinions, kept=2),
        evidence_table(content),
        *([Table("Danh sách đơn vị", UNIT_COLUMNS, units, kept=3)] if units else []),
    ]


def evidence_table(content: dict[str, Any]) -> Table:
    """“Danh mục minh chứng”: a line for each use of a document."""
    rows = [
        item | {"indicator": indicator["code"]}
        for indicator in indicators_in(content["dossier"])
        for item in indicator["evidence"]
    ]
    return Table("Danh mục minh chứng", EVIDENCE_COLUMNS, rows, kept=2)


def _summary(content: dict[str, Any]) -> Table:
    dossier = content["dossier"]
    self_assessed, submission = dossier["self_assessed"], content["submission"]
    sent = f"lần {submission['number']}, dấu {submission['sha256'][:12]}" if submission else ""
    pairs = (
        ("Đơn vị", text(dossier["unit"]["name"])),
        ("Đợt", text(dossier["round"]["name"])),
        ("Năm", Cell(str(dossier["round"]["year"]), str(dossier["round"]["year"]))),
        ("Bộ tiêu chí", text(dossier["set"]["title"])),
        ("Mức độ tự đánh giá", level_cell(self_assessed)),
        ("Kết luận", text(self_assessed["sentence"])),
        ("Còn thiếu để lên mức", text(self_assessed["distance"])),
        ("Lần gửi", text(sent)),
        ("Ghi chú", text("; ".join(content["marks"]))),
    )
    return facts("Kết quả chung", pairs)


def _figure(row: dict[str, Any]) -> Cell:
    return text(figure_of(row["figure"], row["measure"]))


def _compared(row: dict[str, Any]) -> Cell:
    """The one value that is compared: a share, or how much something changed."""
    unit = change_unit(row["measure"]["unit"], row["shown"]) if row["change"] else ""
    return measured(row["share"] or row["change"], row["shown"], unit)


def _evidence_codes(row: dict[str, Any]) -> Cell:
    return text("; ".join(item["code"] for item in row["evidence"]))


def _explanation(row: dict[str, Any]) -> Cell:
    if row["mark"]["sign"] == "na" and row["not_applicable_reason"]:
        return text(f"Không áp dụng: {row['not_applicable_reason']}")
    source = f"Nguồn: {row['source'].strip().rstrip('.')}." if row["source"] else ""
    return text("\n".join(filter(None, [row["explanation"].strip(), source])))


INDICATOR_COLUMNS = (
    Column("standard", "Tiêu chuẩn", lambda row: text(row["standard"]), 8),
    Column("criterion", "Tiêu chí", lambda row: text(row["criterion"]), 9),
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("text", "Chỉ báo", lambda row: text(row["text"]), 52),
    Column("role", "Vai trò", lambda row: text(Indicator.Role(row["role"]).label), 20),
    Column("achieved", "Số đạt", lambda row: count(row["achieved"]), 10),
    Column("total", "Tổng số", lambda row: count(row["total"]), 10),
    Column("figure", "Số liệu", _figure, 28),
    Column("compared", "Tỷ lệ, mức thay đổi", _compared, 12),
    Column("result", "Kết quả", lambda row: text(row["mark"]["word"]), 17),
    Column("explanation", "Thuyết minh", _explanation, 52),
    Column("evidence", "Minh chứng", _evidence_codes, 22),
)
OPINION_COLUMNS = (
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("short_name", "Chỉ báo (tên gọn)", lambda row: text(row["short_name"]), 32),
    Column("suitability", "Mức độ phù hợp", lambda row: text(row["suitability_label"]), 20),
    Column("obstacle", "Khó khăn, vướng mắc", lambda row: text(row["obstacle"]), 60),
    Column("proposal", "Kiến nghị sửa đổi", lambda row: text(row["proposal"]), 60),
)
EVIDENCE_COLUMNS = (
    Column("indicator", "Chỉ báo", lambda row: text(row["indicator"]), 9),
    Column("code", "Mã minh chứng", lambda row: text(row["code"]), 16),
    Column("number", "Số, ký hiệu", lambda row: text(row["number"]), 22),
    Column("issued_on", "Ngày ban hành", lambda row: day(row["issued_on"]), 14),
    Column("issuer", "Cơ quan ban hành", lambda row: text(row["issuer"]), 34),
    Column("summary", "Trích yếu", lambda row: text(row["summary"]), 60),
    Column("cited", "Trang, mục", lambda row: text(row["cited"]), 20),
    Column(
        "files",
        "Tệp",
        lambda row: text("\n".join(file["name"] for file in row["files"])),
        40,
    ),
)
