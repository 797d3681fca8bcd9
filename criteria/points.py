"""Points and ratings (điểm, xếp loại): exact, of any point set, free of Django and the database.

A set is data (`PointRule`). `read_points` understands what was typed, `total` adds up a sheet,
`classify` says which rating a score gets: the first, from the best down, that it reaches. Where
the law's points or bands are not known they are None, "left open", and nothing is computed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from criteria.numbers import NBSP, UnclearNumber, decimal_places, parse_number, show_number

PLACES = 2  # half and quarter points are given; thousandths are a slip
CODE = re.compile(r"[1-9][0-9]?(?:\.[1-9][0-9]?)?")  # a criterion "3", a part of it "3.2"


@dataclass(frozen=True)
class Item:
    """A criterion or a part of one. `maximum` None: left open."""

    code: str
    text: str
    maximum: Decimal | None
    parent: str = ""
    is_scored: bool = True  # has no parts of its own
    is_remainder: bool = False  # stands for parts whose text nobody could confirm

    @property
    def shown_maximum(self) -> str:
        """ "12,5"; nothing while it is left open."""
        return "" if self.maximum is None else _shown(self.maximum)


def arranged(items: Iterable[Item]) -> tuple[Item, ...]:
    """In the order of their codes, each part under its criterion: "3.2" belongs to "3".

    Raises ValueError for a code that is none.
    """
    for item in (rows := list(items)):
        if not CODE.fullmatch(item.code):
            raise ValueError(f"mã mục “{item.code}” không đúng dạng 3 hoặc 3.2")
    parents = {parent_of(item.code) for item in rows}
    return tuple(
        replace(item, parent=parent_of(item.code), is_scored=item.code not in parents)
        for item in sorted(rows, key=lambda item: [int(part) for part in item.code.split(".")])
    )


def parent_of(code: str) -> str:
    return code.rpartition(".")[0]


def read_points(text: str, limit: Decimal | Fraction | int) -> Fraction:
    """The number typed, from nought to `limit`.

    Raises UnclearNumber with a Vietnamese sentence that says what to do.
    """
    number = parse_number(text)
    if number > limit:
        shown = show_number(Fraction(limit))
        raise UnclearNumber(f"{show_number(number)} lớn hơn điểm tối đa {shown}.")
    places = decimal_places(number)
    if places is None or places > PLACES:
        raise UnclearNumber(f"Ghi điểm với nhiều nhất {PLACES} chữ số thập phân.")
    return number


@dataclass(frozen=True)
class RatingBand:
    """A rating and the points from which it is given; None: left open."""

    code: str
    label: str
    minimum: Decimal | None
    is_good_or_better: bool


@dataclass(frozen=True)
class Total:
    """A sheet added up: the points given so far and the items still without points."""

    points: Fraction
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class PointRule:
    """A point set as the arithmetic sees it; ratings from the best down."""

    maximum: int
    items: tuple[Item, ...]
    ratings: tuple[RatingBand, ...]

    @cached_property
    def scored_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_scored)

    @property
    def has_points(self) -> bool:
        """Every item has its maximum, so a sheet can be filled in."""
        return bool(self.scored_items) and all(
            item.maximum is not None for item in self.scored_items
        )

    @property
    def has_bands(self) -> bool:
        """Every rating has its beginning, so a score has a rating."""
        return bool(self.ratings) and all(band.minimum is not None for band in self.ratings)

    def item(self, code: str) -> Item:
        return next(item for item in self.items if item.code == code)

    def rating(self, code: str) -> RatingBand:
        return next(band for band in self.ratings if band.code == code)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """Those whose points nobody could confirm yet."""
        return tuple(item for item in self.items if item.maximum is None)

    @cached_property
    def ranges(self) -> tuple[tuple[RatingBand, str], ...]:
        """Every rating with its scores in words: "từ 70 đến dưới 85"; empty while left open."""
        if not self.has_bands:
            return tuple((band, "") for band in self.ratings)
        found, above = [], None
        for band in self.ratings:
            begins = _shown(band.minimum or 0)
            if above is None:
                said = f"từ {begins} đến {_shown(self.maximum)}"
            elif band.minimum:
                said = f"từ {begins} đến dưới {_shown(above)}"
            else:
                said = f"dưới {_shown(above)}"
            found.append((band, said))
            above = band.minimum
        return tuple(found)

    def read_points(self, text: str, maximum: Decimal | int | None = None) -> Fraction:
        """The number typed, from nought to `maximum` (of the whole set where it is not given)."""
        return read_points(text, self.maximum if maximum is None else maximum)

    def total(self, points: Mapping[str, Fraction]) -> Total:
        """The sheet's sum; `points` by the codes of scored items, others are ignored."""
        given = [item.code for item in self.scored_items if item.code in points]
        missing = tuple(item.code for item in self.scored_items if item.code not in points)
        return Total(sum((points[code] for code in given), Fraction(0)), missing)

    def classify(self, score: Fraction) -> RatingBand | None:
        """The rating of a score; None while the set's bands are left open."""
        if not self.has_bands:
            return None
        for band in self.ratings:
            assert band.minimum is not None
            if score >= Fraction(band.minimum):
                return band
        return None

    def problems(self) -> list[str]:
        """What is wrong with the set itself, in Vietnamese; empty for one that may be used.

        Left open is not wrong: what is asked is that everything known fits together.
        """
        return self._problems_of_codes() or [
            *self._problems_of_sums(),
            *self._problems_of_bands(),
        ]

    def _problems_of_codes(self) -> list[str]:
        if not self.items:
            return ["Biểu điểm chưa có mục nào."]
        counts = Counter(item.code for item in self.items)
        found = [f"Mã {code} có {count} lần." for code, count in counts.items() if count > 1]
        return found + [
            f"Mục {item.code} chưa có tiêu chí {item.parent} để đứng dưới."
            for item in self.items
            if item.parent and item.parent not in counts
        ]

    def _problems_of_sums(self) -> list[str]:
        found = [
            f"Mục {item.code}: điểm tối đa phải lớn hơn 0, hoặc để trống khi chưa rõ."
            for item in self.items
            if item.maximum is not None and item.maximum <= 0
        ]
        top = [item for item in self.items if not item.parent]
        found += _sum_problems("Cả biểu điểm", top, Decimal(self.maximum))
        for item in self.items:
            parts = [part for part in self.items if part.parent == item.code]
            if parts:
                found += _sum_problems(f"Tiêu chí {item.code}", parts, item.maximum)
        return found

    def _problems_of_bands(self) -> list[str]:
        found = []
        if any(
            worse.is_good_or_better and not better.is_good_or_better
            for better, worse in zip(self.ratings, self.ratings[1:], strict=False)
        ):
            found.append("Xếp loại từ Khá trở lên phải đứng trên các xếp loại khác.")
        minimums = [band.minimum for band in self.ratings if band.minimum is not None]
        if not minimums:
            return found
        if len(minimums) < len(self.ratings):
            return [*found, "Ghi điểm bắt đầu của mọi xếp loại, hoặc để trống tất cả."]
        if any(low >= high for high, low in zip(minimums, minimums[1:], strict=False)):
            found.append("Xếp loại cao hơn phải bắt đầu từ điểm cao hơn.")
        if minimums[0] > self.maximum:
            found.append(f"Xếp loại cao nhất bắt đầu trên tổng điểm {self.maximum}.")
        if minimums[-1] != 0:
            found.append("Xếp loại thấp nhất phải bắt đầu từ 0 điểm.")
        return found


def _sum_problems(name: str, parts: list[Item], wanted: Decimal | None) -> list[str]:
    """Of parts some of which may be left open, in a whole that may be left open too."""
    known = [part.maximum for part in parts if part.maximum is not None]
    added = sum(known, Decimal(0))
    if len(known) == len(parts):
        if wanted is None:
            return [f"{name}: đã rõ điểm mọi mục con, ghi điểm tối đa là {_shown(added)}."]
        if added == wanted:
            return []
        sums = " + ".join(_shown(each) for each in known)
        wanted_sum = f"{_shown(wanted)}{NBSP}điểm"
        return [f"{name}: {sums} = {_shown(added)}, phải bằng {wanted_sum}."]
    if wanted is not None and known and added >= wanted:
        return [
            f"{name}: các mục đã ghi cộng được {_shown(added)}{NBSP}điểm, "
            "không còn điểm cho mục để trống."
        ]
    return []


def _shown(points: Decimal | int) -> str:
    return show_number(Fraction(points))
