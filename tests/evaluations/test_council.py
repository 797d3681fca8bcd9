"""The council's session: who plans it, who says what and when, what closing freezes."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from evaluations.actions.council import (
    Attendance,
    Attendee,
    Conclusion,
    Stale,
    change_session,
    close_session,
    give_opinion,
    keep_minutes,
    plan_session,
    version_of,
)
from evaluations.actions.guard import Closed
from evaluations.actions.steps import NotReady, take_step
from evaluations.models import CouncilSession, Opinion, SessionItem
from evaluations.permissions import can_give_opinion, can_read_opinions
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import (
    make_city,
    make_confirmed_dossier,
    make_district,
    make_round,
    make_session,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db

DETAILS = {
    "held_on": date(2022, 12, 20),
    "starts_at": time(8, 30),
    "place": "Phòng họp số 2",
    "chair": "Nguyễn Thị Chủ",
    "secretary": "Trần Văn Ký",
}


@pytest.fixture
def dossiers():
    pilot_round = make_round()
    units = [make_district("Huyện Vĩnh Bảo", "316"), make_district("Quận Lê Chân", "305")]
    return [make_confirmed_dossier(unit, pilot_round=pilot_round) for unit in units]


@pytest.fixture
def members():
    return [make_user(Role.COUNCIL, make_city()) for _ in range(3)]


def plan(by, evaluations, members=(), **details):
    return plan_session(
        pilot_round=evaluations[0].pilot_round,
        details=DETAILS | details,
        attendees=[Attendee(each.full_name, person_id=each.pk) for each in members],
        dossiers=[each.pk for each in evaluations],
        by=by,
    )


def change(session, by, evaluations, attendees=(), **details):
    return change_session(
        session=session,
        details=DETAILS | details,
        attendees=attendees,
        dossiers=[each.pk for each in evaluations],
        version=version_of(session),
        by=by,
    )


def conclude(session, by, **fields):
    """The same conclusion on every dossier of the session."""
    said = {"votes_for": 3, "votes_against": 0, "concluded_level": 1} | fields
    return keep_minutes(
        session=session,
        attendance={},
        conclusions={item.pk: Conclusion(**said) for item in session.items.all()},
        version=version_of(session),
        by=by,
    )


def item_of(session, evaluation):
    return session.items.select_related("evaluation", "session").get(evaluation=evaluation)


def reopen(evaluation, approver):
    take_step(evaluation=evaluation, step_name="reopen", by=approver, note="Sai số liệu 2.1.2")


def confirm_again(evaluation):
    evaluation.refresh_from_db()
    evaluation.status, evaluation.status_since = Status.CONFIRMED, timezone.now()
    evaluation.save(update_fields=["status", "status_since"])


# --- Planning -------------------------------------------------------------------------------


def test_a_session_takes_the_appraised_level_as_the_proposed_one(approver, dossiers, members):
    session = plan(approver, dossiers, members)

    assert [item.proposed_level for item in session.items.all()] == [1, 1]
    assert [member.person for member in session.members.all()] == members
    event = session.events.get()
    assert (event.kind, event.by, event.detail["place"]) == ("plan", approver, "Phòng họp số 2")


@pytest.mark.parametrize("role", [role for role in Role if role not in ("appraiser", "approver")])
def test_only_the_agency_plans(role, dossiers):
    with pytest.raises(PermissionDenied):
        plan(make_user(role, dossiers[0].unit), dossiers)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.CONFIRMED])
def test_only_confirmed_dossiers_come_before_the_council(approver, dossiers, status):
    first, second = dossiers
    second.status = status
    second.save(update_fields=["status"])

    with pytest.raises(NotReady, match="Lê Chân không còn ở bước chờ hội đồng"):
        plan(approver, [first, second])

    assert not CouncilSession.objects.exists()


def test_a_dossier_lies_before_one_open_session_only(approver, dossiers):
    plan(approver, dossiers[:1])

    with pytest.raises(NotReady, match="đã ở phiên họp ngày 20/12/2022 chưa kết thúc"):
        plan(approver, dossiers, held_on=date(2022, 12, 22))


def test_a_dossier_of_another_round_is_refused(approver, dossiers):
    elsewhere = make_confirmed_dossier()

    with pytest.raises(NotReady, match="không thuộc đợt"):
        plan(approver, [*dossiers, elsewhere])


def test_changing_keeps_what_is_said_of_those_who_stay(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    first = session.members.first()
    first.is_present, first.absence_reason = False, "đi công tác"
    first.save()

    guest = Attendee("Vũ Văn Khách", "Phó Chủ tịch Hội Khuyến học")
    staying = [Attendee(members[0].full_name, "Ủy viên", members[0].pk), guest]
    change(session, approver, dossiers[:1], staying, place="Hội trường")

    session.refresh_from_db()
    seated = [(each.name, each.position, each.is_present) for each in session.members.all()]
    assert seated == [
        (members[0].full_name, "Ủy viên", False),
        ("Vũ Văn Khách", "Phó Chủ tịch Hội Khuyến học", True),
    ]
    assert [item.evaluation for item in session.items.all()] == dossiers[:1]
    assert session.place == "Hội trường"
    event = session.events.first()
    assert (event.detail["old"]["place"], event.detail["new"]["place"]) == (
        "Phòng họp số 2",
        "Hội trường",
    )


def test_who_spoke_and_what_was_spoken_of_stays(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    give_opinion(item=item_of(session, dossiers[0]), stand="agrees", text="", by=members[0])
    everybody = [Attendee(each.full_name, person_id=each.pk) for each in members]

    with pytest.raises(NotReady, match="đã cho ý kiến nên không bỏ khỏi thành phần"):
        change(session, approver, dossiers, everybody[1:])
    with pytest.raises(NotReady, match="Vĩnh Bảo đã có ý kiến"):
        change(session, approver, dossiers[1:], everybody)

    assert session.members.count() == 3
    assert session.items.count() == 2


def test_the_second_of_two_who_change_it_is_told(appraiser, approver, dossiers):
    session = plan(approver, dossiers)
    seen = version_of(session)
    change(session, appraiser, dossiers, place="Hội trường")

    with pytest.raises(Stale):
        change_session(
            session=session,
            details=DETAILS,
            attendees=[],
            dossiers=[dossiers[0].pk],
            version=seen,
            by=approver,
        )

    session.refresh_from_db()
    assert (session.place, session.items.count()) == ("Hội trường", 2)


# --- Opinions -------------------------------------------------------------------------------


def test_a_member_gives_and_changes_an_opinion_and_the_old_one_is_on_record(
    approver, dossiers, members
):
    session = plan(approver, dossiers, members)
    item = item_of(session, dossiers[0])

    give_opinion(item=item, stand="asks", text="2.1.2 thiếu hai xã", by=members[0])
    give_opinion(item=item, stand="agrees", text="Đã rõ", by=members[0])

    assert [(each.stand, each.text) for each in Opinion.objects.all()] == [("agrees", "Đã rõ")]
    event = session.events.first()
    assert event.detail["old"] == {"stand": "asks", "text": "2.1.2 thiếu hai xã"}
    assert not dossiers[0].events.exists()  # its unit reads that trail


@pytest.mark.parametrize("role", Role)
def test_nobody_but_a_member_of_the_session_gives_one(role, approver, dossiers, members):
    session = plan(approver, dossiers, members)
    item = item_of(session, dossiers[0])
    stranger = make_user(role, dossiers[0].unit)

    assert not can_give_opinion(stranger, item)
    with pytest.raises(Closed):
        give_opinion(item=item, stand="agrees", text="", by=stranger)


def test_who_wrote_in_the_dossier_gives_none(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    evaluation = dossiers[0]
    evaluation.events.create(kind="result", text="nhập số liệu 2.1.2", by=members[0])

    assert not can_give_opinion(members[0], item_of(session, evaluation))
    assert can_give_opinion(members[0], item_of(session, dossiers[1]))


def test_others_are_read_once_ones_own_is_given(appraiser, approver, observer, dossiers, members):
    session = plan(approver, dossiers, members)
    item = item_of(session, dossiers[0])
    give_opinion(item=item, stand="agrees", text="", by=members[0])

    readers = {
        "the one who spoke": members[0],
        "another member": members[1],
        "no member": make_user(Role.COUNCIL, make_city()),
        "appraiser": appraiser,
        "approver": approver,
        "observer": observer,
    }

    before = {name for name, user in readers.items() if can_read_opinions(user, item)}
    conclude(session, approver)
    close_session(session=session, by=approver)
    after = {
        name
        for name, user in readers.items()
        if can_read_opinions(user, item_of(session, dossiers[0]))
    }

    assert before == {"the one who spoke", "appraiser", "approver"}
    assert after == set(readers)


def test_an_opinion_on_what_was_reopened_since_opens_nothing(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    evaluation = dossiers[0]
    for member in members[:2]:
        give_opinion(item=item_of(session, evaluation), stand="agrees", text="", by=member)
    reopen(evaluation, approver)
    confirm_again(evaluation)
    everybody = [Attendee(each.full_name, person_id=each.pk) for each in members]

    change(session, approver, dossiers, everybody)

    item = item_of(session, evaluation)
    assert item.stands
    assert item.opinions.count() == 2
    assert not can_read_opinions(members[0], item)


# --- Minutes and closing --------------------------------------------------------------------


def test_minutes_keep_attendance_votes_and_conclusion(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    away = session.members.last()
    said = Conclusion("Đề nghị rà lại 2.1.2", 2, 0, 1, "")

    keep_minutes(
        session=session,
        attendance={away.pk: Attendance(False, "đi công tác")},
        conclusions={item_of(session, dossiers[0]).pk: said},
        version=version_of(session),
        by=approver,
    )

    away.refresh_from_db()
    assert (away.is_present, away.absence_reason) == (False, "đi công tác")
    item = item_of(session, dossiers[0])
    assert (item.discussion, item.votes_for, item.concluded_level) == (
        "Đề nghị rà lại 2.1.2",
        2,
        1,
    )


@pytest.mark.parametrize(
    ("said", "present", "problems"),
    [
        (Conclusion(), 3, set()),
        (Conclusion(discussion="Đang bàn"), 3, set()),
        (Conclusion(votes_for=3, votes_against=0, concluded_level=1), 3, set()),
        (Conclusion(votes_for=2, votes_against=1, concluded_level=1), 3, set()),
        (Conclusion(votes_for=0, votes_against=0, concluded_level=1), 3, set()),
        (Conclusion(votes_for=3, votes_against=1, concluded_level=1), 3, {"votes_for"}),
        (Conclusion(votes_for=4), 3, {"votes_for"}),
        (Conclusion(concluded_level=1), 3, {"votes_for", "votes_against"}),
        (Conclusion("", 3, 0, 0, ""), 3, {"conclusion"}),
        (Conclusion("", 3, 0, 2, "Đã bổ sung"), 3, set()),
    ],
)
def test_votes_and_conclusion_fit_attendance_and_proposal(said, present, problems):
    assert set(said.problems(1, present)) == problems


def test_more_votes_than_present_are_refused(approver, dossiers, members):
    session = plan(approver, dossiers, members)

    with pytest.raises(NotReady, match="Có 4 phiếu mà chỉ có 3 thành viên có mặt"):
        conclude(session, approver, votes_for=4)

    assert not SessionItem.objects.filter(concluded_level__isnull=False).exists()


def test_closing_wants_every_dossier_concluded(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    item = item_of(session, dossiers[0])
    keep_minutes(
        session=session,
        attendance={},
        conclusions={item.pk: Conclusion("", 3, 0, 1)},
        version=version_of(session),
        by=approver,
    )

    with pytest.raises(NotReady, match=r"Còn 1 hồ sơ chưa có kết luận: Lê Chân\."):
        close_session(session=session, by=approver)

    assert not CouncilSession.objects.get().is_closed


def test_a_session_to_come_or_without_anybody_is_not_closed(approver, dossiers, members):
    ahead = timezone.localdate() + timedelta(days=1)
    to_come = plan(approver, dossiers[:1], members, held_on=ahead)
    empty = plan(approver, dossiers[1:])

    with pytest.raises(NotReady, match="chưa diễn ra"):
        close_session(session=to_come, by=approver)
    with pytest.raises(NotReady, match="chưa ghi thành viên nào có mặt"):
        close_session(session=empty, by=approver)


def test_absence_noted_after_the_votes_is_found_when_closing(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    conclude(session, approver)
    session.members.filter(person=members[0]).update(is_present=False)

    with pytest.raises(NotReady, match="Có 3 phiếu mà chỉ có 2 thành viên có mặt"):
        close_session(session=session, by=approver)


def test_closed_is_frozen_for_everybody(appraiser, approver, dossiers, members):
    session = plan(approver, dossiers, members)
    conclude(session, approver)
    close_session(session=session, by=approver)
    item = item_of(session, dossiers[0])
    before = list(session.items.values())

    writes = [
        lambda: change(session, approver, dossiers),
        lambda: conclude(session, appraiser, votes_for=1),
        lambda: close_session(session=session, by=approver),
        lambda: give_opinion(item=item, stand="differs", text="Không", by=members[0]),
    ]
    for write in writes:
        with pytest.raises(Closed):
            write()

    assert list(session.items.values()) == before
    assert session.events.first().kind == "close"


def test_a_reopened_dossier_falls_out(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    conclude(session, approver)
    reopen(dossiers[0], approver)

    close_session(session=session, by=approver)

    levels = {item.evaluation: item.concluded_level for item in session.items.all()}
    assert levels == {dossiers[0]: None, dossiers[1]: 1}
    assert [item.evaluation for item in SessionItem.objects.concluded()] == [dossiers[1]]


def test_minutes_write_nothing_beside_a_reopened_dossier(approver, dossiers, members):
    session = plan(approver, dossiers, members)
    reopen(dossiers[0], approver)

    conclude(session, approver, discussion="Nhất trí")

    assert [item.discussion for item in session.items.order_by("evaluation_id")] == ["", "Nhất trí"]


def test_a_conclusion_does_not_outlive_a_later_reopening(approver, dossiers):
    session = make_session(*dossiers, concluded=1)
    reopen(dossiers[0], approver)
    confirm_again(dossiers[0])

    assert [item.evaluation for item in SessionItem.objects.concluded()] == [dossiers[1]]
    again = plan(approver, dossiers[:1])
    assert item_of(again, dossiers[0]).stands
    assert not item_of(session, dossiers[0]).stands


def test_confirmed_again_it_comes_before_the_council_anew(approver, appraiser, dossiers, members):
    session = plan(approver, dossiers, members)
    conclude(session, approver)
    evaluation = dossiers[0]
    reopen(evaluation, approver)
    appraisal = result_of(evaluation, "2.1.2").appraisal
    appraisal.verdict, appraisal.reason = "adjust", "Thiếu quyết định"
    appraisal.typed = {"achieved": "20", "total": "30"}
    appraisal.save()
    confirm_again(evaluation)

    change(session, approver, dossiers, [Attendee("Vũ Văn Khách")])

    item = item_of(session, evaluation)
    assert (item.stands, item.proposed_level, item.concluded_level) == (True, 0, None)
    assert item_of(session, dossiers[1]).concluded_level == 1


def test_readers_know_of_sessions_and_units_do_not(approver, observer, dossiers):
    session = plan(approver, dossiers)
    of_district = make_user(Role.OBSERVER, dossiers[0].unit)
    elsewhere = make_user(Role.OBSERVER, make_district())

    seen = {
        name: list(CouncilSession.objects.visible_to(user))
        for name, user in {
            "observer": observer,
            "of the district": of_district,
            "elsewhere": elsewhere,
            "leader": make_user(Role.LEADER, dossiers[0].unit),
        }.items()
    }

    assert seen == {
        "observer": [session],
        "of the district": [session],
        "elsewhere": [],
        "leader": [],
    }
