"""A unit is found while its name is typed; without a script, when the form is sent."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from organisations.forms import unit_field
from organisations.models import Role, User
from tests.browsing import assert_fits
from tests.factories import PASSWORD, make_department, make_district, make_user


@pytest.fixture
def units(transactional_db, monkeypatch):
    monkeypatch.setattr(unit_field, "MOST_LISTED", 2)
    make_user(Role.ADMINISTRATOR, make_department(), username="quantri")
    return [make_district(name) for name in ("Huyện An Lão", "Huyện Vĩnh Bảo", "Quận Hải An")]


def open_form(page, site):
    page.goto(f"{site}/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("quantri")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{site}/nguoi-dung/them/")
    page.get_by_label("Họ và tên").fill("Trần Thị Hai")
    page.get_by_label("Tên đăng nhập").fill("tran.hai")
    page.get_by_label("Vai trò").select_option("editor")


def sought(page):
    return page.get_by_role("searchbox", name="Tìm đơn vị theo một phần tên")


def found(page):
    return page.get_by_label("Đơn vị", exact=True).locator("option")


def test_typing_brings_what_is_found_and_the_keyboard_chooses(page, live_server, units):
    noise = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    open_form(page, live_server.url)

    sought(page).press_sequentially("vinh bao")
    expect(found(page)).to_have_text(["Huyện Vĩnh Bảo"])
    expect(page.get_by_text("Tìm thấy 1 đơn vị")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    sought(page).fill("hai an")
    expect(found(page)).to_have_text(["Huyện Vĩnh Bảo", "Quận Hải An"])
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [violation["id"] for violation in violations] == []
    assert_fits(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bấm chọn một đơn vị trong danh sách")).to_be_visible()
    page.wait_for_load_state()
    assert not User.objects.filter(username="tran.hai").exists()
    sought(page).fill("")
    expect(found(page)).to_have_text(["Chọn đơn vị (gõ tên ở ô trên)", "Huyện Vĩnh Bảo"])
    page.get_by_role("button", name="Tạo tài khoản").click()

    expect(page.get_by_role("heading", name="Phiếu tài khoản").first).to_be_visible()
    assert User.objects.get(username="tran.hai").organisation == units[1], "stayed chosen"
    assert noise == []


def test_the_same_without_a_script(new_context, live_server, units):
    page = new_context(java_script_enabled=False).new_page()
    open_form(page, live_server.url)

    sought(page).fill("vinh bao")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Họ và tên")).to_have_value("Trần Thị Hai")
    page.get_by_label("Đơn vị", exact=True).select_option("Huyện Vĩnh Bảo")
    page.get_by_role("button", name="Tạo tài khoản").click()

    expect(page.get_by_role("heading", name="Phiếu tài khoản").first).to_be_visible()
    assert User.objects.get(username="tran.hai").organisation == units[1]
