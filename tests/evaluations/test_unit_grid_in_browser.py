"""The grid under the hands: keyboard, saving as typed, totals that move, and no script at all."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from evaluations.actions.unit_results import save_line
from evaluations.models import PilotRound, UnitResult
from evaluations.unit_reading import shown_line
from organisations.models import Role, Session
from tests.browsing import enter
from tests.factories import (
    PASSWORD,
    make_agency,
    make_communes,
    make_counted_set,
    make_dossier,
    make_line,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)

STATE = "#trang-thai-luu"
TOTALS = "#tong"


@pytest.fixture
def dossier(district):
    return make_dossier(district, pilot_round=make_round(district_set=make_counted_set()))


@pytest.fixture
def communes(dossier):
    return make_communes(dossier.pilot_round, dossier.unit, ["kha", "trung-binh", None])


@pytest.fixture
def agencies(dossier):
    return [
        make_line(dossier.pilot_round, make_agency(f"Phòng Số {n}", parent=dossier.unit))
        for n in range(3)
    ]


def url_of(dossier, kind):
    return reverse("evaluations:register", args=[dossier.pilot_round_id, dossier.unit_id, kind])


@pytest.fixture
def grid(page, live_server, editor, dossier):
    """The editor of the district, signed in; nothing may be said in the console."""
    page.said = []
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    enter(page.context, live_server.url, editor)

    def open_(kind):
        page.said.clear()
        page.goto(f"{live_server.url}{url_of(dossier, kind)}")
        return page

    return open_


def cell(page, line, name):
    return page.locator(f'[name="{line.pk}-{name}"]')


def stored(line):
    return UnitResult.objects.select_related("rating", "updated_by").get(pk=line.pk)


def saved(page):
    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc")


def test_a_choice_is_saved_and_the_totals_move(grid, communes):
    page = grid("xa")
    expect(page.locator(TOTALS)).to_contain_text("2/3")

    cell(page, communes[2], "rating").select_option("Tốt")

    expect(page.locator(TOTALS)).to_contain_text("66,7")
    expect(page.locator(TOTALS)).to_contain_text("Thêm 1 xã từ Khá trở lên (3/3 = 100")
    expect(page.locator(f"#tinh-{communes[2].pk}")).to_have_text("Từ Khá trở lên")
    expect(page.get_by_role("link", name="Chưa có 0")).to_be_visible()
    saved(page)
    assert stored(communes[2]).rating.code == "tot"
    assert page.said == []


def test_points_fill_in_the_rating_beside_them(grid, agencies):
    page = grid("co-quan")

    cell(page, agencies[0], "score").fill("84,5")

    expect(cell(page, agencies[0], "rating")).to_have_value("Khá")
    cell(page, agencies[0], "score").fill("90")
    expect(cell(page, agencies[0], "rating")).to_have_value("Tốt")
    expect(page.locator(f"#tinh-{agencies[0].pk}")).to_have_text("Từ Khá trở lên")
    expect(page.locator(f"#loi-{agencies[0].pk}")).to_be_empty()


def test_what_is_unclear_is_told_under_its_row_and_stays(grid, agencies):
    page = grid("co-quan")

    cell(page, agencies[0], "decision_on").fill("31/11/2022")
    cell(page, agencies[0], "score").fill("120")

    told = page.locator(f"#loi-{agencies[0].pk}")
    expect(told).to_contain_text("Điểm: 120 lớn hơn điểm tối đa 100.")
    expect(told).to_contain_text("tháng 11 có 30 ngày")
    expect(cell(page, agencies[0], "score")).to_have_class("cell num is-invalid")
    expect(page.locator(f"#tinh-{agencies[0].pk}")).to_have_text("Cần sửa")
    expect(page.get_by_role("link", name="Cần sửa 1")).to_be_visible()
    saved(page)
    page.reload()
    expect(cell(page, agencies[0], "score")).to_have_value("120")
    cell(page, agencies[0], "score").fill("75")
    expect(cell(page, agencies[0], "rating")).to_have_value("Khá")
    expect(told).not_to_contain_text("Điểm")


def test_day_comes_back_as_it_is_written_here(grid, communes):
    page = grid("xa")

    cell(page, communes[0], "decision_on").fill("5-1-2022")
    cell(page, communes[0], "decision_number").focus()

    expect(cell(page, communes[0], "decision_on")).to_have_value("05/01/2022")
    cell(page, communes[0], "decision_on").fill("06/01/2022")
    cell(page, communes[0], "decision_number").focus()
    saved(page)
    expect(page.locator(f"#loi-{communes[0].pk}")).to_be_empty()


def test_enter_and_arrows_lead_along_the_column(grid, agencies):
    page = grid("co-quan")
    first, second, third = (cell(page, line, "decision_number") for line in agencies)
    first.focus()

    page.keyboard.type("12/QĐ")
    page.keyboard.press("Enter")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(third).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(third).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(second).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, agencies[0], "decision_on")).to_be_focused()

    saved(page)
    assert stored(agencies[0]).decision_number == "12/QĐ"


def test_ratings_are_chosen_by_letter_and_left_by_arrow(grid, communes):
    page = grid("xa")
    first, second = (cell(page, line, "rating") for line in communes[1:])
    first.focus()

    page.keyboard.press("K")
    expect(first).to_have_value("Khá")
    page.keyboard.press("ArrowDown")

    expect(second).to_be_focused()
    expect(second).to_have_value("")
    expect(first).to_have_value("Khá")


def test_open_list_of_ratings_moves_by_arrows_itself(grid, communes):
    page = grid("xa")
    first = cell(page, communes[0], "rating")
    first.focus()

    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(first).to_be_focused()
    expect(first).to_have_value("Trung bình")


def test_whole_column_of_points_by_keyboard_alone(grid, agencies):
    page = grid("co-quan")
    cell(page, agencies[0], "score").focus()

    for points in ("84,5", "49", "91"):
        page.keyboard.type(points)
        page.keyboard.press("Enter")

    expect(page.locator(TOTALS)).to_contain_text("2/3")
    saved(page)
    assert [stored(line).rating.code for line in agencies] == ["kha", "chua-dat", "tot"]
    assert page.said == []


def test_fields_under_the_hands_are_left_alone(grid, agencies):
    page = grid("co-quan")
    field = cell(page, agencies[0], "decision_number")
    field.focus()

    page.keyboard.type("12 ")
    saved(page)
    page.keyboard.type("/QĐ")

    expect(field).to_have_value("12 /QĐ")
    expect(field).to_be_focused()


def test_two_people_in_one_field_choose(grid, communes, dossier):
    page = grid("xa")
    colleague = make_user(Role.LEADER, dossier.unit, full_name="Trần Văn Lãnh")
    base = shown_line(communes[0])
    save_line(result=communes[0], values={"rating": "Trung bình"}, base=base, by=colleague)

    cell(page, communes[0], "rating").select_option("Tốt")

    told = page.locator(f"#loi-{communes[0].pk}")
    expect(told).to_contain_text("Trần Văn Lãnh vừa sửa đúng ô anh, chị đang gõ.")
    expect(page.locator(STATE)).to_contain_text("Còn chỗ chưa lưu")
    assert stored(communes[0]).rating.code == "trung-binh"
    told.get_by_role("button", name="Lưu bản của tôi").click()
    saved(page)
    expect(told).to_be_empty()
    assert stored(communes[0]).rating.code == "tot"


def test_another_row_that_is_saved_does_not_hide_what_is_not(grid, communes, dossier):
    page = grid("xa")
    colleague = make_user(Role.LEADER, dossier.unit)
    base = shown_line(communes[0])
    save_line(result=communes[0], values={"rating": "Trung bình"}, base=base, by=colleague)
    cell(page, communes[0], "rating").select_option("Tốt")
    expect(page.locator(STATE)).to_contain_text("Còn chỗ chưa lưu")

    cell(page, communes[2], "rating").select_option("Tốt")

    expect(page.locator(f"#tinh-{communes[2].pk}")).to_have_text("Từ Khá trở lên")
    expect(page.locator(STATE)).to_contain_text("Còn chỗ chưa lưu")


def test_nobody_leaves_over_a_choice_that_is_not_made(grid, communes, dossier):
    page = grid("xa")
    base = shown_line(communes[0])
    colleague = make_user(Role.LEADER, dossier.unit)
    save_line(result=communes[0], values={"rating": "Trung bình"}, base=base, by=colleague)
    cell(page, communes[0], "rating").select_option("Tốt")
    expect(page.locator(STATE)).to_contain_text("Còn chỗ chưa lưu")

    page.get_by_role("link", name="Hồ sơ").first.click()
    page.wait_for_timeout(500)

    expect(page.get_by_role("button", name="Lưu bản của tôi")).to_be_visible()
    expect(cell(page, communes[0], "rating")).to_have_value("Tốt")


def test_the_colleagues_version_may_be_kept(grid, communes, dossier):
    page = grid("xa")
    colleague = make_user(Role.LEADER, dossier.unit)
    base = shown_line(communes[0])
    save_line(result=communes[0], values={"rating": "Trung bình"}, base=base, by=colleague)
    cell(page, communes[0], "rating").select_option("Tốt")

    page.get_by_role("button", name="Giữ bản đã lưu").click()

    expect(cell(page, communes[0], "rating")).to_have_value("Trung bình")
    saved(page)
    assert stored(communes[0]).updated_by == colleague


def test_reason_for_differing_is_asked_where_it_is_needed(grid, agencies):
    sent = agencies[0]
    sent.self_score, sent.sheet_status = 84, "submitted"
    sent.self_rating = sent.pilot_round.agency_points.ratings.get(code="kha")
    sent.save()
    page = grid("co-quan")
    reason = page.get_by_label("Lý do khác với tự chấm")
    expect(reason).to_be_hidden()

    cell(page, sent, "rating").select_option("Tốt")
    expect(page.locator(f"#loi-{sent.pk}")).to_contain_text("ghi lý do điều chỉnh")
    reason.fill("Có thêm minh chứng mục 1.")

    expect(page.locator(f"#tinh-{sent.pk}")).to_have_text("Từ Khá trở lên")
    expect(reason).to_be_visible()
    assert stored(sent).correction_reason == "Có thêm minh chứng mục 1."


def test_without_a_network_rows_wait_and_go_through_later(grid, communes):
    page = grid("xa")
    page.context.set_offline(True)

    cell(page, communes[1], "rating").select_option("Tốt")
    cell(page, communes[2], "rating").select_option("Khá")
    expect(page.locator(STATE)).to_contain_text("Chưa lưu được 2 dòng")
    page.context.set_offline(False)

    # By itself, every ten seconds.
    expect(page.locator(STATE)).to_contain_text("Đã lưu lúc", timeout=15000)
    assert [stored(line).rating.code for line in communes] == ["kha", "tot", "kha"]


def test_end_of_the_session_eats_nothing(grid, communes, context, live_server, editor):
    page = grid("xa")
    Session.objects.all().delete()

    cell(page, communes[2], "rating").select_option("Tốt")
    cell(page, communes[2], "decision_number").fill("12/QĐ")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("Chữ đang gõ vẫn ở trang này")
    page.wait_for_timeout(1200)  # whatever was going to be sent has been refused
    expect(page.locator(STATE)).to_contain_text("phiên làm việc đã hết")
    beside = context.new_page()
    beside.goto(f"{live_server.url}/dang-nhap/")
    beside.get_by_label("Tên đăng nhập").fill(editor.username)
    beside.get_by_label("Mật khẩu").fill(PASSWORD)
    beside.get_by_role("button", name="Đăng nhập").click()
    expect(beside.get_by_role("button", name="Đăng xuất").first).to_be_visible()
    page.get_by_role("button", name="Đã đăng nhập, làm tiếp").click()

    saved(page)
    row = stored(communes[2])
    assert (row.rating.code, row.decision_number) == ("tot", "12/QĐ")


def test_text_of_a_closed_tab_is_offered_to_the_same_rows(grid, communes):
    page = grid("xa")
    page.route("**/luu/", lambda route: route.abort())
    cell(page, communes[2], "decision_number").fill("12/QĐ-UBND")
    page.wait_for_timeout(600)
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate("navigator.sendBeacon = () => false")  # the last chance fails as well
    page.goto(f"{page.url}?loc=duoi-kha")  # other rows
    expect(page.get_by_role("button", name="Khôi phục")).to_be_hidden()
    page.goto(page.url.partition("?")[0])
    page.unroute("**/luu/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))

    with page.expect_response("**/luu/"):
        page.get_by_role("button", name="Khôi phục").click()

    expect(cell(page, communes[2], "decision_number")).to_have_value("12/QĐ-UBND")
    saved(page)
    assert stored(communes[2]).decision_number == "12/QĐ-UBND"
    assert len(sent) == 1, "only the row that was typed in is saved"


def test_nothing_is_called_saved_while_another_row_is_under_way(grid, communes):
    page = grid("xa")
    held = []
    page.route(f"**/dong/{communes[2].pk}/luu/", lambda route: held.append(route))
    with page.expect_request(f"**/dong/{communes[2].pk}/luu/"):
        cell(page, communes[2], "decision_number").fill("12/QĐ")

    with page.expect_response(f"**/dong/{communes[0].pk}/luu/"):
        cell(page, communes[0], "decision_number").fill("13/QĐ")

    expect(page.locator(STATE)).to_have_text("Đang lưu…")
    page.wait_for_timeout(200)
    expect(page.locator(STATE)).to_have_text("Đang lưu…")
    held[0].continue_()
    saved(page)


def test_leaving_in_a_hurry_saves_on_the_way(grid, communes):
    page = grid("xa")

    cell(page, communes[2], "decision_number").fill("12/QĐ")
    page.get_by_role("link", name="Hồ sơ").first.click()

    page.wait_for_url("**/ho-so/**")
    assert stored(communes[2]).decision_number == "12/QĐ"


def test_register_that_closed_meanwhile_says_so(grid, communes, dossier, editor):
    page = grid("xa")
    editor.role = Role.OBSERVER
    editor.save()

    cell(page, communes[2], "rating").select_option("Tốt")

    expect(page.locator(STATE)).to_contain_text("danh sách không nhận sửa nữa")
    assert stored(communes[2]).rating is None


def test_typing_after_the_round_was_closed_is_told_so(grid, communes, dossier):
    page = grid("xa")
    PilotRound.objects.filter(pk=dossier.pilot_round_id).update(closed_at=timezone.now())

    cell(page, communes[2], "rating").select_option("Tốt")

    expect(page.locator(STATE)).to_contain_text("Đợt đã đóng nên không ghi gì thêm được nữa.")
    expect(page.locator(STATE)).not_to_contain_text("trang đã cũ")
    assert stored(communes[2]).rating is None


def test_page_of_a_line_saves_itself_and_tells_its_trail(grid, communes, live_server):
    page = grid("xa")
    page.goto(f"{live_server.url}{communes[2].get_absolute_url()}")

    page.get_by_label("Ngoài phạm vi, không tính").check()
    expect(page.locator(f"#loi-{communes[2].pk}")).to_contain_text("Ghi lý do để ngoài phạm vi")
    page.get_by_label("Lý do ngoài phạm vi").fill("Mới thành lập cuối năm")

    expect(page.locator(f"#tinh-{communes[2].pk}")).to_have_text("Ngoài phạm vi")
    expect(page.locator("#qua-trinh")).to_contain_text("Mới thành lập cuối năm")
    assert stored(communes[2]).in_scope is False
    assert page.said == []


def test_on_a_phone_nothing_is_wider_than_the_screen(grid, agencies):
    page = grid("co-quan")
    page.set_viewport_size({"width": 390, "height": 800})

    cell(page, agencies[1], "score").fill("200")

    expect(page.locator(f"#loi-{agencies[1].pk}")).to_contain_text("lớn hơn điểm tối đa")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for name in ("score", "rating", "decision_number", "decision_on"):
        box = cell(page, agencies[1], name).bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 70


@pytest.fixture
def plain(new_context, live_server, editor, dossier, communes):
    """The same person in a browser without JavaScript."""
    page = new_context(java_script_enabled=False).new_page()
    enter(page.context, live_server.url, editor)
    page.goto(f"{live_server.url}{url_of(dossier, 'xa')}")
    return page


def test_without_a_script_the_page_is_saved_at_once(plain, communes):
    cell(plain, communes[1], "rating").select_option("Khá")
    cell(plain, communes[2], "decision_number").fill("12/QĐ")
    plain.get_by_role("button", name="Lưu các dòng của trang này").click()

    expect(plain.get_by_text("Đã lưu 2 dòng.")).to_be_visible()
    expect(plain.locator(TOTALS)).to_contain_text("2/3")
    assert stored(communes[1]).rating.code == "kha"
    assert not communes[0].events.exists()


def test_without_a_script_two_versions_are_shown_and_one_is_chosen(plain, communes, dossier):
    colleague = make_user(Role.LEADER, dossier.unit)
    base = shown_line(communes[0])
    save_line(result=communes[0], values={"rating": "Trung bình"}, base=base, by=colleague)

    cell(plain, communes[0], "rating").select_option("Tốt")
    cell(plain, communes[1], "rating").select_option("Khá")
    plain.get_by_role("button", name="Lưu các dòng của trang này").click()
    expect(plain.get_by_text("Có chỗ chưa lưu được, báo ngay dưới từng dòng.")).to_be_visible()
    first = (stored(communes[0]).rating.code, stored(communes[1]).rating.code)
    plain.get_by_role("button", name="Lưu bản của tôi").click()

    expect(plain.get_by_text("Đã lưu 1 dòng.")).to_be_visible()
    assert first == ("trung-binh", "kha")
    assert stored(communes[0]).rating.code == "tot"
    assert json.dumps(stored(communes[0]).unread) == "{}"
