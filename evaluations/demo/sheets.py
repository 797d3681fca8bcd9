"""Practice sheets (phiếu tự chấm) of a few units that have an account, each as far as its stage."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

from evaluations.actions.sheet_evidence import add_sheet_file
from evaluations.actions.sheets import save_sheet, take_sheet_step
from evaluations.demo.clock import Clock
from evaluations.demo.papers import practice_pdf
from evaluations.demo.people import APPRAISER, editor_of, leader_of
from evaluations.models import PilotRound, UnitResult
from evaluations.sheet_reading import RATING, WHOLE, explanation_name, points_name
from organisations.models import Organisation, User

PATH = Path("fixtures") / "demo" / "sheets.json"


def write_sheets(pilot_round: PilotRound, people: Mapping[str, User], clock: Clock) -> None:
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    lines = UnitResult.objects.filter(pilot_round=pilot_round).select_related(
        "unit", "owner", "pilot_round"
    )
    for sheet in data["sheets"]:
        line = lines.get(unit__code=sheet["unit"], year=sheet["year"])
        with clock.at(sheet["days"]):
            _write(line, sheet, data, people[leader_of(line.unit)], people[_keeper_of(line.owner)])


def _keeper_of(owner: Organisation) -> str:
    """A district keeps its own register, the Sở that of the city's agencies."""
    return APPRAISER if owner.kind == Organisation.Kind.CITY else editor_of(owner)


def _write(line: UnitResult, sheet: Mapping, data: Mapping, head: User, keeper: User) -> None:
    values = _values(sheet, data["explanation"])
    save_sheet(result=line, values=values, base=dict.fromkeys(values, ""), by=head)
    if sheet.get("has_paper"):
        _attach_paper(line, data["paper"], data["explanation"], head)
    take_sheet_step(result=line, step_name="submit", by=head)
    if sheet["stage"] == "confirmed":
        take_sheet_step(result=line, step_name="confirm", by=keeper)
    elif sheet["stage"] == "returned":
        take_sheet_step(result=line, step_name="return", by=keeper, note=sheet["note"])


def _values(sheet: Mapping, explanation: str) -> dict[str, str]:
    points = sheet.get("points", {})
    values = {points_name(code): text for code, text in points.items()}
    values |= {explanation_name(code): explanation for code in points}
    if rating := sheet.get("rating"):
        values |= {RATING: rating, explanation_name(WHOLE): explanation}
    return values


def _attach_paper(line: UnitResult, paper: Mapping, explanation: str, head: User) -> None:
    summary = f"{paper['summary']} năm {line.year}"
    unit = f"Đơn vị: {line.unit.name}, đợt {line.pilot_round}"
    lines = ["VĂN BẢN TẬP HUẤN", summary, unit, "", explanation]
    add_sheet_file(
        result=line,
        code=paper["item"],
        uploaded=ContentFile(practice_pdf(lines), name="ke-hoach-tap-huan.pdf"),
        by=head,
        details={
            "number": paper["number"],
            "issued_on": date(line.year, *paper["month_and_day"]),
            "issuer": f"{line.unit.name} (tập huấn)",
            "summary": f"{summary} (văn bản tập huấn)",
        },
        cited="trang 1",
    )
