"""A person's browser, as far as it takes: cookies, forms as the page has them, answers as they are.

Nothing is followed or sent a second time: what a person was told is the answer to what they sent.
"""

import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from evaluations.demo.people import PASSWORD

TIMEOUT = 30  # seconds; longer than anybody waits
SIGN_IN = "/dang-nhap/"


class NoAnswer(Exception):
    """The line broke, nobody listened, or nobody answered in time: done or not, nobody knows."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def leads_to(self) -> str:
        return self.headers.get("Location", "") if self.status == 302 else ""


@dataclass
class Form:
    """One form of a page with what stands in it."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class _NotFollowed(HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Browser:
    """One person, signed in once; a session that is gone afterwards is told by `sign_ins`."""

    def __init__(self, site: str, username: str):
        self.site, self.username, self.sign_ins = site, username, 0
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), _NotFollowed)

    def get(self, path: str) -> Answer:
        """The page; signs in before where that is asked for."""
        answer = self._ask(Request(self.site + path))
        if not answer.leads_to.startswith(SIGN_IN):
            return answer
        self._sign_in()
        return self._ask(Request(self.site + path))

    def post(
        self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A form without files."""
        return self._ask(Request(self.site + path, urlencode(data).encode(), dict(headers or {})))

    def upload(self, path: str, data: Mapping[str, object]) -> Answer:
        """A form with files: open files among its values."""
        body, kind = encode_multipart(BOUNDARY, data), {"Content-Type": MULTIPART_CONTENT}
        return self._ask(Request(self.site + path, body, kind))

    def form(self, path: str, action: str) -> Form | None:
        """The form of a page that is sent to this address; None where the page has none."""
        answer = self.get(path)
        return next((f for f in forms_in(answer.text) if (f.action or path) == action), None)

    def _sign_in(self) -> None:
        self.sign_ins += 1
        form = self.form(SIGN_IN, SIGN_IN)
        if form is None:
            raise NoAnswer("the sign-in page has no form")
        answer = self.post(SIGN_IN, form.fields | {"username": self.username, "password": PASSWORD})
        if answer.status != 302:
            raise NoAnswer(f"not signed in: {answer.status}")

    def _ask(self, request: Request) -> Answer:
        try:
            with self.opener.open(request, timeout=TIMEOUT) as response:
                return _answer(response)
        except HTTPError as response:
            with response:
                try:
                    return _answer(response)
                except (OSError, http.client.HTTPException) as error:
                    raise NoAnswer(str(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(str(error)) from error


def _answer(response) -> Answer:
    return Answer(response.status, response.read().decode(errors="replace"), response.headers)


def forms_in(page: str) -> list[Form]:
    reader = _Forms()
    reader.feed(page)
    return reader.forms


class _Forms(HTMLParser):
    """Every form with its fields, also those that stand outside and name it by `form`."""

    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._text: tuple[Form, str] | None = None
        self._choice: tuple[Form, str] | None = None

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]):
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(said.get("action", ""))
            self.forms.append(self._open)
            self._by_id[said.get("id", "")] = self._open
            return
        form = self._by_id.get(said["form"]) if "form" in said else self._open
        if tag == "option" and self._choice:
            into, name = self._choice
            if "selected" in said or name not in into.fields:
                into.fields[name] = said.get("value", "")
        if form is None or not said.get("name"):
            return
        if tag == "input" and _is_sent(said):
            form.fields[said["name"]] = said.get("value", "")
        elif tag == "textarea":
            form.fields[said["name"]] = ""
            self._text = form, said["name"]
        elif tag == "select":
            self._choice = form, said["name"]

    def handle_endtag(self, tag: str):
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._text:
            form, name = self._text
            form.fields[name] = form.fields[name].removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._choice = None

    def handle_data(self, data: str):
        if self._text:
            form, name = self._text
            form.fields[name] += data


def _is_sent(said: Mapping[str, str]) -> bool:
    kind = said.get("type", "text")
    if kind in ("radio", "checkbox"):
        return "checked" in said
    return kind not in ("submit", "button", "file", "image", "reset")
