"""Numbers and days as text: refused in words or exact, and what is shown reads back."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from criteria.measures import Measure, assess, read
from criteria.numbers import (
    MAX_DIGITS,
    MINUS,
    NBSP,
    UnclearNumber,
    parse_count,
    parse_number,
    rounded,
    show_number,
    show_percent,
)
from criteria.points import PointRule
from criteria.rules import RuledIndicator
from evaluations.forms.documents import IssuedOnField
from evaluations.sheet_reading import RATING, explanation_name, field_names, read_sheet
from evaluations.title_reading import FIELDS as TITLE_FIELDS
from evaluations.title_reading import read_titles
from evaluations.unit_reading import (
    FIELDS,
    IN_SCOPE,
    OUT_OF_SCOPE,
    OwnSheet,
    UnclearDate,
    read_date,
    read_line,
    shown_values,
)
from organisations.dates import DayField
from organisations.text import nfc
from tests.fuzz import texts
from tests.fuzz.running import Task, hold

TODAY = date(2022, 12, 31)


def tasks(indicators: list[RuledIndicator], points: list[PointRule]) -> Iterator[Task]:
    """Of both sets' measures and of every set of points."""
    typed = st.one_of(texts.numbers, texts.hostile)
    yield Task("numbers", "number", typed, check_number, 3)
    yield Task("numbers", "count", typed, check_count, 2)
    yield Task("numbers", "shown", shares(), check_shown, 2)
    yield Task("numbers", "measure", measured(indicators), check_measure, 6)
    yield Task("numbers", "points", st.tuples(st.sampled_from(points), typed), check_points, 2)
    yield Task("numbers", "line", lines(points), check_line, 4)
    yield Task("numbers", "titles", rows(TITLE_FIELDS, texts.numbers), check_titles, 2)
    yield Task("numbers", "sheet", sheets(points), check_sheet, 2)
    yield Task("numbers", "day", st.one_of(texts.days, texts.hostile), check_day, 3)


# --- Cases ----------------------------------------------------------------------------------------


def shares() -> st.SearchStrategy:
    percents = st.one_of(st.integers(0, 100).map(Fraction), st.fractions(0, 100))
    return st.tuples(st.fractions(0, 1), st.lists(percents, max_size=4), st.integers(0, 3))


def rows(names, values: st.SearchStrategy) -> st.SearchStrategy[dict[str, str]]:
    """Some of the fields, each with something in it."""
    value = st.one_of(values, values, texts.anything)
    return st.dictionaries(st.sampled_from(list(names)), value, max_size=len(list(names)))


def measured(indicators: list[RuledIndicator]) -> st.SearchStrategy:
    def typed(indicator: RuledIndicator) -> st.SearchStrategy:
        names = [field.name for field in indicator.measure.fields]
        return st.tuples(
            st.just(indicator.measure), rows([*names, "met", "not_applicable"], texts.numbers)
        )

    return st.sampled_from(indicators).flatmap(typed)


def lines(points: list[PointRule]) -> st.SearchStrategy:
    labels = [band.label for rule in points for band in rule.ratings]
    words = st.sampled_from([*labels, "khá", "TỐT", IN_SCOPE, OUT_OF_SCOPE])
    values = st.one_of(texts.numbers, texts.days, words)
    scores = st.none() | st.decimals(0, 100, places=2)
    return st.tuples(st.sampled_from(points), rows(FIELDS, values), scores, st.booleans())


def sheets(points: list[PointRule]) -> st.SearchStrategy:
    def typed(rule: PointRule) -> st.SearchStrategy:
        names = [*field_names(rule), RATING, explanation_name("whole")]
        return st.tuples(st.just(rule), rows(names, texts.numbers))

    return st.sampled_from(points).flatmap(typed)


# --- What must hold -------------------------------------------------------------------------------


def check_number(text: str) -> None:
    number = understood(parse_number, text)
    if number is None:
        return
    assert isinstance(number, Fraction)
    assert 0 <= number < 10**MAX_DIGITS
    assert understood(parse_number, f" {text}\u00a0") in (number, None)
    assert read_back(show_number(number)) == number, "what is shown says another number"


def check_count(text: str) -> None:
    count = understood(parse_count, text)
    if count is None:
        return
    assert type(count) is int
    assert parse_number(text) == count
    assert parse_count(str(count)) == count


def check_shown(case: tuple) -> None:
    share, bounds, places = case
    shown = show_percent(share, bounds, places)
    assert shown.endswith(f"{NBSP}%")
    percent = read_back(shown.removesuffix(f"{NBSP}%"))
    for bound in (0, 100, *bounds):
        assert (percent > bound) - (percent < bound) == (share * 100 > bound) - (
            share * 100 < bound
        ), f"{shown} stands on another side of {bound}"
    exact = share * 1000
    assert abs(rounded(exact, places) - exact) * 2 * 10**places <= 1


