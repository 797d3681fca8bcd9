"""The lines of a section as parts of a paper, and as rows of a workbook."""

from collections.abc import Iterable, Mapping
from typing import Any

from reports.figures import unbroken
from reports.paper.parts import Paragraph, Part, Points
from reports.tables import Column, Table, text

DASH = "- "


def prose(lines: Iterable[str]) -> list[Part]:
    """Paragraphs and lists; a line that begins with a dash is a point."""
    parts: list[Part] = []
    points: list[str] = []
    for line in lines:
        if line.startswith(DASH):
            points.append(unbroken(line.removeprefix(DASH)))
            continue
        if points:
            parts.append(Points(tuple(points)))
            points = []
        parts.append(Paragraph(unbroken(line)))
    return [*parts, Points(tuple(points))] if points else parts


def words_table(
    sections: Iterable[Mapping[str, Any]], chapters: Mapping[str, str] | None = None
) -> Table:
    """The prose as it is printed, a row a line, under the titles of its section and chapter."""
    rows = [
        {
            "chapter": chapters[section["chapter"]] if chapters else "",
            "section": section["title"],
            "line": line,
        }
        for section in sections
        for line in section["lines"]
    ]
    return Table("Lời văn", COLUMNS if chapters else COLUMNS[1:], rows)


COLUMNS = (
    Column("chapter", "Chương", lambda row: text(row["chapter"]), 26),
    Column("section", "Mục", lambda row: text(row["section"]), 36),
    Column("line", "Lời văn", lambda row: text(row["line"]), 104),
)
