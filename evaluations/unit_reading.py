"""What a keeper types about one unit, understood: the same for the grid, the form and Excel.

`read_line` turns texts into values and says per field what is wrong. Points, rating and the
reason for differing from the unit's own sheet stand or fall together: while one of them is
unclear there is no rating, so nothing doubtful is ever counted.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from criteria.models import Rating
from criteria.numbers import UnclearNumber, show_number
from criteria.points import PointRule, RatingBand
from evaluations.models import UnitResult
from evaluations.unit_sheets import SheetStatus
from organisations.text import nfc

# As they stand in the form, in the grid and in the workbook, in this order.
FIELDS = (
    "in_scope",
    "exclusion_reason",
    "self_score",
    "self_rating",
    "score",
    "rating",
    "decision_number",
    "decision_on",
    "correction_reason",
)
IN_SCOPE, OUT_OF_SCOPE = "Có", "Không"
LENGTHS = {"exclusion_reason": 300, "decision_number": 100, "correction_reason": 500}
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class UnclearDate(ValueError):
    """What was typed is no day; the message says what to type."""


@dataclass(frozen=True)
class OwnSheet:
    """What the unit itself sent, with which a confirmation is compared."""

    score: Decimal | None
    rating: str  # its code


class LineReading(NamedTuple):
    """The values of a line by field, ratings by code; and what is wrong, by field."""

    values: dict[str, Any]
    problems: dict[str, str]


def read_line(
    typed: Mapping[str, str],
    *,
    rule: PointRule,
    year: int,
    today: date,
    sheet: OwnSheet | None = None,
) -> LineReading:
    """Understand one line. `typed` has a text for each of `FIELDS`; what is absent is empty.

    A field with a problem has an empty value, and so has the rating while its points are unclear.
    What the unit sent of itself (`sheet`) stands, whatever is typed.
    """
    texts = {name: _one_line(typed.get(name, "")) for name in FIELDS}
    return LineReader(rule=rule, year=year, today=today).read(texts, sheet)


class LineReader:
    """`read_line` for many lines of one rule and year: what repeats is understood once."""

    def __init__(self, *, rule: PointRule, year: int, today: date):
        self.rule = rule
        self.year = year
        self.today = today
        self._ratings: dict[tuple[str, str], _RatingReading] = {}
        self._days: dict[str, tuple[date | None, str]] = {}

    def read(self, texts: Mapping[str, str], sheet: OwnSheet | None = None) -> LineReading:
        """`texts` has every field, in NFC and on one line."""
        problems: dict[str, str] = {}
        values: dict[str, Any] = {}
        for name, length in LENGTHS.items():
            text = values[name] = texts[name]
            if len(text) > length:
                problems[name] = f"Dài {len(text)} chữ; ô này chứa được {length}."
        values["in_scope"] = _read_scope(texts, problems)
        values["decision_on"] = self._read_day(texts["decision_on"], problems)
        for score_name, rating_name in (("self_score", "self_rating"), ("score", "rating")):
            found = self._read_rating(texts[score_name], texts[rating_name])
            values[score_name], values[rating_name] = found.score, found.rating
            if found.score_problem:
                problems[score_name] = found.score_problem
            if found.rating_problem:
                problems[rating_name] = found.rating_problem
        if sheet is not None:
            self._compare(texts, values, sheet, problems)
        if problems:
            _empty_what_is_unclear(values, problems)
        if sheet is not None:
            values |= {"self_score": sheet.score, "self_rating": sheet.rating}
        return LineReading(values, problems)

    def _read_day(self, text: str, problems: dict[str, str]) -> date | None:
        if text not in self._days:
            self._days[text] = _read_decision_date(text, self.year, self.today)
        day, problem = self._days[text]
        if problem:
            problems["decision_on"] = problem
        return day

    def _read_rating(self, score: str, rating: str) -> "_RatingReading":
        if (score, rating) not in self._ratings:
            self._ratings[score, rating] = _read_rating(score, rating, self.rule)
        return self._ratings[score, rating]

    def _compare(
        self,
        texts: Mapping[str, str],
        values: Mapping[str, Any],
        sheet: OwnSheet,
        problems: dict[str, str],
    ) -> None:
        """With what the unit sent: that is not changed here, and to differ has a reason."""
        own = {"self_score": sheet.score, "self_rating": sheet.rating}
        if any(texts[name] and (name in problems or values[name] != own[name]) for name in own):
            problems["self_score"] = (
                f"Đơn vị đã gửi phiếu tự chấm ({_shown_sheet(sheet, self.rule)}); không sửa ở đây."
            )
        if _differs(values, sheet) and not texts["correction_reason"]:
            problems["correction_reason"] = (
                f"Khác với đơn vị tự chấm ({_shown_sheet(sheet, self.rule)}): ghi lý do điều chỉnh."
            )


@dataclass(frozen=True)
class _RatingReading:
    """Points and the code of a rating, and what is wrong with either."""

    score: Decimal | None
    rating: str
    score_problem: str = ""
    rating_problem: str = ""


def _empty_what_is_unclear(values: dict[str, Any], problems: Mapping[str, str]) -> None:
    if problems.keys() & {"score", "rating", "correction_reason"}:
        values["rating"] = ""
    if problems.keys() & {"self_score", "self_rating"}:
        values["self_rating"] = ""
    for name in problems.keys() & {"score", "self_score"}:
        values[name] = None
    for name in problems.keys() & LENGTHS.keys():
        values[name] = ""


def shown_values(values: Mapping[str, Any], rule: PointRule) -> dict[str, str]:
    """What a page shows once the values of a reading are stored."""
    self_rating, rating = (
        rule.rating(values[name]).label if values[name] else ""
        for name in ("self_rating", "rating")
    )
    decided_on = values["decision_on"]
    return {
        "in_scope": IN_SCOPE if values["in_scope"] else OUT_OF_SCOPE,
        "exclusion_reason": values["exclusion_reason"],
        "self_score": shown_points(values["self_score"]),
        "self_rating": self_rating,
        "score": shown_points(values["score"]),
        "rating": rating,
        "decision_number": values["decision_number"],
        "decision_on": f"{decided_on:%d/%m/%Y}" if decided_on else "",
        "correction_reason": values["correction_reason"],
    }


def shown_line(result: UnitResult) -> dict[str, str]:
    """What a page shows in each field: what is stored, or the text that could not be taken."""
    stored = {
        "in_scope": IN_SCOPE if result.in_scope else OUT_OF_SCOPE,
        "exclusion_reason": result.exclusion_reason,
        "self_score": shown_points(result.self_score),
        "self_rating": result.self_rating.label if result.self_rating else "",
        "score": shown_points(result.score),
        "rating": result.rating.label if result.rating else "",
        "decision_number": result.decision_number,
        "decision_on": f"{result.decision_on:%d/%m/%Y}" if result.decision_on else "",
        "correction_reason": result.correction_reason,
    }
    return stored | {name: text for name, text in result.unread.items() if name in stored}


def shown_points(points: Decimal | None) -> str:
    """ "84,5"; nothing where there are none."""
    return "" if points is None else show_number(Fraction(points))


def result_words(score: Decimal | None, rating: Rating | None) -> str:
    """ "84,5 điểm, Khá"; nothing without a rating."""
    if rating is None:
        return ""
    return rating.label if score is None else f"{shown_points(score)} điểm, {rating.label}"


def own_sheet(result: UnitResult) -> OwnSheet | None:
    """What the unit sent; None while it has not, or took it back."""
    if result.sheet_status not in {SheetStatus.SUBMITTED, SheetStatus.CONFIRMED}:
        return None
    return OwnSheet(result.self_score, result.self_rating.code if result.self_rating else "")


def read_date(text: str) -> date:
    """A day as Vietnamese officers write it. Raises UnclearDate."""
    found = _DATE.fullmatch(text)
    if found:
        day, month, year = map(int, found.groups())
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        raise UnclearDate(f"“{text[:30]}” không phải ngày. Ghi theo dạng 25/11/2022.")
    if not 1 <= month <= 12:
        raise UnclearDate(f"Ngày “{text}” không có; không có tháng {month}.")
    if not 1900 <= year <= 2100:
        raise UnclearDate(f"Ngày “{text}” không có; xem lại năm {year}.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise UnclearDate(f"Ngày “{text}” không có; tháng {month} có {last} ngày.")
    return date(year, month, day)


def _one_line(text: str) -> str:
    return " ".join(nfc(text).split())


def _read_scope(texts: Mapping[str, str], problems: dict[str, str]) -> bool:
    said = texts["in_scope"]
    if said in ("", IN_SCOPE):
        return True
    if said != OUT_OF_SCOPE:
        problems["in_scope"] = f"“{said[:30]}” không rõ. Chọn {IN_SCOPE} hoặc {OUT_OF_SCOPE}."
        return True
    if not texts["exclusion_reason"]:
        problems["exclusion_reason"] = "Ghi lý do để ngoài phạm vi; chưa có lý do thì vẫn tính."
        return True
    return "exclusion_reason" in problems


def _read_decision_date(text: str, year: int, today: date) -> tuple[date | None, str]:
    """The day, or what is wrong with it."""
    if not text:
        return None, ""
    try:
        day = read_date(text)
    except UnclearDate as unclear:
        return None, str(unclear)
    if day > today:
        return None, f"Ngày “{text}” chưa tới. Ghi ngày ký quyết định."
    if day.year < year:
        return None, f"Ngày “{text}” trước năm đánh giá {year}."
    return day, ""


def _read_rating(typed_score: str, typed_rating: str, rule: PointRule) -> _RatingReading:
    """A rating left empty is the one that the points get."""
    score, band, score_problem, rating_problem = None, None, "", ""
    if typed_score:
        try:
            number = rule.read_points(typed_score)
        except UnclearNumber as unclear:
            score_problem = str(unclear)
        else:
            score = Decimal(number.numerator) / Decimal(number.denominator)
            band = rule.classify(number)
    named = _named_band(typed_rating, rule)
    if typed_rating and named is None:
        rating_problem = f"“{typed_rating[:30]}” không phải xếp loại. {_choices(rule)}"
    elif named and band and named != band:
        rating_problem = (
            f"Điểm {typed_score} là {band.label}, không phải {named.label}. Sửa điểm hoặc xếp loại."
        )
    chosen = named or band
    return _RatingReading(score, chosen.code if chosen else "", score_problem, rating_problem)


def _named_band(label: str, rule: PointRule) -> RatingBand | None:
    wanted = label.casefold()
    return next((band for band in rule.ratings if band.label.casefold() == wanted), None)


def _choices(rule: PointRule) -> str:
    *others, last = [band.label for band in rule.ratings]
    return f"Chọn {', '.join(others)} hoặc {last}."


def _differs(values: Mapping[str, Any], sheet: OwnSheet) -> bool:
    if not values["rating"] and values["score"] is None:
        return False
    same_score = values["score"] is None or values["score"] == sheet.score
    return values["rating"] != sheet.rating or not same_score


def _shown_sheet(sheet: OwnSheet, rule: PointRule) -> str:
    label = rule.rating(sheet.rating).label if sheet.rating else "chưa xếp loại"
    return f"{shown_points(sheet.score)} điểm, {label}" if sheet.score is not None else label
