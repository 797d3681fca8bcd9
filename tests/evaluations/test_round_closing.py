"""An open round: who joins late and who leaves, closing it for every write, opening it again."""

from datetime import date
from functools import partial
from http import HTTPStatus
from threading import Event as Signal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.assignments import assign, hand_over
from evaluations.actions.calendar import add_milestone
from evaluations.actions.city import open_city_dossier
from evaluations.actions.closing import NotAsShown, close_round, reopen_round
from evaluations.actions.council import give_opinion, keep_minutes, plan_session
from evaluations.actions.evidence import cite, remove_citation
from evaluations.actions.guard import Closed
from evaluations.actions.inspections import draw_inspection
from evaluations.actions.papers import change_details
from evaluations.actions.participants import (
    AlreadyIn,
    Touched,
    add_participant,
    remove_participant,
)
from evaluations.actions.point_sets import CannotAdopt, adopt_points
from evaluations.actions.registers import HasResult, add_unit, close_unit, take_out
from evaluations.actions.results import save_result, values_of
from evaluations.actions.rounds import adopt_reading, complete_round, extend
from evaluations.actions.sheets import save_sheet
from evaluations.actions.steps import NotReady, take_step
from evaluations.actions.titles import save_titles
from evaluations.actions.unit_results import save_line
from evaluations.models import PilotRound
from evaluations.rounds import default_round, rounds_for
from evaluations.workflow import STEPS, Status
from organisations.models import Role
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import (
    make_agency,
    make_city,
    make_commune,
    make_complete_dossier,
    make_department,
    make_district,
    make_document,
    make_dossier,
    make_evidence,
    make_line,
    make_round,
    make_session,
    make_user,
    result_of,
)

FAR = date(2099, 12, 31)


def save(result, by, text="đã viết"):
    values = values_of(result)
    return save_result(result=result, values=values | {"explanation": text}, base=values, by=by)


def is_refused(write):
    """Is the person let in? What is written is taken back; what the write lacks is no matter."""
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    except PermissionDenied:
        return True
    except (NotReady, HasResult, CannotAdopt):
        return False
    return False


def kinds(pilot_round):
    return [event.kind for event in pilot_round.events.all()]


# --- Late joiners, and who leaves -----------------------------------------------------------


def test_a_late_joiner_gets_a_dossier_with_every_indicator(administrator):
    pilot_round = make_dossier().pilot_round
    unit = make_district("Huyện Tiên Lãng")

    evaluation = add_participant(
        pilot_round=pilot_round, unit=unit, reason="Công văn 5", by=administrator
    )

    indicators = pilot_round.district_set.indicators.count()
    assert (evaluation.status, evaluation.results.count()) == (Status.DRAFT, indicators)
    event = pilot_round.events.get()
    said = ("join", "thêm huyện Tiên Lãng tham gia đợt", "Công văn 5")
    assert (event.kind, event.text, event.note) == said
    with pytest.raises(AlreadyIn):
        add_participant(pilot_round=pilot_round, unit=unit, reason="Nữa", by=administrator)
    with pytest.raises(NotReady):
        add_participant(pilot_round=pilot_round, unit=make_city(), reason="Nhầm", by=administrator)


def test_who_leaves_leaves_an_untouched_draft(administrator):
    untouched = make_dossier(make_district("Huyện An Lão"))
    pilot_round = untouched.pilot_round
    written = make_dossier(pilot_round=pilot_round)
    editor = make_user(Role.EDITOR, written.unit)
    save(result_of(written, "1.1.1"), editor)
    extended = make_dossier(pilot_round=pilot_round)
    extend(evaluation=extended, until=FAR, reason="Bão", by=administrator)
    submitted = make_dossier(pilot_round=pilot_round, status=Status.SUBMITTED)

    for kept in (written, extended, submitted):
        with pytest.raises(Touched):
            remove_participant(evaluation=kept, reason="Thôi", by=administrator)
    remove_participant(evaluation=untouched, reason="Xin thôi", by=administrator)

    assert set(pilot_round.evaluations.all()) == {written, extended, submitted}
    event = pilot_round.events.first()
    assert (event.text, event.note) == ("rút huyện An Lão khỏi đợt", "Xin thôi")


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED])
def test_more_time_for_one_unit_stands_in_the_trail_of_the_round(client, administrator, status):
    dossier = make_dossier(
        make_district("Huyện An Lão"), status=status, supplement_due_on=date(2022, 12, 15)
    )

    extend(evaluation=dossier, until=FAR, reason="Bão số 5", by=administrator)

    event = dossier.pilot_round.events.get()
    assert (event.by, event.note) == (administrator, "Bão số 5")
    assert event.text == f"gia hạn hồ sơ huyện An Lão: 15/12/2022 → {FAR:%d/%m/%Y}"
    client.force_login(administrator)
    address = dossier.pilot_round.get_absolute_url()
    assertContains(client.get(address), event.text.removeprefix("gia hạn "))


