"""A sheet to draw on: boxes, rules and lines of text, as SVG. Lengths are millimetres.

Built as a tree, so that no name of a unit can end an element.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from organisations.text import writable
from reports.paper.drawings import FILLS, Tone
from reports.paper.measuring import MM_PER_POINT, width_of

INK, QUIET, OUTLINE, PALE, HATCH = "#000", "#555", "#444", "#CCC", "#C98F8A"
THICK, THIN = "0.2", "0.15"
EDGE = 0.2  # around all: half an outline lies outside what it outlines
HATCH_STEP = 1.6
MIDDLE = 0.35  # of the size of a letter: how far it stands under the middle of its line
CLEAR = 0.6  # left and right of a word on a hatched ground


class Canvas:
    """`width` is that of what is drawn; how high it gets is told at the end."""

    def __init__(self, width: float):
        self.width = width
        self._root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})

    def svg(self, height: float, alt: str) -> str:
        """As it stands in the HTML. WeasyPrint makes the `title` the alternate text of a tagged
        PDF."""
        wide, high = self.width + 2 * EDGE, height + 2 * EDGE
        self._root.set("width", f"{wide:g}mm")
        self._root.set("height", f"{high:g}mm")
        self._root.set("viewBox", f"{-EDGE:g} {-EDGE:g} {wide:g} {high:g}")
        title = Element("title")
        title.text = plain(alt)
        self._root.insert(0, title)
        return tostring(self._root, encoding="unicode")

    def box(self, left: float, top: float, width: float, height: float, tone: Tone) -> None:
        look = {"fill": f"#{FILLS[tone]}", "stroke": OUTLINE, "stroke-width": THICK}
        if tone == Tone.UNKNOWN:
            look["stroke-dasharray"] = "0.7 0.5"
        if tone == Tone.ABSENT:
            look["stroke"] = PALE
        self._rectangle(left, top, width, height, look)
        if tone == Tone.UNMET:
            self._hatch(left, top, width, height)

    def rule(self, top: float) -> None:
        self._line(0, top, self.width, top, "#BBB")

    def text(
        self,
        text: str,
        left: float,
        middle: float,
        points: float,
        *,
        room: float = 0,
        bold: bool = False,
        italic: bool = False,
        anchor: str = "start",
        ink: str = INK,
        ground: Tone | None = None,
    ) -> None:
        """One line around the height `middle`. What is longer than its `room` is set smaller,
        never cut; on a hatched ground it keeps a clear place."""
        said = plain(text)
        if not said:
            return
        length = width_of(said, points, bold=bold)
        if room and length > room:
            points, length = points * room / length, room
        size = points * MM_PER_POINT
        if ground == Tone.UNMET:
            begin = left - {"start": 0.0, "middle": length / 2, "end": length}[anchor]
            place = (begin - CLEAR, middle - size / 2, length + 2 * CLEAR, size)
            self._rectangle(*place, {"fill": f"#{FILLS[ground]}"})
        look = {
            "x": _mm(left),
            "y": _mm(middle + MIDDLE * size),
            "font-family": "Tinos",
            "font-size": f"{size:.3f}",
            "fill": ink,
            "text-anchor": anchor,
        }
        if bold:
            look["font-weight"] = "bold"
        if italic:
            look["font-style"] = "italic"
        SubElement(self._root, "text", look).text = said

    def _rectangle(
        self, left: float, top: float, width: float, height: float, look: dict[str, str]
    ) -> None:
        place = {"x": _mm(left), "y": _mm(top), "width": _mm(width), "height": _mm(height)}
        SubElement(self._root, "rect", place | look)

    def _hatch(self, left: float, top: float, width: float, height: float) -> None:
        """Slanting lines, each cut off at the edges of the box."""
        reach = HATCH_STEP
        while reach < width + height:
            self._line(
                left + min(reach, width),
                top + max(0.0, reach - width),
                left + max(0.0, reach - height),
                top + min(reach, height),
                HATCH,
            )
            reach += HATCH_STEP

    def _line(self, x1: float, y1: float, x2: float, y2: float, colour: str) -> None:
        ends = {"x1": _mm(x1), "y1": _mm(y1), "x2": _mm(x2), "y2": _mm(y2)}
        SubElement(self._root, "line", ends | {"stroke": colour, "stroke-width": THIN})


def plain(text: str) -> str:
    """What XML can hold; a line of a drawing never breaks, so its spaces need no tying."""
    return "".join(letter for letter in writable(text).replace("\xa0", " ") if letter >= " ")


def _mm(value: float) -> str:
    return f"{value:.2f}"
