"""Numbers as Vietnamese officers type and read them.

Input accepts the decimal comma and the decimal dot where only one reading is possible, and
refuses the rest with a sentence that says what to type instead: "1.500" is never guessed.
Everything is an exact Fraction; rounding happens only in what is shown. What is shown groups
thousands by dots ("31.482"), so it is for reading and never goes back into a field.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

MAX_DIGITS = 15
NBSP = "\u00a0"
MINUS = "\u2212"

_SPACES = "\u0020\u00a0\u2007\u2008\u2009\u200a\u202f"
_MINUSES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_SPACED_GROUPS = re.compile(rf"[1-9][0-9]{{0,2}}(?:[{_SPACES}][0-9]{{3}})+(?=[.,]|\Z)")
_PLAIN = re.compile(r"([0-9]+)(?:([.,])([0-9]+))?")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")


class UnclearNumber(ValueError):
    """What was typed is no number, or can be read in two ways; the message says what to type."""


class TwoReadings(UnclearNumber):
    """A separator before three digits: thousands to one reader, decimals to another."""

    def __init__(self, readings: str, whole: str, decimal: str) -> None:
        super().__init__(f"{readings} Gõ {whole} hoặc {decimal}.")
        self.readings = readings
        self.whole = whole


@lru_cache(maxsize=4096)  # the same few numbers come again and again
def parse_number(text: str) -> Fraction:
    """The one number that the text can mean; a trailing % sign is dropped."""
    return _parse(text.strip().removesuffix("%").rstrip(), typed=text.strip())


@lru_cache(maxsize=4096)
def parse_count(text: str) -> int:
    """A whole number of things."""
    text = text.strip()
    if text.endswith("%"):
        raise UnclearNumber(f"{_quoted(text)} là tỷ lệ. Ô này là số đếm, gõ số nguyên, ví dụ 12.")
    try:
        number = _parse(text, typed=text)
    except TwoReadings as unclear:
        # Only one of the two could be a count, yet which was meant is the officer's to say.
        said = f"{unclear.readings} Ô này là số đếm, gõ liền {unclear.whole}."
        raise UnclearNumber(said) from None
    if number.denominator != 1:
        raise UnclearNumber(f"{_quoted(text)} không phải số nguyên. Ô này là số đếm, ví dụ 12.")
    return number.numerator


def show_number(number: Fraction | int) -> str:
    """The number in full; one that never ends is rounded to two decimals."""
    number = Fraction(number)
    places = decimal_places(number)
    return _decimal(number, 2 if places is None else places)


def show_percent(share: Fraction, bounds: Iterable[Fraction | int] = (), places: int = 1) -> str:
    """A share as a percentage, with enough decimals not to contradict the verdict.

    `bounds` are the percentages that the share is compared with. 0 and 100 are always among
    them, so that only nothing reads 0 % and only everything reads 100 %.
    """
    percent = share * 100
    if percent in (0, 100):
        return f"{percent.numerator}{NBSP}%"
    compared = (Fraction(0), Fraction(100), *map(Fraction, bounds))
    while not _is_faithful(percent, places, compared):
        places += 1
    return f"{_decimal(percent, places)}{NBSP}%"


def rounded(number: Fraction, places: int) -> Fraction:
    """Half away from zero, as by hand; round() would take half to even."""
    scale = 10**places
    units = (2 * abs(number.numerator) * scale + number.denominator) // (2 * number.denominator)
    return Fraction(units if number >= 0 else -units, scale)


def decimal_places(number: Fraction) -> int | None:
    """How many decimals write the number in full; None when no number of them does."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _parse(text: str, *, typed: str) -> Fraction:
    if not text:
        raise UnclearNumber("Chưa có số nào. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5.")
    if len(text) <= MAX_DIGITS and text.isascii() and text.isdecimal():
        return Fraction(int(text))
    typed = _quoted(typed)
    if text[0] in _MINUSES:
        raise UnclearNumber(f"{typed} là số âm. Gõ số từ 0 trở lên.")
    if sum(character.isdigit() for character in text) > MAX_DIGITS:
        raise UnclearNumber(f"{typed} quá dài. Gõ số có nhiều nhất {MAX_DIGITS} chữ số.")
    is_spaced = _SPACED_GROUPS.match(text) is not None
    if is_spaced:
        text = re.sub(f"[{_SPACES}]", "", text)
    if plain := _PLAIN.fullmatch(text):
        whole, separator, decimals = plain.groups()
        # "0.050" has no thousands to group, so its dot can only be the decimal one.
        could_group = is_spaced or (len(whole) <= 3 and int(whole) != 0)
        if separator and len(decimals) == 3 and could_group:
            raise _two_readings(typed, whole, decimals)
        return Fraction(f"{whole}.{decimals or 0}")
    if not is_spaced and (grouped := _GROUPED.fullmatch(text)):
        groups, separator, decimals = grouped.groups()
        return Fraction(f"{groups.replace(separator, '')}.{decimals or 0}")
    raise UnclearNumber(f"{typed} không phải là số. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5.")


def _two_readings(typed: str, whole: str, decimals: str) -> TwoReadings:
    whole, tail = whole.lstrip("0"), decimals.rstrip("0")
    # Three decimals would be refused again, so the advice carries a fourth.
    advised = f"{whole},{tail if len(tail) < 3 else tail + '0'}" if tail else whole
    as_thousands = f"{whole} nghìn {int(decimals)}" if tail else f"{whole} nghìn"
    as_decimal = f"{whole} phẩy {tail}" if tail else f"đúng {whole}"
    readings = f"{typed} có hai cách hiểu: {as_thousands}, hay {as_decimal}."
    return TwoReadings(readings, f"{whole}{decimals}", advised)


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 30 else text[:30] + '…'}”"


def _decimal(number: Fraction, places: int) -> str:
    units = abs(rounded(number, places)) * 10**places
    whole, decimals = divmod(units.numerator, 10**places)
    sign = MINUS if number < 0 and units else ""
    tail = f",{decimals:0{places}d}" if places else ""
    return f"{sign}{whole:,}".replace(",", ".") + tail


def _is_faithful(percent: Fraction, places: int, bounds: Iterable[Fraction]) -> bool:
    shown = rounded(percent, places)
    if shown == percent:
        return True
    has_two_digits = abs(shown) * 10**places >= 10
    return has_two_digits and all(_side(shown, b) == _side(percent, b) for b in bounds)


def _side(number: Fraction, bound: Fraction) -> int:
    return (number > bound) - (number < bound)
