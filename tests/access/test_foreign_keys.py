"""Keys of another's things in what a form sends: refused or passed over, nothing stored or told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.forms import BaseForm, ModelChoiceField
from django.test import Client
from django.urls import reverse

import evaluations
import organisations
import reports
from evaluations.models import Notice
from tests.access.surroundings import SECRET, Surroundings, standing_of
from tests.test_access import PAGES

# Those of the first district, to whom not even a name of what is kept may be said.
HEAR_NOTHING = {"editor", "leader", "scored"}


@dataclass(frozen=True)
class Try:
    """What a form sends instead, by whom, and the things that it names and may not touch."""

    view_name: str
    person: str
    sent: Callable[[Surroundings], dict[str, Any]]
    things: Callable[[Surroundings], Iterable[Model]]
    page: int = 0
    case: int = 0

    @property
    def name(self) -> str:
        return f"{self.view_name} by {self.person}"


def kept_paper(around: Surroundings) -> list[Model]:
    return [around.kept.document]


def kept_dossier(around: Surroundings) -> list[Model]:
    return [around.kept.dossier]


def kept_round(around: Surroundings) -> list[Model]:
    return [around.kept.pilot_round, around.kept.dossier]


def kept_line(around: Surroundings) -> list[Model]:
    return [around.kept.line]


def kept_units(around: Surroundings) -> list[Model]:
    return [around.kept.commune, around.kept.unit]


def row(around: Surroundings, **typed: str) -> dict[str, str]:
    """A row of a grid, of the kept commune."""
    pk = around.kept.line.pk
    return {"line": str(pk)} | {f"{pk}-{name}": text for name, text in typed.items()}


def dossier_named(around: Surroundings) -> dict[str, Any]:
    pk = around.kept.dossier.pk
    return {f"taken-{pk}": "on", f"level-{pk}": "3", f"reason-{pk}": "Đã rõ."}


def other_item(around: Surroundings) -> list[Model]:
    """Of a session that is closed, and who sat in it."""
    item = around.world.council.concluded
    return [item, item.session.members.get()]


def minuted(around: Surroundings) -> dict[str, Any]:
    item, member = other_item(around)
    return {
        f"present-{member.pk}": "",
        f"absence-{member.pk}": "Ốm",
        f"discussion-{item.pk}": "Đã sửa",
        f"votes_for-{item.pk}": "9",
        f"concluded_level-{item.pk}": "3",
    }


def other_inspection(around: Surroundings) -> list[Model]:
    shut = around.world.inspections[2]
    return [*shut.lines.all(), *shut.figures.all()]


def inspected(around: Surroundings) -> dict[str, Any]:
    shut = around.world.inspections[2]
    sent: dict[str, Any] = {}
    for line in shut.lines.all():
        sent |= {f"state-{line.pk}": "unchecked", f"note-{line.pk}": "Đã sửa"}
    for figure in shut.figures.all():
        sent |= {f"fstate-{figure.pk}": "unchecked", f"fnote-{figure.pk}": "Đã sửa"}
    return sent


def other_inbox(around: Surroundings) -> list[Model]:
    return list(Notice.objects.visible_to(around.world.people["appraiser"]))


TRIES = [
    Try(
        "evaluations:pick-evidence",
        "editor",
        lambda around: {
            "document": around.kept.document.pk,
            f"cited-{around.kept.document.pk}": "tr. 1",
        },
        kept_paper,
    ),
    Try(
        "evaluations:upload-evidence",
        "editor",
        lambda around: {"stored": around.kept.document.pk, "summary": "Đã sửa", "cited": "tr. 1"},
        kept_paper,
    ),
    Try(
        "evaluations:pick-sheet-evidence",
        "scored",
        lambda around: {"document": around.kept.document.pk},
        kept_paper,
    ),
    Try(
        "evaluations:upload-sheet-evidence",
        "scored",
        lambda around: {"stored": around.kept.document.pk, "summary": "Đã sửa", "cited": "tr. 1"},
        kept_paper,
    ),
    Try(
        "evaluations:choose-round",
        "leader",
        lambda around: {"dot": around.kept.pilot_round.pk},
        kept_round,
    ),
    Try(
        "evaluations:register",
        "editor",
        lambda around: row(around, decision_number="9/QĐ", rating="Tốt"),
        kept_line,
    ),
    Try(
        "evaluations:titles",
        "editor",
        lambda around: row(around, total="9", achieved="9"),
        kept_line,
    ),
    *(
        Try(
            "reports:order",
            person,
            lambda around: {"subject": around.kept.dossier.pk},
            kept_dossier,
        )
        for person in ("editor", "leader", "appraiser")  # a draft is nobody's but its unit's
    ),
    Try(
        "reports:order",
        "editor",
        lambda around: {"subject": around.kept.pilot_round.pk},
        kept_round,
        page=1,
    ),
    Try(
        "evaluations:plan-session",
        "approver",
        lambda around: {"dossiers": [around.kept.dossier.pk], "people": [around.kept.person.pk]},
        lambda around: [around.kept.dossier, around.kept.person],
    ),
    Try(
        "evaluations:change-session",
        "appraiser",
        lambda around: {"dossiers": [around.kept.dossier.pk], "people": [around.kept.person.pk]},
        lambda around: [around.kept.dossier, around.kept.person],
    ),
    Try("evaluations:minutes", "appraiser", minuted, other_item),
    Try("evaluations:record-decision", "approver", dossier_named, kept_dossier),
    Try("evaluations:correct-decision", "approver", dossier_named, kept_dossier),
    Try("evaluations:record-inspection", "appraiser", inspected, other_inspection),
    Try(
        "evaluations:join-round",
        "administrator",
        lambda around: {"unit": around.kept.commune.pk},
        kept_units,
    ),
    Try(
        "evaluations:participants",
        "administrator",
        lambda around: {"units": [around.kept.commune.pk]},
        kept_units,
        case=1,
    ),
    *(
        Try(
            f"evaluations:{name}",
            "administrator",
            lambda around: {"standing_agency": around.kept.commune.pk},
            kept_units,
            case=case,
        )
        for name, case in (("new-round", 0), ("change-round", 1))
    ),
    Try("evaluations:read-all-notices", "leader", lambda around: {"newest": 10**9}, other_inbox),
]


# What a form finds by a key: under whose address above a foreign one is sent, or why none is.
FORMS_WITH_KEYS = {
    "evaluations.forms.city.AssignForm.agency": "evaluations/test_city_parts.py",
    "evaluations.forms.council.SessionForm.people": "evaluations:plan-session",
    "evaluations.forms.documents.PickForm.document": "evaluations:pick-evidence",
    "evaluations.forms.documents.UploadForm.stored": "evaluations:upload-evidence",
    "evaluations.forms.round_plans.ParticipantsForm.units": "evaluations:participants",
    "evaluations.forms.round_plans.RoundForm.standing_agency": "evaluations:new-round",
    "evaluations.forms.rounds.JoinForm.unit": "evaluations:join-round",
    # What the law says is everybody's to read, and the administrator's to choose from.
    "evaluations.forms.round_plans.RoundForm.district_set": "",
    "evaluations.forms.round_plans.RoundForm.city_set": "",
    "evaluations.forms.round_plans.RoundForm.agency_points": "",
    "evaluations.forms.round_plans.RoundForm.commune_points": "",
    # The administrator alone sends these, and may name every unit.
    "organisations.forms.people.PersonForm.organisation": "",
    "organisations.forms.units.UnitFilterForm.district": "",
}


def forms_with_keys() -> set[str]:
    """Of every form of the house, the fields that find a row by its key."""
    for app in (evaluations, organisations, reports):
        for module in walk_packages(app.__path__, f"{app.__name__}."):
            if "forms" in module.name.split("."):
                import_module(module.name)
    found, known = set(), [BaseForm]
    for form in known:
        known += form.__subclasses__()
        fields = getattr(form, "base_fields", {}).items()
        names = {name for name, field in fields if isinstance(field, ModelChoiceField)}
        if form.__module__.split(".")[1:2] == ["forms"]:
            found |= {f"{form.__module__}.{form.__name__}.{name}" for name in names}
    return found


def test_every_form_that_finds_something_by_its_key_is_tried():
    tried = {each.view_name for each in TRIES} | {"", "evaluations/test_city_parts.py"}

    assert forms_with_keys() == set(FORMS_WITH_KEYS)
    assert set(FORMS_WITH_KEYS.values()) <= tried


@pytest.mark.parametrize("tried", TRIES, ids=lambda tried: tried.name)
def test_a_foreign_key_does_nothing(around, browsers, tried):
    things = list(tried.things(around))
    before = [standing_of(thing) for thing in things]
    page = PAGES[tried.view_name][tried.page]
    sent = page.data(around.world, tried.case) | tried.sent(around)
    client = Client()
    for name, morsel in browsers[tried.person].items():
        client.cookies[name] = morsel.value

    with transaction.atomic():
        url = reverse(tried.view_name, args=page.of(around.world)[tried.case])
        answer = client.post(url, sent, follow=True)
        after = [standing_of(thing) for thing in things]
        transaction.set_rollback(True)

    assert things
    assert after == before
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert tried.person not in HEAR_NOTHING or SECRET not in answer.content.decode()


def test_a_key_of_ones_own_would_have_done_something(around, browsers):
    """Else a foreign one would do nothing for another reason."""
    page, paper = PAGES["evaluations:pick-evidence"][0], around.world.uncited
    url = reverse("evaluations:pick-evidence", args=page.of(around.world)[0])
    client = Client()
    for name, morsel in browsers["editor"].items():
        client.cookies[name] = morsel.value
    before = standing_of(paper)

    client.post(url, {"document": paper.pk, f"cited-{paper.pk}": "tr. 1"})

    assert standing_of(paper) != before
