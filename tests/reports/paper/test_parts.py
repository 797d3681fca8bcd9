import pytest

from reports.paper.measuring import rule_under, width_of
from reports.paper.parts import Appendix, Head, numbered, roman
from tests.reports.paper.samples import indicators, paper


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "I"), (4, "IV"), (9, "IX"), (10, "X"), (14, "XIV"), (39, "XXXIX")]
)
def test_appendices_count_in_roman_numerals(number, numeral):
    assert roman(number) == numeral


def test_a_single_appendix_has_no_number():
    one = Appendix("", "Danh mục", "Báo cáo", ())

    assert [each.heading for each in numbered([one])] == ["Phụ lục"]
    assert [each.heading for each in numbered([one, one])] == ["Phụ lục I", "Phụ lục II"]


def test_rows_that_stay_together_are_one_group():
    groups = indicators(2).groups

    assert [(len(group.rows), group.stays_with_next) for group in groups] == [
        (1, True),
        (2, False),
        (1, True),
        (2, False),
    ]


def test_width_is_that_of_the_printed_line():
    # Measured on a page: 27 letters of 13,5 points bold.
    assert width_of("Độc lập - Tự do - Hạnh phúc", 13.5, bold=True) == pytest.approx(58.3, abs=0.1)
    assert width_of("", 14) == 0


@pytest.mark.parametrize("line", ["UBND", "ỦY BAN NHÂN DÂN", "SỞ GIÁO DỤC VÀ ĐÀO TẠO"])
def test_the_rule_under_an_office_is_a_third_to_a_half_of_its_name(line):
    length = width_of(line, 13, bold=True)

    assert length / 3 <= rule_under(("BỘ", line), 13) <= length / 2
    assert rule_under((), 13) == 0


def test_all_that_is_said_comes_in_reading_order():
    said = paper().said

    assert said.index("I. Kết quả chung") < said.index("Như trên") < said.index("Phụ lục II")
    assert {"Thuyết minh:", "Điều 1.", "đang bổ sung", "Trần Văn Trưởng"} <= set(said)


def test_the_about_of_a_letter_breaks_into_lines_of_one_length():
    about = "V/v đôn đốc hồ sơ công nhận quận, huyện học tập, thành phố học tập năm 2022"

    lines = Head("", ("Sở",), about=about).about_lines

    assert " ".join(lines) == about
    widths = [width_of(line, 12) for line in lines]
    assert len(lines) > 1
    assert max(widths) <= 64
    assert min(widths) > 0.6 * max(widths)
