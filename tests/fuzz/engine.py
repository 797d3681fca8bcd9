"""The level rule and the command that asks it, over sets and figures that nobody wrote."""

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from hypothesis import strategies as st

from criteria.determining import entries_from_data, read_json
from criteria.levels import Threshold, level_of
from criteria.measures import Bound, Direction, Entry, Figure, Kind, Measure, Part, Readings
from criteria.rules import LevelRule, RuledIndicator, rule_of
from tests.fuzz import texts
from tests.fuzz.numbers import no_float
from tests.fuzz.running import Task, hold

READINGS = [Readings(level, fall) for level in (1, 2) for fall in ("points", "relative")]


def tasks(rules: list[LevelRule], set_codes: list[str]) -> Iterator[Task]:
    yield Task("determine", "random sets", st.tuples(made_rules(), st.data()), check_rule, 6)
    known = st.tuples(st.sampled_from(rules), st.data())
    yield Task("determine", "both sets", known, check_rule, 6)
    yield Task(
        "determine", "data", st.tuples(st.sampled_from(rules), dossiers(rules)), check_data, 4
    )
    yield Task("determine", "files", files(rules), lambda text: check_text(rules, text), 4)
    commands = st.tuples(st.sampled_from(set_codes), files(rules).map(texts.said) | st.binary())
    yield Task("determine", "command", commands, check_command, 1)


# --- Cases ----------------------------------------------------------------------------------------

_percents = st.one_of(st.integers(0, 100).map(Fraction), st.fractions(0, 100, max_denominator=200))
_bounds = st.builds(Bound, st.sampled_from([">=", ">", "<", "="]), _percents)
_parts = st.lists(st.just(Part("Phần", "đạt", "tổng")), min_size=1, max_size=3).map(tuple)
_measures = st.one_of(
    st.just(Measure(Kind.DOCUMENT)),
    st.builds(Measure, st.just(Kind.SHARE), _bounds, noun=st.sampled_from(["", "xã"])),
    st.builds(Measure, st.just(Kind.SHARES), _bounds, parts=_parts),
    st.builds(
        Measure,
        st.just(Kind.CHANGE),
        unit=st.sampled_from(["count", "percent", "number"]),
        direction=st.sampled_from(list(Direction)),
        step=st.fractions(0, 5, max_denominator=10),
    ),
)


@st.composite
def made_rules(draw) -> LevelRule:
    """A set with its codes in any shape and thresholds that rise, as in every text."""
    codes = draw(
        st.lists(st.from_regex(r"\A[1-9]{1,2}(\.[0-9]{1,2}){0,3}\Z"), unique=True, max_size=8)
    )
    indicators = []
    for code in codes:
        measure = draw(_measures)
        can_be_graded = measure.kind == Kind.SHARE and not measure.bound.wants_less
        graded = can_be_graded and draw(st.booleans())
        indicators.append(RuledIndicator(code, "Tên", graded, measure))
    percents = sorted(draw(st.sets(st.integers(0, 100), min_size=1, max_size=4)))
    thresholds = [
        Threshold(level, percent, draw(st.booleans()))
        for level, percent in enumerate(percents, start=1)
    ]
    return rule_of(indicators, thresholds)


def entries(draw, rule: LevelRule) -> dict[str, Entry]:
    return {
        indicator.code: _entry(draw, indicator.measure)
        for indicator in rule.indicators
        if draw(st.integers(0, 7))  # some stay without
    }


def _entry(draw, measure: Measure) -> Entry:
    if draw(st.integers(0, 11)) == 0:
        return Entry(not_applicable=True, accepted=draw(st.booleans()))
    if measure.kind == Kind.DOCUMENT:
        met = draw(st.sampled_from([True, True, True, False, None]))
        return Entry(met=met, has_evidence=draw(st.booleans()) or draw(st.booleans()))
    if measure.kind == Kind.CHANGE:
        value = st.none() | st.fractions(0, 10**6, max_denominator=1000)
        return Entry(previous=draw(value), current=draw(value))
    count = len(measure.parts) or 1
    return Entry(figures=tuple(_figure(draw) for _ in range(count)))


def _figure(draw) -> Figure:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return Figure(percent=draw(st.fractions(0, 100, max_denominator=10**4)))
    if kind == 1:
        return Figure(draw(st.none() | st.integers(0, 9)), draw(st.none() | st.just(0)))
    total = draw(st.one_of(st.integers(1, 40), st.integers(1, 10**9)))
    return Figure(draw(st.integers(0, total)), total)


_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**40), 10**40),
        st.integers(0, 100),
        st.floats(),
        texts.numbers,
        texts.hostile,
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts.hostile, inner, max_size=4),
    max_leaves=8,
)
_KEYS = ("met", "achieved", "total", "percent", "parts", "previous", "current")
_KEYS += ("not_applicable", "accepted")
_items = st.dictionaries(
    st.sampled_from(_KEYS) | st.text(max_size=3), _values | st.integers(0, 50), max_size=6
)


def dossiers(rules: list[LevelRule]) -> st.SearchStrategy:
    """What stands in a file for one dossier: nearly right, or not at all."""
    codes = sorted({code for rule in rules for code in rule.codes})
    near = st.dictionaries(st.sampled_from(codes), _items, max_size=6)
    return st.one_of(near, near, st.dictionaries(texts.hostile, _items, max_size=3), _values)


