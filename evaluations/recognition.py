"""What the signed decisions say: the level that stands for a dossier, and who is recognised."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from criteria.models import CriteriaSet
from evaluations.models import Decision, DecisionLine, Evaluation, PilotRound


@dataclass(frozen=True)
class Column:
    """One column of the dossier as it was frozen: its level and the sentence that says why."""

    level: int | None
    sentence: str


@dataclass(frozen=True)
class Decided:
    """The level that stands for a dossier, with both columns of the day it was decided.

    All of it is read from what was frozen: no reading, text or register of a later day moves it.
    """

    line: DecisionLine

    @property
    def level(self) -> int:
        return self.line.level

    @property
    def decision(self) -> Decision:
        return self.line.decision

    @cached_property
    def self_assessed(self) -> Column:
        return self._column("self_assessed")

    @cached_property
    def appraised(self) -> Column:
        return self._column("appraised")

    def _column(self, name: str) -> Column:
        frozen = self.line.snapshot.content[name]
        return Column(frozen["conclusion"], frozen["sentence"])


def decided_of(evaluation: Evaluation) -> Decided | None:
    """What stands for this dossier; None while no decision names it."""
    lines = evaluation.decision_lines.standing().select_related("decision", "snapshot")
    line = lines.order_by("-decision__signed_on", "-decision_id").first()
    return Decided(line) if line else None


def recognised_districts(pilot_round: PilotRound) -> QuerySet[DecisionLine]:
    """The districts that a standing decision of the round recognises, in the order of their codes.

    One line a district, with its level, its dossier and the decision.
    """
    return (
        DecisionLine.objects.standing()
        .recognising()
        .filter(
            evaluation__pilot_round=pilot_round,
            evaluation__criteria_set__subject=CriteriaSet.Subject.DISTRICT,
        )
        .for_display()
    )
