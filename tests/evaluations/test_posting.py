"""What a mail server does in the middle of a message, and what is known of that message then."""

import smtplib
import socketserver
import threading
from collections import Counter

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage

from evaluations.actions.mails import deliver
from evaluations.actions.posting import EmailBackend
from evaluations.models import Mail
from organisations.models import Role
from tests.evaluations.counting import step
from tests.factories import make_complete_dossier, make_department, make_user

pytestmark = pytest.mark.django_db


class Talk(socketserver.StreamRequestHandler):
    """One connection. `server.does` says how it goes wrong, from a command on."""

    def handle(self):
        self.say("220 hi")
        carried, to = 0, ""
        while command := self.rfile.readline().strip().decode():
            verb, _, rest = command.partition(" ")
            verb = verb.upper()
            answer = self.server.does(verb, carried, to)
            if answer == "hang up":
                return
            if verb == "RCPT":
                to = rest
            if verb == "DATA" and not answer:
                self.say("354 go")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                answer = self.server.does("sent", carried, to)
                if not answer or answer == "hang up":
                    self.server.took.append(to)
                if answer == "hang up":
                    return
                carried += 1
            self.say(answer or "250 ok")
            if verb == "QUIT" or (answer and answer.startswith("421")):
                return

    def say(self, line: str):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server(monkeypatch):
    """A server on this machine that takes everything, until `does` says otherwise."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.took, server.does = [], lambda verb, carried, to: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(
            "evaluations.actions.mails.get_connection",
            lambda: EmailBackend(*server.server_address, timeout=5),
        )
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def waiting(district, monkeypatch):
    """Four mails of one submission."""
    monkeypatch.setattr("celery.current_app.send_task", lambda name, **options: None)
    leader, office = make_user(Role.LEADER, district), make_department()
    for number in range(4):
        make_user(Role.APPRAISER, office, email=f"so.{number}@haiphong.example")
    step(make_complete_dossier(district), "submit", leader)
    assert Mail.objects.filter(status="waiting").count() == 4
    return Mail.objects.all()


def states() -> Counter:
    return Counter(Mail.objects.values_list("status", "attempts"))


def test_a_mail_whose_answer_never_came_is_given_up_and_not_sent_again(waiting, server):
    server.does = lambda verb, carried, to: "hang up" if verb == "sent" else None

    first, second = deliver(), deliver()

    assert set(Counter(server.took).values()) == {1}
    assert states() == {("failed", 1): 4}
    assert (first.failed, second.failed) == (4, 0)
    assert "không gửi lại" in Mail.objects.first().error


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("how", ["hang up", "421 enough of this connection"])
def test_a_server_that_hangs_up_after_some_mails_costs_the_next_no_attempt(
    waiting, server, verb, how
):
    server.does = lambda said, carried, to: how if said == verb and carried == 2 else None

    assert deliver().sent == 4
    assert len(server.took) == 4
    assert states() == {("sent", 1): 4}


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "sent"])
def test_what_is_refused_is_tried_again_and_holds_up_nobody(waiting, server, verb):
    asked = []

    def refuses_the_second(said, carried, to):
        asked.extend([said] * (said == verb))
        return "451 later" if said == verb and len(asked) == 2 else None

    server.does = refuses_the_second
    deliver()
    assert states() == {("sent", 1): 3, ("waiting", 1): 1}

    assert deliver().sent == 1
    assert states() == {("sent", 1): 3, ("sent", 2): 1}
    assert set(Counter(server.took).values()) == {1}


def test_a_line_cut_before_the_letter_was_handed_over_is_tried_again(waiting, server):
    server.does = lambda verb, carried, to: "hang up" if verb == "RCPT" else None
    deliver()
    assert states() == {("waiting", 1): 4}

    server.does = lambda verb, carried, to: None
    assert deliver().sent == 4


def test_a_server_that_goes_away_in_the_middle_leaves_the_rest_untouched(
    waiting, server, monkeypatch
):
    opened = []

    def once(self):
        opened.append(self)
        if len(opened) > 1:
            raise ConnectionRefusedError("không ai nghe máy")
        return plain(self)

    plain = EmailBackend.open
    monkeypatch.setattr(EmailBackend, "open", lambda self: once(self) if not self.connection else 0)
    server.does = lambda verb, carried, to: "hang up" if verb == "MAIL" and carried == 1 else None

    done = deliver()

    assert (done.sent, done.failed) == (1, 3)
    assert states() == {("sent", 1): 1, ("waiting", 0): 3}
    assert "không ai nghe máy" in waiting.filter(status="waiting").first().error


@pytest.mark.parametrize(
    ("replies", "after"),
    [
        (2, {("waiting", 0): 4}),  # to the greeting and to EHLO; nothing was offered
        (5, {("failed", 1): 1, ("waiting", 0): 3}),  # and to MAIL, RCPT, DATA; not to the letter
    ],
)
def test_time_that_runs_out_ends_the_run_and_is_no_fault_of_the_mail(
    waiting, server, monkeypatch, replies, after
):
    plain, heard = smtplib.SMTP.getreply, []

    def out_of_time(self):
        heard.append(self)
        if len(heard) == replies + 1:
            raise SoftTimeLimitExceeded
        return plain(self)

    monkeypatch.setattr(smtplib.SMTP, "getreply", out_of_time)
    with pytest.raises(SoftTimeLimitExceeded):
        deliver()

    assert states() == after


def test_time_that_runs_out_over_a_letter_gives_the_mail_back(waiting, server, monkeypatch):
    def out_of_time(*arguments):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr("evaluations.actions.mails.letter_of", out_of_time)

    with pytest.raises(SoftTimeLimitExceeded):
        deliver()

    assert states() == {("waiting", 0): 4}


def test_the_server_is_of_other_use_as_ever(server):
    """The mail with which a password is set anew goes by the same backend."""
    backend = EmailBackend(*server.server_address, timeout=5)
    message = EmailMessage("Đặt lại mật khẩu", "Mở trang", to=["a@b.example"], connection=backend)

    assert message.send() == 1
    assert server.took == ["TO:<a@b.example>"]
