"""The index of a package: the same lines in its workbook and on its page."""

from typing import Any

from reports.paper.parts import Paper
from reports.self_assessment.paper import self_assessment_paper
from reports.tables import Column, Table, count, day, text

NO_FILE = "không có tệp kèm theo"


def package_paper(content: dict[str, Any]) -> Paper:
    """The report that lies in the package."""
    return self_assessment_paper(content["report"])


def package_tables(content: dict[str, Any]) -> list[Table]:
    """`printed` is known once the reports are in the package; an order has none yet."""
    return [
        Table("Minh chứng", EVIDENCE_COLUMNS, content["evidence"]),
        Table("Báo cáo", PRINTED_COLUMNS, content.get("printed", []), has_filter=False),
    ]


def _path(row: dict[str, Any]):
    return text(row["file"]["path"] if row["file"] else NO_FILE)


EVIDENCE_COLUMNS = (
    Column("indicator", "Chỉ báo", lambda row: text(row["indicator"]), 9),
    Column("code", "Mã minh chứng", lambda row: text(row["code"]), 16),
    Column("number", "Số, ký hiệu", lambda row: text(row["number"]), 22),
    Column("issued_on", "Ngày ban hành", lambda row: day(row["issued_on"]), 14),
    Column("issuer", "Cơ quan ban hành", lambda row: text(row["issuer"]), 30),
    Column("summary", "Trích yếu", lambda row: text(row["summary"]), 50),
    Column("cited", "Trang, mục", lambda row: text(row["cited"]), 16),
    Column("path", "Tệp trong gói", _path, 60),
    Column("size", "Dung lượng (byte)", lambda row: count(row["file"] and row["file"]["size"]), 16),
    Column("sha256", "SHA-256", lambda row: text(row["file"] and row["file"]["sha256"]), 66),
)
PRINTED_COLUMNS = (
    Column("path", "Tệp trong gói", lambda row: text(row["path"]), 60),
    Column("size", "Dung lượng (byte)", lambda row: count(row["size"]), 16),
    Column("sha256", "SHA-256", lambda row: text(row["sha256"]), 66),
)
