"""Rounds from the files of `fixtures/rounds/`, as often as one likes.

A round that is opened is never touched again: its calendar and its participants are then the
administrator's. Until then a second load renews what the file says.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from criteria.models import CriteriaSet
from evaluations.actions.rounds import open_round
from evaluations.models import Milestone, PilotRound
from organisations.models import Organisation


class RoundLoadError(Exception):
    """The file names a set or a unit that is not there; the message says which."""


@dataclass(frozen=True)
class Loaded:
    """What became of one file."""

    pilot_round: PilotRound
    is_new: bool
    dossiers: int


def sets_in_use() -> set[str]:
    """The criteria sets that an opened round rests on: their text is frozen."""
    opened = PilotRound.objects.opened()
    codes = opened.values_list("district_set__code", "city_set__code")
    return {code for pair in codes for code in pair}


def read_round(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load_round(data: dict) -> Loaded:
    """Store the round and its calendar, and open it for its participants."""
    found = PilotRound.objects.filter(name=data["name"]).first()
    if found and found.opened_at:
        return Loaded(found, is_new=False, dossiers=0)
    pilot_round, _ = PilotRound.objects.update_or_create(
        name=data["name"],
        defaults={
            "year": data["year"],
            "is_practice": data["is_practice"],
            "district_set": _set(data["district_set"]),
            "city_set": _set(data["city_set"]),
            "self_assessment_due_on": date.fromisoformat(data["self_assessment_due_on"]),
        },
    )
    for line in data["milestones"]:
        Milestone.objects.update_or_create(
            pilot_round=pilot_round,
            label=line["label"],
            defaults={
                "starts_on": _day(line.get("starts_on")),
                "due_on": _day(line["due_on"]),
                "shown_date": line.get("shown_date", ""),
            },
        )
    units = _units(data["participants"], date.fromisoformat(data["units_on"]))
    open_round(pilot_round=pilot_round, participants=units)
    pilot_round.refresh_from_db()
    return Loaded(pilot_round, is_new=True, dossiers=len(units))


def _set(code: str) -> CriteriaSet:
    found = CriteriaSet.objects.filter(code=code).first()
    if found is None:
        raise RoundLoadError(f"Chưa có bộ tiêu chí {code}.")
    return found


def _units(codes: list[str], on: date) -> list[Organisation]:
    """In the order of the file; a code says which unit only together with a day."""
    found = {
        unit.code: unit
        for unit in Organisation.objects.districts().in_force(on).filter(code__in=codes)
    }
    missing = [code for code in codes if code not in found]
    if missing:
        raise RoundLoadError(f"Chưa có quận, huyện mã {', '.join(missing)}.")
    return [found[code] for code in codes]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
