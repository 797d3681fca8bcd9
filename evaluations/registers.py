"""Registers counted: how many units are in scope, rated, and rated Khá or better.

Everything here is read from the lines as they are; nothing counted is stored, except with a
snapshot. `Counted` also says how the list behind a submitted figure differs from the live one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Q
from django.urls import reverse

from criteria.models import PointSet
from evaluations.models import Evaluation, PilotRound, UnitResult
from evaluations.models.dossiers import COUNTED
from evaluations.unit_sheets import SheetStatus
from organisations.models import Organisation

Kind = UnitResult.Kind
# What a measure of the catalogue is counted from, by the words it uses.
KIND_OF = {"agencies": Kind.LEARNING_UNIT, "communes": Kind.LEARNING_COMMUNITY}
# Which register a unit stands in.
KIND_OF_UNIT = {
    Organisation.Kind.AGENCY: Kind.LEARNING_UNIT,
    Organisation.Kind.COMMUNE: Kind.LEARNING_COMMUNITY,
}
# Which register a point set rates.
KIND_OF_SUBJECT = {
    PointSet.Subject.AGENCY: Kind.LEARNING_UNIT,
    PointSet.Subject.COMMUNE: Kind.LEARNING_COMMUNITY,
}
# How the address of a register names its kind.
SLUG_OF = {Kind.LEARNING_UNIT: "co-quan", Kind.LEARNING_COMMUNITY: "xa"}


@dataclass(frozen=True)
class Summary:
    """One register in numbers. `rated` and `good` are of those in scope."""

    in_scope: int = 0
    rated: int = 0
    good: int = 0
    excluded: int = 0
    faulty: int = 0  # in scope, with something typed that could not be taken
    undecided: int = 0  # rated, without number or date of the decision
    waiting: int = 0  # in scope, with a sheet of its own that waits to be confirmed
    by_rating: tuple[tuple[str, int], ...] = ()

    @property
    def unrated(self) -> int:
        return self.in_scope - self.rated

    @property
    def below(self) -> int:
        """Rated, and not Khá."""
        return self.rated - self.good

    @property
    def share(self) -> Fraction | None:
        """Exact; None without a unit, or while no unit has a result: not entered is not nought."""
        return Fraction(self.good, self.in_scope) if self.rated else None


def register_url(evaluation: Evaluation, word: str) -> str:
    """The page of the register that a dossier's share is counted from, by its measure's word."""
    slug = SLUG_OF[KIND_OF[word]]
    return reverse(
        "evaluations:register", args=[evaluation.pilot_round_id, evaluation.unit_id, slug]
    )


def points_of(pilot_round: PilotRound, kind: str) -> PointSet:
    """The point set by which the round rates units of this kind."""
    if kind == Kind.LEARNING_UNIT:
        return pilot_round.agency_points
    return pilot_round.commune_points


_IN_SCOPE, _RATED = COUNTED["in_scope"], COUNTED["rated"]
# What may be said of a line: counted in a `Summary`, and a filter for the lines behind a count.
CLAIMS = {
    **COUNTED,
    "excluded": ~_IN_SCOPE,
    "faulty": _IN_SCOPE & ~Q(unread={}),
    "undecided": _RATED & (Q(decision_number="") | Q(decision_on__isnull=True)),
    "waiting": _IN_SCOPE & Q(sheet_status=SheetStatus.SUBMITTED),
}


def summarise(lines) -> Summary:
    """A register, or any part of one, in one query."""
    # Under names of their own: one called `in_scope` would stand in the way of the field.
    counts = {f"counted_{name}": Count("pk", filter=which) for name, which in CLAIMS.items()}
    found = lines.order_by().aggregate(**counts)
    return Summary(**{name: found[f"counted_{name}"] for name in CLAIMS})


def summarise_kinds(lines) -> dict[str, Summary]:
    """Each kind among the lines by itself, under the word of a measure, in one query."""
    counts = {f"counted_{name}": Count("pk", filter=which) for name, which in CLAIMS.items()}
    found = {
        row["kind"]: Summary(**{name: row[f"counted_{name}"] for name in CLAIMS})
        for row in lines.order_by().values("kind").annotate(**counts)
    }
    return {word: found.get(kind, Summary()) for word, kind in KIND_OF.items()}


def summarise_with_ratings(lines, point_set: PointSet) -> Summary:
    """The same, and how many got each rating, in one query more."""
    summary = summarise(lines)
    got = dict(
        lines.filter(in_scope=True, rating__isnull=False)
        .order_by()
        .values_list("rating__code")
        .annotate(count=Count("pk"))
    )
    by_rating = tuple((band.label, got.get(band.code, 0)) for band in point_set.rule.ratings)
    return Summary(**{**vars(summary), "by_rating": by_rating})


def listed(lines: Iterable[UnitResult]) -> list[dict]:
    """The lines as plain data for a snapshot, fetched `for_display()`."""
    return [
        {
            "unit": line.unit_id,
            "code": line.unit.code,
            "name": line.unit.name,
            "in_scope": line.in_scope,
            "exclusion_reason": line.exclusion_reason,
            "rating": line.rating.code if line.rating else "",
            "rating_label": line.rating.label if line.rating else "",
            "rating_rank": line.rating.rank if line.rating else None,
            "is_good_or_better": line.is_good_or_better,
            "score": str(line.score) if line.score is not None else None,
            "decision_number": line.decision_number,
            "decision_on": line.decision_on.isoformat() if line.decision_on else None,
        }
        for line in lines
    ]


ABSENT, OUT_OF_SCOPE, UNRATED = "không có trong danh sách", "ngoài phạm vi", "chưa có kết quả"
UNDECIDED = "chưa có quyết định"  # of a district behind the city's share


@dataclass(frozen=True)
class Difference:
    """One unit that is no longer listed as it was: what the list said, what it says now."""

    name: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """ "Trung bình → Khá", "mới thêm, Khá"."""
        if self.before == ABSENT:
            return f"mới thêm, {self.after}"
        if self.after == ABSENT:
            return f"đã bớt, lúc gửi là {self.before}"
        if self.after == OUT_OF_SCOPE:
            return f"ra khỏi phạm vi, lúc gửi là {self.before}"
        if self.before == OUT_OF_SCOPE:
            return f"đưa vào phạm vi, {self.after}"
        return f"{self.before} → {self.after}"


def differences(before: Iterable[Mapping], now: Iterable[Mapping]) -> list[Difference]:
    """How two lists of `listed` differ in what is counted: who is in scope, and the ratings."""
    old = {line["unit"]: line for line in before}
    new = {line["unit"]: line for line in now}
    units = [*old, *(unit for unit in new if unit not in old)]
    found = []
    for unit in units:
        was, is_now = old.get(unit), new.get(unit)
        if _counts_as(was) != _counts_as(is_now):
            name = (is_now or was)["name"]
            found.append(Difference(name, _standing(was), _standing(is_now)))
    return found


def _counts_as(line: Mapping | None) -> str:
    """By the rating's code: a newer version of the point set may call it otherwise."""
    if line is None or not line["in_scope"]:
        return _standing(line)
    return line["rating"] or UNRATED


def _standing(line: Mapping | None) -> str:
    """What a line counts as, in words."""
    if line is None:
        return ABSENT
    if not line["in_scope"]:
        return OUT_OF_SCOPE
    unrated = UNDECIDED if line.get("kind") == "district" else UNRATED
    return line["rating_label"] or unrated
