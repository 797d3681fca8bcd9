"""What a register comes to: the level that its share reaches, and what one level more takes."""

from dataclasses import dataclass
from fractions import Fraction

from criteria.catalogue import level_rule
from criteria.levels import Threshold, level_of
from criteria.models import CriteriaSet, Indicator
from criteria.numbers import show_percent
from evaluations.determination import adopted_readings
from evaluations.models import PilotRound
from evaluations.registers import KIND_OF, Summary
from organisations.models import Organisation


@dataclass(frozen=True)
class Prospect:
    """A register as the figure of its indicator. Without any result there is no share, no level."""

    summary: Summary
    indicator: Indicator
    thresholds: tuple[Threshold, ...]

    @property
    def percents(self) -> list[int]:
        return [threshold.percent for threshold in self.thresholds]

    @property
    def shown(self) -> str:
        """ "76,7 %", with more decimals where one would contradict the level."""
        return "" if self.summary.share is None else show_percent(self.summary.share, self.percents)

    @property
    def level(self) -> int | None:
        share = self.summary.share
        return None if share is None else level_of(share, self.thresholds)

    @property
    def below(self) -> str:
        """ "dưới 70 %": where the lowest level begins."""
        return self.thresholds[0].label_below

    @property
    def next(self) -> Threshold | None:
        if self.level is None:
            return None
        return next((each for each in self.thresholds if each.level == self.level + 1), None)

    @property
    def more(self) -> int:
        """How many units more take it to the next level."""
        return self.next.count_needed(self.summary.in_scope) - self.summary.good

    @property
    def then(self) -> str:
        """ "25/30 = 83,3 %": the figure with those."""
        good, total = self.summary.good + self.more, self.summary.in_scope
        return f"{good}/{total} = {show_percent(Fraction(good, total), self.percents)}"


@dataclass(frozen=True)
class Yardstick:
    """What the round measures registers of one sort of owner by."""

    indicators: dict[str, Indicator]  # by the kind of register
    thresholds: tuple[Threshold, ...]

    def of(self, kind: str, summary: Summary) -> Prospect | None:
        """None where no indicator is counted from such a register."""
        indicator = self.indicators.get(kind)
        return indicator and Prospect(summary, indicator, self.thresholds)


def yardstick(pilot_round: PilotRound, owner_kind: str) -> Yardstick:
    """For the registers of districts, or for the city's; four queries."""
    is_city = owner_kind == Organisation.Kind.CITY
    pk = pilot_round.city_set_id if is_city else pilot_round.district_set_id
    criteria_set = CriteriaSet.objects.prefetch_related("indicators", "thresholds").get(pk=pk)
    found = {
        KIND_OF[indicator.measure.counted_from]: indicator
        for indicator in criteria_set.indicators.all()
        if indicator.measure.counted_from in KIND_OF
    }
    readings = adopted_readings(pilot_round)
    return Yardstick(found, level_rule(criteria_set).thresholds_read(readings))
