"""A round that was opened later hides nothing that an earlier open one still asks of a person."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.closing import close_round
from evaluations.duties import waiting_in_others
from evaluations.models import Assignment, Evaluation, PilotRound, UnitResult
from evaluations.rounds import rounds_for
from evaluations.unit_sheets import SheetStatus
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations.city_world import make_city_world
from tests.factories import (
    accept_all,
    make_communes,
    make_confirmed_dossier,
    make_department,
    make_district,
    make_dossier,
    make_points,
    make_round,
    make_session,
    make_user,
)

TODAY = date(2022, 12, 16)


@pytest.fixture
def rounds(db):
    """Two open rounds, and a third with which home starts because it is the newest."""
    year = timezone.localdate().year
    due = timezone.localdate() + timedelta(days=30)
    return [make_round(name=f"Đợt {n}", year=year, self_assessment_due_on=due) for n in "123"]


def waiting(user, shown):
    found = waiting_in_others(user, rounds_for(user), shown, TODAY)
    return {each.pilot_round: each.waiting for each in found}


def test_home_leads_to_the_returned_dossier_of_the_older_round(client, rounds, editor):
    old, _, new = rounds
    due = timezone.localdate() + timedelta(days=4)
    make_dossier(
        editor.organisation, pilot_round=old, status=Status.RETURNED, supplement_due_on=due
    )
    make_communes(new, editor.organisation, [None])  # known, but without a dossier
    client.force_login(editor)

    page = client.get("/")

    assert page.context["pilot_round"] == new
    assertContains(page, f"hồ sơ phải bổ sung (hạn {due:%d/%m/%Y})")
    assertNotContains(page, "Đơn vị chưa có hồ sơ trong đợt này")
    assertContains(page, "không có việc nào chờ anh, chị lúc này")

    client.post(reverse("evaluations:choose-round"), {"dot": old.pk, "next": "/"})
    page = client.get("/")

    assert page.context["pilot_round"] == old
    assertNotContains(page, "Chuyển sang đợt này")


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (TODAY + timedelta(days=1), ""),
        (TODAY, ""),
        (TODAY - timedelta(days=3), ", quá hạn 3 ngày"),
    ],
)
def test_a_deadline_that_is_past_is_said_to_be(rounds, editor, due, said):
    old, _, new = rounds
    make_dossier(
        editor.organisation, pilot_round=old, status=Status.RETURNED, supplement_due_on=due
    )

    assert waiting(editor, new) == {old: f"hồ sơ phải bổ sung (hạn {due:%d/%m/%Y}{said})"}


def test_a_unit_that_has_nothing_elsewhere_reads_what_it_read(client, rounds, editor):
    make_dossier(editor.organisation, pilot_round=rounds[0], status=Status.SUBMITTED)
    make_communes(rounds[2], editor.organisation, [None])
    client.force_login(editor)

    page = client.get("/")

    assertNotContains(page, "Chuyển sang đợt này")
    assertContains(page, "Đơn vị chưa có hồ sơ trong đợt này")


def test_what_each_of_the_department_and_the_council_has_in_another_round(rounds, administrator):
    old, _, new = rounds
    department = make_department()
    appraiser, approver, observer = (
        make_user(role, department) for role in (Role.APPRAISER, Role.APPROVER, Role.OBSERVER)
    )
    member = make_user(Role.COUNCIL, department)
    make_dossier(pilot_round=old, status=Status.SUBMITTED)
    make_dossier(pilot_round=old, status=Status.APPRAISING)
    accept_all(make_dossier(pilot_round=old, status=Status.APPRAISED), by=appraiser)
    accept_all(make_dossier(pilot_round=old, status=Status.APPRAISED), by=approver)
    make_confirmed_dossier(pilot_round=old)
    planned = make_confirmed_dossier(pilot_round=old)
    make_session(planned, members=[member], held_on=TODAY + timedelta(days=3))
    make_user(Role.LEADER, planned.unit)

    assert waiting(appraiser, new) == {old: "2 hồ sơ chờ thẩm định"}
    assert waiting(approver, new) == {
        old: "1 hồ sơ chờ xác nhận, 1 hồ sơ chờ hội đồng hoặc quyết định"
    }
    assert waiting(member, new) == {old: "1 hồ sơ chờ anh, chị cho ý kiến"}
    assert waiting(observer, new) == {}
    assert waiting(administrator, new) == {old: "5 đơn vị chưa có tài khoản lãnh đạo"}
    assert waiting(approver, old) == {}


def test_nobody_is_called_to_appraise_what_they_wrote(rounds, appraiser):
    own = make_dossier(pilot_round=rounds[0], status=Status.SUBMITTED)
    own.events.create(kind="submit", by=appraiser)

    assert waiting(appraiser, rounds[2]) == {}


def test_sheets_wait_for_who_fills_and_who_confirms_them(rounds, editor):
    old, _, new = rounds
    PilotRound.objects.filter(pk=old.pk).update(commune_points=make_points("commune"))
    sent, open_one = make_communes(old, editor.organisation, [None, None])
    UnitResult.objects.filter(pk=sent.pk).update(
        sheet_status=SheetStatus.SUBMITTED, sheet_since=timezone.now()
    )

    assert waiting(editor, new) == {old: "1 phiếu tự chấm chờ xác nhận"}
    assert waiting(make_user(Role.EDITOR, open_one.unit), new) == {old: "1 phiếu tự chấm chưa gửi"}
    assert waiting(make_user(Role.EDITOR, sent.unit), new) == {}


def test_the_city_dossier_waits_for_its_agencies_its_office_and_the_council(rounds):
    world, new = make_city_world(), rounds[2]
    old = world.pilot_round
    editor, leader = (world.people[f"SGDDT {role}"] for role in ("editor", "leader"))
    member, other = world.people["council"], world.people["other council"]
    UnitResult.objects.update(
        in_scope=False, exclusion_reason="x"
    )  # their own sheets are another matter
    owed = Assignment.objects.of_round(old)
    own = owed.filter(agency=editor.organisation).count()
    assert waiting(editor, new) == {old: f"{own} chỉ báo của hồ sơ thành phố chưa bàn giao"}
    assert waiting(member, new) == {}
    first = owed.filter(agency=editor.organisation).first()
    Assignment.objects.filter(pk=first.pk).update(agency=None)
    assert "1 chỉ báo của hồ sơ thành phố chưa giao" in waiting(editor, new)[old]
    Assignment.objects.filter(pk=first.pk).update(agency=editor.organisation)

    owed.update(state=Assignment.State.HANDED_OVER, moved_by=editor)
    assert waiting(editor, new) == {}
    assert waiting(leader, new) == {old: "1 hồ sơ thành phố chưa gửi"}

    Evaluation.objects.filter(pk=world.dossier.pk).update(
        status=Status.SUBMITTED, first_submitted_at=timezone.now()
    )
    assert waiting(leader, new) == {}
    assert waiting(member, new) == {old: "1 hồ sơ thành phố chờ đánh giá hoặc xác nhận"}
    Evaluation.objects.filter(pk=world.dossier.pk).update(status=Status.APPRAISED)
    accept_all(world.dossier, by=member)
    assert waiting(member, new) == {}  # confirming takes a second person
    assert waiting(other, new) == {old: "1 hồ sơ thành phố chờ đánh giá hoặc xác nhận"}


def test_a_closed_round_asks_nothing_and_shows_what_another_asks(
    client, rounds, editor, administrator
):
    old, middle, new = rounds
    for each in (old, middle):
        make_dossier(editor.organisation, pilot_round=each)
    make_communes(new, editor.organisation, [None])
    close_round(pilot_round=middle, reason="Xong", by=administrator)

    assert list(waiting(editor, new)) == [old]
    assert list(waiting(editor, middle)) == [old]
    client.force_login(editor)
    page = client.get("/", {"dot": middle.pk})
    assertContains(page, f"Đợt {middle.name} đã đóng ngày")
    assertContains(page, "Chuyển sang đợt này")


@pytest.mark.django_db
def test_query_count_does_not_grow_with_rounds(django_assert_max_num_queries, subtests):
    department, district = make_department(), make_district()
    for count in (2, 8):
        for _ in range(count):
            pilot_round = make_round(opened_at=timezone.now())
            make_dossier(district, pilot_round=pilot_round, status=Status.RETURNED)
            make_dossier(pilot_round=pilot_round, status=Status.SUBMITTED)
        shown = make_round()
        for role in Role:
            office = district if role in {Role.EDITOR, Role.LEADER} else department
            user = make_user(role, None if role == Role.ADMINISTRATOR else office)
            rounds = rounds_for(user)
            with subtests.test(role=role, count=count), django_assert_max_num_queries(4):
                waiting_in_others(user, rounds, shown, TODAY)
