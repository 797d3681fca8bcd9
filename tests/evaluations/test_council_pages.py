"""The pages of the council's sessions: planning, opinions, minutes, closing, “Việc của tôi”."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.council import close_session, give_opinion, version_of
from evaluations.actions.steps import take_step
from evaluations.duties import home_of
from evaluations.models import CouncilSession, Evaluation, Opinion
from organisations.models import Role
from tests.factories import (
    make_city,
    make_confirmed_dossier,
    make_district,
    make_round,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db
SESSIONS = "/phien-hop/"
PLAN = "/phien-hop/lap/"


@pytest.fixture
def dossiers():
    pilot_round = make_round()
    units = [make_district("Huyện Vĩnh Bảo", "316"), make_district("Quận Lê Chân", "305")]
    return [make_confirmed_dossier(unit, pilot_round=pilot_round) for unit in units]


@pytest.fixture
def members():
    return [
        make_user(Role.COUNCIL, make_city(), full_name=name)
        for name in ("Hoàng Văn Hội", "Phạm Thị Khuyến")
    ]


def plan(evaluations, people=(), **fields):
    return {
        "held_on": "20/12/2022",
        "starts_at": "8:30",
        "place": "Phòng họp số 2",
        "chair": "Nguyễn Thị Chủ",
        "secretary": "Trần Văn Ký",
        "people": [each.pk for each in people],
        "others": "Vũ Văn Khách, Phó Giám đốc Sở Nội vụ",
        "dossiers": [each.pk for each in evaluations],
        **fields,
    }


def minutes(session, **fields):
    """The minutes as the page sends them: everybody present, everything at level 1."""
    data = {"version": version_of(session)}
    for member in session.members.all():
        data[f"present-{member.pk}"] = "on"
    for item in session.items.all():
        data |= {
            f"votes_for-{item.pk}": "2",
            f"votes_against-{item.pk}": "0",
            f"concluded_level-{item.pk}": "1",
        }
    return data | fields


def url_of(session, name):
    return reverse(f"evaluations:{name}", args=[session.pk])


# --- Planning -------------------------------------------------------------------------------


def test_the_plan_offers_confirmed_dossiers_with_level_and_sentence(client, approver, dossiers):
    client.force_login(approver)

    page = client.get(PLAN)

    assertContains(page, "Huyện Vĩnh Bảo")
    assertContains(page, "Mức độ 1 vì 2.1.2 đạt 76,7")
    form = page.context["form"]
    assert [is_ticked for _, is_ticked in form.dossier_rows] == [True, True]


def test_planning_makes_a_session_with_accounts_and_guests(client, approver, dossiers, members):
    client.force_login(approver)

    page = client.post(PLAN, plan(dossiers, members))

    session = CouncilSession.objects.get()
    assertRedirects(page, session.get_absolute_url())
    assert (session.held_on, f"{session.starts_at:%H:%M}") == (date(2022, 12, 20), "08:30")
    assert [(each.person, each.name, each.position) for each in session.members.all()] == [
        (members[0], "Hoàng Văn Hội", ""),
        (members[1], "Phạm Thị Khuyến", ""),
        (None, "Vũ Văn Khách", "Phó Giám đốc Sở Nội vụ"),
    ]


@pytest.mark.parametrize("typed", ["8:30", "08:30", "8h30", "8 giờ 30"])
def test_the_hour_is_read_as_people_write_it(client, approver, dossiers, typed):
    client.force_login(approver)

    client.post(PLAN, plan(dossiers, starts_at=typed))

    assert f"{CouncilSession.objects.get().starts_at:%H:%M}" == "08:30"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("held_on", "2022/12/20", "Ngày viết theo dạng ngày/tháng/năm"),
        ("starts_at", "sáng", "Ghi giờ và phút"),
        ("place", "", "Ghi địa điểm họp."),
        ("dossiers", [], "Đánh dấu ít nhất một hồ sơ đưa ra phiên họp."),
        ("dossiers", ["999999"], "không còn ở bước chờ hội đồng"),
        ("others", "Vũ Văn A\nVũ Văn A, ủy viên", "được ghi hai lần"),
        ("others", "", "Ghi ít nhất một thành viên hội đồng."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client, approver, dossiers, field, value, said
):
    client.force_login(approver)

    page = client.post(PLAN, plan(dossiers, **{"chair": "Nguyễn Thị Chủ", field: value}))

    assertContains(page, said, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assertContains(page, "Nguyễn Thị Chủ", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assert not CouncilSession.objects.exists()


def test_the_next_plan_begins_as_the_last_session_was(client, approver, dossiers, members):
    make_session(dossiers[0], members=members, place="Hội trường 2")
    client.force_login(approver)

    form = client.get(PLAN).context["form"]

    assert form["place"].value() == "Hội trường 2"
    assert form["people"].value() == [each.pk for each in members]
    assert [each.evaluation for each, _ in form.dossier_rows] == [dossiers[1]]


def test_an_edit_from_an_old_page_is_refused_with_its_text(client, approver, dossiers, members):
    session = make_session(*dossiers, members=members)
    client.force_login(approver)
    old = version_of(session)
    client.post(url_of(session, "change-session"), plan(dossiers, members, version=old))

    page = client.post(
        url_of(session, "change-session"),
        plan(dossiers, members, version=old, place="Nơi khác"),
    )

    assertContains(page, "Người khác vừa sửa phiên họp này", status_code=422)
    assertContains(page, "Nơi khác", status_code=422)
    session.refresh_from_db()
    assert session.place == "Phòng họp số 2"


# --- Opinions -------------------------------------------------------------------------------


def test_a_member_goes_from_dossier_to_dossier(client, dossiers, members):
    session = make_session(*dossiers, members=members)
    first, second = session.items.order_by("evaluation__unit__code")
    client.force_login(members[0])

    page = client.post(first.get_absolute_url(), {"stand": "agrees", "text": ""})
    last = client.post(second.get_absolute_url(), {"stand": "asks", "text": "2.1.2?"})

    assertRedirects(page, second.get_absolute_url())
    assertRedirects(last, session.get_absolute_url())
    assert [each.stand for each in Opinion.objects.order_by("pk")] == ["agrees", "asks"]


@pytest.mark.parametrize(
    ("stand", "said"), [("differs", "Ghi lý do không đồng ý."), ("asks", "Ghi điều cần làm rõ.")]
)
def test_other_opinions_say_why(client, dossiers, members, stand, said):
    item = make_session(*dossiers, members=members).items.first()
    client.force_login(members[0])

    page = client.post(item.get_absolute_url(), {"stand": stand, "text": "  "})

    assertContains(page, said, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assert not Opinion.objects.exists()


def test_others_opinions_are_on_no_page_before_ones_own(client, dossiers, members):
    session = make_session(*dossiers, members=members)
    item = session.items.first()
    give_opinion(item=item, stand="differs", text="Thiếu kế hoạch", by=members[1])
    client.force_login(members[0])

    before = [client.get(item.get_absolute_url()), client.get(session.get_absolute_url())]
    client.post(item.get_absolute_url(), {"stand": "agrees"})
    after = [client.get(item.get_absolute_url()), client.get(session.get_absolute_url())]

    for page in before:
        assertNotContains(page, "Thiếu kế hoạch")
        assertNotContains(page, "1 không đồng ý")
    assertContains(after[0], "Thiếu kế hoạch")
    assertContains(after[1], "1 không đồng ý")


def test_an_observer_reads_no_opinion_before_the_session_is_closed(
    client, approver, observer, dossiers, members
):
    session = make_session(*dossiers, members=members)
    item = session.items.first()
    give_opinion(item=item, stand="differs", text="Thiếu kế hoạch", by=members[1])
    client.force_login(observer)
    before = client.get(item.get_absolute_url())
    session.items.update(votes_for=2, votes_against=0, concluded_level=1)
    close_session(session=session, by=approver)

    after = client.get(item.get_absolute_url())

    assertNotContains(before, "Thiếu kế hoạch")
    assertContains(after, "Thiếu kế hoạch")


def test_a_reader_of_one_district_sees_no_other_dossier_of_the_session(client, dossiers):
    session = make_session(*dossiers)
    client.force_login(make_user(Role.OBSERVER, dossiers[0].unit))
    own, other = (session.items.get(evaluation=each) for each in dossiers)

    page = client.get(session.get_absolute_url())

    assertContains(page, "Vĩnh Bảo")
    assertNotContains(page, "Lê Chân")
    assert client.get(own.get_absolute_url()).status_code == HTTPStatus.OK
    assert client.get(other.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


# --- Minutes and closing --------------------------------------------------------------------


def test_nobody_is_called_present_before_the_minutes_say_so(client, approver, dossiers, members):
    session = make_session(*dossiers, members=members)
    client.force_login(approver)

    before = client.get(session.get_absolute_url())
    client.post(url_of(session, "minutes"), minutes(session))
    after = client.get(session.get_absolute_url())

    assertContains(before, "Chưa ghi", count=len(members))
    assertNotContains(before, "Có mặt")
    assertContains(after, "Có mặt", count=len(members))
    assertContains(after, f"{len(members)} có mặt.")


def test_minutes_are_typed_and_the_session_is_closed(client, approver, dossiers, members):
    session = make_session(*dossiers, members=members)
    client.force_login(approver)

    saved = client.post(url_of(session, "minutes"), minutes(session))
    closed = client.post(url_of(session, "close-session"))

    assertRedirects(saved, session.get_absolute_url())
    assertRedirects(closed, session.get_absolute_url())
    session.refresh_from_db()
    assert session.closed_by == approver
    assert {item.concluded_level for item in session.items.all()} == {1}
    again = client.post(url_of(session, "close-session"))
    assertRedirects(again, session.get_absolute_url())
    assert client.get(url_of(session, "minutes")).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"votes_for": "3"}, "Có 3 phiếu mà chỉ có 2 thành viên có mặt."),
        ({"votes_for": "hai"}, "Ghi số phiếu bằng chữ số"),
        ({"votes_against": ""}, "Ghi số phiếu; không có phiếu nào thì ghi 0."),
        ({"concluded_level": "2"}, "Kết luận khác mức độ đề nghị thì ghi rõ lý do"),
    ],
)
def test_minutes_that_contradict_themselves_are_refused_whole(
    client, approver, dossiers, members, changed, said
):
    session = make_session(*dossiers, members=members)
    item = session.items.first()
    client.force_login(approver)
    data = minutes(session, **{f"{name}-{item.pk}": text for name, text in changed.items()})

    page = client.post(url_of(session, "minutes"), data)

    assertContains(page, said, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assert not session.items.filter(concluded_level__isnull=False).exists()


def test_who_is_absent_needs_a_reason(client, approver, dossiers, members):
    session = make_session(*dossiers, members=members)
    away = session.members.first()
    client.force_login(approver)
    data = minutes(session)
    del data[f"present-{away.pk}"]

    page = client.post(url_of(session, "minutes"), data)

    assertContains(page, "Ghi lý do vắng", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


def test_minutes_of_an_old_page_do_not_overwrite(client, approver, dossiers, members):
    session = make_session(*dossiers, members=members)
    client.force_login(approver)
    old = minutes(session)
    client.post(url_of(session, "minutes"), old)
    item = session.items.first()

    page = client.post(url_of(session, "minutes"), old | {f"votes_for-{item.pk}": "1"})

    assertContains(page, "Người khác vừa sửa phiên họp này", status_code=422)
    assertContains(page, "2 phiếu đồng ý với kết luận, 0 không.", status_code=422)
    item.refresh_from_db()
    assert item.votes_for == 2


def test_closing_too_early_says_what_is_missing(client, approver, dossiers, members):
    session = make_session(*dossiers, members=members)
    client.force_login(approver)

    page = client.post(url_of(session, "close-session"))

    assertContains(page, "Còn 2 hồ sơ chưa có kết luận", status_code=422)


def test_a_reopened_dossier_is_said_to_have_fallen_out(client, approver, dossiers, members):
    session = make_session(*dossiers, members=members)
    take_step(evaluation=dossiers[0], step_name="reopen", by=approver, note="Sai 2.1.2")
    said = "Hồ sơ được mở lại thẩm định nên ra khỏi phiên họp này."

    for user in (approver, members[0]):
        client.force_login(user)
        assertContains(client.get(session.get_absolute_url()), said)
        item = session.items.get(evaluation=dossiers[0])
        assertContains(client.get(item.get_absolute_url()), said)
        assertNotContains(client.get(item.get_absolute_url()), "Lưu ý kiến")


# --- Việc của tôi ---------------------------------------------------------------------------


def titles(user, evaluation, today=None):
    home = home_of(user, evaluation.pilot_round, today or timezone.localdate())
    return [duty.title for duty in home.mine]


def test_the_approver_is_led_from_confirmed_to_decision(approver, dossiers, members):
    evaluation = dossiers[0]

    waiting = titles(approver, evaluation)
    session = make_session(*dossiers, members=members, held_on=timezone.localdate())
    day_before = titles(approver, evaluation, timezone.localdate() - timedelta(days=1))
    on_the_day = titles(approver, evaluation)
    session.items.update(concluded_level=1, votes_for=2, votes_against=0)
    concluded = titles(approver, evaluation)
    close_session(session=session, by=approver)
    closed = titles(approver, evaluation)

    day = f"{session.held_on:%d/%m/%Y}"
    assert waiting == ["Lập phiên họp"]
    assert day_before == []
    assert on_the_day == [f"Ghi biên bản phiên họp {day}"]
    assert concluded == [f"Kết thúc phiên họp {day}"]
    assert closed == ["Ghi quyết định"]


def test_a_member_is_asked_until_every_opinion_is_given(dossiers, members):
    session = make_session(*dossiers, members=members[:1])
    stranger = members[1]

    before = titles(members[0], dossiers[0])
    give_opinion(item=session.items.first(), stand="agrees", text="", by=members[0])
    between = titles(members[0], dossiers[0])
    give_opinion(item=session.items.last(), stand="agrees", text="", by=members[0])
    after = titles(members[0], dossiers[0])

    assert (before, between, after) == (["Cho ý kiến 2 hồ sơ"], ["Cho ý kiến 1 hồ sơ"], [])
    assert titles(stranger, dossiers[0]) == []


def test_work_of_the_council_says_since_when_and_by_when(approver, dossiers, members):
    """What waits for a person has a clock, whoever the person is."""
    today = timezone.localdate()
    session = make_session(dossiers[0], members=members, held_on=today + timedelta(days=3))
    week_ago = timezone.now() - timedelta(days=7)
    type(session).objects.update(created_at=week_ago)
    Evaluation.objects.filter(pk=dossiers[1].pk).update(status_since=week_ago)

    def clock(user, title):
        duties = home_of(user, dossiers[0].pilot_round, today).mine
        turn = next(duty.turn for duty in duties if duty.title.startswith(title))
        return turn.waiting_text, turn.due_text

    assert clock(members[0], "Cho ý kiến") == ("7 ngày", "còn 3 ngày")
    assert clock(approver, "Lập phiên họp") == ("7 ngày", "")


# --- Many -----------------------------------------------------------------------------------


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == HTTPStatus.OK
    return len(captured)


def test_the_list_asks_the_same_with_one_session_and_with_many(client, approver, dossiers):
    make_session(*dossiers)
    client.force_login(approver)
    client.get(SESSIONS)
    with_one = queries(client, SESSIONS)
    for _ in range(35):
        make_session(*dossiers)

    page = client.get(SESSIONS)

    assert queries(client, SESSIONS) == with_one
    assert len(page.context["page"].object_list) == 30
    days = [each.pk for each in page.context["page"].object_list]
    assert days == sorted(days, reverse=True)


def test_a_session_asks_the_same_with_three_dossiers_and_with_thirty(client, members, approver):
    pilot_round = make_round()
    made = [make_confirmed_dossier(pilot_round=pilot_round) for _ in range(30)]
    few = make_session(*made[:3], members=members)
    many = make_session(*made, members=members)
    for item in many.items.all():
        give_opinion(item=item, stand="agrees", text="", by=members[1])

    for user in (members[0], approver):
        client.force_login(user)
        client.get(few.get_absolute_url())
        for name in ("session", "minutes") if user == approver else ("session",):
            assert queries(client, url_of(many, name)) == queries(client, url_of(few, name))
