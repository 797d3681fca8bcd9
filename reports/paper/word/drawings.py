"""A figure in Word: a table to go on with, coloured as the drawing, and its caption."""

from collections.abc import Callable
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt

from reports.paper.drawings import FILLS, Bars, HeatMap, Sign, TileMap, Tone
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import Figure
from reports.paper.svg import WIDTH
from reports.paper.word.elements import (
    add,
    describe,
    margins,
    numbered_by_word,
    outline,
    say,
    shade,
    whole,
)
from reports.paper.word.grids import write_grid
from reports.paper.word.styles import ALIGNED

SIZE = 9.5
LABEL, END, MARGIN = 30.0, 16.0, 0.5  # millimetres
AROUND = Pt(8)


def write_figure(made: Any, figure: Figure, width: float) -> None:
    """At the end of the document; `width` is that of the text, in millimetres."""
    for line in made.paragraphs[-1:]:
        line.paragraph_format.space_after = AROUND
    table = _WRITTEN[type(figure.drawing)](made, figure, min(width, WIDTH))
    for row in table.rows:
        for cell in row.cells:
            for line in cell.paragraphs:
                line.paragraph_format.keep_with_next = True
    if not isinstance(figure.drawing, Bars):  # whose head says what is counted
        key = made.add_paragraph(style="Ghi chú")
        say(key, "; ".join(_explained(sign) for sign in figure.drawing.key) + ".")
        key.paragraph_format.keep_with_next = True
    caption = made.add_paragraph(style="Caption")
    say(caption, "Hình ")
    numbered_by_word(caption, "Hình", figure.number)
    say(caption, figure.caption.removeprefix(f"Hình {figure.number}"))
    caption.paragraph_format.space_after = AROUND


def _explained(sign: Sign) -> str:
    return f"{sign.mark or 'ô không ghi mức'}: {sign.label}"


def _bars(made: Any, figure: Figure, width: float) -> Any:
    drawing: Bars = figure.drawing
    key = drawing.key
    columns = (
        GridColumn(drawing.title, LABEL),
        *(GridColumn(sign.label, END) for sign in key),
        *(GridColumn(title, END) for title in drawing.note_titles),
    )
    notes = len(drawing.note_titles)
    rows = []
    for bar in drawing.bars:
        counts = [Box(str(bar.count_of(sign) or ""), Align.CENTRE) for sign in key]
        if bar.state and key:
            counts = [Box(bar.state, columns=len(key))]
        behind = [Box(note, Align.CENTRE) for note in (*bar.notes, *[""] * notes)[:notes]]
        rows.append(GridRow((Box(bar.label), *counts, *behind)))
    table = write_grid(made, Grid(columns, tuple(rows), SIZE, figure.alt), width)
    for place, sign in enumerate(key, start=1):
        for row, bar in zip(table.rows, (None, *drawing.bars), strict=True):
            if bar is None or bar.count_of(sign):
                shade(row.cells[place], FILLS[sign.tone])
    return table


def _heat_map(made: Any, figure: Figure, width: float) -> Any:
    drawing: HeatMap = figure.drawing
    each = (width - LABEL - END) / len(drawing.columns)
    columns = (
        GridColumn(drawing.title, LABEL),
        *(GridColumn(title, each) for title in drawing.columns),
        GridColumn(drawing.end_title, END),
    )
    rows = []
    for row in drawing.rows:
        cells = [Box(sign.mark, Align.CENTRE) for sign in row.cells]
        if row.state:
            cells = [Box(row.state, columns=len(drawing.columns))]
        rows.append(GridRow((Box(row.label), *cells, Box(row.end.mark, Align.CENTRE))))
    table = write_grid(made, Grid(columns, tuple(rows), SIZE - 1, figure.alt), width)
    margins(table, MARGIN)  # a code of six signs has one line
    for written, row in zip(table.rows[1:], drawing.rows, strict=True):
        cells = written.cells
        for cell, sign in zip(cells[1:], row.cells, strict=False):
            shade(cell, FILLS[sign.tone])
        shade(cells[-1], FILLS[row.end.tone])
    return table


def _tile_map(made: Any, figure: Figure, width: float) -> Any:
    drawing: TileMap = figure.drawing
    table = made.add_table(rows=drawing.rows, cols=drawing.columns, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    describe(table, figure.alt)
    taken = {(tile.row, tile.column) for tile in drawing.tiles}
    for number, row in enumerate(table.rows, start=1):
        whole(row)
        for place, cell in enumerate(row.cells, start=1):
            cell.width = Mm(width / drawing.columns)
            add(cell, "", "Trong bảng")
            outline(cell, "single" if (number, place) in taken else "nil")
    for tile in drawing.tiles:
        cell = table.cell(tile.row - 1, tile.column - 1)
        add(cell, tile.name, "Trong bảng", size=SIZE)
        if tile.sign.tone != Tone.ABSENT:
            mark = cell.add_paragraph(style="Trong bảng")
            say(mark, tile.sign.mark).bold = True
            mark.alignment = ALIGNED[Align.RIGHT]
        shade(cell, FILLS[tile.sign.tone])
    return table


_WRITTEN: dict[type, Callable[[Any, Figure, float], Any]] = {
    Bars: _bars,
    HeatMap: _heat_map,
    TileMap: _tile_map,
}
