from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from evaluations.models import Evaluation
from evaluations.snapshots import content_hash
from evaluations.workflow import Status
from organisations.models import Role
from reports import actions
from reports.files import path_of
from reports.models import ReportRun
from tests.factories import make_round, make_user, result_of

Run = ReportRun.Status


def test_order_freezes_what_the_report_will_say(dossier, editor, order, sent):
    run = order(dossier, editor)
    result = result_of(dossier, "1.1.1")
    result.explanation = "Viết sau khi đặt"
    result.save()

    run.refresh_from_db()
    assert (run.status, run.requested_by, run.evaluation) == (Run.QUEUED, editor, dossier)
    assert "Viết sau khi đặt" not in str(run.content)
    assert run.content_sha256
    assert sent == [run.pk]


def test_same_order_twice_is_one_run(dossier, editor, order, sent):
    first, second = order(dossier, editor), order(dossier, editor)

    assert first == second
    assert ReportRun.objects.count() == 1
    assert sent == [first.pk]


def test_order_that_still_waits_takes_what_the_dossier_says_now(dossier, editor, order):
    order(dossier, editor)
    dossier.results.filter(indicator__code="1.1.1").update(explanation="Mới sửa")

    run = order(dossier, editor)

    run.refresh_from_db()
    assert "Mới sửa" in str(run.content)


def test_what_is_taken_anew_is_of_a_new_moment(dossier, editor, order):
    before = order(dossier, editor).requested_at

    assert order(dossier, editor).pk
    assert ReportRun.objects.get().requested_at > before


@pytest.mark.parametrize("changed", [False, True])
def test_second_click_that_waited_while_the_first_was_built(
    dossier, editor, order, monkeypatch, changed
):
    """Is the same order, as long as it says the same, though a second later."""
    first = order(dossier, editor)
    first.content["dossier"]["taken_at"] = "2022-12-14T08:05:00+07:00"
    first.content_sha256 = content_hash(first.content)
    first.save(update_fields=["content", "content_sha256"])
    hold = actions._hold

    def hold_late(subject):
        hold(subject)
        actions.finish(actions.claim(first.pk), name="a.pdf", size=1, sha256="0" * 64)
        slow_clock = first.requested_at - timedelta(minutes=1)  # that of the worker's machine
        ReportRun.objects.filter(pk=first.pk).update(finished_at=slow_clock)

    monkeypatch.setattr(actions, "_hold", hold_late)
    if changed:
        dossier.results.filter(indicator__code="1.1.1").update(explanation="Mới sửa")

    second = order(dossier, editor)

    assert (second == first) is not changed
    monkeypatch.setattr(actions, "_hold", hold)
    assert order(dossier, editor) != first, "an order made afterwards is a new one"


@pytest.mark.parametrize("change", ["person", "format", "finished"])
def test_another_order_is_another_run(dossier, editor, leader, order, change):
    first = order(dossier, editor)
    if change == "finished":
        actions.fail(actions.claim(first.pk), reason="Hỏng")

    second = order(
        dossier,
        leader if change == "person" else editor,
        file_type="xlsx" if change == "format" else "pdf",
    )

    assert second != first


def test_database_itself_refuses_a_second_active_run(dossier, editor, order):
    run = order(dossier, editor)
    run.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        run.save()


@pytest.mark.parametrize(
    ("role", "status", "may"),
    [
        (Role.EDITOR, Status.DRAFT, True),
        (Role.LEADER, Status.SUBMITTED, True),
        (Role.APPRAISER, Status.DRAFT, False),
        (Role.APPRAISER, Status.RETURNED, False),
        (Role.APPRAISER, Status.SUBMITTED, True),
        (Role.APPROVER, Status.APPRAISED, True),
        (Role.COUNCIL, Status.APPRAISED, False),
        (Role.OBSERVER, Status.APPRAISED, False),
        (Role.ADMINISTRATOR, Status.APPRAISED, False),
    ],
)
def test_who_may_order_a_self_assessment(submitted, self_assessment, role, status, may):
    Evaluation.objects.filter(pk=submitted.pk).update(status=status)
    submitted.refresh_from_db()
    unit = submitted.unit if role in {Role.EDITOR, Role.LEADER} else None

    assert self_assessment.can_order(make_user(role, unit), submitted) is may


@pytest.mark.parametrize("role", Role)
def test_who_may_order_a_summary(summary, role):
    may = role in {Role.APPRAISER, Role.APPROVER, Role.COUNCIL, Role.OBSERVER}

    assert summary.can_order(make_user(role), make_round()) is may


def test_foreign_unit_may_not_order(dossier, outsider, order, sent):
    with pytest.raises(PermissionDenied):
        order(dossier, outsider)

    assert not ReportRun.objects.exists()
    assert sent == []


