"""Waiting and being late, with the day given."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.models import IndicatorAppraisal
from evaluations.turns import Turn, turn_of, turn_of_result
from evaluations.workflow import Party, Status
from organisations.models import Role
from tests.evaluations.city_world import make_city_world
from tests.factories import make_dossier, make_user, result_of


@pytest.mark.parametrize(
    ("today", "late", "said"),
    [
        (date(2022, 12, 13), 0, "còn 2 ngày"),
        (date(2022, 12, 15), 0, "hạn là hôm nay"),  # the due day itself is in time
        (date(2022, 12, 16), 1, "muộn 1 ngày"),
        (date(2023, 1, 15), 31, "muộn 31 ngày"),
    ],
)
def test_turn_is_late_from_the_day_after(today, late, said):
    turn = Turn(Party.UNIT, since=date(2022, 1, 4), due_on=date(2022, 12, 15), today=today)

    assert (turn.days_late, turn.due_text) == (late, said)


def test_turn_without_a_date_is_never_late():
    turn = Turn(Party.STANDING_AGENCY, date(2022, 12, 1), due_on=None, today=date(2023, 12, 1))

    assert (turn.is_late, turn.due_text) == (False, "")


@pytest.mark.parametrize(
    ("today", "said"), [(date(2022, 12, 14), "từ hôm nay"), (date(2022, 12, 16), "2 ngày")]
)
def test_turn_counts_the_days_it_has_waited(today, said):
    turn = Turn(Party.UNIT, since=date(2022, 12, 14), due_on=None, today=today)

    assert turn.waiting_text == said


@pytest.mark.parametrize(
    ("fields", "due_on"),
    [
        ({}, date(2022, 12, 15)),
        ({"extended_until": date(2022, 12, 22), "extension_reason": "x"}, date(2022, 12, 22)),
        (
            {"status": Status.RETURNED, "supplement_due_on": date(2022, 12, 20)},
            date(2022, 12, 20),
        ),
        ({"status": Status.SUBMITTED}, None),
    ],
)
def test_turn_of_a_dossier_takes_the_date_that_binds_it(db, fields, due_on):
    evaluation = make_dossier(**fields)

    assert turn_of(evaluation, date(2022, 12, 1)).due_on == due_on


def test_turn_begins_on_the_local_day(db):
    """18:00 in London is already tomorrow in Hải Phòng."""
    evaluation = make_dossier(status_since=datetime(2022, 12, 14, 18, 0, tzinfo=UTC))

    assert turn_of(evaluation, date(2022, 12, 16)).days_waiting == 1


# --- One indicator ----------------------------------------------------------------------------

TODAY = date(2022, 12, 16)
LOCAL = timezone.get_default_timezone()


def verdict_on(evaluation, code, verdict, day, **fields):
    return IndicatorAppraisal.objects.create(
        result=result_of(evaluation, code),
        verdict=verdict,
        reason="" if verdict == "accept" else "Thiếu",
        decided_by=make_user(Role.APPRAISER),
        decided_at=datetime(2022, 12, day, 9, 0, tzinfo=LOCAL),
        **fields,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "asked", "unasked"),
    [
        (Status.DRAFT, *["Đến lượt huyện Vĩnh Bảo, từ 14/12 (2 ngày)"] * 2),
        (Status.SUBMITTED, *["Đến lượt Sở Giáo dục và Đào tạo, từ 14/12 (2 ngày)"] * 2),
        (
            Status.RETURNED,
            "Đến lượt huyện Vĩnh Bảo, từ 14/12 (2 ngày)",
            "Sở giữ kết luận, đơn vị không phải làm gì ở chỉ báo này",
        ),
        (
            Status.APPRAISING,
            "Đến lượt Sở Giáo dục và Đào tạo, từ 14/12 (2 ngày)",
            "Sở đã kết luận ngày 15/12",
        ),
        (Status.RECOGNISED, "", ""),
    ],
)
def test_an_indicator_says_who_has_it_and_for_how_long(district, status, asked, unasked):
    since = datetime(2022, 12, 14, 9, 0, tzinfo=LOCAL)
    evaluation = make_dossier(district, status=status, status_since=since)
    ask = verdict_on(evaluation, "2.1.2", "ask", 13, is_sent=True)
    accept = verdict_on(evaluation, "2.2.1", "accept", 15)

    def text(appraisal):
        result = result_of(evaluation, appraisal.result.indicator.code)
        return turn_of_result(result, TODAY, asks=[ask.result_id], appraisal=appraisal).text

    assert (text(ask), text(accept)) == (asked, unasked)


@pytest.mark.django_db
def test_an_unsent_verdict_is_not_told_by_whose_turn_it_is(client, editor, appraiser):
    evaluation = make_dossier(editor.organisation, status=Status.APPRAISING)
    verdict_on(evaluation, "2.2.1", "accept", 15)
    page = result_of(evaluation, "2.2.1").get_absolute_url()

    client.force_login(editor)
    assertContains(client.get(page), "Đến lượt Sở Giáo dục và Đào tạo")
    assertNotContains(client.get(page), "đã kết luận ngày")
    client.force_login(appraiser)
    assertContains(client.get(page), "Sở đã kết luận ngày 15/12")


@pytest.mark.django_db
def test_a_part_of_the_citys_dossier_is_with_its_agency_until_handed_over():
    world = make_city_world()
    today = timezone.localdate()

    def text():
        return turn_of_result(world.result("2.1.2"), today).text

    assert text().startswith("Đến lượt Sở Nội vụ, từ ")
    world.fill("2.1.2")
    world.hand_over("2.1.2")
    assert text().startswith("Đến lượt Sở Giáo dục và Đào tạo, từ ")
