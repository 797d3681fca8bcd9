"""The inbox: who is told of which step, what they see of it, and what becomes read."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.council import Attendee, plan_session
from evaluations.actions.decisions import Said, record_decision
from evaluations.actions.notices import tell
from evaluations.actions.rounds import extend
from evaluations.actions.sheets import take_sheet_step
from evaluations.actions.steps import NotReady, take_step
from evaluations.models import IndicatorAppraisal, Mail, Notice
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.counting import step
from tests.evaluations.filled_sheets import fill
from tests.factories import (
    make_agency,
    make_complete_dossier,
    make_confirmed_dossier,
    make_department,
    make_dossier,
    make_line,
    make_round,
    make_session,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db
INBOX = "/thong-bao/"


def told(kind=None) -> dict:
    """Who was told what, by person; of one kind, or of all."""
    found = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    return {notice.recipient: notice.text for notice in found.select_related("recipient")}


@pytest.fixture
def people(district, editor, leader, appraiser, approver, council_member, outsider, observer):
    """Everybody who could be told too much."""
    return {
        "editor": editor,
        "leader": leader,
        "appraiser": appraiser,
        "second": make_user(Role.APPRAISER, make_department(), full_name="Ngô Thị Hai"),
        "gone": make_user(Role.APPRAISER, make_department(), is_active=False),
        "approver": approver,
        "council": council_member,
        "outsider": outsider,
        "observer": observer,
    }


@pytest.fixture
def evaluation(people, district, editor):
    return make_complete_dossier(district, by=editor)


def ask_about(evaluation, code, by, reason="Gửi danh sách xã."):
    IndicatorAppraisal.objects.create(
        result=result_of(evaluation, code),
        verdict="ask",
        reason=reason,
        decided_by=by,
        decided_at=timezone.now(),
    )


def give_back(evaluation, by, code="2.1.2", days=7):
    ask_about(evaluation, code, by)
    due_on = timezone.localdate() + timedelta(days=days)
    take_step(evaluation=evaluation, step_name="return", by=by, note="Bổ sung giúp.", due_on=due_on)
    return due_on


# --- Who is told ------------------------------------------------------------------------------


def test_each_step_is_told_to_those_whose_move_it_becomes(evaluation, people):
    """One dossier's whole way; of each step exactly the people named, and never who took it."""

    def names(kind):
        return {name for name, person in people.items() if person in told(kind)}

    step(evaluation, "submit", people["leader"])
    assert told() == {
        people["appraiser"]: "Huyện Vĩnh Bảo gửi hồ sơ, chờ Sở tiếp nhận",
        people["second"]: "Huyện Vĩnh Bảo gửi hồ sơ, chờ Sở tiếp nhận",
    }
    step(evaluation, "take-in", people["appraiser"])
    assert told("taken_in") == {people["second"]: "Lê Thị Thẩm đã tiếp nhận hồ sơ huyện Vĩnh Bảo"}
    due_on = give_back(evaluation, people["appraiser"])
    returned = f"Hồ sơ được trả lại để bổ sung 2.1.2, hạn {due_on:%d/%m/%Y}"
    assert told("returned") == {people["editor"]: returned, people["leader"]: returned}

    evaluation.results.update(reply="Đã gửi kèm.")
    step(evaluation, "submit", people["leader"])
    step(evaluation, "take-in", people["second"])
    IndicatorAppraisal.objects.all().delete()
    for result in evaluation.results.all():
        IndicatorAppraisal.objects.create(
            result=result,
            verdict="accept",
            decided_by=people["appraiser"],
            decided_at=timezone.now(),
        )
    step(evaluation, "finish", people["appraiser"])
    assert names("appraised") == {"approver"}
    step(evaluation, "send-back", people["approver"])
    assert names("reopened") == {"appraiser", "second"}
    step(evaluation, "finish", people["appraiser"])
    other = make_user(Role.APPROVER, make_department())
    step(evaluation, "confirm", people["approver"])
    assert set(told("confirmed")) == {other}

    assert not {people["outsider"], people["observer"], people["gone"]} & set(told())


