"""Without Redis: every page works, an order says that it waits, and is built once Redis is back."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

from django.db import connection
from django.urls import Resolver404, resolve

from reports.models import ReportRun
from tests.chaos.browser import Browser, forms_in
from tests.chaos.office import ORDER, RUN

VISITORS = (
    *("vinhbao", "thuynguyen.lanhdao", "so.thamdinh", "so.lanhdao", "hoidong", "theodoi"),
    *("quantri", "so.tonghop", "dungtien.lanhdao"),
)
LINK = re.compile(r'href="(/[^"#]*)')
MOST_PAGES = 80  # a person
BUILT_WITHIN = 180


@dataclass
class Seen:
    """What the visitors found."""

    kinds: set[str] = field(default_factory=set)
    pages: int = 0
    slowest: float = 0.0
    astray: list[str] = field(default_factory=list)


def look_at_every_page(site: str) -> Seen:
    """Whatever links lead to: of each kind of page one for each visitor."""
    seen = Seen()
    for username in VISITORS:
        _look_around(Browser(site, username), seen)
    return seen


def _look_around(browser: Browser, seen: Seen) -> None:
    left, known, of_kind = ["/"], {"/"}, set()
    while left and len(of_kind) < MOST_PAGES:
        path = left.pop(0)
        try:
            kind = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if kind in of_kind:
            continue
        of_kind.add(kind)
        started = time.monotonic()
        answer = browser.get(path)
        seen.slowest = max(seen.slowest, time.monotonic() - started)
        seen.pages += 1
        seen.kinds.add(kind)
        if answer.status not in (200, 302):
            seen.astray.append(f"{path} ({browser.username}): {answer.status}")
        for found in map(unescape, LINK.findall(answer.text)):
            if found not in known and not found.startswith("/static/"):
                known.add(found)
                left.append(found)


@dataclass
class Order:
    """One order made while the queue was away."""

    pk: int
    answered_in: float
    said: str


def order_a_report(site: str, which: int) -> Order:
    """By one button of the page of reports; `said` is what the page of the run says."""
    browser = Browser(site, "so.lanhdao")
    offers = [f.fields for f in forms_in(browser.get("/bao-cao/").text) if f.action == ORDER]
    offer = offers[which]
    started = time.monotonic()
    answer = browser.post(ORDER, offer)
    answered_in = time.monotonic() - started
    pk = int(RUN.match(answer.leads_to)[1])
    page = browser.get(answer.leads_to).text
    return Order(pk, answered_in, " ".join(_words(page)))


def _words(page: str) -> Iterator[str]:
    """What the state of the run says, without its buttons."""
    state = page.partition('<div class="run-state"')[2].partition('<div class="actions">')[0]
    for text in re.findall(r">([^<]+)<", state):
        if text.strip():
            yield unescape(text.strip())


def seconds_until_built(order: Order) -> float | None:
    """After Redis is back, and nobody has ordered again; None where it was not in time."""
    started = time.monotonic()
    while time.monotonic() - started < BUILT_WITHIN:
        connection.close()
        if ReportRun.objects.filter(pk=order.pk, status="ready").exists():
            return time.monotonic() - started
        time.sleep(0.5)
    return None
