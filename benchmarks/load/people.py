"""What everybody does: sign in, open a page, think, go on; and the day of each kind of person."""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from itertools import count
from random import Random

from benchmarks.load.browser import HTMX, Answer, Browser, Misread, Unanswered
from benchmarks.load.ledger import Ledger, Place, Sample, Write
from benchmarks.load.world import PASSWORD, Desk

THINKING = (5, 15)  # seconds between two requests of one person
EMPTY, SIGN_IN = "trang trống đã đăng nhập", "đăng nhập"
numbers = count(1)  # so that nothing is typed twice


class Refused(Exception):
    """An answer of another kind than a page like this one gets; it is in the ledger."""


class GoneHome(Exception):
    """It is time to stop."""


class Person:
    """Signed in by name and password, at a browser and an address of their own."""

    def __init__(self, desk: Desk, browser: Browser, ledger: Ledger, stop: asyncio.Event):
        self.desk = desk
        self.browser = browser
        self.ledger = ledger
        self.stop = stop
        self.random = Random(desk.username)

    async def work(self) -> None:
        """Until it is time to stop. What fails is noted, and begun anew from its page."""
        is_in = False
        while not self.stop.is_set():
            try:
                if not is_in:
                    await self.sign_in()
                    is_in = True
                await self.stretch()
            except GoneHome:
                return
            except Misread as error:
                self.ledger.faults.append(f"{self.desk.username}: {error}")
                await asyncio.sleep(THINKING[0])
            except (Refused, Unanswered):
                await asyncio.sleep(THINKING[0])

    async def sign_in(self) -> None:
        await self.get("trang đăng nhập", "/dang-nhap/")
        words = {"username": self.desk.username, "password": PASSWORD, "next": ""}
        await self.timed(SIGN_IN, self.browser.post("/dang-nhap/", words), expected=302)

    async def stretch(self) -> None:
        """Some minutes at one thing."""
        raise NotImplementedError

    async def think(self) -> None:
        """As long as somebody reads or types; cut short when all go home."""
        try:
            async with asyncio.timeout(self.random.uniform(*THINKING)):
                await self.stop.wait()
        except TimeoutError:
            return
        raise GoneHome

    async def get(self, kind: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.timed(kind, self.browser.get(path, headers))

    async def timed(self, kind: str, asking: Awaitable[Answer], *, expected: int = 200) -> Answer:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            answer = await asking
        except Unanswered as error:
            self.ledger.faults.append(f"{kind}: {error}")
            raise
        self.ledger.samples.append(Sample(kind, started, loop.time() - started))
        if answer.status != expected:
            self.ledger.faults.append(f"{kind}: {answer.status}, {self.desk.username}")
            raise Refused
        return answer

    def text(self) -> str:
        """What nobody has typed before, of the length of a sentence or two."""
        filler = ", đã đối chiếu với sổ theo dõi của các xã, phường, thị trấn. " * 3
        return f"Lần {next(numbers)}, {self.desk.username}{filler}".strip()


class Prober(Person):
    """Asks for the empty page, about once a second."""

    async def stretch(self) -> None:
        await self.get(EMPTY, "/trang-trong/")
        await asyncio.sleep(self.random.uniform(0.5, 1.5))


class Appraiser(Person):
    """Somebody of the Sở: the board again and again, and the dossiers that came in."""

    def __init__(self, *args, appraised: list[Desk]):
        super().__init__(*args)
        self.appraised = appraised

    async def stretch(self) -> None:
        await self.get("bảng theo dõi", "/bang-theo-doi/")
        await self.think()
        await self.get("hồ sơ chờ thẩm định", "/tham-dinh/")
        await self.think()
        dossier = self.random.choice(self.appraised)
        await self.get("thẩm định một hồ sơ", f"/tham-dinh/{dossier.evaluation}/")
        for code in self.random.sample(list(dossier.results), 3):
            await self.think()
            address = f"/tham-dinh/{dossier.evaluation}/chi-bao/{code}/"
            await self.get("thẩm định một chỉ báo", address)
        await self.think()
        await self.get("việc của tôi", "/")
        await self.think()


class Form:
    """The fields of an open page that saves itself as typed (`autosave.js`), by name."""

    def __init__(self, person: Person, kind: str, address: str, table: str, pk: int, page: Answer):
        self.person, self.kind, self.address = person, kind, address
        self.table, self.pk = table, pk
        self.base: dict[str, str] = json.loads(page.hidden("base"))
        self.shown = dict(self.base)

    async def save(self, field: str, text: str) -> bool:
        """Type a text and send the form; whether the field was taken."""
        self.shown[field] = text
        answer = await self._send(field, {})
        while "x-unsaved" in answer.headers:
            self.person.ledger.conflicts[self.kind] += 1
            if self.person.random.random() < 0.5:
                return False  # keep what the other one wrote: the page is loaded again
            await self.person.think()
            seen = answer.hidden("seen")
            self.base[field] = json.loads(seen)[field]
            answer = await self._send(field, {"overrule": "1", "seen": seen})
        return True

    async def save_again(self) -> None:
        """As it stands, which is what a page does once a paper is stored: it may count now."""
        fields = {**self.shown, "base": json.dumps(self.base)}
        await self.person.timed(self.kind, self.person.browser.post(self.address, fields, HTMX))

    async def _send(self, field: str, more: Mapping[str, str]) -> Answer:
        """Noted as written only where the answer says so; doubtful where there was none."""
        fields = {**self.shown, "base": json.dumps(self.base), **more}
        place, seen = Place(self.table, self.pk, field), self.base[field]
        writes = self.person.ledger.writes[place]
        try:
            answer = await self.person.timed(
                self.kind, self.person.browser.post(self.address, fields, HTMX)
            )
        except (Refused, Unanswered):
            writes.append(Write(seen, self.shown[field], is_acknowledged=False))
            raise
        if "x-unsaved" not in answer.headers:
            writes.append(Write(seen, self.shown[field]))
            self.base = json.loads(answer.hidden("base"))
        return answer
