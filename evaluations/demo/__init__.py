"""The practice round (đợt tập huấn): invented figures on the real sets, districts and communes.

Everything is made by the same actions that the pages call, so what the demo shows is what people
will get. Everything invented says so in its own text, or in its code.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from evaluations.actions.registers import open_registers
from evaluations.demo.agencies import make_agencies, practice_agencies
from evaluations.demo.city import fill_city
from evaluations.demo.clock import Clock
from evaluations.demo.council import hold_sessions
from evaluations.demo.dossiers import Case, fill_dossier
from evaluations.demo.inspections import hold_inspections
from evaluations.demo.people import (
    ADMINISTRATOR,
    APPRAISER,
    DemoAccount,
    demo_accounts,
    editor_of,
    make_people,
)
from evaluations.demo.sheets import write_sheets
from evaluations.demo.titles import write_district_titles
from evaluations.demo.unit_results import rate_one_more, read_results, write_registers
from evaluations.loading import load_round
from evaluations.models import Evaluation, PilotRound
from organisations.actions import change_letterhead
from organisations.models import Organisation, User

PATH = Path("fixtures") / "demo" / "practice-round.json"

__all__ = [
    "DemoAccount",
    "NoReference",
    "demo_accounts",
    "load_practice_round",
    "practice_agencies",
]


class NoReference(Exception):
    """The real units and sets are not there yet; practice stands on them."""


@transaction.atomic
def load_practice_round(today: date) -> PilotRound | None:
    """Make this year's practice round with its people; None where it is there already."""
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    units_on = date.fromisoformat(data["units_on"])
    districts = list(
        Organisation.objects.districts()
        .in_force(units_on)
        .select_related("parent")
        .filter(code__in=[item["code"] for item in data["districts"]])
    )
    if len(districts) < len(data["districts"]):
        raise NoReference
    name = f"Tập huấn {today.year}"
    is_new = not PilotRound.objects.filter(name=name).exists()
    if is_new:
        make_agencies(districts)
    people = make_people(districts, data["without_leader"], units_on)
    if is_new:
        _name_recipients(data["offices"], units_on, by=people[ADMINISTRATOR])
    clock = Clock(today)
    with clock.at(data["opened_days_ago"]):
        pilot_round = load_round(_round_data(name, data, today)).pilot_round
    if not is_new:
        return None
    results = read_results()
    for item in data["districts"]:
        evaluation = pilot_round.evaluations.for_display().get(unit__code=item["code"])
        _write_lists(evaluation, item["days"], results, people, clock)
        fill_dossier(Case(evaluation, item, data, people, clock))
        if late := results["districts"][item["code"]].get("rated_after_submission"):
            with clock.at(item["days"]["rated_late"]):
                editor = people[editor_of(evaluation.unit)]
                rate_one_more(pilot_round, evaluation.unit, late, by=editor)
    city = districts[0].parent
    with clock.at(data["city_written_days_ago"]):
        write_registers(pilot_round, city, results["city"], results, by=people[APPRAISER])
    fill_city(pilot_round, people, clock)
    write_sheets(pilot_round, people, clock)
    hold_inspections(pilot_round, people, clock)
    hold_sessions(pilot_round, people, clock)
    _enter_in_real_rounds()
    return pilot_round


def _name_recipients(offices: Mapping, units_on: date, *, by: User) -> None:
    """Nơi nhận of some offices; one that has its own keeps them."""
    found = Organisation.objects.in_force(units_on).filter(
        code__in=offices, drafting_unit="", standing_recipients=""
    )
    for office in found:
        said = offices[office.code]
        office.drafting_unit = said["drafting_unit"]
        office.standing_recipients = "\n".join(said["standing_recipients"])
        change_letterhead(organisation=office, by=by)


def _write_lists(
    evaluation: Evaluation, days: Mapping, results: Mapping, people: Mapping, clock: Clock
) -> None:
    """The district's registers and titles, an hour before its dossier is."""
    pilot_round, district = evaluation.pilot_round, evaluation.unit
    said, editor = results["districts"][district.code], people[editor_of(district)]
    with clock.at(days["written"], 8, 10):
        write_registers(pilot_round, district, said, results, by=editor)
        write_district_titles(pilot_round, district, said.get("titles", {}), by=editor)


def _enter_in_real_rounds() -> None:
    """The agencies stand in the real round of their year too, with nothing said about them."""
    for real in PilotRound.objects.opened().filter(is_practice=False, closed_at__isnull=True):
        open_registers(real, on=date(real.year, 12, 31))


def _round_data(name: str, data: Mapping, today: date) -> dict:
    """The file's distances in days as the dates that `load_round` reads."""

    def day(distance: int | None) -> str | None:
        return None if distance is None else (today + timedelta(days=distance)).isoformat()

    return {
        "name": name,
        "year": data["year"],
        "is_practice": True,
        "district_set": data["district_set"],
        "city_set": data["city_set"],
        "standing_agency": data["standing_agency"],
        "agency_points": data["agency_points"],
        "commune_points": data["commune_points"],
        "self_assessment_due_on": day(data["due_in_days"]),
        "units_on": data["units_on"],
        "participants": [item["code"] for item in data["districts"]],
        "milestones": [
            {
                "label": line["label"],
                "starts_on": day(line.get("starts_in")),
                "due_on": day(line["due_in"]),
            }
            for line in data["milestones"]
        ],
    }
