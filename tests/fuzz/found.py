"""Every form and every filter of the application, found on its own pages.

The table of `tests.test_access` says which addresses there are and whom they answer; the forms are
read out of what they answer.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.test_access import PAGES
from tests.world import World

# One of each office is enough to see every form.
LOOKING = ("anonymous", "editor", "leader", "leader elsewhere", "appraiser", "approver")
LOOKING += ("council", "administrator", "scored")
ALIKE = 2  # addresses of one view, and forms that differ in their numbers only
ANSWERS = "oru"  # of the table: pages, redirects, something missing


@dataclass(frozen=True)
class Field:
    name: str
    value: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """Where it is sent, by whom, and what stands in it as the page shows it."""

    view: str
    path: str
    person: str
    fields: tuple[Field, ...]
    takes_files: bool = False


@dataclass
class Found:
    """Forms to send by view; and by view the addresses to ask with whatever a query may name."""

    forms: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list))
    paths: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )


def find(world: World, browsers: dict[str, Client]) -> Found:
    found = Found()
    alike: dict[tuple, int] = defaultdict(int)
    looked: dict[tuple, int] = defaultdict(int)
    for view, pages in PAGES.items():
        for page in pages:
            for number, arguments in enumerate(page.of(world)):
                path = reverse(view, args=arguments)
                found.paths[view].append(path)
                for form in _forms(world, browsers, page, view, path, number):
                    _keep(found, form, alike)
                for person in _answered(page.get, number):
                    looked[view, person] += 1
                    if person in LOOKING and looked[view, person] <= ALIKE:
                        _read(found, browsers[person], person, path, alike)
    return found


def _forms(world: World, browsers, page, view: str, path: str, number: int) -> Iterator[Form]:
    """As the table sends it."""
    data = page.data(world, number) if page.post else {}
    fields = tuple(
        Field(name, str(value))
        for name, values in data.items()
        if not isinstance(values, UploadedFile)
        for value in (values if isinstance(values, list) else [values])
    )
    takes_files = any(isinstance(value, UploadedFile) for value in data.values())
    for person in _answered(page.post, number):
        yield Form(view, path, person, fields, takes_files)


def _answered(said: dict[str, str] | None, number: int) -> list[str]:
    letters = (said or {}).items()
    return [person for person, each in letters if each[number % len(each)] in ANSWERS]


def _read(found: Found, browser: Client, person: str, path: str, alike: dict) -> None:
    answer = browser.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)  # closed as it is, it would close the connection too
        return
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    if answer.status_code != HTTPStatus.OK or not is_page:
        return
    reader = _Reader()
    reader.feed(answer.content.decode())
    for action, method, fields, takes_files in reader.forms:
        target = urlsplit(urljoin(path, action or path))
        view = _view_of(target.path)
        if view is None:
            continue
        if method == "post":
            kept = tuple(each for each in fields if each.name != "csrfmiddlewaretoken")
            whole = f"{target.path}?{target.query}" if target.query else target.path
            _keep(found, Form(view, whole, person, kept, takes_files), alike)
        for each in fields if method == "get" else ():
            found.queries[view][each.name].update((each.value, *each.options))
    for link in reader.links:
        target = urlsplit(urljoin(path, link))
        view = _view_of(target.path) if not target.netloc else None
        for name, value in parse_qsl(target.query) if view else ():
            found.queries[view][name].add(value)


def _keep(found: Found, form: Form, alike: dict) -> None:
    names = frozenset(re.sub(r"\d+", "#", each.name) for each in form.fields)
    key = form.view, form.person, names
    alike[key] += 1
    if alike[key] <= ALIKE:
        found.forms[form.view].append(form)


def _view_of(path: str) -> str | None:
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


class _Reader(HTMLParser):
    """The forms of a page with what stands in their fields; where its links and scripts lead."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, list[Field], bool]] = []
        self.links: list[str] = []
        self._select: tuple[str, list[str], list[str]] | None = None
        self._text: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        self.links += [said[name] for name in ("href", "hx-get") if said.get(name)]
        if tag == "form":
            method = said.get("method", "get").lower()
            takes_files = "multipart" in said.get("enctype", "")
            self.forms.append((said.get("action", ""), method, [], takes_files))
        elif not self.forms:
            return
        elif tag in ("input", "button") and said.get("name"):
            self._input(said)
        elif tag == "select" and said.get("name"):
            self._select = said["name"], [], []
        elif tag == "option" and self._select:
            name, chosen, options = self._select
            options.append(said.get("value", ""))
            if "selected" in said:
                chosen.append(said.get("value", ""))
        elif tag == "textarea" and said.get("name"):
            self._text = said["name"], []

    def _input(self, said: dict[str, str]) -> None:
        kind, value = said.get("type", "text"), said.get("value", "")
        if kind == "file":
            return
        if kind in ("checkbox", "radio"):
            shown = (value or "on") if "checked" in said else ""
            self._add(Field(said["name"], shown, (value or "on",)))
        else:
            self._add(Field(said["name"], value))

    def handle_data(self, data):
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "select" and self._select:
            name, chosen, options = self._select
            self._add(Field(name, (chosen or options or [""])[0], tuple(options)))
            self._select = None
        elif tag == "textarea" and self._text:
            self._add(Field(self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None

    def _add(self, each: Field) -> None:
        self.forms[-1][2].append(each)
