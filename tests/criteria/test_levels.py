"""The level at every bound, what holds it there and how far the next one is."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.levels import (
    Graded,
    Need,
    NextLevel,
    Prerequisite,
    Standing,
    Threshold,
    bands,
    code_order,
    determine_level,
    level_of,
)

# Phụ lục I: "từ 70%", "trên 80%", "trên 90%".
THRESHOLDS = (Threshold(1, 70, True), Threshold(2, 80, False), Threshold(3, 90, False))
EXACT_80_IS_LEVEL_2 = (Threshold(1, 70, True), Threshold(2, 80, True), Threshold(3, 90, False))

BOUNDS = [
    # share, level by the text, level when exactly 80 % is read as level 2
    ("0", 0, 0),
    ("0.6999999999999999", 0, 0),
    ("69/99", 0, 0),  # 69,7 %
    ("0.7", 1, 1),
    ("0.7000000000000001", 1, 1),
    ("0.7996", 1, 1),  # 79,96 % prints as "80,0 %" and is still below
    ("0.8", 1, 2),
    ("0.8004", 2, 2),
    ("0.9", 2, 2),
    ("0.9000000000000001", 3, 3),
    ("1", 3, 3),
]


def counted(code, achieved, total, noun=""):
    return Graded(code, Fraction(achieved, total), achieved, total, noun)


def told(text):
    """Sentences are compared with ordinary spaces, which read better in a test."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(("share", "level", "_other"), BOUNDS)
def test_level_of_a_share_at_each_bound(share, level, _other):
    assert level_of(Fraction(share), THRESHOLDS) == level


@pytest.mark.parametrize(("share", "_other", "level"), BOUNDS)
def test_level_of_a_share_where_exactly_80_is_level_2(share, _other, level):
    assert level_of(Fraction(share), EXACT_80_IS_LEVEL_2) == level


@pytest.mark.parametrize(("share", "level", "_other"), BOUNDS)
def test_the_weakest_graded_indicator_sets_the_level(share, level, _other):
    graded = [Graded("2.1.1", Fraction(1)), Graded("2.1.2", Fraction(share))]

    assert determine_level([], graded, THRESHOLDS).level == level


def test_prerequisites_decide_between_the_level_and_none():
    graded = [counted("2.1.1", 95, 100)]

    def level(met):
        return determine_level([Prerequisite("1.1.1", met)], graded, THRESHOLDS).level

    assert [level(True), level(False), level(None)] == [3, 0, 0]


def test_every_part_of_the_answer():
    prerequisites = [
        Prerequisite("3.1.1", False),
        Prerequisite("1.1.1", True),
        Prerequisite("1.2.1", None),
        Prerequisite("2.2.3", None, excluded=True),
    ]
    graded = [
        counted("2.1.2", 20, 30),
        counted("2.1.1", 65, 100),
        counted("2.2.1", 95, 100),
        Graded("2.2.2", None),
        Graded("2.2.4", Fraction(1, 10), excluded=True),
    ]

    determination = determine_level(prerequisites, graded, THRESHOLDS)

    assert determination.level == 0
    assert determination.unmet == ("3.1.1",)
    assert determination.not_assessed == ("1.2.1", "2.2.2")
    assert determination.excluded == ("2.2.3", "2.2.4")
    assert determination.weakest == ("2.1.1", "2.1.2")
    assert determination.next == NextLevel(
        1,
        (
            Need("1.2.1", None),
            Need("2.1.1", 5),
            Need("2.1.2", 1),
            Need("2.2.2", None),
            Need("3.1.1", None),
        ),
    )
    assert not determination.is_recognised
    assert not determination.is_complete
    assert determination.ceiling == 0
    assert json.loads(json.dumps(determination.to_data())) == {
        "level": 0,
        "unmet": ["3.1.1"],
        "not_assessed": ["1.2.1", "2.2.2"],
        "excluded": ["2.2.3", "2.2.4"],
        "weakest": ["2.1.1", "2.1.2"],
        "next": {
            "level": 1,
            "needs": [
                {"code": "1.2.1", "more": None},
                {"code": "2.1.1", "more": 5},
                {"code": "2.1.2", "more": 1},
                {"code": "2.2.2", "more": None},
                {"code": "3.1.1", "more": None},
            ],
        },
        "sentence": determination.sentence,
    }


