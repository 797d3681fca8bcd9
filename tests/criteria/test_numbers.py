"""Vietnamese input and output of numbers (design: decimal comma and dot, never guessed)."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.numbers import (
    MAX_DIGITS,
    UnclearNumber,
    decimal_places,
    parse_count,
    parse_number,
    rounded,
    show_number,
    show_percent,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", "0"),
        ("7", "7"),
        ("007", "7"),
        ("1500", "1500"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1,50", "1.5"),
        ("0,05", "0.05"),
        ("0.050", "0.05"),
        ("0,050", "0.05"),
        ("000.500", "0.5"),
        ("1,2340", "1.234"),
        ("1234.500", "1234.5"),
        ("1234,567", "1234.567"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234,567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("12.345.678.901", "12345678901"),
        ("1 234", "1234"),
        ("1 234 567", "1234567"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),  # no-break space
        ("1\u2009234", "1234"),  # thin space
        ("1\u202f234,5", "1234.5"),  # narrow no-break space
        ("76,7 %", "76.7"),
        ("76,7%", "76.7"),
        ("100\u00a0%", "100"),
        ("  12,5\t", "12.5"),
        ("9" * MAX_DIGITS, "9" * MAX_DIGITS),
        ("999.999.999.999.999", "999999999999999"),
    ],
)
def test_parse_number_reads_what_can_mean_one_thing_only(typed, number):
    assert parse_number(typed) == Fraction(number)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1.500", "“1.500” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5. Gõ 1500 hoặc 1,5."),
        ("1,500", "“1,500” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5. Gõ 1500 hoặc 1,5."),
        ("12.500", "“12.500” có hai cách hiểu: 12 nghìn 500, hay 12 phẩy 5. Gõ 12500 hoặc 12,5."),
        ("1.050", "“1.050” có hai cách hiểu: 1 nghìn 50, hay 1 phẩy 05. Gõ 1050 hoặc 1,05."),
        ("1.000", "“1.000” có hai cách hiểu: 1 nghìn, hay đúng 1. Gõ 1000 hoặc 1."),
        ("1.234", "“1.234” có hai cách hiểu: 1 nghìn 234, hay 1 phẩy 234. Gõ 1234 hoặc 1,2340."),
        ("012.500", "“012.500” có hai cách hiểu: 12 nghìn 500, hay 12 phẩy 5. Gõ 12500 hoặc 12,5."),
        (
            "1 234,500",
            "“1 234,500” có hai cách hiểu: 1234 nghìn 500, hay 1234 phẩy 5. "
            "Gõ 1234500 hoặc 1234,5.",
        ),
        ("1.500 %", "“1.500 %” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5. Gõ 1500 hoặc 1,5."),
        ("", "Chưa có số nào. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5."),
        (" % ", "Chưa có số nào. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5."),
        ("-3", "“-3” là số âm. Gõ số từ 0 trở lên."),
        ("\u22123,5", "“\u22123,5” là số âm. Gõ số từ 0 trở lên."),
        ("chín", "“chín” không phải là số. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5."),
        ("9" * 16, f"“{'9' * 16}” quá dài. Gõ số có nhiều nhất 15 chữ số."),
        ("9" * 31, f"“{'9' * 30}…” quá dài. Gõ số có nhiều nhất 15 chữ số."),
        ("9" * 30, f"“{'9' * 30}” quá dài. Gõ số có nhiều nhất 15 chữ số."),
    ],
)
def test_parse_number_says_what_to_type_instead(typed, message):
    with pytest.raises(UnclearNumber) as refused:
        parse_number(typed)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    "typed",
    ["nan", "NaN", "inf", "Infinity", "1e5", "1E5", "+5", "1/2", "0x10", "1_000", "5,", ",5", "."]
    + ["1..5", "1.5.5", "1.23.4", "12 34", "1 2345", "1  234", "0 123", "0.123.456", "1.2345.678"]
    + ["1,234,56", "1.234,567,890", "1\n234", "12 %%", "１２", "٣٤", "²", "½", "12m", "1.234 567"],
)
def test_parse_number_refuses_what_is_no_number(typed):
    with pytest.raises(UnclearNumber, match="không phải là số"):
        parse_number(typed)


@pytest.mark.parametrize(("typed", "count"), [("0", 0), ("1 234", 1234), ("5,0", 5)])
def test_parse_count_reads_whole_numbers(typed, count):
    assert parse_count(typed) == count


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("12,5", "“12,5” không phải số nguyên. Ô này là số đếm, ví dụ 12."),
        (" 12 % ", "“12 %” là tỷ lệ. Ô này là số đếm, gõ số nguyên, ví dụ 12."),
        (
            "1.500",
            "“1.500” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5. Ô này là số đếm, gõ liền 1500.",
        ),
    ],
)
def test_parse_count_says_what_to_type_instead(typed, message):
    with pytest.raises(UnclearNumber) as refused:
        parse_count(typed)

    assert str(refused.value) == message


@given(st.integers(1, 999), st.integers(0, 999))
def test_each_advice_to_an_unclear_number_can_be_typed(whole, thousandths):
    typed = f"{whole}.{thousandths:03d}"

    with pytest.raises(UnclearNumber) as refused:
        parse_number(typed)

    advice = str(refused.value).partition("Gõ ")[2].removesuffix(".")
    as_thousands, as_decimal = advice.split(" hoặc ")
    assert parse_number(as_thousands) == whole * 1000 + thousandths
    assert parse_number(as_decimal) == Fraction(whole * 1000 + thousandths, 1000)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(text):
    with suppress(UnclearNumber):  # and nothing else
        assert parse_number(text) >= 0


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_what_is_written_with_a_comma_is_read_back(units, places):
    number = Fraction(units, 10**places)
    decimals = decimal_places(number)
    digits = str(int(number * 10**decimals)).rjust(decimals + 1, "0")
    typed = digits if not decimals else f"{digits[:-decimals]},{digits[-decimals:]}"

    if decimals == 3 and 0 < number < 1000 and number >= 1:
        typed += "0"  # three decimals alone are refused

    assert parse_number(typed) == number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(0), "0"),
        (31482, "31.482"),
        (1234567, "1.234.567"),
        (Fraction("0.05"), "0,05"),
        (Fraction("1234.5"), "1.234,5"),
        (Fraction("-1.56"), "\u22121,56"),
        (Fraction(1, 3), "0,33"),
        (Fraction(2, 3), "0,67"),
        (Fraction(-1, 3000), "0,00"),  # no minus before a nought
        (Fraction("1.005"), "1,005"),
    ],
)
def test_show_number_writes_it_as_a_vietnamese_reads_it(number, shown):
    assert show_number(number) == shown


@pytest.mark.parametrize(
    ("share", "bounds", "shown"),
    [
        ("0.767", (), "76,7 %"),
        ("23/30", (70, 80, 90), "76,7 %"),
        ("0.8004", (80,), "80,04 %"),  # "80,0 %" would read as mức độ 1
        ("0.7996", (80,), "79,96 %"),
        ("0.8004", (), "80,0 %"),
        ("0.8", (80,), "80,0 %"),
        ("0.7", (70,), "70,0 %"),
        ("6/31482", (Fraction("0.05"),), "0,019 %"),
        ("0.00053", (Fraction("0.05"),), "0,053 %"),
        ("0.0005", (Fraction("0.05"),), "0,05 %"),
        ("0.00001", (), "0,001 %"),
        ("0.9997", (), "99,97 %"),  # only everything is 100 %
        ("1", (90,), "100 %"),
        ("0", (70,), "0 %"),
        ("0.125", (), "12,5 %"),
        ("0.12345", (), "12,3 %"),
        ("0.12350", (), "12,4 %"),  # half up
        ("0.0094", (), "0,94 %"),
        ("0.0096", (), "1,0 %"),
        ("0.000904", (), "0,090 %"),
        ("0.8004", (Fraction("80.03"),), "80,04 %"),  # 80,0 % would be on the other side
    ],
)
def test_show_percent_never_contradicts_the_verdict(share, bounds, shown):
    assert show_percent(Fraction(share), bounds) == shown.replace(" ", "\u00a0")


def test_show_percent_takes_more_decimals_when_asked():
    assert show_percent(Fraction(23, 30), places=2) == "76,67\u00a0%"


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from([70, 80, 90, 100]))
def test_the_shown_percentage_stands_on_the_same_side_of_the_bound(achieved, total, bound):
    share = Fraction(min(achieved, total), total)

    shown = Fraction(show_percent(share, [bound]).removesuffix("\u00a0%").replace(",", "."))

    assert (shown > bound) == (share * 100 > bound)
    assert (shown < bound) == (share * 100 < bound)


@pytest.mark.parametrize(
    ("number", "places", "result"),
    [("0.05", 1, "0.1"), ("0.25", 1, "0.3"), ("-0.25", 1, "-0.3"), ("2.5", 0, "3"), ("7", 2, "7")],
)
def test_rounded_takes_half_away_from_nought(number, places, result):
    assert rounded(Fraction(number), places) == Fraction(result)


@pytest.mark.parametrize(
    ("number", "places"),
    [("7", 0), ("0.5", 1), ("0.04", 2), ("1/8", 3), ("1/3", None), (f"1/{10**30}", 30)],
)
def test_decimal_places_are_those_of_the_full_number(number, places):
    assert decimal_places(Fraction(number)) == places
