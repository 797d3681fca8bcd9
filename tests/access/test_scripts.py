"""Asked for by a script of a page (htmx), an address refuses whom it refuses a browser: with the
same status, and nothing written. Who is not signed in any more is sent to the door in its words."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import count, cycle, islice, product

import pytest
from django.urls import reverse

from tests.access.listening import work_in
from tests.test_access import OURS, PAGES, STATUS, Page, ask
from tests.world import World

SCRIPT = {"HTTP_HX_REQUEST": "true"}
REFUSALS = "x."


def refused(page: Page, method: str, world: World) -> dict[str, tuple[int, str]]:
    """Whom the table refuses: one of their cases, and the letter of its answer."""
    number_of_cases, found = len(page.of(world)), {}
    for person, letters in getattr(page, method).items():
        said = letters * number_of_cases if len(letters) == 1 else letters
        numbers = [number for number, letter in enumerate(said) if letter in REFUSALS]
        if numbers:
            found[person] = (numbers[-1], said[numbers[-1]])
    return found


def tries(world: World) -> Iterator[tuple[str, Page, str, str, int, str]]:
    """Of each page and method two who are refused, other ones from page to page."""
    turn = count()
    for url_name in OURS:
        for page, method in product(PAGES[url_name], ("get", "post")):
            if not getattr(page, method):
                continue
            people = list(refused(page, method, world).items())
            for person, (number, letter) in islice(cycle(people), place := next(turn), place + 2):
                yield url_name, page, method, person, number, letter


@pytest.mark.usefixtures("_plain_errors")
def test_a_script_is_refused_as_a_browser_is(world, browsers):
    wrong, people = [], set()

    for url_name, page, method, person, number, letter in tries(world):
        url = reverse(url_name, args=page.of(world)[number])
        data = page.data(world, number) if method == "post" else {}
        answer = ask(browsers[person], method, url, data, **SCRIPT)
        people.add(person)
        if answer.status_code != STATUS[letter] or work_in(answer.written):
            got = f"{answer.status_code} {work_in(answer.written)}"
            wrong.append(f"{method} {url_name} {number} by {person}: {got}, expected {letter}")

    assert wrong == []
    assert people >= {"editor", "leader elsewhere", "appraiser", "council", "scored"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_of_nobody_is_sent_to_the_door(world, method):
    wrong = []

    for url_name in OURS:
        page = PAGES[url_name][0]
        if (getattr(page, method) or {}).get("anonymous") != "s":
            continue
        data = page.data(world, 0) if method == "post" else {}
        answer = ask({}, method, reverse(url_name, args=page.of(world)[0]), data, **SCRIPT)
        is_shown = answer.status_code == HTTPStatus.UNAUTHORIZED and "X-Sign-In" in answer.headers
        if not is_shown or work_in(answer.written):
            wrong.append(f"{url_name}: {answer.status_code} {work_in(answer.written)}")

    assert wrong == []
