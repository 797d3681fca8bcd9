"""What the system knows of an owner's units before a workbook is compared with it: plain data."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from evaluations.models import PilotRound, UnitResult
from evaluations.registers import KIND_OF_UNIT, points_of
from evaluations.title_reading import shown_titles
from evaluations.unit_reading import OwnSheet, own_sheet, shown_line
from evaluations.unit_sheets import SheetStatus
from evaluations.workbook import layout
from evaluations.workbook.layout import Kind, Layout
from organisations.models import Organisation
from organisations.spreadsheets import as_text


@dataclass(frozen=True)
class KnownUnit:
    """A unit of the owner. `line` is the key of its line; None: the register does not have it."""

    pk: int
    code: str
    name: str
    kind: str
    line: int | None = None
    results: Mapping[str, str] = ()  # as the page shows them, by field
    titles: Mapping[str, str] = ()
    sheet: OwnSheet | None = None
    sheet_waits: bool = False  # for the keeper to confirm what the unit sent
    is_in_scope: bool = True
    is_good: bool = False  # rated Khá or better
    past: str = ""  # how it was rated the year before

    def shown(self, sheet: Layout) -> Mapping[str, str]:
        return dict(self.results if sheet.has_results else self.titles)


@dataclass(frozen=True)
class Register:
    """The registers of one owner in one year, agencies and communes, and what they are rated by."""

    pilot_round: PilotRound
    owner: Organisation
    year: int
    units: tuple[KnownUnit, ...]
    layouts: tuple[Layout, ...]
    # Whose result this person may not give, by the key of the line, and why.
    closed: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, KnownUnit]:
        """Also without leading noughts, which Excel takes from what looks like a number."""
        codes = {unit.code.lstrip("0"): unit for unit in self.units}
        return codes | {unit.code: unit for unit in self.units}

    @cached_property
    def words(self) -> dict[str, str]:
        """Codes and names, of which most cells of a workbook have one, by themselves."""
        return {word: as_text(word) for unit in self.units for word in (unit.code, unit.name)}

    @cached_property
    def fingerprint(self) -> str:
        """Changes with anything that a workbook is compared with."""
        said = [
            [unit.pk, unit.line, unit.code, unit.name, dict(unit.results), dict(unit.titles)]
            + [str(unit.sheet), unit.sheet_waits]
            for unit in self.units
        ]
        rules = [str(sheet.rule) for sheet in self.layouts]
        text = json.dumps([self.year, rules, said], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def lines(self, sheet: Layout) -> list[KnownUnit]:
        """The units that stand in the register of a sheet."""
        return [unit for unit in self.units if unit.kind == sheet.kind and unit.line is not None]


def load_register(
    pilot_round: PilotRound,
    owner: Organisation,
    year: int,
    lines: Iterable[UnitResult] | None = None,
    closed: Mapping[int, str] | None = None,
) -> Register:
    """The registers as they are now; `lines` where they are fetched already."""
    if lines is None:
        lines = lines_of(pilot_round, owner, year)
    known = {line.unit_id: line for line in lines}
    past = _past_ratings(pilot_round, owner, year)
    units = [_known(unit, known.get(unit.pk), past) for unit in _units(pilot_round, owner, known)]
    layouts = _layouts(pilot_round, owner, units)
    return Register(pilot_round, owner, year, tuple(units), layouts, closed or {})


def lines_of(pilot_round: PilotRound, owner: Organisation, year: int):
    """Every line that a workbook is about, with what it shows."""
    return (
        UnitResult.objects.filter(pilot_round=pilot_round, owner=owner, year=year)
        .select_related("unit", "rating", "self_rating")
        .prefetch_related("titles")
    )


def _units(
    pilot_round: PilotRound, owner: Organisation, known: Mapping[int, UnitResult]
) -> list[Organisation]:
    """Those of the register, and the owner's others of that year, in the order of their codes."""
    others = (
        Organisation.objects.in_force(date(pilot_round.year, 12, 31))
        .filter(parent=owner, kind__in=KIND_OF_UNIT)
        .exclude(pk__in=known)
    )
    listed = [line.unit for line in known.values()]
    return sorted([*listed, *others], key=lambda unit: (unit.code, unit.pk))


def _known(unit: Organisation, line: UnitResult | None, past: Mapping[int, str]) -> KnownUnit:
    common = {
        "pk": unit.pk,
        "code": unit.code,
        "name": unit.name,
        "kind": KIND_OF_UNIT[unit.kind],
        "past": past.get(unit.pk, ""),
    }
    if line is None:
        return KnownUnit(**common)
    is_commune = line.kind == Kind.LEARNING_COMMUNITY
    return KnownUnit(
        **common,
        line=line.pk,
        results=shown_line(line),
        titles=shown_titles(line) if is_commune else {},
        sheet=own_sheet(line),
        sheet_waits=line.sheet_status == SheetStatus.SUBMITTED,
        is_in_scope=line.in_scope,
        is_good=line.is_good_or_better,
    )


def _past_ratings(pilot_round: PilotRound, owner: Organisation, year: int) -> dict[int, str]:
    rated = UnitResult.objects.filter(
        pilot_round=pilot_round, owner=owner, year=year - 1, rating__isnull=False
    )
    return dict(rated.values_list("unit", "rating__label"))


def _layouts(
    pilot_round: PilotRound, owner: Organisation, units: list[KnownUnit]
) -> tuple[Layout, ...]:
    """The sheets that this owner has: the city no communes, and nothing that has no point set."""
    found = []
    if point_set := points_of(pilot_round, Kind.LEARNING_UNIT):
        found.append(layout.agencies(point_set.rule))
    has_communes = any(unit.kind == Kind.LEARNING_COMMUNITY for unit in units)
    if owner.kind == Organisation.Kind.DISTRICT and has_communes:
        if point_set := points_of(pilot_round, Kind.LEARNING_COMMUNITY):
            found.append(layout.communes(point_set.rule))
        found.append(layout.titles())
    return tuple(found)
