"""The way of a dossier: who may take which step, what it needs, what it leaves behind."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from evaluations.actions.appraisal import Stale, accept_rest, appraise, version_of
from evaluations.actions.steps import NotReady, take_step
from evaluations.models import Evaluation, Event, IndicatorAppraisal, Snapshot, UnitResult
from evaluations.permissions import (
    can_appraise,
    can_edit,
    can_edit_result,
    can_take,
    written_in,
)
from evaluations.snapshots import content_hash
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations.counting import below, communes, rate
from tests.factories import (
    make_communes,
    make_complete_dossier,
    make_counted_dossier,
    make_department,
    make_dossier,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


def test_submitting_takes_a_snapshot_and_locks(leader):
    evaluation = make_complete_dossier(leader.organisation)

    take_step(evaluation=evaluation, step_name="submit", by=leader, note="Kính gửi Sở")

    evaluation.refresh_from_db()
    assert evaluation.status == Status.SUBMITTED
    assert evaluation.first_submitted_at is not None
    snapshot = Snapshot.objects.get()
    assert snapshot.number == 1
    assert snapshot.content["self_assessed"]["level"] == 1
    assert snapshot.sha256 == content_hash(snapshot.content)
    assert Event.objects.get().note == "Kính gửi Sở"
    assert not can_edit(leader, evaluation)


def test_a_snapshot_does_not_move_with_the_dossier(leader):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    before = Snapshot.objects.get().content

    evaluation.results.update(explanation="Sửa lén", typed={})

    assert Snapshot.objects.get().content == before


def test_an_incomplete_dossier_cannot_be_submitted(leader):
    evaluation = make_dossier(leader.organisation)

    with pytest.raises(NotReady) as caught:
        take_step(evaluation=evaluation, step_name="submit", by=leader)

    assert len(caught.value.check.errors) == 5
    evaluation.refresh_from_db()
    assert evaluation.status == Status.DRAFT
    assert not Snapshot.objects.exists()


def test_a_doubt_wants_a_reason_and_the_reason_goes_along(leader):
    evaluation = make_complete_dossier(leader.organisation)
    evaluation.results.filter(indicator__code="2.2.1").update(suitability="")

    with pytest.raises(NotReady):
        take_step(evaluation=evaluation, step_name="submit", by=leader)
    reasons = {"no-suitability": "Sẽ nhận xét sau hội nghị"}
    take_step(evaluation=evaluation, step_name="submit", by=leader, reasons=reasons)

    (doubt,) = Snapshot.objects.get().content["confirmed_doubts"]
    assert doubt["indicators"] == ["2.2.1"]
    assert doubt["reason"] == "Sẽ nhận xét sau hội nghị"


def test_withdrawing_needs_a_reason_and_opens_again(leader):
    evaluation = make_dossier(leader.organisation, status=Status.SUBMITTED)

    with pytest.raises(NotReady):
        take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="  ")
    take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="Thiếu số liệu")

    evaluation.refresh_from_db()
    assert evaluation.status == Status.DRAFT
    assert can_edit(leader, evaluation)


@pytest.fixture
def appraising(leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    return take_step(evaluation=evaluation, step_name="take-in", by=appraiser)


def test_finishing_wants_a_verdict_on_every_indicator(appraising, appraiser):
    with pytest.raises(NotReady, match=r"2\.1\.2"):
        take_step(evaluation=appraising, step_name="finish", by=appraiser)

    accept_rest(evaluation=appraising, by=appraiser)
    take_step(evaluation=appraising, step_name="finish", by=appraiser)

    appraising.refresh_from_db()
    assert appraising.status == Status.APPRAISED
    event = Event.objects.first()
    assert event.detail["level"] == 1
    assert event.detail["self_assessed_level"] == 1


def test_an_adjusted_figure_moves_only_the_column_of_the_so(appraising, appraiser):
    result = result_of(appraising, "2.1.2")
    appraise(
        result=result,
        verdict="adjust",
        typed={"achieved": "20", "total": "30"},
        reason="Ba xã chưa có quyết định",
        by=appraiser,
    )
    accept_rest(evaluation=appraising, by=appraiser)

    take_step(evaluation=appraising, step_name="finish", by=appraiser)

    detail = Event.objects.first().detail
    assert (detail["self_assessed_level"], detail["level"]) == (1, 0)
    assert result_of(appraising, "2.1.2").typed["achieved"] == "23"


def test_returning_opens_what_was_asked_and_keeps_the_other_verdicts(appraising, appraiser, leader):
    asked = result_of(appraising, "2.1.2")
    appraise(result=asked, verdict="ask", reason="Thiếu quyết định của 2 xã", by=appraiser)
    accept_rest(evaluation=appraising, by=appraiser)
    due_on = timezone.localdate() + TOMORROW

    take_step(
        evaluation=appraising, step_name="return", by=appraiser, note="Bổ sung", due_on=due_on
    )

    appraising.refresh_from_db()
    assert appraising.status == Status.RETURNED
    assert appraising.due_on == due_on
    assert Event.objects.first().detail["asked"] == [
        {"indicator": "2.1.2", "reason": "Thiếu quyết định của 2 xã"}
    ]
    with pytest.raises(NotReady) as caught:  # each request needs its reply
        take_step(evaluation=appraising, step_name="submit", by=leader)
    assert [error.field for error in caught.value.check.errors] == ["reply"]
    appraising.results.filter(pk=asked.pk).update(reply="Đã ban hành")
    take_step(evaluation=appraising, step_name="submit", by=leader)
    assert IndicatorAppraisal.objects.filter(verdict="accept").count() == 4
    assert Snapshot.objects.count() == 2


def test_returning_wants_a_request_that_the_unit_has_not_answered_yet(
    appraising, appraiser, leader
):
    due_on = timezone.localdate() + TOMORROW
    back = {"evaluation": appraising, "step_name": "return", "by": appraiser, "note": "Bổ sung"}

    with pytest.raises(NotReady, match="Chưa yêu cầu bổ sung"):
        take_step(**back, due_on=due_on)
    asked = result_of(appraising, "2.1.2")
    appraise(result=asked, verdict="ask", reason="Thiếu quyết định", by=appraiser)
    take_step(**back, due_on=due_on)
    appraising.results.filter(pk=asked.pk).update(reply="Đã ban hành")
    take_step(evaluation=appraising, step_name="submit", by=leader)
    take_step(evaluation=appraising, step_name="take-in", by=appraiser)
    with pytest.raises(NotReady, match=r"đã trả lời 2\.1\.2"):
        take_step(**back, due_on=due_on)


def test_a_supplement_taken_back_opens_only_what_was_asked(appraising, appraiser, leader):
    asked = result_of(appraising, "2.1.2")
    appraise(result=asked, verdict="ask", reason="Thiếu quyết định", by=appraiser)
    accept_rest(evaluation=appraising, by=appraiser)
    due_on = timezone.localdate() + TOMORROW
    take_step(
        evaluation=appraising, step_name="return", by=appraiser, note="Bổ sung", due_on=due_on
    )
    appraising.results.filter(pk=asked.pk).update(reply="Đã ban hành")
    take_step(evaluation=appraising, step_name="submit", by=leader)

    take_step(evaluation=appraising, step_name="take-back", by=leader, note="Nhầm tệp")

    appraising.refresh_from_db()
    assert appraising.status == Status.RETURNED
    assert can_edit_result(leader, result_of(appraising, "2.1.2"))
    assert not can_edit_result(leader, result_of(appraising, "2.2.1"))
    take_step(evaluation=appraising, step_name="submit", by=leader)  # the reply is still there


def test_a_verdict_on_a_page_that_is_no_longer_so_is_refused(appraising, appraiser):
    result = result_of(appraising, "2.1.2")
    seen = version_of(appraising, result)
    appraise(result=result, verdict="accept", by=make_user("appraiser"))

    with pytest.raises(Stale):
        appraise(result=result, verdict="ask", reason="Hỏi", by=appraiser, version=seen)

    assert IndicatorAppraisal.objects.get().verdict == "accept"


def test_finishing_with_half_a_figure_is_refused(appraising, appraiser):
    accept_rest(evaluation=appraising, by=appraiser)
    appraise(
        result=result_of(appraising, "2.1.2"),
        verdict="adjust",
        typed={"achieved": "20"},
        reason="Đếm lại",
        by=appraiser,
    )

    with pytest.raises(NotReady, match=r"2\.1\.2"):
        take_step(evaluation=appraising, step_name="finish", by=appraiser)


def test_the_snapshot_keeps_the_rule_that_judged_it(leader):
    evaluation = make_complete_dossier(leader.organisation)

    take_step(evaluation=evaluation, step_name="submit", by=leader)

    content = Snapshot.objects.get().content
    assert content["status"] == "submitted"
    assert content["rule"]["exact_80_level"] == 1
    assert [each["percent"] for each in content["rule"]["thresholds"]] == [70, 80, 90]


@pytest.mark.parametrize("due_on", [None, date(2020, 1, 1)])
def test_returning_wants_a_day_that_is_still_to_come(appraising, appraiser, due_on):
    with pytest.raises(NotReady, match="hạn bổ sung"):
        take_step(
            evaluation=appraising, step_name="return", by=appraiser, note="Bổ sung", due_on=due_on
        )


def test_who_wrote_in_a_dossier_does_not_appraise_it(appraising, appraiser):
    Event.objects.create(
        evaluation=appraising, kind="first-writing", text="bắt đầu nhập", by=appraiser
    )

    with pytest.raises(PermissionDenied):
        appraise(result=result_of(appraising, "1.1.1"), verdict="accept", by=appraiser)
    assert not can_take(appraiser, appraising, "finish")


def test_who_wrote_in_a_register_behind_a_dossier_does_not_appraise_it(
    django_assert_num_queries,
):
    """One line of that district's, of that round and its year; whoever they work for now."""
    dossier = make_counted_dossier()
    neighbours = make_dossier(pilot_round=dossier.pilot_round)
    (elsewhere,) = make_communes(dossier.pilot_round, neighbours.unit, ["tot"])
    past = communes(dossier).filter(owner=dossier.unit, rating__is_good_or_better=True).first()
    UnitResult.objects.filter(pk=past.pk).update(year=dossier.pilot_round.year - 1)
    keeper, neighbour, of_last_year = (make_user(Role.EDITOR, dossier.unit) for _ in range(3))
    rate(below(dossier), "Khá", by=keeper)
    elsewhere.events.create(kind="save", text="sửa", by=neighbour)
    past.events.create(kind="save", text="sửa", by=of_last_year)
    Evaluation.objects.update(status=Status.APPRAISING, first_submitted_at=timezone.now())
    dossier = Evaluation.objects.for_display().get(pk=dossier.pk)
    office = make_department()
    for person in (keeper, neighbour, of_last_year):
        person.role, person.organisation = Role.APPRAISER, office
        person.save()
        is_free = person != keeper
        assert can_appraise(person, dossier) is is_free
        assert can_take(person, dossier, "finish") is is_free

    with pytest.raises(PermissionDenied):
        appraise(result=result_of(dossier, "2.2.1"), verdict="accept", by=keeper)
    with django_assert_num_queries(1):
        assert written_in(keeper, [dossier, neighbours]) == {dossier.pk}
    assert written_in(neighbour, [dossier, neighbours]) == {neighbours.pk}


def test_bulk_acceptance_leaves_claims_of_not_applicable_alone(appraising, appraiser):
    appraising.results.filter(indicator__code="3.1.1").update(typed={"not_applicable": "yes"})

    codes = accept_rest(evaluation=appraising, by=appraiser)

    assert "3.1.1" not in codes
    assert len(codes) == 4


def test_an_unsent_request_does_not_reach_the_unit(appraising, appraiser):
    appraise(result=result_of(appraising, "2.1.2"), verdict="ask", reason="Hỏi", by=appraiser)

    content_line = Evaluation.objects.with_results().get(pk=appraising.pk)

    assert not IndicatorAppraisal.objects.get().is_sent
    assert content_line.status == Status.APPRAISING
