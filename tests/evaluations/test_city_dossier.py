"""The city's own dossier beside those of the districts: opened, counted apart, listed apart."""

from datetime import date

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from criteria.models import CriteriaSet
from evaluations.actions.rounds import ReadingIsSettled, adopt_reading, complete_round, open_round
from evaluations.board import board_of
from evaluations.duties import home_of
from evaluations.feasibility import best_share
from evaluations.leads import published_leads, spellings
from evaluations.models import AdoptedReading, Assignment, Evaluation, PilotRound
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import (
    SMALL_SET,
    make_agency,
    make_city,
    make_department,
    make_district,
    make_round,
    make_set,
    make_user,
)

LAST_DAY = date(2022, 12, 31)


@pytest.fixture
def opened(db) -> PilotRound:
    pilot_round = make_round(opened_at=None, standing_agency=make_department(parent=make_city()))
    open_round(pilot_round=pilot_round, participants=[make_district(), make_district()])
    return PilotRound.objects.get(pk=pilot_round.pk)


def test_a_round_opens_with_one_dossier_of_its_city(opened):
    dossier = opened.evaluations.of_cities().get()

    assert dossier.unit == make_city()
    assert dossier.is_of_city
    assert dossier.results.count() == len(SMALL_SET)
    assert Assignment.objects.of_round(opened).count() == len(SMALL_SET)


def test_an_unknown_lead_is_nobodys_until_it_is_assigned(opened):
    assert {each.word for each in Assignment.objects.of_round(opened)} == {"chưa giao"}


def test_every_spelling_of_the_published_text_is_one_agencys(db):
    codes = spellings()
    agency = make_agency("Cục Thống kê thành phố Hải Phòng", "CTK", parent=make_city())
    criteria_set = make_set("hai-cach-viet", CriteriaSet.Subject.CITY)
    first, second, third, *_ = criteria_set.indicators.all()
    first.lead, second.lead, third.lead = "Cục Thống kê", "Cục Thống kê thành phố", "Cục nào đó"

    leads = published_leads([first, second, third], LAST_DAY)

    assert codes["Cục Thống kê"] == codes["Cục Thống kê thành phố"] == "CTK"
    assert leads == {first.pk: agency, second.pk: agency}


def test_completing_a_round_gives_it_the_citys_dossier_once(db):
    pilot_round = make_round()
    make_district()
    department = make_department(parent=make_city())
    points = {}

    words = {"pilot_round": pilot_round, "points": points, "on": LAST_DAY}
    added = complete_round(**words, standing_agency=department)
    again = complete_round(**words, standing_agency=department)

    assert (added, again) == (True, False)
    assert pilot_round.evaluations.of_cities().count() == 1
    pilot_round.refresh_from_db()
    assert pilot_round.standing_agency == department


def test_the_city_is_no_participant(opened, client):
    """Neither on the board, nor in the best possible share, nor among the rounds' counts."""
    appraiser = make_user(Role.APPRAISER)
    counted = PilotRound.objects.with_progress().get(pk=opened.pk)
    Evaluation.objects.of_cities().update(
        status=Status.SUBMITTED, first_submitted_at=opened.opened_at
    )

    board = board_of(appraiser, PilotRound.objects.for_board().get(pk=opened.pk), LAST_DAY)
    home = home_of(appraiser, opened, LAST_DAY)

    assert len(board.rows) == 2
    assert best_share(opened).participants == 2
    assert (counted.participant_count, counted.submitted_count) == (2, 0)
    assert home.summary.headline == "0/2 đã gửi"
    client.force_login(appraiser)
    assert "Thành phố Hải Phòng" not in client.get("/tham-dinh/").content.decode()


def test_the_base_is_settled_once_the_citys_dossier_is_sent(opened):
    administrator = make_user(Role.ADMINISTRATOR)
    question, choice = AdoptedReading.Question.CITY_BASE, AdoptedReading.Choice.PARTICIPANTS
    words = {"question": question, "document": "Công văn 1", "by": administrator}
    adopt_reading(pilot_round=opened, choice=choice, **words)
    opened.evaluations.of_cities().update(
        status=Status.SUBMITTED, first_submitted_at=opened.opened_at
    )

    with pytest.raises(ReadingIsSettled):
        adopt_reading(pilot_round=opened, choice=AdoptedReading.Choice.ALL_DISTRICTS, **words)


def test_the_city_stands_beside_the_districts_on_the_rounds_pages(client, opened):
    city = opened.evaluations.of_cities().get()
    board, page = f"/bang-theo-doi/?dot={opened.pk}", opened.get_absolute_url()
    client.force_login(make_user(Role.OBSERVER, make_city()))
    for url in (board, page):
        assertNotContains(client.get(url), city.get_absolute_url())
    assertContains(client.get(board), "các cơ quan đang làm")
    client.force_login(make_user(Role.ADMINISTRATOR))
    assertContains(client.get(page), f"{city.get_absolute_url()}phan-cong/")
    opened.evaluations.of_cities().update(
        status=Status.SUBMITTED, first_submitted_at=opened.opened_at
    )
    client.force_login(make_user(Role.COUNCIL, make_city()))
    for url in (board, page):
        assertContains(client.get(url), city.get_absolute_url())


def test_the_menu_leads_an_agency_to_its_part(client, opened):
    agency = make_agency("Sở Nội vụ", "SNV", parent=make_city())
    client.force_login(make_user(Role.EDITOR, agency))
    assertNotContains(client.get("/"), 'href="/ho-so/"')
    Assignment.objects.of_round(opened).filter(result__indicator__code="1.1.1").update(
        agency=agency
    )
    assertContains(client.get("/"), 'href="/ho-so/"')
