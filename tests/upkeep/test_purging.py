"""What is past its term goes, by itself, and nothing younger with it."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings as configured
from django.core.management import call_command
from django.utils import timezone

from evaluations.models import Mail, Notice, Reminder
from organisations.limits import UPLOADS
from organisations.models import AccountAccess, Session, SignInEvent, Tally, User
from tests.organisations.log_lines import logged
from tests.test_personal_data import PERIODS, TERMS_TOLD
from upkeep import purging
from upkeep.models import UpkeepRun
from upkeep.tasks import purge_overdue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _terms(settings):
    settings.SIGN_IN_LOG_DAYS, settings.PROCESSING_LOG_DAYS = 60, 90
    settings.MESSAGES_DAYS = 120


def leave(person, *, days: int) -> None:
    """A row of each kind, as if made so many days ago; what has an end of its own ended then."""
    ago = timezone.now() - timedelta(days=days)
    Session.objects.create(session_key=f"k{days}", expire_date=ago, person=person)
    UPLOADS.count(days)
    Tally.objects.filter(key=UPLOADS.key(days)).update(until=ago)
    attempt = AccessAttempt.objects.create(username=f"n{days}", failures_since_start=1)
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=ago)
    logged(person, days=days)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: ago)
        AccountAccess.objects.create(by=person, kind="people")
        Notice.objects.create(recipient=person, kind="due", text="Còn 7 ngày")
        mail = Mail.objects.create(
            recipient=person, kind="reminder", day=ago.date(), status="sent", sent_at=ago
        )
    Reminder.objects.create(
        recipient=person, about="evaluation:1", due_on=ago, stage="7", day=ago, mail=mail
    )


def left() -> dict[str, int]:
    models = (Session, Tally, AccessAttempt, SignInEvent, AccountAccess, Reminder, Mail, Notice)
    return {model.__name__: model.objects.count() for model in models}


def test_each_kind_goes_at_its_own_term(leader):
    leave(leader, days=-1)  # still running
    leave(leader, days=59)
    leave(leader, days=89)
    leave(leader, days=119)
    leave(leader, days=130)

    record = purging.purge()

    assert left() == {
        **dict.fromkeys(("Session", "Tally", "AccessAttempt"), 1),
        "SignInEvent": 2,
        "AccountAccess": 3,
        **dict.fromkeys(("Reminder", "Mail", "Notice"), 4),
    }
    assert "4 phiên hết hiệu lực" in record.summary
    assert "3 dòng nhật ký đăng nhập" in record.summary
    assert "1 thư" in record.summary


def test_second_run_finds_nothing_and_both_are_written_down(leader):
    leave(leader, days=130)

    purging.purge()
    purge_overdue()

    runs = UpkeepRun.objects.filter(kind="purge").order_by("pk")
    assert [run.status for run in runs] == ["clean", "clean"]
    assert runs[1].summary == "không có gì quá hạn"


def test_dry_run_counts_and_deletes_nothing(leader, capsys):
    leave(leader, days=130)
    before = left()

    call_command("purge", dry_run=True)
    said = capsys.readouterr().out

    assert left() == before
    assert not UpkeepRun.objects.exists()
    assert "1 dòng nhật ký đăng nhập" in said
    call_command("purge")
    assert capsys.readouterr().out.removeprefix("Đã xóa: ") == said.removeprefix(
        "Quá hạn: "
    ).replace(". Chưa xóa gì", "")


def test_mail_that_waits_or_that_a_younger_reminder_names_stays(leader):
    leave(leader, days=130)
    Mail.objects.update(status="waiting", sent_at=None)
    purging.purge()
    assert Mail.objects.count() == 1

    Mail.objects.update(status="failed")
    Reminder.objects.create(
        recipient=leader,
        about="evaluation:2",
        due_on=timezone.localdate(),
        stage="7",
        day=timezone.localdate(),
        mail=Mail.objects.get(),
    )
    purging.purge()
    assert Mail.objects.count() == 1

    Reminder.objects.all().delete()
    purging.purge()
    assert Mail.objects.count() == 0


def test_log_of_a_nameless_account_goes_after_a_month(leader, editor):
    for person in (leader, editor):
        logged(person, days=40)
        logged(person, days=20)
    User.objects.filter(pk=leader.pk).update(
        is_active=False, email="", phone="", anonymised_at=timezone.now()
    )

    purging.purge()

    assert leader.sign_ins.count() == 1
    assert editor.sign_ins.count() == 2


def test_what_breaks_is_written_down_and_the_rest_stays_done(leader, monkeypatch):
    leave(leader, days=130)
    broken = purging.Term(8, "thư", lambda now: 1 / 0)
    monkeypatch.setattr(purging, "TERMS", (purging.TERMS[0], broken))

    with pytest.raises(ZeroDivisionError):
        purging.purge()

    assert UpkeepRun.objects.get().status == "failed"
    assert not Session.objects.exists()


def test_every_term_of_the_document_is_carried_out():
    """The numbers with an end in days or hours; the others end by somebody's hand."""
    by_the_clock = {number for number, told in TERMS_TOLD.items() if "(`purge`)" in told}

    assert by_the_clock == {str(term.term) for term in purging.TERMS}
    assert by_the_clock <= set(PERIODS.values())
    for name in ("SIGN_IN_LOG_DAYS", "PROCESSING_LOG_DAYS", "MESSAGES_DAYS"):
        assert any(f"`{name}`" in told for told in TERMS_TOLD.values()), name


def test_the_clock_asks_for_it_every_night():
    tasks = [entry["task"] for entry in configured.CELERY_BEAT_SCHEDULE.values()]

    assert tasks.count(purge_overdue.name) == 1
