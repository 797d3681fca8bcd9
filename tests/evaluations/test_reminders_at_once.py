"""Two clocks striking at once, on whichever database runs the tests."""

from datetime import date, datetime
from functools import partial

import pytest
from django.core import mail as outbox_of
from django.utils import timezone

from evaluations.actions.mails import deliver
from evaluations.actions.reminders import remind
from evaluations.models import Mail, Notice, Reminder
from organisations.models import Role
from tests.evaluations.test_parallel_saves import at_once
from tests.factories import make_dossier, make_round, make_user

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2022, 12, 8)
PEOPLE = 4


@pytest.fixture
def officers():
    pilot_round = make_round()
    since = datetime(2022, 11, 1, 9, 0, tzinfo=timezone.get_default_timezone())
    officers = [
        # The last one has no address: nothing but the reminder itself stands in the way there.
        make_user(Role.EDITOR, email=f"can.bo.{number}@don-vi.example" if number else "")
        for number in range(PEOPLE)
    ]
    for officer in officers:
        make_dossier(officer.organisation, pilot_round=pilot_round, status_since=since)
    return officers


def test_two_runs_at_once_remind_everybody_once(officers):
    runs = at_once(*[partial(remind, TODAY)] * 3)

    assert sum(run.people for run in runs) == PEOPLE
    assert sorted(message.to[0] for message in outbox_of.outbox) == sorted(
        officer.email for officer in officers if officer.email
    )
    assert Reminder.objects.count() == Notice.objects.count() == PEOPLE
    assert set(Mail.objects.values_list("status", flat=True)) == {"sent"}


def test_one_waiting_mail_is_sent_by_one_of_two_workers(officers, monkeypatch):
    with monkeypatch.context() as held:
        held.setattr("evaluations.actions.reminders.deliver", lambda today: None)
        remind(TODAY)

    answers = at_once(*[partial(deliver, TODAY)] * 3)

    assert sum(answer.sent for answer in answers) == PEOPLE - 1
    assert len(outbox_of.outbox) == PEOPLE - 1
