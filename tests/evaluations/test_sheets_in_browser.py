"""A unit's own sheet as its people meet it: the running total, papers, sending, no script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from evaluations.models import SheetEvidence
from evaluations.sheet_reading import values_of
from evaluations.unit_sheets import SheetStatus
from tests.browsing import assert_fits, enter
from tests.evaluations import samples
from tests.evaluations.filled_sheets import (
    CLAIMED,
    COMPLETE,
    attach,
    editor_of,
    fill,
    fresh,
    leader_of,
    make_agency_line,
    make_commune_line,
    submit,
)
from tests.factories import make_points

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(district):
    return make_agency_line(district)


@pytest.fixture
def sign_in(page, live_server):
    """A browser in which somebody is signed in; nothing may be said in the console."""
    page.said = []
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.base = live_server.url

    def as_(user):
        _sign_in(page, live_server.url, user)
        page.said.clear()
        return page

    return as_


def _sign_in(page, base, user):
    enter(page.context, base, user)
    page.goto(f"{base}/")


def open_sheet(page, line):
    page.goto(f"{page.base}/phieu-tu-cham/{line.pk}/")


def stored(line):
    return values_of(make_points().rule, line.sheet_items.all())


def as_chosen(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_the_total_and_the_rating_run_along_with_the_typing(sign_in, line):
    page = sign_in(leader_of(line))
    open_sheet(page, line)
    expect(page.get_by_text("Còn 3 mục chưa có điểm: 1, 2.1, 2.2.")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi phiếu")).to_be_hidden()
    panel, running = page.locator("#tong-phieu"), page.locator("#tong-dang-chay")

    page.get_by_label("Điểm mục 1", exact=True).fill("35")
    expect(panel.get_by_text("Tạm tính, đã chấm 1/3 mục.")).to_be_visible()
    page.get_by_label("Điểm mục 2.1").fill("30")
    expect(page.get_by_text("30 lớn hơn điểm tối đa 25.")).to_be_visible()
    page.get_by_label("Điểm mục 2.1").fill("20,5")
    expect(page.get_by_text("Hiểu là 20,5 điểm")).to_be_visible()
    page.get_by_label("Điểm mục 2.2").fill("30")

    expect(running).to_have_text("85,5/100 điểm, Tốt")
    expect(page.get_by_role("button", name="Gửi phiếu")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Đã lưu lúc \d\d:\d\d"))).to_be_visible()
    assert stored(line)["points-2.1"] == "20,5"
    assert page.said == []


def test_sending_at_once_after_typing_sends_what_was_typed(sign_in, line):
    fill(line, COMPLETE, leader_of(line))
    page = sign_in(leader_of(line))
    open_sheet(page, line)

    page.get_by_label("Điểm mục 1", exact=True).fill("40")
    page.get_by_role("button", name="Gửi phiếu").click()

    expect(page.get_by_text("89,5 điểm, Tốt").first).to_be_visible()
    assert fresh(line).sheet_status == SheetStatus.SUBMITTED
    assert stored(line)["points-1"] == "40"


def test_two_people_in_one_field_are_shown_both_versions(sign_in, line):
    page = sign_in(leader_of(line))
    open_sheet(page, line)
    fill(line, {"points-1": "30"}, editor_of(line))

    page.get_by_label("Điểm mục 1", exact=True).fill("35")
    expect(page.get_by_text("đúng chỗ anh, chị đang gõ")).to_be_visible()
    page.get_by_role("button", name="Lưu bản của tôi").click()

    expect(page.get_by_text("Đã lưu phiếu.")).to_be_visible()
    assert stored(line)["points-1"] == "35"


def test_a_sheet_that_was_sent_meanwhile_says_that_it_takes_nothing(sign_in, line):
    fill(line, COMPLETE)
    page = sign_in(editor_of(line))
    open_sheet(page, line)
    submit(line)

    page.get_by_label("Điểm mục 1", exact=True).fill("40")

    expect(page.get_by_text("phiếu không nhận sửa nữa")).to_be_visible()
    assert stored(line)["points-1"] == "35"


def test_files_chosen_at_an_item_are_stored_and_shown_there(sign_in, line):
    page = sign_in(leader_of(line))
    open_sheet(page, line)

    with page.expect_file_chooser() as chooser:
        page.get_by_role("link", name="Tải tệp lên cho mục 2.1").click()
    chooser.value.set_files(
        [as_chosen("ke-hoach.pdf", samples.pdf("k")), as_chosen("virus.pdf", samples.PROGRAM)]
    )

    section = page.get_by_role("region", name="Minh chứng mục 2.1")
    expect(section.get_by_text("virus.pdf thực chất là một chương trình")).to_be_visible()
    expect(section.get_by_text("ke-hoach.pdf đã lưu cho mục 2.1")).to_be_visible()
    expect(section.get_by_role("link", name="Sửa, bỏ ke-hoach")).to_be_visible()
    assert SheetEvidence.objects.get().item_code == "2.1"


def test_the_keeper_corrects_with_a_reason(sign_in, line, leader):
    attach(line)
    submit(line)
    page = sign_in(leader)
    open_sheet(page, line)

    page.get_by_text("Điều chỉnh rồi xác nhận").click()
    page.get_by_label("Điểm xác nhận").fill("60")
    page.get_by_role("button", name="Xác nhận kết quả điều chỉnh").click()
    expect(page.get_by_text("ghi lý do điều chỉnh")).to_be_visible()
    page.get_by_label("Lý do điều chỉnh").fill("Thiếu minh chứng.")
    page.get_by_role("button", name="Xác nhận kết quả điều chỉnh").click()

    expect(page.get_by_text("60 điểm, Trung bình").first).to_be_visible()
    assert fresh(line).rating.code == "trung-binh"


def test_the_pages_are_accessible_and_fit(sign_in, district, line, leader):
    attach(line, cited="trang 1–3")
    fill(line, {"points-1": "41", "points-2.1": "20"})
    commune = make_commune_line(district, line.pilot_round)
    attach(commune, "1")
    sent = make_agency_line(district, line.pilot_round)
    attach(sent)
    submit(sent)
    paper = line.sheet_evidence.get()

    for user, paths in (
        (
            leader_of(line),
            (
                f"{line.pk}/",
                f"{line.pk}/minh-chung/1/tai-len/",
                f"{line.pk}/minh-chung/1/chon/",
                f"{line.pk}/minh-chung/1/{paper.pk}/",
            ),
        ),
        (leader_of(commune), (f"{commune.pk}/",)),
        (leader, (f"{sent.pk}/", f"{line.pk}/")),
    ):
        page = sign_in(user)
        for path in paths:
            page.goto(f"{page.base}/phieu-tu-cham/{path}")
            page.evaluate(
                "document.querySelectorAll('main details').forEach((each) => { each.open = true; })"
            )
            found = Axe().run(page, options={"iframes": False})
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
            assert_fits(page)
        assert page.said == []


def test_everything_works_without_javascript(browser, live_server, district, leader):
    line = make_commune_line(district)
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.base = live_server.url
    _sign_in(page, live_server.url, leader_of(line))
    open_sheet(page, line)

    page.get_by_label("Khá").check()
    page.get_by_label("Căn cứ tự xếp loại").fill(CLAIMED["explanation-whole"])
    page.get_by_role("button", name="Lưu phiếu").click()
    expect(page.get_by_text("Đã lưu phiếu.")).to_be_visible()
    page.get_by_role("link", name="Tải tệp lên cho cả phiếu").click()
    page.get_by_label("Chọn tệp").set_input_files(as_chosen("bien-ban.pdf", samples.pdf("b")))
    page.get_by_role("button", name="Tải lên và lưu").click()
    expect(page.get_by_text("bien-ban.pdf đã lưu cho cả phiếu.")).to_be_visible()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_text("Đã gửi phiếu đến UBND huyện Vĩnh Bảo.")).to_be_visible()

    _sign_in(page, live_server.url, leader)
    open_sheet(page, line)
    page.get_by_text("Trả lại để đơn vị sửa").click()
    page.get_by_label("Lý do trả lại").fill("Biên bản chưa ký.")
    page.get_by_role("button", name="Trả lại phiếu").click()
    expect(page.get_by_text("Biên bản chưa ký.").first).to_be_visible()

    _sign_in(page, live_server.url, leader_of(line))
    open_sheet(page, line)
    expect(page.get_by_text("Biên bản chưa ký.").first).to_be_visible()
    page.get_by_role("button", name="Gửi phiếu").click()
    _sign_in(page, live_server.url, leader)
    open_sheet(page, line)
    page.get_by_role("button", name="Xác nhận kết quả", exact=True).click()
    expect(page.get_by_text("Đã xác nhận: ")).to_be_visible()
    assert fresh(line).rating.code == "kha"
    context.close()
