import hashlib
import re
from http import HTTPStatus
from io import BytesIO

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django.asserts import assertContains, assertNotContains

from organisations.limits import WRONG_PRINT
from reports import prints
from reports.models import ReportRun
from reports.paper.html import qr_svg
from reports.renderers import Stamp
from reports.tasks import build_report

CHECK = reverse("prints:check")
YES, NO = "Khớp: ", "Không khớp với bản nào"


@pytest.fixture
def issued(submitted, leader, order, settings):
    settings.SITE_URL = "https://hocxahoi.example"
    run = order(submitted, leader)
    build_report(run.pk)
    run.refresh_from_db()
    return run


def ask(client, run=None, **said):
    number = {} if run is None else {"number": run if isinstance(run, int) else run.pk}
    return client.post(CHECK, number | said)


def file_of(run, *, added=b""):
    with run.file.open() as file:
        return SimpleUploadedFile("bao-cao.pdf", file.read() + added, "application/pdf")


def test_issued_print_is_known_by_number_and_hash_without_signing_in(client, issued):
    for mark in (issued.content_sha256[:8], issued.content_sha256[:12].upper()):
        response = ask(client, issued, mark=mark)

        assertContains(response, YES)
        assertContains(response, "Báo cáo tự đánh giá, PDF")
        assertContains(response, "Huyện Vĩnh Bảo")
        assertContains(response, f"{timezone.localtime(issued.requested_at):%H:%M %d/%m/%Y}")
        assertNotContains(response, issued.content_sha256)
        assertNotContains(response, issued.requested_by.full_name)


def test_file_is_compared_byte_by_byte_and_not_kept(client, issued, settings):
    before = sorted(settings.MEDIA_ROOT.rglob("*"))

    for number in (None, issued, issued.pk + 1):  # a file names itself
        found = ask(client, number, file=file_of(issued))
        assertContains(found, "đúng tệp do hệ thống phát hành")
        assertContains(found, f"<dd>{issued.pk}, ")
    # A wrong file is wrong, whatever hash is typed beside it.
    changed = file_of(issued, added=b"\n")
    assertContains(ask(client, issued, file=changed, mark=issued.content_sha256[:8]), NO)

    assert sorted(settings.MEDIA_ROOT.rglob("*")) == before


def test_whoever_guesses_gets_one_answer(client, issued, submitted, leader, order):
    waiting = order(submitted, leader, file_type="xlsx")
    answers = [
        ask(client, issued, mark="0" * 8),
        ask(client, 10**6, mark=issued.content_sha256[:8]),
        ask(client, waiting, mark=waiting.content_sha256[:8]),
    ]

    said = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(said) == 1
    assert NO in said.pop()


@pytest.mark.parametrize("mark", ["", "1234567", "khong-phai-ma", "0" * 65])
def test_hash_too_short_or_no_hash_is_asked_again(client, issued, mark):
    response = ask(client, issued, mark=mark)

    assertNotContains(response, YES)
    assertNotContains(response, NO)
    assert response.context["form"].errors["mark"]


@pytest.mark.parametrize("number", ["", "0", "-1", "1.5", "²", "9" * 30])
def test_number_that_is_none_is_asked_again(client, db, number):
    response = client.post(CHECK, {"number": number, "mark": "0" * 8})

    assert response.context["form"].errors["number"]


def test_number_is_closed_after_wrong_answers_and_only_that_number(client, issued):
    for _ in range(WRONG_PRINT.most):
        assertContains(ask(client, issued, mark="0" * 8), NO)

    assertContains(ask(client, issued, file=file_of(issued)), YES)  # nobody guesses a file
    right = ask(client, issued, mark=issued.content_sha256[:8])
    assertContains(right, "Chờ 10 phút", status_code=HTTPStatus.TOO_MANY_REQUESTS)
    assertNotContains(right, YES, status_code=HTTPStatus.TOO_MANY_REQUESTS)
    assertContains(ask(client, issued.pk + 1, mark="0" * 8), NO)


def test_file_that_is_too_large_says_so(client, issued, monkeypatch):
    monkeypatch.setattr(prints, "LARGEST", 100)

    response = ask(client, issued, file=file_of(issued))

    assertContains(response, "lớn hơn 50 MB")


def test_file_whose_run_was_not_finished_is_unknown(client, issued):
    """No empty hash is the hash of a run that has no file yet."""
    file = file_of(issued)
    ReportRun.objects.filter(pk=issued.pk).update(status="cancelled")

    assertContains(ask(client, file=file), NO)
    assert prints.issued_file("") is None


def test_upload_is_hashed_as_it_comes(client, issued):
    ReportRun.objects.filter(pk=issued.pk).update(sha256=hashlib.sha256(b"a" * 200_000).hexdigest())

    response = ask(client, issued, file=SimpleUploadedFile("x.pdf", b"a" * 200_000))

    assertContains(response, "đúng tệp do hệ thống phát hành")


def test_code_on_every_page_leads_to_the_page_with_its_number_and_hash(client, issued, settings):
    stamp = Stamp(issued.requested_at, issued.content_sha256, issued.pk)
    url = stamp.check_url
    assert url.startswith(f"https://hocxahoi.example/kiem-tra-ban-in/{issued.pk}/?dau=")
    page = client.get(url.removeprefix("https://hocxahoi.example"))
    assert page.context["form"].initial == {
        "number": issued.pk,
        "mark": issued.content_sha256[:12],
    }
    assertContains(page, f'value="{issued.content_sha256[:12]}"')

    # Each row of dark squares is a line of the path; nothing on the page but the code has as many.
    lines = qr_svg(url).count("h")
    with issued.file.open() as file:
        pages = PdfReader(BytesIO(file.read())).pages
    assert all(drawn(page) >= lines // 2 for page in pages)


def drawn(page) -> int:
    return page.get_contents().get_data().count(b" l\n")


def test_code_says_exactly_the_address():
    url = "https://hocxahoi.example/kiem-tra-ban-in/12/?dau=0123456789ab"

    assert segno.make_qr(url, error="m").svg_inline(border=2, omitsize=True) == qr_svg(url)


def test_no_host_no_code(settings):
    stamp = Stamp(timezone.now(), "0" * 64, 1)
    settings.SITE_URL = ""
    assert stamp.check_url == ""
    settings.SITE_URL = "https://hocxahoi.example"
    assert stamp.check_url
    assert Stamp(timezone.now(), "0" * 64).check_url == ""