def test_a_dossier_that_was_printed_or_whose_trail_was_fetched_stays(client, administrator):
    fetched = make_dossier()
    printed = make_dossier(pilot_round=fetched.pilot_round)
    client.force_login(make_user(Role.LEADER, fetched.unit))
    trail = reverse("reports:trail-file", args=[fetched.pk])
    assert client.get(trail).status_code == HTTPStatus.OK
    client.force_login(make_user(Role.LEADER, printed.unit))
    order = {"report": "bao-cao-tu-danh-gia", "subject": printed.pk, "file_type": "pdf"}
    assert client.post(reverse("reports:order"), order).status_code == HTTPStatus.FOUND
    client.force_login(administrator)

    for evaluation in (fetched, printed):
        pilot_round = evaluation.pilot_round
        leave = reverse("evaluations:leave-round", args=[pilot_round.pk, evaluation.pk])
        assertNotContains(client.get(pilot_round.get_absolute_url()), leave)
        answer = client.post(leave, {"reason": "Xin thôi"}, follow=True)
        assertContains(answer, "đã có người làm hoặc đã in báo cáo")
        assert pilot_round.evaluations.filter(pk=evaluation.pk).exists()


# --- Closing and opening again --------------------------------------------------------------


def test_closing_with_work_left_wants_a_reason_that_the_trail_keeps(administrator):
    evaluation = make_dossier(make_district("Huyện Vĩnh Bảo"))
    pilot_round = evaluation.pilot_round

    with pytest.raises(NotReady, match="ghi lý do"):
        close_round(pilot_round=pilot_round, reason=" ", by=administrator)
    close_round(pilot_round=pilot_round, reason="Hết thời gian", by=administrator)

    pilot_round.refresh_from_db()
    assert pilot_round.is_closed
    event = pilot_round.events.get()
    assert (event.kind, event.by) == ("close", administrator)
    assert event.note == "Hết thời gian\nKhi đóng còn: 1 hồ sơ đang tự đánh giá: Vĩnh Bảo."


def test_a_round_where_all_is_decided_closes_without_a_reason(administrator):
    pilot_round = make_dossier(status=Status.DECLINED).pilot_round

    close_round(pilot_round=pilot_round, reason="", by=administrator)

    assert pilot_round.events.get().note == ""


def test_reopening_wants_a_reason_and_lets_everything_be_written_again(administrator):
    evaluation = make_dossier()
    pilot_round = evaluation.pilot_round
    editor = make_user(Role.EDITOR, evaluation.unit)
    close_round(pilot_round=pilot_round, reason="Xong", by=administrator)

    with pytest.raises(NotReady, match="lý do mở lại"):
        reopen_round(pilot_round=pilot_round, reason="", by=administrator)
    with pytest.raises(Closed):
        save(result_of(evaluation, "1.1.1"), editor)
    reopen_round(pilot_round=pilot_round, reason="Bộ yêu cầu sửa", by=administrator)
    save(result_of(evaluation, "1.1.1"), editor)

    assert result_of(evaluation, "1.1.1").explanation == "đã viết"
    assert kinds(pilot_round) == ["reopen", "close"]


def test_a_second_press_is_told_who_was_first(administrator):
    pilot_round = make_dossier(status=Status.DECLINED).pilot_round
    other = make_user(Role.ADMINISTRATOR, full_name="Lê Văn Kia")

    with pytest.raises(NotAsShown, match="Đợt đang mở"):
        reopen_round(pilot_round=pilot_round, reason="Sửa", by=other)
    close_round(pilot_round=pilot_round, reason="", by=administrator)
    with pytest.raises(NotAsShown, match=f"{administrator} đã đóng đợt lúc"):
        close_round(pilot_round=pilot_round, reason="", by=other)
    with pytest.raises(NotAsShown, match="chưa mở"):
        close_round(pilot_round=make_round(opened_at=None), reason="", by=other)

    assert kinds(pilot_round) == ["close"]


