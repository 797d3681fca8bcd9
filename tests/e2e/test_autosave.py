"""Autosave as the person at the page meets it: leaving in a hurry, two people, no network."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from evaluations.actions.results import save_result, values_of
from evaluations.models import PilotRound
from tests.factories import make_district, make_dossier, make_user, result_of

STATE = "#trang-thai-luu"


@pytest.fixture
def desk(page, live_server, transactional_db, sign_in, console):
    """An officer's page of indicator 2.1.2, with the dossier behind it."""
    district = make_district("Huyện Vĩnh Bảo", code="316")
    evaluation = make_dossier(district)
    sign_in(make_user("editor", district))
    page.goto(f"{live_server.url}{result_of(evaluation, '2.1.2').get_absolute_url()}")
    return evaluation


def test_words_typed_just_before_a_link_are_saved_on_the_way(page, desk, console):
    page.get_by_label("Thuyết minh").fill("Gõ vội rồi đi")
    page.get_by_role("link", name="Sau: 2.2.1").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("2.2.1")
    assert result_of(desk, "2.1.2").explanation == "Gõ vội rồi đi"
    assert console == []


def test_words_typed_before_the_script_came_are_saved_too(page, desk, console):
    held = []
    page.route("**/saving.js", lambda route: held.append(route))
    page.goto(page.url, wait_until="commit")
    page.get_by_label("Thuyết minh").fill("Gõ khi mạng chậm")
    page.get_by_label("Xã từ Khá trở lên").fill("23")
    assert len(held) == 1

    held[0].continue_()

    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc")
    stored = result_of(desk, "2.1.2")
    assert (stored.explanation, stored.typed["achieved"]) == ("Gõ khi mạng chậm", "23")
    assert console == []


def test_a_page_that_is_scrolled_stands_still_for_the_next_click(page, desk):
    page.set_viewport_size({"width": 1280, "height": 300})

    at_once = page.evaluate("scrollTo(0, 500), scrollY")

    assert at_once == 500


def test_words_typed_just_before_signing_out_are_saved_too(page, desk):
    page.get_by_label("Thuyết minh").fill("Gõ vội rồi thoát")
    page.get_by_role("button", name="Đăng xuất").first.click()

    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert result_of(desk, "2.1.2").explanation == "Gõ vội rồi thoát"


def test_a_colleagues_words_in_another_field_survive_two_autosaves(page, desk):
    colleague = make_user("leader", desk.unit)
    result = result_of(desk, "2.1.2")
    opened = values_of(result)
    save_result(result=result, values={"explanation": "Lời đồng nghiệp"}, base=opened, by=colleague)

    page.get_by_label("Xã từ Khá trở lên").fill("23")
    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc")
    page.get_by_label("Tổng số xã").fill("30")
    expect(page.locator("#hieu-la")).to_contain_text("76,67")

    stored = result_of(desk, "2.1.2")
    assert stored.explanation == "Lời đồng nghiệp"
    assert (stored.typed["achieved"], stored.typed["total"]) == ("23", "30")


def test_two_people_in_one_field_are_shown_both_versions(page, desk):
    colleague = make_user("leader", desk.unit)
    result = result_of(desk, "2.1.2")
    opened = values_of(result)
    save_result(
        result=result, values={"explanation": "Bản của lãnh đạo"}, base=opened, by=colleague
    )

    page.get_by_label("Thuyết minh").fill("Bản của tôi")
    expect(page.get_by_text("vừa sửa lúc")).to_be_visible()
    assert result_of(desk, "2.1.2").explanation == "Bản của lãnh đạo"
    page.get_by_role("button", name="Lưu bản của tôi").click()

    expect(page.get_by_label("Thuyết minh")).to_have_value("Bản của tôi")
    assert result_of(desk, "2.1.2").explanation == "Bản của tôi"


def test_without_a_network_the_page_says_so_and_saves_by_itself_later(page, desk):
    page.context.set_offline(True)
    page.get_by_label("Thuyết minh").fill("Mất mạng vẫn còn chữ")
    expect(page.locator(STATE)).to_contain_text("Chưa lưu được")

    page.context.set_offline(False)
    page.get_by_role("button", name="Thử lại").click()

    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc")
    assert result_of(desk, "2.1.2").explanation == "Mất mạng vẫn còn chữ"


def test_typing_after_the_round_was_closed_is_told_so(page, desk):
    PilotRound.objects.filter(pk=desk.pilot_round_id).update(closed_at=timezone.now())

    page.get_by_label("Thuyết minh").fill("Gõ sau khi đóng")

    expect(page.locator(STATE)).to_contain_text("Đợt đã đóng nên không ghi gì thêm được nữa.")
    expect(page.locator(STATE)).not_to_contain_text("trang đã cũ")
    assert result_of(desk, "2.1.2").explanation == ""
