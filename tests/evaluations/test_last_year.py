"""Last year's value beside each field, for every measure; and what it proposes for this year."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from criteria.models import CriteriaSet
from evaluations.actions.appraisal import appraise
from evaluations.actions.steps import take_step
from evaluations.models import IndicatorAppraisal
from evaluations.workflow import Status
from tests.factories import (
    LEVEL_1,
    SMALL_SET,
    make_complete_dossier,
    make_counted_dossier,
    make_counted_set,
    make_dossier,
    make_round,
    make_set,
    result_of,
)

# A later version of the small set: 2.2.1 is measured otherwise, 1.1.2 is new, 2.1.2 is as it was.
NEW_SET = {
    "1.1.1": SMALL_SET["1.1.1"],
    "1.1.2": SMALL_SET["1.1.1"],
    "2.1.2": SMALL_SET["2.1.2"],
    "2.2.1": ("prerequisite", {"kind": "document"}, "Kế hoạch"),
    "3.1.1": SMALL_SET["3.1.1"],
}


@pytest.fixture
def before(leader):
    return make_complete_dossier(
        leader.organisation, pilot_round=make_round(year=2021), status=Status.APPRAISED
    )


@pytest.fixture
def now(leader, before):
    return make_dossier(leader.organisation, pilot_round=make_round(year=2022))


def page_of(client, evaluation, code):
    return client.get(result_of(evaluation, code).get_absolute_url())


def test_each_measure_shows_what_stood_a_year_before(client, leader, now):
    client.force_login(leader)
    shown = {
        "1.1.1": "đạt",
        "2.1.2": "23/30 = 76,7\u00a0%",
        "3.1.1": "3,18 còn 1,62 (−1,56)",
        "3.1.2": "95,2 và 91,0\u00a0%",
    }

    for code, text in shown.items():
        assertContains(page_of(client, now, code), f"Năm 2021: <b>{text}</b>")


def test_a_share_typed_as_a_percentage_is_said_once(client, leader, before, now):
    before.results.filter(indicator__code="2.1.2").update(typed={"percent": "76,5"})
    client.force_login(leader)

    assertContains(page_of(client, now, "2.1.2"), "Năm 2021: <b>76,5\u00a0%</b>")


def test_what_the_agency_adjusted_is_what_stood(client, leader, appraiser, before, now):
    IndicatorAppraisal.objects.create(
        result=result_of(before, "3.1.1"),
        verdict="adjust",
        typed={"previous": "3,18", "current": "1,70"},
        reason="Theo Chi cục Thống kê",
        is_sent=True,
        decided_by=appraiser,
        decided_at=before.status_since,
    )
    client.force_login(leader)

    page = page_of(client, now, "3.1.1")

    assertContains(page, "3,18 còn 1,7 (−1,48) theo thẩm định (đơn vị khai 3,18 còn 1,62")
    assertContains(page, "ghi số năm nay là <b>1,70</b>")


def test_a_counted_share_shows_last_year_before_anything_is_counted(client, leader):
    counted = make_counted_set()
    before = make_counted_dossier(
        leader.organisation,
        communes=["kha", "trung-binh"],
        agencies=["tot"],
        pilot_round=make_round(year=2021, district_set=counted),
    )
    reasons = {"undecided": "Sẽ bổ sung."}
    take_step(evaluation=before, step_name="submit", by=leader, reasons=reasons)
    now = make_dossier(leader.organisation, pilot_round=make_round(year=2022, district_set=counted))
    client.force_login(leader)

    assertContains(page_of(client, now, "2.1.2"), "Năm 2021: <b>1/2 = 50,0\u00a0%</b>")


def test_last_years_figure_is_proposed_and_taken_only_by_a_press(client, leader, now):
    client.force_login(leader)
    url = result_of(now, "3.1.1").get_absolute_url()
    page = client.get(url)
    assertContains(page, "take-last-year")
    assert result_of(now, "3.1.1").typed == {}

    client.post(url, {"base": page.context["base"], "current": "0,9", "take-last-year": "1"})

    assert result_of(now, "3.1.1").typed == {"previous": "1,62", "current": "0,9"}
    assertNotContains(client.get(url), "take-last-year")  # the field is filled


def test_taking_last_years_figure_never_writes_over_what_was_typed(client, leader, now):
    client.force_login(leader)
    url = result_of(now, "3.1.1").get_absolute_url()
    base = client.get(url).context["base"]

    client.post(url, {"base": base, "previous": "1,65", "take-last-year": "1"})

    assert result_of(now, "3.1.1").typed == {"previous": "1,65"}


def test_under_another_version_of_the_set_values_are_found_by_code(client, leader, before):
    newer = make_set("bo-nho-2", CriteriaSet.Subject.DISTRICT, NEW_SET)
    now = make_dossier(leader.organisation, pilot_round=make_round(year=2022, district_set=newer))
    client.force_login(leader)

    assertContains(page_of(client, now, "2.1.2"), "23/30")
    assertContains(page_of(client, now, "3.1.1"), "take-last-year")
    for code in ("1.1.2", "2.2.1"):  # was not there; was a share and is a document now
        assertNotContains(page_of(client, now, code), "Năm 2021")


def test_a_reader_sees_last_year_too_but_nothing_that_was_taken_back(
    client, leader, appraiser, before
):
    now = make_complete_dossier(
        leader.organisation, pilot_round=make_round(year=2022), status=Status.SUBMITTED
    )
    client.force_login(appraiser)
    assertContains(page_of(client, now, "2.1.2"), "Năm 2021: <b>23/30")

    before.status = Status.DRAFT
    before.save(update_fields=["status"])
    assertNotContains(page_of(client, now, "2.1.2"), "Năm 2021")
    client.force_login(leader)
    assertContains(page_of(client, now, "2.1.2"), "Năm 2021: <b>23/30")


def test_what_is_typed_in_last_years_returned_dossier_is_its_units_own(
    client, leader, appraiser, observer
):
    before = make_complete_dossier(leader.organisation, pilot_round=make_round(year=2021))
    take_step(evaluation=before, step_name="submit", by=leader)
    take_step(evaluation=before, step_name="take-in", by=appraiser)
    appraise(result=result_of(before, "2.1.2"), verdict="ask", reason="Rà lại", by=appraiser)
    due = timezone.localdate() + timedelta(days=5)
    take_step(evaluation=before, step_name="return", by=appraiser, note="Bổ sung", due_on=due)
    before.results.filter(indicator__code="2.1.2").update(typed={"achieved": "29", "total": "30"})
    now = make_complete_dossier(
        leader.organisation, pilot_round=make_round(year=2022), status=Status.SUBMITTED
    )

    for person, shown in ((appraiser, "23/30"), (observer, "23/30"), (leader, "29/30")):
        client.force_login(person)
        assertContains(page_of(client, now, "2.1.2"), f"Năm 2021: <b>{shown}")


def test_a_year_between_or_a_practice_round_is_not_last_year(client, leader):
    for fields in ({"year": 2020}, {"year": 2021, "is_practice": True}):
        make_complete_dossier(
            leader.organisation,
            pilot_round=make_round(**fields),
            status=Status.APPRAISED,
        )
    now = make_dossier(leader.organisation, pilot_round=make_round(year=2022), typed=LEVEL_1)
    client.force_login(leader)

    assertNotContains(page_of(client, now, "2.1.2"), "Năm 2021")


@pytest.mark.parametrize(("has_last_year", "whole_dossiers"), [(False, 1), (True, 2)])
def test_a_page_reads_last_years_dossier_only_where_there_is_one(
    client, leader, has_last_year, whole_dossiers
):
    if has_last_year:
        make_complete_dossier(
            leader.organisation, pilot_round=make_round(year=2021), status=Status.APPRAISED
        )
    now = make_dossier(leader.organisation, pilot_round=make_round(year=2022))
    client.force_login(leader)

    with CaptureQueriesContext(connection) as asked:
        page_of(client, now, "2.1.2")

    with_counts = [each for each in asked if "agencies_in_scope" in each["sql"]]
    assert len(with_counts) == whole_dossiers
