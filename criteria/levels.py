"""The level (mức độ công nhận) that a unit's results reach, and why.

Plain values in, plain values out: no database, no indicator code, no percentage of any law.
The rule is that of Phụ lục I: every prerequisite is met, and the level is the one that the
weakest graded indicator reaches. Shares are exact; nothing is rounded before it is compared.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from criteria.numbers import NBSP, show_number, show_percent

NOT_RECOGNISED = 0
NOT_ENTERED = "chưa nhập"

# More figures than this in one sentence and nobody reads them.
MAX_FIGURES = 3
WORDS = (
    *("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"),
    *("mười một", "mười hai", "mười ba", "mười bốn", "mười lăm"),
    *("mười sáu", "mười bảy", "mười tám", "mười chín", "hai mươi"),
)


@dataclass(frozen=True)
class Threshold:
    """Where a level begins (ngưỡng): "từ 70%" includes its bound, "trên 80%" does not."""

    level: int
    percent: int
    inclusive: bool

    def is_reached_by(self, share: Fraction) -> bool:
        return self.is_reached_at(share.numerator * 100, share.denominator)

    def is_reached_at(self, hundredfold: int, total: int) -> bool:
        """The same for a share of whole numbers, times a hundred: quick, and just as exact."""
        bound = self.percent * total
        return hundredfold > bound or (self.inclusive and hundredfold == bound)

    def count_needed(self, total: int) -> int:
        """The smallest number out of `total` that reaches it."""
        whole, rest = divmod(self.percent * total, 100)
        return whole if self.inclusive and not rest else whole + 1

    @property
    def label(self) -> str:
        return f"{'từ' if self.inclusive else 'trên'} {self.percent}{NBSP}%"

    @property
    def label_below(self) -> str:
        return f"{'dưới' if self.inclusive else 'chưa trên'} {self.percent}{NBSP}%"


@dataclass(frozen=True)
class Band:
    """The range of shares that makes one level, in words."""

    level: int
    label: str


@dataclass(frozen=True)
class Prerequisite:
    """An indicator that must be met (điều kiện tiên quyết)."""

    code: str
    met: bool | None  # None: not assessed
    excluded: bool = False  # an accepted "không áp dụng"
    lacking: str = NOT_ENTERED  # why it is not assessed, in the sentence's words


@dataclass(frozen=True)
class Graded:
    """An indicator whose share sets the level (chỉ báo xét mức)."""

    code: str
    share: Fraction | None  # None: not assessed
    achieved: int | None = None
    total: int | None = None
    noun: str = ""  # what is counted: "xã xếp loại Khá trở lên"
    excluded: bool = False
    lacking: str = NOT_ENTERED


@dataclass(frozen=True)
class Need:
    """One indicator that must change for the next level."""

    code: str
    more: int | None  # how many more units; None where nothing is counted


@dataclass(frozen=True)
class NextLevel:
    level: int
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Standing:
    """A graded indicator beside the level that it reaches alone (None: not assessed)."""

    code: str
    share: Fraction | None
    achieved: int | None
    total: int | None
    level: int | None
    is_weakest: bool
    is_excluded: bool


@dataclass(frozen=True)
class Determination:
    """The level with everything that a page, a council or a report needs to say why."""

    level: int
    unmet: tuple[str, ...]  # prerequisites assessed and not met
    not_assessed: tuple[str, ...]  # of either kind
    excluded: tuple[str, ...]  # accepted "không áp dụng"
    weakest: tuple[str, ...]  # graded indicators at the lowest level, of those assessed
    prerequisites: tuple[Prerequisite, ...]
    graded: tuple[Graded, ...]
    thresholds: tuple[Threshold, ...]

    @property
    def is_recognised(self) -> bool:
        return self.level > NOT_RECOGNISED

    @property
    def is_complete(self) -> bool:
        return not self.not_assessed

    @cached_property
    def next(self) -> NextLevel | None:
        """The next level and all that must change for it; None when no change could help."""
        threshold = self._next_threshold
        if threshold is None:
            return None
        lagging = {item.code: _more(item, threshold) for item in self._below(threshold)}
        codes = {*self.unmet, *self.not_assessed, *lagging}
        needs = (Need(code, lagging.get(code)) for code in sorted(codes, key=code_order))
        return NextLevel(threshold.level, tuple(needs))

    @property
    def ceiling(self) -> int:
        """The highest level still open if all that is not assessed turns out well."""
        if self.unmet or not self._considered:
            return NOT_RECOGNISED
        top = max(threshold.level for threshold in self.thresholds)
        levels = (level_of(share, self.thresholds) for share in self._shares)
        return min(levels, default=top)

    @property
    def conclusion(self) -> int | None:
        """The level as a page says it: 0 is "chưa đạt", None while it is still open."""
        if self.is_recognised:
            return self.level
        is_lost = bool(self.unmet) or (bool(self._considered) and not self.ceiling)
        return NOT_RECOGNISED if is_lost else None

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The graded indicators for a chart or a table, weakest first."""
        return tuple(
            Standing(
                code=item.code,
                share=item.share,
                achieved=item.achieved,
                total=item.total,
                level=None if item.share is None else level_of(item.share, self.thresholds),
                is_weakest=item.code in self.weakest,
                is_excluded=item.excluded,
            )
            for item in self._weakest_first
        )

    @property
    def sentence(self) -> str:
        """The level and its reasons in one Vietnamese sentence."""
        if self.is_recognised:
            said = f"Mức độ {self.level} vì {self._why_level()}"
        elif self.conclusion == NOT_RECOGNISED:
            said = f"Chưa đạt mức độ nào vì {self._why_none()}"
        elif not self._considered:
            said = "Chưa xác định: không còn chỉ báo nào để xét mức"
        else:
            said = f"Chưa xác định: {self._why_open()}"
        if self.excluded:
            said += f"; không xét {', '.join(self.excluded)} (không áp dụng)"
        return said + "."

    @property
    def distance(self) -> str:
        """What is missing for the next level, in units; empty where there is none."""
        threshold = self._next_threshold
        if self.next is None or threshold is None:
            return ""
        is_alone = len(self.next.needs) == 1
        lagging = (item for item in self._below(threshold) if item.share is not None)
        said = [_distance(item, threshold, is_alone=is_alone) for item in lagging]
        if self.unmet:
            said.append(f"{', '.join(self.unmet)} phải đạt")
        if self.not_assessed:
            said.append(f"cần có kết quả của {', '.join(self.not_assessed)}")
        return "; ".join(said)

    def to_data(self) -> dict[str, Any]:
        """Ready for JSON: what `manage.py determine` answers."""
        ahead = None
        if self.next is not None:
            needs = [{"code": need.code, "more": need.more} for need in self.next.needs]
            ahead = {"level": self.next.level, "needs": needs}
        return {
            "level": self.level,
            "unmet": list(self.unmet),
            "not_assessed": list(self.not_assessed),
            "excluded": list(self.excluded),
            "weakest": list(self.weakest),
            "next": ahead,
            "sentence": self.sentence,
        }

    @property
    def _considered(self) -> tuple[Graded, ...]:
        return tuple(item for item in self._weakest_first if not item.excluded)

    @cached_property
    def _weakest_first(self) -> tuple[Graded, ...]:
        """Those without a share come last."""
        return tuple(sorted(self.graded, key=_weakness))

    @property
    def _shares(self) -> list[Fraction]:
        return [item.share for item in self._considered if item.share is not None]

    @property
    def _next_threshold(self) -> Threshold | None:
        if not self._considered:
            return None
        return next((t for t in self.thresholds if t.level == self.level + 1), None)

    def _below(self, threshold: Threshold) -> list[Graded]:
        return [
            item
            for item in self._considered
            if item.share is None or not threshold.is_reached_by(item.share)
        ]

    def _why_level(self) -> str:
        graded, threshold = self._considered, self._next_threshold
        required = sum(not item.excluded for item in self.prerequisites)
        met = _all_of(required, "điều kiện tiên quyết", "đạt", "điều kiện tiên quyết đạt")
        if threshold is None:
            claim = self.thresholds[-1].label
            only = f"chỉ báo xét mức {graded[0].code} {claim}"
            top = _all_of(len(graded), "chỉ báo xét mức", claim, only)
            return ", ".join(filter(None, [top if len(graded) == 1 else f"cả {top}", met]))
        noun = "chỉ báo xét mức còn lại"
        rest = len(graded) - len(self.weakest)
        better = _all_of(rest, noun, threshold.label, f"{noun} {threshold.label}")
        reassuring = ", ".join(filter(None, [better, met]))
        return "; ".join(filter(None, [self._figures(f"ở mức độ {self.level}"), reassuring]))

    def _why_none(self) -> str:
        said = [f"{', '.join(self.unmet)} chưa đạt"] if self.unmet else []
        lowest = self.thresholds[0]
        if any(not lowest.is_reached_by(share) for share in self._shares):
            said.append(self._figures(lowest.label_below, suffix=True))
        if self.not_assessed:
            said.append(self._what_is_lacking())
        return "; ".join(said)

    def _why_open(self) -> str:
        lacking = self._what_is_lacking()
        if not self._shares:
            return lacking
        if self.ceiling == self.thresholds[-1].level:
            return f"{lacking}; với số đã nhập, còn có thể đạt mức độ {self.ceiling}"
        why = self._figures(f"ở mức độ {self.ceiling}")
        return f"{lacking}; với số đã nhập, cao nhất là mức độ {self.ceiling} vì {why}"

    def _figures(self, all_are: str, *, suffix: bool = False) -> str:
        """The weakest with their figures; beyond a few only their codes and the lowest."""
        items = [item for item in self._considered if item.code in self.weakest]
        if len(items) > MAX_FIGURES:
            codes = ", ".join(self.weakest)
            return f"{codes} đều {all_are}, thấp nhất là {self._figure(items[0])}"
        figures = ", ".join(self._figure(item) for item in items)
        if not suffix:
            return figures
        return f"{figures}, {'đều ' if len(items) > 1 else ''}{all_are}"

    def _figure(self, item: Graded) -> str:
        assert item.share is not None
        shown = show_percent(item.share, [t.percent for t in self.thresholds])
        if item.achieved is None or item.total is None:
            return f"{item.code} đạt {shown}"
        return f"{item.code} đạt {shown} ({_ratio(item.achieved, item.total)})"

    def _what_is_lacking(self) -> str:
        items: list[Prerequisite | Graded] = [*self.prerequisites, *self._considered]
        items.sort(key=lambda item: code_order(item.code))
        groups: dict[str, list[str]] = {}
        for item in items:
            if item.code in self.not_assessed:
                groups.setdefault(item.lacking, []).append(item.code)
        considered = sum(not item.excluded for item in items)
        if len(groups.get(NOT_ENTERED, ())) == considered:
            return "chưa nhập chỉ báo nào"
        said = (f"{len(codes)} chỉ báo {why}: {', '.join(codes)}" for why, codes in groups.items())
        return "còn " + "; ".join(said)


