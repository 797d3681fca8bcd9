"""From stored rows to the level engine and back: the only place that knows both shapes.

`find(evaluation)` reads every figure once and gives both columns, tự đánh giá and thẩm định,
with one line per indicator. Rows come from `Evaluation.objects.with_results()`; it asks the
database nothing more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from criteria.catalogue import level_rule
from criteria.levels import Determination, level_of
from criteria.measures import Assessment, Entry, Kind, Reading, read
from criteria.models import Indicator
from criteria.rules import LevelRule, Readings
from evaluations.city_permissions import is_lead
from evaluations.models import (
    AdoptedReading,
    Evaluation,
    IndicatorAppraisal,
    IndicatorResult,
    PilotRound,
)
from evaluations.models.dossiers import COUNTED, DISTRICTS, REGISTERS
from evaluations.workflow import EDITABLE, Status
from organisations.models import User

NOT_ENTERED = Entry()


@dataclass(frozen=True)
class Counted:
    """The register behind a derived share, as it stands now."""

    in_scope: int
    rated: int
    good: int

    @property
    def typed(self) -> dict[str, str]:
        """As if somebody had counted and typed it; nothing while no unit has a result."""
        if not self.rated:
            return {}
        return {"achieved": str(self.good), "total": str(self.in_scope)}

    @property
    def unrated(self) -> int:
        return self.in_scope - self.rated


@dataclass(frozen=True)
class Mark:
    """How a state is shown: a sign's name (`partials/sign.html`) and its word."""

    sign: str
    word: str


@dataclass(frozen=True)
class Line:
    """One indicator of a dossier: what was typed, how it reads, and both assessments."""

    indicator: Indicator
    result: IndicatorResult
    reading: Reading
    rule: LevelRule
    readings: Readings
    self_assessed: Assessment
    appraised: Assessment
    counted: Counted | None = None  # the live register, for a derived share
    counts_live: bool = False  # its figure is that of the register now, not as submitted

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def self_level(self) -> int | None:
        """The level that a graded indicator reaches alone; None without a share."""
        return self._level(self.self_assessed.share)

    @property
    def appraised_level(self) -> int | None:
        return self._level(self.appraised.share)

    @property
    def appraisal(self) -> IndicatorAppraisal | None:
        return appraisal_of(self.result)

    @property
    def is_asked(self) -> bool:
        """The Sở sent a request about this indicator and has not settled it."""
        return self.is_asking and self.result.appraisal.is_sent

    @property
    def is_decided(self) -> bool:
        """The appraiser accepted or adjusted it; a request is not yet a decision."""
        appraisal = self.appraisal
        return bool(appraisal and appraisal.verdict != IndicatorAppraisal.Verdict.ASK)

    @property
    def mark(self) -> Mark:
        typed = self.result.typed
        if typed.get("not_applicable"):
            return Mark("na", "Không áp dụng")
        if self.is_document and typed.get("met") == "yes" and self.self_assessed.met is None:
            return Mark("part", "Thiếu minh chứng")
        has_text = any(typed.values()) or self.reading.problems
        return _mark(self.indicator, self.self_assessed, self.self_level, started=bool(has_text))

    @property
    def appraised_mark(self) -> Mark | None:
        """The Sở's word on this indicator; None while it has said nothing."""
        appraisal = self.appraisal
        if appraisal is None:
            return None
        if appraisal.verdict == IndicatorAppraisal.Verdict.ASK:
            return Mark("ask", "Cần bổ sung")
        if appraisal.verdict == IndicatorAppraisal.Verdict.ACCEPT:
            return Mark("accept", "Chấp nhận")
        if self.indicator.is_graded or self.appraised.shown:
            return Mark(
                "adjust",
                f"Còn {self.appraised.shown}" if self.is_lower else f"Là {self.appraised.shown}",
            )
        return Mark("adjust", self.appraised_verdict.word)

    @property
    def appraised_verdict(self) -> Mark:
        """Đạt, chưa đạt or the level, by the Sở's figures."""
        if self.appraised.excluded:
            return Mark("na", "Không áp dụng")
        return _mark(self.indicator, self.appraised, self.appraised_level, started=False)

    @property
    def settled(self) -> Assessment:
        """What stands in the end: the Sở's figures once they are sent, else the unit's own."""
        is_sent = self.is_decided and self.result.appraisal.is_sent
        return self.appraised if is_sent else self.self_assessed

    @property
    def is_asking(self) -> bool:
        """A request is written, sent or not."""
        appraisal = self.appraisal
        return bool(appraisal and appraisal.verdict == IndicatorAppraisal.Verdict.ASK)

    @property
    def differs(self) -> bool:
        """The Sở put its own figures in the place of the unit's."""
        appraisal = self.appraisal
        return bool(appraisal and appraisal.verdict == IndicatorAppraisal.Verdict.ADJUST)

    @property
    def is_lower(self) -> bool:
        mine, theirs = self.self_assessed.share, self.appraised.share
        return mine is not None and theirs is not None and theirs < mine

    @property
    def echo(self) -> str:
        """What the typed figures are understood to be, and what one step more would do."""
        verb = "Tính ra" if self.is_derived else "Hiểu là"
        return self.rule.echo(self.code, self.self_assessed, self.readings, verb=verb)

    @property
    def is_document(self) -> bool:
        return self.indicator.measure.kind == Kind.DOCUMENT

    @property
    def is_derived(self) -> bool:
        """Nothing is typed for it: the figure is counted from a register."""
        return self.indicator.measure.derived

    @property
    def register(self) -> str:
        """The register it is counted from, by the word of its measure; nothing where none is."""
        source = self.indicator.measure.counted_from
        return source if self.counted is not None and source in REGISTERS else ""

    @property
    def counts_districts(self) -> bool:
        """Counted from what the decisions of the round say of the city's districts."""
        return self.counted is not None and self.indicator.measure.counted_from == DISTRICTS

    @property
    def has_list(self) -> bool:
        """There are names behind its figure."""
        return bool(self.register) or self.counts_districts

    def _level(self, share: Fraction | None) -> int | None:
        if not self.indicator.is_graded or share is None:
            return None
        return level_of(share, self.rule.thresholds_read(self.readings))