def test_nobody_but_the_administrator_runs_a_round(db):
    evaluation = make_dossier()
    pilot_round, unit = evaluation.pilot_round, make_district()
    verbs = [
        lambda by: close_round(pilot_round=pilot_round, reason="Xong", by=by),
        lambda by: reopen_round(pilot_round=pilot_round, reason="Sửa", by=by),
        lambda by: add_participant(pilot_round=pilot_round, unit=unit, reason="Xin", by=by),
        lambda by: remove_participant(evaluation=evaluation, reason="Xin", by=by),
    ]

    for role in set(Role) - {Role.ADMINISTRATOR}:
        by = make_user(role)
        for verb in verbs:
            with pytest.raises(PermissionDenied):
                verb(by)

    pilot_round.refresh_from_db()
    assert pilot_round.is_open
    assert list(pilot_round.evaluations.of_districts()) == [evaluation]
    assert not pilot_round.events.exists()


def test_a_closed_round_takes_no_write_of_any_kind(administrator, appraiser, approver):
    """Each of them is let in while the round is open, and each is refused once it is closed."""
    district = make_district("Huyện Vĩnh Bảo", "316")
    editor = make_user(Role.EDITOR, district)
    member = make_user(Role.COUNCIL, make_city())
    draft = make_complete_dossier(district, by=editor)
    pilot_round = draft.pilot_round
    evaluations = {Status.DRAFT: draft} | {
        status: make_dossier(pilot_round=pilot_round, status=status)
        for status in set(Status) - {Status.DRAFT}
    }
    result = result_of(draft, "1.1.1")
    evidence = result.evidence.first() or make_evidence(result, by=editor)
    document = make_document(district, by=editor)
    commune = make_line(pilot_round, make_commune(parent=district))
    agency_unit = make_agency(parent=district)
    agency = make_line(pilot_round, agency_unit)
    own = make_user(Role.EDITOR, agency_unit)
    session = make_session(evaluations[Status.CONFIRMED], members=[member], by=approver)
    item = session.items.get()
    judged = result_of(evaluations[Status.APPRAISING], "1.1.1")
    points = pilot_round.agency_points
    lead = make_agency("Sở Nội vụ", parent=make_city())
    part = result_of(open_city_dossier(pilot_round, on=date(2022, 12, 31)), "1.1.1")
    assign(result=part, agency=lead, due_on=None, by=administrator)

    def unit_of(evaluation, role):
        return make_user(role, evaluation.unit)

    people = {
        status: {
            "leader": unit_of(evaluation, Role.LEADER),
            "appraiser": appraiser,
            "approver": approver,
            "council": member,
        }
        for status, evaluation in evaluations.items()
    }
    writes = {
        "figures": lambda: save(result, editor),
        "citation": lambda: cite(result=result, document=document, by=editor),
        "no citation": lambda: remove_citation(evidence=evidence, by=editor),
        "cited paper": lambda: change_details(
            document=evidence.document,
            details={"number": "9", "issued_on": None, "issuer": "", "summary": "khác"},
            by=editor,
        ),
        "verdict": lambda: appraise(result=judged, verdict="accept", by=appraiser),
        "verdicts": lambda: accept_rest(evaluation=judged.evaluation, by=appraiser),
        "register": lambda: save_line(
            result=commune, values={"rating": "kha"}, base={"rating": ""}, by=editor
        ),
        "titles": lambda: save_titles(
            result=commune, values={"families": "1"}, base={"families": ""}, by=editor
        ),
        "new unit": lambda: add_unit(
            pilot_round=pilot_round,
            owner=district,
            name="Trường mới",
            unit_type="trường",
            since=date(2020, 1, 1),
            by=editor,
        ),
        "end of a unit": lambda: close_unit(
            result=agency, on=date(2022, 6, 1), reason="Giải thể", by=editor
        ),
        "unit out": lambda: take_out(result=agency, by=editor),
        "sheet": lambda: save_sheet(result=agency, values={"points-1": "1"}, base={}, by=own),
        "assignment": lambda: assign(result=part, agency=None, due_on=None, by=administrator),
        "part of the city's": lambda: save(part, make_user(Role.EDITOR, lead)),
        "hand-over": lambda: hand_over(result=part, by=make_user(Role.LEADER, lead)),
        "inspection": lambda: draw_inspection(
            evaluation=judged.evaluation, wanted={}, seed="", by=appraiser
        ),
        "session": lambda: plan_session(
            pilot_round=pilot_round,
            details={"held_on": FAR, "place": "Phòng", "chair": "A", "secretary": "B"},
            attendees=[],
            dossiers=[],
            by=approver,
        ),
        "opinion": lambda: give_opinion(item=item, stand="agree", text="Vì", by=member),
        "minutes": lambda: keep_minutes(
            session=session, attendance={}, conclusions={}, version="0", by=approver
        ),
        "extension": lambda: extend(evaluation=draft, until=FAR, reason="Bão", by=administrator),
        "reading": lambda: adopt_reading(
            pilot_round=pilot_round,
            question="fall",
            choice="points",
            document="1/CV",
            by=administrator,
        ),
        "points": lambda: adopt_points(
            pilot_round=pilot_round, point_set=points, reason="1/CV", by=administrator
        ),
        "calendar": lambda: add_milestone(
            pilot_round=pilot_round,
            details={"label": "Họp", "starts_on": None, "due_on": FAR, "shown_date": ""},
            by=administrator,
        ),
        "joining": lambda: add_participant(
            pilot_round=pilot_round, unit=make_district(), reason="Xin", by=administrator
        ),
        "leaving": lambda: remove_participant(evaluation=draft, reason="Xin", by=administrator),
        **{
            f"{name} from {status}": partial(
                take_step,
                evaluation=evaluations[status],
                step_name=name,
                by=people[status][step.role],
                note="Vì việc thử.",
                due_on=FAR,
                decided={"level": 0} if step.by_decision else None,
            )
            for name, step in STEPS.items()
            for status in step.sources
        },
    }
    refused = {name for name, write in writes.items() if is_refused(write)}
    assert refused == {"take-back from submitted"}  # of a dossier that was returned once

    close_round(pilot_round=pilot_round, reason="Xong", by=administrator)

    assert {name for name, write in writes.items() if is_refused(write)} == set(writes)
    assert not complete_round(pilot_round=pilot_round, points={}, on=date(2022, 12, 31))


