"""What `manage.py determine` is given: JSON read exactly and strictly, into entries.

No number passes through a float, and anything that cannot be meant is named with its place,
all of it at once.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from criteria.measures import Entry, Figure, Kind, Measure
from criteria.rules import LevelRule

MAX_CHARACTERS = 30
MAX_VALUE = 10**15

_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_FIGURE_KEYS = frozenset({"achieved", "total", "percent"})
_ALWAYS = frozenset({"not_applicable", "accepted"})
_KEYS = {
    Kind.DOCUMENT: frozenset({"met"}),
    Kind.SHARE: _FIGURE_KEYS,
    Kind.SHARES: frozenset({"parts"}),
    Kind.CHANGE: frozenset({"previous", "current"}),
}


@dataclass(frozen=True)
class _NotANumber:
    """NaN or Infinity, kept until its place is known."""

    name: str


@dataclass(frozen=True)
class _Repeated:
    """An object that names one key twice, so that one of the two values would be lost."""

    keys: tuple[str, ...]


class _Flaws:
    """Collects messages, each with the place it is about."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, place: str, message: str) -> None:
        self.messages.append(f"{place}: {message}" if place else message)


def read_json(text: str) -> Any:
    """The JSON with every number exact; raises ValueError with a Vietnamese message."""
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_NotANumber,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise ValueError("Không đọc được JSON: lồng quá sâu.") from None
    except json.JSONDecodeError as error:
        raise ValueError(
            f"Không đọc được JSON: sai ở dòng {error.lineno}, cột {error.colno}."
        ) from None
    except (ValueError, InvalidOperation):
        # Python refuses whole numbers of thousands of digits, Decimal exponents of some twenty.
        raise ValueError("Không đọc được JSON: có số quá dài.") from None


def entries_from_data(rule: LevelRule, data: Any) -> tuple[dict[str, Entry], list[str]]:
    """The entries of one dossier, and what is wrong, one message per fault."""
    flaws = _Flaws()
    entries: dict[str, Entry] = {}
    measures = {indicator.code: indicator.measure for indicator in rule.indicators}
    if not _is_object(data, "", flaws):
        return {}, flaws.messages
    for code, value in data.items():
        if code not in measures:
            flaws.add(code, "bộ tiêu chí không có chỉ báo này.")
        elif _is_object(value, code, flaws):
            entries[code] = _entry(measures[code], value, code, flaws)
    return entries, flaws.messages


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeated:
    keys = [key for key, _ in pairs]
    repeated = tuple(sorted({key for key in keys if keys.count(key) > 1}))
    return _Repeated(repeated) if repeated else dict(pairs)


def _is_object(value: Any, place: str, flaws: _Flaws) -> bool:
    if isinstance(value, _Repeated):
        flaws.add(place, f"khóa lặp lại: {', '.join(value.keys)}.")
        return False
    if not isinstance(value, dict):
        flaws.add(place, f"phải là một đối tượng JSON, không phải {_said(value)}.")
        return False
    return True


def _entry(measure: Measure, data: Mapping[str, Any], code: str, flaws: _Flaws) -> Entry:
    _only(data, _KEYS[measure.kind] | _ALWAYS, code, flaws)
    not_applicable = _flag(data, "not_applicable", code, flaws) or False
    accepted = _flag(data, "accepted", code, flaws) or False
    if accepted and not not_applicable:
        flaws.add(f"{code}.accepted", "chỉ đi cùng “not_applicable”: true.")
    met = _flag(data, "met", code, flaws) if measure.kind == Kind.DOCUMENT else None
    previous = current = None
    figures: tuple[Figure, ...] = ()
    if measure.kind == Kind.SHARE:
        figures = (_figure(data, code, flaws, whole=True),)
    elif measure.kind == Kind.SHARES:
        figures = _parts(measure, data, code, flaws)
    elif measure.kind == Kind.CHANGE:
        previous = _value(measure, data, "previous", code, flaws)
        current = _value(measure, data, "current", code, flaws)
    return Entry(
        met=met,
        figures=figures,
        previous=previous,
        current=current,
        not_applicable=not_applicable,
        accepted=accepted,
    )


