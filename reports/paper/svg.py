"""A drawing as SVG: vector, its words real text in the font of the paper."""

from collections.abc import Callable, Sequence
from typing import Any

from reports.paper.canvas import EDGE, INK, QUIET, Canvas
from reports.paper.drawings import Bars, Drawing, HeatMap, Sign, TileMap, Tone
from reports.paper.measuring import width_of

# As wide as the text of an upright page; on a page across it stands in the middle.
WIDTH = 162.0 - 2 * EDGE
HALF = 122.0 - 2 * EDGE  # two side by side on a page across
SIZE, SMALL, LARGE = 10.0, 8.5, 13.0  # points
LINE, HEAD, GAP = 6.0, 5.5, 2.0  # a row, the row of titles, between things side by side
BAR = 4.6  # of a row, for the bar
SWATCH = 6.0
TILE_HEIGHT, TILE_GAP = 13.0, 0.8
LONGEST_LABEL = 48.0


def drawing_svg(drawing: Drawing, alt: str, *, is_half: bool = False) -> str:
    """The element as it stands in the HTML; `alt` tells the figure to who does not see it."""
    canvas = Canvas(HALF if is_half else WIDTH)
    top = _DRAWN[type(drawing)](canvas, drawing) + GAP
    return canvas.svg(_key(canvas, drawing, top), alt)


def _bars(canvas: Canvas, given: Bars) -> float:
    """Labels, bars on one scale, and behind them the notes; returns where it ends."""
    labels = _label_width([given.title, *(bar.label for bar in given.bars)])
    columns = _note_columns(canvas, given)
    left, right = labels + GAP, canvas.width - sum(width for _, width in columns)
    most = max((bar.total for bar in given.bars), default=0)
    canvas.text(given.title, 0, HEAD / 2, SMALL, room=labels, bold=True)
    for title, (middle, width) in zip(given.note_titles, columns, strict=True):
        canvas.text(title, middle, HEAD / 2, SMALL, room=width, bold=True, anchor="middle")
    for place, bar in enumerate(given.bars):
        top = HEAD + place * LINE
        line = top + LINE / 2
        canvas.rule(top)
        canvas.text(bar.label, 0, line, SIZE, room=labels)
        canvas.text(bar.state, left, line, SMALL, room=right - left, italic=True)
        parts = [(sign, number) for sign in given.key if (number := bar.count_of(sign))]
        each = (right - left - GAP) / most if most else 0.0
        _bar(canvas, parts, left, line, each)
        for note, (middle, width) in zip(bar.notes, columns, strict=False):
            canvas.text(note, middle, line, SIZE, room=width, anchor="middle")
    bottom = HEAD + len(given.bars) * LINE
    canvas.rule(bottom)
    return bottom


def _bar(
    canvas: Canvas, parts: Sequence[tuple[Sign, int]], left: float, line: float, each: float
) -> None:
    """Every number has room to stand in its part, however small that is; the larger give way."""
    least = [width_of(str(number), SMALL) + 1.5 for _, number in parts]
    above = [max(0.0, each * n - room) for (_, n), room in zip(parts, least, strict=True)]
    free = max(0.0, each * sum(number for _, number in parts) - sum(least))
    scale = free / sum(above) if sum(above) else 0.0
    for (sign, number), room, more in zip(parts, least, above, strict=True):
        width = room + more * scale
        canvas.box(left, line - BAR / 2, width, BAR, sign.tone)
        middle = left + width / 2
        canvas.text(str(number), middle, line, SMALL, anchor="middle", ground=sign.tone)
        left += width


