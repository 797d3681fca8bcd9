"""What the content of a page draws: pieces of text and thin lines, where and in which font.

Read from the operators of the page and the widths of the embedded fonts. Lengths are millimetres
from the left and from the top of the page, sizes points.
"""

import re
from dataclasses import dataclass
from typing import Any

from pypdf.generic import ByteStringObject, TextStringObject

MM = 72 / 25.4
THIN = 1.0  # millimetres: whatever is thinner is a rule
BFCHAR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


@dataclass(frozen=True)
class Piece:
    """Text drawn in one go, on one line in one font."""

    text: str
    page: int
    left: float
    right: float  # of its last letter: a space at the end is not seen
    base: float
    size: float
    font: str  # "Tinos-Bold"
    mark: int | None  # by which its tag knows it
    colour: tuple[float, ...] = (0, 0, 0)


@dataclass(frozen=True)
class Rule:
    """A thin horizontal line that is no border of a table."""

    page: int
    left: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class Font:
    """What its dictionary says: its name, the letter and the width of each glyph."""

    def __init__(self, given: Any):
        tag, _, self.name = str(given["/BaseFont"])[1:].rpartition("+")
        self.is_subset = len(tag) == 6
        described = given["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        self.is_embedded = bool({"/FontFile2", "/FontFile3"} & set(described))
        self.given = given
        cmap = given["/ToUnicode"].get_data()
        self.letters = {
            int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in BFCHAR.findall(cmap.partition(b"beginbfchar")[2])
        }
        self.widths: dict[int, float] = {}
        wide = list(given["/DescendantFonts"][0].get_object()["/W"])
        for first, widths in zip(wide[::2], wide[1::2], strict=True):
            self.widths |= {int(first) + n: float(width) for n, width in enumerate(widths)}


Matrix = tuple[float, float, float, float, float, float]


class Drawing:
    """The state of one page while it is drawn, as far as text and thin lines need it."""

    def __init__(self, page: int, height: float):
        self.page, self.height = page, height
        self.fonts: dict[str, Font] = {}
        self.pieces: list[Piece] = []
        self.rules: list[Rule] = []
        self.matrix: Matrix = (1, 0, 0, 1, 0, 0)
        self.kept: list[Matrix] = []
        self.marks: list[int | None] = []
        self.path: list[tuple[float, float]] = []
        self.colour: tuple[float, ...] = (0, 0, 0)
        self.strokes = 0  # of the longest drawing, as a QR code is one

    def take(self, operator: bytes, operands: list[Any]) -> None:
        known = getattr(self, f"_{NAMES.get(operator, '')}", None)
        if known:
            known(*operands)

    def _keep(self) -> None:
        self.kept.append(self.matrix)

    def _restore(self) -> None:
        self.matrix = self.kept.pop()

    def _concatenate(self, *given: Any) -> None:
        self.matrix = _times(tuple(float(each) for each in given), self.matrix)

    def _begin_marked(self, tag: str, properties: Any = None) -> None:
        has_mark = properties is not None and "/MCID" in properties
        self.marks.append(int(properties["/MCID"]) if has_mark else None)

    def _end_marked(self) -> None:
        self.marks.pop()

    def _paint(self, *given: Any) -> None:
        self.colour = tuple(float(each) for each in given)

    def _place(self, *given: Any) -> None:
        self.at = _times(tuple(float(each) for each in given), self.matrix)

    def _choose(self, name: str, size: Any) -> None:
        self.font, self.size = self.fonts[name], float(size)

    def _show(self, given: list[Any]) -> None:
        text, width, seen = "", 0.0, 0.0
        for each in given:
            if isinstance(each, (ByteStringObject, TextStringObject)):
                drawn = each.original_bytes
                for code in (int.from_bytes(drawn[n : n + 2]) for n in range(0, len(drawn), 2)):
                    text += self.font.letters[code]
                    width += self.font.widths[code]
                    seen = width if text[-1:].strip() else seen
            else:
                width -= float(each)
        left = self.at[4] / MM
        right = left + seen / 1000 * self.size * abs(self.at[0]) / MM
        base = (self.height - self.at[5]) / MM
        size = round(self.size * abs(self.at[3]), 2)
        mark = self.marks[-1] if self.marks else None
        self.pieces.append(
            Piece(text, self.page, left, right, base, size, self.font.name, mark, self.colour)
        )

    def _point(self, x: Any, y: Any) -> None:
        a, b, c, d, e, f = self.matrix
        x, y = float(x), float(y)
        self.path.append((a * x + c * y + e, b * x + d * y + f))

    def _clip(self) -> None:
        """A border is drawn by clipping to its shape and filling that."""
        xs, ys = [x for x, _ in self.path], [y for _, y in self.path]
        if self.path and (max(ys) - min(ys)) / MM < THIN < (max(xs) - min(xs)) / MM:
            top = (self.height - max(ys)) / MM
            self.rules.append(Rule(self.page, min(xs) / MM, max(xs) / MM, top))

    def _forget(self) -> None:
        self.strokes = max(self.strokes, len(self.path))
        self.path = []


NAMES = {
    b"q": "keep",
    b"Q": "restore",
    b"cm": "concatenate",
    b"BMC": "begin_marked",
    b"BDC": "begin_marked",
    b"EMC": "end_marked",
    b"rg": "paint",
    b"g": "paint",
    b"Tm": "place",
    b"Tf": "choose",
    b"TJ": "show",
    b"m": "point",
    b"l": "point",
    b"W": "clip",
    b"W*": "clip",
    b"n": "forget",
    b"S": "forget",
    b"f": "forget",
    b"f*": "forget",
    b"B": "forget",
}


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """First the inner one, then the outer one."""
    a, b, c, d, e, f = inner
    xx, xy, yx, yy, x, y = outer
    return (
        a * xx + b * yx,
        a * xy + b * yy,
        c * xx + d * yx,
        c * xy + d * yy,
        e * xx + f * yx + x,
        e * xy + f * yy + y,
    )
