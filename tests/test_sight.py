"""What an operator sees: the log, what a load balancer asks, metrics, mails of faults."""

import json
import logging
from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import sentry_sdk
from celery import shared_task
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from sentry_sdk.transport import Transport

from evaluations.models import PilotRound
from hocxahoi import readiness, request_ids
from hocxahoi.faults import Seldom, report_to_sentry
from hocxahoi.logs import JsonLines, with_request
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.factories import make_round


@pytest.fixture
def log():
    """The lines as they stand in the log of a service."""
    lines: list[dict] = []

    class Kept(logging.Handler):
        def emit(self, record):
            with_request(record)
            lines.append(json.loads(JsonLines().format(record)))

    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def waiting_run(pilot_round: PilotRound, by, *, minutes: int) -> ReportRun:
    return ReportRun.objects.create(
        report=next(iter(REPORTS)),
        title="Báo cáo",
        file_type="pdf",
        pilot_round=pilot_round,
        content={},
        content_sha256="0" * 64,
        file_name="bao-cao",
        requested_by=by,
        requested_at=timezone.now() - timedelta(minutes=minutes),
    )


def test_each_answer_is_a_line_with_request_and_number_of_the_person(client, editor, log):
    client.force_login(editor)

    answer = client.get("/ho-so/?q=Nguyễn+Văn+Bí+Mật", headers={"X-Request-ID": "tu-proxy-0001"})

    (line,) = (each for each in log if each["logger"] == "hocxahoi.middleware")
    assert answer.headers["X-Request-ID"] == line["request_id"] == "tu-proxy-0001"
    assert line["user_id"] == editor.pk
    assert line["view"] == "evaluations:dossiers"
    assert line["message"] == "GET /ho-so/ 200"
    assert {"time", "level", "milliseconds"} <= line.keys()


@pytest.mark.parametrize("sent", ["", "ngắn", "x" * 65, "a\nb: c", "<script>alert(1)</script>"])
def test_an_id_that_is_not_one_is_replaced(client, db, sent):
    answer = client.get("/healthz", headers={"X-Request-ID": sent})

    assert answer.headers["X-Request-ID"] != sent
    assert request_ids.SANE.fullmatch(answer.headers["X-Request-ID"])


def test_nothing_personal_gets_into_the_log(client, editor, log):
    secret = "mat-khau-rat-bi-mat"
    client.post("/dang-nhap/", {"username": editor.username, "password": secret})
    client.post("/dang-nhap/", {"username": editor.username, "password": secret})
    client.force_login(editor)
    client.get(f"/khong-co/?q={editor.username}")

    written = json.dumps(log, ensure_ascii=False)
    assert len(log) >= 3
    for personal in (editor.username, editor.full_name, secret, "127.0.0.1"):
        assert personal not in written


def test_the_link_to_a_new_password_is_not_in_the_log(client, editor, log):
    uid = urlsafe_base64_encode(force_bytes(editor.pk))
    token = default_token_generator.make_token(editor)

    client.get(f"/tai-khoan/dat-lai/{uid}/{token}/")

    (line,) = (each for each in log if each["logger"] == "hocxahoi.middleware")
    assert line["message"] == "GET /tai-khoan/dat-lai/… 302"
    assert token not in json.dumps(log)


@pytest.mark.parametrize(
    "address",
    ["/tai-khoan/dat-lai/MQ/abc-123/", "/tai-khoan/dat-lai/MQ/abc-123", "/dat-lai/abc-123"],
)
def test_a_link_to_a_new_password_is_no_use_to_who_reads_the_log(client, db, log, address):
    for ask in (client.get, client.put):
        ask(address)

    assert log
    assert "abc-123" not in json.dumps(log)


