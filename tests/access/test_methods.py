"""Every address by every method: what it does not offer is refused, whoever asks, and does nothing.

That GET and POST are answered as declared, and write nothing where they refuse, is looked at in
`tests/test_access.py`, where they are pressed by everybody.
"""

from http import HTTPStatus
from itertools import cycle

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access.listening import listening, work_in
from tests.test_access import OURS, PAGES, Page, ask, letter_of

OTHERS = (("put", "delete"), ("patch", "options"))  # for every other address
FORM = "application/x-www-form-urlencoded"
# Led on before the method is looked at: a code is asked of nobody who has given no password.
ANSWERED = {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.UNAUTHORIZED, HTTPStatus.FOUND}


def obeyed(page: Page, method: str) -> tuple[str, int]:
    """Somebody whom the page obeys, signed in where there is such a person, and of which case."""
    said = getattr(page, method) or {}
    for person in sorted(said, key=lambda name: name == "anonymous"):
        for number, letter in enumerate(said[person]):
            if letter in "orn":
                return person, number
    return "editor", 0


def sent(cookies, method: str, url: str):
    """One request by any method, and what it wrote; taken back afterwards."""
    client = Client()
    for name, morsel in cookies.items():
        client.cookies[name] = morsel.value
    with transaction.atomic(), listening() as tables:
        response = client.generic(method.upper(), url, b"name=x", FORM)
        transaction.set_rollback(True)
    return response, work_in(tables)


@pytest.mark.usefixtures("_plain_errors")
def test_methods_that_no_page_offers_do_nothing(world, browsers):
    wrong = []

    for url_name, methods in zip(OURS, cycle(OTHERS), strict=False):
        page = PAGES[url_name][0]
        person, number = obeyed(page, "post" if page.post else "get")
        url = reverse(url_name, args=page.of(world)[number])
        for method in methods:
            response, work = sent(browsers[person], method, url)
            is_refused = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            offered = set(response.headers.get("Allow", "").split(", "))
            if not is_refused or not offered <= {"GET", "HEAD", "POST"} or work:
                wrong.append(f"{method} {url_name} by {person}: {response.status_code} {work}")
        stranger, work = sent({}, "delete", url)
        if stranger.status_code not in ANSWERED or work:
            wrong.append(f"delete {url_name} by nobody: {stranger.status_code} {work}")

    assert wrong == []


@pytest.mark.usefixtures("_plain_errors")
def test_head_says_no_more_than_get(world, browsers):
    """Of every third address: whatever answers HEAD is the view that answers GET."""
    wrong = []

    for url_name in OURS[::3]:
        page = PAGES[url_name][0]
        if not page.get:
            continue
        person, number = obeyed(page, "get")
        letters, arguments = page.get[person], page.of(world)[number]
        wanted = letters if len(letters) == 1 else letters[number]
        response = ask(browsers[person], "head", reverse(url_name, args=arguments))
        body = b"" if response.streaming else response.content
        said = {wanted, "-"} if page.post else {wanted}  # forms are opened by GET alone
        if letter_of(response) not in said or body or work_in(response.written):
            wrong.append(f"{url_name} by {person}: {letter_of(response)}, {wanted}")

    assert wrong == []
