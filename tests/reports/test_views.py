from http import HTTPStatus
from unicodedata import is_normalized

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from reports import actions
from reports.models import ReportDownload, ReportRun
from tests.factories import make_round
from tests.reports.conftest import submit

ORDER = reverse("reports:order")


def url(name, run):
    return reverse(f"reports:{name}", args=[run.pk])


def form(subject, report="bao-cao-tu-danh-gia", file_type="pdf"):
    return {"report": report, "subject": subject.pk, "file_type": file_type}


def make_ready(run, content=b"%PDF-1.7 noi dung"):
    claimed = actions.claim(run.pk)
    claimed.file.save("x.pdf", ContentFile(content), save=False)
    actions.finish(claimed, name=claimed.file.name, size=len(content), sha256="0" * 64)
    run.refresh_from_db()
    return run


def test_order_leads_to_the_run(client, dossier, editor, sent):
    client.force_login(editor)

    response = client.post(ORDER, form(dossier))

    run = ReportRun.objects.get()
    assertRedirects(response, url("run", run))
    assert (run.evaluation, run.requested_by, run.file_type) == (dossier, editor, "pdf")


def test_foreign_unit_does_not_learn_that_the_dossier_exists(client, dossier, outsider, sent):
    client.force_login(outsider)

    response = client.post(ORDER, form(dossier))

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert not ReportRun.objects.exists()


def test_reader_who_may_not_order_is_refused(client, submitted, council_member, sent):
    client.force_login(council_member)

    assert client.post(ORDER, form(submitted)).status_code == HTTPStatus.FORBIDDEN


def test_unit_does_not_order_the_summary_of_all(client, submitted, editor, sent):
    client.force_login(editor)

    response = client.post(ORDER, form(submitted.pilot_round, "tong-hop-quan-huyen"))

    assert response.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "change", [{"report": "x"}, {"file_type": "exe"}, {"subject": "x"}, {"subject": "0"}]
)
def test_order_that_no_button_makes_is_not_found(client, dossier, editor, sent, change):
    client.force_login(editor)

    response = client.post(ORDER, form(dossier) | change)

    assert response.status_code == HTTPStatus.NOT_FOUND


def test_progress_goes_on_until_there_is_something_to_fetch(client, dossier, editor, order):
    run = order(dossier, editor)
    client.force_login(editor)

    response = client.get(url("run-progress", run))
    assertContains(response, "Đang chờ")
    assertContains(response, 'hx-trigger="every 1s"')
    assertContains(response, "Xem lại trạng thái")
    seen = response.context["version"]
    again = client.get(url("run-progress", run), {"da-xem": seen})
    assert again.status_code == HTTPStatus.NO_CONTENT

    actions.beat(actions.claim(run.pk), done=1, total=3, word="Dàn trang 2")
    moved = client.get(url("run-progress", run), {"da-xem": seen})
    assertContains(moved, "Dàn trang 2")
    ReportRun.objects.update(status="queued")
    make_ready(run)

    ready = client.get(url("run-progress", run), {"da-xem": seen})
    assertContains(ready, url("download", run))
    assertContains(ready, "17\u00a0byte")
    assertNotContains(ready, "hx-trigger")


def test_run_that_stands_still_asks_no_more(client, dossier, editor, order):
    """Polling would keep a session alive for ever."""
    run = order(dossier, editor)
    ReportRun.objects.update(sent_at=timezone.now() - timezone.timedelta(minutes=1))
    client.force_login(editor)

    response = client.get(url("run-progress", run))

    assertContains(response, "Đang chờ lâu")
    assertContains(response, "Gửi lại")
    assertNotContains(response, "hx-trigger")


def test_failure_is_shown_with_its_reason_and_a_way_out(client, dossier, editor, order):
    run = order(dossier, editor)
    actions.fail(actions.claim(run.pk), reason="Thiếu thư viện libpango")
    client.force_login(editor)

    response = client.get(url("run", run))
    assertContains(response, "Thiếu thư viện libpango")
    assertContains(response, url("retry", run))

    assertRedirects(client.post(url("retry", run)), url("run", run))
    run.refresh_from_db()
    assert run.status == ReportRun.Status.QUEUED


