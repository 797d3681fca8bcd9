"""A whole set of indicators with its level rule, free of the database.

`criteria.catalogue` builds one from rows; dossiers, the what-if panel and the command all ask
the same object, so that none of them can judge differently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from criteria.levels import (
    NOT_ENTERED,
    Determination,
    Graded,
    Prerequisite,
    Threshold,
    determine_level,
    level_of,
)
from criteria.measures import AS_A_RULE, Assessment, Entry, Measure, assess
from criteria.measures import Readings as Readings
from criteria.numbers import show_number, show_percent


@dataclass(frozen=True)
class RuledIndicator:
    """An indicator as the rule sees it."""

    code: str
    short_name: str
    is_graded: bool
    measure: Measure


@dataclass(frozen=True)
class Column:
    """One side of a dossier, tự đánh giá or thẩm định: every indicator, and the level."""

    assessments: Mapping[str, Assessment]
    determination: Determination


@dataclass(frozen=True)
class LevelRule:
    """The indicators of one set and where its levels begin."""

    indicators: tuple[RuledIndicator, ...]
    thresholds: tuple[Threshold, ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(indicator.code for indicator in self.indicators)

    def thresholds_read(self, readings: Readings) -> tuple[Threshold, ...]:
        """The thresholds under the round's reading of exactly 80 %."""
        if readings.exact_80_level == 1:
            return self.thresholds
        return tuple(
            replace(threshold, inclusive=True)
            if threshold.level == readings.exact_80_level
            else threshold
            for threshold in self.thresholds
        )

    def column(self, entries: Mapping[str, Entry], readings: Readings = AS_A_RULE) -> Column:
        """Both at once; of a column where nothing is entered there is one for everybody."""
        if not entries and readings in self._blank_columns:
            return self._blank_columns[readings]
        assessments = self.assess(entries, readings)
        column = Column(assessments, self.conclude(assessments, readings))
        if not entries:
            self._blank_columns[readings] = column
        return column

    @cached_property
    def _blank_columns(self) -> dict[Readings, Column]:
        return {}

    def assess(
        self, entries: Mapping[str, Entry], readings: Readings = AS_A_RULE
    ) -> dict[str, Assessment]:
        """Every indicator of the set; one without an entry is not assessed."""
        if not entries.keys() <= self.codes:
            unknown = ", ".join(sorted(entries.keys() - self.codes))
            raise ValueError(f"no such indicator in the set: {unknown}")
        bounds = tuple(threshold.percent for threshold in self.thresholds)
        return {
            indicator.code: assess(
                indicator.measure,
                entries.get(indicator.code, Entry()),
                readings,
                bounds if indicator.is_graded else (),
            )
            for indicator in self.indicators
        }

    def determine(
        self, entries: Mapping[str, Entry], readings: Readings = AS_A_RULE
    ) -> Determination:
        return self.conclude(self.assess(entries, readings), readings)

    def conclude(
        self, assessments: Mapping[str, Assessment], readings: Readings = AS_A_RULE
    ) -> Determination:
        """The level, for who has the assessments already."""
        prerequisites, graded = [], []
        for indicator in self.indicators:
            assessment = assessments[indicator.code]
            if indicator.is_graded:
                graded.append(_graded(indicator, assessment))
            else:
                prerequisites.append(_prerequisite(indicator, assessment))
        return determine_level(prerequisites, graded, self.thresholds_read(readings))

    def echo(
        self,
        code: str,
        assessment: Assessment,
        readings: Readings = AS_A_RULE,
        *,
        verb: str = "Hiểu là",
    ) -> str:
        """Under the figures of one indicator: what is understood, and what one step more does."""
        indicator = next(item for item in self.indicators if item.code == code)
        if not indicator.is_graded or assessment.share is None:
            return assessment.sentence
        thresholds = self.thresholds_read(readings)
        share, percents = assessment.share, [threshold.percent for threshold in thresholds]
        level = level_of(share, thresholds)
        reached = f"mức độ {level}" if level else thresholds[0].label_below
        said = f"{verb} {show_percent(share, percents, places=2)}, {reached}."
        ahead = determine_level([], [_graded(indicator, assessment)], thresholds).next
        if ahead is None:
            return said
        more = ahead.needs[0].more
        if more is None:
            following = next(t for t in thresholds if t.level == ahead.level)
            return f"{said} Mức độ {ahead.level} khi {following.label}."
        noun = indicator.measure.noun or "đơn vị"
        assert assessment.achieved is not None
        assert assessment.total is not None
        figure = f"{show_number(assessment.achieved + more)}/{show_number(assessment.total)}"
        return f"{said} Thêm {show_number(more)} {noun} ({figure}) là mức độ {ahead.level}."


def _prerequisite(indicator: RuledIndicator, assessment: Assessment) -> Prerequisite:
    return Prerequisite(
        indicator.code,
        assessment.met,
        excluded=assessment.excluded,
        lacking=assessment.lacking or NOT_ENTERED,
    )


def _graded(indicator: RuledIndicator, assessment: Assessment) -> Graded:
    return Graded(
        indicator.code,
        assessment.share,
        assessment.achieved,
        assessment.total,
        indicator.measure.noun,
        excluded=assessment.excluded,
        lacking=assessment.lacking or NOT_ENTERED,
    )


def rule_of(indicators: Iterable[RuledIndicator], thresholds: Iterable[Threshold]) -> LevelRule:
    """Thresholds in the order of their levels, whatever order they come in."""
    return LevelRule(tuple(indicators), tuple(sorted(thresholds, key=lambda t: t.level)))
