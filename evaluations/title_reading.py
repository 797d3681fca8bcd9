"""What a keeper types about a commune's titles, understood: the same for the grid and for Excel.

The titles are those of Hội Khuyến học (Quyết định 448/QĐ-KHVN): how many are registered, how many
recognised, out of how many. A number with a problem is empty, so nothing doubtful is added up.

More recognised than registered is allowed: no text at hand makes registering in the same year a
condition, and who registered the year before may be recognised in this one. `doubts` says it, so
that a slip of the two columns is noticed.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from criteria.numbers import UnclearNumber, parse_count
from evaluations.models import TitleCount, UnitResult
from organisations.text import nfc

Title = TitleCount.Title
PARTS = {"registered": "đăng ký", "recognised": "được công nhận", "out_of": "tổng số"}
# As they stand in the workbook, in this order: "family_registered", "Gia đình học tập, đăng ký".
FIELDS = {
    f"{title}_{part}": f"{title.label}, {said}" for title in Title for part, said in PARTS.items()
}
MAXIMUM = 999_999  # far more than a commune has of anything counted here


class TitleReading(NamedTuple):
    """The counts by field; and what is wrong, by field."""

    values: dict[str, int | None]
    problems: dict[str, str]


def field_name(title: str, part: str) -> str:
    """ "family_registered" """
    return f"{title}_{part}"


def names_of(title: str) -> dict[str, str]:
    """The fields of one title, by the part that stands in each."""
    return {part: field_name(title, part) for part in PARTS}


def read_titles(typed: Mapping[str, str]) -> TitleReading:
    """Understand one commune's row. `typed` has a text for each of `FIELDS`; absent is empty."""
    values: dict[str, int | None] = {}
    problems: dict[str, str] = {}
    for name in FIELDS:
        try:
            values[name] = _read_count(typed.get(name, ""))
        except UnclearNumber as unclear:
            values[name], problems[name] = None, str(unclear)
    for title in Title:
        problems |= _beyond_total(title, values)
    return TitleReading({n: None if n in problems else v for n, v in values.items()}, problems)


def doubts(values: Mapping[str, int | None]) -> dict[str, str]:
    """What may be right and is worth a second look, by field."""
    found = {}
    for title in Title:
        registered = values[field_name(title, "registered")]
        recognised = values[field_name(title, "recognised")]
        if registered is not None and recognised is not None and recognised > registered:
            found[field_name(title, "recognised")] = (
                f"Công nhận {recognised}, nhiều hơn đăng ký {registered}. Đúng thì để nguyên."
            )
    return found


def shown_titles(result: UnitResult) -> dict[str, str]:
    """What a page shows in each field: the count, or the text that could not be taken.

    Reads `result.titles`: prefetch them where there are many.
    """
    return shown_counts(result.titles.all())


def shown_counts(counts: Iterable[TitleCount]) -> dict[str, str]:
    """The same from a commune's counts, of which there may be fewer than titles."""
    shown = dict.fromkeys(FIELDS, "")
    for count in counts:
        shown |= shown_count(count)
    return shown


def shown_count(count: TitleCount) -> dict[str, str]:
    """The same for one title. Never grouped by dots, which would not be understood again."""
    return {
        field_name(count.title, part): count.unread.get(part, "") if value is None else str(value)
        for part in PARTS
        for value in [getattr(count, part)]
    }


def _read_count(text: str) -> int | None:
    text = " ".join(nfc(text).split())
    if not text:
        return None
    count = parse_count(text)
    if count > MAXIMUM:
        raise UnclearNumber(f"“{text[:30]}” quá lớn cho một xã. Xem lại số chữ số.")
    return count


def _beyond_total(title: str, values: Mapping[str, int | None]) -> dict[str, str]:
    """A part cannot be more than the whole; which of the two is wrong is the officer's to say."""
    total = values[field_name(title, "out_of")]
    found = {}
    for part in ("registered", "recognised"):
        count = values[field_name(title, part)]
        if count is not None and total is not None and count > total:
            found[field_name(title, part)] = (
                f"{count} lớn hơn tổng số {total}. Sửa một trong hai số."
            )
    return found