def test_what_is_not_assessed_is_not_the_weakest():
    graded = [Graded("2.1.1", None), counted("2.1.2", 85, 100), counted("2.2.1", 95, 100)]

    determination = determine_level([], graded, THRESHOLDS)

    assert determination.weakest == ("2.1.2",)
    assert determination.ceiling == 2


def test_nothing_achieved_stands_weakest():
    graded = [counted("2.1.1", 5, 10), counted("2.1.2", 0, 10), Graded("2.2.1", None)]

    determination = determine_level([], graded, THRESHOLDS)

    assert [item.code for item in determination.standings] == ["2.1.2", "2.1.1", "2.2.1"]
    assert "2.1.2 đạt 0\u00a0% (0/10)" in determination.sentence


def test_codes_come_in_the_order_of_the_text():
    prerequisites = [Prerequisite("2.2.10", None), Prerequisite("2.2.9", None)]
    graded = [counted("2.1.10", 7, 10), counted("2.1.9", 7, 10)]

    determination = determine_level(prerequisites, graded, THRESHOLDS)

    assert determination.not_assessed == ("2.2.9", "2.2.10")
    assert determination.weakest == ("2.1.9", "2.1.10")


@pytest.mark.parametrize(
    "item",
    [
        Graded("2.1.1", Fraction(1, 2)),
        Graded("2.1.1", Fraction(1, 2), achieved=5),
        Graded("2.1.1", Fraction(1, 2), total=10),
        Graded("2.1.1", None, achieved=5, total=10),
    ],
)
def test_units_are_named_only_where_they_are_counted(item):
    determination = determine_level([], [item], THRESHOLDS)

    assert determination.next == NextLevel(1, (Need("2.1.1", None),))
    assert "cần thêm" not in determination.distance
    assert "/" not in determination.sentence


def test_the_distance_never_reads_as_if_it_fell_short():
    determination = determine_level([], [counted("2.1.1", 8000, 10000)], THRESHOLDS)

    assert told(determination.distance) == "cần thêm 1 đơn vị (8.001/10.000 = 80,01 %)"


def test_at_the_highest_level_there_is_no_next():
    determination = determine_level([], [counted("2.1.1", 91, 100)], THRESHOLDS)

    assert determination.level == 3
    assert determination.next is None
    assert determination.distance == ""
    assert determination.to_data()["next"] is None
    assert determination.is_recognised
    assert determination.is_complete


@pytest.mark.parametrize("graded", [[], [Graded("2.1.1", Fraction(1), excluded=True)]])
def test_without_anything_to_grade_no_level_is_concluded(graded):
    determination = determine_level([Prerequisite("1.1.1", True)], graded, THRESHOLDS)

    assert determination.level == 0
    assert determination.next is None
    assert determination.ceiling == 0
    assert determination.weakest == ()
    assert determination.sentence.startswith("Chưa xác định: không còn chỉ báo nào để xét mức")


def test_a_bound_beyond_all_of_them_names_no_number():
    graded = [counted("2.1.1", 10, 10)]
    beyond_everything = (Threshold(1, 70, True), Threshold(2, 100, False))

    determination = determine_level([], graded, beyond_everything)

    assert determination.next == NextLevel(2, (Need("2.1.1", None),))
    assert told(determination.distance) == "2.1.1 cần trên 100 %"