def test_a_unit_of_a_closed_round_can_still_end_for_the_rounds_that_run(administrator, district):
    editor = make_user(Role.EDITOR, district)
    past = make_dossier(district).pilot_round
    running = make_dossier(district).pilot_round
    unit = make_agency(parent=district)
    old, new = make_line(past, unit), make_line(running, unit)
    close_round(pilot_round=past, reason="Xong", by=administrator)

    with pytest.raises(HasResult):
        take_out(result=new, by=editor)
    close_unit(result=new, on=date(2022, 6, 1), reason="Giải thể", by=editor)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.in_scope, new.in_scope) == (True, False)


def test_a_closed_round_is_no_round_that_runs(administrator):
    closed = make_dossier(status=Status.DECLINED).pilot_round
    practice = make_round(is_practice=True)
    close_round(pilot_round=closed, reason="", by=administrator)

    assert default_round(rounds_for(administrator), date(2022, 6, 1)) == practice


# --- Two at once ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_write_under_way_is_waited_for_and_a_later_one_is_refused():
    administrator = make_user(Role.ADMINISTRATOR, make_department())
    evaluation = make_dossier()
    editor = make_user(Role.EDITOR, evaluation.unit)
    result = result_of(evaluation, "1.1.1")
    pilot_round = evaluation.pilot_round
    writing, closing = Signal(), Signal()
    found = {}

    def write_slowly():
        with transaction.atomic():
            save(result, editor, "trước khi đóng")
            writing.set()
            closing.wait(0.5)  # the other one is at the door, not inside
            found["seen open"] = PilotRound.objects.get(pk=pilot_round.pk).is_open

    def close():
        writing.wait(5)
        close_round(pilot_round=pilot_round, reason="Xong", by=administrator)
        closing.set()

    at_once(write_slowly, close)
    assert found == {"seen open": True}

    reopen_round(pilot_round=pilot_round, reason="Thử", by=administrator)
    held = Signal()

    def close_slowly():
        with transaction.atomic():
            close_round(pilot_round=pilot_round, reason="Xong", by=administrator)
            held.set()
            Signal().wait(0.5)

    def write():
        held.wait(5)
        try:
            save(result_of(evaluation, "1.1.1"), editor, "sau khi đóng")
        except Closed:
            return "refused"

    assert at_once(close_slowly, write)[1] == "refused"
    assert result_of(evaluation, "1.1.1").explanation == "trước khi đóng"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_is_told():
    pilot_round = make_dossier(status=Status.DECLINED).pilot_round
    people = [make_user(Role.ADMINISTRATOR, make_department()) for _ in range(2)]

    def close(by):
        try:
            close_round(pilot_round=pilot_round, reason="", by=by)
        except NotAsShown as told:
            return told.text

    answers = at_once(*(partial(close, by) for by in people))

    (told,) = [answer for answer in answers if answer]
    assert told.startswith(f"{pilot_round.events.get().by} đã đóng đợt lúc ")
