"""Words that others overtook are refused, and given back with who was quicker and where to go."""

import json
from http import HTTPStatus

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.assignments import assign, hand_over, return_part
from evaluations.actions.results import values_of
from evaluations.actions.steps import take_step
from evaluations.models import CouncilSession, Opinion
from organisations.models import Role
from tests.evaluations.city_world import CityWorld, make_city_world
from tests.factories import (
    make_city,
    make_complete_dossier,
    make_confirmed_dossier,
    make_session,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db
WORDS = "Mười dòng chữ\nvừa gõ"
SHOWN = "Mười dòng chữ<br>vừa gõ"
UNSAVED = "Chữ anh, chị vừa gõ, chưa lưu"


@pytest.fixture
def world() -> CityWorld:
    made = make_city_world()
    made.fill()
    return made


def told(page, *texts, status=HTTPStatus.FORBIDDEN):
    for text in (UNSAVED, *texts):
        assertContains(page, text, status_code=status)


def bare(page, status=HTTPStatus.FORBIDDEN):
    assertNotContains(page, UNSAVED, status_code=status)


def typed(result, **words):
    """As the page posts it: every field, and what it was opened with."""
    values = values_of(result)
    return {**values, "explanation": WORDS, **words, "base": json.dumps(values)}


def test_an_indicator_that_a_colleague_handed_over(client, world):
    result, leader = world.result("1.1.1"), world.people["SNV leader"]
    client.force_login(world.people["SNV editor"])
    hand_over(result=result, by=leader)

    page = client.post(result.get_absolute_url(), typed(result, met="no"))

    told(page, "Chưa lưu được chỉ báo 1.1.1", f"{leader.full_name} đã bàn giao", SHOWN)
    told(page, "Thuyết minh", "Chưa đạt", result.get_absolute_url())
    assertNotContains(page, "phù hợp với thực tiễn", status_code=403)  # as it was, and saved
    assert world.result("1.1.1").explanation != WORDS


def test_an_indicator_that_went_to_another_agency_tells_nothing_but_the_words(client, world):
    result = world.result("2.1.2")
    words = typed(result, achieved="29")
    client.force_login(world.people["SNV editor"])
    administrator = world.people["administrator"]
    assign(result=result, agency=world.offices["VPUB"], due_on=None, by=administrator)
    nowhere = result.get_absolute_url().replace("2.1.2", "9.9.9")

    page = client.post(result.get_absolute_url(), words)

    told(page, "vừa được giao cho cơ quan khác", SHOWN, ">29<", status=HTTPStatus.NOT_FOUND)
    assertNotContains(page, "Văn phòng", status_code=HTTPStatus.NOT_FOUND)
    assertNotContains(page, result.get_absolute_url() + '"', status_code=HTTPStatus.NOT_FOUND)
    told(client.post(nowhere, words), "chưa lưu", status=HTTPStatus.NOT_FOUND)  # the same
    assert world.result("2.1.2").explanation != WORDS
    client.force_login(world.people["SGDDT editor"])  # who compiles sees whose it is
    told(client.post(result.get_absolute_url(), words), "hiện giao cho Văn phòng", SHOWN)


def test_an_indicator_of_a_dossier_that_was_sent_meanwhile(client, leader, editor, appraiser):
    result = result_of(make_complete_dossier(leader.organisation), "2.2.1")
    words = typed(result, total="31")
    take_step(evaluation=result.evaluation, step_name="submit", by=leader)

    for person, reply in ((editor, told), (appraiser, bare)):
        client.force_login(person)
        reply(client.post(result.get_absolute_url(), words))
    client.force_login(editor)
    page = client.post(result.get_absolute_url(), words)
    told(page, f"{leader.full_name} (", "Hồ sơ bây giờ", SHOWN, ">31<")
    bare(client.post(result.get_absolute_url(), words, headers={"HX-Request": "true"}))
    bare(client.post(result.get_absolute_url()))


def test_the_reason_for_an_indicator_that_a_colleague_gave_back_first(client, world):
    world.hand_over("2.2.1")
    url, colleague = world.url("2.2.1", "tra-lai/"), world.people["SGDDT editor"]
    client.force_login(world.people["SGDDT leader"])
    return_part(result=world.result("2.2.1"), reason="Thiếu số", by=colleague)

    page = client.post(url, {"reason": WORDS})

    told(page, "Chưa trả lại được 2.2.1", f"{colleague.full_name} đã trả lại", "“Thiếu số”", SHOWN)
    assert world.result("2.2.1").assigned.reason == "Thiếu số"
    bare(client.get(url))
    client.force_login(world.people["VPUB editor"])
    bare(client.post(url, {"reason": WORDS}))


def test_an_opinion_on_a_session_that_was_closed_meanwhile(client, observer, approver, monkeypatch):
    member = make_user(Role.COUNCIL, make_city())
    session = make_session(make_confirmed_dossier(), members=[member])
    item = session.items.get()
    words = {"stand": "differs", "text": WORDS}
    stranger = make_user(Role.COUNCIL, make_city())
    client.force_login(stranger)
    told(client.post(item.get_absolute_url(), words), "không có tên trong thành phần", SHOWN)

    def close():
        CouncilSession.objects.update(closed_at=timezone.now(), closed_by=approver)

    client.force_login(member)
    # Between the question and the write, which asks again.
    monkeypatch.setattr("evaluations.views.council.can_give_opinion", lambda *_: close() or True)
    for _ in range(2):
        page = client.post(item.get_absolute_url(), words)
        told(page, f"{approver.full_name} đã kết thúc phiên họp", session.secretary, SHOWN)
        told(page, "Không đồng ý", "Chưa ghi được ý kiến")
        monkeypatch.undo()
    assert not Opinion.objects.exists()
    client.force_login(observer)
    bare(client.post(item.get_absolute_url(), words))
