"""The city's dossier by agency: who has which indicator, who owes it, since when and by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from evaluations.models import Assignment, Evaluation, PilotRound
from evaluations.turns import Turn
from evaluations.workflow import EDITABLE, Party
from organisations.models import Organisation, User


@dataclass(frozen=True)
class Part:
    """One indicator in its agency's hands, with its clock."""

    assignment: Assignment
    turn: Turn

    @property
    def code(self) -> str:
        return self.assignment.result.indicator.code

    @property
    def is_owed(self) -> bool:
        return not self.assignment.is_handed_over

    @property
    def is_late(self) -> bool:
        return self.is_owed and self.turn.is_late


@dataclass(frozen=True)
class AgencyParts:
    """One agency's indicators; those that nobody has yet stand under no agency."""

    agency: Organisation | None
    parts: tuple[Part, ...]

    @property
    def owed(self) -> list[Part]:
        return [part for part in self.parts if part.is_owed]

    @property
    def is_late(self) -> bool:
        return any(part.is_late for part in self.parts)

    @property
    def done(self) -> int:
        return len(self.parts) - len(self.owed)


def city_dossier_of(user: User, pilot_round: PilotRound) -> Evaluation | None:
    """The round's dossier of the city, where there is one; `is_known`: this person may open it."""
    visible = Evaluation.objects.visible_to(user).filter(pk=OuterRef("pk"))
    found = pilot_round.evaluations.of_cities().annotate(is_known=Exists(visible))
    return found.for_display().first()


def part_of(assignment: Assignment, evaluation: Evaluation, today: date) -> Part:
    """Its own day, else that of the dossier; none once the dossier has left the agencies."""
    is_open = evaluation.status in EDITABLE and not assignment.is_handed_over
    turn = Turn(
        holder=Party.UNIT,
        since=timezone.localdate(assignment.since),
        due_on=(assignment.due_on or evaluation.due_on) if is_open else None,
        today=today,
    )
    return Part(assignment, turn)


def by_agency(
    assignments: Iterable[Assignment], evaluation: Evaluation, today: date
) -> list[AgencyParts]:
    """Who is late comes first, then who owes, then who is done; rows `for_display()`."""
    groups: dict[Organisation | None, list[Part]] = {}
    for assignment in assignments:
        part = part_of(assignment, evaluation, today)
        groups.setdefault(assignment.agency, []).append(part)
    found = [AgencyParts(agency, tuple(parts)) for agency, parts in groups.items()]
    return sorted(
        found, key=lambda each: (each.agency is not None, not each.is_late, not each.owed)
    )
