"""A ruled table in Word: its head on every page, no row broken, boxes over several places."""

from typing import Any, TypeAlias

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.simpletypes import ST_Merge
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from reports.paper.grids import Align, Box, Grid, GridRow
from reports.paper.word.elements import add, describe, margins, repeat, say, shade, whole
from reports.paper.word.styles import ALIGNED

GREY = "F0F0F0"
STYLE = "Trong bảng"
SIDE, SIDE_DENSE = 1.4, 0.5  # millimetres beside the text of a cell, as `report-print.css` has it
# Column → columns and rows that a box from above takes there.
Covered: TypeAlias = dict[int, tuple[int, int]]


def write_grid(made: Any, grid: Grid, width: float) -> Any:
    """The table, at the end of the document, as wide as the text: `width` in millimetres.

    Cells are reached through their row: the table itself counts all of its cells for each one
    that it is asked for.
    """
    total = sum(column.width for column in grid.columns)
    table = made.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margins(table, SIDE_DENSE if grid.is_dense else SIDE)
    describe(table, grid.summary)
    head = table.rows[0]
    for given, column, cell in zip(grid.columns, table.columns, head.cells, strict=True):
        # Rows that are added take it over from the column.
        column.width = cell.width = Mm(width * given.width / total)
    _head(head, grid)
    style = made.styles[STYLE].style_id
    covered: Covered = {}
    for row in grid.rows:
        covered = _write_row(table, row, grid.size, style, covered)
    return table


def _write_row(table: Any, row: GridRow, size: float, style: str, covered: Covered) -> Covered:
    """One row under the others; gives what its boxes, and those from above, cover below it."""
    added = table.add_row()
    whole(added)
    cells = added._tr.tc_lst
    boxes, below, place = iter(row.boxes), {}, 0
    while place < len(cells):
        cell = cells[place]
        if place in covered:
            columns, rows = covered[place]
            cell.vMerge = ST_Merge.CONTINUE
        else:
            given = next(boxes, Box(""))
            columns, rows = given.columns, given.rows
            _fill(_Cell(cell, table), given, size, style, stays=row.stays_with_next)
            if rows > 1:
                cell.vMerge = ST_Merge.RESTART
        if rows > 1:
            below[place] = (columns, rows - 1)
        _take_over(cell, cells[place + 1 : place + columns])
        place += columns
    return below


def _take_over(cell: Any, others: list[Any]) -> None:
    """The cells to its right, with their room."""
    if others:
        cell.width = Length(sum(each.width for each in [cell, *others]))
        cell.grid_span = len(others) + 1
    for each in others:
        each.getparent().remove(each)


def _head(row: Any, grid: Grid) -> None:
    for cell, column in zip(row.cells, grid.columns, strict=True):
        line = add(cell, column.title, STYLE, size=grid.size, bold=True)
        line.alignment = ALIGNED[Align.CENTRE]
        shade(cell, GREY if column.is_shaded else "")
    repeat(row)
    whole(row)


def _fill(cell: _Cell, given: Box, size: float, style: str, *, stays: bool) -> None:
    line = Paragraph(cell._tc.p_lst[0], cell)
    line._p.style = style  # looked up once for the table
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
