"""The lines of a section as parts of a paper."""

from collections.abc import Iterable

from reports.figures import unbroken
from reports.paper.parts import Paragraph, Part, Points

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
