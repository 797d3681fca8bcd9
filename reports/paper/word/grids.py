"""A ruled table in Word: its head on every page, no row broken, boxes over several places."""

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt
from docx.table import _Cell

from reports.paper.parts import Align, Box, Grid, GridRow
from reports.paper.word.elements import add, describe, repeat, say, shade, whole
from reports.paper.word.styles import ALIGNED

GREY = "F0F0F0"


def write_grid(made: Any, grid: Grid, width: float) -> Any:
    """The table, at the end of the document, as wide as the text: `width` in millimetres."""
    total = sum(column.width for column in grid.columns)
    table = made.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    describe(table, grid.summary)
    _head(table.rows[0], grid)
    taken: set[tuple[int, int]] = set()
    wide: list[tuple[int, int, Box]] = []
    for number, row in enumerate(grid.rows, start=1):
        added = table.add_row()
        whole(added)
        cells = added.cells
        for place, given in _places(row, number, taken):
            _fill(cells[place], given, grid.size, row.stays_with_next)
            if given.columns > 1 or given.rows > 1:
                wide.append((number, place, given))
    for column, each in zip(grid.columns, table.columns, strict=True):
        each.width = Mm(width * column.width / total)
        for cell in each.cells:
            cell.width = each.width
    for number, place, given in wide:
        last = table.cell(number + given.rows - 1, place + given.columns - 1)
        table.cell(number, place).merge(last)
    return table


def _places(row: GridRow, number: int, taken: set[tuple[int, int]]) -> list[tuple[int, Box]]:
    """Each box with the column it begins at; what boxes from above cover is passed over."""
    places, place = [], 0
    for given in row.boxes:
        while (number, place) in taken:
            place += 1
        places.append((place, given))
        taken |= {
            (number + down, place + right)
            for down in range(given.rows)
            for right in range(given.columns)
        }
        place += given.columns
    return places


def _head(row: Any, grid: Grid) -> None:
    for cell, column in zip(row.cells, grid.columns, strict=True):
        line = add(cell, column.title, "Trong bảng", size=grid.size, bold=True)
        line.alignment = ALIGNED[Align.CENTRE]
        shade(cell, GREY if column.is_shaded else "")
    repeat(row)
    whole(row)


def _fill(cell: _Cell, given: Box, size: float, stays: bool) -> None:
    line = add(cell, "", "Trong bảng")
    if given.lead:
        lead = say(line, f"{given.lead} ")
        lead.italic, lead.font.size = True, Pt(size)
    before = len(line.runs)
    say(line, given.text)
    for run in line.runs[before:]:
        run.bold, run.font.size = given.is_strong or None, Pt(size)
    line.alignment = ALIGNED[given.align]
    line.paragraph_format.keep_with_next = stays or None
    shade(cell, GREY if given.is_shaded else "")