def test_silent_queue_is_said_and_the_order_kept(
    dossier, editor, order, monkeypatch, django_capture_on_commit_callbacks
):
    def silent(name, args, **options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(actions.current_app, "send_task", silent)
    run = order(dossier, editor)

    run.refresh_from_db()
    assert (run.status, run.sent_at) == (Run.QUEUED, None)
    assert "Hàng đợi báo cáo không trả lời" in run.error
    assert run.is_waiting

    again = []
    monkeypatch.setattr(
        actions.current_app, "send_task", lambda name, args, **options: again.append(args)
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.retry(run=run, by=editor)

    run.refresh_from_db()
    assert again == [[run.pk]]
    assert run.error == ""
    assert not run.is_waiting


def test_run_is_claimed_once(dossier, editor, order):
    run = order(dossier, editor)

    first, second = actions.claim(run.pk, worker="a"), actions.claim(run.pk, worker="b")

    assert (first.status, first.worker, first.attempts) == (Run.RUNNING, "a", 1)
    assert second is None


def test_attempt_that_was_given_up_cannot_finish(dossier, editor, order):
    given_up = actions.claim(order(dossier, editor).pk, worker="a")
    actions.recover(ReportRun.objects.filter(pk=given_up.pk))
    current = actions.claim(given_up.pk, worker="b")

    late = actions.finish(given_up, name="reports/x.pdf", size=1, sha256="0")

    current.refresh_from_db()
    assert late is False
    assert (current.status, current.file.name) == (Run.RUNNING, "")


def test_run_of_a_killed_worker_is_built_again_when_it_starts(dossier, editor, order, sent):
    run = order(dossier, editor)
    actions.claim(run.pk, worker="celery@may-1")

    actions.resume(worker="celery@may-2")
    run.refresh_from_db()
    assert run.status == Run.RUNNING  # another worker's, and it may be alive

    actions.resume(worker="celery@may-1")
    run.refresh_from_db()
    assert run.status == Run.QUEUED
    assert sent == [run.pk, run.pk]


def test_worker_that_starts_is_sent_all_that_waits(dossier, editor, order, sent):
    """Of a folder the one before had perhaps taken a message, and no other will ever come."""
    run = order(dossier, editor)

    actions.resume(worker="celery@may-1")

    assert sent == [run.pk, run.pk]


@pytest.mark.parametrize("attempts", [1, actions.MAX_ATTEMPTS])
def test_what_a_dead_worker_had_stored_is_taken_away(dossier, editor, order, attempts, settings):
    run = order(dossier, editor)
    ReportRun.objects.update(attempts=attempts - 1)
    default_storage.save(path_of(actions.claim(run.pk, worker="celery@may-1")), ContentFile(b"nua"))

    actions.resume(worker="celery@may-1")

    run.refresh_from_db()
    assert run.status == (Run.QUEUED if attempts == 1 else Run.FAILED)
    assert list(settings.MEDIA_ROOT.glob("reports/*")) == []


def test_who_only_comes_after_others_is_not_stuck(dossier, editor, leader, order):
    run, first = order(dossier, editor), order(dossier, leader)
    ReportRun.objects.update(sent_at=timezone.now() - timedelta(minutes=1))

    def shown():
        return ReportRun.objects.for_display().get(pk=run.pk)

    assert shown().is_waiting
    actions.claim(first.pk, worker="celery@may-1")
    assert not shown().is_waiting
    assert shown().state_word == "Đang chờ đến lượt"
    long_ago = timezone.now() - timedelta(minutes=3)
    ReportRun.objects.filter(pk=first.pk).update(beat_at=long_ago)
    assert shown().is_waiting


def test_run_that_kills_its_worker_twice_fails_with_a_reason(dossier, editor, order):
    run = order(dossier, editor)
    for _ in range(actions.MAX_ATTEMPTS):
        actions.claim(run.pk, worker="celery@may-1")
        actions.resume(worker="celery@may-1")

    run.refresh_from_db()
    assert run.status == Run.FAILED
    assert "dừng giữa chừng" in run.error


def test_run_without_a_sign_of_life_is_lost(dossier, editor, order, sent):
    run = order(dossier, editor)
    actions.claim(run.pk, worker="celery@may-1")
    long_ago = timezone.now() - timedelta(minutes=3)
    ReportRun.objects.filter(pk=run.pk).update(beat_at=long_ago)

    run.refresh_from_db()
    assert run.is_lost
    assert not run.is_moving

    actions.rescue()
    run.refresh_from_db()
    assert (run.status, sent) == (Run.QUEUED, [run.pk, run.pk])


@pytest.mark.parametrize("sent_at", [None, timedelta(minutes=16)])
def test_order_that_the_queue_lost_is_sent_again(dossier, editor, order, sent, sent_at):
    run = order(dossier, editor)
    ReportRun.objects.update(sent_at=sent_at and timezone.now() - sent_at)

    actions.rescue()

    assert sent == [run.pk, run.pk]


@pytest.mark.parametrize(
    ("queue", "is_sent_again"),
    [
        ("gave out a later one", True),
        ("gives nothing", True),
        ("is busy with an earlier one", False),
    ],
)
def test_queue_that_forgot_an_order_shows_it_within_minutes(
    dossier, editor, leader, order, sent, queue, is_sent_again
):
    """As Redis does when it is killed: what was not saved to its disk is gone."""
    now = timezone.now()
    run, other = order(dossier, editor), order(dossier, leader)
    ReportRun.objects.filter(pk=run.pk).update(sent_at=now - timedelta(minutes=2))
    if queue == "gives nothing":
        ReportRun.objects.filter(pk=other.pk).update(sent_at=now)
    else:
        minutes = 1 if queue == "gave out a later one" else 3
        actions.claim(other.pk, worker="celery@may-1")
        then = now - timedelta(minutes=minutes)
        ReportRun.objects.filter(pk=other.pk).update(sent_at=then, started_at=then)

    actions.rescue()

    assert sent.count(run.pk) == 1 + is_sent_again
    assert sent.count(other.pk) == 1


def test_ordering_anew_settles_a_lost_run(dossier, editor, order):
    run = order(dossier, editor)
    actions.claim(run.pk, worker="celery@may-1")
    ReportRun.objects.update(beat_at=timezone.now() - timedelta(minutes=3))

    again = order(dossier, editor)

    run.refresh_from_db()
    assert again != run
    assert (run.status, again.status) == (Run.FAILED, Run.QUEUED)


def test_retry_is_for_the_one_who_ordered_and_for_what_stands_still(
    dossier, editor, leader, order, django_capture_on_commit_callbacks, sent
):
    run = order(dossier, editor)
    run.refresh_from_db()
    assert actions.retry(run=run, by=editor) is None  # it is on its way
    actions.fail(actions.claim(run.pk), reason="Hỏng")
    run.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.retry(run=run, by=leader)

    with django_capture_on_commit_callbacks(execute=True):
        actions.retry(run=run, by=editor)

    run.refresh_from_db()
    assert (run.status, run.error, run.finished_at) == (Run.QUEUED, "", None)
    assert sent == [run.pk, run.pk]


def test_retry_of_what_moves_again_changes_nothing(dossier, editor, order, sent):
    run = order(dossier, editor)
    actions.claim(run.pk, worker="celery@may-1")
    ReportRun.objects.update(beat_at=timezone.now() - timedelta(minutes=3))
    seen = ReportRun.objects.get()  # as a page has it while the run is found and sent again
    actions.rescue()

    assert seen.is_stuck
    assert actions.retry(run=seen, by=editor) is None

    run.refresh_from_db()
    assert (run.status, run.attempts, sent) == (Run.QUEUED, 1, [run.pk, run.pk])


def test_retry_gives_way_to_a_newer_order(dossier, editor, order):
    run = order(dossier, editor)
    actions.fail(actions.claim(run.pk), reason="Hỏng")
    newer = order(dossier, editor)
    run.refresh_from_db()

    assert actions.retry(run=run, by=editor) == newer
    run.refresh_from_db()
    assert run.status == Run.FAILED


@pytest.mark.parametrize(
    "changes",
    [
        {"evaluation": None},
        {"status": Run.READY},
        {"status": Run.FAILED},
        {"status": Run.FAILED, "error": "Hỏng"},
    ],
)
def test_database_keeps_a_run_whole(dossier, editor, order, changes):
    run = order(dossier, editor)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReportRun.objects.filter(pk=run.pk).update(**changes)


def test_cancel_is_for_who_ordered_and_while_it_is_under_way(dossier, editor, leader, order):
    run = order(dossier, editor)
    with pytest.raises(PermissionDenied):
        actions.cancel(run=run, by=leader)
    claimed = actions.claim(run.pk)
    seen = ReportRun.objects.get(pk=run.pk)  # as a page has it while the worker finishes
    actions.fail(claimed, reason="Hỏng")

    assert not actions.cancel(run=seen, by=editor)
    run.refresh_from_db()
    assert run.status == Run.FAILED
    assert not actions.cancel(run=run, by=editor)


def test_cancelled_run_stays_cancelled_and_makes_room_for_another(dossier, editor, order, sent):
    run = order(dossier, editor)
    claimed = actions.claim(run.pk, worker="celery@may-1")
    actions.cancel(run=claimed, by=editor)

    assert not actions.beat(claimed, done=1, total=3, word="Dàn trang 1")
    assert not actions.finish(claimed, name="x", size=1, sha256="0" * 64)
    actions.fail(claimed, reason="Hỏng")
    actions.resume(worker="celery@may-1")

    run.refresh_from_db()
    assert (run.status, run.error, run.file.name) == (Run.CANCELLED, "", "")
    assert sent == [run.pk]
    assert order(dossier, editor) != run
