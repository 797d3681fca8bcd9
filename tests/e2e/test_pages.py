"""Every page that a role may open, opened by it: quiet, accessible, Vietnamese, fitting the screen.

Seven roles read much the same pages. One whose every piece was looked at on an earlier page (the
same element in the same place, of the same classes and attributes) is not drawn a second time:
its words are read, which takes a tenth of the time.

Which pages those are is read from the table of `tests.test_access`: an address that answers 200
there stands here either with what to open it on, or among the pieces that are no page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from criteria.models import PointSet
from evaluations.actions.council import give_opinion
from evaluations.actions.decisions import Said, record_decision
from evaluations.actions.uploads import take_in_upload
from evaluations.demo import load_practice_round
from evaluations.models import (
    CouncilSession,
    Decision,
    Evaluation,
    Inspection,
    PilotRound,
    ResultUpload,
    SessionItem,
    SheetEvidence,
    StoredFile,
    UnitResult,
)
from evaluations.unit_sheets import SENT_SHEETS, WHOLE
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from organisations.models import AccountEvent, Organisation, Role, User
from reports import actions as report_actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from reports.tasks import build_report
from tests.browsing import enter
from tests.evaluations import samples
from tests.evaluations.filled_sheets import attach
from tests.evaluations.test_point_sets import AGENCY, COMMUNE, next_version
from tests.evaluations.workbook.desk import COMMUNES, put
from tests.factories import make_confirmed_dossier, make_round, make_session, make_user
from tests.test_access import PAGES, declared
from tests.workbooks import opened, saved

TODAY = date(2026, 11, 22)
# The round whose sessions and decision are looked at: its units are those of the visitors.
SAT = {"pilot_round__name": "Đợt đã họp hội đồng"}
CLOSED = "Đợt đã đóng"
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],  # nothing else is told in full: half the time
}
ENGLISH = re.compile(
    r"\b(sign in|sign out|log ?in|log ?out|submit|error|search|save|delete|cancel|edit|home|next"
    r"|previous|required|this field|please|choose|upload|download|loading|password|username|none"
    r"|true|false|undefined|nan)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Visitor:
    """Somebody of the practice round, and the dossier of which they see the pages."""

    username: str
    unit: str  # the code of the dossier's unit
    codes: tuple[str, ...] = ("1.1.1", "2.1.2", "3.1.1", "3.1.2")  # one of every measure


# Together they see a dossier in every state.
VISITORS = {
    "editor": Visitor("anduong", "312", ("1.1.1", "2.1.2", "3.1.1", "3.1.2", "1.2.2")),
    "leader": Visitor("thuynguyen.lanhdao", "311"),
    "appraiser": Visitor("so.thamdinh", "305"),
    "approver": Visitor("so.lanhdao", "303"),
    "council": Visitor("hoidong", "306", ("2.1.2",)),
    "observer": Visitor("theodoi", "311", ("2.1.2",)),
    "administrator": Visitor("quantri", "316"),
    "scored": Visitor("dungtien.lanhdao", "316"),  # of a commune, with its own sheet
}

# By whose pages are alike; two tests, so that two processes share them.
TOGETHER = [
    ("editor", "leader", "scored", "administrator"),
    ("appraiser", "approver", "council", "observer"),
]


@dataclass(frozen=True)
class Seen:
    """What a visitor opens the addresses on."""

    visitor: Visitor
    user: User
    dossier: Evaluation

    @property
    def indicators(self) -> list:
        return [(self.dossier.pk, code) for code in self.visitor.codes]

    @property
    def citation(self):
        """A paper of an indicator that this person may write on."""
        asked = self.dossier.results.filter(appraisal__verdict="ask", evidence__isnull=False)
        result = asked.first() or self.dossier.results.filter(evidence__isnull=False).first()
        return result.evidence.first()

    @property
    def file(self) -> StoredFile:
        return StoredFile.objects.visible_to(self.user).first()

    @property
    def run(self) -> ReportRun:
        return ReportRun.objects.visible_to(self.user).first()


def nothing(seen: Seen) -> list:
    return [()]


def dossier(seen: Seen) -> list:
    return [(seen.dossier.pk,)]


def open_indicator(seen: Seen) -> list:
    return [(seen.dossier.pk, seen.citation.result.indicator.code)]


def open_session() -> list:
    return [(CouncilSession.objects.get(closed_at=None, **SAT).pk,)]


def decision(seen: Seen) -> list:
    return [(Decision.objects.get(**SAT).pk,)]


def one_round(seen: Seen) -> list:
    return [(seen.dossier.pilot_round_id,)]


def registers(seen: Seen) -> list:
    unit = [(seen.dossier.pilot_round_id, seen.dossier.unit_id, kind) for kind in ("xa", "co-quan")]
    return [*unit, register_address(seen)] if seen.user.role == Role.APPRAISER else unit


def kept_line(seen: Seen) -> UnitResult:
    """An agency of the register that this person keeps: of the district, or the city for the Sở."""
    lines = seen.dossier.pilot_round.unit_results.filter(kind=UnitResult.Kind.LEARNING_UNIT)
    if seen.user.role == Role.APPRAISER:
        return lines.filter(owner__kind=Organisation.Kind.CITY).first()
    return lines.filter(owner=seen.dossier.unit).first()


def register_address(seen: Seen) -> tuple:
    return (seen.dossier.pilot_round_id, kept_line(seen).owner_id, "co-quan")


def shown_sheet(seen: Seen) -> list:
    """The own one; for others one that was sent, where they have received any."""
    known = UnitResult.objects.visible_to(seen.user).filter(pilot_round=seen.dossier.pilot_round)
    sent = known.filter(sheet_status__in=SENT_SHEETS).first()
    return [((sent or known.order_by("-year").first()).pk,)]


def own_item(seen: Seen) -> list:
    citation = SheetEvidence.objects.get(result__unit=seen.user.organisation)
    return [(citation.result_id, citation.item_code)]


def own_citation(seen: Seen) -> list:
    citation = SheetEvidence.objects.get(result__unit=seen.user.organisation)
    return [(citation.result_id, citation.item_code, citation.pk)]


def resubmitted(seen: Seen) -> list:
    """The second submission of a dossier that was sent again, for those who may read one."""
    known = Evaluation.objects.visible_to(seen.user).filter(snapshots__number=2)
    sent = known.filter(pilot_round__is_practice=True).exclude(decision_lines__isnull=False)
    return [(evaluation.pk, 2) for evaluation in sent.order_by("pk")[:1]]


def inspections(seen: Seen) -> list:
    return [(each.pk,) for each in Inspection.objects.visible_to(seen.user)]


def planned_round(seen: Seen) -> list:
    return [(PilotRound.objects.get(opened_at=None).pk,)]


PLACES: dict[str, Callable[[Seen], list]] = {
    "evaluations:home": nothing,
    "evaluations:notices": nothing,
    "evaluations:board": nothing,
    "evaluations:rounds": nothing,
    "evaluations:round": one_round,
    "evaluations:new-round": nothing,
    "evaluations:change-round": planned_round,
    "evaluations:participants": planned_round,
    "evaluations:open-round": planned_round,
    "evaluations:copy-round": one_round,
    "evaluations:calendar": one_round,
    "evaluations:change-milestone": lambda seen: [
        (seen.dossier.pilot_round_id, seen.dossier.pilot_round.milestones.first().pk)
    ],
    "evaluations:join-round": one_round,
    "evaluations:leave-round": lambda seen: [(seen.dossier.pilot_round_id, seen.dossier.pk)],
    "evaluations:close-round": one_round,
    "evaluations:reopen-round": lambda seen: [(PilotRound.objects.get(name=CLOSED).pk,)],
    "evaluations:extend": lambda seen: [(seen.dossier.pilot_round_id, seen.dossier.pk)],
    "evaluations:adopt-reading": lambda seen: [(seen.dossier.pilot_round_id, "exact_80")],
    "evaluations:dossiers": nothing,
    "evaluations:dossier": dossier,
    "evaluations:what-if": dossier,
    "evaluations:history": dossier,
    "evaluations:submission": resubmitted,
    "evaluations:indicator": lambda seen: seen.indicators,
    "evaluations:counted-units": lambda seen: [
        (seen.dossier.pk, code) for code in ("2.1.1", "2.1.2")
    ],
    "evaluations:upload-evidence": open_indicator,
    "evaluations:pick-evidence": open_indicator,
    "evaluations:citation": lambda seen: [(*open_indicator(seen)[0], seen.citation.pk)],
    "evaluations:check": dossier,
    "evaluations:registers": nothing,
    "evaluations:register": registers,
    "evaluations:titles": lambda seen: [(seen.dossier.pilot_round_id, seen.dossier.unit_id)],
    "evaluations:add-unit": lambda seen: [register_address(seen)],
    "evaluations:upload-results": lambda seen: [register_address(seen)[:2]],
    "evaluations:result-upload": lambda seen: [
        (upload.pk,) for upload in ResultUpload.objects.visible_to(seen.user)
    ],
    "evaluations:unit-result": lambda seen: [(kept_line(seen).pk,)],
    "evaluations:close-unit": lambda seen: [(kept_line(seen).pk,)],
    "evaluations:sheets": nothing,
    "evaluations:sheet": shown_sheet,
    "evaluations:upload-sheet-evidence": own_item,
    "evaluations:pick-sheet-evidence": own_item,
    "evaluations:sheet-citation": own_citation,
    "evaluations:documents": nothing,
    "evaluations:document": lambda seen: [(seen.file.document_id,)],
    "evaluations:preview-page": lambda seen: [(seen.file.pk,)],
    "evaluations:appraisals": nothing,
    "evaluations:sessions": nothing,
    "evaluations:plan-session": nothing,
    "evaluations:session": lambda seen: [
        (each.pk,) for each in CouncilSession.objects.filter(**SAT)
    ],
    "evaluations:change-session": lambda seen: open_session(),
    "evaluations:minutes": lambda seen: open_session(),
    "evaluations:session-item": lambda seen: [
        (item.session_id, item.pk)
        for item in SessionItem.objects.filter(session__in=CouncilSession.objects.filter(**SAT))
    ],
    "evaluations:inspections": nothing,
    "evaluations:draw-inspection": dossier,
    "evaluations:inspection": inspections,
    "evaluations:how-drawn": inspections,
    "evaluations:print-inspection": inspections,
    "evaluations:record-inspection": lambda seen: [
        (each.pk,) for each in Inspection.objects.filter(closed_at=None)
    ],
    "evaluations:decisions": nothing,
    "evaluations:record-decision": nothing,
    "evaluations:decision": decision,
    "evaluations:correct-decision": decision,
    "evaluations:recognised": lambda seen: [
        (pk,) for pk in PilotRound.objects.opened().values_list("pk", flat=True)
    ],
    "evaluations:appraise-dossier": dossier,
    "evaluations:appraise": lambda seen: seen.indicators,
    "organisations:sign-in": nothing,
    "organisations:account": nothing,
    "organisations:change-password": nothing,
    "organisations:second-factor": nothing,
    "organisations:set-up-second-factor": nothing,
    "organisations:own-sign-ins": nothing,
    "organisations:sign-in-log": nothing,
    "organisations:processing-log": nothing,
    "organisations:own-data": nothing,
    "organisations:anonymise-person": lambda seen: [
        (User.objects.filter(role="editor").first().pk,),
        (User.objects.filter(is_active=False).first().pk,),
    ],
    "organisations:request-reset": nothing,
    "organisations:reset-requested": nothing,
    "organisations:confirm-reset": lambda seen: [("MQ", "khong-dung")],
    "organisations:people": nothing,
    "organisations:create-person": nothing,
    "organisations:upload-people": nothing,
    "organisations:edit-person": lambda seen: [(seen.user.pk,)],
    "organisations:units": nothing,
    "organisations:edit-unit": lambda seen: [(seen.dossier.unit_id,)],
    "criteria:index": nothing,
    "criteria:detail": lambda seen: [("quan-huyen-2022",), ("thanh-pho-2022",)],
    "criteria:points": lambda seen: [(AGENCY, 1), (COMMUNE, 2)],
    "evaluations:new-points": lambda seen: [(AGENCY, 1), (COMMUNE, 2)],
    # One that would do, and one that is refused.
    "evaluations:adopt-points": lambda seen: [
        (seen.dossier.pilot_round_id, COMMUNE, 2),
        (seen.dossier.pilot_round_id, AGENCY, 1),
    ],
    "upkeep:standing": nothing,
    "reports:index": nothing,
    "reports:runs": nothing,
    "reports:ministry": one_round,
    "guide": nothing,
    # Pictures and addresses; the widest table.
    "guide-chapter": lambda seen: [("9-bao-cao",), ("21-qua-trinh",)],
    "reports:urging-words": one_round,
    "reports:appraisal-words": lambda seen: [
        (Evaluation.objects.filter(**SAT, status="recognised").first().pk,)
    ],
    "reports:proposal-words": lambda seen: [
        (CouncilSession.objects.get(closed_at__isnull=False, **SAT).pk,)
    ],
    "prints:check": nothing,
    "prints:check-number": lambda seen: [(1,)],
    "reports:run": lambda seen: [(seen.run.pk,)],
}
# Pieces of pages, files, and what only machines read.
NO_PAGES = {
    "alive",
    "ready",
    "evaluations:evidence",
    "evaluations:sheet-evidence",
    "evaluations:appraisal-echo",
    "evaluations:download-file",
    "evaluations:download-decision",
    "evaluations:preview-decision",
    "evaluations:download-minutes",
    "evaluations:preview-minutes",
    "evaluations:preview-file",
    "evaluations:register-template",
    "evaluations:error-file",
    "organisations:people-template",
    "reports:run-progress",
    "reports:download",
    "reports:board-file",
    "reports:trail-file",
}
# The same for everybody who is signed in: looked at once.
SEEN_ONCE = {
    "guide",
    "guide-chapter",
    "organisations:change-password",
    "organisations:second-factor",
    "organisations:set-up-second-factor",
    "organisations:own-sign-ins",
    "organisations:own-data",
    "organisations:request-reset",
    "organisations:reset-requested",
    "organisations:confirm-reset",
    "criteria:index",
    "criteria:detail",
}


def opened_by(person: str) -> list[str]:
    """The addresses that answer this person 200, somewhere."""
    return [
        url_name
        for url_name, pages in PAGES.items()
        if url_name not in NO_PAGES
        and any("o" in declared(page, "get", person) for page in pages)
        and (url_name not in SEEN_ONCE or person in {"anonymous", "editor"})
    ]


@pytest.fixture
def practice(transactional_db) -> PilotRound:
    return practice_with_traces(TODAY)


def practice_with_traces(today: date) -> PilotRound:
    """The real catalogue and a practice round, with some reports built and one account changed."""
    with patch.object(report_actions, "send", build_report):
        call_command("load_reference", verbosity=0)
        pilot_round = load_practice_round(today)
        _leave_traces(pilot_round)
    return pilot_round


def _leave_traces(pilot_round: PilotRound) -> None:
    people = {user.username: user for user in User.objects.all()}
    report, summary = REPORTS["bao-cao-tu-danh-gia"], REPORTS["tong-hop-quan-huyen"]
    for visitor in VISITORS.values():
        subject = report.all_subjects().get(pilot_round=pilot_round, unit__code=visitor.unit)
        by = people[visitor.username]
        if report.can_order(by, subject):
            report_actions.order_report(report=report, subject=subject, file_type="xlsx", by=by)
    scored = people[VISITORS["scored"].username]
    line = scored.organisation.unit_results.get(pilot_round=pilot_round, year=pilot_round.year)
    attach(line, WHOLE, by=scored)
    report_actions.order_report(
        report=summary, subject=pilot_round, file_type="xlsx", by=people["so.thamdinh"]
    )
    _sit(people)
    office = people["so.thamdinh"].organisation
    make_round(name="Đợt đang chuẩn bị", opened_at=None, standing_agency=office)
    make_round(name=CLOSED, closed_at=timezone.now())
    next_version(PointSet.objects.get(code=COMMUNE))
    _leave_workbooks(pilot_round, people[VISITORS["editor"].username])
    AccountEvent.objects.create(
        person=people["quantri"], by=people["quantri"], kind=AccountEvent.Kind.CREATED
    )
    make_user("observer", office, full_name="Bùi Văn Nghỉ", is_active=False)


def _sit(people: dict[str, User]) -> None:
    """A round of its own with an open session, a closed one, and a decision that names the
    units of the visitors."""
    pilot_round = make_round(name=SAT["pilot_round__name"])
    approver, members = people["so.lanhdao"], [people["hoidong"]]
    waiting, *decided = (
        make_confirmed_dossier(
            Organisation.objects.districts().get(code=code),
            pilot_round=pilot_round,
            by=people["so.thamdinh"],
        )
        for code in ("303", "311", "312")
    )
    session = make_session(waiting, members=members, by=approver)
    give_opinion(item=session.items.get(), stand="asks", text="Làm rõ 2.1.2.", by=members[0])
    make_session(*decided, members=members, by=approver, concluded=1)
    record_decision(
        pilot_round=pilot_round,
        details={
            "number": "1/QĐ-UBND",
            "signed_on": date(2022, 12, 28),
            "issuer": "Ủy ban nhân dân thành phố Hải Phòng",
            "signer_name": "Lê Văn Ký",
            "signer_position": "Phó Chủ tịch",
        },
        lines=[Said(each.pk, 1) for each in decided],
        uploaded=ContentFile(samples.pdf("quyết định"), name="quyet-dinh.pdf"),
        by=approver,
    )


def _leave_workbooks(pilot_round: PilotRound, by: User) -> None:
    """One with errors and one to look through, each of its year."""
    for year, rating in ((pilot_round.year, "Kha"), (pilot_round.year - 1, "Chưa đạt")):
        register = load_register(pilot_round, by.organisation, year)
        book = opened(template(register))
        for unit in register.lines(register.layouts[1]):
            put(COMMUNES, unit.code, "Xếp loại", rating)(book)
        take_in_upload(
            pilot_round=pilot_round,
            owner=by.organisation,
            year=year,
            uploaded=ContentFile(saved(book), name="kết quả An Dương.xlsx"),
            by=by,
        )


class Pieces(HTMLParser):
    """A page as the server sends it: its pieces, and what it says."""

    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
    SPOKEN = {"title", "aria-label", "alt", "placeholder"}
    TOLD_BY_VALUE = {"type", "role", "scope", "aria-live", "aria-current"}

    def __init__(self, page: str):
        super().__init__()
        self.pieces: set[str] = set()
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = {name: value or "" for name, value in attrs}
        self.words += [value for name, value in given.items() if name in self.SPOKEN]
        classes = ".".join(sorted(given.pop("class", "").split()))
        told = sorted(f"{k}={v}" if k in self.TOLD_BY_VALUE else k for k, v in given.items())
        piece = f"{tag}.{classes}"
        self.pieces.add(" ".join([*self._open, piece, *told]))
        if tag not in self.VOID:
            self._open.append(piece)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().partition(".")[0] != tag:
            pass  # an element whose end may be left out

    def handle_data(self, text: str) -> None:
        if not (self._open and self._open[-1].startswith(("script", "style", "svg"))):
            self.words.append(text)


class Looker:
    """Opens one page after the other in one browser context and writes down what is wrong."""

    def __init__(self, context: BrowserContext, site: str):
        self.page: Page = context.new_page()
        self.site = site
        self.wrong: list[str] = []
        self._known: set[str] = set()
        self._noise: list[str] = []
        self.page.on("console", lambda m: self._hear(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self._hear(str(error)))

    def enter_as(self, user: User) -> None:
        enter(self.page.context, self.site, user)

    def look_at(self, url: str) -> None:
        answer = self.page.request.get(f"{self.site}{url}", max_redirects=0)
        sent = Pieces(answer.text())
        if answer.status == 200 and sent.pieces <= self._known:
            self._listen_to(url, " ".join(sent.words))
            return
        self._known |= sent.pieces
        self._draw(url)

    def _draw(self, url: str) -> None:
        self._noise.clear()
        self.page.set_viewport_size({"width": 1280, "height": 720})
        response = self.page.goto(f"{self.site}{url}")
        if response.status != 200 or urlsplit(self.page.url).path != urlsplit(url).path:
            self._say(url, f"answered {response.status} at {self.page.url}")
            return
        self._look_at_frame_of_page(url)
        found = Axe().run(self.page, options=WCAG).response["violations"]
        for violation in found:
            for node in violation["nodes"][:2]:
                self._say(url, f"axe {violation['id']} {node['target']} {node['failureSummary']}")
        for width in (1280, 390):
            self.page.set_viewport_size({"width": width, "height": 720})
            beyond = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if beyond > 0:
                self._say(url, f"{beyond} px too wide at {width}")
        for noise in self._noise:
            self._say(url, f"console: {noise}")

    def _look_at_frame_of_page(self, url: str) -> None:
        page = self.page
        if page.locator("html").get_attribute("lang") != "vi":
            self._say(url, "is not marked as Vietnamese")
        if page.locator("h1").count() != 1:
            self._say(url, f"has {page.locator('h1').count()} h1")
        title = page.title().partition("–")[0].strip()
        if not title or title == "Học tập suốt đời":
            self._say(url, "has no title of its own")
        words = page.evaluate(
            """() => [document.title, document.body.innerText,
                ...[...document.querySelectorAll("[title], [aria-label], [alt], [placeholder]")]
                    .flatMap((each) => ["title", "aria-label", "alt", "placeholder"]
                        .map((name) => each.getAttribute(name) || ""))].join("\\n")"""
        )
        self._listen_to(url, words)

    def _listen_to(self, url: str, words: str) -> None:
        for found in sorted({match[0].lower() for match in ENGLISH.finditer(words)}):
            self._say(url, f"says “{found}”")

    def _hear(self, text: str) -> None:
        self._noise.append(text)

    def _say(self, url: str, text: str) -> None:
        self.wrong.append(f"{url} {text}")


def test_every_visitor_opens_their_pages():
    assert sorted(person for persons in TOGETHER for person in persons) == sorted(VISITORS)


def test_every_address_that_answers_is_looked_at_or_no_page():
    answering = {name for person in VISITORS for name in opened_by(person)} | NO_PAGES

    assert answering - NO_PAGES <= set(PLACES)
    assert set(PLACES) - answering == {"organisations:sign-in"}


def test_pages_before_signing_in(context, live_server):
    looker = Looker(context, live_server.url)

    for url_name in opened_by("anonymous"):
        for arguments in PLACES[url_name](None):
            looker.look_at(reverse(url_name, args=arguments))

    assert looker.wrong == []


@pytest.mark.parametrize("persons", TOGETHER, ids="-".join)
def test_pages_of_roles(context, live_server, practice, persons):
    looker = Looker(context, live_server.url)

    for person in persons:
        visitor = VISITORS[person]
        user = User.objects.get(username=visitor.username)
        seen = Seen(visitor, user, practice.evaluations.get(unit__code=visitor.unit))
        looker.enter_as(user)
        for url_name in opened_by(person):
            for arguments in PLACES[url_name](seen):
                looker.look_at(reverse(url_name, args=arguments))

    assert looker.wrong == []
