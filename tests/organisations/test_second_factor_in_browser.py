"""The second factor as a person meets it, with a script and without, and what a refusal keeps."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from organisations import limits
from organisations.models import Role, User
from tests.browsing import assert_fits
from tests.factories import PASSWORD, make_department, make_user
from tests.organisations.telephone import CODE, SET_UP, let_time_pass, scanned

NAME = "so.thamdinh"


@pytest.fixture
def person(transactional_db, settings):
    settings.SECOND_FACTOR_ROLES = [Role.APPRAISER]
    return make_user(Role.APPRAISER, make_department(), username=NAME)


def look_at(page):
    """Accessible, and no wider than the screen."""
    page.wait_for_load_state()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [violation["id"] for violation in found] == [], page.url
    assert_fits(page)


def give_password(page, site):
    page.goto(f"{site}/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(NAME)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_led_to_set_up_and_in_with_the_telephone_then_with_paper(page, live_server, person):
    noise = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    give_password(page, live_server.url)
    expect(page).to_have_url(f"{live_server.url}{SET_UP}")
    look_at(page)
    telephone = scanned(page.content())
    page.get_by_label("Mã 6 số").fill(telephone.code())
    page.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.get_by_role("heading", name="Mã khôi phục của")).to_be_visible()
    look_at(page)
    paper = page.locator(".recovery-codes span").all_inner_texts()

    page.reload()  # the codes on paper stay good, as is seen when one of them is used below
    expect(page.get_by_role("heading", name="Xác thực hai bước")).to_be_visible()
    page.goto(f"{live_server.url}/tai-khoan/hai-buoc/")
    expect(page.get_by_text("vai trò của anh, chị bắt buộc dùng")).to_be_visible()
    look_at(page)
    page.goto(f"{live_server.url}/tai-khoan/dang-nhap/")
    look_at(page)
    page.get_by_role("button", name="Đăng xuất khỏi mọi nơi").click()

    give_password(page, live_server.url)
    expect(page).to_have_url(f"{live_server.url}{CODE}")
    look_at(page)
    let_time_pass(person)
    page.get_by_label("Mã 6 số").fill(telephone.code())
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()

    give_password(page, live_server.url)
    page.get_by_role("link", name="dùng mã khôi phục").click()
    look_at(page)
    page.get_by_label("Mã khôi phục").fill(paper[0].upper())
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Đã dùng một mã khôi phục, còn 9 mã.")).to_be_visible()
    assert noise == []


def test_a_slip_that_is_loaded_again_gives_no_other_password(page, live_server, transactional_db):
    make_user(Role.ADMINISTRATOR, make_department(), username=NAME)
    officer = make_user(Role.EDITOR, full_name="Phạm Thị Nhập")
    give_password(page, live_server.url)
    page.goto(f"{live_server.url}/nguoi-dung/{officer.pk}/")
    page.get_by_text("Cấp mật khẩu tạm mới").click()
    page.get_by_role("button", name="Cấp và xem phiếu").click()
    expect(page.get_by_role("heading", name="Phiếu tài khoản").first).to_be_visible()
    page.wait_for_load_state()
    given = User.objects.get(pk=officer.pk).password

    page.reload()

    expect(page.get_by_role("heading", name="Người dùng")).to_be_visible()
    assert User.objects.get(pk=officer.pk).password == given


def test_the_same_without_a_script(new_context, live_server, person):
    page = new_context(java_script_enabled=False).new_page()
    give_password(page, live_server.url)
    expect(page.locator(".secret")).to_be_visible()
    telephone = scanned(page.content())
    page.get_by_label("Mã 6 số").fill(telephone.code())
    page.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="Đã cất mã, vào việc").click()
    page.get_by_role("button", name="Đăng xuất").first.click()
    give_password(page, live_server.url)
    let_time_pass(person)
    page.get_by_label("Mã 6 số").fill(telephone.code())
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()


def test_what_was_typed_goes_through_when_it_is_time(new_context, live_server, transactional_db):
    administrator = make_user(Role.ADMINISTRATOR, make_department(), username=NAME)
    page = new_context(java_script_enabled=False).new_page()
    give_password(page, live_server.url)
    for _ in range(limits.UPLOADS.most):
        limits.UPLOADS.count(administrator.pk)
    page.goto(f"{live_server.url}/nguoi-dung/nap-excel/")
    page.get_by_label("Tệp Excel đã điền").set_input_files(
        {"name": "a.xlsx", "mimeType": "application/zip", "buffer": b"PK"}
    )
    page.get_by_role("button", name="Nạp tệp và xem lại").click()
    expect(page.get_by_role("heading", name="Gửi quá nhiều lần")).to_be_visible()
    assert_fits(page)

    limits.UPLOADS.clear(administrator.pk)
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.get_by_text("Chọn tệp Excel đã điền.")).to_be_visible()
