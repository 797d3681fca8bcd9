"""The end of a session as the person at the page meets it."""

import re
import time

import pytest
from django.test import Client
from playwright.sync_api import expect

from organisations.models import Role, Session, User
from tests.browsing import assert_fits
from tests.factories import PASSWORD, make_department, make_dossier, make_user

FORM = "/nguoi-dung/them/"
TYPED = "Nguyễn Thị Gõ Dở"


@pytest.fixture
def form_page(page, live_server):
    """An administrator, signed in, with a name typed into a new account."""
    make_user(Role.ADMINISTRATOR, make_department(), username="quan.tri")
    page.goto(f"{live_server.url}/dang-nhap/?next={FORM}")
    sign_in(page)
    page.wait_for_url(f"{live_server.url}{FORM}")
    page.get_by_label("Họ và tên").fill(TYPED)
    page.wait_for_timeout(600)  # kept a moment after the last key; the strict CSP bars polling
    assert kept(page) != []
    return page


def sign_in(page):
    page.wait_for_load_state()  # nobody is quicker than the script of the door
    page.get_by_label("Tên đăng nhập").fill("quan.tri")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def kept(page):
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('kept:'))")


def test_text_sent_after_the_end_is_offered_back_after_signing_in(form_page):
    Session.objects.all().delete()
    form_page.get_by_label("Tên đăng nhập").fill("go.do")
    form_page.get_by_label("Vai trò").select_option("Quản trị")
    form_page.get_by_role("button", name="Tạo tài khoản").click()

    expect(form_page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    sign_in(form_page)
    expect(form_page.get_by_text("được giữ lại – khôi phục?")).to_be_visible()
    form_page.get_by_role("button", name="Khôi phục").click()

    expect(form_page.get_by_label("Họ và tên")).to_have_value(TYPED)
    expect(form_page.get_by_label("Tên đăng nhập")).to_have_value("go.do")
    expect(form_page.get_by_label("Vai trò")).to_have_value("administrator")


def test_text_stays_on_the_page_and_is_sent_after_signing_in_beside_it(form_page, context):
    form_page.get_by_label("Tên đăng nhập").fill("go.do")
    form_page.get_by_label("Vai trò").select_option("Quản trị")
    Session.objects.all().delete()
    form_page.evaluate("document.dispatchEvent(new Event('session:expired'))")
    expect(form_page.get_by_role("alert")).to_contain_text("Chữ đang gõ vẫn ở trang này")
    form_page.get_by_role("button", name="Tạo tài khoản").click()
    expect(form_page.get_by_label("Họ và tên")).to_have_value(TYPED)  # held back, not lost

    with context.expect_page() as opened:
        form_page.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    sign_in(opened.value)
    expect(opened.value.get_by_role("heading", name=re.compile("Nguyễn Văn"))).to_be_visible()
    opened.value.close()
    form_page.bring_to_front()
    go_on = form_page.get_by_role("button", name="Đã đăng nhập, làm tiếp")
    if go_on.is_visible():
        go_on.click()
    expect(form_page.get_by_text("Đã đăng nhập lại")).to_be_visible()
    form_page.get_by_role("button", name="Tạo tài khoản").click()

    expect(form_page.get_by_role("heading", name="Phiếu tài khoản").first).to_be_visible()
    assert User.objects.get(username="go.do").full_name == TYPED


def test_text_that_arrived_by_a_slow_line_is_not_offered_again(form_page, live_server):
    def slowly(route):
        time.sleep(0.8)
        route.continue_()

    form_page.route(f"**{FORM}", slowly)
    form_page.get_by_label("Vai trò").select_option("Quản trị")
    form_page.get_by_label("Tên đăng nhập").fill("go.do")
    form_page.get_by_role("button", name="Tạo tài khoản").click()
    expect(form_page.get_by_role("heading", name="Phiếu tài khoản").first).to_be_visible()

    form_page.goto(f"{live_server.url}{FORM}")

    expect(form_page.get_by_label("Họ và tên")).to_have_value("")
    assert form_page.get_by_text("khôi phục?").count() == 0


def test_two_minutes_before_the_end_a_note_offers_to_go_on(page, live_server):
    make_user(Role.ADMINISTRATOR, make_department(), username="quan.tri")
    page.clock.install()
    page.goto(f"{live_server.url}/dang-nhap/?next=/tai-khoan/")
    sign_in(page)
    expect(page.get_by_role("heading", name=re.compile("Nguyễn Văn"))).to_be_visible()
    page.wait_for_load_state()

    page.clock.run_for(27 * 60 * 1000)
    expect(page.locator(".session-note")).to_have_count(0)
    page.clock.run_for(90 * 1000)
    expect(page.locator(".session-note")).to_contain_text("2 phút nữa hệ thống tự đăng xuất")
    page.get_by_role("button", name="Tiếp tục làm việc").click()

    expect(page.locator(".session-note")).to_have_count(0)


def test_signing_out_leaves_no_text_behind(form_page):
    """Nor by the clock of the field that this press has left, while the server takes its time."""
    form_page.route("**/dang-xuat/", lambda route: (time.sleep(1), route.continue_()))

    form_page.get_by_role("button", name="Đăng xuất").click()

    expect(form_page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert kept(form_page) == []


@pytest.mark.parametrize("button", ["Đăng xuất khỏi mọi nơi", "Đăng xuất"])
def test_nor_does_signing_out_on_the_page_of_sessions(form_page, live_server, button):
    form_page.goto(f"{live_server.url}/tai-khoan/dang-nhap/")
    assert kept(form_page) != []

    form_page.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    expect(form_page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert kept(form_page) == []


def test_saved_form_offers_nothing_when_opened_again(form_page, live_server):
    form_page.get_by_label("Tên đăng nhập").fill("go.do")
    form_page.get_by_label("Vai trò").select_option("Quản trị")
    form_page.get_by_role("button", name="Tạo tài khoản").click()
    expect(form_page.get_by_role("heading", name="Phiếu tài khoản").first).to_be_visible()

    form_page.goto(f"{live_server.url}{FORM}")

    expect(form_page.get_by_label("Họ và tên")).to_have_value("")
    expect(form_page.locator(".kept-note")).to_have_count(0)


def test_autosave_after_the_end_waits_and_goes_through_once_signed_in(
    page, context, live_server, district
):
    make_user(Role.EDITOR, district, username="quan.tri")
    result = make_dossier(district).results.first()
    page.goto(f"{live_server.url}/dang-nhap/?next={result.get_absolute_url()}")
    sign_in(page)
    text = page.locator("textarea[name=explanation]")
    text.fill("Đã ban hành kế hoạch")
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()

    Session.objects.all().delete()
    text.fill("Đã ban hành kế hoạch và phân công")
    expect(page.get_by_role("alert")).to_contain_text("Phiên làm việc đã hết")
    with context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    sign_in(opened.value)
    expect(opened.value.get_by_role("heading", name=re.compile("Nguyễn Văn"))).to_be_visible()
    opened.value.close()
    page.bring_to_front()
    go_on = page.get_by_role("button", name="Đã đăng nhập, làm tiếp")
    if go_on.is_visible():
        go_on.click()
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()

    page.reload()
    expect(page.locator(".kept-note")).to_have_count(0)
    expect(text).to_have_value("Đã ban hành kế hoạch và phân công")


def test_the_row_of_this_session_is_one_piece_on_a_telephone(page, live_server):
    person = make_user(Role.ADMINISTRATOR, make_department(), username="quan.tri")
    Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Version/17.5 Safari/604.1"}).post(
        "/dang-nhap/", {"username": person.username, "password": PASSWORD}
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/dang-nhap/?next=/tai-khoan/dang-nhap/")
    sign_in(page)
    row = page.locator("tr.current")

    filled = row.evaluate("row => getComputedStyle(row).backgroundColor")
    cells = row.evaluate(
        "row => [...row.children].map((cell) => getComputedStyle(cell).backgroundColor)"
    )
    labels = page.locator("tbody form").evaluate_all(
        "forms => forms.map((form) => getComputedStyle(form.parentElement, '::before').content)"
    )

    nothing = "rgba(0, 0, 0, 0)"
    assert filled != nothing
    assert cells == [nothing] * 5
    assert labels == ["none"] * 2
    assert_fits(page)