def determine_level(
    prerequisites: Iterable[Prerequisite],
    graded: Iterable[Graded],
    thresholds: Iterable[Threshold],
) -> Determination:
    """The level that these results reach; the order in which they come makes no difference.

    Where nothing is left to grade (no graded indicator, or each one accepted as "không áp
    dụng") no level can be concluded: the answer is 0, it says so, and no next level is named,
    since no figure could reach it.
    """
    prerequisites = tuple(sorted(prerequisites, key=lambda item: code_order(item.code)))
    graded = tuple(sorted(graded, key=lambda item: code_order(item.code)))
    thresholds = tuple(sorted(thresholds, key=lambda threshold: threshold.level))
    falling = thresholds[::-1]
    unmet: list[str] = []
    not_assessed: list[str] = []
    excluded: list[str] = []
    levels: dict[str, int] = {}
    for required in prerequisites:
        if required.excluded:
            excluded.append(required.code)
        elif required.met is None:
            not_assessed.append(required.code)
        elif not required.met:
            unmet.append(required.code)
    for item in graded:
        if item.excluded:
            excluded.append(item.code)
        elif item.share is None:
            not_assessed.append(item.code)
        else:
            levels[item.code] = _first_reached(item.share, falling)
    lowest = min(levels.values(), default=NOT_RECOGNISED)
    weakest = [code for code, level in levels.items() if level == lowest]
    return Determination(
        level=NOT_RECOGNISED if unmet or not_assessed else lowest,
        unmet=tuple(unmet),
        not_assessed=_in_order(not_assessed),
        excluded=_in_order(excluded),
        weakest=tuple(weakest),
        prerequisites=prerequisites,
        graded=graded,
        thresholds=thresholds,
    )


