"""Where the marks of the band chart stand: graded indicators on a line from 60 to 100 %.

Plain geometry for SVG attributes, as text with a decimal dot whatever the page's language.
"""

from dataclasses import dataclass
from fractions import Fraction

from criteria.levels import Threshold
from evaluations.determination import Finding, Line

LEFT, RIGHT = 60, 100


@dataclass(frozen=True)
class Band:
    """One stretch of the line between two thresholds."""

    css: str
    x: str
    width: str
    label: str
    middle: str
    percent: int


@dataclass(frozen=True)
class Row:
    """One indicator's marks; None where there is nothing to mark."""

    line: Line
    self_x: str | None
    appraised_x: str | None
    is_weakest: bool


def bands(thresholds: tuple[Threshold, ...]) -> list[Band]:
    """Below the first threshold, then one stretch for each level."""
    edges = [LEFT, *(threshold.percent for threshold in thresholds), RIGHT]
    return [
        Band(
            css=f"b{place}",
            x=_x(Fraction(start, 100)),
            width=_length(end - start),
            label=f"mức {place}" if place else "",
            middle=_x(Fraction(start + end, 200)),
            percent=start,
        )
        for place, (start, end) in enumerate(zip(edges, edges[1:], strict=False))
    ]


def rows(finding: Finding, *, with_appraisal: bool) -> list[Row]:
    """Weakest first; the triangle stands only where the Sở changed the figure."""
    return [
        Row(
            line=line,
            self_x=_x(line.self_assessed.share),
            appraised_x=_x(line.appraised.share) if with_appraisal and line.differs else None,
            is_weakest=line.code in finding.self_assessed.weakest,
        )
        for line in finding.graded_lines
    ]


def _x(share: Fraction | None) -> str | None:
    if share is None:
        return None
    return _length(min(max(share * 100, LEFT), RIGHT) - LEFT)


def _length(points: Fraction | int) -> str:
    hundredths = round(Fraction(points) / (RIGHT - LEFT) * 10000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