def _only(data: Mapping[str, Any], known: frozenset[str], place: str, flaws: _Flaws) -> None:
    for key in sorted(data.keys() - known):
        flaws.add(place, f"không có mục “{key}”; chỉ nhận {', '.join(sorted(known))}.")


def _flag(data: Mapping[str, Any], key: str, place: str, flaws: _Flaws) -> bool | None:
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    flaws.add(f"{place}.{key}", f"phải là true hoặc false, không phải {_said(value)}.")
    return None


def _parts(
    measure: Measure, data: Mapping[str, Any], code: str, flaws: _Flaws
) -> tuple[Figure, ...]:
    parts = data.get("parts")
    if parts is None:
        return ()
    wanted = len(measure.parts)
    if not isinstance(parts, list):
        flaws.add(f"{code}.parts", f"phải là một danh sách, không phải {_said(parts)}.")
        return ()
    if len(parts) != wanted:
        names = ", ".join(part.name for part in measure.parts)
        flaws.add(f"{code}.parts", f"phải có đúng {wanted} phần ({names}), đang có {len(parts)}.")
        return ()
    figures = []
    for number, part in enumerate(parts, start=1):
        place = f"{code}.parts[{number}]"
        if _is_object(part, place, flaws):
            _only(part, _FIGURE_KEYS, place, flaws)
            figures.append(_figure(part, place, flaws, whole=False))
    return tuple(figures)


def _figure(data: Mapping[str, Any], place: str, flaws: _Flaws, *, whole: bool) -> Figure:
    achieved = _number(data, "achieved", place, flaws, whole=whole, text=False)
    total = _number(data, "total", place, flaws, whole=whole, text=False)
    percent = _number(data, "percent", place, flaws, whole=False, text=True)
    figure = Figure(achieved, total, percent)
    for key, message in figure.flaws.items():
        flaws.add(f"{place}.{key}", message)
    return figure


def _value(
    measure: Measure, data: Mapping[str, Any], key: str, code: str, flaws: _Flaws
) -> Fraction | None:
    whole = measure.unit == "count"
    value = _number(data, key, code, flaws, whole=whole, text=True)
    if measure.unit == "percent" and value is not None and value > 100:
        flaws.add(f"{code}.{key}", "là tỷ lệ phần trăm, không lớn hơn 100.")
    return value


def _number(
    data: Mapping[str, Any], key: str, place: str, flaws: _Flaws, *, whole: bool, text: bool
) -> Fraction | None:
    """A number from nought up; as text ("81.5") only where decimals are usual."""
    value = data.get(key)
    place = f"{place}.{key}"
    if value is None:
        return None
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number and not (text and isinstance(value, str)):
        flaws.add(place, f"phải là một số, không phải {_said(value)}.")
        return None
    written = str(value)
    if written.startswith("-"):
        flaws.add(place, "không được âm.")
    elif len(written) > MAX_CHARACTERS or (is_number and _is_vast(value)):
        flaws.add(place, "số quá dài.")
    elif not is_number and not _DECIMAL.fullmatch(written):
        flaws.add(place, f"“{written}” không phải số; viết như 81.5, dấu chấm thập phân.")
    elif whole and Fraction(written).denominator != 1 or whole and "." in written:
        flaws.add(place, f"{written} phải là số nguyên.")
    else:
        return Fraction(written)
    return None


def _is_vast(value: int | Decimal) -> bool:
    """Short as written, but long when spelled out: a Fraction of 1e-99999999 never gets done."""
    if isinstance(value, Decimal) and abs(int(value.as_tuple().exponent)) > MAX_CHARACTERS:
        return True
    return value >= MAX_VALUE


def _said(value: Any) -> str:
    """The wrong value in the words of JSON, short."""
    if isinstance(value, _NotANumber):
        return value.name
    if isinstance(value, _Repeated):
        return "đối tượng có khóa lặp lại"
    if isinstance(value, dict):
        return "đối tượng"
    if isinstance(value, list):
        return "danh sách"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"
