"""What a keeper types about one unit, at every bound: the same for grid, form and workbook."""

from datetime import date
from decimal import Decimal

import pytest

from criteria.points import Item, PointRule, RatingBand
from evaluations.unit_reading import OwnSheet, UnclearDate, read_date, read_line

TODAY = date(2022, 12, 20)
BANDS = (("tot", "Tốt", 85), ("kha", "Khá", 70), ("trung-binh", "Trung bình", 50))
BANDS += (("chua-dat", "Chưa đạt", 0),)


def rule(*, is_open=False) -> PointRule:
    return PointRule(
        maximum=100,
        items=(Item("1", "Nội dung", None if is_open else Decimal(100)),),
        ratings=tuple(
            RatingBand(code, label, None if is_open else Decimal(low), low >= 70)
            for code, label, low in BANDS
        ),
    )


RULE = rule()
OPEN_RULE = rule(is_open=True)
SENT = OwnSheet(Decimal(84), "kha")


def read(sheet=None, by=RULE, **typed):
    return read_line(typed, rule=by, year=2022, today=TODAY, sheet=sheet)


def test_nothing_typed_is_a_unit_in_scope_without_a_result():
    reading = read()

    assert reading.problems == {}
    assert reading.values["in_scope"] is True
    assert (reading.values["score"], reading.values["rating"]) == (None, "")


@pytest.mark.parametrize(
    ("points", "rating"),
    [
        ("100", "tot"),
        ("85", "tot"),
        ("84,99", "kha"),
        ("84.99", "kha"),
        ("70", "kha"),
        ("69,99", "trung-binh"),
        ("50", "trung-binh"),
        ("49,99", "chua-dat"),
        ("0", "chua-dat"),
    ],
)
def test_points_give_the_rating_at_every_bound(points, rating):
    reading = read(score=points)

    assert reading.problems == {}
    assert reading.values["rating"] == rating


def test_points_are_exact():
    assert read(score="84,5").values["score"] == Decimal("84.5")


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ("100,01", "lớn hơn điểm tối đa 100"),
        ("-1", "số âm"),
        ("84,555", "hai cách hiểu"),
        ("84,5555", "nhiều nhất 2 chữ số thập phân"),
        ("tám mươi", "không phải là số"),
        ("8O", "không phải là số"),
    ],
)
def test_points_that_cannot_be_are_refused_and_nothing_counts(points, said):
    reading = read(score=points, rating="Khá")

    assert said in reading.problems["score"]
    assert (reading.values["score"], reading.values["rating"]) == (None, "")


@pytest.mark.parametrize("label", ["Khá", "khá", " KHÁ ", "Kha\u0301"])
def test_rating_is_known_in_any_case_and_either_unicode_form(label):
    assert read(rating=label).values["rating"] == "kha"


@pytest.mark.parametrize("label", ["Kha", "Giỏi", "Đạt"])
def test_word_that_is_no_rating_is_refused_with_the_choices(label):
    reading = read(rating=label)

    assert reading.problems["rating"] == (
        f"“{label}” không phải xếp loại. Chọn Tốt, Khá, Trung bình hoặc Chưa đạt."
    )
    assert reading.values["rating"] == ""


@pytest.mark.parametrize(
    ("points", "label"),
    [("84,99", "Tốt"), ("85", "Khá"), ("70", "Trung bình"), ("0", "Trung bình")],
)
def test_rating_that_contradicts_its_points_is_refused(points, label):
    reading = read(score=points, rating=label)

    assert "Sửa điểm hoặc xếp loại." in reading.problems["rating"]
    assert reading.values["rating"] == ""


def test_rating_that_agrees_with_its_points_stands():
    assert read(score="84,5", rating="Khá").problems == {}


