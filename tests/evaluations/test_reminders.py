"""Who owes what by when, when they are reminded, and that nobody is reminded twice."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from smtplib import SMTPDataError
from unittest.mock import patch

import pytest
from django.core import mail as outbox_of
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations import tasks
from evaluations.actions.mails import deliver
from evaluations.actions.reminders import remind
from evaluations.actions.rounds import extend
from evaluations.models import Evaluation, Mail, Notice, PilotRound, Reminder
from evaluations.reminders import due_today, owed, stage_of
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import make_department, make_district, make_dossier, make_round, make_user

DUE = date(2022, 12, 15)
DAY = timedelta(days=1)
AT_WORK = datetime(2022, 11, 1, 9, 0, tzinfo=timezone.get_default_timezone())


def before(days: int) -> date:
    return DUE - timedelta(days=days)


@pytest.fixture
def outbox():
    return outbox_of.outbox


@pytest.fixture
def officer(district):
    return make_user(
        Role.EDITOR, district, email="can.bo@vinhbao.example", full_name="Phạm Thị Cần"
    )


@pytest.fixture
def draft(officer):
    return make_dossier(officer.organisation, status_since=AT_WORK)


# --- When -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_before", "stage"),
    [
        (15, ""),
        *((14, "14"), (8, "14"), (7, "7"), (2, "7"), (1, "1"), (0, "1")),
        *((-1, "late-0"), (-7, "late-0"), (-8, "late-1"), (-14, "late-1"), (-15, "late-2")),
        *((-56, "late-7"), (-57, "")),
    ],
)
def test_stages_begin_on_their_day(days_before, stage):
    assert stage_of(DUE, before(days_before)) == stage


@pytest.mark.parametrize(
    ("told_days_before", "days_before", "stage"),
    [(10, 8, ""), (10, 7, "7"), (7, 6, ""), (7, 1, "1"), (1, 0, ""), (1, -1, "late-0")],
)
def test_a_stage_that_had_begun_when_one_was_told_says_nothing_new(
    told_days_before, days_before, stage
):
    assert stage_of(DUE, before(days_before), told_on=before(told_days_before)) == stage


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "stages"),
    [
        (datetime(2022, 11, 30, 16, 59, tzinfo=UTC), []),  # 30/11, a minute to midnight here
        (datetime(2022, 11, 30, 17, 0, tzinfo=UTC), ["14"]),  # 01/12 here, 30/11 there
    ],
)
def test_the_day_is_that_of_hai_phong(draft, monkeypatch, moment, stages):
    monkeypatch.setattr(timezone, "now", lambda: moment)

    tasks.send_reminders()

    assert list(Reminder.objects.values_list("stage", flat=True)) == stages


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_those_who_owe_are_reminded(officer, draft, outbox):
    """The people of the unit whose dossier is with it, who may write and are still there."""
    district = officer.organisation
    leader = make_user(Role.LEADER, district, email="lanh.dao@vinhbao.example")
    make_user(Role.LEADER, district, email="nghi@vinhbao.example", is_active=False)
    make_user(Role.OBSERVER, district, email="theo.doi@vinhbao.example")
    make_user(Role.APPRAISER, make_department(), email="so@haiphong.example")
    neighbour = make_user(Role.LEADER, make_district(), email="xong@lechan.example")
    make_dossier(neighbour.organisation, pilot_round=draft.pilot_round, status=Status.SUBMITTED)

    remind(before(7))

    assert sorted(message.to[0] for message in outbox) == sorted([officer.email, leader.email])
    assert set(Notice.objects.values_list("recipient", flat=True)) == {officer.pk, leader.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("moments", [{"opened_at": None}, {"closed_at": AT_WORK}])
def test_a_round_that_is_planned_or_closed_reminds_nobody(draft, outbox, moments):
    PilotRound.objects.update(**moments)

    remind(before(7))

    assert (outbox, Reminder.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_practice_round_reminds_in_the_inbox_alone(draft, outbox, settings):
    PilotRound.objects.update(is_practice=True)
    assert settings.MAIL_PRACTICE_ROUNDS is False

    remind(before(7))
    assert (len(outbox), Notice.objects.count()) == (0, 1)

    settings.MAIL_PRACTICE_ROUNDS = True
    remind(before(1))
    assert (len(outbox), Notice.objects.count()) == (1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("lacking", [{"email": ""}, {"wants_mail": False}])
def test_without_an_address_or_by_choice_the_inbox_alone_reminds(draft, officer, outbox, lacking):
    type(officer).objects.filter(pk=officer.pk).update(**lacking)

    remind(before(7))
    remind(before(7))

    assert (len(outbox), Notice.objects.count(), Reminder.objects.count()) == (0, 1, 1)


@pytest.mark.django_db
def test_several_things_make_one_mail(draft, officer, outbox):
    other = make_round(self_assessment_due_on=DUE + DAY)
    make_dossier(officer.organisation, pilot_round=other, status_since=AT_WORK)

    remind(before(6))

    (message,) = outbox
    assert message.subject == "[Học tập suốt đời] Nhắc việc: 2 việc sắp đến hạn hoặc quá hạn"
    assert message.body.count("Huyện Vĩnh Bảo") == 2
    assert Reminder.objects.count() == 2


@pytest.mark.django_db
def test_a_reminder_says_what_by_when_and_where_and_nothing_else(draft, officer, outbox, settings):
    settings.SITE_URL = "https://hoc-tap.example"
    draft.results.update(explanation="Lời của đơn vị", typed={"achieved": "77777"})

    remind(before(7))

    (message,) = outbox
    assert message.to == [officer.email]
    assert message.subject == (
        "[Học tập suốt đời] Gửi hồ sơ công nhận huyện học tập năm 2022: còn 7 ngày"
    )
    assert "Kính gửi Phạm Thị Cần," in message.body
    assert "Hạn 15/12/2022, còn 7 ngày." in message.body
    assert f"https://hoc-tap.example/ho-so/{draft.pk}/" in message.body
    assert "Lời của đơn vị" not in message.body
    assert "77777" not in message.body
    assert Notice.objects.get().text == (
        "Gửi hồ sơ công nhận huyện học tập năm 2022: còn 7 ngày (15/12/2022)"
    )


# --- Never twice ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_stage_is_said_once_however_often_the_clock_strikes(draft, outbox):
    """Three times on each of ninety days: fourteen, seven, one, and eight weeks of being late."""
    said = []
    for number in range(-20, 70):
        today = DUE + number * DAY
        for _ in range(3):
            had = len(outbox)
            remind(today)
            said += [number] * (len(outbox) - had)

    assert said == [-14, -7, -1, 1, 8, 15, 22, 29, 36, 43, 50]
    assert Reminder.objects.count() == Notice.objects.count() == len(said)


@pytest.mark.django_db
def test_a_missed_day_is_made_up_for_once(draft, outbox):
    remind(before(5))
    remind(before(4))

    (message,) = outbox
    assert "còn 5 ngày" in message.subject


@pytest.mark.django_db
def test_what_was_said_does_not_stand_in_the_way_of_what_is_new(draft, officer, outbox):
    """The next day another thing of the same person comes near."""
    remind(before(7))
    other = make_round(self_assessment_due_on=before(-1))
    make_dossier(officer.organisation, pilot_round=other, status_since=AT_WORK)

    remind(before(6))

    first, second = outbox
    assert "còn 7 ngày" in first.subject
    assert "còn 7 ngày" in second.subject
    assert "Hạn 16/12/2022" in second.body
    assert "Hạn 15/12/2022" not in second.body


@pytest.mark.django_db
def test_an_extension_moves_the_reminders(draft, administrator, outbox):
    remind(DUE + DAY)
    extend(
        evaluation=draft, until=DUE + 10 * DAY, reason="Mưa lũ", by=administrator, today=DUE + DAY
    )

    for number in range(2, 12):
        remind(DUE + number * DAY)

    assert list(Reminder.objects.values_list("due_on", "stage", "day")) == [
        (DUE, "late-0", DUE + DAY),
        (DUE + 10 * DAY, "14", DUE + 2 * DAY),
        (DUE + 10 * DAY, "7", DUE + 3 * DAY),
        (DUE + 10 * DAY, "1", DUE + 9 * DAY),
        (DUE + 10 * DAY, "late-0", DUE + 11 * DAY),
    ]


@pytest.mark.django_db
def test_a_returned_dossier_has_its_own_date(officer, outbox):
    """The return says the date itself, so the stage that it falls into is not said again."""
    returned = make_dossier(
        officer.organisation,
        status=Status.RETURNED,
        status_since=datetime(2022, 12, 10, 9, 0, tzinfo=timezone.get_default_timezone()),
        supplement_due_on=date(2022, 12, 16),
    )

    for day in range(10, 18):
        remind(date(2022, 12, day))

    assert [(each.about, each.stage, each.day.day) for each in Reminder.objects.all()] == [
        (f"evaluation:{returned.pk}", "1", 15),
        (f"evaluation:{returned.pk}", "late-0", 17),
    ]
    assert "Gửi lại phần bổ sung của hồ sơ" in outbox[0].subject


@pytest.mark.django_db
def test_the_database_refuses_a_second_reminder_and_a_second_mail_of_a_day(draft, officer):
    remind(before(7))
    said = Reminder.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            recipient=officer, about=said.about, due_on=said.due_on, stage="7", day=before(6)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(recipient=officer, kind="reminder", day=before(7))


# --- What goes wrong --------------------------------------------------------------------------


class Server:
    """A mail server as a test wants it: how many times it fails, where, and what it took."""

    def __init__(self, monkeypatch):
        self.refusals = 0
        self.is_down = False
        self.sent = []
        monkeypatch.setattr("evaluations.actions.mails.get_connection", lambda: self)

    def open(self):
        if self.is_down:
            raise ConnectionRefusedError("không ai nghe máy")

    def close(self):
        pass

    def send_messages(self, messages):
        if self.refusals:
            self.refusals -= 1
            raise SMTPDataError(451, "để lần khác")
        self.sent += messages
        return len(messages)


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


@pytest.mark.django_db
def test_what_a_server_refuses_is_tried_again_and_noted(draft, server):
    server.refusals = 1

    first, second, third = (remind(before(7)) for _ in range(3))

    assert [each.mails.sent for each in (first, second, third)] == [0, 1, 0]
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts, mail.error, len(server.sent)) == ("sent", 2, "", 1)


@pytest.mark.django_db
def test_a_server_that_is_down_costs_no_attempt(draft, server):
    server.is_down = True

    remind(before(7))

    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("waiting", 0)
    assert "không ai nghe máy" in mail.error


@pytest.mark.django_db
def test_what_is_refused_for_ever_is_given_up_aloud(draft, server):
    server.refusals = 99
    for _ in range(20):
        deliver_again = remind(before(7))

    mail = Mail.objects.get()
    assert (mail.status, mail.attempts, server.sent) == ("failed", 12, [])
    assert "để lần khác" in mail.error
    assert deliver_again.mails.failed == 0


@pytest.mark.django_db
def test_what_could_not_be_sent_yesterday_is_todays_one_mail(draft, officer, server):
    """The days in it are today's, and no second mail goes that day."""
    server.is_down = True
    remind(before(7))
    server.is_down = False
    assert deliver(before(6)).sent == 0  # between two runs: today's reminders are not made yet

    remind(before(6))
    remind(before(6))

    (message,) = server.sent
    assert "còn 6 ngày" in message.subject
    assert Mail.objects.get().day == before(6)