def test_standings_are_for_the_chart_weakest_first():
    graded = [
        counted("2.1.1", 95, 100),
        Graded("2.2.1", None),
        Graded("2.2.2", Fraction(3, 4)),
        Graded("2.2.4", None, excluded=True),
    ]

    standings = determine_level([], graded, THRESHOLDS).standings

    assert standings == (
        Standing("2.2.2", Fraction(3, 4), None, None, 1, is_weakest=True, is_excluded=False),
        Standing("2.1.1", Fraction(95, 100), 95, 100, 3, is_weakest=False, is_excluded=False),
        Standing("2.2.1", None, None, None, None, is_weakest=False, is_excluded=False),
        Standing("2.2.4", None, None, None, None, is_weakest=False, is_excluded=True),
    )


ELEVEN_MET = [
    Prerequisite(code, True)
    for code in [
        "1.1.1",
        "1.1.2",
        "1.2.1",
        "1.2.2",
        "1.2.3",
        "2.2.3",
        "3.1.1",
        "3.1.2",
        "3.2.1",
        "3.2.2",
        "3.2.3",
    ]
]
VINH_BAO = [
    counted("2.1.1", 78, 92, "đơn vị xếp loại Khá trở lên"),
    counted("2.1.2", 23, 30, "xã xếp loại Khá trở lên"),
    counted("2.2.1", 83, 92),
    counted("2.2.2", 80, 92),
    counted("2.2.4", 28, 30),
]


