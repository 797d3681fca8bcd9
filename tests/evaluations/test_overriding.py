"""Saying otherwise than the unit has read: a reason, an event with old and new, told when sent."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import Unexplained, accept_rest, appraise, version_of
from evaluations.actions.steps import take_step
from evaluations.models import IndicatorAppraisal
from evaluations.permissions import can_appraise
from tests.factories import make_complete_dossier, result_of

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"
CODE = "2.1.2"
OLD, NEW = f"23/30, 76,7{NBSP}%, Mức 1", f"22/30, 73,3{NBSP}%, Mức 1"
FIGURES = {"achieved": "22", "total": "30"}
WHY = "Xã An Hòa bị rút danh hiệu ngày 20/12"


@pytest.fixture
def evaluation(leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    return evaluation


@pytest.fixture
def sent_back(evaluation, appraiser, approver):
    """All accepted and finished, so the unit could read it, and sent back to be looked at."""
    accept_rest(evaluation=evaluation, by=appraiser)
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    take_step(evaluation=evaluation, step_name="send-back", by=approver, note="Xem lại 2.1.2")
    return evaluation


def adjust(evaluation, by, **words):
    words = {"reason": "Một xã bị rút danh hiệu", "typed": FIGURES, **words}
    return appraise(result=result_of(evaluation, CODE), verdict="adjust", by=by, **words)


def accept(evaluation, by, code=CODE, **words):
    return appraise(result=result_of(evaluation, code), verdict="accept", by=by, **words)


def finish(evaluation, by):
    take_step(evaluation=evaluation, step_name="finish", by=by)


def told(evaluation):
    verdicts = evaluation.events.filter(kind__in=["adjusted", "overridden"]).order_by("pk")
    return [(event.text, *old_and_new(event), event.note) for event in verdicts]


def old_and_new(event):
    """PostgreSQL keeps the keys of a document in an order of its own."""
    change = event.detail["changes"]["appraisal"]
    return change["old"], change["new"]


def test_an_adjusted_figure_leaves_an_event_once_it_is_concluded(evaluation, appraiser):
    adjust(evaluation, appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    assert told(evaluation) == []  # still the appraiser's own

    finish(evaluation, appraiser)

    assert told(evaluation) == [("2.1.2: Sở điều chỉnh", OLD, NEW, "Một xã bị rút danh hiệu")]
    event = evaluation.events.get(kind="adjusted")
    assert (event.by, event.detail["indicator"]) == (appraiser, CODE)


def test_an_adjusted_figure_is_told_when_the_dossier_is_returned_and_not_again(
    evaluation, appraiser, leader
):
    adjust(evaluation, appraiser)
    appraise(result=result_of(evaluation, "2.2.1"), verdict="ask", reason="Thiếu", by=appraiser)
    send_to_unit(evaluation, appraiser)
    assert len(told(evaluation)) == 1
    evaluation.results.update(reply="Rồi")
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    accept(evaluation, appraiser, "2.2.1")
    finish(evaluation, appraiser)

    assert len(told(evaluation)) == 1


def send_to_unit(evaluation, by):
    due_on = timezone.localdate() + timedelta(days=1)
    take_step(evaluation=evaluation, step_name="return", by=by, note="Xem", due_on=due_on)


def test_overriding_wants_a_reason_of_its_own(sent_back, appraiser):
    for why in ("", "   "):
        with pytest.raises(Unexplained):
            adjust(sent_back, appraiser, override_reason=why)
    assert result_of(sent_back, CODE).appraisal.verdict == "accept"

    adjust(sent_back, appraiser, override_reason=WHY)
    accept_back = result_of(sent_back, CODE).appraisal
    assert (accept_back.is_sent, accept_back.override_reason) == (False, WHY)


def test_an_override_is_told_with_old_and_new_when_it_is_sent(sent_back, appraiser):
    adjust(sent_back, appraiser, override_reason="Gõ nhầm", typed={"achieved": "2", "total": "30"})
    adjust(sent_back, appraiser, override_reason=WHY)
    assert told(sent_back) == []

    finish(sent_back, appraiser)

    text = "2.1.2: Sở đổi kết luận đã gửi"
    assert told(sent_back) == [(text, f"chấp nhận: {OLD}", f"điều chỉnh: {NEW}", WHY)]


def test_after_confirmation_and_reopening_it_is_the_same(sent_back, appraiser, approver):
    adjust(sent_back, appraiser, override_reason=WHY)
    finish(sent_back, appraiser)
    take_step(evaluation=sent_back, step_name="confirm", by=approver)
    take_step(evaluation=sent_back, step_name="reopen", by=approver, note="Có công văn mới")
    with pytest.raises(Unexplained):
        accept(sent_back, appraiser)
    accept(sent_back, appraiser, override_reason="Xã được phục hồi danh hiệu")
    finish(sent_back, appraiser)

    _, old, new, note = told(sent_back)[-1]
    assert (old, new) == (f"điều chỉnh: {NEW}", f"chấp nhận: {OLD}")
    assert note == "Xã được phục hồi danh hiệu"


def test_back_to_what_was_sent_nothing_was_overridden(sent_back, appraiser):
    adjust(sent_back, appraiser, override_reason=WHY)
    accept(sent_back, appraiser)
    finish(sent_back, appraiser)

    assert told(sent_back) == []


def test_a_private_note_alone_overrides_nothing(sent_back, appraiser):
    accept(sent_back, appraiser, private_note="Đã gọi điện", override_reason="")

    appraisal = result_of(sent_back, CODE).appraisal
    assert (appraisal.is_sent, appraisal.private_note) == (True, "Đã gọi điện")


def test_to_settle_a_request_overrides_nothing(evaluation, appraiser, leader):
    appraise(result=result_of(evaluation, CODE), verdict="ask", reason="Thiếu", by=appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    send_to_unit(evaluation, appraiser)
    evaluation.results.update(reply="Rồi")
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)

    accept(evaluation, appraiser)

    with pytest.raises(Unexplained):  # what was accepted with the return is another matter
        appraise(
            result=result_of(evaluation, "2.2.1"),
            verdict="ask",
            reason="Nghĩ lại",
            override_reason="",
            by=appraiser,
        )


def test_who_overrode_may_go_on_appraising(sent_back, appraiser):
    """The event stands in the trail under the appraiser's name, and is no writing for the unit."""
    adjust(sent_back, appraiser, override_reason=WHY)
    finish(sent_back, appraiser)
    sent_back.refresh_from_db()
    sent_back.status = "appraising"

    assert can_appraise(appraiser, sent_back)


