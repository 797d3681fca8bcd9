"""Verbs on a register: open it with a round, add a unit, close one, take a line out."""

from datetime import date

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.actions.guard import Closed, hold_rounds, locked_for_register, locked_lines
from evaluations.models import PilotRound, UnitEvent, UnitResult
from evaluations.registers import KIND_OF_UNIT
from organisations import actions as organisations
from organisations.models import Organisation, User
from organisations.text import search_key

Kind = Organisation.Kind
UNIT_TYPE = "cơ quan"  # of a unit that a workbook names and says no more of


class NameTaken(Exception):
    """The register has a unit of that name already; `result` is its line."""

    def __init__(self, result: UnitResult):
        super().__init__(result.unit.name)
        self.result = result


class NotInYear(Exception):
    """The unit did not exist yet in the year that the register is about."""


class HasResult(Exception):
    """A line with a result is never deleted: the unit is closed instead."""


@transaction.atomic
def open_registers(pilot_round: PilotRound, *, on: date) -> int:
    """Empty lines for every commune and agency of that day, of the round's year and the one before.

    Agencies of a district stand in its register, agencies of the city in the city's. Lines that
    are there already stay; gives how many are new.
    """
    owners = Organisation.objects.in_force(on).filter(kind__in=[Kind.DISTRICT, Kind.CITY])
    units = (
        Organisation.objects.in_force(on)
        .filter(parent__in=owners, kind__in=KIND_OF_UNIT)
        .select_related("parent")
    )
    years = (pilot_round.year - 1, pilot_round.year)
    lines = [_line(pilot_round, unit.parent, unit, year) for unit in units for year in years]
    before = pilot_round.unit_results.count()
    UnitResult.objects.bulk_create(lines, ignore_conflicts=True, batch_size=500)
    return pilot_round.unit_results.count() - before


@transaction.atomic
def add_unit(
    *,
    pilot_round: PilotRound,
    owner: Organisation,
    name: str,
    unit_type: str,
    since: date,
    by: User,
) -> UnitResult:
    """Enter a new agency among its owner's units and in the register, both years that it lived in.

    Gives its line of the round's year. Raises NameTaken where the register has one of that name,
    however it is spelled; NotInYear where it began later; `guard.Closed` for who keeps no such
    register.
    """
    locked_for_register(pilot_round, owner, by)
    if since > date(pilot_round.year, 12, 31):
        raise NotInYear
    wanted = search_key(name)
    lines = UnitResult.objects.register(
        pilot_round=pilot_round, owner=owner, kind=UnitResult.Kind.LEARNING_UNIT
    ).select_related("unit")
    for line in lines:
        if search_key(line.unit.name) == wanted:
            raise NameTaken(line)
    unit = organisations.add_agency(parent=owner, name=name, unit_type=unit_type, since=since)
    return _enter(pilot_round, owner, [unit], by)[0]


@transaction.atomic
def enter_known_units(
    *, pilot_round: PilotRound, owner: Organisation, kind: str | None = None, by: User
) -> int:
    """The owner's units of that year which its registers do not have yet; gives how many.

    Of one kind where `kind` says which register, else of both.
    """
    locked_for_register(pilot_round, owner, by)
    units = list(units_to_enter(pilot_round, owner, kind))
    _enter(pilot_round, owner, units, by)
    return len(units)


@transaction.atomic
def enter_units(
    *,
    pilot_round: PilotRound,
    owner: Organisation,
    names: list[str],
    known: list[Organisation],
    since: date,
    by: User,
) -> list[Organisation]:
    """A whole workbook's units at once: new agencies by their names, and known units.

    The caller has seen to it that no name is there already. Gives the new agencies.
    """
    locked_for_register(pilot_round, owner, by)
    new = organisations.add_agencies(parent=owner, names=names, unit_type=UNIT_TYPE, since=since)
    _enter(pilot_round, owner, [*new, *known], by)
    return new


