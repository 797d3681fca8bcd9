"""A whole set through the rule: assessing, determining, and the line under one figure."""

from fractions import Fraction

import pytest

from criteria.levels import Threshold
from criteria.measures import Bound, Direction, Entry, Figure, Kind, Measure
from criteria.rules import Readings, RuledIndicator, rule_of

SHARE = Measure(Kind.SHARE, Bound(">=", Fraction(70)), noun="xã từ Khá trở lên")
FALL = Measure(
    Kind.CHANGE, direction=Direction.FALL, step=Fraction("1.5"), unit="percent", label="Hộ nghèo"
)
RULE = rule_of(
    [
        RuledIndicator("1.1.1", "Kế hoạch", False, Measure(Kind.DOCUMENT)),
        RuledIndicator("2.1.1", "Cơ quan", True, Measure(Kind.SHARE, Bound(">=", Fraction(70)))),
        RuledIndicator("2.1.2", "Xã", True, SHARE),
        RuledIndicator("3.1.1", "Hộ nghèo", False, FALL),
    ],
    [Threshold(3, 90, False), Threshold(1, 70, True), Threshold(2, 80, False)],
)
GOOD = {
    "1.1.1": Entry(met=True),
    "2.1.1": Entry(figures=(Figure(95, 100),)),
    "2.1.2": Entry(figures=(Figure(85, 100),)),
    "3.1.1": Entry(previous=Fraction(4), current=Fraction(2)),
}


def told(text):
    return text.replace("\u00a0", " ")


def test_assess_covers_every_indicator_and_leaves_the_missing_unassessed():
    assessments = RULE.assess({"1.1.1": Entry(met=True)})

    assert list(assessments) == ["1.1.1", "2.1.1", "2.1.2", "3.1.1"]
    assert [item.met for item in assessments.values()] == [True, None, None, None]


def test_assess_refuses_a_code_that_the_set_does_not_have():
    with pytest.raises(ValueError, match=r"no such indicator in the set: 1\.1\.9, 9\.9\.9"):
        RULE.assess({"9.9.9": Entry(), "1.1.9": Entry()})


def test_only_graded_shares_are_shown_against_the_levels():
    near = Entry(figures=(Figure(8004, 10000),))
    rule = rule_of(
        [RuledIndicator("2.1.2", "", True, SHARE), RuledIndicator("2.2.3", "", False, SHARE)],
        RULE.thresholds,
    )

    assessments = rule.assess({"2.1.2": near, "2.2.3": near})

    assert told(assessments["2.1.2"].shown) == "80,04 %"
    assert told(assessments["2.2.3"].shown) == "80,0 %"


def test_determine_puts_each_indicator_to_its_part():
    determination = RULE.determine(GOOD)

    assert determination.level == 2
    assert determination.weakest == ("2.1.2",)
    assert told(determination.distance) == "cần thêm 6 xã từ Khá trở lên (91/100 = 91,0 %)"
    assert [item.code for item in determination.prerequisites] == ["1.1.1", "3.1.1"]
    assert determination == RULE.conclude(RULE.assess(GOOD))


def test_determine_says_what_is_lacking_in_the_words_of_the_measure():
    pending = Entry(not_applicable=True)
    entries = {**GOOD, "1.1.1": Entry(met=True, has_evidence=False), "2.1.2": pending}

    sentence = RULE.determine(entries).sentence

    assert sentence.startswith(
        "Chưa xác định: còn 1 chỉ báo chưa có minh chứng: 1.1.1; "
        "1 chỉ báo chờ chấp nhận không áp dụng: 2.1.2;"
    )


def test_an_accepted_not_applicable_leaves_the_rule():
    excluded = Entry(not_applicable=True, accepted=True)

    determination = RULE.determine({**GOOD, "1.1.1": excluded, "2.1.2": excluded})

    assert determination.level == 3
    assert determination.excluded == ("1.1.1", "2.1.2")


@pytest.mark.parametrize(
    ("achieved", "by_default", "otherwise"), [(80, 1, 2), (79, 1, 1), (81, 2, 2)]
)
def test_exactly_80_percent_follows_the_reading_of_the_round(achieved, by_default, otherwise):
    entries = {**GOOD, "2.1.2": Entry(figures=(Figure(achieved, 100),))}

    assert RULE.determine(entries).level == by_default
    assert RULE.determine(entries, Readings(exact_80_level=2)).level == otherwise


def test_exactly_90_percent_is_level_2_under_either_reading():
    entries = {**GOOD, "2.1.2": Entry(figures=(Figure(90, 100),))}

    assert RULE.determine(entries).level == 2
    assert RULE.determine(entries, Readings(exact_80_level=2)).level == 2


def test_a_fall_follows_the_reading_of_the_round():
    entries = {**GOOD, "3.1.1": Entry(previous=Fraction(4), current=Fraction(3))}

    assert RULE.determine(entries).unmet == ("3.1.1",)
    assert RULE.determine(entries, Readings(fall="relative")).unmet == ()


@pytest.mark.parametrize(
    ("code", "entry", "echo"),
    [
        (
            "2.1.2",
            Entry(figures=(Figure(23, 30),)),
            "Hiểu là 76,67 %, mức độ 1. Thêm 2 xã từ Khá trở lên (25/30) là mức độ 2.",
        ),
        (
            "2.1.1",
            Entry(figures=(Figure(20, 30),)),
            "Hiểu là 66,67 %, dưới 70 %. Thêm 1 đơn vị (21/30) là mức độ 1.",
        ),
        (
            "2.1.2",
            Entry(figures=(Figure(percent=Fraction("81.5")),)),
            "Hiểu là 81,50 %, mức độ 2. Mức độ 3 khi trên 90 %.",
        ),
        (
            "2.1.2",
            Entry(figures=(Figure(80004, 100000),)),
            "Hiểu là 80,004 %, mức độ 2. Thêm 9.997 xã từ Khá trở lên (90.001/100.000) "
            "là mức độ 3.",
        ),
        ("2.1.2", Entry(figures=(Figure(91, 100),)), "Hiểu là 91,00 %, mức độ 3."),
        ("2.1.2", Entry(), ""),
        ("1.1.1", Entry(met=False), "Chưa đạt."),
        (
            "3.1.1",
            Entry(previous=Fraction(4), current=Fraction(2)),
            "Hiểu là giảm 2 điểm phần trăm, đạt.",
        ),
    ],
)
def test_echo_says_what_is_understood_and_what_one_step_does(code, entry, echo):
    assessment = RULE.assess({code: entry})[code]

    assert told(RULE.echo(code, assessment)) == echo


def test_echo_follows_the_reading_of_exactly_80_percent():
    readings = Readings(exact_80_level=2)
    assessment = RULE.assess({"2.1.2": Entry(figures=(Figure(23, 30),))}, readings)["2.1.2"]

    assert told(RULE.echo("2.1.2", assessment, readings)) == (
        "Hiểu là 76,67 %, mức độ 1. Thêm 1 xã từ Khá trở lên (24/30) là mức độ 2."
    )


def test_a_column_is_what_assessing_and_determining_say():
    column = RULE.column(GOOD)

    assert column.determination == RULE.determine(GOOD)
    assert dict(column.assessments) == RULE.assess(GOOD)


def test_a_blank_column_is_one_for_everybody_under_one_reading():
    level_2 = Readings(exact_80_level=2)

    assert RULE.column({}) is RULE.column({})
    assert RULE.column({}).determination == RULE.determine({})
    assert RULE.column({}, level_2).determination == RULE.determine({}, level_2)
    assert RULE.column({}, level_2) is not RULE.column({})
