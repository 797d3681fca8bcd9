"""A keeper's desk: a small register, its template, and ways to spoil it as people do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openpyxl import Workbook
from openpyxl.cell import Cell

from evaluations.actions.uploads import read_and_check
from evaluations.models import PilotRound
from evaluations.workbook.checking import Checked
from evaluations.workbook.register import Register, load_register
from evaluations.workbook.template import template
from organisations.models import Organisation, User
from tests.factories import make_agency, make_commune, make_line, make_round
from tests.workbooks import opened, saved

AGENCIES, COMMUNES, TITLES = "Cơ quan", "Xã, phường", "Danh hiệu"
GUIDE = "Hướng dẫn"


@dataclass
class Desk:
    """One district in one round: three agencies, four communes, one of each with a result."""

    pilot_round: PilotRound
    district: Organisation
    keeper: User

    @property
    def register(self) -> Register:
        return load_register(self.pilot_round, self.district, self.pilot_round.year)

    @cached_property
    def empty(self) -> bytes:
        """The template, as it is downloaded."""
        return template(self.register)

    def filled(self, *changes: Callable[[Workbook], object]) -> bytes:
        """The template with each of the changes made to it, in Excel's own way of saving."""
        book = opened(self.empty)
        for change in changes:
            change(book)
        return saved(book)

    def checked(self, *changes: Callable[[Workbook], object]) -> Checked:
        return self.read(self.filled(*changes))

    def read(self, content: bytes) -> Checked:
        return read_and_check(content, self.register)[1]

    def errors(self, *changes: Callable[[Workbook], object]) -> list[str]:
        """Everything that is said of the file, a line each."""
        return [str(error) for error in self.checked(*changes).errors]


def make_desk(district: Organisation, keeper: User) -> Desk:
    pilot_round = make_round(name="Thí điểm 2022", year=2022)
    agencies = [
        make_agency("Phòng Nội vụ", "316-001", parent=district, type="phòng"),
        make_agency("Trường Tiểu học Nhân Hòa", "316-002", parent=district, type="trường"),
        make_agency("Trường THCS Tân Liên", "316-003", parent=district, type="trường"),
    ]
    communes = [
        make_commune("Xã Dũng Tiến", "11827", parent=district),
        make_commune("Xã Tân Liên", "11860", parent=district),
        make_commune("Xã Lý Học", "11884", parent=district),
        make_commune("Xã Cổ Am", "11905", parent=district),
    ]
    decided = {"decision_number": "3187/QĐ-UBND", "decision_on": date(2022, 11, 25)}
    make_line(pilot_round, agencies[0], score="91.5", rating="tot", **decided)
    make_line(pilot_round, communes[0], rating="kha", **decided)
    for unit in (*agencies[1:], *communes[1:]):
        make_line(pilot_round, unit)
    make_line(pilot_round, communes[0], rating="trung-binh", year=2021)
    return Desk(pilot_round, district, keeper)


def column(book: Workbook, sheet: str, title: str) -> str:
    """The letter over which a title stands."""
    return next(cell.column_letter for cell in book[sheet][1] if cell.value == title)


def cell(book: Workbook, sheet: str, code: str, title: str) -> Cell:
    """The cell of a unit in a column."""
    row = next(each[0].row for each in book[sheet].iter_rows() if str(each[0].value) == code)
    return book[sheet][f"{column(book, sheet, title)}{row}"]


def put(sheet: str, code: str, title: str, value: object) -> Callable[[Workbook], None]:
    """Write a value for a unit in a column."""

    def change(book: Workbook) -> None:
        cell(book, sheet, code, title).value = value

    return change


def add(sheet: str, **values: object) -> Callable[[Workbook], None]:
    """A row under the last one; columns by their titles with underscores for spaces."""

    def change(book: Workbook) -> None:
        row = book[sheet].max_row + 1
        for title, value in values.items():
            book[sheet][f"{column(book, sheet, title.replace('_', ' '))}{row}"] = value

    return change


def identity(label: str, value: object) -> Callable[[Workbook], None]:
    """Make the guide say something else."""

    def change(book: Workbook) -> None:
        row = next(row for row in book[GUIDE].iter_rows() if row[0].value == label)
        row[1].value = value

    return change