@pytest.mark.parametrize(
    ("prerequisites", "graded", "sentence", "distance"),
    [
        pytest.param(
            ELEVEN_MET,
            VINH_BAO,
            "Mức độ 1 vì 2.1.2 đạt 76,7 % (23/30); bốn chỉ báo xét mức còn lại đều trên 80 %, "
            "mười một điều kiện tiên quyết đều đạt.",
            "cần thêm 2 xã xếp loại Khá trở lên (25/30 = 83,3 %)",
            id="one weakest",
        ),
        pytest.param(
            ELEVEN_MET[:1],
            [counted("2.1.2", 25, 30), counted("2.1.1", 78, 92), counted("2.2.1", 92, 92)],
            "Mức độ 2 vì 2.1.2 đạt 83,3 % (25/30), 2.1.1 đạt 84,8 % (78/92); "
            "chỉ báo xét mức còn lại trên 90 %, điều kiện tiên quyết đạt.",
            "2.1.2 cần thêm 3 đơn vị (28/30 = 93,3 %); 2.1.1 cần thêm 5 đơn vị (83/92 = 90,2 %)",
            id="two weakest, one of each rest",
        ),
        pytest.param(
            [Prerequisite("2.2.3", None, excluded=True)],
            [Graded("2.2.1", Fraction("0.8004"))],
            "Mức độ 2 vì 2.2.1 đạt 80,04 %; không xét 2.2.3 (không áp dụng).",
            "2.2.1 cần trên 90 %",
            id="percentage only, nothing beside it, one excluded",
        ),
        pytest.param(
            [],
            [counted(f"2.2.{n}", 70 + n, 100) for n in range(1, 5)],
            "Mức độ 1 vì 2.2.1, 2.2.2, 2.2.3, 2.2.4 đều ở mức độ 1, "
            "thấp nhất là 2.2.1 đạt 71,0 % (71/100).",
            "2.2.1 cần thêm 10 đơn vị (81/100 = 81,0 %); 2.2.2 cần thêm 9 đơn vị "
            "(81/100 = 81,0 %); 2.2.3 cần thêm 8 đơn vị (81/100 = 81,0 %); "
            "2.2.4 cần thêm 7 đơn vị (81/100 = 81,0 %)",
            id="too many weakest to list with figures",
        ),
        pytest.param(
            [],
            [counted(f"2.2.{n}", 70 + n, 100) for n in range(1, 4)],
            "Mức độ 1 vì 2.2.1 đạt 71,0 % (71/100), 2.2.2 đạt 72,0 % (72/100), "
            "2.2.3 đạt 73,0 % (73/100).",
            "2.2.1 cần thêm 10 đơn vị (81/100 = 81,0 %); 2.2.2 cần thêm 9 đơn vị "
            "(81/100 = 81,0 %); 2.2.3 cần thêm 8 đơn vị (81/100 = 81,0 %)",
            id="just few enough weakest",
        ),
        pytest.param(
            ELEVEN_MET,
            [counted(item.code, 92, 92) for item in VINH_BAO],
            "Mức độ 3 vì cả năm chỉ báo xét mức đều trên 90 %, "
            "mười một điều kiện tiên quyết đều đạt.",
            "",
            id="highest",
        ),
        pytest.param(
            [Prerequisite(f"1.1.{n}", True) for n in range(1, 22)],
            [counted("2.1.1", 92, 92)],
            "Mức độ 3 vì chỉ báo xét mức 2.1.1 trên 90 %, 21 điều kiện tiên quyết đều đạt.",
            "",
            id="highest, by one; more than words count",
        ),
        pytest.param(
            [Prerequisite("3.1.1", False), Prerequisite("3.2.3", False)],
            [counted("2.1.1", 92, 92)],
            "Chưa đạt mức độ nào vì 3.1.1, 3.2.3 chưa đạt.",
            "3.1.1, 3.2.3 phải đạt",
            id="prerequisites not met",
        ),
        pytest.param(
            [Prerequisite("3.1.1", False)],
            [],
            "Chưa đạt mức độ nào vì 3.1.1 chưa đạt.",
            "",
            id="prerequisite not met and nothing to grade",
        ),
        pytest.param(
            [Prerequisite("3.1.1", False), Prerequisite("1.1.1", None)],
            [counted("2.1.2", 20, 30), Graded("2.2.1", None)],
            "Chưa đạt mức độ nào vì 3.1.1 chưa đạt; 2.1.2 đạt 66,7 % (20/30), dưới 70 %; "
            "còn 2 chỉ báo chưa nhập: 1.1.1, 2.2.1.",
            "2.1.2 cần thêm 1 đơn vị (21/30 = 70,0 %); 3.1.1 phải đạt; "
            "cần có kết quả của 1.1.1, 2.2.1",
            id="below, not met and not assessed",
        ),
        pytest.param(
            [],
            [counted("2.1.2", 20, 30), counted("2.2.1", 1, 2)],
            "Chưa đạt mức độ nào vì 2.2.1 đạt 50,0 % (1/2), 2.1.2 đạt 66,7 % (20/30), "
            "đều dưới 70 %.",
            "2.2.1 cần thêm 1 đơn vị (2/2 = 100 %); 2.1.2 cần thêm 1 đơn vị (21/30 = 70,0 %)",
            id="two below",
        ),
        pytest.param(
            [],
            [counted(f"2.2.{n}", n, 100) for n in range(1, 5)],
            "Chưa đạt mức độ nào vì 2.2.1, 2.2.2, 2.2.3, 2.2.4 đều dưới 70 %, "
            "thấp nhất là 2.2.1 đạt 1,0 % (1/100).",
            "2.2.1 cần thêm 69 đơn vị (70/100 = 70,0 %); 2.2.2 cần thêm 68 đơn vị "
            "(70/100 = 70,0 %); 2.2.3 cần thêm 67 đơn vị (70/100 = 70,0 %); "
            "2.2.4 cần thêm 66 đơn vị (70/100 = 70,0 %)",
            id="many below",
        ),
        pytest.param(
            [
                Prerequisite("1.1.1", True),
                Prerequisite("1.2.1", None, lacking="chưa có minh chứng"),
                Prerequisite("3.1.1", None),
            ],
            [counted("2.1.2", 21, 30), Graded("2.2.1", None), counted("2.1.1", 85, 100)],
            "Chưa xác định: còn 1 chỉ báo chưa có minh chứng: 1.2.1; "
            "2 chỉ báo chưa nhập: 2.2.1, 3.1.1; "
            "với số đã nhập, cao nhất là mức độ 1 vì 2.1.2 đạt 70,0 % (21/30).",
            "cần có kết quả của 1.2.1, 2.2.1, 3.1.1",
            id="open, with a ceiling",
        ),
        pytest.param(
            [Prerequisite("1.1.1", None)],
            [counted("2.1.2", 30, 30)],
            "Chưa xác định: còn 1 chỉ báo chưa nhập: 1.1.1; "
            "với số đã nhập, còn có thể đạt mức độ 3.",
            "cần có kết quả của 1.1.1",
            id="open, and nothing lost yet",
        ),
        pytest.param(
            [Prerequisite("1.1.1", None)],
            [counted(f"2.2.{n}", 70 + n, 100) for n in range(1, 5)],
            "Chưa xác định: còn 1 chỉ báo chưa nhập: 1.1.1; với số đã nhập, cao nhất là mức độ 1 "
            "vì 2.2.1, 2.2.2, 2.2.3, 2.2.4 đều ở mức độ 1, thấp nhất là 2.2.1 đạt 71,0 % (71/100).",
            "cần có kết quả của 1.1.1",
            id="open, with many at the ceiling",
        ),
        pytest.param(
            [Prerequisite("1.1.1", True)],
            [Graded("2.1.2", None)],
            "Chưa xác định: còn 1 chỉ báo chưa nhập: 2.1.2.",
            "cần có kết quả của 2.1.2",
            id="open, no figure yet",
        ),
        pytest.param(
            [Prerequisite("1.1.1", None), Prerequisite("2.2.3", None, excluded=True)],
            [Graded("2.1.2", None), Graded("2.1.1", None, excluded=True)],
            "Chưa xác định: chưa nhập chỉ báo nào; không xét 2.1.1, 2.2.3 (không áp dụng).",
            "cần có kết quả của 1.1.1, 2.1.2",
            id="nothing typed at all",
        ),
    ],
)
def test_the_sentence_and_the_distance_explain(prerequisites, graded, sentence, distance):
    determination = determine_level(prerequisites, graded, THRESHOLDS)

    assert told(determination.sentence) == sentence
    assert told(determination.distance) == distance