def test_without_bands_points_contradict_no_rating_and_give_none():
    reading = read(by=OPEN_RULE, score="90", rating="Trung bình")

    assert reading.problems == {}
    assert reading.values["rating"] == "trung-binh"
    assert read(by=OPEN_RULE, score="90").values["rating"] == ""


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("25/11/2022", date(2022, 11, 25)),
        ("5/1/2022", date(2022, 1, 5)),
        ("25-11-2022", date(2022, 11, 25)),
        ("25.11.2022", date(2022, 11, 25)),
        ("25 / 11 / 2022", date(2022, 11, 25)),
        ("2022-11-25", date(2022, 11, 25)),
        ("01/01/2022", date(2022, 1, 1)),
        ("20/12/2022", TODAY),
    ],
)
def test_day_of_a_decision_is_read_as_officers_write_it(typed, day):
    reading = read(decision_on=typed)

    assert reading.problems == {}
    assert reading.values["decision_on"] == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/11/2022", "tháng 11 có 30 ngày"),
        ("29/02/2022", "tháng 2 có 28 ngày"),
        ("00/11/2022", "tháng 11 có 30 ngày"),
        ("25/13/2022", "không có tháng 13"),
        ("25/11/0022", "xem lại năm 22"),
        ("25/11", "không phải ngày"),
        ("25/11/22", "không phải ngày"),
        ("hôm qua", "không phải ngày"),
        ("21/12/2022", "chưa tới"),
        ("31/12/2021", "trước năm đánh giá 2022"),
    ],
)
def test_day_that_cannot_be_is_refused_and_the_rating_stands(typed, said):
    reading = read(rating="Khá", decision_on=typed)

    assert said in reading.problems["decision_on"]
    assert reading.values["decision_on"] is None
    assert reading.values["rating"] == "kha"


def test_leap_day_is_a_day():
    assert read_date("29/02/2024") == date(2024, 2, 29)


def test_day_must_be_a_day():
    with pytest.raises(UnclearDate):
        read_date("")


@pytest.mark.parametrize(
    ("field", "length"),
    [("exclusion_reason", 300), ("decision_number", 100), ("correction_reason", 500)],
)
def test_texts_are_as_long_as_their_columns(field, length):
    assert field not in read(**{field: "a" * length}).problems
    assert f"chứa được {length}" in read(**{field: "a" * (length + 1)}).problems[field]


def test_out_of_scope_takes_a_reason():
    said = read(in_scope="Không", exclusion_reason="Cơ quan ngành dọc")
    silent = read(in_scope="Không")

    assert (said.values["in_scope"], said.problems) == (False, {})
    assert silent.values["in_scope"] is True
    assert "chưa có lý do thì vẫn tính" in silent.problems["exclusion_reason"]


def test_reason_too_long_to_keep_leaves_the_unit_in_scope():
    assert read(in_scope="Không", exclusion_reason="a" * 301).values["in_scope"] is True


def test_scope_is_yes_or_no():
    reading = read(in_scope="có lẽ")

    assert "Chọn Có hoặc Không" in reading.problems["in_scope"]
    assert reading.values["in_scope"] is True


@pytest.mark.parametrize("typed", [{"rating": "Khá"}, {"score": "84"}, {"score": "84,0"}, {}])
def test_agreeing_with_the_units_own_sheet_needs_no_reason(typed):
    assert read(SENT, **typed).problems == {}


@pytest.mark.parametrize("typed", [{"rating": "Tốt"}, {"score": "90"}, {"score": "83,99"}])
def test_differing_from_the_units_own_sheet_needs_a_reason(typed):
    silent = read(SENT, **typed)
    said = read(SENT, correction_reason="Mục 2.1 chưa có minh chứng.", **typed)

    assert silent.problems == {
        "correction_reason": "Khác với đơn vị tự chấm (84 điểm, Khá): ghi lý do điều chỉnh."
    }
    assert silent.values["rating"] == ""
    assert said.problems == {}
    assert said.values["rating"] != ""


def test_what_the_unit_sent_is_not_changed_by_who_keeps_the_register():
    reading = read(SENT, self_score="90", rating="Khá")

    assert "không sửa ở đây" in reading.problems["self_score"]
    assert (reading.values["self_score"], reading.values["self_rating"]) == (Decimal(84), "kha")
    assert reading.values["rating"] == "kha"


def test_every_fault_of_a_line_is_told_at_once():
    reading = read(score="101", rating="Kha", decision_on="31/11/2022", in_scope="Không")

    assert set(reading.problems) == {"score", "rating", "decision_on", "exclusion_reason"}
