"""Addresses that ask for something of another's: `?dot=`, `?ho-so=`, `?organisation=` and the like.

Every name that the code takes from an address is sent at once, with the key of what this person
must not hear of: the page is the one that it is without, or there is none, and it tells nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import cycle
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from tests.access.listening import work_in
from tests.access.surroundings import SECRET, Surroundings
from tests.test_access import OURS, PAGES, ask

FIRST_DISTRICT = ("editor", "leader", "scored")
EVERYBODY = ("approver", "appraiser", "leader", "editor", "scored", "council", "anonymous")
# Names of no thing: which part of a list, which words, which kind, which year, which half of a
# page, and where to go on to (`test_addresses.py`).
WORDS = {
    *("page", "trang", "q", "loc", "kind", "role", "state", "on", "since", "until", "ip", "nam"),
    *(
        "lacking",
        "every_round",
        "da-xem",
        "chinh",
        "xem",
        "dau",
        "danh-hieu",
        "vai-tro",
        "bao-cao",
        "ai",
        "next",
    ),
    *("indicator", "unit", "district-tim"),
}
# Whose address bears what is being typed into the form of an indicator, and no key.
TYPED = {"evaluations:appraisal-echo", "evaluations:what-if"}
NONSENSE = ("0", "-1", "99999999999999999999", "1.5", "²", "x", "1 OR 1=1", "\x00", "../1", "")


def keys_of(around: Surroundings) -> dict[str, object]:
    """Names of things, each with the key of the one that is kept from the first district."""
    kept = around.kept
    return {
        "dot": kept.pilot_round.pk,
        "ho-so": kept.dossier.pk,
        "phien-hop": around.world.council.concluded.session_id,
        "bo-tieu-chi": kept.pilot_round.city_set_id,
        "don-vi": kept.unit.pk,
        "district": kept.unit.pk,
        "person": kept.person.pk,
    }


@contextmanager
def noted(monkeypatch) -> Iterator[list[tuple[QueryDict, str]]]:
    """The names looked for in each form or address, with what was looked into."""
    asked: list[tuple[QueryDict, str]] = []
    for method in ("get", "getlist", "__getitem__", "__contains__"):
        original = getattr(QueryDict, method)

        def look(self, key, *rest, _original=original, **more):
            asked.append((self, key))
            return _original(self, key, *rest, **more)

        monkeypatch.setattr(QueryDict, method, look)
    yield asked
    monkeypatch.undo()


def shown(around: Surroundings, people: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Each page that one of them is shown, at the first address at which the first of them is."""
    for url_name in OURS:
        page = PAGES[url_name][0]
        said = page.get or {}
        person = next((name for name in people if "o" in said.get(name, "")), None)
        if person:
            arguments = page.of(around.world)[said[person].index("o")]
            yield url_name, reverse(url_name, args=arguments), person


@pytest.mark.usefixtures("_plain_errors")
def test_the_first_district_hears_nothing_of_what_is_kept(around, browsers):
    wrong, told = [], 0
    question = urlencode(keys_of(around))

    for url_name, url, person in shown(around, FIRST_DISTRICT):
        asked = ask(browsers[person], "get", f"{url}?{question}")
        content = b"" if asked.streaming else asked.content
        if asked.status_code not in {HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.NOT_FOUND}:
            wrong.append(f"{url_name} by {person}: {asked.status_code}")
        if SECRET in content.decode(errors="replace") or work_in(asked.written):
            wrong.append(f"{url_name} by {person}: tells of it, or writes {asked.written}")
        told += 1

    assert wrong == []
    assert told > 50


@pytest.mark.usefixtures("_plain_errors")
def test_what_is_kept_would_be_told_to_whoever_may_hear_it(around, browsers):
    """Else the words would be missing for another reason."""
    for name in ("dot", "ho-so"):
        url = f"{reverse('reports:index')}?{name}={keys_of(around)[name]}"
        assert SECRET in ask(browsers["approver"], "get", url).content.decode(), name


@pytest.mark.usefixtures("_plain_errors")
def test_nonsense_in_an_address_is_no_fault(around, browsers, monkeypatch):
    """Said by a 404 or by the page as it is; a fault would be raised here. And what the pages look
    for in their address, as they are asked, stands in one of the lists above."""
    names = [*keys_of(around), *sorted(WORDS - {"next"})]
    nonsense, found = cycle(NONSENSE), set()

    with noted(monkeypatch) as asked:
        for url_name, url, person in shown(around, ("administrator", *EVERYBODY)):
            asked.clear()
            sent = {name: next(nonsense) for name in names}
            answer = ask(browsers[person], "get", f"{url}?{urlencode(sent)}")
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, (url_name, sent)
            if url_name not in TYPED:
                found |= {name for held, name in asked if held is answer.wsgi_request.GET}
            next(nonsense)  # the next page is sent each of them by another name

    assert found - WORDS == set(keys_of(around))
