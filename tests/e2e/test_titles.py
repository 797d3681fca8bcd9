"""The grid of titles as a person meets it: by the keyboard, by two people, without a script."""

import re

import pytest
from playwright.sync_api import expect

from evaluations.actions.titles import save_titles
from evaluations.models import TitleCount
from evaluations.title_reading import shown_titles
from tests.factories import make_commune, make_district, make_line, make_round, make_user

STATE = "#trang-thai-luu"
TOTALS = "#tong"


@pytest.fixture
def lines(transactional_db):
    district = make_district("Huyện Vĩnh Bảo", code="316")
    names = ["Xã Dũng Tiến", "Xã Giang Biên", "Xã Thủy Đường"]
    pilot_round = make_round()
    return [make_line(pilot_round, make_commune(name, parent=district)) for name in names]


def open_grid(page, live_server, sign_in, lines):
    sign_in(make_user("editor", lines[0].owner))
    place = f"{lines[0].pilot_round_id}/{lines[0].owner_id}"
    page.goto(f"{live_server.url}/ket-qua-don-vi/{place}/danh-hieu/")


def field(page, commune, column="được công nhận"):
    return page.get_by_label(f"{commune}, {column}", exact=True)


def count_of(line, title=TitleCount.Title.FAMILY):
    return line.titles.get(title=title)


def test_column_is_filled_by_keyboard_and_the_totals_move(
    page, live_server, sign_in, console, lines
):
    open_grid(page, live_server, sign_in, lines)
    field(page, "Xã Dũng Tiến", "tổng số").fill("200")
    field(page, "Xã Dũng Tiến").fill("120")
    field(page, "Xã Dũng Tiến").press("Enter")
    expect(field(page, "Xã Giang Biên")).to_be_focused()
    page.keyboard.type("30")
    page.keyboard.press("ArrowDown")
    expect(field(page, "Xã Thủy Đường")).to_be_focused()

    expect(page.locator(TOTALS)).to_contain_text(re.compile(r"120/200\s*60,0\s%"))
    expect(page.locator(TOTALS)).to_contain_text("Đã nhập 2/3 xã")
    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc")
    expect(field(page, "Xã Thủy Đường")).to_be_focused()
    assert (count_of(lines[0]).recognised, count_of(lines[1]).recognised) == (120, 30)
    assert console == []


def test_an_answer_that_comes_late_takes_back_no_total(page, live_server, sign_in, lines):
    open_grid(page, live_server, sign_in, lines)
    late = []
    page.route(
        f"**/danh-hieu/{lines[0].pk}/luu/**", lambda route: late.append((route, route.fetch()))
    )
    field(page, "Xã Dũng Tiến").fill("120")
    field(page, "Xã Dũng Tiến").press("Enter")
    while not late:
        page.wait_for_timeout(50)
    field(page, "Xã Giang Biên").fill("30")
    expect(page.locator(TOTALS)).to_contain_text("Đã nhập 2/3 xã")

    [(route, answer)] = late
    assert "Đã nhập 1/3 xã" in answer.text()
    route.fulfill(response=answer)

    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc")
    expect(page.locator(TOTALS)).to_contain_text("Đã nhập 2/3 xã")


def test_number_with_two_readings_stays_with_its_sentence(
    page, live_server, sign_in, console, lines
):
    open_grid(page, live_server, sign_in, lines)

    field(page, "Xã Dũng Tiến").fill("1.234")

    expect(page.get_by_text("gõ liền 1234")).to_be_visible()
    expect(field(page, "Xã Dũng Tiến")).to_have_class(re.compile("is-invalid"))
    page.reload()
    expect(field(page, "Xã Dũng Tiến")).to_have_value("1.234")
    expect(page.get_by_text("gõ liền 1234")).to_be_visible()
    assert console == []


def test_two_people_in_one_field_choose_between_both(page, live_server, sign_in, lines):
    open_grid(page, live_server, sign_in, lines)
    colleague = make_user("leader", lines[0].owner, full_name="Trần Văn Trưởng")
    typed = {"family_recognised": "70"}
    save_titles(result=lines[0], values=typed, base=shown_titles(lines[0]), by=colleague)

    field(page, "Xã Dũng Tiến").fill("75")
    expect(page.get_by_text("Trần Văn Trưởng vừa sửa đúng ô anh, chị đang gõ.")).to_be_visible()
    assert count_of(lines[0]).recognised == 70
    page.get_by_role("button", name="Lưu bản của tôi").click()

    expect(page.get_by_text("vừa sửa đúng ô")).to_have_count(0)
    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc")
    assert count_of(lines[0]).recognised == 75


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_page_of_a_title_is_saved_by_its_button(page, live_server, sign_in, console, lines):
    open_grid(page, live_server, sign_in, lines)
    page.get_by_role("link", name="Dòng họ học tập").click()
    field(page, "Xã Dũng Tiến").fill("7")
    field(page, "Xã Dũng Tiến", "tổng số").fill("5")
    field(page, "Xã Giang Biên").fill("8")
    expect(page.locator(STATE)).to_contain_text("Chưa có gì được nhập")
    page.get_by_role("button", name="Lưu các dòng của trang này").click()

    expect(page.get_by_text("Đã lưu 2 dòng.")).to_be_visible()
    expect(page.get_by_text("7 lớn hơn tổng số 5. Sửa một trong hai số.")).to_be_visible()
    expect(field(page, "Xã Giang Biên")).to_have_value("8")
    assert count_of(lines[1], TitleCount.Title.CLAN).recognised == 8
    assert console == []