def test_the_sentence_follows_the_wording_of_the_thresholds():
    exclusive = (Threshold(1, 70, False), Threshold(2, 80, True))
    graded = [counted("2.1.1", 70, 100), counted("2.1.2", 75, 100), counted("2.2.1", 80, 100)]

    none = determine_level([], graded, exclusive)
    first = determine_level([], graded[1:], exclusive)

    assert told(none.sentence) == (
        "Chưa đạt mức độ nào vì 2.1.1 đạt 70,0 % (70/100), chưa trên 70 %."
    )
    assert told(first.sentence) == (
        "Mức độ 1 vì 2.1.2 đạt 75,0 % (75/100); chỉ báo xét mức còn lại từ 80 %."
    )
    assert told(none.distance) == "cần thêm 1 đơn vị (71/100 = 71,0 %)"


@pytest.mark.parametrize(
    ("prerequisite", "graded", "conclusion"),
    [
        (True, [counted("2.1.1", 85, 100)], 2),
        (False, [counted("2.1.1", 85, 100)], 0),
        (False, [], 0),
        (None, [counted("2.1.1", 69, 100)], 0),
        (None, [counted("2.1.1", 70, 100)], None),
        (True, [Graded("2.1.1", None)], None),
        (True, [], None),
    ],
)
def test_the_conclusion_tells_lost_from_open(prerequisite, graded, conclusion):
    prerequisites = [Prerequisite("1.1.1", prerequisite)]

    assert determine_level(prerequisites, graded, THRESHOLDS).conclusion == conclusion


@pytest.mark.parametrize(
    ("thresholds", "labels"),
    [
        (THRESHOLDS, ["từ 70 % đến 80 %", "trên 80 % đến 90 %", "trên 90 % đến 100 %"]),
        (
            EXACT_80_IS_LEVEL_2,
            ["từ 70 % đến dưới 80 %", "từ 80 % đến 90 %", "trên 90 % đến 100 %"],
        ),
        ((), []),
    ],
)
def test_bands_say_the_thresholds_as_ranges(thresholds, labels):
    assert [(band.level, told(band.label)) for band in bands(thresholds)] == list(
        enumerate(labels, start=1)
    )