@dataclass(frozen=True)
class Finding:
    """Both columns of one dossier."""

    evaluation: Evaluation
    rule: LevelRule
    readings: Readings
    lines: tuple[Line, ...]
    self_assessed: Determination
    appraised: Determination
    is_part: bool = False  # of the city's dossier only what one agency fills: no level follows

    def part_of(self, user: User) -> "Finding":
        """Of the city's dossier the indicators that this person's agency has, and no other."""
        lines = tuple(line for line in self.lines if is_lead(user, line.result))
        return replace(self, lines=lines, is_part=True)

    def line(self, code: str) -> Line:
        return next(line for line in self.lines if line.code == code)

    @cached_property
    def graded_lines(self) -> tuple[Line, ...]:
        """The graded indicators, weakest first; those without a share come before all."""
        graded = [line for line in self.lines if line.indicator.is_graded]
        return tuple(
            sorted(
                graded,
                key=lambda line: (
                    line.self_assessed.share is not None,
                    line.self_assessed.share or 0,
                ),
            )
        )

    @property
    def decided_count(self) -> int:
        return sum(line.is_decided for line in self.lines)

    @property
    def asked_lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_asked)

    @property
    def is_fully_decided(self) -> bool:
        return self.decided_count == len(self.lines)


def find(evaluation: Evaluation) -> Finding:
    """Both columns of a dossier fetched by `with_results()`."""
    rule = level_rule(evaluation.criteria_set)
    readings = adopted_readings(evaluation.pilot_round)
    results = {result.indicator_id: result for result in evaluation.results.all()}
    is_open = _openness(evaluation, results.values())
    read_as, own, theirs, counts, live = {}, {}, {}, {}, set()
    for indicator in evaluation.criteria_set.indicators.all():
        result = results[indicator.pk]
        result.indicator = indicator  # known already; asking for it would be a query a row
        counted = counts[indicator] = counted_for(evaluation, indicator)
        if indicator.measure.derived and is_open(result):
            # Counted now; what was submitted keeps the count that went with it.
            live.add(indicator)
            result.typed = {**_claim(result.typed), **(counted.typed if counted else {})}
        appraisal = appraisal_of(result)
        reading = read_as[indicator] = read(indicator.measure, result.typed)
        entry = own[indicator.code] = _own_entry(reading.entry, result, appraisal)
        if appraisal is not None:
            theirs[indicator.code] = _appraised_entry(indicator, appraisal, entry)

    self_column = rule.column(own, readings)
    appraised_column = rule.column(theirs, readings)
    return Finding(
        evaluation=evaluation,
        rule=rule,
        readings=readings,
        lines=tuple(
            Line(
                indicator=indicator,
                result=results[indicator.pk],
                reading=reading,
                rule=rule,
                readings=readings,
                self_assessed=self_column.assessments[indicator.code],
                appraised=appraised_column.assessments[indicator.code],
                counted=counts[indicator],
                counts_live=indicator in live,
            )
            for indicator, reading in read_as.items()
        ),
        self_assessed=self_column.determination,
        appraised=appraised_column.determination,
    )


