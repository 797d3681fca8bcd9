"""What the figures (hình) of a paper draw, as plain data: bars, a heat map, a map of tiles.

Each is laid out twice, as SVG for the PDF (`svg`) and as a table for Word (`word.drawings`), with
the same words and numbers. A colour never stands alone: every tone has a mark, or a shade and an
outline of its own, and what is not known is drawn as such, never as nothing or zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Tone(StrEnum):
    """How an answer is coloured; darker is better, so that a grey print keeps the order."""

    LEVEL_3 = "level-3"
    LEVEL_2 = "level-2"
    LEVEL_1 = "level-1"
    MET = "met"
    UNMET = "unmet"  # hatched as well
    SPARED = "spared"
    UNKNOWN = "unknown"  # with a broken outline
    ABSENT = "absent"  # takes no part; pale


# As on the board (`static/css/board.css`), without "#".
FILLS = {
    Tone.LEVEL_3: "86ACDC",
    Tone.LEVEL_2: "BDD4EF",
    Tone.LEVEL_1: "E7EFF9",
    Tone.MET: "F4F2EC",
    Tone.UNMET: "FBEEEC",
    Tone.SPARED: "FFFFFF",
    Tone.UNKNOWN: "FFFFFF",
    Tone.ABSENT: "F7F7F7",
}


@dataclass(frozen=True)
class Sign:
    """One answer: its tone, the mark that tells it apart without colour, and its words."""

    tone: Tone
    mark: str
    label: str


@dataclass(frozen=True)
class Bar:
    """A row of bars: how often each sign occurs. With `state` there is nothing to count yet."""

    label: str
    counts: tuple[tuple[Sign, int], ...] = ()
    notes: tuple[str, ...] = ()  # what stands behind it, a text for each of the titles
    state: str = ""

    @property
    def total(self) -> int:
        return sum(number for _, number in self.counts)

    def count_of(self, sign: Sign) -> int:
        return dict(self.counts).get(sign, 0)


@dataclass(frozen=True)
class Bars:
    """Numbers stand in the parts, so that the legend has no marks to be taken for numbers."""

    title: str  # of the labels
    signs: tuple[Sign, ...]  # in the order of the legend
    bars: tuple[Bar, ...]
    note_titles: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[Sign, ...]:
        """The signs that occur."""
        return _used(self.signs, (sign for bar in self.bars for sign, n in bar.counts if n))

    @property
    def said(self) -> list[str]:
        texts = [self.title, *self.note_titles]
        for bar in self.bars:
            numbers = [str(n) for sign in self.key if (n := bar.count_of(sign))]
            texts += filter(None, [bar.label, *numbers, bar.state, *bar.notes])
        return [*texts, *(sign.label for sign in self.key)]

    @property
    def alt(self) -> str:
        lines = []
        for bar in self.bars:
            counted = [f"{sign.label} {n}" for sign in self.key if (n := bar.count_of(sign))]
            notes = [
                f"{title} {note}" for title, note in zip(self.note_titles, bar.notes, strict=False)
            ]
            lines.append(_line(bar.label, [*counted, bar.state, *notes]))
        return " ".join(lines)


@dataclass(frozen=True)
class HeatRow:
    """With `state` there are no cells yet."""

    label: str
    cells: tuple[Sign, ...]
    end: Sign
    state: str = ""


@dataclass(frozen=True)
class HeatMap:
    title: str  # of the labels
    columns: tuple[str, ...]
    end_title: str
    signs: tuple[Sign, ...]
    rows: tuple[HeatRow, ...]

    @property
    def key(self) -> tuple[Sign, ...]:
        return _used(self.signs, (sign for row in self.rows for sign in (*row.cells, row.end)))

    @property
    def said(self) -> list[str]:
        texts = [self.title, *self.columns, self.end_title]
        for row in self.rows:
            marks = [sign.mark for sign in row.cells]
            texts += filter(None, [row.label, *marks, row.state, row.end.mark])
        return [*texts, *(sign.label for sign in self.key)]

    @property
    def alt(self) -> str:
        """By sign what has it: shorter to listen to than cell after cell."""
        lines = []
        for row in self.rows:
            grouped = [
                f"{sign.label} {', '.join(codes)}"
                for sign in self.key
                if (
                    codes := [c for c, s in zip(self.columns, row.cells, strict=False) if s == sign]
                )
            ]
            end = f"{self.end_title} {row.end.label}"
            lines.append(_line(row.label, [*grouped, row.state, end]))
        return " ".join(lines)


@dataclass(frozen=True)
class Tile:
    """Counted from 1, from the top left."""

    name: str
    row: int
    column: int
    sign: Sign


@dataclass(frozen=True)
class TileMap:
    signs: tuple[Sign, ...]
    tiles: tuple[Tile, ...]  # in reading order

    @property
    def key(self) -> tuple[Sign, ...]:
        return _used(self.signs, (tile.sign for tile in self.tiles))

    @property
    def rows(self) -> int:
        return max(tile.row for tile in self.tiles)

    @property
    def columns(self) -> int:
        return max(tile.column for tile in self.tiles)

    @property
    def said(self) -> list[str]:
        texts = [text for tile in self.tiles for text in (tile.name, tile.sign.mark) if text]
        return [*texts, *(sign.label for sign in self.key)]

    @property
    def alt(self) -> str:
        return " ".join(
            _line(sign.label, [", ".join(tile.name for tile in self.tiles if tile.sign == sign)])
            for sign in self.key
        )


Drawing: TypeAlias = Bars | HeatMap | TileMap


def _used(signs: Iterable[Sign], found: Iterable[Sign]) -> tuple[Sign, ...]:
    seen = set(found)
    return tuple(sign for sign in signs if sign in seen)


def _line(label: str, texts: Iterable[str]) -> str:
    return f"{label}: {'; '.join(text for text in texts if text)}."
