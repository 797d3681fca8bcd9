"""The practice round that `manage.py load_demo` makes, on the real files."""

from datetime import date

import pytest

from evaluations.demo import demo_accounts, load_practice_round
from evaluations.demo.people import PASSWORD
from evaluations.determination import find
from evaluations.models import IndicatorResult, PilotRound, StoredFile
from evaluations.workflow import Status
from organisations.models import Role, User
from tests.evaluations.loaded import everything, load_reference, rolled_back

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), rolled_back(tmp_path_factory.mktemp("media")):
        load_reference()
        load_practice_round(TODAY)
        yield


@pytest.fixture
def practice(loaded, db):
    return PilotRound.objects.get(is_practice=True)


def test_practice_round_shows_every_stage_and_nothing_years_late(practice):
    statuses = {
        evaluation.unit.code: evaluation.status
        for evaluation in practice.evaluations.select_related("unit")
    }

    assert (practice.name, practice.year, practice.is_practice) == ("Tập huấn 2026", 2022, True)
    assert statuses == {
        "303": Status.APPRAISED,
        "305": Status.APPRAISING,
        "306": Status.SUBMITTED,
        "309": Status.APPRAISING,
        "311": Status.RETURNED,
        "312": Status.DRAFT,
        "316": Status.DRAFT,
        "317": Status.DRAFT,
    }
    for evaluation in practice.evaluations.select_related("pilot_round"):
        assert evaluation.due_on is None or evaluation.due_on > TODAY


def test_practice_leaves_vinh_bao_whole_for_whoever_learns(practice):
    dossier = practice.evaluations.get(unit__code="316")

    assert not dossier.results.exclude(typed={}).exists()
    assert not dossier.events.exists()


def test_practice_figures_say_that_they_are_practice(practice):
    typed = IndicatorResult.objects.filter(evaluation__pilot_round=practice).exclude(typed={})

    assert typed.count() > 80
    for result in typed:
        assert "tập huấn" in result.explanation
    for stored in StoredFile.objects.select_related("document"):
        assert "tập huấn" in stored.document.summary


def test_practice_levels_differ_so_that_pages_have_something_to_say(practice):
    levels = {}
    for evaluation in practice.evaluations.with_results():
        finding = find(evaluation)
        appraised = finding.appraised.conclusion if finding.is_fully_decided else None
        levels[evaluation.unit.code] = (finding.self_assessed.conclusion, appraised)

    assert levels["303"] == (0, 0)  # poverty was low already: 3.1.1 cannot be met
    assert levels["306"] == (2, None)
    # Its claim of "không áp dụng" is open until the Sở's word is sent; 2.2.1 is adjusted.
    assert levels["309"] == (None, 1)
    assert levels["312"] == (None, None)


def test_practice_returns_one_dossier_with_two_requests(practice):
    finding = find(practice.evaluations.with_results().get(unit__code="311"))

    assert [line.code for line in finding.asked_lines] == ["1.2.1", "2.1.2"]


def test_practice_again_keeps_what_people_typed(practice):
    result = IndicatorResult.objects.get(
        evaluation__pilot_round=practice, evaluation__unit__code="316", indicator__code="1.1.1"
    )
    result.explanation = "gõ khi tập"
    result.save(update_fields=["explanation"])
    User.objects.filter(username="vinhbao").update(full_name="Tên đã sửa")
    before = everything()

    assert load_practice_round(TODAY) is None

    result.refresh_from_db()
    assert result.explanation == "gõ khi tập"
    assert User.objects.get(username="vinhbao").full_name == "Tên đã sửa"
    assert everything() == before


def test_practice_round_of_an_older_installation_gets_its_point_sets(practice):
    PilotRound.objects.filter(pk=practice.pk).update(agency_points=None, commune_points=None)

    assert load_practice_round(TODAY) is None

    practice.refresh_from_db()
    assert practice.agency_points.code == "don-vi-hoc-tap-2020"
    assert practice.commune_points.code == "cong-dong-hoc-tap-2014"


def test_practice_has_accounts_for_each_role_and_of_each_kind_of_unit(practice):
    accounts = demo_accounts()

    assert [account.username for account in accounts] == [
        "vinhbao",
        "vinhbao.lanhdao",
        "dungtien.lanhdao",
        "thcsdungtien.lanhdao",
        "thuynguyen",
        "thuynguyen.lanhdao",
        "haian",
        "haian.lanhdao",
        "sonoivu.lanhdao",
        "so.thamdinh",
        "so.lanhdao",
        "hoidong",
        "theodoi",
        "quantri",
    ]
    assert {account.role for account in accounts} == set(Role.labels)
    for account in accounts:
        assert account.password == PASSWORD
        assert User.objects.get(username=account.username).check_password(PASSWORD)


def test_practice_names_roles_and_no_invented_person(practice):
    for user in User.objects.select_related("organisation"):
        assert user.full_name.startswith(user.get_role_display())
        assert user.full_name.endswith(user.organisation.bare_name.removeprefix("Sở "))


def test_one_district_has_nobody_to_send_its_dossier(practice):
    """So that the administrator's page has its case to show."""
    leaders = User.objects.filter(role=Role.LEADER)

    assert not leaders.filter(organisation__code="317").exists()
    assert leaders.filter(organisation__kind="district").count() == 7
