"""Uploads and orders past the limit: a page that says until when and loses nothing typed."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django.asserts import assertContains

from organisations import limits
from organisations.models import Tally
from organisations.views.limits import limited

pytestmark = pytest.mark.django_db

TYPED = {"summary": "Dòng một\n<b>Dòng hai</b>", "old_password": "bí mật"}


def use_up(limit, subject):
    """As if it had been done as often as it may be."""
    for _ in range(limit.most):
        limit.count(subject)


def assert_gives_back(response):
    page = response.content.decode()
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(response.headers["Retry-After"]) > 0
    assert ">\nDòng một\n&lt;b&gt;Dòng hai&lt;/b&gt;</textarea>" in page
    assert "bí mật" not in page


# Before anything is looked up.
@pytest.mark.parametrize("address", ["/bao-cao/dat/", "/bao-cao/1/dung-lai/"])
def test_orders_of_reports_past_the_limit_get_their_words_back(client, leader, address):
    client.force_login(leader)
    use_up(limits.REPORT_ORDERS, leader.pk)

    assert_gives_back(client.post(address, TYPED))
    script = client.post(address, headers={"X-Requested-With": "XMLHttpRequest"})
    assertContains(script, "Thử lại từ", status_code=429)
    assert "<" not in script.content.decode()
    assert client.get(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED

    Tally.objects.all().delete()
    assert client.post(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "address",
    [
        "/ho-so/1/chi-bao/2.1.1/minh-chung/tai-len/",
        "/phieu-tu-cham/1/minh-chung/2.1/tai-len/",
        "/minh-chung/1/tep/",
        "/ket-qua-don-vi/1/1/nap-excel/",
        "/kiem-tra/1/bien-ban/",
        "/quyet-dinh/ghi/",
        "/quyet-dinh/1/thay/",
    ],
)
def test_uploads_past_the_limit_get_their_words_back_and_keep_no_file(
    client, leader, address, monkeypatch
):
    client.force_login(leader)
    use_up(limits.UPLOADS, leader.pk)

    def refuse(*given, **named):
        raise AssertionError("a byte of the file was stored")

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", refuse)
    file = SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 4_000_000)
    response = client.post(address, {**TYPED, "files": file})

    assert_gives_back(response)
    assertContains(response, "Tệp không giữ lại được", status_code=429)


def test_a_file_of_people_past_the_limit_is_not_read(client, administrator):
    client.force_login(administrator)
    use_up(limits.UPLOADS, administrator.pk)
    file = SimpleUploadedFile("a.xlsx", b"PK")

    assert_gives_back(client.post("/nguoi-dung/nap-excel/", {**TYPED, "file": file}))


def test_who_is_not_signed_in_is_counted_by_address(rf, db):
    view = limited(limits.UPLOADS)(lambda request: HttpResponse("nhận"))

    def send(address):
        request = rf.post("/", REMOTE_ADDR=address, headers={"X-Requested-With": "XMLHttpRequest"})
        request.user = AnonymousUser()
        request.csrf_processing_done = True
        return view(request).status_code

    use_up(limits.UPLOADS, "203.0.113.7")

    assert (send("203.0.113.7"), send("203.0.113.8")) == (429, 200)


@pytest.mark.parametrize(
    ("limit", "address"),
    [(limits.REPORT_ORDERS, "/bao-cao/dat/"), (limits.UPLOADS, "/quyet-dinh/ghi/")],
)
def test_what_another_site_has_sent_does_not_become_a_form_of_ours(leader, limit, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader)
    use_up(limit, leader.pk)

    response = client.post(address, TYPED)

    assertContains(response, "Trang vừa gửi đã cũ", status_code=403)
