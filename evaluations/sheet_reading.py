"""A unit's own sheet (phiếu tự chấm), understood: points per item, their sum, the rating.

A sheet is a flat mapping of texts, as typed: `points-1.1`, `explanation-1.1`, and `rating` with
`explanation-whole` where the unit claims its rating. What was sent is kept in the trail in the
same shape, so that one function reads a draft and a sheet of last year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from criteria.numbers import UnclearNumber, show_number
from criteria.points import Item, PointRule, RatingBand, Total
from evaluations.models import SheetItem
from evaluations.unit_sheets import WHOLE

RATING = "rating"


def points_name(code: str) -> str:
    return f"points-{code}"


def explanation_name(code: str) -> str:
    return f"explanation-{code}"


@dataclass(frozen=True)
class SheetLine:
    """One item of the sheet: what was typed, and the points that it means."""

    item: Item
    typed: str
    explanation: str
    points: Fraction | None
    problem: str

    @property
    def code(self) -> str:
        return self.item.code

    @property
    def shown(self) -> str:
        """ "8,5"; nothing where there are no points."""
        return "" if self.points is None else show_number(self.points)

    @property
    def maximum(self) -> str:
        return "" if self.item.maximum is None else show_number(Fraction(self.item.maximum))

    @property
    def sign(self) -> str:
        if self.problem:
            return "unmet"
        return "empty" if self.points is None else "accept"


@dataclass(frozen=True)
class SheetGroup:
    """A criterion of the point set with its items; or one that is an item itself."""

    item: Item
    lines: tuple[SheetLine, ...]

    @property
    def has_parts(self) -> bool:
        return not self.item.is_scored

    @property
    def maximum(self) -> str:
        return "" if self.item.maximum is None else show_number(Fraction(self.item.maximum))

    @property
    def shown(self) -> str:
        """The points of its items so far."""
        given = [line.points for line in self.lines if line.points is not None]
        return show_number(sum(given, Fraction(0))) if given else ""


@dataclass(frozen=True)
class Sheet:
    """Everything that a sheet says. Nothing is left out because something else is missing."""

    rule: PointRule
    lines: tuple[SheetLine, ...]
    claimed: RatingBand | None
    explanation: str

    @property
    def asks_points(self) -> bool:
        return self.rule.has_points

    @property
    def asks_rating(self) -> bool:
        """The unit claims its rating, where no score could say it."""
        return not (self.rule.has_points and self.rule.has_bands)

    @cached_property
    def total(self) -> Total:
        given = {line.code: line.points for line in self.lines if line.points is not None}
        return self.rule.total(given)

    @property
    def score(self) -> Fraction | None:
        """Of a complete sheet: a part of the points is no score."""
        return self.total.points if self.asks_points and self.total.is_complete else None

    @property
    def shown_total(self) -> str:
        return show_number(self.total.points)

    @property
    def rating(self) -> RatingBand | None:
        """What the points so far get, or what is claimed."""
        if self.asks_rating:
            return self.claimed
        return self.rule.classify(self.total.points) if self.has_points else None

    @property
    def has_points(self) -> bool:
        return any(line.points is not None for line in self.lines)

    @property
    def done(self) -> int:
        return sum(line.points is not None for line in self.lines)

    @property
    def problems(self) -> dict[str, str]:
        return {line.code: line.problem for line in self.lines if line.problem}

    @property
    def missing(self) -> tuple[str, ...]:
        """The items without points, and without anything typed that could become some."""
        if not self.asks_points:
            return ()
        return tuple(line.code for line in self.lines if line.points is None and not line.problem)

    @property
    def is_complete(self) -> bool:
        return not self.lacks

    @cached_property
    def lacks(self) -> tuple[str, ...]:
        """What keeps the sheet from being sent, one sentence each."""
        found = []
        if self.missing:
            found.append(f"Còn {len(self.missing)} mục chưa có điểm: {', '.join(self.missing)}.")
        if self.problems:
            found.append(f"Điểm chưa tính được ở mục {', '.join(self.problems)}: sửa chỗ báo đỏ.")
        if self.asks_rating and self.claimed is None:
            found.append("Chưa chọn loại tự xếp.")
        if self.asks_rating and not self.explanation.strip():
            found.append("Chưa ghi căn cứ tự xếp loại.")
        return tuple(found)

    @property
    def distance(self) -> str:
        """ "Thêm 8 điểm nữa là Khá."; nothing at the top, or where points decide nothing."""
        if self.asks_rating or not self.has_points:
            return ""
        better = [
            band
            for band in self.rule.ratings
            if band.minimum is not None and Fraction(band.minimum) > self.total.points
        ]
        if not better:
            return ""
        band = better[-1]
        more = show_number(Fraction(band.minimum) - self.total.points)
        return f"Thêm {more} điểm nữa là {band.label}."

    @cached_property
    def groups(self) -> tuple[SheetGroup, ...]:
        """The criteria in their order, each with its items."""
        lines = {line.code: line for line in self.lines}
        return tuple(
            SheetGroup(
                top,
                tuple(
                    lines[item.code]
                    for item in self.rule.items
                    if item.code in lines and top.code in self._above(item)
                ),
            )
            for top in self.rule.items
            if not top.parent
        )

    def _above(self, item: Item) -> set[str]:
        """The codes of the item itself and of everything that it is a part of."""
        codes = {item.code}
        while item.parent:
            item = self.rule.item(item.parent)
            codes.add(item.code)
        return codes


def read_sheet(rule: PointRule, values: Mapping[str, str]) -> Sheet:
    """Understand a sheet; what cannot be understood is a problem beside its item."""
    claimed = values.get(RATING, "")
    bands = {band.code: band for band in rule.ratings}
    return Sheet(
        rule=rule,
        lines=tuple(_read_line(rule, item, values) for item in rule.scored_items),
        claimed=bands.get(claimed),
        explanation=values.get(explanation_name(WHOLE), ""),
    )


def stored_sheet(rule: PointRule, items: Iterable[SheetItem]) -> Sheet:
    return read_sheet(rule, values_of(rule, items))


def field_names(rule: PointRule) -> tuple[str, ...]:
    """Every field that the sheet of this rule asks for."""
    codes = [item.code for item in rule.scored_items]
    names = [explanation_name(code) for code in codes]
    if rule.has_points:
        names += [points_name(code) for code in codes]
    if not (rule.has_points and rule.has_bands):
        names += [RATING, explanation_name(WHOLE)]
    return tuple(names)


def values_of(rule: PointRule, items: Iterable[SheetItem]) -> dict[str, str]:
    """The sheet as stored, flat and as text."""
    stored = {item.code: item for item in items}

    def value(name: str) -> str:
        code, field = place_of(name)
        return getattr(stored[code], field) if code in stored else ""

    return {name: value(name) for name in field_names(rule)}


def place_of(name: str) -> tuple[str, str]:
    """Where a field is kept: the code of its row, and the column there."""
    if name == RATING:
        return WHOLE, "points"
    field, _, code = name.partition("-")
    return code, field


def _read_line(rule: PointRule, item: Item, values: Mapping[str, str]) -> SheetLine:
    typed = values.get(points_name(item.code), "").strip()
    explanation = values.get(explanation_name(item.code), "")
    if not typed or not rule.has_points:
        return SheetLine(item, typed, explanation, None, "")
    try:
        points = rule.read_points(typed, item.maximum)
    except UnclearNumber as unclear:
        return SheetLine(item, typed, explanation, None, str(unclear))
    return SheetLine(item, typed, explanation, points, "")