def counted_for(evaluation: Evaluation, indicator: Indicator) -> Counted | None:
    """The register of a dossier `with_register_counts()` that this indicator is counted from,
    or the city's districts; None for a share that is typed.
    """
    source = indicator.measure.counted_from
    if source not in {*REGISTERS, DISTRICTS}:
        return None
    return Counted(**{part: getattr(evaluation, f"{source}_{part}") for part in COUNTED})


@dataclass(frozen=True)
class Trial:
    """One indicator of the Sở's column with other figures: how they read, where they lead."""

    reading: Reading
    echo: str
    determination: Determination


def try_figures(finding: Finding, line: Line, typed: Mapping[str, str]) -> Trial:
    """The Sở's column as it would be with these figures; nothing is stored."""
    reading = read(line.indicator.measure, typed)
    entries = {each.code: each.appraised.entry for each in finding.lines if each.is_decided} | {
        line.code: reading.entry
    }
    column = finding.rule.column(entries, finding.readings)
    assessment = column.assessments[line.code]
    said = finding.rule.echo(line.code, assessment, finding.readings)
    return Trial(reading, said, column.determination)


def find_last_year(evaluation: Evaluation) -> Finding | None:
    """Last year's dossier of the same unit, where it submitted one."""
    before = Evaluation.objects.last_year_of(evaluation).with_results().first()
    return find(before) if before else None


def appraisal_of(result: IndicatorResult) -> IndicatorAppraisal | None:
    """The Sở's row on this result, where there is one."""
    return getattr(result, "appraisal", None)


def adopted_readings(pilot_round: PilotRound) -> Readings:
    """The round's choices where the law leaves a sentence open; defaults where it made none."""
    chosen = {row.question: row.choice for row in pilot_round.adopted_readings.all()}
    level_2 = AdoptedReading.Choice.LEVEL_2
    relative = AdoptedReading.Choice.RELATIVE
    return Readings(
        exact_80_level=2 if chosen.get(AdoptedReading.Question.EXACT_80) == level_2 else 1,
        fall="relative" if chosen.get(AdoptedReading.Question.FALL) == relative else "points",
    )


def _openness(evaluation: Evaluation, results) -> Callable[[IndicatorResult], bool]:
    """Which results are still being written, as `permissions.can_edit_result` lets the unit.

    Asked of rows that are there already. A dossier put back in memory to its last submission
    (`snapshots.as_last_submitted`) is closed whole.
    """
    if evaluation.status not in EDITABLE or getattr(evaluation, "shows_last_submission", False):
        return lambda result: False
    asked = {
        result.pk
        for result in results
        if (appraisal := appraisal_of(result))
        and appraisal.verdict == IndicatorAppraisal.Verdict.ASK
        and appraisal.is_sent
    }
    if evaluation.status == Status.DRAFT or not asked:
        return lambda result: True
    return lambda result: result.pk in asked


def _claim(typed: Mapping[str, str]) -> dict[str, str]:
    """Of what was typed for a derived share only the claim that it does not apply."""
    return {name: text for name, text in typed.items() if name == "not_applicable"}


def _own_entry(entry: Entry, result, appraisal: IndicatorAppraisal | None) -> Entry:
    """The unit's entry; its claim of "không áp dụng" holds once the Sở's word on it is sent."""
    has_evidence = result.evidence_count > 0
    accepted = bool(
        entry.not_applicable
        and appraisal
        and appraisal.verdict == IndicatorAppraisal.Verdict.ACCEPT
        and appraisal.is_sent
    )
    if has_evidence and not accepted:
        return entry  # as most are: no copy of what says so already
    return replace(entry, has_evidence=has_evidence, accepted=accepted)


def _appraised_entry(indicator, appraisal: IndicatorAppraisal, own: Entry) -> Entry:
    if appraisal.verdict == IndicatorAppraisal.Verdict.ASK:
        return NOT_ENTERED
    if appraisal.verdict == IndicatorAppraisal.Verdict.ACCEPT:
        return replace(own, accepted=True) if own.not_applicable else own
    # The appraiser read the evidence; a verdict adjusted with a reason stands on its own.
    return replace(read(indicator.measure, appraisal.typed).entry, has_evidence=True)


def _mark(indicator, assessment, level, *, started: bool) -> Mark:
    if indicator.is_graded:
        if level is None:
            return Mark("part", "Đang dở") if started else Mark("empty", "Chưa nhập")
        return Mark(f"steps-{level}", f"Mức {level}") if level else Mark("unmet", "Dưới ngưỡng")
    if assessment.met is None:
        return Mark("part", "Đang dở") if started else Mark("empty", "Chưa nhập")
    return Mark("met", "Đạt") if assessment.met else Mark("unmet", "Chưa đạt")
