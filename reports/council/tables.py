"""The dossiers of a session as rows, for a grid and for a workbook."""

from typing import Any

from reports.tables import Cell, Column, Table, count, text


def session_tables(content: dict[str, Any]) -> list[Table]:
    return [Table("Hồ sơ tại phiên họp", COLUMNS, content["lines"], has_filter=False, kept=1)]


def level_words(level: int | None) -> str:
    """As a council says it: level 0 is a refusal."""
    if level is None:
        return ""
    return f"Mức độ {level}" if level else "Không công nhận"


def _votes(line: dict[str, Any]) -> Cell:
    """ "4/5" agreed to what the council concludes, a refusal too; not to the level proposed."""
    if line["votes_for"] is None:
        return text("")
    return text(f"{line['votes_for']}/{line['votes_for'] + (line['votes_against'] or 0)}")


def _proposed(line: dict[str, Any]) -> Cell:
    level = line["proposed"]
    return text(f"Mức độ {level}" if level else "Chưa đạt mức độ nào")


COLUMNS = (
    Column("name", "Đơn vị", lambda line: text(line["name"]), 28),
    Column("proposed", "Mức độ đề nghị", _proposed, 18),
    Column("votes", "Phiếu đồng ý với kết luận/số phiếu", _votes, 20),
    Column("votes_for", "Đồng ý với kết luận", lambda line: count(line["votes_for"]), 14),
    Column(
        "votes_against", "Không đồng ý với kết luận", lambda line: count(line["votes_against"]), 16
    ),
    Column("concluded", "Kết luận", lambda line: text(level_words(line["concluded"])), 18),
    Column("conclusion", "Lời kết luận", lambda line: text(line["conclusion"].strip()), 60),
)
