from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.closing import close_round
from evaluations.duties import home_of
from evaluations.models import Event, IndicatorAppraisal
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import (
    LEVEL_1,
    make_communes,
    make_department,
    make_district,
    make_dossier,
    make_round,
)
from tests.factories import make_user as make_person

TODAY = date(2022, 12, 16)
LOCAL = timezone.get_default_timezone()
MET_WITHOUT_PAPERS = LEVEL_1 | {"1.1.1": {"met": "no"}}


def titles(duties):
    return [duty.title for duty in duties]


def home(user, evaluation, today=TODAY):
    return home_of(user, evaluation.pilot_round, today)


def asked(evaluation, code, by, reason="Thiếu quyết định"):
    result = evaluation.results.get(indicator__code=code)
    return IndicatorAppraisal.objects.create(
        result=result,
        verdict="ask",
        reason=reason,
        is_sent=True,
        decided_by=by,
        decided_at=timezone.now(),
    )


def appraise_all(evaluation, by, **adjusted):
    for result in evaluation.results.select_related("indicator"):
        typed = adjusted.get(result.indicator.code)
        IndicatorAppraisal.objects.create(
            result=result,
            verdict="adjust" if typed else "accept",
            typed=typed or {},
            reason="Theo biên bản" if typed else "",
            decided_by=by,
            decided_at=timezone.now(),
        )


# --- A unit ---------------------------------------------------------------------------------


def test_an_untouched_draft_is_one_thing_to_begin(editor):
    evaluation = make_dossier(editor.organisation)

    found = home(editor, evaluation, date(2022, 12, 11))

    assert titles(found.mine) == ["Bắt đầu tự đánh giá: 5 chỉ báo"]
    assert (found.mine[0].turn.due_on, found.mine[0].turn.due_text) == (
        date(2022, 12, 15),
        "còn 4 ngày",
    )


def test_a_draft_lists_what_is_missing_and_why(editor):
    typed = {"1.1.1": {"met": "yes"}, "2.1.2": {"achieved": "31", "total": "30"}}
    evaluation = make_dossier(editor.organisation, typed=typed)
    evaluation.results.update(updated_at=timezone.now(), updated_by=editor)

    found = home(editor, evaluation)

    assert [(duty.sign, duty.title.split()[2], duty.detail) for duty in found.mine[:3]] == [
        ("part", "1.1.1", "Khai đạt nhưng chưa có minh chứng nào."),
        ("part", "2.1.2", "31 lớn hơn tổng số 30."),
        ("empty", "2.2.1", "Chưa nhập đủ số liệu."),
    ]
    assert titles(found.elsewhere) == ["Lãnh đạo đơn vị gửi hồ sơ"]
    assert found.mine[0].turn.due_text == "muộn 1 ngày"


def test_a_complete_draft_is_the_leaders_to_send(editor, leader):
    evaluation = make_dossier(editor.organisation, typed=MET_WITHOUT_PAPERS)
    evaluation.results.update(source="Cục Thống kê")

    for_leader, for_editor = home(leader, evaluation), home(editor, evaluation)

    assert titles(for_leader.mine) == ["Gửi hồ sơ"]
    assert titles(for_editor.mine) == []
    assert titles(for_editor.elsewhere) == ["Lãnh đạo đơn vị: gửi hồ sơ"]
    assert for_editor.empty.title == "Phần của anh, chị đã xong."


def test_a_returned_dossier_lists_the_requests_with_their_reasons(editor, appraiser):
    evaluation = make_dossier(
        editor.organisation,
        status=Status.RETURNED,
        supplement_due_on=date(2022, 12, 20),
        typed=MET_WITHOUT_PAPERS,
    )
    evaluation.results.update(source="Cục Thống kê")
    asked(evaluation, "2.1.2", appraiser)

    found = home(editor, evaluation)

    assert [(duty.title, duty.detail, duty.turn.due_text) for duty in found.mine] == [
        ("Trả lời yêu cầu ở 2.1.2 Xã đạt Cộng đồng học tập", "Thiếu quyết định", "còn 4 ngày")
    ]
    assert titles(found.elsewhere) == ["Sở giữ kết luận 4 chỉ báo còn lại"]


def test_once_every_request_is_answered_the_leader_sends_again(leader, appraiser):
    evaluation = make_dossier(leader.organisation, status=Status.RETURNED, typed=MET_WITHOUT_PAPERS)
    asked(evaluation, "2.1.2", appraiser)
    evaluation.results.update(source="Cục Thống kê", reply="Đã bổ sung.")

    assert titles(home(leader, evaluation).mine) == ["Gửi lại hồ sơ"]


