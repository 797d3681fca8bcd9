"""How a frozen level and a frozen change read in a table."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from criteria.measures import Measure
from criteria.numbers import NBSP
from reports.tables import Cell, count, text

PRACTICE_MARK = "Số liệu tập huấn"  # boxed on every page of a practice round
EQUATION = re.compile(r"(?<=\d) = (?=\d)")
OPEN = "Chưa xác định"
POINTS = f"{NBSP}điểm{NBSP}%"
MANY = 30  # districts: as many as the largest provinces have
FIRST = 10  # of more than that


def level_cell(determination: dict[str, Any]) -> Cell:
    if determination["is_recognised"]:
        return count(determination["level"])
    return text(OPEN if is_open(determination) else "Chưa đạt")


def is_open(determination: dict[str, Any]) -> bool:
    """Nothing is concluded yet; the stored sentence is the only witness of it."""
    return determination["sentence"].startswith(OPEN)


def change_unit(unit: str, shown: str) -> str:
    """A share that fell by so many points; read as a part of last year it has its % already."""
    return POINTS if unit == "percent" and not shown.endswith("%") else ""


def listed(said: Sequence[str], between: str) -> str:
    """All of them; of more than any province has, the first few and how many more there are."""
    if len(said) <= MANY:
        return between.join(said)
    return f"{between.join(said[:FIRST])} và {len(said) - FIRST} đơn vị khác"


def unbroken(sentence: str) -> str:
    """ "28/30 = 93,3 %" stays on one line."""
    return EQUATION.sub(f"{NBSP}={NBSP}", sentence)


class CannotRender(Exception):
    """There is no file; the message is for the person who ordered the report."""


def figure_of(figure: str, measure: Mapping[str, Any] | None) -> str:
    """A frozen figure with its unit and the names of its parts; without a measure as it is."""
    return Measure.from_data(measure).figure_in_full(figure) if measure else figure


def said_of(column: dict[str, Any], measure: Mapping[str, Any] | None) -> str:
    """ "23/30 = 76,7 % (Mức 1)", "Đạt": one column of an indicator in full."""
    figure, shown = column["figure"], column["shown"]
    is_equation = "/" in figure and shown
    said = f"{figure} = {shown}" if is_equation else figure_of(figure, measure) or shown
    word = column["mark"]["word"]
    return f"{said} ({word})" if said else word


class NothingToSay(Exception):
    """The report would be empty; the text says why, to the person who ordered it."""
