"""A city's worth of results out of Excel: reading and checking against the library's reading."""

from datetime import date
from io import BytesIO

from python_calamine import CalamineWorkbook

from benchmarks.data import load_reference
from benchmarks.measuring import Figure, benchmark, in_turns
from evaluations.models import PilotRound
from evaluations.registers import Kind, points_of
from evaluations.workbook import layout
from evaluations.workbook.checking import check
from evaluations.workbook.reading import read_workbook
from evaluations.workbook.register import KnownUnit, Register
from evaluations.workbook.template import template
from organisations.models import Organisation

UNITS = 20_000


@benchmark
def workbook():
    """Đọc và kiểm tra tệp Excel 20.000 đơn vị, so với riêng thư viện đọc cùng tệp"""
    load_reference()
    register = _register()
    content = template(register)
    today = date(2023, 2, 1)

    def ours():
        checked = check(read_workbook(content, register), register, _nobody, today)
        assert len(checked.entries) == UNITS
        assert not checked.errors

    def calamine_alone():
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]

    checked, read = in_turns(ours, calamine_alone, turns=7, warm_up=1)
    cells = sum(len(row) for sheet in calamine_alone() for row in sheet)
    yield Figure(f"đọc và kiểm tra {cells} ô", checked, "riêng calamine", read, most_times=3)


def _register() -> Register:
    """Agencies with results that differ as real ones do: 201 scores, 300 decisions of 28 days."""
    pilot_round = PilotRound.objects.get(year=2022, is_practice=False)
    owner = Organisation.objects.get(code="31", valid_from__year=2020)
    sheet = layout.agencies(points_of(pilot_round, Kind.LEARNING_UNIT).rule)
    units = tuple(_unit(number, sheet) for number in range(UNITS))
    return Register(pilot_round, owner, 2022, units, (sheet,))


def _unit(number: int, sheet: layout.Layout) -> KnownUnit:
    own, given = (quarters_of(number * step) for step in (7, 11))
    shown = dict.fromkeys(layout.RESULT_FIELDS, "")
    shown |= {
        "in_scope": "Có",
        "self_score": own,
        "self_rating": _label(own, sheet),
        "score": given,
        "rating": _label(given, sheet),
        "decision_number": f"{3000 + number % 300}/QĐ-UBND",
        "decision_on": f"{number % 28 + 1:02d}/12/2022",
    }
    return KnownUnit(
        pk=number,
        code=f"31-{number:05d}",
        name=f"Trường Trung học cơ sở số {number}",
        kind=Kind.LEARNING_UNIT,
        line=number,
        results=shown,
    )


def quarters_of(number: int) -> str:
    """ "50" to "100" in steps of a quarter."""
    whole, quarter = divmod(number % 201, 4)
    return f"{50 + whole}" + ("", ",25", ",5", ",75")[quarter]


def _label(points: str, sheet: layout.Layout) -> str:
    return sheet.rule.classify(sheet.rule.read_points(points)).label


def _nobody(codes: set[str]) -> dict:
    return {}
