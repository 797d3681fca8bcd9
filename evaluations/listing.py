"""Units of a list by how they count: on which side of the fraction each is, and why.

Plain data in, as `registers.listed` says it of live lines and a snapshot keeps it; no query.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from evaluations.unit_reading import shown_points


@dataclass(frozen=True)
class Words:
    """How the sides of a list are called."""

    good: str
    below: str
    unrated: str
    counted_as: str
    excluded: str
    given: str  # before the counts of each rating
    colon: str = ""  # between a rating and how many have it


UNIT_WORDS = Words(
    good="Từ Khá trở lên",
    below="Dưới Khá",
    unrated="Chưa có kết quả",
    counted_as="tính là dưới Khá",
    excluded="Ngoài phạm vi",
    given="Xếp loại",
)
DISTRICT_WORDS = Words(
    good="Đã được công nhận",
    below="Không được công nhận",
    unrated="Chưa có quyết định",
    counted_as="tính là chưa được công nhận",
    excluded="Ngoài mẫu số",
    given="Theo quyết định",
    colon=":",
)
SHOWN = 12  # names at hand on a page; the page of the list has them all


@dataclass(frozen=True)
class ListedUnit:
    """One unit of a list: what `registers.listed` says of it, and its line of today to open."""

    said: Mapping
    line_id: int | None = None
    decision_id: int | None = None  # of a district: the decision that names it, to open

    @property
    def standing(self) -> str:
        """On which side of the fraction it is."""
        if not self.said["in_scope"]:
            return "excluded"
        if not self.said["rating_label"]:
            return "unrated"
        return "good" if self.said["is_good_or_better"] else "below"

    @property
    def remark(self) -> str:
        """Beside its name: why it is not on the better side."""
        if not self.said["in_scope"]:
            return self.said["exclusion_reason"].rstrip(".")
        return "" if self.said["is_good_or_better"] else self.said["rating_label"]

    @property
    def score(self) -> str:
        """ "84,5", as points are written."""
        return shown_points(Decimal(self.said["score"])) if self.said["score"] else ""

    @property
    def decision_on(self) -> date | None:
        told = self.said["decision_on"]
        return date.fromisoformat(told) if told else None

    @property
    def url(self) -> str:
        if self.decision_id:
            return reverse("evaluations:decision", args=[self.decision_id])
        return reverse("evaluations:unit-result", args=[self.line_id]) if self.line_id else ""


@dataclass(frozen=True)
class Side:
    """Units of a list that count alike."""

    title: str
    sign: str
    units: tuple[ListedUnit, ...]
    note: str = ""
    is_folded: bool = False  # nothing needs to be done about these: their names are a press away

    @property
    def shown(self) -> tuple[ListedUnit, ...]:
        return self.units[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.units) - len(self.shown)


@dataclass(frozen=True)
class Listing:
    """Units by how they count; from what a snapshot or a live register says of them."""

    units: tuple[ListedUnit, ...]

    @classmethod
    def of(cls, said: Iterable[Mapping]) -> "Listing":
        return cls(tuple(ListedUnit(each) for each in said))

    @property
    def words(self) -> Words:
        """A list of districts says of each what it is; one of agencies or communes needs not."""
        is_of_districts = any(unit.said.get("kind") == "district" for unit in self.units)
        return DISTRICT_WORDS if is_of_districts else UNIT_WORDS

    @cached_property
    def good(self) -> Side:
        got = ", ".join(
            f"{label}{self.words.colon} {count}"
            for label, count, is_good in self.by_rating
            if is_good
        )
        return Side(self.words.good, "met", self._those("good"), got, is_folded=True)

    @cached_property
    def below(self) -> Side:
        return Side(self.words.below, "unmet", self._those("below"))

    @cached_property
    def unrated(self) -> Side:
        """While none has a result there is no share for them to keep down."""
        units = self._those("unrated")
        if len(units) == self.in_scope:
            return Side(self.words.unrated, "empty", units, is_folded=True)
        return Side(self.words.unrated, "empty", units, self.words.counted_as)

    @cached_property
    def excluded(self) -> Side:
        return Side(self.words.excluded, "na", self._those("excluded"), "không tính")

    @property
    def sides(self) -> list[Side]:
        """What keeps the share down comes first."""
        return [self.below, self.unrated, self.good, self.excluded]

    @property
    def in_scope(self) -> int:
        return sum(unit.said["in_scope"] for unit in self.units)

    @property
    def rated(self) -> int:
        return self.in_scope - len(self.unrated.units)

    @property
    def by_rating(self) -> list[tuple[str, int, bool]]:
        """How many got each rating, the best first, and whether it is Khá or better.

        A rating that nobody got is not named.
        """
        got = Counter(
            (
                unit.said["rating_rank"],
                unit.said["rating_label"],
                unit.said["is_good_or_better"],
            )
            for unit in self.units
            if unit.said["in_scope"] and unit.said["rating_label"]
        )
        return [(label, count, is_good) for (_, label, is_good), count in sorted(got.items())]

    @property
    def has_scores(self) -> bool:
        return any(unit.said["score"] for unit in self.units)

    def _those(self, standing: str) -> tuple[ListedUnit, ...]:
        return tuple(unit for unit in self.units if unit.standing == standing)
