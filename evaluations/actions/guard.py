"""The one door for writes: lock the dossier, ask again on the locked row, then let in.

Of two people acting at once the second waits and is asked on what the first left behind.
PostgreSQL locks the row; SQLite, opened IMMEDIATE, has the whole database at the transaction's
begin, so the same code is safe there.

Before any other row a write holds its round, together with all other writers: whoever closes the
round, or adopts another reading for it, waits for them, and they for him.
"""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q

from evaluations.models import (
    CouncilSession,
    Document,
    Evaluation,
    IndicatorResult,
    PilotRound,
    UnitResult,
)
from evaluations.permissions import (
    can_appraise,
    can_edit,
    can_edit_result,
    can_fill_sheet,
    can_keep_document,
    can_keep_register,
)
from organisations.models import Organisation, User


class Closed(PermissionDenied):
    """The dossier does not take this write now: its state, its owner or the role forbid it."""


def hold_rounds(**which) -> None:
    """These rounds stay as they are until the transaction ends; read them after this.

    Shared by all who write in a round: FOR SHARE, which Django has no word for.
    """
    rounds = PilotRound.objects.filter(**which).order_by("pk").values("pk")
    if connection.features.has_select_for_update:
        sql, params = rounds.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} FOR SHARE", params)


def locked(evaluation_id: int) -> Evaluation:
    """The dossier's row, held until the transaction ends."""
    hold_rounds(pk__in=Evaluation.objects.filter(pk=evaluation_id).values("pilot_round"))
    return Evaluation.objects.select_for_update(of=("self",)).for_display().get(pk=evaluation_id)


def locked_for_unit(evaluation_id: int, by: User) -> Evaluation:
    """For a write of the unit that belongs to no single indicator."""
    evaluation = locked(evaluation_id)
    if not can_edit(by, evaluation):
        raise Closed
    return evaluation


def locked_result(result: IndicatorResult, by: User) -> IndicatorResult:
    """For a write of the unit on one indicator: text, figures or evidence. Fresh from the row."""
    evaluation = locked(result.evaluation_id)
    with_hands = IndicatorResult.objects.with_assignment().select_related("indicator")
    fresh = with_hands.get(pk=result.pk)
    fresh.evaluation = evaluation
    if not can_edit_result(by, fresh):
        raise Closed
    return fresh


def locked_for_appraisal(evaluation_id: int, by: User) -> Evaluation:
    """For a write of the Sở in its own column."""
    evaluation = locked(evaluation_id)
    if not can_appraise(by, evaluation):
        raise Closed
    return evaluation


def locked_register(unit_id: int) -> None:
    """Every dossier and sheet of a unit, always in one order: any may cite any of its papers."""
    papers_in = Q(unit=unit_id) | Q(results__assignment__agency=unit_id)
    dossiers = Evaluation.objects.filter(papers_in).order_by()
    here = Q(evaluations__in=dossiers.values("pk")) | Q(unit_results__unit=unit_id)
    hold_rounds(pk__in=PilotRound.objects.filter(here).order_by().values("pk"))
    sheets = UnitResult.objects.filter(unit=unit_id)
    for rows in (Evaluation.objects.filter(pk__in=dossiers.values("pk")), sheets):
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def locked_document(document: Document, by: User) -> Document:
    """For a write on a paper of the unit's register. Fresh from the row."""
    locked_register(document.unit_id)
    fresh = Document.objects.get(pk=document.pk)
    if not can_keep_document(by, fresh):
        raise Closed
    return fresh


def locked_for_register(pilot_round: PilotRound, owner: Organisation, by: User) -> None:
    """For a write in a register: the owner's dossier is held, so that its submission waits.

    What the dossier states of a register and the list behind it are then of one moment. The owner
    is held as well: not every one has a dossier, and names and codes are given one at a time.
    """
    _hold_dossier(pilot_round.pk, owner.pk)
    pilot_round = PilotRound.objects.get(pk=pilot_round.pk)
    list(Organisation.objects.select_for_update(no_key=True).filter(pk=owner.pk).values_list("pk"))
    if not can_keep_register(by, pilot_round, owner):
        raise Closed


def locked_lines(pks: Collection[int], by: User) -> list[UnitResult]:
    """Lines of one register for their keeper, fresh, in the order of their keys."""
    registers = (
        UnitResult.objects.filter(pk__in=pks)
        .order_by()
        .values_list("pilot_round", "owner")
        .distinct()
    )
    for pilot_round, owner in registers.order_by("pilot_round", "owner"):
        _hold_dossier(pilot_round, owner)
    lines = _held_lines(pks)
    if not all(can_keep_register(by, line.pilot_round, line.owner) for line in lines):
        raise Closed
    return lines


def locked_sheet(result: UnitResult, by: User) -> UnitResult:
    """For a write of the unit on its own sheet. Fresh from the row."""
    hold_rounds(pk=result.pilot_round_id)
    (line,) = _held_lines([result.pk])
    if not can_fill_sheet(by, line):
        raise Closed
    return line


def locked_session(pk: int) -> CouncilSession:
    """A council's session; who may do what with it is asked by the caller."""
    hold_rounds(pk__in=CouncilSession.objects.filter(pk=pk).values("pilot_round"))
    held = CouncilSession.objects.select_for_update(of=("self",)).select_related("pilot_round")
    return held.get(pk=pk)


def held_line(pk: int) -> UnitResult:
    """A line and its owner's dossier, held; who may do what is asked by the caller."""
    pilot_round, owner = UnitResult.objects.values_list("pilot_round", "owner").get(pk=pk)
    _hold_dossier(pilot_round, owner)
    (line,) = _held_lines([pk])
    return line


def _held_lines(pks: Collection[int]) -> list[UnitResult]:
    """Held first, read after: a query that waits for a row still joins what it saw before, and
    a rating given meanwhile would read as none."""
    lines = UnitResult.objects.filter(pk__in=pks).order_by("pk")
    list(lines.select_for_update().values_list("pk"))
    return list(lines.for_writing())


def _hold_dossier(pilot_round_id: int, owner_id: int) -> None:
    hold_rounds(pk=pilot_round_id)
    held = Evaluation.objects.select_for_update(of=("self",)).filter(
        pilot_round=pilot_round_id, unit=owner_id
    )
    list(held.values_list("pk"))
