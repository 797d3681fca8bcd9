"""A ruled table of an official paper, as plain data: boxes in rows, rows that no page parts."""

from dataclasses import dataclass, replace
from enum import StrEnum

MANY_COLUMNS = 12


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Box:
    """A cell of a grid. `lead` stands before the text in italics: “Thuyết minh:”."""

    text: str
    align: Align = Align.LEFT
    is_strong: bool = False
    columns: int = 1
    rows: int = 1
    lead: str = ""
    is_shaded: bool = False


@dataclass(frozen=True)
class GridRow:
    """Boxes from left to right; one that spans rows is not repeated in the next row.

    `stays_with_next` ties the row to the one below it on the same page; no row is ever broken.
    """

    boxes: tuple[Box, ...]
    stays_with_next: bool = False

    @property
    def is_title(self) -> bool:
        return len(self.boxes) == 1


@dataclass(frozen=True)
class Group:
    """Rows of a grid that no page parts."""

    rows: tuple[GridRow, ...]
    stays_with_next: bool


@dataclass(frozen=True)
class GridColumn:
    title: str
    width: float  # of the widths together, its part is what counts
    is_shaded: bool = False


@dataclass(frozen=True)
class Grid:
    """A ruled table: its head is repeated on every page.

    No page has a single row of it: the first stays with the second, the last with that above it.
    """

    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    size: float = 12  # points
    summary: str = ""  # what it holds, for a reader who does not see it
    stays_with_next: bool = False  # its last rows, with what stands under it

    def __post_init__(self) -> None:
        tied = {0, len(self.rows) - 2} if len(self.rows) > 1 else set()
        rows = tuple(
            replace(row, stays_with_next=True) if place in tied else row
            for place, row in enumerate(self.rows)
        )
        object.__setattr__(self, "rows", rows)

    @property
    def is_dense(self) -> bool:
        """So many columns that a page which lies across has no room to spare beside their text."""
        return len(self.columns) > MANY_COLUMNS

    @property
    def groups(self) -> list["Group"]:
        """Rows that stay on one page, in order; a title over the whole width begins its own."""
        groups: list[list[GridRow]] = [[]]
        for row in self.rows:
            groups[-1].append(row)
            if not row.stays_with_next or row.is_title:
                groups.append([])
        return [Group(tuple(group), group[-1].stays_with_next) for group in groups if group]

    @property
    def said(self) -> list[str]:
        heads = [column.title for column in self.columns]
        boxes = [box for row in self.rows for box in row.boxes]
        return heads + [text for box in boxes for text in (box.lead, box.text) if text]
