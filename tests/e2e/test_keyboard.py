"""A dossier without a mouse: every stop is seen, and everything can be reached and pressed."""

import pytest
from playwright.sync_api import Page, expect

from evaluations.models import IndicatorResult
from organisations.models import Role
from tests.factories import PASSWORD

MOST_STOPS = 90
# What a person sees of the place where the keys go: a line around it, on the screen, uncovered.
STOP = """() => {
    const stop = document.activeElement;
    const style = getComputedStyle(stop);
    const box = stop.getBoundingClientRect();
    const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
    const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
    const top = document.elementFromPoint(x, y);
    const label = stop.labels && stop.labels[0];
    return {
        name: stop.name || stop.getAttribute("aria-label") || stop.innerText || stop.tagName,
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        uncovered: Boolean(top) && (stop.contains(top) || top.contains(stop)
            || Boolean(label && label.contains(top))),
    };
}"""


@pytest.fixture(autouse=True)
def _nothing_glides(page):
    """The page jumps to where the keys go at once, so a stop can be looked at when it is there."""
    page.emulate_media(reduced_motion="reduce")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that is reached; each stop on the way must be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        assert stop["outlined"], stop
        assert stop["uncovered"], stop
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{selector} is not reached by Tab")


def link_to(address: str) -> str:
    return f'a[href="{address}"]'


def sign_in_by_keys(page: Page, live_server, user) -> None:
    page.goto(f"{live_server.url}/dang-nhap/")
    if not page.evaluate("document.activeElement.name === 'username'"):
        tab_to(page, "[name=username]")
    page.keyboard.type(user.username)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")


def typed(dossier, code: str) -> dict:
    return IndicatorResult.objects.get(evaluation=dossier, indicator__code=code).typed


def test_dossier_is_filled_in_by_keyboard_alone(page, live_server, pilot, people, console):
    indicators = f"{pilot.dossier.get_absolute_url()}chi-bao"
    sign_in_by_keys(page, live_server, people[Role.EDITOR])

    tab_to(page, link_to("/ho-so/"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hồ sơ công nhận huyện học tập")
    tab_to(page, link_to(f"{indicators}/1.1.1/"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.1.1")

    tab_to(page, "[name=met]")
    page.keyboard.press("Space")
    expect(page.get_by_label("Đạt", exact=True)).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Chưa đạt", exact=True)).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu lúc")
    tab_to(page, "textarea[name=explanation]")
    page.keyboard.type("Đã ban hành kế hoạch.")
    tab_to(page, "[name=suitability]")
    page.keyboard.press("Space")
    tab_to(page, "button[name=go-on]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.1.2")

    tab_to(page, link_to(f"{indicators}/2.2.1/"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2.2.1")
    tab_to(page, "[name=achieved]")
    page.keyboard.type("83")
    tab_to(page, "[name=total]")
    page.keyboard.type("92")
    expect(page.locator("#hieu-la")).to_contain_text("90,2")
    tab_to(page, "button[name=go-on]")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2.2.2")

    first = IndicatorResult.objects.get(evaluation=pilot.dossier, indicator__code="1.1.1")
    assert (first.typed, first.explanation) == ({"met": "yes"}, "Đã ban hành kế hoạch.")
    assert first.suitability == IndicatorResult.Suitability.FITS
    assert typed(pilot.dossier, "2.2.1") == {"achieved": "83", "total": "92"}
    assert console == []


def test_skip_link_jumps_over_the_menu(page, live_server, pilot, people):
    sign_in_by_keys(page, live_server, people[Role.EDITOR])
    page.goto(f"{live_server.url}{pilot.dossier.get_absolute_url()}")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung")).to_be_focused()
    assert page.evaluate(STOP)["uncovered"]
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_menu_of_the_phone_opens_and_closes_by_keys(page, live_server, pilot, people):
    page.set_viewport_size({"width": 390, "height": 720})
    sign_in_by_keys(page, live_server, people[Role.EDITOR])

    tab_to(page, "details.menu > summary")
    page.keyboard.press("Enter")
    tab_to(page, f".menu-list {link_to('/bao-cao/')}")
    page.keyboard.press("Escape")

    expect(page.locator("details.menu > summary")).to_be_focused()
    expect(page.locator(".menu-list")).to_be_hidden()
