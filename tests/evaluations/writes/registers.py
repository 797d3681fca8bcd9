"""Everything that is written in a register of units: lines, titles, units, uploaded workbooks.

A register stays open after its district's dossier was sent: what was sent keeps its own list.
"""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile

from evaluations.actions import registers, titles, unit_results, uploads
from evaluations.actions.unit_results import TypedLine
from evaluations.models import PilotRound, ResultUpload, UnitResult
from evaluations.title_reading import Title, names_of
from evaluations.unit_reading import shown_line
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from evaluations.workflow import Status
from organisations.models import Organisation, Role, User
from tests.evaluations.writes.table import Subject, Write
from tests.factories import (
    make_agency,
    make_city,
    make_commune,
    make_department,
    make_district,
    make_dossier,
    make_line,
    make_round,
    make_user,
)


@dataclass(frozen=True)
class Thing:
    """The register of one owner in one round, and a workbook that its keeper sent in."""

    pilot_round: PilotRound
    owner: Organisation
    agency: UnitResult
    commune: UnitResult | None
    upload: ResultUpload
    unlisted: Organisation  # a unit of the owner's that its register does not have


def make_subject() -> Subject:
    own, city, department = make_district(), make_city(), make_department()
    people = {
        "editor": make_user(Role.EDITOR, own),
        "leader": make_user(Role.LEADER, own),
        "editor-elsewhere": make_user(Role.EDITOR, make_district()),
        "leader-elsewhere": make_user(Role.LEADER, make_district()),
        "leader-of-agency": make_user(Role.LEADER, make_agency(parent=own)),
        "appraiser": make_user(Role.APPRAISER, department),
        "appraiser-beside": make_user(Role.APPRAISER, department),
        "approver": make_user(Role.APPROVER, department),
        "council": make_user(Role.COUNCIL, city),
        "observer": make_user(Role.OBSERVER, own),
        "administrator": make_user(Role.ADMINISTRATOR, department),
    }
    things = {
        "draft": _thing(own, people["editor"], Status.DRAFT),
        "sent": _thing(own, people["editor"], Status.APPRAISING),
        "of-city": _thing(city, people["appraiser"], None),
    }
    return Subject(people, things, WRITES)


def _thing(owner: Organisation, keeper: User, status: Status | None) -> Thing:
    pilot_round = make_round()
    if status is not None:
        make_dossier(owner, status=status, pilot_round=pilot_round)
    agency = make_line(pilot_round, make_agency(parent=owner))
    is_district = owner.kind == Organisation.Kind.DISTRICT
    commune = make_line(pilot_round, make_commune(parent=owner)) if is_district else None
    unlisted = make_agency(parent=owner)
    upload = _sent_in(pilot_round, owner, keeper)
    return Thing(pilot_round, owner, agency, commune, upload, unlisted)


def _workbook(pilot_round: PilotRound, owner: Organisation) -> ContentFile:
    content = template(load_register(pilot_round, owner, pilot_round.year))
    return ContentFile(content, name="ket-qua.xlsx")


def _sent_in(pilot_round: PilotRound, owner: Organisation, by: User) -> ResultUpload:
    return uploads.take_in_upload(
        pilot_round=pilot_round,
        owner=owner,
        year=pilot_round.year,
        uploaded=_workbook(pilot_round, owner),
        by=by,
    )


def save_line(thing: Thing, by: User) -> None:
    stored = shown_line(thing.agency)
    values = {"rating": "Khá"}
    unit_results.save_line(result=thing.agency, values=values, base=stored, by=by)


def save_lines(thing: Thing, by: User) -> None:
    typed = {thing.agency.pk: TypedLine({"rating": "Tốt"}, shown_line(thing.agency))}
    unit_results.save_lines(typed=typed, by=by)


COUNTS = dict.fromkeys(names_of(next(iter(Title))).values(), "80")


def save_titles(thing: Thing, by: User) -> None:
    titles.save_titles(result=thing.commune, values=COUNTS, base={}, by=by)


def save_titles_of(thing: Thing, by: User) -> None:
    titles.save_titles_of(typed={thing.commune.pk: TypedLine(COUNTS, {})}, by=by)


def add_unit(thing: Thing, by: User) -> None:
    registers.add_unit(
        pilot_round=thing.pilot_round,
        owner=thing.owner,
        name="Trường Tiểu học Nhân Hòa",
        unit_type="trường tiểu học",
        since=date(2005, 9, 1),
        by=by,
    )


def enter_known(thing: Thing, by: User) -> None:
    registers.enter_known_units(pilot_round=thing.pilot_round, owner=thing.owner, by=by)


def enter_units(thing: Thing, by: User) -> None:
    registers.enter_units(
        pilot_round=thing.pilot_round,
        owner=thing.owner,
        names=["Phòng Tư pháp"],
        known=[thing.unlisted],
        since=date(2022, 1, 1),
        by=by,
    )


def close_unit(thing: Thing, by: User) -> None:
    registers.close_unit(result=thing.agency, on=date(2022, 6, 30), reason="Sáp nhập", by=by)


def send_in(thing: Thing, by: User) -> None:
    _sent_in(thing.pilot_round, thing.owner, by)


def apply(thing: Thing, by: User) -> None:
    register = load_register(thing.pilot_round, thing.owner, thing.pilot_round.year)
    uploads.apply_upload(upload=thing.upload, seen=register.fingerprint, by=by)


OF_DISTRICT, OF_CITY = "draft sent", "of-city"
KEEPERS = {OF_DISTRICT: "editor leader", OF_CITY: "appraiser appraiser-beside"}
EVERYBODY_ELSE = (
    "leader editor-elsewhere leader-elsewhere leader-of-agency appraiser-beside approver council "
    "observer administrator"
)
WRITES = {
    "unit_results.save_line": Write(save_line, KEEPERS),
    "unit_results.save_lines": Write(save_lines, KEEPERS),
    "titles.save_titles": Write(save_titles, {OF_DISTRICT: "editor leader"}, only=OF_DISTRICT),
    "titles.save_titles_of": Write(
        save_titles_of, {OF_DISTRICT: "editor leader"}, only=OF_DISTRICT
    ),
    "registers.add_unit": Write(add_unit, KEEPERS),
    "registers.enter_known_units": Write(enter_known, KEEPERS),
    "registers.enter_units": Write(enter_units, KEEPERS),
    "registers.close_unit": Write(close_unit, KEEPERS),
    "registers.take_out": Write(
        lambda thing, by: registers.take_out(result=thing.agency, by=by), KEEPERS
    ),
    "uploads.take_in_upload": Write(send_in, KEEPERS),
    # A workbook on its way is its sender's: for a colleague there is nothing to apply or drop.
    "uploads.apply_upload": Write(
        apply,
        {OF_DISTRICT: "editor", OF_CITY: "appraiser"},
        told={OF_DISTRICT: "leader", OF_CITY: "appraiser-beside"},
    ),
    "uploads.drop_upload": Write(
        lambda thing, by: uploads.drop_upload(upload=thing.upload, by=by),
        {OF_DISTRICT: "editor", OF_CITY: "appraiser"},
        told={
            OF_DISTRICT: f"appraiser {EVERYBODY_ELSE}",
            OF_CITY: f"editor {EVERYBODY_ELSE}",
        },
        is_of_round=False,  # it only lets go of a file
    ),
}
