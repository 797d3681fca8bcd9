"""The real catalogue and units in a running server, and people who are signed in to it."""

from dataclasses import dataclass

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from evaluations.models import Evaluation
from organisations.models import Organisation, Role
from tests.browsing import enter
from tests.factories import make_user


@dataclass(frozen=True)
class Pilot:
    """Round "Thí điểm 2022" as `load_reference` makes it."""

    dossier: Evaluation

    @property
    def unit(self) -> Organisation:
        return self.dossier.unit


@pytest.fixture
def pilot(transactional_db) -> Pilot:
    call_command("load_reference", verbosity=0)
    dossier = Evaluation.objects.select_related("unit").get(unit__code="316")
    return Pilot(dossier)


@pytest.fixture
def people(pilot) -> dict:
    """One person per role; the leader and the editor are of huyện Vĩnh Bảo."""
    so = Organisation.objects.get(code="SGDDT")
    offices = {
        Role.EDITOR: pilot.unit,
        Role.LEADER: pilot.unit,
        Role.APPRAISER: so,
        Role.APPROVER: so,
        Role.COUNCIL: Organisation.objects.get(code="VPUB"),
        Role.OBSERVER: Organisation.objects.get(code="HKH"),
        Role.ADMINISTRATOR: so,
    }
    made = {role: make_user(role, office) for role, office in offices.items()}
    made["outsider"] = make_user(Role.LEADER, Organisation.objects.get(code="305"))
    return made


@pytest.fixture
def console(page: Page) -> list[str]:
    """Every error that the browser's console showed; a test ends by asking that it is empty."""
    lines: list[str] = []
    page.on("console", lambda m: lines.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: lines.append(str(error)))
    return lines


@pytest.fixture
def sign_in(page: Page, live_server):
    def as_(user) -> None:
        enter(page.context, live_server.url, user)
        page.goto(f"{live_server.url}/")

    return as_
