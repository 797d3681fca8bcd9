"""A drawing as SVG: vector, its words real text in the font of the paper.

Lengths are millimetres, as the view box is. The `title` is what WeasyPrint puts into the tagged
PDF as alternate text. Built as a tree, so that no name of a unit can end an element.
"""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from reports.paper.drawings import FILLS, Bar, Bars, Drawing, HeatMap, Sign, TileMap, Tone
from reports.paper.measuring import MM_PER_POINT, width_of

WIDTH = 161.6  # with its edges that of an upright page; a page across has it in its middle
EDGE = 0.2  # half an outline lies outside what it outlines
INK, QUIET, OUTLINE, HATCH = "#000", "#555", "#444", "#C98F8A"
SIZE, SMALL = 10.0, 8.5  # points
LINE = 6.0  # from one row to the next
HEAD = 5.5
GAP = 2.0
SWATCH = 6.0
TILE_HEIGHT = 13.0
TILE_GAP = 0.8
LONGEST_LABEL = 48.0
BASE = 0.35  # of the size of a letter: how far under the middle of a line it stands


def drawing_svg(drawing: Drawing, alt: str) -> str:
    """The element as it stands in the HTML; `alt` says the figure to who does not see it."""
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    SubElement(root, "title").text = plain(alt)
    bottom = _key(root, drawing.key, _DRAWN[type(drawing)](root, drawing) + GAP)
    root.set("width", f"{WIDTH + 2 * EDGE:g}mm")
    root.set("height", f"{bottom + 2 * EDGE:g}mm")
    root.set("viewBox", f"{-EDGE:g} {-EDGE:g} {WIDTH + 2 * EDGE:g} {bottom + 2 * EDGE:g}")
    return tostring(root, encoding="unicode")


def plain(text: str) -> str:
    """What XML can hold; a line of a drawing never breaks, so its spaces need no tying."""
    return "".join(letter for letter in text.replace("\xa0", " ") if letter >= " ")


def _bars(root: Element, given: Bars) -> float:
    """Every number has room to stand in its part of the bar, however small that part is."""
    labels = _label_width([given.title, *(bar.label for bar in given.bars)])
    widths = _note_widths(given)
    left, right = labels + GAP, WIDTH - sum(widths)
    most = max((bar.total for bar in given.bars), default=0)
    _text(root, given.title, 0, HEAD / 2, SMALL, room=labels, bold=True)
    edges = [right + sum(widths[: place + 1]) for place in range(len(widths))]
    for title, edge, width in zip(given.note_titles, edges, widths, strict=True):
        _text(
            root, title, edge - width / 2, HEAD / 2, SMALL, room=width, bold=True, anchor="middle"
        )
    for place, bar in enumerate(given.bars):
        top = HEAD + place * LINE
        _rule(root, top)
        _text(root, bar.label, 0, top + LINE / 2, SIZE, room=labels)
        if bar.state:
            _text(root, bar.state, left, top + LINE / 2, SMALL, room=right - left, italic=True)
        _bar(root, bar, given.key, left, top, (right - left - GAP) / most if most else 0)
        for note, edge, width in zip(bar.notes, edges, widths, strict=False):
            _text(root, note, edge - width / 2, top + LINE / 2, SIZE, room=width, anchor="middle")
    bottom = HEAD + len(given.bars) * LINE
    _rule(root, bottom)
    return bottom


def _bar(
    root: Element, bar: Bar, key: tuple[Sign, ...], left: float, top: float, each: float
) -> None:
    parts = [(sign, number) for sign in key if (number := bar.count_of(sign))]
    least = [width_of(str(number), SMALL) + 1.5 for _, number in parts]
    free = max(0.0, each * bar.total - sum(least))
    wanted = [
        max(0.0, each * number - room) for (_, number), room in zip(parts, least, strict=True)
    ]
    scale = free / sum(wanted) if sum(wanted) else 0
    for (sign, number), room, more in zip(parts, least, wanted, strict=True):
        width = room + more * scale
        _box(root, left, top + 0.7, width, LINE - 1.4, sign.tone)
        _text(
            root, str(number), left + width / 2, top + LINE / 2, SMALL, room=width, anchor="middle"
        )
        left += width


def _heat_map(root: Element, given: HeatMap) -> float:
    labels = _label_width([given.title, *(row.label for row in given.rows)])
    end = width_of(given.end_title, SMALL, bold=True) + GAP
    left = labels + GAP
    each = (WIDTH - left - end) / len(given.columns)
    right = left + each * len(given.columns)
    _text(root, given.title, 0, HEAD / 2, SMALL, room=labels, bold=True)
    for place, title in enumerate(given.columns):
        middle = left + (place + 0.5) * each
        _text(root, title, middle, HEAD / 2, SMALL, room=each, bold=True, anchor="middle")
    _text(root, given.end_title, WIDTH - end / 2, HEAD / 2, SMALL, bold=True, anchor="middle")
    for number, row in enumerate(given.rows):
        top = HEAD + number * LINE
        _text(root, row.label, 0, top + LINE / 2, SIZE, room=labels)
        for place, sign in enumerate(row.cells):
            _marked(root, sign, left + place * each, top, each, LINE)
        if row.state:
            _box(root, left, top, right - left, LINE, Tone.UNKNOWN)
            _text(root, row.state, left + 1.5, top + LINE / 2, SMALL, italic=True)
        _marked(root, row.end, right, top, end, LINE)
    return HEAD + len(given.rows) * LINE