@pytest.mark.django_db
def test_an_outage_of_days_silences_no_inbox_and_ends_in_one_mail(draft, server):
    """From a week before the day until the second after it the server is down; then it is not."""
    server.is_down = True
    for days in range(7, -3, -1):
        remind(before(days))

    said = [("7", before(7)), ("1", before(1)), ("late-0", before(-1))]
    assert list(Reminder.objects.values_list("stage", "day")) == said
    assert Notice.objects.count() == 3
    assert [(each.status, each.day) for each in Mail.objects.all()] == [("waiting", before(-2))]

    server.is_down = False
    remind(before(-3))
    remind(before(-3))

    (message,) = server.sent
    assert "quá hạn 3 ngày" in message.subject  # one thing, named once
    assert message.body.count("Hạn 15/12/2022") == 1
    assert Notice.objects.count() == 3


@pytest.mark.django_db
def test_what_is_new_goes_into_the_mail_that_waits_and_into_the_inbox_alone_once_it_went(
    draft, officer, server
):
    server.is_down = True
    remind(before(7))
    second, third = (
        make_dossier(
            officer.organisation,
            pilot_round=make_round(self_assessment_due_on=before(-days)),
            status_since=AT_WORK,
        )
        for days in (1, 9)  # seven days from the first of these runs, fourteen from the next
    )
    remind(before(6))
    assert list(Mail.objects.get().reminders.values_list("about", flat=True)) == [
        f"evaluation:{draft.pk}",
        f"evaluation:{second.pk}",
    ]

    server.is_down = False
    with patch("evaluations.actions.reminders.due_today", return_value={}):
        remind(before(5))  # what waited has gone; nothing new was found yet
    remind(before(5))

    (message,) = server.sent
    assert message.body.count("Hạn ") == 2
    assert Notice.objects.count() == 3
    newest = Reminder.objects.get(about=f"evaluation:{third.pk}")
    assert (newest.day, newest.mail) == (before(5), None)


