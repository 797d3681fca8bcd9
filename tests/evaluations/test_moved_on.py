"""A step or a verdict that comes too late is told who moved the dossier on, and what to do."""

from http import HTTPStatus

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.steps import take_step
from evaluations.models import Evaluation, IndicatorAppraisal
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import make_complete_dossier, make_user, result_of

pytestmark = pytest.mark.django_db
TOO_LATE, ANOTHER = "Hồ sơ đã chuyển bước", "Việc này phải do người khác làm"


@pytest.fixture
def evaluation(leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    return evaluation


@pytest.fixture
def appraised(evaluation, appraiser):
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    return evaluation


def press(client, evaluation, step_name, **typed):
    return client.post(reverse("evaluations:take-step", args=[evaluation.pk, step_name]), typed)


def told(page, *texts):
    for text in texts:
        assertContains(page, text, status_code=HTTPStatus.FORBIDDEN)


def test_a_second_approver_reads_who_confirmed_and_keeps_the_note(client, appraised, approver):
    take_step(evaluation=appraised, step_name="confirm", by=approver, note="Đồng ý")
    client.force_login(make_user(Role.APPROVER, approver.organisation))

    page = press(client, appraised, "send-back", note="Xem lại số của 2.1.2")

    told(page, TOO_LATE, "không chuyển lại để thẩm định tiếp được nữa", "Vũ Văn Duyệt")
    told(page, "đã xác nhận kết quả thẩm định", "“Đồng ý”", "đã xác nhận, chờ hội đồng")
    told(page, "Xem lại số của 2.1.2", "Lúc này anh, chị làm được: <b>mở lại thẩm định</b>")
    assert Evaluation.objects.get().status == Status.CONFIRMED


def test_pressing_the_same_button_twice_is_no_news(client, appraised, approver):
    client.force_login(approver)

    for _ in range(2):
        assert press(client, appraised, "confirm").status_code == HTTPStatus.FOUND
    assert appraised.events.filter(kind="confirm").count() == 1


def test_who_took_part_reads_that_another_confirms_and_who_that_is(
    client, evaluation, appraiser, approver
):
    appraise(result=result_of(evaluation, "2.2.1"), verdict="accept", by=appraiser)
    take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    appraiser.role = Role.APPROVER
    appraiser.save(update_fields=["role"])
    client.force_login(appraiser)

    told(press(client, evaluation, "confirm"), ANOTHER, "<b>Vũ Văn Duyệt</b>")
    approver.is_active = False
    approver.save(update_fields=["is_active"])
    told(press(client, evaluation, "confirm"), "quản trị của Sở cấp thêm tài khoản")
    assert Evaluation.objects.get().status == Status.APPRAISED


def test_who_wrote_for_the_unit_reads_that_another_appraises(client, leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    leader.role, leader.organisation = Role.APPRAISER, appraiser.organisation
    leader.save(update_fields=["role", "organisation"])
    client.force_login(leader)

    told(press(client, evaluation, "take-in"), ANOTHER, "<b>Lê Thị Thẩm</b>")
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    url = reverse("evaluations:appraise", args=[evaluation.pk, "2.2.1"])
    told(client.post(url, {"verdict": "ask", "reason": "Chữ"}), ANOTHER, "Chữ")
    assert not IndicatorAppraisal.objects.exists()


def test_a_verdict_that_comes_too_late_is_given_back_with_all_its_words(
    client, appraised, appraiser
):
    colleague = make_user(Role.APPRAISER, appraiser.organisation)
    client.force_login(colleague)
    words = {
        "verdict": "adjust",
        "achieved": "82",
        "total": "92",
        "reason": "Dòng 41 và 42 là một",
        "private_note": "Hỏi lại Phòng VHTT",
    }

    page = client.post(reverse("evaluations:appraise", args=[appraised.pk, "2.2.1"]), words)

    told(page, TOO_LATE, "không lưu thẩm định 2.2.1 được nữa", "Điều chỉnh", ">82<", ">92<")
    told(page, words["reason"], words["private_note"], "Lê Thị Thẩm", "kết thúc thẩm định")
    assert not IndicatorAppraisal.objects.filter(verdict="adjust").exists()
    bulk = client.post(reverse("evaluations:accept-rest", args=[appraised.pk]))
    told(bulk, "không chấp nhận chung các chỉ báo được nữa")


def test_the_unit_too_reads_who_was_quicker(client, leader):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    client.force_login(make_user(Role.LEADER, leader.organisation))

    told(press(client, evaluation, "submit", note="Kính gửi"), TOO_LATE, "Trần Văn Trưởng")
    told(press(client, evaluation, "submit", note="Kính gửi"), "Kính gửi")


def test_who_may_never_take_the_step_learns_nothing_more(client, appraised, leader, appraiser):
    for person, step_name in ((leader, "confirm"), (appraiser, "send-back"), (appraiser, "submit")):
        client.force_login(person)
        page = press(client, appraised, step_name)
        assert page.status_code == HTTPStatus.FORBIDDEN
        assertNotContains(page, TOO_LATE, status_code=HTTPStatus.FORBIDDEN)
        assertNotContains(page, ANOTHER, status_code=HTTPStatus.FORBIDDEN)
