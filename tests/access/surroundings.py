"""The world of `tests.world`, and around it: offices that have no part in any of it, and things
of which the first district must hear nothing."""

from dataclasses import dataclass

from django.db.models import Model

from evaluations.models import Document, Evaluation, PilotRound, UnitResult
from organisations.models import Organisation, Role, User
from reports import actions as report_actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.evaluations.city_world import make_city_world
from tests.factories import (
    make_agency,
    make_commune,
    make_complete_dossier,
    make_district,
    make_line,
    make_round,
    make_user,
)
from tests.world import World, make_world

# Stands in every text of what is kept from the first district, and nowhere else.
SECRET = "Zqxw"


@dataclass(frozen=True)
class Kept:
    """A round of its own, with a district whose people nobody of the first district ever meets."""

    unit: Organisation
    person: User
    pilot_round: PilotRound
    dossier: Evaluation
    document: Document
    commune: Organisation
    line: UnitResult
    run: ReportRun


@dataclass(frozen=True)
class Surroundings:
    world: World
    people: dict[str, User]  # those of the world, and offices with nothing of theirs in it
    kept: Kept


def make_surroundings() -> Surroundings:
    world = make_world()
    elsewhere = world.elsewhere.unit
    people = world.people | {
        "commune elsewhere": make_user(Role.LEADER, make_commune("Xã Khác", parent=elsewhere)),
        "agency elsewhere": make_user(Role.EDITOR, make_agency("Phòng Khác", parent=elsewhere)),
        "commune of the district": make_user(Role.EDITOR, make_commune("Xã Bên", parent=world.own)),
        "lead agency": make_city_world().people["SNV leader"],
    }
    return Surroundings(world, people, _kept())


def _kept() -> Kept:
    unit = make_district(f"Quận {SECRET}", "398")
    person = make_user(Role.EDITOR, unit, full_name=f"Trần {SECRET}")
    pilot_round = make_round(name=f"Đợt {SECRET}")
    dossier = make_complete_dossier(unit, by=person, pilot_round=pilot_round)
    dossier.results.update(explanation=f"Lời {SECRET}", obstacle=f"Khó {SECRET}")
    document = Document.objects.filter(unit=unit).latest("pk")
    details = {"number": f"1/{SECRET}", "summary": f"Văn bản {SECRET}", "issuer": f"UB {SECRET}"}
    Document.objects.filter(unit=unit).update(**details)
    commune = make_commune(f"Xã {SECRET}", parent=unit)
    line = make_line(pilot_round, commune, rating="kha", decision_number=f"2/{SECRET}")
    run = report_actions.order_report(
        report=REPORTS["bao-cao-tu-danh-gia"],
        subject=Evaluation.objects.with_results().get(pk=dossier.pk),
        file_type="pdf",
        by=person,
    )
    fresh = Evaluation.objects.for_display().get(pk=dossier.pk)
    return Kept(unit, person, pilot_round, fresh, document, commune, line, run)


def standing_of(thing: Model) -> tuple:
    """The row as it is stored, and which rows name it: nothing may change of either."""
    row = type(thing)._base_manager.filter(pk=thing.pk).values().first()
    naming = {}
    for relation in thing._meta.related_objects:
        found = relation.related_model._base_manager.filter(**{relation.field.name: thing.pk})
        naming[f"{relation.related_model._meta.label}.{relation.field.name}"] = sorted(
            found.values_list("pk", flat=True)
        )
    return row, naming
