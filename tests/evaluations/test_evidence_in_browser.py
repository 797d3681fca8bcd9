"""Evidence as the officer meets it: dropped files, progress, a preview in the page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from evaluations.actions import evidence as actions
from evaluations.models import Document, Evidence, StoredFile
from tests.browsing import assert_fits, enter
from tests.evaluations import samples
from tests.evaluations.samples import upload
from tests.factories import make_document, make_dossier, result_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def result(district):
    return result_of(make_dossier(district), "1.1.1")


@pytest.fixture
def desk(page, live_server, editor):
    """The editor of the district, signed in; nothing may be said in the console."""
    page.said = []
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.base = live_server.url
    enter(page.context, live_server.url, editor)
    return page


def as_chosen(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_files_chosen_on_the_indicator_page_are_stored_one_by_one(desk, result):
    desk.goto(desk.base + result.get_absolute_url())

    with desk.expect_file_chooser() as chooser:
        desk.get_by_role("link", name="Tải tệp lên").click()
    chooser.value.set_files(
        [as_chosen("ke-hoach.pdf", samples.pdf("k")), as_chosen("virus.pdf", samples.PROGRAM)]
    )

    section = desk.locator("#minh-chung")
    expect(section.get_by_text("virus.pdf thực chất là một chương trình")).to_be_visible()
    expect(section.get_by_text("ke-hoach.pdf đã lưu, mã H1.1.1-01")).to_be_visible()
    expect(section.get_by_role("row", name=re.compile("H1.1.1-01"))).to_be_visible()
    assert Evidence.objects.get().document.summary == "ke-hoach"
    assert desk.said == []


def test_dropped_files_are_taken_in(desk, result):
    desk.goto(desk.base + result.get_absolute_url())
    dropped = desk.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "tha-vao.pdf"));
            return transfer;
        }""",
        list(samples.pdf("thả")),
    )

    desk.locator("#minh-chung").dispatch_event("drop", {"dataTransfer": dropped})

    expect(desk.get_by_text("tha-vao.pdf đã lưu, mã H1.1.1-01")).to_be_visible()


def test_a_lost_connection_keeps_the_file_for_another_try(desk, result):
    desk.goto(desk.base + result.get_absolute_url())
    desk.route("**/tai-len/", lambda route: route.abort())
    with desk.expect_file_chooser() as chooser:
        desk.get_by_role("link", name="Tải tệp lên").click()
    chooser.value.set_files(as_chosen("a.pdf", samples.pdf("a")))
    expect(desk.get_by_text("chưa lưu: mất kết nối khi đang tải.")).to_be_visible()

    desk.unroute("**/tai-len/")
    desk.get_by_role("button", name="Thử lại").click()

    expect(desk.get_by_text("a.pdf đã lưu, mã H1.1.1-01")).to_be_visible()


def test_a_refused_file_is_still_told_when_the_button_is_pressed(desk, result):
    desk.goto(f"{desk.base}{result.get_absolute_url()}minh-chung/tai-len/")
    desk.get_by_label("Số, ký hiệu").fill("12/BB")
    desk.get_by_label("Chọn tệp").set_input_files([as_chosen("a.pdf", b"MZ khong phai PDF")])
    refused = desk.locator("[data-upload-list] li")
    expect(refused).to_contain_text("thực chất là một chương trình")

    desk.get_by_role("button", name="Tải lên và lưu").click()

    expect(desk.get_by_role("alert")).to_contain_text("Chưa có tệp nào được lưu")
    expect(refused).to_contain_text("thực chất là một chương trình")
    expect(desk.get_by_label("Số, ký hiệu")).to_have_value("12/BB")
    desk.get_by_label("Chọn tệp").set_input_files([as_chosen("a.png", samples.png())])
    expect(desk.get_by_text("Thông tin văn bản gõ ở dưới được ghi khi bấm")).to_be_visible()
    expect(desk.get_by_role("alert")).to_be_hidden()
    desk.get_by_role("button", name="Tải lên và lưu").click()
    expect(desk.locator("#minh-chung").get_by_text("12/BB")).to_be_visible()


