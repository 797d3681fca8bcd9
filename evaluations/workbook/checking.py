"""Every error of a workbook at once, and what it would make of the registers. Nothing is written.

A row is understood exactly as in the grid: `LineReader` for results, `read_titles` for titles.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from evaluations.title_reading import read_titles
from evaluations.unit_reading import LineReader, shown_values
from evaluations.workbook.errors import CellError
from evaluations.workbook.layout import CODE, NAME, RESULT_FIELDS, Layout
from evaluations.workbook.reading import ReadSheet, ReadWorkbook
from evaluations.workbook.register import KnownUnit, Register
from organisations.models import Organisation
from organisations.spreadsheets import collector_paused
from organisations.text import search_key

NAME_LENGTH = Organisation._meta.get_field("name").max_length
FEW_LETTERS = 40

# What is known of codes that are not this owner's: asked once, with all of them.
Elsewhere = Callable[[set[str]], Mapping[str, Organisation]]
# Where the sheet has no column for it, what is wrong with a field is said beside another.
_STAND_INS = {"self_score": "self_rating", "score": "rating"}


class Entry(NamedTuple):
    """A row that stands: what to store of a unit. `unit` is None for a new one, named `name`.

    `typed` has the texts of its fields, and of the row's other cells.
    """

    layout: Layout
    unit: KnownUnit | None
    name: str
    typed: Mapping[str, str]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Checked:
    """The workbook understood; where there are errors nothing of it may be used."""

    entries: tuple[Entry, ...]
    errors: tuple[CellError, ...]


@collector_paused()
def check(workbook: ReadWorkbook, register: Register, elsewhere: Elsewhere, today: date) -> Checked:
    entries: list[Entry] = []
    errors = list(workbook.errors)
    for sheet in workbook.sheets:
        checker = _SheetChecker(sheet, register, today)
        entries += checker.check(elsewhere)
        errors += [*sheet.errors, *checker.errors]
    return Checked(tuple(entries), tuple(errors))


class _SheetChecker:
    """The rows of one sheet, one after the other; `errors` in the order of rows and columns."""

    def __init__(self, sheet: ReadSheet, register: Register, today: date):
        self.sheet = sheet
        self.layout = sheet.layout
        self.register = register
        self._by_code = register.by_code
        self.errors: list[CellError] = []
        self._reader = _reader_of(sheet.layout, register, today)
        self._rows_of_units: dict[int, int] = {}
        self._rows_of_names: dict[str, int] = {}
        fields = RESULT_FIELDS if sheet.layout.has_results else sheet.layout.fields
        # What has no column stays as it is.
        self._absent = {name: "" for name in fields if name not in sheet.places}

    def check(self, elsewhere: Elsewhere) -> list[Entry]:
        names = list(self.sheet.places)
        foreign = self._foreign(elsewhere)
        entries = []
        for number, cells in self.sheet.rows:
            texts = dict(zip(names, cells, strict=True))
            unit, problems = self._identified(number, texts, foreign)
            typed = texts
            if self._absent:
                typed = {**self._absent, **(unit.shown(self.layout) if unit else {}), **texts}
            values, wrong = self._reader(typed, unit)
            if wrong or problems or self.sheet.faults:
                problems = self._with_faults(number, wrong | problems)
            if problems:
                self._report(number, texts, unit, problems)
            else:
                name = "" if unit else texts.get(NAME, "")
                entries.append(Entry(self.layout, unit, name, typed, values))
        return entries

    def _identified(
        self, number: int, texts: Mapping[str, str], foreign: Mapping[str, Organisation]
    ) -> tuple[KnownUnit | None, dict[str, str]]:
        """The unit that a row is about, and what is wrong with the cells that say so."""
        code, name = texts.get(CODE, ""), texts.get(NAME, "")
        if not code:
            return None, self._problem_of_new(number, name)
        unit = self._by_code.get(code) or self._unit(code)
        if unit is None:
            return None, {CODE: self._said_of_foreign(code, foreign.get(_clean_code(code)))}
        if unit.kind != self.layout.kind:
            return unit, {CODE: self._said_of_other_kind(unit.name, unit.kind)}
        first = self._rows_of_units.setdefault(unit.pk, number)
        if first != number:
            return unit, {CODE: f"Mã {unit.code} đã có ở dòng {first}. Chỉ giữ một dòng."}
        if name and name != unit.name and search_key(name) != search_key(unit.name):
            return unit, {
                NAME: f"Mã {unit.code} là {unit.name}, không phải “{name[:FEW_LETTERS]}”. "
                "Xem lại dòng này có lệch mã không; tên đơn vị không đổi ở đây."
            }
        return unit, {}

    def _unit(self, code: str) -> KnownUnit | None:
        """The unit of a code that other programs have changed on the way."""
        by_code = self._by_code
        return by_code.get(_clean_code(code)) or by_code.get(code.lstrip("0"))

    def _problem_of_new(self, number: int, name: str) -> dict[str, str]:
        """A row without a code: a new unit, where the sheet takes any."""
        if not self.layout.takes_new_units:
            return {CODE: "Dòng này chưa có mã. Xã, phường lấy theo mẫu, không thêm dòng mới."}
        if not name:
            return {CODE: "Dòng này chưa có mã và tên. Ghi tên cơ quan mới, hoặc xóa cả dòng."}
        if len(name) > NAME_LENGTH:
            return {NAME: f"Tên dài {len(name)} chữ; ô này chứa được {NAME_LENGTH}."}
        key = search_key(name)
        if known := self._names_taken.get(key):
            return {
                NAME: f"“{name[:FEW_LETTERS]}” đã có, mã {known.code}. Ghi mã {known.code} vào "
                "cột Mã, hoặc xóa dòng này."
            }
        first = self._rows_of_names.setdefault(key, number)
        if first != number:
            return {NAME: f"“{name[:FEW_LETTERS]}” đã có ở dòng {first}. Chỉ giữ một dòng."}
        return {}

    @cached_property
    def _names_taken(self) -> dict[str, KnownUnit]:
        return {
            search_key(unit.name): unit
            for unit in self.register.units
            if unit.kind == self.layout.kind
        }

    def _foreign(self, elsewhere: Elsewhere) -> Mapping[str, Organisation]:
        names = list(self.sheet.places)
        if CODE not in names:
            return {}
        place = names.index(CODE)
        codes = {cells[place] for _, cells in self.sheet.rows} - self.register.by_code.keys()
        unknown = {_clean_code(code) for code in codes - {""} if self._unit(code) is None}
        return elsewhere(unknown) if unknown else {}

    def _said_of_foreign(self, code: str, stranger: Organisation | None) -> str:
        """Of a code that none of the owner's units has."""
        owner = self.register.owner
        if stranger is None:
            return (
                f"Không có đơn vị nào mã “{code[:FEW_LETTERS]}”. Ghi lại mã như trong mẫu"
                f"{'; cơ quan mới thì để trống mã' if self.layout.takes_new_units else ''}."
            )
        if stranger.parent_id == owner.pk and stranger.valid_to:
            return (
                f"{stranger.name} hoạt động đến {stranger.valid_to:%d/%m/%Y}, không có trong danh "
                f"sách năm {self.register.year}. Bỏ dòng này."
            )
        if stranger.parent_id and stranger.parent_id != owner.pk:
            return (
                f"{stranger.name} thuộc {stranger.parent.name_in_sentence}, không thuộc "
                f"{owner.name_in_sentence}. Bỏ dòng này."
            )
        return f"Mã {code} là {stranger.name}, không có trong danh sách này. Bỏ dòng này."

    def _said_of_other_kind(self, name: str, kind: str) -> str:
        titles = [each.title for each in self.register.layouts if each.kind == kind]
        where = f" Ghi ở trang “{titles[0]}”." if titles else " Bỏ dòng này."
        return f"{name} không thuộc trang “{self.layout.title}”.{where}"

    def _with_faults(self, number: int, problems: dict[str, str]) -> dict[str, str]:
        """What is said of a cell that cannot be believed goes before what it seems to say."""
        found = dict(problems)
        for name in self.sheet.places:
            fault = self.sheet.faults.get((number, name))
            if fault is not None:
                found.pop(name, None)
            if fault:
                found[name] = fault
        return found

    def _report(
        self,
        number: int,
        texts: Mapping[str, str],
        unit: KnownUnit | None,
        problems: Mapping[str, str],
    ) -> None:
        code = texts.get(CODE, "")
        subject = (unit.name if unit else texts.get(NAME, "")) or (
            f"Mã {code}" if code else f"Dòng {number}"
        )
        order = list(self.layout.columns)
        columns = {name: name if name in order else _STAND_INS.get(name, CODE) for name in problems}
        for name, column in sorted(columns.items(), key=lambda pair: order.index(pair[1])):
            if column in self.sheet.places:  # a missing one is told already
                cell = self.sheet.cell(number, column)
                self.errors.append(CellError(problems[name], self.sheet.name, cell, subject))


def _reader_of(layout: Layout, register: Register, today: date):
    """What understands a row of a sheet: the values by field, and what is wrong by field."""
    if layout.rule is None:

        def read_counts(typed: Mapping[str, str], unit: KnownUnit | None):
            reading = read_titles(typed)
            return reading.values, reading.problems

        return read_counts
    rule, closed = layout.rule, register.closed
    reader = LineReader(rule=rule, year=register.year, today=today)

    def read_result(typed: Mapping[str, str], unit: KnownUnit | None):
        values, problems = reader.read(typed, unit.sheet if unit else None)
        may_rate = unit is None or unit.line not in closed
        if may_rate or problems or not values["rating"]:
            return values, problems
        if shown_values(values, rule) != unit.results:
            problems["rating"] = closed[unit.line]
        return values, problems

    return read_result


def _clean_code(code: str) -> str:
    """ "316.0", as a number becomes on its way through other programs, is 316."""
    whole, dot, rest = code.partition(".")
    return whole if dot and whole.isdecimal() and not rest.strip("0") else code
