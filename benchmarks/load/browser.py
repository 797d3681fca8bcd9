"""One person's browser, as nginx passes its requests on: HTTP/1.0, a connection for each.

Written out on asyncio, since a thousand of them share two cores with what they measure: a request
costs 0.4 ms of the processor, with `requests`, the library at hand, 1.3 ms and a thread each.
"""

import asyncio
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from benchmarks.serving import HOST

PATIENCE = 30  # seconds; htmx gives an autosave up after 20
HTMX = {"HX-Request": "true"}
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
FORM = "application/x-www-form-urlencoded"


class Unanswered(Exception):
    """No whole answer came, or none in time."""


class Misread(Exception):
    """A page without what every such page holds."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # by name in small letters
    body: str

    def hidden(self, name: str) -> str:
        """What the hidden field of that name holds on the page."""
        field = rf'<input type="hidden" name="{re.escape(name)}"[^>]* value="([^"]*)"'
        found = re.search(field, self.body)
        if found is None:
            raise Misread(f"no field {name} in the answer {self.status}")
        return html.unescape(found[1])


class Browser:
    def __init__(self, port: int, address: str):
        self.port = port
        self.address = address  # of the person, as the proxy in front sees it
        self.cookies: dict[str, str] = {}

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return await self._ask(f"GET {path}", headers or {})

    async def post(
        self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self._token(), **fields}).encode()
        return await self._ask(f"POST {path}", {"Content-Type": FORM, **(headers or {})}, body)

    async def send_file(
        self, path: str, fields: Mapping[str, object], headers: Mapping[str, str]
    ) -> Answer:
        """`fields` hold the file, as an object with `read` and a name."""
        data = {"csrfmiddlewaretoken": self._token(), **fields}
        body = encode_multipart(BOUNDARY, data)
        return await self._ask(f"POST {path}", {"Content-Type": MULTIPART_CONTENT, **headers}, body)

    def _token(self) -> str:
        return self.cookies["csrftoken"]

    async def _ask(self, line: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        own = {
            "Host": f"{HOST}:{self.port}",
            "X-Forwarded-For": self.address,
            "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Length": str(len(body)),
        }
        head = "\r\n".join(f"{name}: {value}" for name, value in {**own, **headers}.items())
        try:
            async with asyncio.timeout(PATIENCE):
                raw = await self._exchange(f"{line} HTTP/1.0\r\n{head}\r\n\r\n".encode() + body)
        except (TimeoutError, OSError) as error:
            raise Unanswered(f"{line}: {type(error).__name__}") from error
        return self._read(line, raw)

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    def _read(self, line: str, raw: bytes) -> Answer:
        head, end, body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for each in lines:
            name, _, value = each.partition(": ")
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
            headers[name.lower()] = value
        if not end or len(body) != int(headers.get("content-length", len(body))):
            raise Unanswered(f"{line}: the answer broke off")
        return Answer(int(status.split()[1]), headers, body.decode())
