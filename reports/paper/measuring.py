"""How long a line of text is in print, and on how many lines it stands.

The rules of a letterhead are parts of that length; the rows of a workbook are as tall.
"""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent.parent / "static" / "fonts" / "tinos"
MM_PER_POINT = 25.4 / 72
# Of the text over it: "từ 1/3 đến 1/2 độ dài của dòng chữ" (Nghị định 30/2020, Phụ lục I, II.2).
RULE_PART = 0.4
LINE = 140.0  # millimetres: a longer title stands on several lines
STEP = 0.5


def width_of(text: str, points: float, *, bold: bool = False) -> float:
    """In millimetres, in Tinos, whose letters are as wide as those of Times New Roman.

    A letter that the font lacks counts as wide as an "m".
    """
    widths, units = _widths("Tinos-Bold.ttf" if bold else "Tinos-Regular.ttf")
    em = sum(widths.get(ord(letter), widths[ord("m")]) for letter in text) / units
    return em * points * MM_PER_POINT


@lru_cache(maxsize=4096)
def lines_in(text: str, points: float, width: float, *, bold: bool = False) -> int:
    """On how many lines the text stands where a line is that many millimetres long.

    Lines break at spaces, and anywhere inside a word that is longer than a line.
    """
    return sum(_lines_in(line, points, width, bold) for line in text.split("\n"))


def _lines_in(line: str, points: float, width: float, bold: bool) -> int:
    space = width_of(" ", points, bold=bold)
    lines, used = 1, 0.0
    for word in line.split(" "):
        length = width_of(word, points, bold=bold)
        if used and used + space + length > width:
            lines, used = lines + 1, 0.0
        used += length + (space if used else 0)
        while used > width:
            lines, used = lines + 1, used - width
    return lines


def balanced(text: str, points: float, line: float = LINE, *, bold: bool = True) -> tuple[str, ...]:
    """The lines of a title in the middle: as few as it needs where the longest may be `line`
    millimetres, about as long as each other."""
    count = lines_in(text, points, line, bold=bold)
    width = width_of(text, points, bold=bold) / count
    while lines_in(text, points, width, bold=bold) > count:
        width += STEP
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, points, bold=bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def rule_under(lines: tuple[str, ...], points: float) -> float:
    """The length of the rule under bold lines, in millimetres: by the last one, as they stand."""
    return RULE_PART * width_of(lines[-1], points, bold=True) if lines else 0.0


@lru_cache(maxsize=4)
def _widths(name: str) -> tuple[dict[int, int], int]:
    with TTFont(FONTS / name, lazy=True) as font:
        advance = font["hmtx"]
        names = font.getBestCmap()
        return {code: advance[glyph][0] for code, glyph in names.items()}, font["head"].unitsPerEm
