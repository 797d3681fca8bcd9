"""The city's dossier of the practice round: partly filled and handed over, one part given back.

The agencies that have no account here owe theirs, so that there is somebody to wait for.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

from evaluations.actions.assignments import assign, hand_over, return_part
from evaluations.actions.evidence import add_evidence_file
from evaluations.actions.results import save_result, values_of
from evaluations.demo.clock import Clock
from evaluations.demo.papers import practice_pdf
from evaluations.models import IndicatorResult, PilotRound
from organisations.models import User

PATH = Path("fixtures") / "demo" / "city.json"
PAPER = "Báo cáo, kế hoạch về chỉ báo {} (văn bản tập huấn)"


def fill_city(pilot_round: PilotRound, people: Mapping[str, User], clock: Clock) -> None:
    """Days given out, parts written and handed over, one returned, as the file tells."""
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    results = _results(pilot_round)
    with clock.at(data["assigned_days_ago"]):
        for code, days in data["due_in_days"].items():
            result = results[code]
            agency, by = result.assignment.agency, people["so.tonghop.lanhdao"]
            assign(result=result, agency=agency, due_on=clock.day(-days), by=by)
    for part in data["parts"]:
        with clock.at(part["days_ago"], 14):
            for code in part["codes"]:
                _write(results[code], part["typed"][code], data, people[part["by"]], clock)
        if part.get("is_handed_over"):
            with clock.at(part["days_ago"], 15):
                for code in part["codes"]:
                    hand_over(result=results[code], by=people[part["by"]])
    back = data["returned"]
    with clock.at(back["days_ago"], 10):
        result = results[back["code"]]
        return_part(result=result, reason=back["reason"], by=people[back["by"]])


def _results(pilot_round: PilotRound) -> dict[str, IndicatorResult]:
    found = IndicatorResult.objects.with_assignment().select_related(
        "indicator", "evaluation__unit", "evaluation__pilot_round"
    )
    city = pilot_round.evaluations.of_cities().get()
    return {result.indicator.code: result for result in found.filter(evaluation=city)}


def _write(result: IndicatorResult, typed: Mapping, data: Mapping, by: User, clock: Clock) -> None:
    code, office = result.indicator.code, by.organisation
    values = {"explanation": data["explanation"], "suitability": "fits", **typed}
    if any(name.endswith("percent") for name in typed):
        values["source"] = data["source"]
    save_result(result=result, values=values, base=values_of(result), by=by)
    summary = PAPER.format(code)
    where = f"Cơ quan: {office.name}, đợt {result.evaluation.pilot_round}"
    lines = ["VĂN BẢN TẬP HUẤN", summary, where, "", data["explanation"]]
    add_evidence_file(
        result=result,
        uploaded=ContentFile(practice_pdf(lines), name=f"tap-huan-{code}.pdf"),
        by=by,
        details={
            "number": f"{code}/TH",
            "issued_on": date(clock.today.year - 1, 12, 20),
            "issuer": f"{office.name} (tập huấn)",
            "summary": summary,
        },
        cited="trang 1",
    )
