"""Two people at the Sở on one dossier at the same moment: one does it, the other is told."""

from functools import partial
from http import HTTPStatus
from threading import Barrier

import pytest
from django.urls import reverse

from evaluations.actions.appraisal import accept_rest, version_of
from evaluations.actions.steps import take_step
from evaluations.models import Evaluation, IndicatorAppraisal
from evaluations.views import check
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations.test_parallel_saves import at_once, signed_in
from tests.factories import make_complete_dossier, make_user, result_of

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "2.1.2"


@pytest.fixture
def evaluation(leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    return evaluation


@pytest.fixture
def appraised(evaluation, appraiser):
    accept_rest(evaluation=evaluation, by=appraiser)
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    return evaluation


def press(client, evaluation, step_name, **typed):
    url = reverse("evaluations:take-step", args=[evaluation.pk, step_name])
    return client.post(url, typed)


def together(monkeypatch, module):
    """Both have passed the first question of the page before either asks for the lock."""
    both, ask = Barrier(2, timeout=20), module.can_take

    def asked(*args, **kwargs):
        answer = ask(*args, **kwargs)
        both.wait()
        return answer

    monkeypatch.setattr(module, "can_take", asked)


def outcome(pages):
    """The page of who was told; the other went through."""
    assert sorted(page.status_code for page in pages) == [HTTPStatus.FOUND, HTTPStatus.FORBIDDEN]
    return next(page for page in pages if page.status_code == HTTPStatus.FORBIDDEN)


@pytest.mark.parametrize("other", ["confirm", "send-back"])
def test_of_two_approvers_at_once_one_is_told_what_the_other_did(
    monkeypatch, appraised, approver, other
):
    second = make_user(Role.APPROVER, approver.organisation, full_name="Bùi Thị Hai")
    one, two = signed_in(approver), signed_in(second)
    together(monkeypatch, check)

    pages = at_once(
        partial(press, one, appraised, "confirm", note="Ý kiến một"),
        partial(press, two, appraised, other, note="Ý kiến hai"),
    )

    told = outcome(pages).content.decode()
    event = appraised.events.filter(kind__in=["confirm", "send-back"]).get()
    winner, words = (approver, "Ý kiến hai") if event.by == approver else (second, "Ý kiến một")
    assert "Hồ sơ đã chuyển bước" in told
    assert f"<b>{winner.full_name}</b>" in told
    assert event.text in told
    assert words in told  # of who came too late
    now = Evaluation.objects.get(pk=appraised.pk).status
    assert now == (Status.CONFIRMED if event.kind == "confirm" else Status.APPRAISING)


def test_one_approver_in_two_windows_confirms_once(monkeypatch, appraised, approver):
    one, two = signed_in(approver), signed_in(approver)
    together(monkeypatch, check)

    pages = at_once(
        partial(press, one, appraised, "confirm"), partial(press, two, appraised, "confirm")
    )

    assert [page.status_code for page in pages] == [HTTPStatus.FOUND] * 2
    assert appraised.events.filter(kind="confirm").count() == 1


def test_two_appraisers_on_one_indicator_the_second_keeps_his_words(evaluation, appraiser):
    colleague = make_user(Role.APPRAISER, appraiser.organisation)
    url = reverse("evaluations:appraise", args=[evaluation.pk, CODE])
    version = version_of(evaluation, result_of(evaluation, CODE))
    words = {"verdict": "ask", "version": version}

    pages = at_once(
        *(
            partial(signed_in(person).post, url, words | {"reason": f"Lý do của {person.pk}"})
            for person in (appraiser, colleague)
        )
    )

    codes = sorted(page.status_code for page in pages)
    assert codes == [HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY]
    kept = IndicatorAppraisal.objects.get(result__indicator__code=CODE)
    late = appraiser if kept.decided_by == colleague else colleague
    refused = next(page for page in pages if page.status_code == codes[1]).content.decode()
    assert "người khác đã thẩm định chỉ báo" in refused
    assert f"Lý do của {late.pk}" in refused


def test_a_verdict_and_the_end_of_the_appraisal_at_once(evaluation, appraiser):
    accept_rest(evaluation=evaluation, by=appraiser)
    colleague = make_user(Role.APPRAISER, appraiser.organisation)
    url = reverse("evaluations:appraise", args=[evaluation.pk, CODE])
    version = version_of(evaluation, result_of(evaluation, CODE))
    words = {"verdict": "ask", "reason": "Thiếu biên bản", "version": version}

    verdict, finish = at_once(
        partial(signed_in(colleague).post, url, words),
        partial(press, signed_in(appraiser), evaluation, "finish"),
    )

    now = Evaluation.objects.get(pk=evaluation.pk)
    if now.status == Status.APPRAISED:  # the request came too late, and its words come back
        assert verdict.status_code == HTTPStatus.FORBIDDEN
        assert "Thiếu biên bản" in verdict.content.decode()
        assert not IndicatorAppraisal.objects.filter(verdict="ask").exists()
    else:  # the end came too late: something is open again, and that is said
        assert verdict.status_code == HTTPStatus.FOUND
        assert finish.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert CODE in finish.content.decode()
    assert IndicatorAppraisal.objects.count() == evaluation.results.count()
