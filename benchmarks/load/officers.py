"""Those who write: at an indicator with its evidence, in the grid of a register, on a sheet."""

import hashlib
import io
import json
import re
from collections import defaultdict
from html import unescape
from itertools import count

from benchmarks.load.browser import HTMX, SCRIPT, Answer, Misread, Unanswered
from benchmarks.load.ledger import Place, SentFile, Write
from benchmarks.load.people import Form, Person, Refused, numbers
from evaluations.demo.papers import practice_pdf

OVERVIEW, OWN_PART = "tổng quan hồ sơ", "phần việc của cơ quan"
INDICATOR, AUTOSAVE = "trang chỉ báo", "tự lưu chỉ báo"
UPLOAD, SECTION = "tải một minh chứng", "phần minh chứng sau khi tải"
GRID, ROW = "danh sách đơn vị", "lưu một dòng"
SHEET, SHEET_SAVE = "phiếu tự chấm", "tự lưu phiếu"
# What the search for the limit goes by.
PAGES = (OVERVIEW, OWN_PART, INDICATOR, GRID, SHEET)
SAVES = (AUTOSAVE, ROW, SHEET_SAVE)
PROSE = ("explanation", "obstacle", "proposal")
UPLOADS = 0.25  # of the stretches at an indicator
_figures: dict[int, count] = defaultdict(lambda: count(75_001))  # of the achieved, by result
_points: dict[int, count] = defaultdict(lambda: count(1))  # hundredths over 70, by line


class Officer(Person):
    """Of a district: two stretches of three at an indicator, else in a register."""

    async def stretch(self) -> None:
        if self.desk.registers and self.random.random() < 1 / 3:
            await self.keep_register()
        else:
            await self.fill_indicator()

    async def fill_indicator(self) -> None:
        """From the overview to an indicator, some sentences and figures, sometimes a paper."""
        desk = self.desk
        dossier = f"/ho-so/{desk.evaluation}/"
        if desk.registers:
            await self.get(OVERVIEW, dossier)
        else:
            await self.get(OWN_PART, f"{dossier}phan-viec/")
        await self.think()
        code = self.random.choice(list(desk.results))
        address = f"{dossier}chi-bao/{code}/"
        form = await self.open_indicator(address, code)
        for _ in range(self.random.randint(3, 6)):
            await self.think()
            figures = ["achieved"] if "achieved" in form.base else []
            field = self.random.choice([*PROSE, *figures])
            pk = desk.results[code]
            text = str(next(_figures[pk])) if field == "achieved" else self.text()
            if not await form.save(field, text):
                form = await self.open_indicator(address, code)
        if self.random.random() < UPLOADS:
            await self.think()
            await self.upload(address, code)
            await form.save_again()
        await self.think()

    async def open_indicator(self, address: str, code: str) -> Form:
        page = await self.get(INDICATOR, address)
        return Form(self, AUTOSAVE, address, "result", self.desk.results[code], page)

    async def upload(self, address: str, code: str) -> None:
        """As upload.js sends it: the file, then its section anew."""
        content = practice_pdf(["VĂN BẢN ĐO TẢI", self.text()])
        paper = io.BytesIO(content)
        paper.name = f"van-ban-{hashlib.sha256(content).hexdigest()[:8]}.pdf"
        sending = self.browser.send_file(
            f"{address}minh-chung/tai-len/", {"fragment": "1", "files": paper}, SCRIPT
        )
        answer = await self.timed(UPLOAD, sending)
        if "data-stored" not in answer.body:
            self.ledger.faults.append(f"{UPLOAD}: không nhận, {self.desk.username}")
            raise Refused
        digest = hashlib.sha256(content).hexdigest()
        self.ledger.files.append(SentFile(self.desk.evaluation, code, digest))
        await self.get(SECTION, f"{address}minh-chung/", SCRIPT)

    async def keep_register(self) -> None:
        """A page of a register, and one line of it after the other."""
        address = self.random.choice(self.desk.registers)
        rows = rows_of(await self.get(GRID, address))
        first = self.random.randrange(len(rows))
        for pk in list(rows)[first : first + self.random.randint(5, 10)]:
            await self.think()
            await Row(self, pk, rows[pk]).save()
        await self.think()


class Keeper(Person):
    """Of a commune, on its own sheet."""

    async def stretch(self) -> None:
        address = f"/phieu-tu-cham/{self.desk.sheet}/"
        page = await self.get(SHEET, address)
        form = Form(self, SHEET_SAVE, address, "sheet", self.desk.sheet, page)
        fields = [name for name in form.base if name.startswith("explanation-")]
        for _ in range(self.random.randint(4, 8)):
            await self.think()
            if not await form.save(self.random.choice(fields), self.text()):
                return
        await self.think()


class Row:
    """One line of a grid, which saves itself as typed (`grid.js`)."""

    def __init__(self, person: Officer, pk: int, base: dict[str, str]):
        self.person, self.pk, self.base = person, pk, base
        self.shown = dict(base)

    async def save(self) -> None:
        """Points where the register has them, or the number of the decision."""
        choice = [name for name in ("score", "decision_number") if name in self.shown]
        field = self.person.random.choice(choice)
        self.shown[field] = self._typed(field)
        answer = await self._send(field)
        while "x-unsaved" in answer.headers:
            self.person.ledger.conflicts[ROW] += 1
            await self.person.think()
            self.base |= json.loads(answer.hidden(f"{self.pk}-seen"))
            answer = await self._send(field)

    def _typed(self, field: str) -> str:
        if field == "decision_number":
            return f"{next(numbers)}/QĐ-{self.person.desk.username}"
        hundredths = next(_points[self.pk]) * 10 // 9 + 1  # none ends in a nought
        return f"{70 + hundredths // 100},{hundredths % 100:02}"

    async def _send(self, field: str) -> Answer:
        fields = {f"{self.pk}-{name}": text for name, text in self.shown.items()}
        fields |= {"line": str(self.pk), f"{self.pk}-base": json.dumps(self.base)}
        address = f"/ket-qua-don-vi/dong/{self.pk}/luu/"
        place, seen, text = Place("line", self.pk, field), self.base[field], self.shown[field]
        writes = self.person.ledger.writes[place]
        try:
            answer = await self.person.timed(ROW, self.person.browser.post(address, fields, HTMX))
        except (Refused, Unanswered):
            writes.append(Write(seen, text, is_acknowledged=False))
            raise
        if "x-unsaved" not in answer.headers:
            writes.append(Write(seen, text))
        told = json.loads(answer.headers["hx-trigger"])["line:saved"]
        self.base = json.loads(told["base"])
        self.shown |= told["shown"]
        return answer


def rows_of(page: Answer) -> dict[int, dict[str, str]]:
    """What the fields of each line that can be typed in started from, by the line's key."""
    found = re.findall(r'<input type="hidden" name="(\d+)-base"[^>]* value="([^"]*)"', page.body)
    shown = set(re.findall(r'data-column="(\w+)"', page.body))
    rows = {int(pk): json.loads(unescape(base)) for pk, base in found}
    if not rows:
        raise Misread("a register without lines to type in")
    if "score" not in shown:
        for base in rows.values():
            del base["score"]
    return rows