@pytest.mark.parametrize(
    ("status", "waiting"),
    [
        (Status.SUBMITTED, "Sở tiếp nhận hồ sơ"),
        (Status.APPRAISING, "Sở thẩm định hồ sơ"),
        (Status.APPRAISED, "Lãnh đạo Sở xác nhận kết quả thẩm định"),
    ],
)
def test_while_it_is_with_the_agency_there_is_nothing_to_do(editor, status, waiting):
    since = datetime(2022, 12, 14, 9, tzinfo=LOCAL)
    evaluation = make_dossier(editor.organisation, status=status, status_since=since)

    found = home(editor, evaluation)

    assert found.mine == ()
    assert [(duty.title, duty.turn.waiting_text) for duty in found.elsewhere] == [
        (waiting, "2 ngày")
    ]


def test_the_agencys_half_made_verdict_does_not_reach_the_unit(client, editor, appraiser):
    evaluation = make_dossier(
        editor.organisation, status=Status.APPRAISING, typed=MET_WITHOUT_PAPERS
    )
    appraise_all(evaluation, appraiser, **{"2.1.2": {"achieved": "21", "total": "30"}})
    Event.objects.create(evaluation=evaluation, kind="appraise", text="sửa 2.1.2", by=appraiser)
    client.force_login(editor)

    response = client.get("/")

    assertContains(response, "1.1.1 chưa đạt")  # its own figures are there
    assertNotContains(response, "21/30")
    assertNotContains(response, "sửa 2.1.2")


def test_the_side_says_the_level_and_why(editor, appraiser):
    evaluation = make_dossier(
        editor.organisation, status=Status.APPRAISED, typed=MET_WITHOUT_PAPERS
    )
    appraise_all(evaluation, appraiser, **{"1.1.1": {"met": "yes"}})

    summary = home(editor, evaluation).summary

    assert summary.level == 1
    assert summary.text.startswith("Theo thẩm định: Mức độ 1 vì 2.1.2 đạt 76,7\u00a0% (23/30)")


def test_a_unit_without_a_dossier_is_told_what_to_do(client, editor):
    make_dossier()
    client.force_login(editor)

    assertContains(client.get("/"), "Chưa có đợt nào được mở cho anh, chị.")


# --- Sở, council, observers -----------------------------------------------------------------


@pytest.fixture
def pilot_round(db):
    return make_round()


def dossier(pilot_round, name, **fields):
    return make_dossier(make_district(name), pilot_round=pilot_round, **fields)


def test_appraiser_takes_in_goes_on_returns_and_finishes(pilot_round, appraiser):
    days = [datetime(2022, 12, day, 9, tzinfo=LOCAL) for day in (12, 13, 14, 15)]
    finish, give_back, *_ = (
        dossier(
            pilot_round,
            f"Huyện {name}",
            status=Status.SUBMITTED if name == "Bốn" else Status.APPRAISING,
            status_since=day,
            typed=LEVEL_1,
        )
        for name, day in zip(("Một", "Hai", "Ba", "Bốn"), days, strict=True)
    )
    appraise_all(finish, appraiser)
    appraise_all(give_back, appraiser)
    IndicatorAppraisal.objects.filter(
        result__evaluation=give_back, result__indicator__code="2.1.2"
    ).update(verdict="ask", reason="Thiếu")

    found = home(appraiser, finish)

    assert [(duty.title, duty.turn.waiting_text) for duty in found.mine] == [
        ("Kết thúc thẩm định Một", "4 ngày"),
        ("Trả lại Hai để bổ sung", "3 ngày"),
        ("Thẩm định tiếp Ba", "2 ngày"),
        ("Tiếp nhận hồ sơ Bốn", "1 ngày"),
    ]
    assert found.mine[1].detail == "Đã xem 5/5; cần bổ sung 2.1.2"
    assert found.mine[3].detail == "Gửi 15/12/2022 lúc 09:00"


