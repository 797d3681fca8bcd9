"""What the officers of huyện Vĩnh Bảo have to type in the real round, for tests that start late."""

from datetime import date

from evaluations.actions.guard import locked_lines
from evaluations.actions.registers import add_unit
from evaluations.actions.unit_results import write_lines
from evaluations.models import UnitResult
from organisations.models import User

# 2.1.1 and 2.1.2 are counted: 17 of 20 agencies, 23 of 30 communes from Khá.
FIGURES = {
    "2.2.1": {"achieved": "83", "total": "92"},
    "2.2.2": {"achieved": "80", "total": "92"},
    "2.2.3": {"achieved": "1", "total": "1"},
    "2.2.4": {"achieved": "28", "total": "30"},
    "3.1.1": {"previous": "3,18", "current": "1,62"},
    "3.1.2": {
        "part1_achieved": "952",
        "part1_total": "1000",
        "part2_achieved": "910",
        "part2_total": "1000",
    },
    "3.2.2": {"achieved": "6", "total": "31482"},
    "3.2.3": {"achieved": "47", "total": "82"},
}
DECIDED = {"decision_number": "3187/QĐ-UBND", "decision_on": "12/12/2022"}
DOCUMENTS = ["1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1"]


def rate_units(pilot, *, by: User) -> None:
    """The registers of the round's year, by the actions behind their pages."""
    pilot_round, district = pilot.dossier.pilot_round, pilot.unit
    for number in range(1, 21):
        add_unit(
            pilot_round=pilot_round,
            owner=district,
            name=f"Phòng số {number} huyện Vĩnh Bảo",
            unit_type="phòng",
            since=date(2020, 2, 1),
            by=by,
        )
    of_year = pilot_round.unit_results.filter(owner=district, year=pilot_round.year)
    lines = locked_lines(list(of_year.values_list("pk", flat=True)), by)
    left = {UnitResult.Kind.LEARNING_UNIT: 17, UnitResult.Kind.LEARNING_COMMUNITY: 23}
    typed = []
    for line in lines:
        left[line.kind] -= 1
        typed.append((line, {"rating": "Khá" if left[line.kind] >= 0 else "Trung bình"} | DECIDED))
    write_lines(typed, by=by)