@pytest.mark.django_db
def test_what_was_done_meanwhile_is_not_asked_for(draft, server):
    server.is_down = True
    remind(before(7))
    server.is_down = False
    Evaluation.objects.update(status=Status.SUBMITTED, first_submitted_at=timezone.now())

    remind(before(7))

    assert server.sent == []
    assert Mail.objects.get().status == "dropped"


@pytest.mark.django_db
def test_a_run_killed_before_sending_is_made_good_without_a_double(draft, server, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr("evaluations.actions.reminders.deliver", _die)
        with pytest.raises(KeyboardInterrupt):
            remind(before(7))
    assert Mail.objects.get().status == "waiting"

    remind(before(7))
    remind(before(7))

    assert len(server.sent) == 1
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_a_run_killed_while_it_sends_sends_nothing_again(draft, server, monkeypatch):
    """Nobody knows whether that mail went: it is given up, and says so."""
    monkeypatch.setattr(server, "send_messages", _die)
    with pytest.raises(KeyboardInterrupt):
        remind(before(7))
    monkeypatch.undo()
    assert Mail.objects.get().status == "sending"

    Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=16))
    remind(before(7))

    mail = Mail.objects.get()
    assert (mail.status, server.sent) == ("failed", [])
    assert "không gửi lại" in mail.error