def units_to_enter(pilot_round: PilotRound, owner: Organisation, kind: str | None = None):
    """The owner's units that lived in the round's year and have no line in its register."""
    last_day = date(pilot_round.year, 12, 31)
    kinds = [unit for unit, of_unit in KIND_OF_UNIT.items() if kind in (None, of_unit)]
    known = pilot_round.unit_results.filter(year=pilot_round.year).values("unit")
    return (
        Organisation.objects.in_force(last_day)
        .filter(parent=owner, kind__in=kinds)
        .exclude(pk__in=known)
        .order_by("code")
    )


@transaction.atomic
def close_unit(*, result: UnitResult, on: date, reason: str, by: User) -> None:
    """The unit is no more after that day; registers of years it did not live to the end, of every
    round that is not closed, leave it out of scope for that reason. What was said about it stays.

    Only an agency: communes are of the State's own list, which the administrator keeps.
    """
    everywhere = UnitResult.objects.filter(
        unit=result.unit_id, owner=result.owner_id, pilot_round__closed_at__isnull=True
    ) | UnitResult.objects.filter(pk=result.pk)
    lines = locked_lines(list(everywhere.values_list("pk", flat=True)), by)
    unit = lines[0].unit
    if unit.kind != Kind.AGENCY:
        raise Closed
    organisations.close_unit(unit=unit, on=on)
    said = f"Ngừng hoạt động sau ngày {date_format(on)}: {reason}"[:300]
    for each in lines:
        if not each.in_scope or on >= date(each.year, 12, 31):
            continue
        each.in_scope, each.exclusion_reason = False, said
        each.updated_at, each.updated_by = timezone.now(), by
        each.save(update_fields=["in_scope", "exclusion_reason", "updated_at", "updated_by"])
        UnitEvent.objects.create(
            result=each,
            kind="closed",
            text=f"đóng đơn vị sau ngày {date_format(on)}, để ngoài phạm vi",
            by=by,
            note=reason,
        )


@transaction.atomic
def take_out(*, result: UnitResult, by: User) -> None:
    """Take a unit out of the register and of the list of units, as if never entered.

    Only an agency about which nothing was ever said, in any year or round, which no closed round
    has, and with no account of its own. Raises HasResult otherwise.
    """
    hold_rounds(pk__in=UnitResult.objects.filter(unit=result.unit_id).values("pilot_round"))
    (line,) = locked_lines([result.pk], by)
    unit = line.unit
    held = UnitResult.objects.select_for_update(of=("self",)).select_related("pilot_round")
    lines = list(held.filter(unit=unit))
    was_used = any(
        each.has_result or each.pilot_round.is_closed or each.events.exists() for each in lines
    )
    if unit.kind != Kind.AGENCY or was_used or unit.people.exists() or unit.documents.exists():
        raise HasResult
    UnitResult.objects.filter(pk__in=[each.pk for each in lines]).delete()
    try:
        unit.delete()
    except ProtectedError as used:
        raise HasResult from used


def _enter(
    pilot_round: PilotRound, owner: Organisation, units: list[Organisation], by: User
) -> list[UnitResult]:
    """Lines for both years where there is none; those of the round's own year come back."""
    there = set(pilot_round.unit_results.filter(unit__in=units).values_list("unit", "year"))
    lines = [
        _line(pilot_round, owner, unit, year)
        for unit in units
        for year in (pilot_round.year, pilot_round.year - 1)
        if unit.valid_from <= date(year, 12, 31) and (unit.pk, year) not in there
    ]
    for line in lines:
        line.updated_at, line.updated_by = timezone.now(), by
    created = UnitResult.objects.bulk_create(lines, batch_size=500)
    return [line for line in created if line.year == pilot_round.year]


def _line(
    pilot_round: PilotRound, owner: Organisation, unit: Organisation, year: int
) -> UnitResult:
    return UnitResult(
        pilot_round=pilot_round, year=year, owner=owner, unit=unit, kind=KIND_OF_UNIT[unit.kind]
    )