def test_the_database_wants_the_reason_too(sent_back):
    for superseded, why in (({"words": "chấp nhận"}, ""), (None, "Vì sao")):
        with pytest.raises(IntegrityError), transaction.atomic():
            IndicatorAppraisal.objects.update(superseded=superseded, override_reason=why)


def test_the_page_asks_why_and_keeps_what_was_typed(client, sent_back, appraiser):
    client.force_login(appraiser)
    url = reverse("evaluations:appraise", args=[sent_back.pk, CODE])
    version = version_of(sent_back, result_of(sent_back, CODE))
    words = {"verdict": "adjust", "reason": "Rút danh hiệu", "version": version, **FIGURES}

    assertContains(client.get(url), f"Đơn vị đã đọc kết luận của Sở là <b>chấp nhận: {OLD}</b>")
    refused = client.post(url, words)
    assertContains(refused, "Ghi vì sao đổi", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assertContains(refused, "Rút danh hiệu", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    saved = client.post(url, words | {"override_reason": WHY})

    assert saved.status_code == HTTPStatus.FOUND
    assertContains(client.get(url), WHY)


def test_a_verdict_that_was_never_sent_is_changed_without_a_word(client, evaluation, appraiser):
    accept(evaluation, appraiser)
    adjust(evaluation, appraiser, override_reason="")
    client.force_login(appraiser)

    page = client.get(reverse("evaluations:appraise", args=[evaluation.pk, CODE]))

    assertNotContains(page, "override_reason")


def test_the_unit_and_the_readers_see_the_override_once_it_is_sent(
    client, sent_back, appraiser, leader, council_member, approver
):
    adjust(sent_back, appraiser, override_reason=WHY)
    history = reverse("evaluations:history", args=[sent_back.pk])
    indicator = reverse("evaluations:indicator", args=[sent_back.pk, CODE])
    for person in (leader, council_member):
        client.force_login(person)
        for url in (history, indicator):
            assertNotContains(client.get(url), WHY)

    finish(sent_back, appraiser)

    for person in (leader, council_member, approver):
        client.force_login(person)
        for url in (history, indicator):
            assertContains(client.get(url), WHY)
            assertContains(client.get(url), f"chấp nhận: {OLD}")