def test_a_step_that_is_refused_tells_nobody(evaluation, people):
    evaluation.results.filter(indicator__code="2.1.2").update(typed={})

    with pytest.raises(NotReady):
        take_step(evaluation=evaluation, step_name="submit", by=people["leader"])

    assert (Notice.objects.count(), Mail.objects.count()) == (0, 0)


def test_a_decision_and_a_new_date_are_told_to_the_unit(people, district, administrator):
    confirmed = make_confirmed_dossier(district, by=people["appraiser"])
    make_session(confirmed, concluded=1)
    record_decision(
        pilot_round=confirmed.pilot_round,
        details={
            "number": "1/QĐ-UBND",
            "signed_on": date(2022, 12, 28),
            "issuer": "UBND thành phố",
            "signer_name": "Lê Văn Ký",
            "signer_position": "Phó Chủ tịch",
        },
        lines=[Said(confirmed.pk, 1)],
        uploaded=ContentFile(samples.pdf("quyết định"), name="q.pdf"),
        by=people["approver"],
    )
    decided = told("decided")
    assert {person.organisation for person in decided} == {district}
    assert {people["editor"], people["leader"]} <= set(decided)
    assert set(decided.values()) == {"Quyết định số 1/QĐ-UBND ngày 28/12/2022: mức độ 1"}

    draft = make_dossier(district)
    until = timezone.localdate() + timedelta(days=30)
    extend(evaluation=draft, until=until, reason="Mưa lũ", by=administrator)
    assert set(told("extended")) == set(decided)
    assert told("extended")[people["editor"]] == f"Hồ sơ được gia hạn đến {until:%d/%m/%Y}"


def test_members_are_asked_for_an_opinion_once(people, approver):
    evaluation = make_confirmed_dossier()
    details = {
        "held_on": date(2022, 12, 20),
        "place": "Phòng họp",
        "chair": "Nguyễn Thị Chủ",
        "secretary": "Trần Văn Ký",
    }
    member = people["council"]
    guest = Attendee(name="Khách không có tài khoản")

    session = plan_session(
        pilot_round=evaluation.pilot_round,
        details=details,
        attendees=[Attendee(name=member.full_name, person_id=member.pk), guest],
        dossiers=[evaluation.pk],
        by=approver,
    )

    assert told("session") == {member: "Mời cho ý kiến 1 hồ sơ trước phiên họp ngày 20/12/2022"}
    assert Notice.objects.visible_to(member).get().get_absolute_url() == session.get_absolute_url()


@pytest.mark.parametrize(
    ("step_name", "text"),
    [
        ("return", "Phiếu tự chấm năm 2022 bị trả lại để sửa"),
        ("confirm", "Phiếu tự chấm năm 2022 đã được xác nhận"),
    ],
)
def test_what_becomes_of_a_sheet_is_told_to_its_unit(district, leader, step_name, text):
    agency = make_agency("Trường THCS Tam Đa", "316-002", parent=district)
    scored = make_user(Role.LEADER, agency)
    line = make_line(make_round(), agency)
    fill(line, by=scored)
    take_sheet_step(result=line, step_name="submit", by=scored)

    take_sheet_step(result=line, step_name=step_name, by=leader, note="Xem lại mục 1.")

    assert told() == {scored: text}


# --- What is seen -----------------------------------------------------------------------------


def test_what_one_may_no_longer_see_is_not_in_the_inbox(client, evaluation, people, outsider):
    """Taken back to a draft the dossier is its unit's own business; a person who moved on is no
    longer of it."""
    step(evaluation, "submit", people["leader"])
    step(evaluation, "withdraw", people["leader"])
    notice = Notice.objects.get(recipient=people["appraiser"])
    client.force_login(people["appraiser"])

    assertNotContains(client.get(INBOX), "Vĩnh Bảo gửi hồ sơ")
    assertContains(client.get(INBOX), "Chưa có thông báo nào")
    answer = client.get(reverse("evaluations:open-notice", args=[notice.pk]))
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "count" not in masthead(client.get(INBOX))

    editor = people["editor"]
    tell(people=[editor], kind="returned", text="Của huyện cũ", evaluation=evaluation)
    editor.organisation = outsider.organisation
    editor.save()
    client.force_login(editor)
    assertNotContains(client.get(INBOX), "Của huyện cũ")


