"""Rounds and dossiers grow in number from year to year; the pages that list them do not."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations import rounds
from evaluations.models import PilotRound
from evaluations.views import appraisals, dossiers
from evaluations.views import rounds as rounds_view
from evaluations.workflow import Status
from tests.factories import make_district, make_dossier, make_round

YEAR = timezone.localdate().year


def test_appraisals_are_read_a_page_at_a_time_who_waits_first(client, appraiser, monkeypatch):
    monkeypatch.setattr(appraisals, "PAGE_SIZE", 2)
    for name, status in (
        ("Huyện Xong", Status.CONFIRMED),
        ("Huyện Đang xem", Status.APPRAISING),
        ("Huyện Mới gửi", Status.SUBMITTED),
    ):
        make_dossier(make_district(name=name), status=status, first_submitted_at=timezone.now())
    client.force_login(appraiser)

    first, second = (
        client.get(reverse("evaluations:appraisals"), {"page": number}) for number in (1, 2)
    )

    shown = [finding.evaluation.unit.name for finding in first.context["findings"]]
    assert shown == ["Huyện Mới gửi", "Huyện Đang xem"]
    assertContains(first, "Trang 1/2")
    shown = [finding.evaluation.unit.name for finding in second.context["findings"]]
    assert shown == ["Huyện Xong"]


def test_every_state_has_its_turn_among_the_appraisals():
    assert set(appraisals.ORDER) == set(Status)


def test_rounds_are_listed_a_page_at_a_time_with_their_progress(client, appraiser, monkeypatch):
    monkeypatch.setattr(rounds_view, "PAGE_SIZE", 2)
    for number in (1, 2, 3):
        make_round(name=f"Đợt {number}", year=2020 + number)
    make_dossier(
        make_district(),
        pilot_round=PilotRound.objects.get(year=2023),
        status=Status.SUBMITTED,
        first_submitted_at=timezone.now(),
    )
    client.force_login(appraiser)

    first = client.get(reverse("evaluations:rounds"))
    second = client.get(reverse("evaluations:rounds"), {"page": 2})

    assert [each.name for each in first.context["rounds"]] == ["Đợt 3", "Đợt 2"]
    assertContains(first, "1/1")
    assert [each.name for each in second.context["rounds"]] == ["Đợt 1"]


@pytest.mark.parametrize(("count", "is_list"), [(9, False), (10, True)])
def test_more_rounds_than_fit_in_a_line_are_chosen_from_a_list(client, appraiser, count, is_list):
    made = [make_round(name=f"Đợt {number}", year=YEAR) for number in range(count)]
    client.force_login(appraiser)

    page = client.get("/")

    said = assertContains if is_list else assertNotContains
    said(page, f'<option value="{made[0].pk}"')
    client.post(reverse("evaluations:choose-round"), {"dot": made[0].pk, "next": "/"})
    assert client.get("/").context["pilot_round"] == made[0]


def test_round_that_was_chosen_is_fetched_alone(client, appraiser, monkeypatch):
    chosen, _ = (make_round(name=name, year=YEAR) for name in ("Đợt 1", "Đợt 2"))
    client.force_login(appraiser)
    client.post(reverse("evaluations:choose-round"), {"dot": chosen.pk, "next": "/"})
    monkeypatch.setattr(rounds, "rounds_for", lambda user: pytest.fail("all of them were read"))

    page = client.get(reverse("evaluations:documents"))

    assertContains(page, "Đợt 1")


def test_round_that_is_named_by_nobody_s_number_is_the_default(client, appraiser):
    made = make_round(name="Đợt 1", year=YEAR)
    client.force_login(appraiser)

    for named in ("khong-co", "²", "999999", "9" * 18, "9" * 20, ""):
        page = client.get(reverse("evaluations:sessions"), {"dot": named})

        assertContains(page, made.name)


def test_dossiers_are_listed_a_page_at_a_time(client, appraiser, monkeypatch):
    monkeypatch.setattr(dossiers, "PAGE_SIZE", 2)
    sent = {"status": Status.SUBMITTED, "first_submitted_at": timezone.now()}
    pilot_round = make_round()
    for name in ("Huyện A", "Huyện B", "Huyện C"):
        district = make_district(code=name[-1], name=name)
        make_dossier(district, pilot_round=pilot_round, **sent)
    client.force_login(appraiser)

    first, second = (
        client.get(reverse("evaluations:dossiers"), {"page": number}) for number in (1, 2)
    )

    assert [each.unit.name for each in first.context["dossiers"]] == ["Huyện A", "Huyện B"]
    assertContains(first, "Trang 1/2")
    # One that is alone on its page is not the only one there is.
    assert [each.unit.name for each in second.context["dossiers"]] == ["Huyện C"]