def _heat_map(canvas: Canvas, given: HeatMap) -> float:
    labels = _label_width([given.title, *(row.label for row in given.rows)])
    end = width_of(given.end_title, SMALL, bold=True) + GAP
    left, right = labels + GAP, canvas.width - end
    each = (right - left) / len(given.columns)
    canvas.text(given.title, 0, HEAD / 2, SMALL, room=labels, bold=True)
    for place, title in enumerate(given.columns):
        middle = left + (place + 0.5) * each
        canvas.text(title, middle, HEAD / 2, SMALL, room=each, bold=True, anchor="middle")
    canvas.text(
        given.end_title, canvas.width - end / 2, HEAD / 2, SMALL, bold=True, anchor="middle"
    )
    for number, row in enumerate(given.rows):
        top = HEAD + number * LINE
        canvas.text(row.label, 0, top + LINE / 2, SIZE, room=labels)
        for place, sign in enumerate(row.cells):
            _marked(canvas, sign, left + place * each, top, each, LINE)
        if row.state:
            canvas.box(left, top, right - left, LINE, Tone.UNKNOWN)
            canvas.text(row.state, left + GAP, top + LINE / 2, SMALL, italic=True)
        _marked(canvas, row.end, right, top, end, LINE)
    return HEAD + len(given.rows) * LINE


def _tile_map(canvas: Canvas, given: TileMap) -> float:
    width, height = canvas.width / given.columns, TILE_HEIGHT
    for tile in given.tiles:
        left, top, tone = (tile.column - 1) * width, (tile.row - 1) * height, tile.sign.tone
        canvas.box(left, top, width - TILE_GAP, height - TILE_GAP, tone)
        ink = QUIET if tone == Tone.ABSENT else INK
        room = width - 3
        canvas.text(tile.name, left + 1.2, top + 3.2, SIZE, room=room, ink=ink, ground=tone)
        end = left + width - TILE_GAP - 1.4
        line = top + height * 2 / 3
        canvas.text(tile.sign.mark, end, line, LARGE, bold=True, anchor="end", ground=tone)
    return given.rows * height


_DRAWN: dict[type, Callable[[Canvas, Any], float]] = {
    Bars: _bars,
    HeatMap: _heat_map,
    TileMap: _tile_map,
}


def _key(canvas: Canvas, drawing: Drawing, top: float) -> float:
    """What the tones and marks mean, on as many lines as it takes; returns where it ends.

    In bars stand numbers: a mark in the legend would be taken for one.
    """
    left = 0.0
    for sign in drawing.key:
        width = SWATCH + 1.2 + width_of(sign.label, SMALL) + 4
        if left and left + width > canvas.width:
            left, top = 0.0, top + LINE
        if isinstance(drawing, Bars):
            canvas.box(left, top + 0.5, SWATCH, LINE - 1, sign.tone)
        else:
            _marked(canvas, sign, left, top + 0.5, SWATCH, LINE - 1, SMALL)
        canvas.text(sign.label, left + SWATCH + 1.2, top + LINE / 2, SMALL)
        left += width
    return top + LINE


def _marked(
    canvas: Canvas,
    sign: Sign,
    left: float,
    top: float,
    width: float,
    height: float,
    size: float = SIZE,
) -> None:
    canvas.box(left, top, width, height, sign.tone)
    canvas.text(
        sign.mark,
        left + width / 2,
        top + height / 2,
        size,
        room=width,
        bold=sign.tone == Tone.UNMET,
        anchor="middle",
        ground=sign.tone,
    )


def _label_width(labels: Sequence[str]) -> float:
    return min(LONGEST_LABEL, max(width_of(label, SIZE, bold=True) for label in labels))


def _note_columns(canvas: Canvas, given: Bars) -> list[tuple[float, float]]:
    """The middle and the width of each column of notes, the last one at the right edge."""
    widths = []
    for place, title in enumerate(given.note_titles):
        notes = [width_of(bar.notes[place], SIZE) for bar in given.bars if bar.notes]
        widths.append(GAP + max([width_of(title, SMALL, bold=True), *notes]))
    edges = [canvas.width - sum(widths[place:]) for place in range(len(widths))]
    return [(edge + width / 2, width) for edge, width in zip(edges, widths, strict=True)]
