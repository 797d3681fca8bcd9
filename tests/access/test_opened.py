"""Every address that shows something is opened on either database, each kind of its cases once.

Who may is told by `tests/test_access.py`, on SQLite alone; what a page asks the database must hold
on both.
"""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from tests.test_access import OURS, PAGES, Page, ask, letter_of
from tests.world import World


def openings(page: Page, world: World) -> Iterator[tuple[str, int]]:
    """Of each group of people who may open it one, on one of the cases they may."""
    seen = set()
    for person, said in page.get.items():
        letters = said * len(page.of(world)) if len(said) == 1 else said
        if "o" in letters and letters not in seen:
            seen.add(letters)
            yield person, letters.index("o")


@pytest.mark.usefixtures("_plain_errors")
def test_every_page_opens(world, browsers):
    wrong, opened = [], 0

    for url_name in OURS:
        for page in PAGES[url_name]:
            for person, number in openings(page, world) if page.get else ():
                url = reverse(url_name, args=page.of(world)[number])
                answer, opened = ask(browsers[person], "get", url), opened + 1
                if letter_of(answer) != "o":
                    wrong.append(f"{url_name} {number} by {person}: {letter_of(answer)}")

    assert wrong == []
    assert opened > len(OURS) / 2