def test_download_has_its_name_and_is_logged(client, submitted, editor, order):
    run = make_ready(order(submitted, editor))
    client.force_login(editor)

    response = client.get(url("download", run))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 noi dung"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in response["Content-Disposition"]
    assert "V%C4%A9nh%20B%E1%BA%A3o%20%E2%80%93%202022.pdf" in response["Content-Disposition"]
    assert is_normalized("NFC", run.download_name)
    assert [(row.run, row.by) for row in ReportDownload.objects.all()] == [(run, editor)]


def test_nothing_is_downloaded_before_it_is_ready(client, dossier, editor, order):
    client.force_login(editor)

    response = client.get(url("download", order(dossier, editor)))

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert not ReportDownload.objects.exists()


def test_download_of_a_file_lost_from_storage_says_so(client, dossier, editor, order, caplog):
    run = make_ready(order(dossier, editor))
    run.file.storage.delete(run.file.name)
    client.force_login(editor)

    response = client.get(url("download", run))

    assertContains(response, "không còn ở nơi lưu trữ", status_code=HTTPStatus.NOT_FOUND)
    assert "is not in storage" in caplog.text
    assert not ReportDownload.objects.exists()


PAGES = ["run", "run-progress", "download", "retry"]


@pytest.mark.parametrize("page", PAGES)
def test_foreign_unit_does_not_learn_of_a_run(client, submitted, editor, outsider, order, page):
    run = make_ready(order(submitted, editor))
    client.force_login(outsider)
    call = client.post if page == "retry" else client.get

    assert call(url(page, run)).status_code == HTTPStatus.NOT_FOUND


def test_colleague_sees_the_run_and_may_not_send_it_again(client, dossier, editor, leader, order):
    run = order(dossier, editor)
    actions.fail(actions.claim(run.pk), reason="Hỏng")
    client.force_login(leader)

    assertNotContains(client.get(url("run", run)), url("retry", run))
    assert client.post(url("retry", run)).status_code == HTTPStatus.FORBIDDEN


def test_department_sees_what_was_submitted_and_no_draft(
    client, dossier, editor, leader, appraiser, order
):
    draft = make_ready(order(dossier, editor))
    submitted = submit(dossier, leader)
    printed = make_ready(order(submitted, editor))
    client.force_login(appraiser)

    assert client.get(url("run", draft)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(url("run", printed)).status_code == HTTPStatus.OK


def test_unit_does_not_see_what_the_department_ordered(
    client, submitted, editor, appraiser, order, summary
):
    own = order(submitted, appraiser)
    whole = order(submitted.pilot_round, appraiser, report=summary)
    client.force_login(editor)

    assert [client.get(url("run", run)).status_code for run in (own, whole)] == [404, 404]


@pytest.mark.parametrize("reader", ["council_member", "observer", "approver"])
def test_summary_is_seen_by_all_who_see_the_board(
    client, request, appraiser, order, summary, reader
):
    run = order(make_round(), appraiser, report=summary)
    client.force_login(request.getfixturevalue(reader))

    assert client.get(url("run", run)).status_code == HTTPStatus.OK


def test_cancel_button_gives_a_run_up(client, dossier, editor, leader, order):
    run = order(dossier, editor)
    client.force_login(leader)
    assertNotContains(client.get(url("run", run)), url("cancel", run))
    client.force_login(editor)
    assertContains(client.get(url("run", run)), url("cancel", run))

    response = client.post(url("cancel", run), follow=True)

    assertContains(response, "Đã hủy lượt in")
    assertNotContains(response, url("cancel", run))
    assert client.get(url("download", run)).status_code == HTTPStatus.NOT_FOUND


def test_a_button_pressed_too_late_is_no_offence(client, dossier, editor, order):
    run = make_ready(order(dossier, editor))
    client.force_login(editor)

    assertContains(client.post(url("cancel", run), follow=True), "kết thúc trước khi kịp hủy")
    assertContains(client.post(url("retry", run), follow=True), "không cần gửi lại")

    run.refresh_from_db()
    assert run.is_ready


def test_run_says_of_which_submission_it_is_and_its_sums(client, submitted, leader, order):
    run = make_ready(order(submitted, leader))
    client.force_login(leader)

    listed, page = client.get(reverse("reports:runs")), client.get(url("run", run))

    for response in (listed, page):
        assertContains(response, "bản gửi lần 1")
    assertContains(listed, f"SHA-256 {run.sha256[:8]}…")
    assertContains(page, f">{run.sha256}<")
    assertContains(page, f">{run.content_sha256}<")