def test_codes_sort_as_numbers():
    codes = ["2.2.10", "2.2.9", "10.1", "2.2", "H2.1", "2.2.x"]

    assert sorted(codes, key=code_order) == ["H2.1", "2.2", "2.2.x", "2.2.9", "2.2.10", "10.1"]


# --- Properties -------------------------------------------------------------------------------

counts = st.integers(1, 400).flatmap(lambda t: st.tuples(st.integers(0, t), st.just(t)))
thresholds = st.sampled_from([THRESHOLDS, EXACT_80_IS_LEVEL_2])
verdicts = st.lists(st.sampled_from([True, False, None]), max_size=4)


@st.composite
def results(draw, *, complete=False):
    """Prerequisites and graded indicators of some set, in some state."""
    known = st.just(True) if complete else st.sampled_from([True, True, True, False, None])
    prerequisites = [
        Prerequisite(f"1.1.{n}", draw(known), excluded=draw(st.integers(0, 9)) == 0)
        for n in range(1, draw(st.integers(1, 4)))
    ]
    graded = []
    for n in range(1, draw(st.integers(2, 6))):
        achieved, total = draw(counts)
        is_known = complete or draw(st.integers(0, 6)) > 0
        share = Fraction(achieved, total) if is_known else None
        is_excluded = n > 1 and draw(st.integers(0, 9)) == 0
        graded.append(Graded(f"2.1.{n}", share, achieved, total, excluded=is_excluded))
    return prerequisites, graded


@given(results(), thresholds, st.randoms(use_true_random=False))
def test_order_makes_no_difference(drawn, bounds, random):
    prerequisites, graded = drawn
    expected = determine_level(prerequisites, graded, bounds)
    shuffled = [list(prerequisites), list(graded), list(bounds)]
    for items in shuffled:
        random.shuffle(items)

    determination = determine_level(*shuffled)

    assert determination == expected
    assert determination.to_data() == expected.to_data()
    assert determination.distance == expected.distance


@given(results(), thresholds, st.data())
def test_raising_a_figure_never_lowers_the_level(drawn, bounds, data):
    prerequisites, graded = drawn
    before = determine_level(prerequisites, graded, bounds)
    place = data.draw(st.integers(0, len(graded) - 1))
    item = graded[place]
    more = data.draw(st.integers(item.achieved, item.total))
    share = Fraction(more, item.total)
    graded[place] = Graded(item.code, share, more, item.total, excluded=item.excluded)

    after = determine_level(prerequisites, graded, bounds)

    if item.share is not None:
        assert after.level >= before.level
        assert after.ceiling >= before.ceiling


@given(results(complete=True), thresholds)
def test_the_distance_once_done_reaches_the_level_and_one_less_does_not(drawn, bounds):
    prerequisites, graded = drawn
    before = determine_level(prerequisites, graded, bounds)
    if before.next is None:
        assert before.level == 3
        return
    more = {need.code: need.more for need in before.next.needs}

    def level_after(changes):
        changed = []
        for item in graded:
            achieved = item.achieved + changes.get(item.code, 0)
            share = Fraction(achieved, item.total)
            changed.append(Graded(item.code, share, achieved, item.total, excluded=item.excluded))
        return determine_level(prerequisites, changed, bounds).level

    assert level_after(more) >= before.next.level
    for code in more:
        assert level_after({**more, code: more[code] - 1}) < before.next.level


@given(results(), thresholds)
def test_whatever_comes_is_explained(drawn, bounds):
    determination = determine_level(*drawn, bounds)

    assert determination.sentence.endswith(".")
    assert "None" not in determination.sentence + determination.distance
    assert all(code in determination.sentence for code in determination.excluded)
    assert all(code in determination.sentence for code in determination.unmet)
    assert determination.is_recognised == determination.sentence.startswith("Mức độ")
    assert determination.level <= determination.ceiling
    is_open = determination.sentence.startswith("Chưa xác định")
    assert is_open == (determination.conclusion is None)
    assert is_open == (determination.ceiling > 0 and not determination.is_complete)
