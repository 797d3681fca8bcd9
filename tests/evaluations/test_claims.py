"""A unit's claim that an indicator does not apply is decided here, one by one, and said so."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.steps import take_step
from evaluations.models import Evaluation
from evaluations.workflow import Status
from tests.factories import make_complete_dossier, result_of

pytestmark = pytest.mark.django_db
CODE = "2.2.1"


@pytest.fixture
def evaluation(leader, appraiser, client):
    evaluation = make_complete_dossier(leader.organisation)
    evaluation.results.filter(indicator__code=CODE).update(
        typed={"not_applicable": "yes"}, not_applicable_reason="Huyện không có đơn vị nào"
    )
    evaluation.results.filter(indicator__code="3.1.1").update(typed={})
    Evaluation.objects.filter(pk=evaluation.pk).update(
        status=Status.APPRAISING, first_submitted_at=evaluation.status_since
    )
    client.force_login(appraiser)
    return evaluation


def page_of(client, evaluation):
    return client.get(reverse("evaluations:appraise-dossier", args=[evaluation.pk]))


def test_the_dossier_names_its_claims_and_what_bulk_acceptance_leaves_out(client, evaluation):
    page = page_of(client, evaluation)

    assertContains(page, "Đơn vị đề nghị không áp dụng 1 chỉ báo")
    assertContains(page, "Huyện không có đơn vị nào")
    assertContains(page, "2.2.1 (đề nghị không áp dụng), 3.1.1 (chưa đủ số liệu)")


def test_the_indicator_says_what_either_verdict_does(client, evaluation):
    url = reverse("evaluations:appraise", args=[evaluation.pk, CODE])
    assertContains(client.get(url), "Chấp nhận: chỉ báo ra khỏi phép xét mức độ")
    other = reverse("evaluations:appraise", args=[evaluation.pk, "2.1.2"])
    assertNotContains(client.get(other), "ra khỏi phép xét mức độ")


def test_accepted_it_leaves_the_rule_and_the_page_says_so(client, evaluation, appraiser, approver):
    accept_rest(evaluation=evaluation, by=appraiser)
    figures = {"previous": "5", "current": "3"}
    appraise(
        result=result_of(evaluation, "3.1.1"),
        verdict="adjust",
        typed=figures,
        reason="Theo báo cáo",
        by=appraiser,
    )
    appraise(result=result_of(evaluation, CODE), verdict="accept", by=appraiser)
    assertNotContains(page_of(client, evaluation), "Đơn vị đề nghị không áp dụng")
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    client.force_login(approver)

    url = reverse("evaluations:appraise", args=[evaluation.pk, CODE])
    assertContains(client.get(url), "chỉ báo không xét khi tính mức độ")


def test_refused_with_figures_it_is_told_like_any_other_adjustment(evaluation, appraiser):
    accept_rest(evaluation=evaluation, by=appraiser)
    for code, typed in ((CODE, {"achieved": "9", "total": "10"}), ("3.1.1", {})):
        typed = typed or {"previous": "5", "current": "3"}
        appraise(
            result=result_of(evaluation, code),
            verdict="adjust",
            typed=typed,
            reason="Có 10 đơn vị",
            by=appraiser,
        )
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)

    event = evaluation.events.get(kind="adjusted", text__startswith=CODE)
    said = event.detail["changes"]["appraisal"]
    assert said["old"] == "Không áp dụng"
    assert said["new"].startswith("9/10, 90,0")
