"""Verbs on a round that is not opened yet: make one, copy one, say what it is and who takes part,
open it as it was prepared."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.actions.assignments import copy_assignments
from evaluations.actions.held_rounds import held_round, refuse_stale, tell_round
from evaluations.actions.rounds import AlreadyOpened, open_round
from evaluations.actions.steps import NotReady
from evaluations.models import Milestone, PilotRound
from evaluations.permissions import can_manage_rounds
from evaluations.round_checks import districts_of, lacks_before_opening
from organisations.models import Organisation, User

DETAILS = (
    *("name", "year", "is_practice", "self_assessment_due_on", "standing_agency"),
    *("district_set", "city_set", "agency_points", "commune_points"),
)
YEAR_IN_DATE = re.compile(r"\b(?:19|20)\d\d\b")
# A document is cited with its year ("22/2020"): only a year that says so itself is moved.
YEAR_IN_WORDS = re.compile(r"\b(năm\s+)((?:19|20)\d\d)\b", re.IGNORECASE)


class NameTaken(NotReady):
    """Rounds are told apart by their names; `pilot_round` has this one."""

    def __init__(self, pilot_round: PilotRound | None):
        super().__init__("Đã có đợt tên này. Đặt tên khác.")
        self.pilot_round = pilot_round


@transaction.atomic
def create_round(*, details: Mapping[str, Any], by: User) -> PilotRound:
    """A planned round, which only administrators see. Raises NameTaken."""
    if not can_manage_rounds(by):
        raise PermissionDenied
    pilot_round = _created(details)
    tell_round(pilot_round, "create", f"lập đợt năm {pilot_round.year}", by)
    return pilot_round


@transaction.atomic
def change_round(
    *, pilot_round: PilotRound, details: Mapping[str, Any], version: str, by: User
) -> PilotRound:
    """Say anew what a planned round is.

    Raises PermissionDenied, AlreadyOpened, Stale, NameTaken.
    """
    held = _held_plan(pilot_round, by)
    changed = {name: value for name, value in details.items() if getattr(held, name) != value}
    if not changed:
        return held
    refuse_stale(held, version)
    note = "; ".join(
        f"{PilotRound._meta.get_field(name).verbose_name}: "
        f"{_said(getattr(held, name))} → {_said(value)}"
        for name, value in changed.items()
    )
    for name, value in changed.items():
        setattr(held, name, value)
    try:
        with transaction.atomic():
            held.save(update_fields=list(changed))
    except IntegrityError as error:
        raise NameTaken(PilotRound.objects.filter(name=held.name).first()) from error
    tell_round(held, "change", "sửa thông tin đợt", by, note)
    return held


@transaction.atomic
def choose_participants(
    *, pilot_round: PilotRound, units: Collection[Organisation], version: str, by: User
) -> PilotRound:
    """Which districts are to take part, all at once.

    Raises PermissionDenied, AlreadyOpened, Stale; NotReady for a unit that is no district then.
    """
    held = _held_plan(pilot_round, by)
    before = set(held.planned_participants.all())
    if before == set(units):
        return held
    refuse_stale(held, version)
    possible = set(districts_of(held).values_list("pk", flat=True))
    if any(unit.pk not in possible for unit in units):
        raise NotReady(f"Chỉ chọn được quận, huyện có trong danh mục năm {held.year}.")
    held.planned_participants.set(units)
    names = ", ".join(unit.name for unit in sorted(units, key=lambda unit: unit.code))
    tell_round(held, "participants", f"chọn {len(units)} đơn vị tham gia", by, names)
    return held


@transaction.atomic
def open_planned_round(*, pilot_round: PilotRound, version: str, by: User) -> PilotRound:
    """Open the round as its summary page showed it, for the districts chosen; of the city's
    dossier each indicator goes to who led it in the round that this one was copied from.

    Raises PermissionDenied, AlreadyOpened, Stale, and NotReady with what is lacking.
    """
    held = _held_plan(pilot_round, by)
    refuse_stale(held, version)
    errors = [
        lack.text for lack in lacks_before_opening(held, timezone.localdate()) if lack.is_error
    ]
    if errors:
        raise NotReady(" ".join(errors))
    units = held.planned_participants.order_by("code")
    opened = open_round(pilot_round=held, participants=units, by=by)
    if opened.copied_from is not None and opened.evaluations.of_cities().exists():
        count = copy_assignments(from_round=opened.copied_from, to_round=opened, by=by)
        if count:
            text = f"phân công {count} chỉ báo thành phố như đợt {opened.copied_from.name}"
            tell_round(opened, "assignments", text, by)
    return opened


@transaction.atomic
def copy_round(*, source: PilotRound, name: str, year: int, is_practice: bool, by: User):
    """A planned round like an earlier one: its sets, participants and calendar, years later.

    The readings of the earlier round are proposed on the new one's page and bind nobody before
    they are recorded there.
    Raises PermissionDenied, NameTaken.
    """
    if not can_manage_rounds(by):
        raise PermissionDenied
    source = PilotRound.objects.with_calendar().get(pk=source.pk)
    years = year - source.year
    details = {field: getattr(source, field) for field in DETAILS} | {
        "name": name,
        "year": year,
        "is_practice": is_practice,
        "self_assessment_due_on": moved(source.self_assessment_due_on, years),
    }
    pilot_round = _created(details, copied_from=source)
    Milestone.objects.bulk_create(
        Milestone(
            pilot_round=pilot_round,
            label=YEAR_IN_WORDS.sub(
                lambda found: f"{found[1]}{int(found[2]) + years}", milestone.label
            ),
            starts_on=milestone.starts_on and moved(milestone.starts_on, years),
            due_on=moved(milestone.due_on, years),
            shown_date=YEAR_IN_DATE.sub(
                lambda found: str(int(found[0]) + years), milestone.shown_date
            ),
        )
        for milestone in source.milestones.all()
    )
    units, left = _participants_again(source, pilot_round)
    pilot_round.planned_participants.set(units)
    note = f"{len(units)} đơn vị tham gia, {source.milestones.count()} mốc lịch"
    if left:
        note += f". Không còn trong danh mục năm {year}: {', '.join(left)}"
    tell_round(pilot_round, "copy", f"lập đợt, chép từ đợt {source.name}", by, note)
    return pilot_round


def moved(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _participants_again(
    source: PilotRound, pilot_round: PilotRound
) -> tuple[list[Organisation], list[str]]:
    """The districts of the new year that took part, by code; and the names that are no more."""
    took_part = source.planned_participants.all()
    if source.opened_at:
        took_part = Organisation.objects.districts().filter(evaluations__pilot_round=source)
    by_code = {unit.code: unit for unit in took_part}
    again = list(districts_of(pilot_round).filter(code__in=by_code))
    codes = {unit.code for unit in again}
    return again, [unit.name for code, unit in sorted(by_code.items()) if code not in codes]


def _created(details: Mapping[str, Any], **more: Any) -> PilotRound:
    try:
        with transaction.atomic():
            return PilotRound.objects.create(**details, **more)
    except IntegrityError as error:
        raise NameTaken(PilotRound.objects.filter(name=details["name"]).first()) from error


def _held_plan(pilot_round: PilotRound, by: User) -> PilotRound:
    held = held_round(pilot_round, by, lambda user, _: can_manage_rounds(user))
    if held.opened_at:
        raise AlreadyOpened(held.name)
    return held


def _said(value: Any) -> str:
    """A value as the trail says it."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return date_format(value)
    return str(value) if value or isinstance(value, Model | int) else "chưa có"
