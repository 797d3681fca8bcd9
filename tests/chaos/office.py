"""People of the Sở: appraisal there and back, decisions corrected, reports ordered."""

import hashlib
import re
import threading

from django.utils import timezone

from tests.chaos.browser import NoAnswer, forms_in
from tests.chaos.journal import Activity, Told
from tests.chaos.people import Desk, Person, note
from tests.chaos.units import Walker

ORDER = "/bao-cao/dat/"
RUN = re.compile(r"^/bao-cao/(\d+)/$")
DECISION = re.compile(r"/quyet-dinh/(\d+)/")
LEVEL = re.compile(r"^level-(\d+)$")
ASKED = "1.1.1"
HEAVY = ("zip",)  # a package copies all evidence; a few of them would be the whole queue


class Confirmer(Walker):
    """A finished appraisal confirmed, opened again, finished again; never by one person alone."""

    def __init__(self, desk: Desk, dossier: int):
        super().__init__(desk, "confirmer", dossier)
        self.approver, self.appraiser = desk.browser("so.lanhdao"), desk.browser("so.thamdinh")

    def act(self) -> None:
        page = f"/tham-dinh/{self.dossier}/"
        if not self.take(self.approver, page, "confirm", "reopen"):
            self.take(self.appraiser, page, "finish")


class Returner(Walker):
    """Asks for more, sends back, is answered, takes in again: four people at one dossier."""

    def __init__(self, desk: Desk, unit: str, dossier: int):
        super().__init__(desk, f"returner {unit}", dossier)
        self.appraiser = desk.browser("so.thamdinh2")
        self.editor, self.leader = desk.browser(unit), desk.browser(f"{unit}.lanhdao")

    def act(self) -> None:
        page = f"/tham-dinh/{self.dossier}/"
        if self.take(self.appraiser, page, "take-in", "return"):
            return
        if not self._ask() and self._reply():
            self.take(self.leader, f"/ho-so/{self.dossier}/kiem-tra/", "submit")

    def _ask(self) -> bool:
        """A request on one indicator, where the appraisal is open."""
        path = f"/tham-dinh/{self.dossier}/chi-bao/{ASKED}/"
        form = next(
            (f for f in forms_in(self.appraiser.get(path).text) if "version" in f.fields), None
        )
        if form is None:
            return False
        words = {"verdict": "ask", "reason": f"Bổ sung văn bản {self.mark()}"}
        words |= {n: "Xem lại." for n in ("override_reason",) if n in form.fields}
        self.appraiser.post(path, form.fields | words)
        return True

    def _reply(self) -> bool:
        path = f"/ho-so/{self.dossier}/chi-bao/{ASKED}/"
        form = self.editor.form(path, path)
        if form is None or "reply" not in form.fields:
            return False
        if not form.fields["reply"]:
            text = f"Đã bổ sung {self.mark()}"
            what = {"dossier": self.dossier, "code": ASKED, "name": "reply", "text": text}
            with self.desk.journal.sending(Activity.AUTOSAVE, self.name, **what) as entry:
                answer = self.editor.post(
                    path, form.fields | {"reply": text}, {"HX-Request": "true"}
                )
                is_saved = answer.status == 200 and "X-Unsaved" not in answer.headers
                note(entry, answer, is_saved=is_saved)
        return True


class Decider(Person):
    """Corrects the newest decision by another, with its scan and a level for each dossier."""

    def __init__(self, desk: Desk):
        super().__init__(desk, "decider")
        self.browser = desk.browser("so.lanhdao")
        self.newest: int | None = None

    def act(self) -> None:
        if self.newest is None:
            found = DECISION.findall(self.browser.get("/quyet-dinh/").text)
            self.newest = max(map(int, found), default=None)
            return
        path = f"/quyet-dinh/{self.newest}/thay/"
        form = self.browser.form(path, path)
        if form is None:
            self.newest = None
            return
        scan, mark = self.scan(), self.mark()
        levels = {int(m[1]): self.dice.randrange(4) for n in form.fields if (m := LEVEL.match(n))}
        data = form.fields | {
            "number": f"{mark}/QĐ-TH",
            "signed_on": f"{timezone.localdate():%d/%m/%Y}",
            "correction_reason": "Đợt tập huấn.",
            "scan": scan,
            **{f"level-{pk}": str(level) for pk, level in levels.items()},
            **{f"reason-{pk}": f"Tập huấn {mark}" for pk in levels},
        }
        what = {
            "number": data["number"],
            "corrects": self.newest,
            "levels": levels,
            "sha256": hashlib.sha256(scan.read()).hexdigest(),
        }
        scan.seek(0)
        self.newest = None
        with self.desk.journal.sending(Activity.DECISION, self.name, **what) as entry:
            answer = self.browser.upload(path, data)
            recorded = DECISION.search(answer.leads_to)
            note(entry, answer, is_saved=recorded is not None)
        if recorded:
            self.newest = int(recorded[1])

    def forget(self) -> None:
        self.newest = None


class Orderer(Person):
    """Orders whatever the page of reports offers about one subject; now and then by two clicks."""

    def __init__(self, desk: Desk, username: str, page: str):
        super().__init__(desk, f"orderer {username} {page}")
        self.browsers = [desk.browser(username), desk.browser(username)]
        self.page = page

    def act(self) -> None:
        offers = [
            form.fields
            for form in forms_in(self.browsers[0].get(self.page).text)
            if form.action == ORDER and form.fields.get("file_type") not in HEAVY
        ]
        if not offers:
            return
        offer = self.dice.choice(offers)
        if self.dice.random() < 0.2 and self._is_second_in():
            self._twice(offer)
        else:
            self._order(0, offer)
        self.desk.is_over.wait(self.dice.uniform(1.0, 2.5))

    def _is_second_in(self) -> bool:
        second = self.browsers[1].get("/")
        return second.status == 200

    def _twice(self, offer: dict) -> None:
        pair = self.mark()
        clicks = [
            threading.Thread(target=self._order, args=(which, offer, pair)) for which in range(2)
        ]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()

    def _order(self, which: int, offer: dict, pair: str = "") -> None:
        browser = self.browsers[which]
        token = next(c.value for c in browser.cookies if c.name == "csrftoken")
        what = {name: offer[name] for name in ("report", "subject", "file_type")} | {"pair": pair}
        with self.desk.journal.sending(Activity.REPORT, self.name, **what) as entry:
            try:
                answer = browser.post(ORDER, offer | {"csrfmiddlewaretoken": token})
            except NoAnswer:
                if not pair:  # a click of two is a thread of its own
                    raise
                entry.told = Told.NOTHING
                return
            run = RUN.match(answer.leads_to)
            note(entry, answer, is_saved=run is not None, run=run and int(run[1]))
