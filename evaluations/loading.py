"""Rounds from the files of `fixtures/rounds/`, as often as one likes.

A round that is opened keeps what it has: its calendar, its participants and the point sets it
rates by are then the administrator's. Until then a second load renews what the file says. One
that was opened before there were registers, or a dossier of the city, gets them, once.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from criteria.models import CriteriaSet, PointSet
from evaluations.actions.rounds import complete_round, open_round
from evaluations.models import Milestone, PilotRound
from evaluations.models.rounds import POINTS_FIELD
from organisations.models import Organisation


class RoundLoadError(Exception):
    """The file names a set or a unit that is not there; the message says which."""


@dataclass(frozen=True)
class Loaded:
    """What became of one file."""

    pilot_round: PilotRound
    is_new: bool
    dossiers: int
    is_completed: bool = False  # an older installation's round got its registers


def sets_in_use() -> set[str]:
    """The criteria sets that an opened round rests on: their text is frozen."""
    opened = PilotRound.objects.opened()
    codes = opened.values_list("district_set__code", "city_set__code")
    return {code for pair in codes for code in pair}


def point_sets_in_use() -> set[tuple[str, int]]:
    """The versions of point sets that opened rounds rate by: frozen as well."""
    opened = PilotRound.objects.opened()
    return {
        (code, version)
        for field in POINTS_FIELD.values()
        for code, version in opened.filter(**{f"{field}__isnull": False}).values_list(
            f"{field}__code", f"{field}__version"
        )
    }


def read_round(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load_round(data: dict) -> Loaded:
    """Store the round and its calendar, and open it for its participants."""
    found = PilotRound.objects.filter(name=data["name"]).first()
    points = {subject: _points(data, field) for subject, field in POINTS_FIELD.items()}
    if found and found.opened_at:
        units_on = date.fromisoformat(data["units_on"])
        is_completed = complete_round(
            pilot_round=found, points=points, on=units_on, standing_agency=_standing_agency(data)
        )
        return Loaded(found, is_new=False, dossiers=0, is_completed=is_completed)
    pilot_round, _ = PilotRound.objects.update_or_create(
        name=data["name"],
        defaults={
            "year": data["year"],
            "is_practice": data["is_practice"],
            "district_set": _set(data["district_set"]),
            "city_set": _set(data["city_set"]),
            **{field: points[subject] for subject, field in POINTS_FIELD.items()},
            "standing_agency": _standing_agency(data),
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


def _points(data: dict, field: str) -> PointSet:
    """The newest version of the set that the file names."""
    code = data.get(field, "")
    found = PointSet.objects.newest_of(code)
    if found is None:
        said = f"Chưa có biểu điểm {code}." if code else f"Tệp chưa ghi {field}."
        raise RoundLoadError(f"Đợt {data['name']}: {said}")
    return found


def _standing_agency(data: dict) -> Organisation | None:
    """Who compiles the city's dossier; a file that names nobody leaves it to the administrator."""
    code = data.get("standing_agency", "")
    if not code:
        return None
    on = date.fromisoformat(data["units_on"])
    agencies = Organisation.objects.in_force(on).filter(kind=Organisation.Kind.AGENCY)
    found = agencies.filter(code=code).first()
    if found is None:
        raise RoundLoadError(f"Chưa có cơ quan mã {code}.")
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
