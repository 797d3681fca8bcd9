"""A PDF as a reader meets it: lines with their place, size and font, under the tags that hold them.

Read from the produced file alone, with the widths of the embedded fonts; nothing is known of HTML.
Lengths are millimetres from the left and from the top of the page, sizes points.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ByteStringObject, ContentStream, TextStringObject

MM = 72 / 25.4
SAME_LINE = 0.4  # millimetres between baselines
MANY = 200  # points of a path
THIN = 1.0  # millimetres: whatever is thinner is a rule
BFCHAR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
BLOCKS = {"P", "H1", "H2", "H3", "H4", "TD", "TH", "Caption", "Figure"}


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
class Line:
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces).strip()

    @property
    def page(self) -> int:
        return self.pieces[0].page

    @property
    def base(self) -> float:
        return self.pieces[0].base

    @property
    def left(self) -> float:
        return min(piece.left for piece in self.pieces)

    @property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces if piece.text.strip())

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def looks(self) -> set[tuple[str, float]]:
        """The fonts and sizes in it."""
        return {(piece.font, piece.size) for piece in self.pieces if piece.text.strip()}


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


@dataclass
class Element:
    """A tag: "P", "H1", "Table", "TR", "TD" …, with what it holds."""

    tag: str
    kids: list["Element"] = field(default_factory=list)
    own: list[Piece] = field(default_factory=list)
    alt: str = ""

    def walk(self) -> Iterator["Element"]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def all(self, *tags: str) -> list["Element"]:
        return [each for each in self.walk() if each.tag in tags]

    @property
    def pieces(self) -> list[Piece]:
        """All that is drawn, but for spaces alone."""
        return [piece for each in self.walk() for piece in each.own if piece.text.strip()]

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.pieces)

    @property
    def text(self) -> str:
        return " ".join(" ".join(line.text for line in self.lines).split())

    @property
    def pages(self) -> set[int]:
        return {piece.page for piece in self.pieces}


@dataclass(frozen=True)
class Page:
    number: int  # from 0
    width: float
    height: float
    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    has_drawing: bool  # in the margins: the QR code

    @property
    def is_landscape(self) -> bool:
        return self.width > self.height


class Sheets:
    """The whole file; `blocks` are its paragraphs, headings and cells in reading order."""

    def __init__(self, content: bytes):
        self.reader = PdfReader(BytesIO(content))
        self._fonts: dict[int, Font] = {}
        self.pages = [self._page(number) for number in range(len(self.reader.pages))]

    @property
    def root(self) -> Any:
        return self.reader.trailer["/Root"]

    @property
    def fonts(self) -> list["Font"]:
        return list(self._fonts.values())

    @cached_property
    def tree(self) -> Element:
        places = {page.indirect_reference.idnum: n for n, page in enumerate(self.reader.pages)}
        marked: dict[tuple[int, int], list[Piece]] = defaultdict(list)
        for piece in (piece for page in self.pages for piece in page.pieces):
            marked[piece.page, piece.mark].append(piece)

        def element(given: Any) -> Element:
            made = Element(str(given["/S"])[1:], alt=str(given.get("/Alt", "")))
            page = places[given.raw_get("/Pg").idnum] if "/Pg" in given else None
            for kid in given.get("/K", []):
                kid = kid.get_object()
                if isinstance(kid, int):
                    made.own += marked[page, int(kid)]
                elif kid.get("/Type") == "/StructElem":
                    made.kids.append(element(kid))
            return made

        return element(self.root["/StructTreeRoot"]["/K"][0].get_object())

    @cached_property
    def blocks(self) -> list[Element]:
        return [each for each in self.tree.all(*BLOCKS) if each.pieces]

    @cached_property
    def body(self) -> list[list[Line]]:
        """The lines of each page's text."""
        return self._lines(self.tree.pieces)

    @cached_property
    def margins(self) -> list[list[Line]]:
        """What stands around it: the page number, the stamp, the marks."""
        text = set(self.tree.pieces)
        drawn = [piece for page in self.pages for piece in page.pieces]
        return self._lines([piece for piece in drawn if piece not in text])

    @property
    def text(self) -> str:
        return " ".join(block.text for block in self.blocks)

    def _lines(self, pieces: list[Piece]) -> list[list[Line]]:
        lines = lines_of([piece for piece in pieces if piece.text.strip()])
        return [[line for line in lines if line.page == page.number] for page in self.pages]

    def _page(self, number: int) -> Page:
        given = self.reader.pages[number]
        drawn = _Drawing(number, float(given.mediabox.height))
        self._draw(drawn, given.get_contents(), given["/Resources"])
        return Page(
            number,
            float(given.mediabox.width) / MM,
            float(given.mediabox.height) / MM,
            tuple(drawn.pieces),
            tuple(drawn.rules),
            drawn.strokes > MANY,
        )

    def _draw(self, drawn: "_Drawing", content: Any, resources: Any) -> None:
        fonts = resources.get("/Font", {})
        drawn.fonts = {name: self._font(fonts.raw_get(name)) for name in fonts}
        for operands, operator in ContentStream(content, self.reader).operations:
            if operator == b"Do":
                outer = drawn.fonts
                form = resources["/XObject"][operands[0]]
                self._draw(drawn, form, form["/Resources"])
                drawn.fonts = outer
            else:
                drawn.take(operator, operands)

    def _font(self, reference: Any) -> "Font":
        key = reference.idnum
        if key not in self._fonts:
            self._fonts[key] = Font(reference.get_object())
        return self._fonts[key]


def lines_of(pieces: list[Piece]) -> list[Line]:
    """From top to bottom, page by page; pieces on one baseline are one line."""
    ordered = sorted(pieces, key=lambda piece: (piece.page, round(piece.base, 1), piece.left))
    lines: list[list[Piece]] = []
    for piece in ordered:
        last = lines[-1][-1] if lines else None
        if last and last.page == piece.page and abs(last.base - piece.base) < SAME_LINE:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [Line(tuple(sorted(line, key=lambda piece: piece.left))) for line in lines]


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


class _Drawing:
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
