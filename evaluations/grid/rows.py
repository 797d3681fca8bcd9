"""The lines of a register as a page shows them: what stands in each field, what it counts as."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Length

from criteria.points import PointRule
from evaluations.actions.unit_results import LABELS, problems_of
from evaluations.determination import Mark
from evaluations.grid import Register
from evaluations.grid.shown import Filter, Problem, ShownRow
from evaluations.models import UnitResult
from evaluations.registers import CLAIMS, Summary
from evaluations.unit_reading import FIELDS, own_sheet, shown_line, shown_points
from evaluations.unit_sheets import SHEET_LABELS, SheetStatus

# The fields that stand in the grid; the others are on the page of the line.
IN_GRID = ("score", "rating", "decision_number", "decision_on", "correction_reason")


def filters(summary: Summary) -> list[Filter]:
    """In the order of the page. What waits for nobody is not offered."""
    claims, none = CLAIMS, Q()
    all_of_them = summary.in_scope + summary.excluded
    unrated = claims["in_scope"] & Q(rating__isnull=True)
    below = claims["rated"] & Q(rating__is_good_or_better=False)
    return [
        Filter("", "Tất cả", none, all_of_them),
        Filter("chua-co", "Chưa có", unrated, summary.unrated),
        Filter("duoi-kha", "Dưới Khá", below, summary.below),
        Filter("ngoai-pham-vi", "Ngoài phạm vi", claims["excluded"], summary.excluded),
        Filter("can-sua", "Cần sửa", claims["faulty"], summary.faulty),
        Filter("cho-xac-nhan", "Chờ xác nhận", claims["waiting"], summary.waiting),
        Filter("thieu-quyet-dinh", "Thiếu quyết định", claims["undecided"], summary.undecided),
    ]


@dataclass(frozen=True, kw_only=True)
class Row(ShownRow):
    """One line on a page, with its result."""

    rule: PointRule | None
    past: str = ""

    def label_of(self, name: str) -> str:
        return LABELS[name][:1].upper() + LABELS[name][1:]

    @property
    def problems(self) -> list[Problem]:
        """In the order of the fields, whichever was found first."""
        return [
            Problem(self.label_of(name), self.wrong[name]) for name in FIELDS if name in self.wrong
        ]

    @property
    def mark(self) -> Mark:
        return mark_of(self.line)

    @property
    def labels(self) -> list[str]:
        """The ratings to choose from, with what stands there now where it is none of them."""
        known = [band.label for band in self.rule.ratings] if self.rule else []
        rating = self.shown.get("rating", "")
        return known if not rating or rating in known else [*known, rating]

    @property
    def own(self) -> str:
        """What the unit says of itself: "Khá, 84 điểm", else how far its sheet is."""
        return self._own(" điểm")

    @property
    def own_short(self) -> str:
        """ "Khá, 84", where a column says the rest."""
        return self._own("")

    @property
    def is_waiting(self) -> bool:
        """The unit sent its sheet and nobody has confirmed it."""
        return self.line.sheet_status == SheetStatus.SUBMITTED

    @property
    def has_own_sheet(self) -> bool:
        """A rating that differs from what the unit sent needs a reason."""
        return own_sheet(self.line) is not None

    def _own(self, unit: str) -> str:
        said = [self.line.self_rating.label] if self.line.self_rating else []
        if self.line.self_score is not None:
            said.append(f"{shown_points(self.line.self_score)}{unit}")
        status = SheetStatus(self.line.sheet_status)
        if not said and status != SheetStatus.NONE:
            return SHEET_LABELS[status]
        return ", ".join(said)


def mark_of(line: UnitResult) -> Mark:
    """What a line counts as, in a sign and its word."""
    if not line.in_scope:
        return Mark("na", "Ngoài phạm vi")
    if line.rating is None:
        return Mark("ask", "Cần sửa") if line.unread else Mark("empty", "Chưa có kết quả")
    return Mark("met", "Từ Khá trở lên") if line.is_good_or_better else Mark("unmet", "Dưới Khá")


def in_order(lines):
    """By code, the numbers of agencies by their size: 316-999 before 316-1000."""
    return lines.order_by(Length("unit__code"), "unit__code", "pk")


def rows_of(
    register: Register,
    lines: Iterable[UnitResult],
    *,
    today: date,
    start: int = 1,
    fields: Iterable[str] = IN_GRID,
) -> list[Row]:
    """A page of lines fetched `for_display()`, numbered from `start`; one query more."""
    lines = list(lines)
    past = past_ratings(register, lines)
    rows = []
    for number, line in enumerate(lines, start):
        line.pilot_round = register.pilot_round  # one object, so one reading of its point sets
        shown = shown_line(line)
        rows.append(
            Row(
                line=line,
                shown=shown,
                base={name: shown[name] for name in fields},
                wrong=_wrong(register, line, today),
                rule=register.points.rule if register.points else None,
                number=number,
                past=past.get(line.unit_id, ""),
            )
        )
    return rows


def past_ratings(register: Register, lines: Iterable[UnitResult]) -> dict[int, str]:
    """What the same units were rated the year before, by unit; the round knows one such year."""
    if not register.is_of_the_round:
        return {}
    before = register.of_year(register.year - 1).lines.filter(
        unit__in=[line.unit_id for line in lines], rating__isnull=False
    )
    return dict(before.values_list("unit", "rating__label"))


def _wrong(register: Register, line: UnitResult, today: date) -> dict[str, str]:
    """What is wrong with a line; a text refused for who typed it has no fault of its own."""
    if not line.unread or register.points is None:
        return {}
    return problems_of(line, today) or dict.fromkeys(line.unread, "Chưa nhận. Chọn lại rồi lưu.")