def masthead(page) -> str:
    return page.text.split("</header>")[0].split('class="inbox"')[1].split("</a>")[0]


def test_an_inbox_is_its_owners(client, editor, leader, evaluation):
    tell(people=[leader], kind="returned", text="Của lãnh đạo", evaluation=evaluation)
    notice = Notice.objects.get()
    client.force_login(editor)

    assertNotContains(client.get(INBOX), "Của lãnh đạo")
    for name in ("open-notice", "read-notice"):
        address = reverse(f"evaluations:{name}", args=[notice.pk])
        call = client.get if name == "open-notice" else client.post
        assert call(address).status_code == HTTPStatus.NOT_FOUND
    client.post(reverse("evaluations:read-all-notices"), {"newest": notice.pk})
    notice.refresh_from_db()
    assert notice.is_unread


def test_opening_a_notice_reads_it_and_leads_to_what_it_is_about(client, editor, evaluation):
    result = result_of(evaluation, "2.1.2")
    tell(people=[editor], kind="returned", text="Bổ sung 2.1.2", result=result)
    notice = Notice.objects.get()
    client.force_login(editor)
    assert "1" in masthead(client.get("/"))

    client.head(reverse("evaluations:open-notice", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.is_unread  # asked by a machine, not read by a person

    answer = client.get(reverse("evaluations:open-notice", args=[notice.pk]))
    assert answer.url == result.get_absolute_url()
    notice.refresh_from_db()
    first = notice.read_at
    assert first
    client.get(reverse("evaluations:open-notice", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first
    assert "count" not in masthead(client.get("/"))


def test_all_are_read_but_those_that_came_after_the_page_was_drawn(client, editor, evaluation):
    for number in range(3):
        tell(people=[editor], kind="extended", text=f"Việc {number}", evaluation=evaluation)
    shown = list(Notice.objects.order_by("pk"))
    client.force_login(editor)
    assertContains(client.get(INBOX), f'name="newest" value="{shown[-1].pk}"')

    answer = client.post(
        reverse("evaluations:read-all-notices"), {"newest": shown[1].pk}, follow=True
    )

    assertContains(answer, "Đã đánh dấu đọc 2 thông báo.")
    assert list(Notice.objects.unread()) == [shown[2]]
    only_unread = client.get(INBOX, {"loc": "chua-doc"})
    assertContains(only_unread, "Việc 2")
    assertNotContains(only_unread, "Việc 1")


def test_a_notice_says_when_the_dossier_has_moved_on(client, evaluation, people):
    step(evaluation, "submit", people["leader"])
    client.force_login(people["second"])
    assertNotContains(client.get(INBOX), "đã sang bước khác")

    assert "1" in masthead(client.get(INBOX))

    step(evaluation, "take-in", people["appraiser"])

    # Of the two lines only the one of the last step is unread and counted.
    page = client.get(INBOX)
    assertContains(page, "hồ sơ đã sang bước khác", count=1)
    assertContains(page, "Đã qua", count=1)
    assertContains(page, 'class="unread"', count=1)
    assert [notice.kind for notice in Notice.objects.visible_to(people["second"]).unread()] == [
        "taken_in"
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_the_inbox_asks_the_database_the_same_however_full(
    client, editor, count, django_assert_num_queries
):
    for _ in range(count):
        tell(
            people=[editor],
            kind="extended",
            text="Việc",
            evaluation=make_dossier(editor.organisation),
        )
    client.force_login(editor)
    client.get(INBOX)

    with django_assert_num_queries(11):
        client.get(INBOX)


def test_the_database_holds_one_line_for_a_person_and_step(evaluation, people):
    step(evaluation, "submit", people["leader"])
    event = evaluation.events.get(kind="submit")

    with pytest.raises(Exception, match="one_notice_per_person_and_event|UNIQUE"):
        tell(people=[people["appraiser"]], kind="submitted", text="Lần nữa", event=event)