def test_a_claim_of_not_applicable_is_a_duty_of_its_own(pilot_round, appraiser):
    evaluation = dossier(
        pilot_round,
        "Quận Dương Kinh",
        status=Status.APPRAISING,
        typed=LEVEL_1 | {"2.2.1": {"not_applicable": "yes"}},
    )
    evaluation.results.filter(indicator__code="2.2.1").update(
        not_applicable_reason="Không có đơn vị nào"
    )

    found = home(appraiser, evaluation)

    claim = next(duty for duty in found.mine if duty.sign == "na")
    assert (claim.title, claim.detail) == (
        "Xét “không áp dụng” 2.2.1 của Dương Kinh",
        "Không có đơn vị nào",
    )


def test_nobody_is_asked_to_appraise_what_they_wrote(pilot_round, appraiser):
    evaluation = dossier(pilot_round, "Huyện Cát Hải", status=Status.SUBMITTED)
    register = dossier(pilot_round, "Huyện Bạch Long Vĩ", status=Status.SUBMITTED)
    evaluation.events.create(kind="first-writing", text="bắt đầu nhập", by=appraiser)
    make_communes(pilot_round, register.unit, ["tot"])
    line = pilot_round.unit_results.get(owner=register.unit)
    line.events.create(kind="save", text="sửa", by=appraiser)

    found = home(appraiser, evaluation)

    assert found.mine == ()
    assert sorted(titles(found.elsewhere)) == [
        "Người khác thẩm định Bạch Long Vĩ",
        "Người khác thẩm định Cát Hải",
    ]


def test_what_others_owe_comes_late_ones_first_with_days(pilot_round, appraiser):
    late = dossier(pilot_round, "Huyện An Dương")
    dossier(
        pilot_round,
        "Huyện Cát Hải",
        extended_until=date(2022, 12, 22),
        extension_reason="Bão số 5",
    )
    returned = dossier(
        pilot_round,
        "Huyện Vĩnh Bảo",
        status=Status.RETURNED,
        supplement_due_on=date(2022, 12, 20),
    )
    asked(returned, "2.1.2", appraiser)

    found = home(appraiser, late)

    assert [(duty.sign, duty.title, duty.turn.due_text) for duty in found.elsewhere] == [
        ("late", "An Dương chưa gửi", "muộn 1 ngày"),
        ("ask", "Vĩnh Bảo bổ sung 2.1.2", "còn 4 ngày"),
        ("part", "Cát Hải chưa gửi", "còn 6 ngày"),
    ]
    assert found.elsewhere[2].detail == "Được gia hạn: Bão số 5"
    assert (found.summary.headline, found.summary.text) == (
        "1/3 đã gửi",
        "Hạn gửi 15/12/2022: 1 muộn, 1 được gia hạn.",
    )


def test_home_of_the_agency_tells_no_figure_of_a_draft(client, pilot_round, appraiser):
    dossier(pilot_round, "Huyện An Dương", typed=LEVEL_1)
    client.force_login(appraiser)

    response = client.get("/")

    assertContains(response, "An Dương chưa gửi")
    assertNotContains(response, "76,7")


def test_approver_confirms_what_another_appraised(pilot_round, approver, appraiser):
    evaluation = dossier(
        pilot_round, "Quận Hải An", status=Status.APPRAISED, typed=MET_WITHOUT_PAPERS
    )
    appraise_all(evaluation, appraiser, **{"1.1.1": {"met": "yes"}})

    found = home(approver, evaluation)

    assert [(duty.title, duty.detail) for duty in found.mine] == [
        ("Xác nhận kết quả thẩm định Hải An", "Chưa đạt thành mức độ 1")
    ]


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.OBSERVER])
def test_readers_see_what_moved_and_have_nothing_to_do(pilot_round, role, appraiser):
    evaluation = dossier(pilot_round, "Quận Hải An", status=Status.SUBMITTED)
    draft = dossier(pilot_round, "Huyện Cát Hải")
    Event.objects.create(evaluation=evaluation, kind="submit", text="gửi hồ sơ", by=appraiser)
    Event.objects.create(evaluation=draft, kind="extension", text="gia hạn", by=appraiser)

    found = home(make_person(role), evaluation)

    assert found.mine == ()
    assert len(found.elsewhere) == 2
    assert [event.text for event in found.news] == ["gửi hồ sơ"]


# --- Administrator --------------------------------------------------------------------------


