"""How an indicator is measured (cách đo), and what was typed for it.

A measure is data of the catalogue. What an officer types stays as typed; `read` turns it into an
exact `Entry` and says per field what is wrong with it, and `assess` says what the entry means.
Anything wrong counts as not assessed, which is neither nought nor "không áp dụng".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from criteria.levels import NOT_ENTERED
from criteria.numbers import (
    MINUS,
    NBSP,
    UnclearNumber,
    decimal_places,
    parse_count,
    parse_number,
    rounded,
    show_number,
    show_percent,
)

Unit = Literal["count", "percent", "number"]
Comparison = Literal[">=", "=", "<", ">"]
Number = int | Fraction

NO_EVIDENCE = "chưa có minh chứng"
PENDING = "chờ chấp nhận không áp dụng"
FLAWED = "có số liệu cần sửa"
PARTIAL = "nhập chưa đủ"
NOTHING_TO_COUNT = "có tổng số là 0"

_NUMBER = re.compile(r"\d[\d.,]*")
_COUNTED = ("agencies", "communes", "districts")
_COMPARED = {">=": "từ", "=": "đúng", "<": "dưới", ">": "trên"}


class Kind(StrEnum):
    DOCUMENT = "document"
    SHARE = "share"
    SHARES = "shares"
    CHANGE = "change"


class Direction(StrEnum):
    RISE = "rise"
    FALL = "fall"


@dataclass(frozen=True)
class Readings:
    """How a round reads what the text leaves open (cách hiểu của đợt)."""

    exact_80_level: int = 1  # the level that exactly 80 % reaches: 1 or 2
    fall: Literal["points", "relative"] = "points"  # "giảm 1.5 phần trăm"


AS_A_RULE = Readings()


@dataclass(frozen=True)
class Field:
    """One thing that is typed, under the name by which it is kept."""

    name: str
    label: str
    unit: Unit
    part: str = ""  # the part of the indicator that it belongs to, where there are several


@dataclass(frozen=True)
class Bound:
    """What a share is compared with to be met."""

    comparison: Comparison
    percent: Fraction

    def is_met_by(self, share: Fraction) -> bool:
        # Cross-multiplied: as exact as the fractions and several times quicker.
        have = share.numerator * 100 * self.percent.denominator
        bound = self.percent.numerator * share.denominator
        if self.comparison == ">=":
            return have >= bound
        if self.comparison == ">":
            return have > bound
        if self.comparison == "<":
            return have < bound
        return have == bound

    @property
    def label(self) -> str:
        return f"{_COMPARED[self.comparison]} {show_number(self.percent)}{NBSP}%"

    @property
    def wants_less(self) -> bool:
        return self.comparison == "<"


@dataclass(frozen=True)
class Part:
    """One of several shares, or one of several counts that are added up."""

    name: str
    achieved_label: str = ""
    total_label: str = ""


@dataclass(frozen=True)
class Measure:
    """The formula of one indicator."""

    kind: Kind
    bound: Bound | None = None
    derived: bool = False  # nothing is typed: counted from the results of units
    counted_from: str = ""  # of which: "agencies", "communes", "districts"
    achieved_label: str = ""
    total_label: str = ""
    noun: str = ""  # what one more of is: "xã xếp loại Khá trở lên"
    parts: tuple[Part, ...] = ()
    label: str = ""  # what changes: "Tỷ lệ hộ nghèo đa chiều"
    unit: Unit = "number"
    direction: Direction = Direction.RISE
    step: Fraction = Fraction(0)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Measure":
        values = dict(data)
        values["kind"] = Kind(values["kind"])
        if values.get("counted_from", "") not in ("", *_COUNTED):
            raise ValueError(f"unknown source {values['counted_from']!r}")
        if "bound" in values:
            bound = values["bound"]
            if bound["comparison"] not in _COMPARED:
                raise ValueError(f"unknown comparison {bound['comparison']!r}")
            values["bound"] = Bound(bound["comparison"], Fraction(bound["percent"]))
        if "parts" in values:
            values["parts"] = tuple(Part(**part) for part in values["parts"])
        if "direction" in values:
            values["direction"] = Direction(values["direction"])
            values["step"] = Fraction(values["step"])
        return cls(**values)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": str(self.kind)}
        if self.bound:
            percent = _plain_decimal(self.bound.percent)
            data["bound"] = {"comparison": self.bound.comparison, "percent": percent}
        if self.kind == Kind.SHARE:
            data |= {
                "derived": self.derived,
                **({"counted_from": self.counted_from} if self.counted_from else {}),
                "achieved_label": self.achieved_label,
                "total_label": self.total_label,
                "noun": self.noun,
            }
        if self.kind == Kind.SHARES:
            data["parts"] = [dict(vars(part)) for part in self.parts]
        if self.kind == Kind.CHANGE:
            data |= {
                "label": self.label,
                "unit": self.unit,
                "direction": str(self.direction),
                "step": _plain_decimal(self.step),
                "parts": [{"name": part.name} for part in self.parts],
            }
        return data

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """What is typed, in the order of the form; a document is only declared met or not."""
        if self.kind == Kind.SHARE:
            return (
                Field("achieved", self.achieved_label, "count"),
                Field("total", self.total_label, "count"),
                Field("percent", f"Tỷ lệ,{NBSP}%", "percent"),
            )
        if self.kind == Kind.SHARES:
            return tuple(
                typed
                for number, part in enumerate(self.parts, start=1)
                for typed in (
                    # Tonnes and cubic metres are not whole.
                    Field(f"part{number}_achieved", part.achieved_label, "number", part.name),
                    Field(f"part{number}_total", part.total_label, "number", part.name),
                    Field(f"part{number}_percent", f"{part.name},{NBSP}%", "percent", part.name),
                )
            )
        if self.kind == Kind.CHANGE:
            suffix = f",{NBSP}%" if self.unit == "percent" else ""
            return tuple(
                Field(
                    name if not self.parts else f"{name}_{number}",
                    f"{year}{suffix}",
                    self.unit,
                    part.name,
                )
                for name, year in (("previous", "Năm trước"), ("current", "Năm nay"))
                for number, part in enumerate(self.parts or (Part(self.label),), start=1)
            )
        return ()

    @property
    def plain(self) -> str:
        """The formula in plain Vietnamese, to stand beside the law."""
        if self.kind == Kind.DOCUMENT:
            return "Đạt khi đơn vị tự đánh giá đạt và có ít nhất một minh chứng."
        if self.kind == Kind.CHANGE:
            return self._plain_change()
        assert self.bound is not None
        if self.kind == Kind.SHARES:
            parts = " và ".join(_lower(part.name) for part in self.parts)
            return f"Tính riêng {parts}; mỗi phần phải {self.bound.label}."
        formula = f"{self.achieved_label} chia cho {_lower(self.total_label)}"
        source = " Đếm từ kết quả đã xác nhận của từng đơn vị." if self.derived else ""
        return f"{formula}, phải {self.bound.label}.{source}"

    def figure_in_full(self, figure: str) -> str:
        """The figures of an assessment with their unit, and with the names of several parts.

        "3,18 % còn 1,62 %", "Chất thải rắn 95,2 %, nước thải 91,0 %"; what is no percentage stands
        behind the words of the catalogue, which say its unit. A fraction needs neither.
        """
        if not figure:
            return ""
        if self.kind == Kind.SHARES:
            shares = figure.split(" và ")
            if len(shares) != len(self.parts):
                return figure
            named = zip(self.parts, shares, strict=True)
            first, *others = (f"{part.name} {share}{NBSP}%" for part, share in named)
            return ", ".join([first, *(_lower(other) for other in others)])
        if self.kind != Kind.CHANGE:
            return figure
        if self.unit == "percent":
            return _NUMBER.sub(rf"\g<0>{NBSP}%", figure)
        return f"{self.label}: {figure}" if self.label else figure

    @property
    def is_open_to_reading(self) -> bool:
        """The text says by how much it falls, but not of what (`design.md` 5)."""
        return self.kind == Kind.CHANGE and self.direction == Direction.FALL and self.step > 0

    def _plain_change(self) -> str:
        what = self.label
        if self.parts:
            names = " và ".join(_lower(part.name) for part in self.parts)
            what = f"{self.label} (cộng {names})"
        if self.direction == Direction.RISE:
            return f"{what} năm nay phải cao hơn năm trước."
        step = show_number(self.step)
        return (
            f"{what} năm nay phải thấp hơn năm trước từ {step} phần trăm trở lên; "
            "là điểm phần trăm hay tỷ lệ so với năm trước thì theo cách hiểu của đợt."
        )


@dataclass(frozen=True)
class Figure:
    """Counts, or only a percentage where nothing else is published."""

    achieved: Number | None = None
    total: Number | None = None
    percent: Fraction | None = None

    @property
    def share(self) -> Fraction | None:
        """Exact; None as long as there is nothing to divide by."""
        if self.achieved is not None and self.total is not None:
            return _share(self.achieved, self.total) if self.total else None
        if self.achieved is not None or self.total is not None or self.percent is None:
            return None
        return self.percent / 100

    @property
    def is_empty(self) -> bool:
        return self.achieved is None and self.total is None and self.percent is None

    @property
    def text(self) -> str:
        """ "23/30", or nothing where there is only a percentage."""
        if self.achieved is None or self.total is None:
            return ""
        return f"{show_number(self.achieved)}/{show_number(self.total)}"

    @property
    def flaws(self) -> dict[str, str]:
        """What cannot be true of it, by the name of its field."""
        if self.percent is not None and self.percent > 100:
            return {"percent": _too_much(self.percent)}
        if self.achieved is not None and self.total is not None and self.achieved > self.total:
            achieved, total = show_number(self.achieved), show_number(self.total)
            return {"achieved": f"{achieved} lớn hơn tổng số {total}."}
        if self.percent is None:
            return {}
        if (self.achieved is None) != (self.total is None):
            missing = "total" if self.total is None else "achieved"
            return {missing: "Nhập cả số đạt và tổng số, hoặc bỏ cả hai và chỉ nhập tỷ lệ."}
        share = self.share
        if share is None or share == self.percent / 100:
            return {}
        places = decimal_places(self.percent) or 0
        if rounded(share * 100, places) == self.percent:
            return {}
        shown = show_percent(share, [self.percent])
        typed = f"{show_number(self.percent)}{NBSP}%"
        return {"percent": f"{self.text} = {shown}, khác {typed}. Sửa số, hoặc bỏ trống tỷ lệ."}


@dataclass(frozen=True)
class Entry:
    """What is known of one indicator in one dossier, in exact values."""

    met: bool | None = None  # a document, as declared
    figures: tuple[Figure, ...] = ()  # one, or one for each part
    previous: Fraction | None = None
    current: Fraction | None = None
    not_applicable: bool = False  # claimed
    accepted: bool = False  # the claim, by the appraiser
    has_evidence: bool = True
    is_flawed: bool = False  # something typed could not be taken as it stands
    is_partial: bool = False  # something is typed, something still missing


@dataclass(frozen=True)
class Reading:
    """What was typed, understood: the entry, and what to say under each field."""

    entry: Entry
    problems: dict[str, str] = field(default_factory=dict)
    heard: tuple[tuple[Field, str, Fraction], ...] = ()  # each field, its text, its number

    @cached_property
    def echoes(self) -> dict[str, str]:
        """“Hiểu là 0,05 %.” under each number that could be misread."""
        said = {}
        for item, text, number in self.heard:
            shown = show_number(number)
            if item.unit == "percent":
                said[item.name] = f"Hiểu là {shown}{NBSP}%."
            elif shown != text:
                said[item.name] = f"Hiểu là {shown}."
        return {name: echo for name, echo in said.items() if name not in self.problems}


@dataclass(frozen=True)
class Assessment:
    """What an entry means under its measure; texts are made only when asked for."""

    measure: Measure
    entry: Entry
    met: bool | None
    share: Fraction | None = None  # of several: the one that decides
    change: Fraction | None = None  # points or units; a share of last year where read so
    lacking: str = ""  # why it is not assessed
    readings: Readings = AS_A_RULE
    bounds: tuple[int, ...] = ()  # the percentages of the levels, where it is graded

    @property
    def not_applicable(self) -> bool:
        return self.entry.not_applicable

    @property
    def excluded(self) -> bool:
        return self.entry.not_applicable and self.entry.accepted

    @property
    def achieved(self) -> int | None:
        return self._count("achieved")

    @property
    def total(self) -> int | None:
        return self._count("total")

    @property
    def figure(self) -> str:
        """The figures themselves: "23/30", "95,2 và 91,0", "3,18 còn 1,62"."""
        if self.entry.not_applicable:
            return ""
        if self.change is not None:
            return f"{_known(self.entry.previous)} {self._turn} {_known(self.entry.current)}"
        if self.measure.kind == Kind.SHARES and self.share is not None:
            shown = (self._percent(f.share) for f in self.entry.figures if f.share is not None)
            return " và ".join(text.removesuffix(f"{NBSP}%") for text in shown)
        return self.entry.figures[0].text if self.share is not None else ""

    @property
    def figure_in_full(self) -> str:
        return self.measure.figure_in_full(self.figure)

    @property
    def shown(self) -> str:
        """The one value that is compared: "76,7 %", "−1,56"."""
        if self.change is not None:
            if self._is_relative:
                return f"{_sign(self.change)}{show_percent(abs(self.change), [self.measure.step])}"
            return f"{_sign(self.change)}{show_number(abs(self.change))}"
        return "" if self.share is None else self._percent(self.share)

    @property
    def sentence(self) -> str:
        """What the entry is understood to be, and the verdict on it."""
        if self.excluded:
            return "Không áp dụng, đã được chấp nhận; không xét khi tính mức độ."
        if self.entry.not_applicable:
            return "Không áp dụng: tính là chưa đánh giá cho đến khi được chấp nhận."
        if self.lacking == NO_EVIDENCE:
            return "Chưa tính là đạt: cần ít nhất 1 minh chứng."
        if self.lacking == NOTHING_TO_COUNT:
            return "Tổng số là 0 nên không có tỷ lệ, tính là chưa đánh giá."
        if self.met is None:
            return ""
        if self.measure.kind == Kind.DOCUMENT:
            return "Đạt." if self.met else "Chưa đạt."
        return f"Hiểu là {self._understood}, {self._verdict}."

    @property
    def _understood(self) -> str:
        if self.change is not None:
            return self._understood_change
        if self.measure.kind == Kind.SHARES:
            return ", ".join(
                f"{_lower(part.name)} {self._percent(figure.share, places=2)}"
                for part, figure in zip(self.measure.parts, self.entry.figures, strict=True)
                if figure.share is not None
            )
        assert self.share is not None
        return self._percent(self.share, places=2)

    @property
    def _understood_change(self) -> str:
        assert self.change is not None
        if self.change == 0:
            return "không đổi so với năm trước"
        verb = "giảm" if self.change < 0 else "tăng"
        if self._is_relative:
            return f"{verb} {show_percent(abs(self.change), [self.measure.step], places=2)}"
        points = " điểm phần trăm" if self.measure.unit == "percent" else ""
        return f"{verb} {show_number(abs(self.change))}{points}"

    @property
    def _verdict(self) -> str:
        if self.met:
            return "đạt"
        if self.measure.bound:
            each = "mỗi phần " if self.measure.kind == Kind.SHARES else ""
            return f"chưa đạt, {each}phải {self.measure.bound.label}"
        if self.measure.direction == Direction.RISE:
            return "chưa đạt, phải tăng so với năm trước"
        step, previous = self.measure.step, self.entry.previous
        if not self._is_relative and previous is not None and previous < step:
            low = show_number(step)
            return f"chưa đạt; năm trước đã dưới {low}{NBSP}% nên không thể giảm thêm {low} điểm"
        unit = f"{NBSP}% so với năm trước" if self._is_relative else " điểm phần trăm"
        return f"chưa đạt, phải giảm từ {show_number(step)}{unit}"

    @property
    def _turn(self) -> str:
        assert self.change is not None
        if self.change == 0:
            return "vẫn"
        return "còn" if self.change < 0 else "lên"

    @property
    def _is_relative(self) -> bool:
        return _is_relative(self.measure, self.readings)

    def _percent(self, share: Fraction | None, places: int = 1) -> str:
        assert share is not None
        assert self.measure.bound is not None
        return show_percent(share, [*self.bounds, self.measure.bound.percent], places)

    def _count(self, name: Literal["achieved", "total"]) -> int | None:
        if self.measure.kind != Kind.SHARE or self.share is None:
            return None
        count = getattr(self.entry.figures[0], name)
        return None if count is None else int(count)


def read(measure: Measure, typed: Mapping[str, str]) -> Reading:
    """Understand what an officer typed; whatever is unclear is a problem of its field."""
    if typed.get("not_applicable") == "yes":
        return Reading(Entry(not_applicable=True))
    if measure.kind == Kind.DOCUMENT:
        return _read_document(typed.get("met", ""))
    heard: list[tuple[Field, str, Fraction]] = []
    problems: dict[str, str] = {}
    for item in measure.fields:
        text = typed.get(item.name, "").strip()
        if not text:
            continue
        try:
            number = parse_number(text) if item.unit != "count" else Fraction(parse_count(text))
        except UnclearNumber as unclear:
            problems[item.name] = str(unclear)
            continue
        heard.append((item, text, number))
        if item.unit == "percent" and number > 100:
            problems[item.name] = _too_much(number)
    values = {item.name: number for item, _, number in heard}
    if measure.kind == Kind.CHANGE:
        entry = _entry_of_change(measure, values)
    else:
        entry = _entry_of_figures(measure, values, problems)
    if problems:
        # Kept as typed, but nothing of it counts until it is mended.
        entry = Entry(is_flawed=True)
    return Reading(entry, problems, tuple(heard))


def assess(
    measure: Measure,
    entry: Entry,
    readings: Readings = AS_A_RULE,
    bounds: tuple[int, ...] = (),
) -> Assessment:
    """What the entry means: met, not met, or not assessed and why."""
    if entry.not_applicable:
        lacking = "" if entry.accepted else PENDING
        return Assessment(measure, entry, None, lacking=lacking)
    if measure.kind == Kind.DOCUMENT:
        if entry.met and not entry.has_evidence:
            return Assessment(measure, entry, None, lacking=NO_EVIDENCE)
        return Assessment(measure, entry, entry.met, lacking=_lacking(entry, entry.met))
    if measure.kind == Kind.CHANGE:
        change = _change(measure, entry, readings)
        met = _is_enough(measure, change, readings)
        return Assessment(
            measure,
            entry,
            met,
            change=change,
            lacking=_lacking(entry, met),
            readings=readings,
        )
    assert measure.bound is not None
    share = _deciding_share(measure, entry.figures)
    met = None if share is None else measure.bound.is_met_by(share)
    return Assessment(measure, entry, met, share=share, lacking=_lacking(entry, met), bounds=bounds)


def _deciding_share(measure: Measure, figures: tuple[Figure, ...]) -> Fraction | None:
    """The share, or of several the one that is farthest from its bound."""
    if measure.kind == Kind.SHARE:
        return figures[0].share if figures else None
    shares = [figure.share for figure in figures]
    known = [share for share in shares if share is not None]
    if not known or len(known) < len(measure.parts):
        return None
    assert measure.bound is not None
    return max(known) if measure.bound.wants_less else min(known)


def _change(measure: Measure, entry: Entry, readings: Readings) -> Fraction | None:
    if entry.previous is None or entry.current is None:
        return None
    change = entry.current - entry.previous
    if not _is_relative(measure, readings):
        return change
    # From nought nothing can fall, and a rise has no ratio: both are simply no fall.
    return change / entry.previous if entry.previous else Fraction(0)


def _is_enough(measure: Measure, change: Fraction | None, readings: Readings) -> bool | None:
    if change is None:
        return None
    gained = -change if measure.direction == Direction.FALL else change
    step = measure.step / 100 if _is_relative(measure, readings) else measure.step
    return gained > 0 and gained >= step


def _is_relative(measure: Measure, readings: Readings) -> bool:
    return measure.direction == Direction.FALL and readings.fall == "relative"


def _lacking(entry: Entry, met: bool | None) -> str:
    if met is not None:
        return ""
    if entry.is_flawed:
        return FLAWED
    if any(figure.total == 0 for figure in entry.figures):
        return NOTHING_TO_COUNT
    known = (entry.previous is not None, entry.current is not None)
    if entry.is_partial or any(known) or any(not figure.is_empty for figure in entry.figures):
        return PARTIAL
    return NOT_ENTERED


def _read_document(met: str) -> Reading:
    if met not in ("", "yes", "no"):
        return Reading(Entry(is_flawed=True), {"met": "Chọn Đạt hoặc Chưa đạt."})
    return Reading(Entry(met={"yes": True, "no": False}.get(met)))


def _entry_of_change(measure: Measure, values: Mapping[str, Fraction]) -> Entry:
    sums = []
    for name in ("previous", "current"):
        wanted = [f.name for f in measure.fields if f.name.partition("_")[0] == name]
        complete = all(key in values for key in wanted)
        sums.append(sum((values[key] for key in wanted), Fraction(0)) if complete else None)
    return Entry(previous=sums[0], current=sums[1], is_partial=bool(values))


def _entry_of_figures(
    measure: Measure, values: Mapping[str, Fraction], problems: dict[str, str]
) -> Entry:
    """The figures of each part; what cannot be true of one is added to `problems`."""
    prefixes = [f"part{n}_" for n in range(1, len(measure.parts) + 1)] or [""]
    figures = []
    for prefix in prefixes:
        keys = ("achieved", "total", "percent")
        if any(prefix + key in problems for key in keys):
            continue
        figure = Figure(*(values.get(prefix + key) for key in keys))
        flaws = figure.flaws
        if figure.total == 0 and "achieved" not in flaws:
            flaws = {
                "total": "Tổng số là 0 thì không có tỷ lệ. "
                "Nếu chỉ báo không áp dụng cho đơn vị, mở “Chỉ báo không áp dụng cho đơn vị”."
            }
        problems.update({prefix + key: message for key, message in flaws.items()})
        figures.append(figure)
    return Entry(figures=tuple(figures))


def _share(achieved: Number, total: Number) -> Fraction:
    if isinstance(achieved, int) and isinstance(total, int):
        return Fraction(achieved, total)
    return Fraction(achieved) / Fraction(total)


def _too_much(percent: Fraction) -> str:
    return f"{show_number(percent)}{NBSP}% lớn hơn 100{NBSP}%."


def _known(number: Fraction | None) -> str:
    assert number is not None
    return show_number(number)


def _sign(number: Fraction) -> str:
    if number == 0:
        return ""
    return MINUS if number < 0 else "+"


def _plain_decimal(number: Fraction) -> str:
    """Machine writing: "0.05"."""
    return show_number(number).replace(".", "").replace(",", ".")


def _lower(text: str) -> str:
    """For the middle of a sentence; an abbreviation ("GRDP") stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
