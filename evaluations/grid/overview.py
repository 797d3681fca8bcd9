"""Registers side by side: an owner's own, or those of every district of a round."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from criteria.numbers import show_percent
from evaluations.grid import Register, kinds_of
from evaluations.grid.prospects import Prospect, yardstick
from evaluations.models import PilotRound
from evaluations.registers import CLAIMS, Summary, summarise, summarise_with_ratings
from organisations.models import Organisation


@dataclass(frozen=True)
class Totals:
    """One register in numbers. `prospect` is None where no indicator is counted from it."""

    register: Register
    summary: Summary
    prospect: Prospect | None
    past: "Totals | None" = None  # the same register a year before, where it has any result

    @property
    def shown(self) -> str:
        """The share; nothing while no unit has a result."""
        if self.prospect is not None:
            return self.prospect.shown
        return "" if self.summary.share is None else show_percent(self.summary.share)

    @property
    def sign(self) -> str:
        """The level as a sign: steps, or the red diamond below the lowest."""
        return f"steps-{self.level}" if self.level else "unmet"

    @property
    def level(self) -> int | None:
        """That of the indicator alone; a year before sets none."""
        is_graded = self.prospect is not None and self.register.is_of_the_round
        return self.prospect.level if is_graded else None


@dataclass(frozen=True)
class OwnRegisters:
    """One owner's registers, agencies first; a city has no communes of its own."""

    owner: Organisation
    totals: tuple[Totals, ...]


def totals_of(register: Register) -> Totals:
    """A register with how many got each rating."""
    if register.points is None:
        summary = summarise(register.lines)
    else:
        summary = summarise_with_ratings(register.lines, register.points)
    measured = yardstick(register.pilot_round, register.owner.kind)
    return Totals(register, summary, measured.of(register.kind, summary))


def overview(pilot_round: PilotRound, owners: Iterable[Organisation]) -> list[OwnRegisters]:
    """The registers of these owners, in their order; as many queries for one as for all."""
    owners = list(owners)
    summaries = _summaries(pilot_round, owners)
    measures = {kind: yardstick(pilot_round, kind) for kind in {owner.kind for owner in owners}}

    def totals(owner: Organisation, kind: str, year: int) -> Totals:
        summary = summaries.get((owner.pk, kind, year), Summary())
        register = Register(pilot_round, owner, kind, year)
        past = totals(owner, kind, year - 1) if register.is_of_the_round else None
        has_past = past is not None and past.summary.rated > 0
        prospect = measures[owner.kind].of(kind, summary)
        return Totals(register, summary, prospect, past if has_past else None)

    return [
        OwnRegisters(
            owner, tuple(totals(owner, kind, pilot_round.year) for kind in kinds_of(owner))
        )
        for owner in owners
    ]


def _summaries(
    pilot_round: PilotRound, owners: list[Organisation]
) -> dict[tuple[int, str, int], Summary]:
    """Every register of these owners, by owner, kind and year, in one query."""
    counts = {f"counted_{name}": Count("pk", filter=which) for name, which in CLAIMS.items()}
    lines = pilot_round.unit_results.filter(owner__in=owners).order_by()
    return {
        (row["owner"], row["kind"], row["year"]): Summary(
            **{name: row[f"counted_{name}"] for name in CLAIMS}
        )
        for row in lines.values("owner", "kind", "year").annotate(**counts)
    }
