"""Guidance of the Sở comes: the unknown points are split, and the round goes over to them."""

import pytest
from playwright.sync_api import Page, expect

from criteria.models import PointSet
from evaluations.models import PilotRound
from organisations.models import Role
from tests.criteria.test_point_loading import AGENCY


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def page(request, new_context) -> Page:
    """In place of the usual one, so that `sign_in` and `console` use it too."""
    return new_context(java_script_enabled=request.param).new_page()


@pytest.fixture
def editor_page(page, live_server, people, sign_in) -> Page:
    sign_in(people[Role.ADMINISTRATOR])
    page.get_by_role("link", name="Bộ tiêu chí").first.click()
    page.get_by_role("link", name="Đánh giá, xếp loại “Đơn vị học tập”").click()
    page.get_by_role("link", name="Lập bản mới").click()
    page.wait_for_url("**/ban-moi/")
    return page


def row(page: Page, number: int, name: str):
    return page.locator(f"[name=muc-{number}-{name}]")


def test_remainder_is_split_and_the_round_goes_over(editor_page, console):
    page = editor_page
    page.get_by_role("button", name="Tách thành nhiều mục").click()
    expect(row(page, 12, "code")).to_have_value("3.3")
    expect(row(page, 12, "text")).to_be_focused()
    row(page, 12, "text").fill("Tập thể đạt danh hiệu thi đua")
    row(page, 12, "maximum").fill("7,5")
    page.get_by_label("Lập theo văn bản").fill("Hướng dẫn 12/HD-SGDĐT ngày 01/03/2022")
    page.get_by_label("Lập theo văn bản").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("25 + 15 + 7,5 = 47,5, phải bằng 40")
    assert PointSet.objects.filter(code=AGENCY).count() == 1

    row(page, 11, "maximum").fill("7,5")
    page.get_by_role("button", name="Lưu thành bản 2").click()
    expect(page.get_by_text("Đã lập bản 2.")).to_be_visible()
    expect(page.get_by_role("row", name="3.3 Tập thể đạt danh hiệu thi đua 7,5")).to_be_visible()

    page.get_by_role("link", name="Dùng bản này cho đợt Thí điểm 2022").click()
    expect(page.get_by_label("Căn cứ, lý do")).to_have_value(
        "Hướng dẫn 12/HD-SGDĐT ngày 01/03/2022"
    )
    page.get_by_role("button", name="Dùng bản 2").click()
    expect(page.get_by_text("dùng bản 2 của biểu điểm từ bây giờ")).to_be_visible()
    assert PilotRound.objects.get().agency_points.version == 2
    assert [line for line in console if "422" not in line] == []  # one refusal was asked for


@pytest.mark.parametrize("page", [True], indirect=True, ids=["with a script"])
def test_leaving_with_words_that_are_not_saved_asks_first(editor_page):
    """Also after a press that only brought rows: what is typed came back and is still unsaved."""
    page = editor_page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    row(page, 0, "text").fill("Điều kiện")
    page.get_by_role("button", name="Thêm dòng").click()
    expect(row(page, 14, "code")).to_be_visible()
    page.wait_for_load_state()
    assert asked == []

    page.get_by_role("link", name="Thôi").click()
    page.wait_for_url("**/1/")
    assert asked == ["beforeunload"]