def _die(*arguments, **named):
    raise KeyboardInterrupt


# --- The command ------------------------------------------------------------------------------


def run(*arguments) -> str:
    said = StringIO()
    call_command("send_reminders", *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_command_tells_whom_it_would_remind_and_writes_nothing(draft, officer, outbox):
    said = run("--dry-run", "--today", "2022-12-08")

    assert f"{officer.full_name} ({officer.username}), thư và hộp thư" in said
    assert "còn 7 ngày" in said
    assert "1 người sẽ được nhắc" in said
    assert (outbox, Reminder.objects.count(), Notice.objects.count()) == ([], 0, 0)


@pytest.mark.django_db
def test_command_reminds_as_of_the_day_it_is_given(draft, outbox):
    assert "Đã nhắc 1 người; thư: 1 đã gửi" in run("--today", "2022-12-08")
    assert "Đã nhắc 0 người; thư: 0 đã gửi" in run("--today", "2022-12-08")
    assert len(outbox) == 1


@pytest.mark.django_db
def test_command_says_what_is_wrong(draft, server):
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        run("--today", "8/12/2022")

    server.is_down = True
    with pytest.raises(CommandError, match="chưa gửi được"):
        run("--today", "2022-12-08")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 12])
def test_finding_who_owes_asks_the_database_the_same_with_more_dossiers(
    count, django_assert_num_queries
):
    pilot_round = make_round()
    for _ in range(count):
        unit = make_user(Role.EDITOR, email="a@b.example").organisation
        make_dossier(unit, pilot_round=pilot_round, status_since=AT_WORK)

    with django_assert_num_queries(5):
        found = due_today(owed(), before(7))
    assert len(found) == count