def test_administrator_finds_steps_that_nobody_can_take(pilot_round, administrator):
    served = dossier(pilot_round, "Huyện Vĩnh Bảo")
    make_person(Role.LEADER, served.unit)
    only_editor = dossier(pilot_round, "Huyện Cát Hải")
    make_person(Role.EDITOR, only_editor.unit)
    gone = dossier(pilot_round, "Quận Lê Chân")
    make_person(Role.LEADER, gone.unit, is_active=False)

    found = home(administrator, served)

    assert [(duty.title, duty.detail) for duty in found.mine] == [
        (
            "Cấp tài khoản lãnh đạo cho huyện Cát Hải",
            "Có người nhập liệu nhưng chưa ai gửi được hồ sơ.",
        ),
        ("Cấp tài khoản lãnh đạo cho quận Lê Chân", "Chưa ai mở được hồ sơ của đơn vị."),
        ("Cấp tài khoản chuyên viên thẩm định", "Chưa ai ở Sở tiếp nhận được hồ sơ."),
    ]


def test_administrator_is_led_to_the_form_filled_with_that_unit(client, pilot_round, administrator):
    evaluation = dossier(pilot_round, "Huyện Vĩnh Bảo")
    client.force_login(administrator)

    response = client.get(home(administrator, evaluation).mine[0].url)

    assertContains(response, f'<option value="{evaluation.unit_id}" selected>')
    assertContains(response, '<option value="leader" selected>')


def test_administrator_is_warned_when_the_city_can_reach_no_level(pilot_round, administrator):
    evaluation = dossier(pilot_round, "Huyện Vĩnh Bảo")
    make_person(Role.LEADER, evaluation.unit)
    make_person(Role.APPRAISER, make_department())
    make_district()

    found = home(administrator, evaluation)

    assert titles(found.mine) == ["Ghi cách hiểu mẫu số của 2.1.2 thành phố"]


# --- The page -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_home_opens_for_every_role(client, role, district):
    organisation = district if role in {Role.EDITOR, Role.LEADER} else make_department()
    make_dossier(district)
    client.force_login(make_person(role, organisation))

    response = client.get("/")

    assertContains(response, "Việc của tôi")
    assertContains(response, "Đến lượt tôi")


def test_home_without_any_round_says_what_comes_next(client, appraiser, editor, administrator):
    said = {
        appraiser: "Chưa có đợt nào được mở.",
        editor: "Chưa có đợt nào được mở cho anh, chị.",
        administrator: reverse("evaluations:new-round"),
    }
    for person, text in said.items():
        client.force_login(person)
        assertContains(client.get("/"), text)
    rounds_page = client.get(reverse("evaluations:rounds"))
    assertContains(rounds_page, "Lập đợt đầu tiên")

    plan = make_round(opened_at=None, name="Đợt 2023")
    assertContains(client.get("/"), f'href="{plan.get_absolute_url()}"')
    client.force_login(appraiser)
    assertNotContains(client.get("/"), "Đợt 2023")


def test_home_of_a_closed_round_has_nothing_to_do(client, editor, administrator):
    pilot_round = make_dossier(editor.organisation).pilot_round
    client.force_login(editor)
    assertNotContains(client.get("/"), "đã đóng ngày")
    close_round(pilot_round=pilot_round, reason="Hết hạn", by=administrator)

    for person in (editor, administrator):
        client.force_login(person)
        response = client.get("/")
        assert (response.context["home"].mine, response.context["home"].elsewhere) == ((), ())
        day = timezone.localdate()
        assertContains(response, f"Đợt {pilot_round.name} đã đóng ngày {day:%d/%m/%Y}.")
        assertContains(response, "chỉ xem và in")  # and at the head of every page


def test_late_is_said_in_days_and_red(client, editor):
    due = timezone.localdate() - timedelta(days=3)
    pilot_round = make_round(self_assessment_due_on=due, year=due.year)
    make_dossier(editor.organisation, pilot_round=pilot_round)
    client.force_login(editor)

    response = client.get("/")

    assertContains(response, "muộn 3 ngày")
    assertContains(response, "sign-late")


@pytest.mark.parametrize("count", [3, 15])
@pytest.mark.parametrize(
    ("role", "queries"), [(Role.APPRAISER, 20), (Role.OBSERVER, 18), (Role.ADMINISTRATOR, 19)]
)
def test_home_query_count_does_not_grow(
    client, pilot_round, role, count, queries, django_assert_num_queries
):
    for number in range(count):
        status = list(Status)[number % 3]
        make_dossier(pilot_round=pilot_round, status=status, typed=LEVEL_1)
    client.force_login(make_person(role, make_department()))

    with django_assert_num_queries(queries):
        client.get("/")