def _tile_map(root: Element, given: TileMap) -> float:
    width, height = WIDTH / given.columns, TILE_HEIGHT
    for tile in given.tiles:
        left, top = (tile.column - 1) * width, (tile.row - 1) * height
        is_absent = tile.sign.tone == Tone.ABSENT
        _box(root, left, top, width - TILE_GAP, height - TILE_GAP, tile.sign.tone)
        ink = QUIET if is_absent else INK
        _text(root, tile.name, left + 1.2, top + 3.2, SIZE, room=width - 3, ink=ink)
        end = left + width - TILE_GAP - 1.4
        _text(root, tile.sign.mark, end, top + 8.9, 13, bold=True, anchor="end")
    return given.rows * height


_DRAWN: dict[type, Callable[[Element, Any], float]] = {
    Bars: _bars,
    HeatMap: _heat_map,
    TileMap: _tile_map,
}


def _key(root: Element, signs: tuple[Sign, ...], top: float) -> float:
    """What the tones and marks mean, in as many lines as it takes; returns where it ends."""
    left = 0.0
    for sign in signs:
        width = SWATCH + 1.2 + width_of(sign.label, SMALL) + 4
        if left and left + width > WIDTH:
            left, top = 0.0, top + LINE
        _marked(root, sign, left, top + 0.5, SWATCH, LINE - 1, SMALL)
        _text(root, sign.label, left + SWATCH + 1.2, top + LINE / 2, SMALL)
        left += width
    return top + LINE


def _marked(
    root: Element,
    sign: Sign,
    left: float,
    top: float,
    width: float,
    height: float,
    size: float = SIZE,
) -> None:
    _box(root, left, top, width, height, sign.tone)
    middle, line = left + width / 2, top + height / 2
    is_bad = sign.tone == Tone.UNMET
    _text(root, sign.mark, middle, line, size, room=width, bold=is_bad, anchor="middle")


def _box(root: Element, left: float, top: float, width: float, height: float, tone: Tone) -> None:
    place = {"x": left, "y": top, "width": width, "height": height}
    look = {"fill": f"#{FILLS[tone]}", "stroke": OUTLINE, "stroke-width": "0.2"}
    if tone == Tone.ABSENT:
        look |= {"stroke": "#999", "stroke-dasharray": "1 1"}
    SubElement(root, "rect", {key: f"{value:.2f}" for key, value in place.items()} | look)
    if tone == Tone.UNMET:
        _hatch(root, left, top, width, height)


def _hatch(root: Element, left: float, top: float, width: float, height: float) -> None:
    """Slanting lines, each cut off at the edges of the box."""
    reach = 0.0
    while (reach := reach + 1.6) < width + height:
        ends = {
            "x1": left + min(reach, width),
            "y1": top + max(0.0, reach - width),
            "x2": left + max(0.0, reach - height),
            "y2": top + min(reach, height),
        }
        look = {"stroke": HATCH, "stroke-width": "0.15"}
        SubElement(root, "line", {key: f"{value:.2f}" for key, value in ends.items()} | look)


def _rule(root: Element, top: float) -> None:
    ends = {"x1": "0", "x2": f"{WIDTH:g}", "y1": f"{top:.2f}", "y2": f"{top:.2f}"}
    SubElement(root, "line", ends | {"stroke": "#BBB", "stroke-width": "0.15"})


def _text(
    root: Element,
    text: str,
    left: float,
    middle: float,
    points: float,
    *,
    room: float = WIDTH,
    bold: bool = False,
    italic: bool = False,
    anchor: str = "start",
    ink: str = INK,
) -> None:
    """One line; what is too long for its room is set smaller, never cut."""
    said = plain(text)
    if not said:
        return
    points *= min(1.0, room / max(width_of(said, points, bold=bold), 0.01))
    size = points * MM_PER_POINT
    look = {
        "x": f"{left:.2f}",
        "y": f"{middle + BASE * size:.2f}",
        "font-family": "Tinos",
        "font-size": f"{size:.3f}",
        "fill": ink,
        "text-anchor": anchor,
    }
    if bold:
        look["font-weight"] = "bold"
    if italic:
        look["font-style"] = "italic"
    SubElement(root, "text", look).text = said


def _label_width(labels: list[str]) -> float:
    return min(LONGEST_LABEL, max(width_of(label, SIZE, bold=True) for label in labels))


def _note_widths(given: Bars) -> list[float]:
    return [
        GAP + max([width_of(title, SMALL, bold=True), *(width_of(note, SIZE) for note in notes)])
        for title, notes in (
            (title, [bar.notes[place] for bar in given.bars if bar.notes])
            for place, title in enumerate(given.note_titles)
        )
    ]