def bands(thresholds: Sequence[Threshold]) -> list[Band]:
    """The thresholds, lowest first, each up to where the next one begins."""
    said = []
    for here, above in zip(thresholds, [*thresholds[1:], None], strict=False):
        upper = f"đến {above.percent if above else 100}{NBSP}%"
        if above and above.inclusive:
            upper = f"đến dưới {above.percent}{NBSP}%"
        said.append(Band(here.level, f"{here.label} {upper}"))
    return said


def level_of(share: Fraction, thresholds: Iterable[Threshold]) -> int:
    """The highest level whose threshold this share reaches."""
    return _first_reached(share, sorted(thresholds, key=lambda t: t.level, reverse=True))


def _first_reached(share: Fraction, falling: Iterable[Threshold]) -> int:
    hundredfold, total = share.numerator * 100, share.denominator
    for threshold in falling:
        if threshold.is_reached_at(hundredfold, total):
            return threshold.level
    return NOT_RECOGNISED


@lru_cache(maxsize=1024)
def code_order(code: str) -> tuple[tuple[int, str], ...]:
    """Sorts "2.2.10" after "2.2.9"."""
    parts = re.split(r"[.\s]+", code)
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)


def _in_order(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=code_order)) if len(codes) > 1 else tuple(codes)


def _weakness(item: Graded) -> tuple[bool, Fraction, tuple[tuple[int, str], ...]]:
    return item.share is None, item.share or Fraction(0), code_order(item.code)


def _more(item: Graded, threshold: Threshold) -> int | None:
    if item.share is None or item.achieved is None or item.total is None:
        return None
    needed = threshold.count_needed(item.total)
    return needed - item.achieved if needed <= item.total else None


def _distance(item: Graded, threshold: Threshold, *, is_alone: bool) -> str:
    more = _more(item, threshold)
    if more is None or item.achieved is None or item.total is None:
        return f"{item.code} cần {threshold.label}"
    achieved = item.achieved + more
    shown = show_percent(Fraction(achieved, item.total), [threshold.percent])
    noun = item.noun or "đơn vị"
    said = f"cần thêm {show_number(more)} {noun} ({_ratio(achieved, item.total)} = {shown})"
    return said if is_alone else f"{item.code} {said}"


def _ratio(achieved: int, total: int) -> str:
    return f"{show_number(achieved)}/{show_number(total)}"


def _all_of(count: int, noun: str, claim: str, only: str) -> str:
    """“bốn chỉ báo xét mức còn lại đều trên 80 %”, or the words for none and for one."""
    if count == 0:
        return ""
    if count == 1:
        return only
    word = WORDS[count] if count < len(WORDS) else str(count)
    return f"{word} {noun} đều {claim}"
