"""Offices with no part in the first district's work know of nothing of it, on any address; and
nobody reaches one thing by the address of another.

A commune and an agency of another district, a commune of the same one, and an agency of the city
that leads an indicator of the city's dossier. What the agency of `tests/test_access.py` that is
scored by the district is answered holds for them, less what that agency owns; that there is no
such page may be said of everything.
"""

from collections.abc import Iterator
from itertools import cycle, product

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter

from tests.access.listening import work_in
from tests.test_access import OURS, PAGES, Page, ask, letter_of
from tests.world import World

OUTSIDERS = ("commune elsewhere", "agency elsewhere", "commune of the district", "lead agency")
# The agency that leads an indicator of the city's dossier is led to that one.
LED_ON = {("evaluations:dossiers", "lead agency"): "r"}
# Says that the milestone is gone, and leads back to the calendar of the round.
SAYS_GONE = {"evaluations:change-milestone", "evaluations:remove-milestone"}
# The keys of a register are those of its round and of its owner, who has one in other rounds too.
OF_ROUND_AND_OWNER = {
    "evaluations:register",
    "evaluations:add-unit",
    "evaluations:enter-known-units",
    "evaluations:titles",
    "evaluations:register-template",
    "evaluations:upload-results",
}


def expected(page: Page, method: str, world: World) -> str:
    """As the scored agency; where that is answered otherwise than the other district of the same
    thing, it owns the thing."""
    said, cases = getattr(page, method), page.of(world)
    own = said["scored"]
    if any(cases) and own != said["editor elsewhere"]:
        return "." * len(cases)
    return own * len(cases) if len(own) == 1 else own


@pytest.mark.usefixtures("_plain_errors")
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_outsider_knows_of_nothing(world, browsers, method):
    """One case of each page, another from page to page, asked by them in turn."""
    wrong, turn = [], cycle(OUTSIDERS)

    for url_name in OURS:
        for place, page in enumerate(PAGES[url_name], len(url_name)):
            if not getattr(page, method):
                continue
            wanted, cases = expected(page, method, world), page.of(world)
            number = place % len(cases)
            person, url = next(turn), reverse(url_name, args=cases[number])
            data = page.data(world, number) if method == "post" else {}
            answer = ask(browsers[person], method, url, data)
            got, work = letter_of(answer), work_in(answer.written)
            due = LED_ON.get((url_name, person), wanted[number])
            if got not in {due, "."} or (got in ".x" and work):
                wrong.append(f"{url_name} {number} by {person}: {got} {work}, expected {due}")

    assert wrong == []


def keyed(resolver=None, prefix: str = "", given: tuple = ()) -> Iterator[tuple[str, int]]:
    """Each address, and how many keys it bears."""
    for entry in (resolver or get_resolver()).url_patterns:
        converters = (*given, *entry.pattern.converters.values())
        if isinstance(entry, URLPattern):
            keys = [each for each in converters if isinstance(each, IntConverter)]
            yield f"{prefix}{entry.name}", len(keys)
        else:
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from keyed(entry, inner, converters)


def crossed(page: Page, world: World) -> list[tuple]:
    """The first key of one case with the rest of another."""
    cases = [tuple(each) for each in page.of(world)]
    made = {(one[0], *other[1:]) for one, other in product(cases, cases) if one[0] != other[0]}
    return sorted(made - set(cases))


def obeyed(page: Page, method: str) -> list[str]:
    """Somebody let in to some of its cases; the others are refused what is whole as well."""
    said = getattr(page, method)
    return [person for person in said if set("orn") & set(said[person])][:1]


@pytest.mark.usefixtures("_plain_errors")
def test_nothing_is_reached_by_the_address_of_another(world, browsers):
    wrong, tried = [], set()

    for url_name, number_of_keys in keyed():
        if url_name not in OURS or url_name in OF_ROUND_AND_OWNER or number_of_keys < 2:
            continue
        for page, method in product(PAGES[url_name], ("get", "post")):
            if not getattr(page, method):
                continue
            data = page.data(world, 0) if method == "post" else {}
            for arguments, person in product(crossed(page, world)[:2], obeyed(page, method)):
                tried.add(url_name)
                answer = ask(browsers[person], method, reverse(url_name, args=arguments), data)
                refused = ".xr" if url_name in SAYS_GONE else ".x"
                if letter_of(answer) not in refused or work_in(answer.written):
                    wrong.append(
                        f"{method} {url_name} {arguments} by {person}: {letter_of(answer)}"
                    )

    assert wrong == []
    assert len(tried) > 8
