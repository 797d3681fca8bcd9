"""A browser that is signed in already: most tests need not pay for doing it by the page."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from organisations.models import User


def enter(context: BrowserContext, site: str, user: User) -> None:
    """From here on the browser's requests to the site are this person's, and nobody else's."""
    client = Client()
    client.force_login(user)
    context.clear_cookies()
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": session.key, "value": session.value, "url": site}])


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen, on a desk and on a phone; leaves the page on the desk."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
