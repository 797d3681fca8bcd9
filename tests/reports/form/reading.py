"""A PDF as a reader meets it: lines with their place, size and font, under the tags that hold them.

Read from the produced file alone; nothing is known of HTML.
Lengths are millimetres from the left and from the top of the page, sizes points.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

from tests.reports.form.drawing import MM, Drawing, Font, Piece, Rule

SAME_LINE = 0.4  # millimetres between baselines
MANY = 200  # points of a path
BLOCKS = {"P", "H1", "H2", "H3", "H4", "TD", "TH", "Caption", "Figure"}


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
        drawn = Drawing(number, float(given.mediabox.height))
        self._draw(drawn, given.get_contents(), given["/Resources"])
        return Page(
            number,
            float(given.mediabox.width) / MM,
            float(given.mediabox.height) / MM,
            tuple(drawn.pieces),
            tuple(drawn.rules),
            drawn.strokes > MANY,
        )

    def _draw(self, drawn: "Drawing", content: Any, resources: Any) -> None:
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