def files(rules: list[LevelRule]) -> st.SearchStrategy[str]:
    """As text: well formed, cut off, with something put in between, too deep, too long."""
    near = dossiers(rules)
    whole = (near | st.lists(near, max_size=3)).map(json.dumps)
    cut = st.tuples(whole, st.integers(0, 400)).map(lambda case: case[0][: case[1]])
    put_in = st.tuples(whole, st.integers(0, 400), texts.anything).map(
        lambda case: case[0][: case[1]] + case[2] + case[0][case[1] :]
    )
    nested = st.tuples(
        st.sampled_from(["[", '{"2.1.1":', '{"2.1.1":{"parts":[']), st.integers(1, 3000)
    )
    deep = nested.map(lambda case: case[0] * case[1])
    figures = st.sampled_from(['"achieved"', '"total"', '"percent"', '"met"'])
    numbers = st.tuples(figures, texts.numbers).map(
        lambda case: f'{{"2.2.1": {{"total": 10, {case[0]}: {case[1]}}}}}'
    )
    return st.one_of(whole, cut, put_in, deep, numbers, numbers, texts.hostile)


# --- What must hold -------------------------------------------------------------------------------


def check_rule(case: tuple) -> None:
    rule, data = case
    given = entries(data.draw, rule)
    readings = data.draw(st.sampled_from(READINGS))
    found = rule.determine(given, readings)
    no_float(found)
    no_float(found.to_data())
    json.dumps(found.to_data())
    thresholds = rule.thresholds_read(readings)
    top = max(threshold.level for threshold in thresholds)
    assert 0 <= found.level <= found.ceiling <= top or not found.is_recognised
    assert found.conclusion in (None, *range(top + 1))
    assert found.sentence.endswith(".")
    assert isinstance(found.distance, str)
    assert found.level == _level_by_hand(rule, given, readings)
    turned = rule_of(rule.indicators[::-1], rule.thresholds[::-1]).determine(given, readings)
    assert turned.to_data() == found.to_data(), "the order in which they come makes a difference"
    _check_monotone(rule, given, readings, found.level)
    _check_next(rule, given, readings, found)


def _level_by_hand(rule: LevelRule, given, readings: Readings) -> int:
    """The rule once more, said as Phụ lục I says it."""
    assessed = rule.assess(given, readings)
    wanted = [item for item in rule.indicators if not assessed[item.code].excluded]
    if not any(item.is_graded for item in wanted):
        return 0
    if not all(assessed[item.code].met for item in wanted if not item.is_graded):
        return 0
    shares = [assessed[item.code].share for item in wanted if item.is_graded]
    if None in shares:
        return 0
    return min(level_of(share, rule.thresholds_read(readings)) for share in shares)


def _check_monotone(rule: LevelRule, given, readings: Readings, level: int) -> None:
    """One more of what a graded indicator counts never makes the level worse."""
    for item in rule.indicators:
        entry = given.get(item.code)
        if not item.is_graded or entry is None or len(entry.figures) != 1:
            continue
        figure = entry.figures[0]
        if figure.achieved is None or not figure.total or figure.achieved >= figure.total:
            continue
        more = replace(entry, figures=(replace(figure, achieved=figure.achieved + 1),))
        better = rule.determine(given | {item.code: more}, readings)
        assert better.level >= level, f"one more of {item.code}: {level} became {better.level}"


def _check_next(rule: LevelRule, given, readings: Readings, found) -> None:
    """As many as are said to be missing are enough, and one less is not."""
    if found.next is None:
        return
    assert found.next.level > found.level
    threshold = next(t for t in found.thresholds if t.level == found.next.level)
    for need in found.next.needs:
        if need.more is None:
            continue
        figure = given[need.code].figures[0]
        assert need.more > 0
        enough = Fraction(figure.achieved + need.more, figure.total)
        assert threshold.is_reached_by(enough)
        assert not threshold.is_reached_by(enough - Fraction(1, figure.total))


def check_data(case: tuple) -> None:
    rule, data = case
    text = json.dumps(data)
    try:
        item = read_json(text)
    except ValueError as refused:
        hold(str(refused).startswith("Không đọc được JSON"), str(refused))
        return
    _check_item(rule, item)


def check_text(rules: list[LevelRule], text: str) -> None:
    try:
        data = read_json(text)
    except ValueError as refused:
        hold(str(refused).startswith("Không đọc được JSON"), str(refused))
        return
    for rule in rules:
        for item in data if isinstance(data, list) else [data]:
            _check_item(rule, item)


def _check_item(rule: LevelRule, item) -> None:
    found, messages = entries_from_data(rule, item)
    assert all(isinstance(message, str) and message for message in messages)
    if messages:
        return
    no_float(found)
    answer = rule.determine(found).to_data()
    no_float(answer)
    json.dumps(answer)


def check_command(case: tuple[str, bytes]) -> None:
    """The answer is JSON and nothing else; a refusal is a sentence on the other stream."""
    code, content = case
    out, err = StringIO(), StringIO()
    with TemporaryDirectory() as folder:
        file = Path(folder, "ho-so.json")
        file.write_bytes(content)
        try:
            call_command("determine", code, str(file), stdout=out, stderr=err)
        except CommandError as refused:
            hold(str(refused), "refused without a word")
            return
        except SystemExit as left:
            hold(left.code == 1, f"left with {left.code}")
            hold(err.getvalue() and not out.getvalue(), "faults belong on the other stream")
            return
    answers = json.loads(out.getvalue())
    for answer in answers if isinstance(answers, list) else [answers]:
        assert {"level", "sentence"} <= answer.keys()
