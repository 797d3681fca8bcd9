"""Points and ratings at every bound, and the two sets as `legal.md` knows them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.numbers import NBSP, UnclearNumber
from criteria.points import Item, PointRule, RatingBand, Total, arranged, read_points

BANDS = (("tot", "Tốt", 85, True), ("kha", "Khá", 70, True))
BANDS += (("trung-binh", "Trung bình", 50, False), ("chua-dat", "Chưa đạt", 0, False))
SUMS = {"1": 30, "1.1": 10, "1.2": 20, "2": 30, "3": 40, "3.1": 25, "3.2": 15}


def points(value):
    return None if value is None else Decimal(str(value))


def rule(sums=SUMS, minimums=(85, 70, 50, 0), maximum=100):
    """A set of these maxima by code, and of four ratings that begin there."""
    return PointRule(
        maximum=maximum,
        items=arranged(Item(code, f"Mục {code}", points(each)) for code, each in sums.items()),
        ratings=tuple(
            RatingBand(code, label, points(minimum), is_good)
            for (code, label, _, is_good), minimum in zip(BANDS, minimums, strict=True)
        ),
    )


OPEN = rule(dict.fromkeys(SUMS), (None, None, None, None))
SCORES = st.integers(0, 10000).map(lambda hundredths: Fraction(hundredths, 100))


# --- Ratings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0", "Chưa đạt"),
        ("0,01", "Chưa đạt"),
        ("49,99", "Chưa đạt"),
        ("50", "Trung bình"),
        ("50,01", "Trung bình"),
        ("69,99", "Trung bình"),
        ("70", "Khá"),
        ("70,01", "Khá"),
        ("84,99", "Khá"),  # "từ 70 đến dưới 85"
        ("85", "Tốt"),
        ("85,01", "Tốt"),
        ("100", "Tốt"),
    ],
)
def test_a_rating_begins_where_the_text_says(typed, expected):
    assert rule().classify(rule().read_points(typed)).label == expected


def test_a_score_is_compared_whole_and_not_rounded():
    just_below = Fraction(85) - Fraction(1, 10**9)

    assert rule().classify(just_below).label == "Khá"


@given(SCORES)
def test_every_score_has_exactly_one_rating(score):
    found = rule().classify(score)

    holding = [
        band
        for band, above in zip(rule().ratings, (None, *rule().ratings), strict=False)
        if band.minimum <= score and (above is None or score < above.minimum)
    ]
    assert holding == [found]


@given(SCORES, SCORES)
def test_more_points_never_get_a_worse_rating(one, other):
    order = [band.code for band in rule().ratings]
    low, high = sorted((one, other))

    assert order.index(rule().classify(high).code) <= order.index(rule().classify(low).code)
    if rule().classify(low).is_good_or_better:
        assert rule().classify(high).is_good_or_better


@given(
    st.lists(st.integers(1, 10000), min_size=3, max_size=3, unique=True).map(sorted),
    SCORES,
)
def test_any_set_of_bands_that_is_sound_rates_every_score(bounds, score):
    low, middle, high = (Decimal(bound) / 100 for bound in bounds)
    made = rule(minimums=(high, middle, low, 0))

    assert made.problems() == []
    assert made.classify(score) is not None


def test_a_set_with_open_bands_rates_nothing():
    assert OPEN.classify(Fraction(100)) is None
    assert not OPEN.has_bands
    assert rule(minimums=(85, None, 50, 0)).classify(Fraction(90)) is None


def test_ranges_are_told_in_words():
    assert [text for _, text in rule().ranges] == [
        "từ 85 đến 100",
        "từ 70 đến dưới 85",
        "từ 50 đến dưới 70",
        "dưới 50",
    ]
    assert [text for _, text in rule(minimums=(82.5, 60, 40, 0)).ranges][:2] == [
        "từ 82,5 đến 100",
        "từ 60 đến dưới 82,5",
    ]
    assert {text for _, text in OPEN.ranges} == {""}


def test_a_single_rating_takes_every_score():
    alone = replace(rule(), ratings=(RatingBand("dat", "Đạt", Decimal(0), True),))

    assert [text for _, text in alone.ranges] == ["từ 0 đến 100"]
    assert alone.problems() == []


# --- Sheets -----------------------------------------------------------------------------------


def test_only_items_without_parts_are_scored():
    assert [item.code for item in rule().scored_items] == ["1.1", "1.2", "2", "3.1", "3.2"]


def test_a_sheet_adds_up_and_names_what_is_missing():
    given_points = {
        "1.1": Fraction(19, 2),
        "2": Fraction(30),
        "9.9": Fraction(99),
        "1": Fraction(5),
    }

    added = rule().total(given_points)

    assert added == Total(Fraction(79, 2), ("1.2", "3.1", "3.2"))
    assert not added.is_complete


@given(st.permutations(["1.1", "1.2", "2", "3.1", "3.2"]), st.lists(SCORES, min_size=5, max_size=5))
def test_a_sum_does_not_depend_on_the_order(codes, scores):
    in_order = dict(zip(sorted(codes), scores, strict=True))
    shuffled = {code: in_order[code] for code in codes}

    assert rule().total(shuffled) == rule().total(in_order) == Total(sum(scores), ())


def test_full_points_of_every_item_make_the_whole():
    full = {item.code: Fraction(item.maximum) for item in rule().scored_items}

    assert rule().total(full) == Total(Fraction(100), ())


def test_an_empty_sheet_is_not_a_sheet_of_noughts():
    assert rule().total({}).missing == ("1.1", "1.2", "2", "3.1", "3.2")
    assert rule().total(dict.fromkeys(["1.1", "1.2", "2", "3.1", "3.2"], Fraction(0))).is_complete


def test_points_are_open_until_every_item_has_them():
    assert rule().has_points
    assert rule().open_items == ()
    assert not OPEN.has_points
    assert not rule(SUMS | {"3.2": None}).has_points
    assert [item.code for item in rule(SUMS | {"3.2": None}).open_items] == ["3.2"]
    assert not PointRule(100, (), ()).has_points


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("0", "0"), ("9,5", "19/2"), ("9.5", "19/2"), ("0,25", "1/4"), ("10", "10")],
)
def test_points_are_read_as_typed(typed, expected):
    assert rule().read_points(typed, maximum=10) == Fraction(expected)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("10,01", "10,01 lớn hơn điểm tối đa 10."),
        ("1/3", "không phải là số"),
        ("tám", "không phải là số"),
        ("-1", "là số âm"),
        ("0,125", "nhiều nhất 2 chữ số thập phân"),
        ("1.500", "có hai cách hiểu"),
        ("", "Chưa có số nào"),
    ],
)
def test_points_that_are_none_say_what_to_do(typed, said):
    with pytest.raises(UnclearNumber, match=said):
        rule().read_points(typed, maximum=Decimal(10))


def test_points_of_the_whole_are_held_to_its_maximum():
    assert rule().read_points("100") == 100
    assert rule(maximum=120).read_points("120") == 120
    with pytest.raises(UnclearNumber, match="100,5 lớn hơn điểm tối đa 100"):
        rule().read_points("100,5")
    with pytest.raises(UnclearNumber, match="lớn hơn điểm tối đa 12,5"):
        read_points("13", Decimal("12.5"))


# --- Sets -------------------------------------------------------------------------------------


def test_items_stand_in_the_order_of_their_codes_under_their_criterion():
    made = arranged(Item(code, code, None) for code in ("10", "3.2", "3", "2", "3.10", "3.1"))

    assert [item.code for item in made] == ["2", "3", "3.1", "3.2", "3.10", "10"]
    assert [item.parent for item in made] == ["", "", "3", "3", "3", ""]
    assert [item.code for item in made if not item.is_scored] == ["3"]


@pytest.mark.parametrize("code", ["", "0", "3.", ".1", "3.1.1", "a", "03", "100", "3,1", "3.0"])
def test_a_code_is_a_number_or_a_number_and_its_part(code):
    with pytest.raises(ValueError, match="không đúng dạng"):
        arranged([Item(code, "Nội dung", None)])


@pytest.mark.parametrize("made", [rule(), OPEN, rule(SUMS | {"3.1": None, "3.2": None})])
def test_a_sound_set_has_no_problem(made):
    assert made.problems() == []


SUM_PROBLEMS = [
    (SUMS | {"1.2": 15}, "Tiêu chí 1: 10 + 15 = 25, phải bằng 30 điểm."),
    (SUMS | {"2": 25}, "Cả biểu điểm: 30 + 25 + 40 = 95, phải bằng 100 điểm."),
    (SUMS | {"3.1": 24.5}, "Tiêu chí 3: 24,5 + 15 = 39,5, phải bằng 40 điểm."),
    # Known parts of an open whole make it known.
    (SUMS | {"3": None}, "Tiêu chí 3: đã rõ điểm mọi mục con, ghi điểm tối đa là 40."),
    # Nothing would be left for the open one.
    (
        SUMS | {"3.1": 40, "3.2": None},
        "Tiêu chí 3: các mục đã ghi cộng được 40 điểm, không còn điểm cho mục để trống.",
    ),
    (
        SUMS | {"3.1": 45, "3.2": None},
        "Tiêu chí 3: các mục đã ghi cộng được 45 điểm, không còn điểm cho mục để trống.",
    ),
    (SUMS | {"2": 0}, "Mục 2: điểm tối đa phải lớn hơn 0, hoặc để trống khi chưa rõ."),
    ({"1": 100, "2.1": 5}, "Mục 2.1 chưa có tiêu chí 2 để đứng dưới."),
    ({}, "Biểu điểm chưa có mục nào."),
]


@pytest.mark.parametrize(("sums", "said"), SUM_PROBLEMS)
def test_points_that_do_not_fit_together_are_named(sums, said):
    assert said in [text.replace(NBSP, " ") for text in rule(sums).problems()]


def test_points_of_an_item_are_shown_as_people_write_them():
    assert [item.shown_maximum for item in rule(SUMS | {"3.1": 12.5, "3.2": None}).items] == [
        *("30", "10", "20", "30", "40", "12,5", "")
    ]


def test_a_code_twice_is_named():
    twice = replace(rule(), items=arranged([*rule().items, Item("1.1", "Lại", Decimal(5))]))

    assert twice.problems() == ["Mã 1.1 có 2 lần."]


BAND_PROBLEMS = [
    ((85, 70, None, 0), "Ghi điểm bắt đầu của mọi xếp loại, hoặc để trống tất cả."),
    ((70, 85, 50, 0), "Xếp loại cao hơn phải bắt đầu từ điểm cao hơn."),
    ((85, 85, 50, 0), "Xếp loại cao hơn phải bắt đầu từ điểm cao hơn."),
    ((101, 70, 50, 0), "Xếp loại cao nhất bắt đầu trên tổng điểm 100."),
    ((85, 70, 50, 10), "Xếp loại thấp nhất phải bắt đầu từ 0 điểm."),
]


@pytest.mark.parametrize(("minimums", "said"), BAND_PROBLEMS)
def test_bands_that_do_not_fit_together_are_named(minimums, said):
    assert rule(minimums=minimums).problems() == [said]


def test_what_counts_as_good_stands_above_the_rest():
    upside_down = replace(rule(), ratings=rule().ratings[2:] + rule().ratings[:2])

    assert "Xếp loại từ Khá trở lên phải đứng trên các xếp loại khác." in upside_down.problems()


@given(st.permutations(range(1, 8)))
def test_the_order_in_which_items_come_does_not_matter(order):
    rows = [Item(str(code), f"Mục {code}", Decimal(code)) for code in order]

    assert all(earlier.maximum < later.maximum for earlier, later in pairwise(arranged(rows)))
