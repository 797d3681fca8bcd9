"""People of the districts: they type, attach, send their dossier and take it back."""

import hashlib
import re
from html import unescape

from tests.chaos.browser import Browser, Form, forms_in
from tests.chaos.journal import Activity
from tests.chaos.people import Desk, Person, note

STORED = re.compile(r'data-stored="(\d+)"')
BASE = re.compile(r'name="base" id="ban-goc" value="([^"]*)"')
TEXTS = ("explanation", "obstacle", "proposal")
CODES = [
    *("1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "2.2.1", "2.2.2", "2.2.3", "2.2.4"),
    *("3.1.1", "3.1.2", "3.2.1", "3.2.2", "3.2.3"),
]


class Typist(Person):
    """Autosave, as the script of the page does it: the whole form, then the next base from the
    answer. Stays some saves at one indicator, then goes to another."""

    def __init__(self, desk: Desk, username: str, dossier: int):
        super().__init__(desk, f"typist {username}")
        self.browser = desk.browser(username)
        self.dossier = dossier
        self.code, self.form = "", None

    def act(self) -> None:
        if self.form is None or self.dice.random() < 0.3:
            self.code = self.dice.choice(CODES)
            self.form = self.browser.form(self._path, self._path)
        if self.form is None:
            return
        name, text = self._typed(self.form)
        self.form.fields[name] = text
        what = {"dossier": self.dossier, "code": self.code, "name": name, "text": text}
        with self.desk.journal.sending(Activity.AUTOSAVE, self.name, **what) as entry:
            answer = self.browser.post(self._path, self.form.fields, {"HX-Request": "true"})
            is_saved = answer.status == 200 and "X-Unsaved" not in answer.headers
            base = BASE.search(answer.text)
            note(entry, answer, is_saved=is_saved and base is not None)
        if is_saved and base:
            self.form.fields["base"] = unescape(base[1])
        else:
            self.form = None

    def forget(self) -> None:
        self.form = None

    @property
    def _path(self) -> str:
        return f"/ho-so/{self.dossier}/chi-bao/{self.code}/"

    def _typed(self, form: Form) -> tuple[str, str]:
        """A figure now and then, each other than the one before; else words."""
        if "achieved" in form.fields and self.dice.random() < 0.4:
            old = form.fields["achieved"]
            return "achieved", str(int(old) % 997 + 1 if old.isdecimal() else 1)
        return self.dice.choice(TEXTS), f"Chữ tập huấn ế ộ {self.mark()}"


class Uploader(Person):
    """One file after the other, as upload.js sends them."""

    def __init__(self, desk: Desk, username: str, dossier: int, unit: int):
        super().__init__(desk, f"uploader {username}")
        self.browser = desk.browser(username)
        self.dossier, self.unit = dossier, unit

    def act(self) -> None:
        code = self.dice.choice(CODES)
        path = f"/ho-so/{self.dossier}/chi-bao/{code}/minh-chung/tai-len/"
        form = self.browser.form(path, path)
        if form is None:
            return
        scan = self.scan()
        data = form.fields | {
            "fragment": "1",
            "files": scan,
            "number": self.mark(),
            "issued_on": "25/11/2022",
            "issuer": "UBND (tập huấn)",
        }
        what = {
            "dossier": self.dossier,
            "unit": self.unit,
            "code": code,
            "sha256": hashlib.sha256(scan.read()).hexdigest(),
            "number": data["number"],
        }
        scan.seek(0)
        with self.desk.journal.sending(Activity.UPLOAD, self.name, **what) as entry:
            answer = self.browser.upload(path, data)
            stored = STORED.search(answer.text)
            note(entry, answer, is_saved=answer.status == 200 and stored is not None)


class Walker(Person):
    """Takes the next step that the page offers; which those are, the cycle says."""

    def __init__(self, desk: Desk, name: str, dossier: int):
        super().__init__(desk, f"walker {name}")
        self.dossier = dossier

    def take(self, browser: Browser, page: str, *wanted: str) -> bool:
        """One of these steps, where the page has its form; True where the page was seen."""
        found = {f.action: f for f in self._forms(browser, page)}
        for name in wanted:
            path = f"/ho-so/{self.dossier}/buoc/{name}/"
            if path in found:
                self._send(browser, name, path, found[path])
                return True
        return False

    def _forms(self, browser: Browser, page: str) -> list[Form]:
        return forms_in(browser.get(page).text)

    def _send(self, browser: Browser, name: str, path: str, form: Form) -> None:
        mark = self.mark()
        data = form.fields | {"note": f"Lý do tập huấn {mark}"}
        data |= {n: "Đợt tập huấn." for n in form.fields if n.startswith("reason-")}
        if "due_on" in form.fields:
            data["due_on"] = "31/12/2099"
        what = {"dossier": self.dossier, "step": name, "mark": mark}
        with self.desk.journal.sending(Activity.STEP, self.name, **what) as entry:
            answer = browser.post(path, data)
            note(entry, answer, is_saved=bool(answer.leads_to))


class Leader(Walker):
    """Sends the dossier and takes it back to be changed, again and again."""

    def __init__(self, desk: Desk, username: str, dossier: int):
        super().__init__(desk, username, dossier)
        self.browser = desk.browser(username)

    def act(self) -> None:
        if not self.take(self.browser, f"/ho-so/{self.dossier}/", "withdraw"):
            self.take(self.browser, f"/ho-so/{self.dossier}/kiem-tra/", "submit")