def check_measure(case: tuple[Measure, dict]) -> None:
    measure, typed = case
    reading = read(measure, typed)
    no_float(reading)
    for said in (*reading.problems.values(), *reading.echoes.values()):
        assert said
        assert isinstance(said, str)
    assessment = assess(measure, reading.entry, bounds=(70, 80, 90))
    no_float(assessment)
    assert not (reading.problems and assessment.met), "met by figures that are unclear"
    assert (assessment.met is None) == bool(assessment.lacking)
    assert assessment.sentence is not None
    measure.figure_in_full(assessment.figure)
    for field, _, number in reading.heard:
        assert isinstance(number, Fraction)
        assert number >= 0
        assert field.unit != "count" or number.denominator == 1


def check_points(case: tuple[PointRule, str]) -> None:
    rule, text = case
    points = understood(rule.read_points, text)
    if points is None:
        return
    assert 0 <= points <= rule.maximum
    shown = show_number(points)
    assert rule.read_points(shown) == points, f"“{shown}” is shown and not understood again"
    band = rule.classify(points)
    assert (band is not None) == rule.has_bands


def check_line(case: tuple) -> None:
    rule, typed, score, is_sent = case
    sheet = _sent(rule, score) if is_sent else None
    reading = read_line(typed, rule=rule, year=2022, today=TODAY, sheet=sheet)
    no_float(reading.values)
    for name, said in reading.problems.items():
        assert name in FIELDS
        assert said
    for value in reading.values.values():
        if isinstance(value, str):
            assert value == nfc(value)
    shown = shown_values(reading.values, rule)
    again = read_line(shown, rule=rule, year=2022, today=TODAY, sheet=sheet)
    if not reading.problems:
        assert not again.problems, f"shown {shown}: {again.problems}"
        assert again.values == reading.values, f"shown {shown}, understood {again.values}"


def _sent(rule: PointRule, score: Decimal | None) -> OwnSheet:
    """What a unit can have sent: a rating follows from points wherever it does."""
    band = rule.ratings[0]
    if rule.has_bands:
        band = None if score is None else rule.classify(Fraction(score))
    return OwnSheet(score, band.code if band else "")


def check_titles(typed: dict) -> None:
    reading = read_titles(typed)
    assert set(reading.values) == set(TITLE_FIELDS)
    shown = {name: "" if count is None else str(count) for name, count in reading.values.items()}
    assert read_titles(shown).values == reading.values
    for name in reading.problems:
        assert reading.values[name] is None


def check_sheet(case: tuple[PointRule, dict]) -> None:
    rule, typed = case
    sheet = read_sheet(rule, typed)
    no_float(sheet.total)
    assert sheet.is_complete == (not sheet.lacks)
    assert sheet.shown_total
    for line in sheet.lines:
        assert not (line.points is not None and line.problem)
        if line.points is not None:
            assert read_back(line.shown) == line.points
            assert line.item.maximum is None or line.points <= line.item.maximum
    if sheet.is_complete and sheet.asks_points:
        assert sheet.score is not None
    assert isinstance(sheet.distance, str)
    assert len(sheet.groups) >= 1


def check_day(text: str) -> None:
    for field in (DayField(required=False), IssuedOnField(required=False)):
        try:
            day = field.clean(text)
        except ValidationError as refused:
            hold(all(refused.messages), "refused without a word")
            continue
        if day is None:
            continue
        shown = field.widget.format_value(day)
        assert field.clean(shown) == day, f"“{shown}” is shown and not understood again"
    try:
        day = read_date(text)
    except UnclearDate as unclear:
        hold(str(unclear), "refused without a word")
        return
    assert read_date(f"{day:%d/%m/%Y}") == day


# --- Shared ---------------------------------------------------------------------------------------


def understood(parse: Callable, text: str) -> Any:
    """What it was taken for; None where it was refused in words."""
    try:
        return parse(text)
    except UnclearNumber as unclear:
        hold(str(unclear).endswith("."), str(unclear))
        return None


def read_back(shown: str) -> Fraction:
    """A number as a reader takes it from a page: dots group, a comma begins the decimals."""
    negative = shown.startswith(MINUS)
    number = Fraction(shown.lstrip(MINUS).replace(".", "").replace(",", "."))
    return -number if negative else number


def no_float(value: Any) -> None:
    """Nowhere in it, however deep."""
    assert not isinstance(value, float), f"a float: {value!r}"
    if isinstance(value, Decimal):
        assert value.is_finite()
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            no_float(getattr(value, each.name))
    elif isinstance(value, dict):
        for key, each in value.items():
            no_float(key)
            no_float(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            no_float(each)