def test_details_are_completed_after_the_upload(desk, result):
    desk.goto(f"{desk.base}{result.get_absolute_url()}minh-chung/tai-len/")
    desk.get_by_label("Các tệp này là một văn bản").check()
    desk.get_by_label("Chọn tệp").set_input_files(
        [as_chosen("1.png", samples.png(grey=1)), as_chosen("2.png", samples.png(grey=2))]
    )
    expect(desk.get_by_text("2.png đã lưu, mã H1.1.1-01")).to_be_visible()

    desk.get_by_label("Số, ký hiệu").fill("12/BB")
    desk.get_by_label("Trang, mục trích dẫn").fill("trang 2")
    desk.get_by_role("button", name="Tải lên và lưu").click()

    expect(desk.locator("#minh-chung").get_by_text("12/BB")).to_be_visible()
    assert (Document.objects.get().number, Evidence.objects.get().cited) == ("12/BB", "trang 2")
    assert StoredFile.objects.count() == 2


def test_an_image_is_shown_in_the_page(desk, editor, result):
    actions.add_evidence_file(result=result, uploaded=upload(samples.png(64), "anh"), by=editor)

    desk.goto(desk.base + StoredFile.objects.get().get_absolute_url())

    assert desk.locator("figure img").evaluate("(image) => image.naturalWidth") == 64
    assert desk.said == []


def test_a_pdf_is_shown_in_the_page(whole_browser, live_server, editor, result):
    actions.add_evidence_file(result=result, uploaded=upload(samples.pdf("xem"), "a"), by=editor)
    page, said = whole_browser.new_page(), []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    enter(page.context, live_server.url, editor)

    page.goto(live_server.url + StoredFile.objects.get().get_absolute_url())
    page.wait_for_timeout(1500)

    # Chromium puts its viewer, an extension, into the frame only when the sandbox lets it.
    assert any(frame.url.startswith("chrome-extension://") for frame in page.frames)
    assert said == []


def test_the_pages_are_accessible_and_fit(desk, editor, district, result):
    actions.add_evidence_file(
        result=result, uploaded=upload(samples.pdf("a"), "a.pdf"), by=editor, cited="trang 1"
    )
    make_document(district, number="")
    evidence = Evidence.objects.get()
    home = result.get_absolute_url()

    for path in (
        "/minh-chung/",
        "/minh-chung/?q=khong+co",
        evidence.document.get_absolute_url(),
        f"{home}minh-chung/tai-len/",
        f"{home}minh-chung/chon/",
        f"{home}minh-chung/{evidence.pk}/",
        StoredFile.objects.get().get_absolute_url(),
    ):
        desk.goto(desk.base + path)
        found = Axe().run(desk, options={"iframes": False})
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        assert_fits(desk)
    assert desk.said == []


def test_everything_works_without_javascript(browser, live_server, editor, result):
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    enter(context, live_server.url, editor)
    page.goto(live_server.url + result.get_absolute_url())

    page.get_by_role("link", name="Tải tệp lên").click()
    page.get_by_label("Chọn tệp").set_input_files(as_chosen("a.pdf", samples.pdf("a")))
    page.get_by_label("Trích yếu").fill("Kế hoạch")
    page.get_by_role("button", name="Tải lên và lưu").click()
    expect(page.get_by_text("a.pdf đã lưu, mã H1.1.1-01.")).to_be_visible()
    page.get_by_role("link", name="Sửa H1.1.1-01").click()
    page.get_by_label("Trang, mục trích dẫn").fill("trang 7")
    page.get_by_role("button", name="Lưu trích dẫn").click()
    expect(page.locator("#minh-chung").get_by_text("trang 7")).to_be_visible()
    page.get_by_role("link", name="Sửa H1.1.1-01").click()
    page.get_by_role("button", name="Bỏ H1.1.1-01").click()
    page.get_by_role("link", name="Chọn từ kho minh chứng").click()
    page.get_by_label("Kế hoạch", exact=True).check()
    page.get_by_role("button", name="Dùng cho 1.1.1").click()

    expect(
        page.locator("#minh-chung").get_by_role("cell", name="H1.1.1-02", exact=True)
    ).to_be_visible()
    context.close()
