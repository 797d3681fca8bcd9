"""Boxes over several rows and columns, as Word itself counts cells."""

import docx.table
import pytest
from docx import Document

from reports.paper.grids import Box, Grid, GridColumn, GridRow
from reports.paper.word.grids import write_grid
from reports.paper.word.styles import styles

COLUMNS = tuple(GridColumn(title, width) for title, width in zip("ABCD", (1, 2, 3, 4), strict=True))


@pytest.fixture
def document():
    made = Document()
    styles(made)
    return made


def test_boxes_lie_over_the_places_that_they_take(document):
    rows = (
        GridRow((Box("a", rows=3), Box("b", columns=2, rows=2), Box("c"))),
        GridRow((Box("d"),)),
        GridRow((Box("e"), Box("f", columns=2))),
        GridRow((Box("g"),)),
    )

    table = write_grid(document, Grid(COLUMNS, rows), 100)

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["A", "B", "C", "D"],
        ["a", "b", "b", "c"],
        ["a", "b", "b", "d"],
        ["a", "e", "f", "f"],
        ["g", "", "", ""],
    ]
    widths = [[round(cell.width.mm) for cell in row.cells] for row in table.rows]
    assert widths[0] == widths[4] == [10, 20, 30, 40]
    assert widths[1] == widths[2] == [10, 50, 50, 40]
    assert widths[3] == [10, 20, 70, 70]


def test_no_row_costs_more_for_those_above_it(document, monkeypatch):
    """Word's table finds a cell by counting all of them: 700 districts would take hours."""

    def counted(table):
        raise AssertionError("all cells of the table were counted")

    monkeypatch.setattr(docx.table.Table, "_cells", property(counted))
    rows = (GridRow((Box("a", rows=2), Box("b", columns=3))), GridRow((Box("c"),)))

    table = write_grid(document, Grid(COLUMNS, rows), 100)

    assert len(table.rows) == 3


def test_no_page_begins_or_ends_with_a_single_row():
    def sizes(count):
        rows = tuple(GridRow((Box(str(place)), Box(""))) for place in range(count))
        return [len(group.rows) for group in Grid(COLUMNS[:2], rows).groups]

    assert [sizes(count) for count in (0, 1, 2, 3, 4, 6)] == [
        [],
        [1],
        [2],
        [3],
        [2, 2],
        [2, 1, 1, 2],
    ]
