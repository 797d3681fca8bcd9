"""How long a line of text is in print; the rules of a letterhead are parts of that length."""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent.parent / "static" / "fonts" / "tinos"
MM_PER_POINT = 25.4 / 72
# Of the text over it: "từ 1/3 đến 1/2 độ dài của dòng chữ" (Nghị định 30/2020, Phụ lục I, II.2).
RULE_PART = 0.4
LINE = 160.0  # millimetres: longer text stands on several lines of about this length


def width_of(text: str, points: float, *, bold: bool = False) -> float:
    """In millimetres, in Tinos, whose letters are as wide as those of Times New Roman.

    A letter that the font lacks counts as wide as an "m".
    """
    widths, units = _widths("Tinos-Bold.ttf" if bold else "Tinos-Regular.ttf")
    em = sum(widths.get(ord(letter), widths[ord("m")]) for letter in text) / units
    return em * points * MM_PER_POINT


def rule_under(lines: tuple[str, ...], points: float) -> float:
    """The length of the rule under bold lines, in millimetres: by the last one, as they stand."""
    return RULE_PART * min(LINE, width_of(lines[-1], points, bold=True)) if lines else 0.0


@lru_cache(maxsize=4)
def _widths(name: str) -> tuple[dict[int, int], int]:
    with TTFont(FONTS / name, lazy=True) as font:
        advance = font["hmtx"]
        names = font.getBestCmap()
        return {code: advance[glyph][0] for code, glyph in names.items()}, font["head"].unitsPerEm
