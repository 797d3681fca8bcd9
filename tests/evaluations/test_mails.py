"""Mails of a step: to whom, what they say, and that they never stand in the way of the step."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core import mail as outbox_of
from django.utils import timezone
from kombu.exceptions import OperationalError

from evaluations import tasks
from evaluations.actions.steps import take_step
from evaluations.models import Evaluation, IndicatorAppraisal, Mail
from evaluations.workflow import Status
from organisations.models import AccountEvent, Role
from tests.evaluations.counting import step
from tests.factories import make_complete_dossier, make_department, make_user, result_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def orders(monkeypatch):
    """What was ordered of a worker; nothing is sent until a test sends it."""
    sent = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, **options: sent.append(name))
    return sent


@pytest.fixture
def outbox():
    return outbox_of.outbox


@pytest.fixture
def leader(district):
    return make_user(
        Role.LEADER, district, email="lanh.dao@vinhbao.example", full_name="Trần Trưởng"
    )


@pytest.fixture
def editor(district):
    return make_user(Role.EDITOR, district, email="can.bo@vinhbao.example")


@pytest.fixture
def appraiser():
    return make_user(Role.APPRAISER, make_department(), email="tham.dinh@haiphong.example")


@pytest.fixture
def evaluation(district, leader, editor, appraiser):
    make_user(Role.LEADER, email="noi.khac@lechan.example")
    make_user(Role.OBSERVER, make_department(), email="theo.doi@haiphong.example")
    return make_complete_dossier(district, by=editor)


def give_back(evaluation, by):
    IndicatorAppraisal.objects.create(
        result=result_of(evaluation, "2.1.2"),
        verdict="ask",
        reason="Lý do chỉ đơn vị được đọc",
        decided_by=by,
        decided_at=timezone.now(),
    )
    due_on = timezone.localdate() + timedelta(days=7)
    take_step(evaluation=evaluation, step_name="return", by=by, note="Ý kiến chung", due_on=due_on)
    return due_on


def to(outbox) -> dict:
    return {message.to[0]: message for message in outbox}


def test_a_submission_is_told_to_the_so_and_receipted_to_the_leader(
    evaluation, leader, appraiser, outbox, orders, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        step(evaluation, "submit", leader)
    assert orders == ["evaluations.tasks.deliver_mails"]
    assert outbox == []  # sent by the worker, never by the page

    tasks.deliver_mails()
    tasks.deliver_mails()

    sent = to(outbox)
    assert len(outbox) == len(sent) == 2
    assert sent[appraiser.email].subject == (
        "[Học tập suốt đời] Huyện Vĩnh Bảo gửi hồ sơ, chờ tiếp nhận"
    )
    assert "đã nhận hồ sơ của huyện Vĩnh Bảo, lần gửi 1" in sent[leader.email].body
    assert "Người gửi: Trần Trưởng." in sent[leader.email].body


def test_a_return_is_told_to_the_unit_without_its_reasons(
    evaluation, leader, editor, appraiser, outbox
):
    step(evaluation, "submit", leader)
    step(evaluation, "take-in", appraiser)
    due_on = give_back(evaluation, appraiser)

    tasks.deliver_mails()

    sent = to(outbox)
    # What was told of the submission is past by now, but the receipt is still true.
    assert set(sent) == {leader.email, editor.email}
    message = sent[editor.email]
    assert f"hạn {due_on:%d/%m/%Y}" in message.subject
    assert "Chỉ báo cần bổ sung: 2.1.2" in message.body
    assert "Lý do chỉ đơn vị được đọc" not in message.body
    assert "Ý kiến chung" not in message.body
    assert len(outbox) == 3


def test_other_steps_write_no_mail(evaluation, leader, appraiser):
    step(evaluation, "submit", leader)
    Mail.objects.all().delete()

    step(evaluation, "take-in", appraiser)

    assert Mail.objects.count() == 0


@pytest.mark.parametrize("broken", ["queue", "anything"])
def test_a_queue_that_fails_does_not_undo_the_step(
    evaluation, leader, monkeypatch, broken, django_capture_on_commit_callbacks
):
    def fails(name, **options):
        raise OperationalError if broken == "queue" else RuntimeError("hỏng")

    monkeypatch.setattr("celery.current_app.send_task", fails)

    with django_capture_on_commit_callbacks(execute=True):
        step(evaluation, "submit", leader)

    evaluation.refresh_from_db()
    assert evaluation.status == Status.SUBMITTED
    assert set(Mail.objects.values_list("status", flat=True)) == {"waiting"}


def test_a_letter_that_is_no_longer_true_is_not_sent(evaluation, leader, appraiser, outbox):
    """The dossier was taken back, the reader's account put out of use, mail switched off."""
    step(evaluation, "submit", leader)
    step(evaluation, "withdraw", leader)
    tasks.deliver_mails()
    assert set(to(outbox)) == {leader.email}  # the receipt

    outbox.clear()
    step(evaluation, "submit", leader)
    type(leader).objects.filter(pk=leader.pk).update(wants_mail=False)
    type(appraiser).objects.filter(pk=appraiser.pk).update(is_active=False)
    tasks.deliver_mails()
    assert outbox == []
    assert set(Mail.objects.values_list("status", flat=True)) == {"sent", "dropped"}


def test_a_practice_round_writes_no_mail_unless_told_to(evaluation, leader, settings):
    type(evaluation.pilot_round).objects.update(is_practice=True)

    step(Evaluation.objects.get(pk=evaluation.pk), "submit", leader)
    assert Mail.objects.count() == 0

    settings.MAIL_PRACTICE_ROUNDS = True
    step(Evaluation.objects.get(pk=evaluation.pk), "withdraw", leader)
    step(Evaluation.objects.get(pk=evaluation.pk), "submit", leader)
    assert Mail.objects.count() == 2


def test_a_person_switches_mail_off_and_on(client, leader):
    client.force_login(leader)
    for wants, word in (("0", "không nhận"), ("1", "nhận")):
        answer = client.post("/tai-khoan/thu/", {"wants": wants})
        assert answer.status_code == HTTPStatus.FOUND
        leader.refresh_from_db()
        assert leader.wants_mail is (wants == "1")
        newest = AccountEvent.objects.filter(person=leader).latest("pk")
        assert newest.detail == f"thư nhắc việc: {word}"

    client.post("/tai-khoan/thu/", {"wants": "sai"})
    leader.refresh_from_db()
    assert leader.wants_mail
