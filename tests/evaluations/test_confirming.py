"""The head of the Sở and a finished appraisal: confirm, send back, reopen; never one's own."""

from http import HTTPStatus

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import accept_rest
from evaluations.actions.steps import take_step
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import make_complete_dossier, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver():
    return make_user(Role.APPROVER)


@pytest.fixture
def appraised():
    evaluation = make_complete_dossier()
    leader, appraiser = make_user(Role.LEADER, evaluation.unit), make_user(Role.APPRAISER)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    evaluation.refresh_from_db()
    return evaluation


def page_of(evaluation):
    return reverse("evaluations:appraise-dossier", args=[evaluation.pk])


def press(client, evaluation, step_name, **typed):
    address = reverse("evaluations:take-step", args=[evaluation.pk, step_name])
    answer = client.post(address, typed, follow=True)
    evaluation.refresh_from_db()
    return answer


def test_approver_confirms_from_the_page_of_the_dossier(client, approver, appraised):
    client.force_login(approver)

    assertContains(client.get(page_of(appraised)), "Xác nhận kết quả thẩm định")
    press(client, appraised, "confirm")

    assert appraised.status == Status.CONFIRMED
    assertContains(client.get(page_of(appraised)), "Mở lại thẩm định")


@pytest.mark.parametrize("step_name", ["send-back", "reopen"])
def test_going_back_takes_a_reason(client, approver, appraised, step_name):
    client.force_login(approver)
    if step_name == "reopen":
        press(client, appraised, "confirm")

    refused = press(client, appraised, step_name, note="")
    before = appraised.status
    press(client, appraised, step_name, note="Xem lại 2.1.2.")

    assertContains(refused, "Cần ghi rõ lý do", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assert before != Status.APPRAISING
    assert appraised.status == Status.APPRAISING
    assert appraised.events.first().note == "Xem lại 2.1.2."


def test_who_appraised_does_not_confirm_whatever_their_role_is_today(client, appraised):
    appraiser = appraised.events.get(kind="finish").by
    appraiser.role = Role.APPROVER
    appraiser.save()
    client.force_login(appraiser)

    page = client.get(page_of(appraised))
    answer = press(client, appraised, "confirm")

    assertNotContains(page, 'buoc/confirm/"')
    assertContains(page, "lãnh đạo khác của Sở xác nhận")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert appraised.status == Status.APPRAISED


def test_nobody_but_an_approver_is_offered_it(client, appraised):
    client.force_login(make_user(Role.APPRAISER))

    assertNotContains(client.get(page_of(appraised)), "Ý kiến của lãnh đạo Sở")
    assert press(client, appraised, "confirm").status_code == HTTPStatus.FORBIDDEN
