"""One table for both formats: the PDF prints `shown`, the workbook stores `value`.

A cell is made once, from frozen content, so that the two can never say different things.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import timezone

from criteria.numbers import MINUS, NBSP, show_number
from reports.days import short

WHOLE = "#,##0"
PERCENT = '" "%'  # with the space that stands before it in print
Value = str | int | Fraction | date | None


class Cell(NamedTuple):
    """What is printed, and what a workbook calculates with. A tuple, since there are very many."""

    shown: str
    value: Value
    unit: str = ""  # the end of `shown`, where it is a word and not a percent sign

    @property
    def number_format(self) -> str:
        """As many decimals as are printed: one decimal must not contradict the verdict."""
        if isinstance(self.value, datetime):
            return "dd/mm/yyyy hh:mm"
        if isinstance(self.value, date):
            return "dd/mm/yyyy"
        if isinstance(self.value, int):
            return WHOLE
        shown = self.shown.removesuffix(self.unit)
        digits = shown.removesuffix("%").removesuffix(NBSP).partition(",")[2]
        is_percent = shown.endswith("%")
        whole = "0" if is_percent else WHOLE
        pattern = f"{whole}.{'0' * len(digits)}" if digits else ("0.0" if is_percent else whole)
        pattern += PERCENT if is_percent else ""
        pattern += f'"{self.unit}"' if self.unit else ""
        has_sign = shown[:1] in ("+", MINUS)
        return f"+{pattern};{MINUS}{pattern};{pattern}" if has_sign else pattern


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    cell: Callable[[dict[str, Any]], Cell]
    width: int  # in the workbook, in characters
    is_mixed: bool = False  # words and numbers: all of them begin at the left


@dataclass(frozen=True)
class Table:
    """Rows of plain data and the columns that read them."""

    title: str
    columns: tuple[Column, ...]
    data: list[dict[str, Any]]
    has_filter: bool = True
    kept: int = 0  # columns that stay in sight while the others are scrolled
    charted: tuple[str, ...] = ()  # keys of counts, drawn under the table by its first column

    @property
    def rows(self) -> list[dict[str, Cell]]:
        return [{column.key: column.cell(row) for column in self.columns} for row in self.data]


def facts(title: str, pairs: Iterable[tuple[str, Cell]]) -> Table:
    """A sheet of what is said once, each with its name; what is empty is left out."""
    rows = [{"label": label, "cell": cell} for label, cell in pairs if cell.shown]
    return Table(title, FACT_COLUMNS, rows, has_filter=False)


def text(value: str | None) -> Cell:
    return Cell(value or "", value or None)


@lru_cache(maxsize=4096)  # few counts differ, and each is written in exact arithmetic
def count(value: int | None) -> Cell:
    return Cell("", None) if value is None else Cell(show_number(value), value)


def measured(value: str | None, shown: str, unit: str = "") -> Cell:
    """An exact number kept as "20/26", beside the words that it is shown by."""
    return text(shown + unit) if value is None else Cell(shown + unit, exact(value), unit)


def exact(value: str) -> Fraction:
    """ "20/26" as the number; Fraction's own reading of a text takes three times as long."""
    part, stroke, whole = value.partition("/")
    return Fraction(int(part), int(whole)) if stroke else Fraction(value)


def day(iso: str | None) -> Cell:
    if not iso:
        return Cell("", None)
    value = date.fromisoformat(iso)
    return Cell(short(value), value)


def moment(value: datetime) -> Cell:
    """A time with its zone, as the clock here shows it: a workbook knows no zones."""
    here = timezone.localtime(value).replace(tzinfo=None)
    return Cell(f"{here:%H:%M %d/%m/%Y}", here)


FACT_COLUMNS = (
    Column("label", "Mục", lambda row: text(row["label"]), 26),
    Column("cell", "Nội dung", lambda row: row["cell"], 100, is_mixed=True),
)
