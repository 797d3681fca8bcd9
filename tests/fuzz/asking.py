"""A request as bytes, however malformed, and what must hold of every answer."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote_from_bytes, urlsplit

from django.db import transaction
from django.test import Client
from hypothesis import strategies as st

from tests.fuzz import texts
from tests.fuzz.states import Footprint, written

SAFE_HEADER = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=300)
HUGE = ("0", "1", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 30, "9" * 5000)


@dataclass(frozen=True)
class Request:
    """What goes over the wire; `path` has its query and is percent-encoded."""

    person: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class House:
    """The application with its people signed in, and how everything stood when they came."""

    cookies: dict[str, dict[str, str]]
    footprint: Footprint

    def ask(self, request: Request) -> None:
        """Send it, look at what it did, and take it back. Raises what the application raised."""
        with transaction.atomic(), written() as tables:
            answer = self._sent(request)
            status = answer.status_code
            if tables and request.method == "POST":
                self.footprint.check(tables, status)
            self._follow(request, answer)
            transaction.set_rollback(True)
        assert status < HTTPStatus.INTERNAL_SERVER_ERROR, f"answered {status}"

    def browser(self, person: str) -> Client:
        client = Client()
        for name, value in self.cookies[person].items():
            client.cookies[name] = value
        return client

    def _sent(self, request: Request):
        return self._with(self.browser(request.person), request)

    def _with(self, client: Client, request: Request):
        said = dict(request.headers)
        cookie = said.pop("Cookie", None)
        environ = {"HTTP_COOKIE": cookie} if cookie is not None else {}
        if cookie is not None:
            client.cookies.clear()
        path, _, query = request.path.partition("?")
        answer = client.generic(
            request.method,
            path,
            request.body,
            content_type=request.content_type,
            headers=said,
            QUERY_STRING=query,
            **environ,
        )
        if answer.streaming:
            b"".join(answer.streaming_content)
        return answer

    def _follow(self, request: Request, answer) -> None:
        """The page that one is led to shows what was stored."""
        if request.method != "POST" or answer.status_code != HTTPStatus.FOUND:
            return
        target = urlsplit(answer.url)
        if target.netloc or not target.path.startswith("/"):
            raise AssertionError(f"leads out of the site: {answer.url}")
        shown = answer.client.get(answer.url)
        if shown.streaming:
            b"".join(shown.streaming_content)
        assert shown.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, f"then {shown.status_code}"


def quoted(text: str) -> str:
    """Percent-encoded, whatever it is."""
    return quote_from_bytes(texts.said(text), safe="")


def pairs_said(pairs: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs).encode()


@st.composite
def paths(draw, path: str) -> str:
    """The same address, or with one of its numbers or words exchanged."""
    parts = path.split("/")
    if draw(st.integers(0, 9)):
        return path
    place = draw(st.integers(1, max(len(parts) - 2, 1)))
    if parts[place].isdecimal() and draw(st.booleans()):
        parts[place] = draw(st.sampled_from(HUGE))
    else:
        parts[place] = quoted(draw(texts.anything)) or "x"
    return "/".join(parts)


headers = st.lists(
    st.one_of(
        st.just(("HX-Request", "true")),
        st.just(("X-Requested-With", "XMLHttpRequest")),
        st.just(("HX-Boosted", "true")),
        st.tuples(
            st.sampled_from(
                ["User-Agent", "Referer", "Accept", "Accept-Language", "X-Request-ID"]
                + ["X-Forwarded-For", "HX-Target", "HX-Current-URL", "If-Modified-Since", "Range"]
            ),
            SAFE_HEADER,
        ),
    ),
    max_size=2,
    unique_by=lambda header: header[0],
).map(tuple)

_OCTAL = re.compile(r"[^!#-+\--:<-\[\]-~]")


def in_cookie(text: str) -> str:
    """A quoted value as browsers send it: what else may not stand there comes in octal."""
    said = texts.said(text).decode("latin-1")
    return '"' + _OCTAL.sub(lambda found: f"\\{ord(found[0]):03o}", said) + '"'
