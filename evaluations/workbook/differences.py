"""What a clean workbook would change in the registers, unit by unit, before anything is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluations.title_reading import FIELDS as TITLE_FIELDS
from evaluations.unit_reading import IN_SCOPE, shown_values
from evaluations.workbook.checking import Entry
from evaluations.workbook.layout import RESULT_FIELDS, Layout
from evaluations.workbook.register import KnownUnit, Register


@dataclass(frozen=True)
class Change:
    """One field of one unit: what it shows, what it will show. Empty is nothing entered."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """One unit that the workbook changes, or brings into the register (`is_new`).

    `confirms`: writing its rating confirms the sheet that the unit sent and nobody has confirmed.
    """

    entry: Entry
    code: str
    name: str
    changes: tuple[Change, ...]
    is_new: bool
    confirms: bool = False


@dataclass(frozen=True)
class Tally:
    """One register before or after: how many are in scope, and of those Khá or better."""

    good: int
    in_scope: int


@dataclass(frozen=True)
class SheetDifferences:
    """One sheet against its register. `missing` are units of the register that it leaves out."""

    layout: Layout
    new: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    unchanged: int
    missing: tuple[KnownUnit, ...]
    before: Tally | None = None
    after: Tally | None = None

    @property
    def confirmed(self) -> int:
        """How many waiting sheets the writing confirms."""
        return sum(each.confirms for each in self.changed)

    @property
    def moves_the_share(self) -> bool:
        return self.before != self.after


def differences(entries: Iterable[Entry], register: Register) -> tuple[SheetDifferences, ...]:
    entries = list(entries)
    return tuple(
        _of_sheet(layout, [entry for entry in entries if entry.layout.key == layout.key], register)
        for layout in register.layouts
    )


def shown_after(entry: Entry) -> dict[str, str]:
    """What the page of a unit shows in each field once the row is stored."""
    if entry.layout.rule is not None:
        return shown_values(entry.values, entry.layout.rule)
    return {name: "" if count is None else str(count) for name, count in entry.values.items()}


def _of_sheet(layout: Layout, entries: list[Entry], register: Register) -> SheetDifferences:
    found = [(entry, _difference(entry)) for entry in entries]
    new = [each for _, each in found if each.is_new and (layout.has_results or each.changes)]
    changed = [each for _, each in found if each.changes and not each.is_new]
    named = {entry.unit.pk for entry in entries if entry.unit}
    lines = register.lines(layout)
    return SheetDifferences(
        layout,
        tuple(new),
        tuple(changed),
        len(entries) - len(new) - len(changed),
        tuple(unit for unit in lines if unit.pk not in named),
        *(_tallies(layout, lines, entries) if layout.has_results else ()),
    )


def _difference(entry: Entry) -> Difference:
    unit = entry.unit
    before: Mapping[str, str] = unit.shown(entry.layout) if unit else {}
    after = shown_after(entry)
    is_new = unit is None or unit.line is None
    labels = RESULT_FIELDS if entry.layout.has_results else TITLE_FIELDS
    start = {"in_scope": IN_SCOPE} if is_new else {}  # what every new line begins as
    changes = tuple(
        Change(label, old, after[name])
        for name, label in labels.items()
        for old in [before.get(name, start.get(name, ""))]
        if old != after[name]
    )
    return Difference(
        entry,
        unit.code if unit else "",
        unit.name if unit else entry.name,
        changes,
        is_new,
        confirms=bool(changes) and _confirms(entry),
    )


def _confirms(entry: Entry) -> bool:
    """As `actions.unit_results.write_lines` does with a rating for a unit in scope."""
    waits = entry.unit is not None and entry.unit.sheet_waits and entry.layout.has_results
    return waits and bool(entry.values["in_scope"] and entry.values["rating"])


def _tallies(layout: Layout, lines: list[KnownUnit], entries: list[Entry]) -> tuple[Tally, Tally]:
    """Of the register as it is, and as it will be: units that the workbook leaves out stay."""
    good = {band.code for band in layout.rule.ratings if band.is_good_or_better}
    named = {entry.unit.pk for entry in entries if entry.unit}
    before = [(unit.is_in_scope, unit.is_good) for unit in lines]
    after = [(unit.is_in_scope, unit.is_good) for unit in lines if unit.pk not in named]
    after += [(entry.values["in_scope"], entry.values["rating"] in good) for entry in entries]
    return _tally(before), _tally(after)


def _tally(units: list[tuple[bool, bool]]) -> Tally:
    in_scope = [is_good for is_in_scope, is_good in units if is_in_scope]
    return Tally(sum(in_scope), len(in_scope))
