"""What a round can reach at best, known from its first day (`design.md` 5).

The city's 2.1.2 asks for recognised districts. When only some take part and all of them are
the base, the share that even full success gives may lie below the lowest level.
"""

from dataclasses import dataclass
from fractions import Fraction

from criteria.levels import Threshold
from criteria.numbers import show_percent
from evaluations.models import AdoptedReading, PilotRound
from evaluations.models.dossiers import districts_counted
from organisations.models import Organisation


@dataclass(frozen=True)
class BestShare:
    """The most that the city's 2.1.2 can come to under the round's base."""

    participants: int
    districts: int
    counts_all: bool
    lowest: Threshold

    @property
    def total(self) -> int:
        return self.districts if self.counts_all else self.participants

    @property
    def is_impossible(self) -> bool:
        return bool(self.total) and not self.lowest.is_reached_by(self._share)

    @property
    def sentence(self) -> str:
        """Why no level is open to the city."""
        shown = show_percent(self._share, [self.lowest.percent])
        return (
            f"lấy cả {self.total} quận, huyện làm mẫu số: nhiều nhất "
            f"{self.participants}/{self.total} = {shown}, {self.lowest.label_below}; "
            "thành phố không đạt được mức độ nào."
        )

    @property
    def _share(self) -> Fraction:
        return Fraction(self.participants, self.total)


def counts_all_districts(pilot_round: PilotRound) -> bool:
    """The base of the city's 2.1.2 as adopted; the default is every district."""
    chosen = {row.question: row.choice for row in pilot_round.adopted_readings.all()}
    return chosen.get(AdoptedReading.Question.CITY_BASE) != AdoptedReading.Choice.PARTICIPANTS


def best_share(pilot_round: PilotRound) -> BestShare:
    """In three queries; the base as adopted, or all districts as the text's default.

    Of a round that is not opened yet, by who is chosen to take part.
    """
    units = (
        pilot_round.planned_participants.all()
        if pilot_round.is_planned
        else Organisation.objects.districts().filter(evaluations__pilot_round=pilot_round)
    )
    counted = districts_counted(pilot_round.pk, pilot_round.year)
    cities = set(units.values_list("parent_id", flat=True))
    thresholds = [row.as_threshold for row in pilot_round.city_set.thresholds.all()]
    return BestShare(
        participants=units.count(),
        districts=counted.filter(parent__in=cities).count(),
        counts_all=counts_all_districts(pilot_round),
        lowest=min(thresholds, key=lambda threshold: threshold.level),
    )
