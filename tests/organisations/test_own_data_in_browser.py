"""One's own data as the person at the page fetches it."""

import pytest

from organisations.models import AccountEvent
from tests.browsing import enter

EXPORTED = AccountEvent.Kind.EXPORTED


@pytest.fixture
def own_page(page, context, live_server, leader):
    enter(context, live_server.url, leader)
    page.goto(f"{live_server.url}/tai-khoan/du-lieu/")
    return page


def fetched(page, kind):
    with page.expect_download(timeout=5000) as caught:
        page.get_by_role("button", name=f"Tải về bằng {kind}").click()
    return caught.value.suggested_filename.rsplit(".")[-1]


def test_one_kind_of_file_does_not_bar_the_other(own_page):
    assert [fetched(own_page, "Excel"), fetched(own_page, "JSON")] == ["xlsx", "json"]


def test_a_double_click_fetches_one_file_and_a_later_press_another(own_page, leader):
    with own_page.expect_download():
        own_page.get_by_role("button", name="Tải về bằng Excel").dblclick()
    own_page.wait_for_timeout(1600)
    assert leader.events.filter(kind=EXPORTED).count() == 1

    fetched(own_page, "Excel")

    assert leader.events.filter(kind=EXPORTED).count() == 2