def test_addresses_that_a_mail_server_quotes_stay_out_of_log_and_mail(settings, log):
    refused = SMTPRecipientsRefused({"nguoi.nhan@so.example": (550, b"unknown user")})
    with mailing(settings) as logger:
        try:
            raise refused
        except SMTPRecipientsRefused:
            logger.exception("thư không gửi được")

    (sent,) = mail.outbox
    for told in (json.dumps(log), sent.body):
        assert "SMTPRecipientsRefused" in told
        assert "so.example" not in told


def test_a_task_bears_the_id_of_the_request_that_ordered_it():
    seen = []

    @shared_task
    def look():
        seen.append(request_ids.request_id.get())

    request_ids.begin("yeu-cau-0001")
    headers: dict = {}
    request_ids._send_along(headers=headers)
    request_ids.begin("yeu-cau-0002")
    look.apply(headers=headers)

    assert seen == ["yeu-cau-0001"]


def test_alive_asks_nothing_and_ready_asks_for_the_database(
    client, db, django_assert_num_queries, monkeypatch
):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json() == {"database": "ok", "storage": "ok", "queue": "ok"}

    class Away:
        def cursor(self):
            raise OperationalError

    monkeypatch.setattr(readiness, "connection", Away())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")
    assert client.get("/healthz").status_code == 200


def test_storage_that_takes_no_file_takes_the_process_out_of_service(client, db, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    readiness._can_write.cache_clear()
    monkeypatch.setattr(default_storage, "save", full)
    answer = client.get("/readyz")
    readiness._can_write.cache_clear()

    assert (answer.status_code, answer.json()["storage"]) == (503, "down")


def test_a_slow_queue_is_told_and_takes_nothing_out_of_service(client, approver):
    pilot_round = make_round()
    waiting_run(pilot_round, approver, minutes=11)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["queue"]) == (200, "slow")


def test_metrics_need_their_token(client, approver, settings):
    waiting_run(make_round(), approver, minutes=2)
    settings.METRICS_TOKEN = "chi-prometheus-biet"
    client.get("/healthz")

    for authorization in ("", "Bearer sai", "Bearer "):
        headers = {"Authorization": authorization}
        assert client.get("/metrics", headers=headers).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer chi-prometheus-biet"})

    assert "hocxahoi_reports_waiting 1.0" in answer.text
    assert 'hocxahoi_answer_seconds_count{method="GET",status="2xx",view="alive"}' in answer.text
    waited = next(x for x in answer.text.splitlines() if x.startswith("hocxahoi_longest_wait"))
    assert 119 < float(waited.split()[1]) < 180


@contextmanager
def mailing(settings):
    settings.ADMINS = [("Người vận hành", "van-hanh@so.example")]
    logger = logging.getLogger("hocxahoi.thu")
    yield logger
    (mailer,) = (each for each in logging.getLogger().handlers if each.get_name() == "mail")
    seldom = next(each for each in mailer.filters if isinstance(each.callback, Seldom))
    seldom.callback._last.clear()


def test_a_fault_is_mailed_once_and_without_variables_or_forms(settings):
    def fail(secret):
        raise ZeroDivisionError

    with mailing(settings) as logger:
        for attempt in range(3):
            try:
                fail("bí" + " mật")
            except ZeroDivisionError:
                logger.exception("hỏng lần %s", attempt)

    (sent,) = mail.outbox
    assert "ZeroDivisionError" in sent.body
    assert "bí mật" not in sent.body


def test_sentry_is_told_the_fault_and_nobody(client, editor):
    told = []

    class Kept(Transport):
        def capture_envelope(self, envelope):
            told.extend(item.payload.json for item in envelope.items)

    report_to_sentry("http://khoa@127.0.0.1:9/1", transport=Kept)
    try:
        client.force_login(editor)
        client.get("/ho-so/?q=bí+mật")
        logging.getLogger("hocxahoi").error("hỏng")
        sentry_sdk.flush()
    finally:
        sentry_sdk.init()

    (event,) = told
    assert event["logentry"]["message"] == "hỏng"
    assert "user" not in event
    assert editor.username not in json.dumps(event)
