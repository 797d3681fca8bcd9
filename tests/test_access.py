"""Who gets what answer: every address, GET and POST, each role, one's own and another's, by state.

The table below is the house rule written out. An address that is not in it fails: a new page
says here whom it answers.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import product
from urllib.parse import urlencode

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from criteria.models import CriteriaSet, PointSet
from evaluations.actions import council as council_actions
from evaluations.actions.appraisal import version_of
from evaluations.actions.held_rounds import version_of as version_of_round
from evaluations.actions.results import values_of
from evaluations.actions.sheets import version_of as sheet_version
from evaluations.models import Notice, PilotRound, SheetEvidence
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from tests.access.listening import listening, work_in
from tests.evaluations import samples
from tests.evaluations.loaded import rolled_back
from tests.evaluations.test_point_sets import typed_version
from tests.factories import PASSWORD
from tests.world import World, make_world

SIGN_IN = "/dang-nhap/"
FAR = "31/12/2099"

# One letter an answer.
STATUS = {
    "o": HTTPStatus.OK,
    "n": HTTPStatus.NO_CONTENT,
    "r": HTTPStatus.FOUND,  # to another page; that to sign in first is "s"
    "s": HTTPStatus.FOUND,
    "x": HTTPStatus.FORBIDDEN,
    ".": HTTPStatus.NOT_FOUND,
    "-": HTTPStatus.METHOD_NOT_ALLOWED,
    "u": HTTPStatus.UNPROCESSABLE_ENTITY,  # allowed, but something is missing and is said
}
GROUPS = {
    "unit": ["editor", "leader"],
    "elsewhere": ["editor elsewhere", "leader elsewhere"],
    "department": ["appraiser", "approver"],
    "readers": ["appraiser", "approver", "council", "observer"],
    "signed_in": [
        *("editor", "leader", "editor elsewhere", "leader elsewhere"),
        *("appraiser", "approver", "council", "observer", "administrator", "scored"),
    ],
}


def to(**answers: str) -> dict[str, str]:
    """Answers by person; what is said later and of fewer stands. One letter is said of all.

    `scored`, who scores an agency of the first district, knows of nothing else.
    """
    said = {"anonymous": "s", "scored": "."}
    for name, letters in answers.items():
        for person in GROUPS.get(name, [name]):
            said[person] = letters
    return said


NOT_TAKEN = to(signed_in="-")
ALL = to(signed_in="o")
OPEN = to(signed_in="o", anonymous="o")
ADMINISTRATOR = to(signed_in="x", administrator="o")

# Letters by state: draft, submitted, appraising, returned with a request on this indicator,
# returned without, appraised.
KNOWN = to(unit="o", elsewhere=".", readers=".ooooo", administrator=".")
EDITED = to(unit="oxxoxx", elsewhere=".", readers=".xxxxx", administrator=".")
WRITTEN = to(unit="rxxrxx", elsewhere=".", readers=".xxxxx", administrator=".")
# Letters by state of an agency's own sheet: draft, submitted, returned, confirmed.
SHEET_EDITED = to(unit="x", elsewhere=".", readers="x", administrator=".", scored="oxox")
SHEET_WRITTEN = to(unit="x", elsewhere=".", readers="x", administrator=".", scored="rxrx")
SHEET_PAPER = to(unit=".o.o", elsewhere=".", readers=".o.o", administrator=".", scored="o")
# Letters by inspection: drawn, ready to be closed, closed. Others know of what is closed.
INSPECTED = to(unit="..o", elsewhere=".", readers="..o", department="o", administrator=".")
INSPECTOR = {"unit": "..x", "elsewhere": ".", "readers": "..x", "approver": "x"}
INSPECTOR |= {"administrator": "."}
MINUTES = to(unit=".o.", elsewhere=".", readers=".o.", department="oo.", administrator=".")
# Words of a report are written by the Sở alone.
OF_THE_ROUND = {
    "unit": "x.",
    "elsewhere": ".",
    "readers": "x.",
    "administrator": "x",
    "scored": "x.",
}
OF_THE_DOSSIER = {"unit": "x", "elsewhere": ".", "readers": ".xxxxx", "administrator": "."}
# Letters by run: of a draft, of a submitted dossier, the Sở's own, of a whole round, of a session
# that is open, of one that is closed.
RUN = to(unit="oo....", elsewhere=".", readers=".ooo.o", department=".ooooo", administrator=".")


@dataclass(frozen=True)
class Page:
    """What one address answers; `of` gives its arguments, once for each letter."""

    get: dict[str, str] | None = None
    post: dict[str, str] | None = None
    of: Callable[[World], list] = lambda world: [()]
    data: Callable[[World, int], dict] = lambda world, number: {}


def dossiers(world: World) -> list:
    return [(case.dossier.pk,) for case in world.cases]


def indicators(world: World) -> list:
    return [(case.dossier.pk, case.code) for case in world.cases]


def citations(world: World) -> list:
    return [(case.dossier.pk, case.code, case.evidence.pk) for case in world.cases]


def papers(world: World) -> list:
    return [(case.document.pk,) for case in world.cases]


def files(world: World) -> list:
    return [(case.stored_file.pk,) for case in world.cases]


def rounds(world: World) -> list:
    """One that only the first district takes part in, and one that is not opened."""
    return [(world.cases[0].dossier.pilot_round_id,), (world.planned.pk,)]


def round_states(world: World) -> list:
    """One that is open, one that is planned, one that is closed."""
    return [*rounds(world), (world.closed.pilot_round_id,)]


def round_steps(get: str, post: str | None, data: dict | Callable | None = None) -> Page:
    """A page of the administrator's about a round, by the three states of it."""
    wanted = to(signed_in=".", readers="x.x", administrator=get)
    return Page(
        get=wanted if get else None,
        post=to(signed_in=".", readers="x.x", administrator=post) if post else None,
        of=round_states,
        data=data if callable(data) else lambda world, number: data or {},
    )


def planned_round(world: World, number: int = 0) -> dict:
    plan = world.planned
    return {
        **{name: getattr(plan, f"{name}_id") for name in ("district_set", "city_set")},
        "agency_points": world.newer_points.pk,
        "commune_points": plan.commune_points_id,
        "name": "Đợt mới",
        "year": "2023",
        "self_assessment_due_on": "15/12/2023",
        "standing_agency": world.people["appraiser"].organisation_id,
        "version": version_of_round(world.planned),
    }


def milestones(world: World) -> list:
    """Of the open round, of the planned one, of the closed one."""
    found = [PilotRound.objects.get(pk=pk).milestones.get() for (pk,) in round_states(world)]
    return [(milestone.pilot_round_id, milestone.pk) for milestone in found]


MILESTONE = {"label": "Họp thử", "due_on": "20/12/2022"}


def leaving(world: World) -> list:
    """A dossier that was worked on, one that nobody touched, one of a closed round."""
    dossiers = (world.cases[0].dossier, world.untouched, world.closed)
    return [(dossier.pilot_round_id, dossier.pk) for dossier in dossiers]


def first_points(world: World) -> PointSet:
    """The version that every round rates agencies by."""
    return PointSet.objects.with_rule().get(code=world.newer_points.code, version=1)


def register_lines(world: World) -> list:
    """A commune and an agency of the first district, an agency of the city, one elsewhere."""
    return [(line.pk,) for line in world.lines.values()]


def registers(*named: tuple[str, str]) -> Callable[[World], list]:
    """Of the round of the draft, by whose they are and of which kind."""

    def addresses(world: World) -> list:
        line = world.lines["commune"]
        owners = {"own": line.owner_id, "city": world.lines["city"].owner_id}
        return [(line.pilot_round_id, owners[owner], kind) for owner, kind in named]

    return addresses


def workbooks(world: World) -> list:
    """Of the round of the draft: the first district's and the city's; and of a planned round."""
    line = world.lines["commune"]
    city = world.lines["city"].owner_id
    return [
        (line.pilot_round_id, line.owner_id),
        (line.pilot_round_id, city),
        (world.planned.pk, line.owner_id),
    ]


def filled_workbook(world: World, number: int) -> dict:
    """A file that is read and then kept; whose it is is told on the page that follows."""
    line = world.lines["commune"]
    content = template(load_register(line.pilot_round, line.owner, line.year))
    return {"file": samples.upload(content, "ket-qua.xlsx")}


def uploads(world: World) -> list:
    return [(upload.pk,) for upload in world.uploads]


def seen_differences(world: World, number: int) -> dict:
    upload = world.uploads[number]
    register = load_register(upload.pilot_round, upload.owner, upload.year)
    return {"seen": register.fingerprint}


def sheets(world: World) -> list:
    return [(line.pk,) for line in world.sheets]


def sheet_papers(world: World) -> list[SheetEvidence]:
    return [line.sheet_evidence.get() for line in world.sheets]


def sheet_paper(world: World, number: int) -> SheetEvidence:
    return sheet_papers(world)[number]


def sheet_items(world: World) -> list:
    return [(line.pk, "1") for line in world.sheets]


def sheet_citations(world: World) -> list:
    return [(paper.result_id, "1", paper.pk) for paper in sheet_papers(world)]


def sheet_files(world: World) -> list:
    return [(paper.document.files.get().pk,) for paper in sheet_papers(world)]


def sheet_step(name: str, **answers: str) -> Page:
    """One step of a sheet, pressed by everybody in every state."""
    refused = {"unit": "x", "elsewhere": ".", "readers": "x", "administrator": ".", "scored": "x"}
    return Page(
        post=to(**refused | answers),
        of=lambda world: [(line.pk, name) for line in world.sheets],
        data=lambda world, number: {
            "note": "Vì việc thử.",
            "seen": sheet_version(world.sheets[number]),
        },
    )


def ready_runs(world: World) -> list:
    return [(run.pk,) for run in world.runs["ready"]]


def queued_runs(world: World) -> list:
    return [(run.pk,) for run in world.runs["queued"]]


def failed_runs(world: World) -> list:
    return [(run.pk,) for run in world.runs["failed"]]


def accounts(world: World) -> list:
    """An ordinary one, an operator's, and the administrator's own."""
    people = (world.people["editor"], world.operator, world.people["administrator"])
    return [(person.pk,) for person in people]


def stated(world: World, number: int) -> dict:
    """What the indicator says already, as its page would send it again."""
    return stated_of(world.cases[number].evidence.result)


def stated_of(result) -> dict:
    values = values_of(result)
    return values | {"base": json.dumps(values)}


def paper(world: World, number: int) -> dict:
    return {"files": samples.upload(samples.pdf("chưa có trong kho"), "moi.pdf"), "mode": "new"}


def person(world: World, number: int) -> dict:
    fields = ("full_name", "username", "role")
    shown = [world.people["editor"], world.operator, world.people["administrator"]][number]
    return {name: getattr(shown, name) for name in fields} | {"organisation": shown.organisation_id}


def step(name: str, **answers: str) -> Page:
    """One step of the workflow, pressed by everybody in every state."""
    wanted = to(
        **{"unit": "x", "elsewhere": ".", "readers": ".xxxxx", "administrator": "."} | answers
    )
    return Page(
        post=wanted,
        of=lambda world: [(case.dossier.pk, name) for case in world.cases],
        data=lambda world, number: {"note": "Vì việc thử.", "due_on": FAR},
    )


def seen_version(case) -> str:
    result = case.dossier.results.get(indicator__code=case.code)
    return version_of(case.dossier, result)


def notices(world: World) -> list:
    """The newest of the leader's inbox, and of the appraiser's."""
    return [
        (Notice.objects.visible_to(world.people[name]).latest("pk").pk,)
        for name in ("leader", "appraiser")
    ]


def sessions(world: World) -> list:
    """An open one and a closed one."""
    return [(world.council.item.session_id,), (world.council.concluded.session_id,)]


def session_items(world: World) -> list:
    """Of the open session, of the closed one, and of another session than the address says."""
    item, concluded = world.council.item, world.council.concluded
    return [
        (item.session_id, item.pk),
        (concluded.session_id, concluded.pk),
        (item.session_id, concluded.pk),
    ]


def decision(world: World) -> list:
    return [(world.council.decision.pk,)]


def plan_of(dossier_pk: int, world: World) -> dict:
    return {
        "held_on": "20/12/2022",
        "place": "Phòng họp",
        "chair": "Nguyễn Thị Chủ",
        "secretary": "Trần Văn Ký",
        "people": [world.people["council"].pk],
        "dossiers": [dossier_pk],
    }


def changed_plan(world: World, number: int) -> dict:
    item = [world.council.item, world.council.concluded][number]
    version = council_actions.version_of(item.session)
    return plan_of(item.evaluation_id, world) | {"version": version}


def typed_minutes(world: World, number: int) -> dict:
    item = [world.council.item, world.council.concluded][number]
    member = item.session.members.get()
    return {
        "version": council_actions.version_of(item.session),
        f"present-{member.pk}": "on",
        f"discussion-{item.pk}": "Nhất trí",
    }


def inspections(world: World) -> list:
    """Of one dossier that is appraised: drawn, ready to be closed, closed."""
    return [(each.pk,) for each in world.inspections]


def inspectable(world: World) -> list:
    """With lists behind: a draft, a submitted one, one in appraisal; and one that is appraised."""
    return [
        *((dossier.pk,) for dossier in world.counted),
        (world.inspections[0].evaluation_id,),
        (world.cases[5].dossier.pk,),
    ]


def typed_findings(world: World, number: int) -> dict:
    """Nothing found yet, which may be saved."""
    inspection = world.inspections[number]
    states = {f"state-{line.pk}": "unchecked" for line in inspection.lines.all()}
    states |= {f"fstate-{figure.pk}": "unchecked" for figure in inspection.figures.all()}
    return states | {"version": inspection.changes}


def proposed_verdict(world: World, number: int) -> dict:
    """As the page of the inspection proposes it."""
    inspection = world.inspections[number]
    result = inspection.evaluation.results.get(indicator__code="2.1.2")
    typed = {"achieved": "4", "total": "6", "reason": "Đã đến xem."}
    typed["version"] = version_of(inspection.evaluation, result)
    return {f"cb2-1-2-{name}": value for name, value in typed.items()}


def minutes_of_inspections(world: World) -> list:
    """Of the one that is ready, of the closed one, and of another than the address says."""
    opened, ready, closed = world.inspections
    first, second = ready.scans.get(), closed.scans.get()
    return [(ready.pk, first.pk), (closed.pk, second.pk), (opened.pk, second.pk)]


def signed_paper(**fields) -> dict:
    return {
        "number": "2/QĐ-UBND",
        "signed_on": "29/12/2022",
        "issuer": "UBND thành phố",
        "signer_name": "Lê Văn Ký",
        "signer_position": "Phó Chủ tịch",
        "scan": samples.upload(samples.pdf("quyết định"), "q.pdf"),
        **fields,
    }


def new_decision(world: World, number: int) -> dict:
    pk = world.council.concluded.evaluation_id
    return signed_paper(**{f"taken-{pk}": "on", f"level-{pk}": "1"})


def correction(world: World, number: int) -> dict:
    pk = world.council.decision.lines.get().evaluation_id
    return signed_paper(**{f"level-{pk}": "1", "correction_reason": "Sai chính tả"})


def order_of_dossier(world: World, number: int) -> dict:
    subject = world.cases[number].dossier.pk
    return {"report": "bao-cao-tu-danh-gia", "subject": subject, "file_type": "pdf"}


def order_of_session(world: World, number: int) -> dict:
    """The minutes before and after closing; what follows from them before and after."""
    (opened,), (closed,) = sessions(world)
    report, subject = (
        ("bien-ban-hoi-dong", opened),
        ("bien-ban-hoi-dong", closed),
        ("to-trinh-cong-nhan", opened),
        ("to-trinh-cong-nhan", closed),
        ("du-thao-quyet-dinh", closed),
    )[number]
    return {"report": report, "subject": subject, "file_type": "pdf"}


def order_of_round(world: World, number: int) -> dict:
    (subject,) = rounds(world)[number]
    return {"report": "tong-hop-quan-huyen", "subject": subject, "file_type": "pdf"}


def print_of_a_run(world: World, number: int) -> dict:
    run = world.runs["ready"][0]
    return {"number": run.pk, "mark": run.content_sha256[:8]}


def reset_link(world: World) -> list:
    user = world.people["editor"]
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return [(uid, default_token_generator.make_token(user)), (uid, "khong-dung")]


PAGES = {
    "upkeep:standing": [Page(get=ADMINISTRATOR)],
    "alive": [Page(get=OPEN)],
    "ready": [Page(get=OPEN)],
    "metrics": [Page(get=to(signed_in=".", anonymous="."))],
    "guide": [Page(get=OPEN)],
    "guide-chapter": [
        Page(
            get=to(signed_in="o.", anonymous="o."),
            of=lambda world: [("9-bao-cao",), ("khong-co",)],
        )
    ],
    # --- evaluations ---
    "evaluations:home": [Page(get=ALL)],
    # An inbox is its owner's: the leader's, the appraiser's.
    "evaluations:notices": [Page(get=ALL)],
    "evaluations:read-all-notices": [
        Page(post=to(signed_in="r", scored="r"), data=lambda world, number: {"newest": 1})
    ],
    "evaluations:open-notice": [
        Page(get=to(signed_in=".", leader="r.", appraiser=".r"), of=notices)
    ],
    "evaluations:read-notice": [
        Page(post=to(signed_in=".", leader="r.", appraiser=".r"), of=notices)
    ],
    "evaluations:board": [Page(get=to(signed_in=".", readers="o"))],
    "evaluations:rounds": [Page(get=to(signed_in=".", readers="o", administrator="o"))],
    "evaluations:choose-round": [
        Page(
            post=to(signed_in="r.", elsewhere="."),
            of=lambda world: [(), ()],
            data=lambda world, number: {"dot": rounds(world)[number][0]},
        )
    ],
    "evaluations:round": [Page(get=to(signed_in=".", readers="o.", administrator="o"), of=rounds)],
    "evaluations:new-round": [
        Page(
            get=to(signed_in=".", readers="x", administrator="o"),
            post=to(signed_in=".", readers="x", administrator="r"),
            data=planned_round,
        )
    ],
    # Who comes with what belongs to another state of the round is led to the round's own page.
    "evaluations:change-round": [round_steps("ror", "rrr", planned_round)],
    "evaluations:participants": [round_steps("ror", "rrr")],
    "evaluations:open-round": [round_steps("ror", "rur")],  # nobody was chosen to take part
    "evaluations:copy-round": [round_steps("ooo", "rrr", {"name": "Chép", "year": "2024"})],
    "evaluations:close-round": [round_steps("orr", "rrr", {"reason": "Xong"})],
    "evaluations:reopen-round": [round_steps("rro", "rrr", {"reason": "Sửa"})],
    "evaluations:calendar": [round_steps("oox", "rrx", MILESTONE)],
    "evaluations:change-milestone": [
        Page(
            get=to(signed_in=".", readers="x.x", administrator="oox"),
            post=to(signed_in=".", readers="x.x", administrator="rrx"),
            of=milestones,
            data=lambda world, number: (
                MILESTONE
                | {"version": version_of_round(PilotRound(pk=round_states(world)[number][0]))}
            ),
        )
    ],
    "evaluations:remove-milestone": [
        Page(post=to(signed_in=".", readers="x.x", administrator="rrx"), of=milestones)
    ],
    "evaluations:join-round": [
        round_steps(
            "oxx",
            "rxx",
            lambda world, number: {"unit": world.elsewhere.unit_id, "reason": "Công văn 5"},
        )
    ],
    "evaluations:leave-round": [
        Page(
            get=to(signed_in=".", readers="x", administrator="xox"),
            post=to(signed_in=".", readers="x", administrator="rrx"),
            of=leaving,
            data=lambda world, number: {"reason": "Công văn 5"},
        )
    ],
    "evaluations:extend": [
        Page(  # of a round that is closed
            get=to(signed_in=".", readers="x", administrator="x"),
            post=to(signed_in=".", readers="x", administrator="x"),
            of=lambda world: [(world.closed.pilot_round_id, world.closed.pk)],
            data=lambda world, number: {"until": FAR, "reason": "Theo đề nghị."},
        ),
        Page(
            get=to(signed_in=".", readers="x", administrator="oxxoox"),
            post=to(signed_in=".", readers="x", administrator="rxxrrx"),
            of=lambda world: [
                (case.dossier.pilot_round_id, case.dossier.pk) for case in world.cases
            ],
            data=lambda world, number: {"until": FAR, "reason": "Theo đề nghị."},
        ),
        Page(  # a dossier of another round
            get=to(signed_in=".", readers="x", administrator="."),
            post=to(signed_in=".", readers="x", administrator="."),
            of=lambda world: [(world.elsewhere.pilot_round_id, world.cases[0].dossier.pk)],
        ),
    ],
    "evaluations:adopt-reading": [
        Page(
            get=to(signed_in=".", readers="x.x", administrator="oox"),
            post=to(signed_in=".", readers="x.x", administrator="rrx"),
            of=lambda world: [(pk, "exact_80") for (pk,) in round_states(world)],
            data=lambda world, number: {"choice": "level_1", "document": "12/CV-SGDĐT"},
        ),
        Page(
            get=to(signed_in=".", readers="x"),
            post=to(signed_in=".", readers="x"),
            of=lambda world: [(rounds(world)[0][0], "khong-co")],
        ),
    ],
    # A round that is not opened is told why not, and refused.
    "evaluations:adopt-points": [
        Page(
            get=to(signed_in=".", readers="x.x", administrator="oox"),
            post=to(signed_in=".", readers="x.x", administrator="rux"),
            of=lambda world: [(pk, world.newer_points.code, 2) for (pk,) in round_states(world)],
            data=lambda world, number: {"reason": "12/CV-SGDĐT"},
        )
    ],
    "evaluations:new-points": [
        Page(
            get=ADMINISTRATOR,
            post=to(signed_in="x", administrator="r"),
            of=lambda world: [(world.newer_points.code, 1)],
            data=lambda world, number: typed_version(first_points(world), note="Đã rõ"),
        ),
        Page(
            get=to(signed_in="."),
            post=to(signed_in="."),
            of=lambda world: [(world.newer_points.code, 9)],
        ),
    ],
    # The other district has one dossier and goes straight to it.
    "evaluations:dossiers": [Page(get=to(signed_in="o", elsewhere="r"))],
    "evaluations:dossier": [Page(get=KNOWN, of=dossiers)],
    "evaluations:what-if": [Page(get=KNOWN, of=dossiers)],
    "evaluations:history": [Page(get=KNOWN, of=dossiers)],
    # A first submission has none before it to compare with.
    "evaluations:submission": [
        Page(
            get=to(signed_in="."),
            of=lambda world: [(case.dossier.pk, 1) for case in world.cases],
        ),
        Page(
            get=to(unit="o", elsewhere=".", readers="o", administrator="."),
            of=lambda world: [(world.resubmitted.pk, 2)],
        ),
    ],
    "evaluations:indicator": [
        Page(get=KNOWN, post=WRITTEN, of=indicators, data=stated),
        Page(  # of a round that is closed
            get=to(signed_in=".", unit="o"),
            post=to(signed_in=".", unit="x"),
            of=lambda world: [(world.closed.pk, "2.2.1")],
            data=lambda world, number: stated_of(world.closed.results.get(indicator__code="2.2.1")),
        ),
        Page(
            get=to(signed_in="."),
            post=to(signed_in="."),
            of=lambda world: [(world.cases[0].dossier.pk, "9.9.9")],
        ),
    ],
    "evaluations:counted-units": [
        Page(
            get=to(unit="oo", elsewhere=".", readers=".o", administrator="."),
            of=lambda world: [(dossier.pk, "2.1.2") for dossier in world.counted],
        ),
        Page(  # an indicator whose figures are typed
            get=to(signed_in="."), of=lambda world: [(world.counted[1].pk, "2.2.1")]
        ),
    ],
    "evaluations:evidence": [Page(get=KNOWN, of=indicators)],
    "evaluations:upload-evidence": [Page(get=EDITED, post=WRITTEN, of=indicators, data=paper)],
    "evaluations:pick-evidence": [
        Page(
            get=EDITED,
            post=WRITTEN,
            of=indicators,
            data=lambda world, number: {"document": world.uncited.pk},
        )
    ],
    "evaluations:citation": [
        Page(
            get=EDITED,
            post=WRITTEN,
            of=citations,
            data=lambda world, number: {"cited": "trang 2"},
        ),
        Page(  # a citation that belongs to another dossier
            get=to(signed_in=".", unit="."),
            post=to(signed_in=".", unit="."),
            of=lambda world: [
                (world.cases[0].dossier.pk, world.cases[0].code, world.cases[1].evidence.pk)
            ],
        ),
    ],
    "evaluations:remove-citation": [Page(post=WRITTEN, of=citations)],
    "evaluations:use-newest": [Page(post=WRITTEN, of=citations)],
    "evaluations:check": [
        Page(get=to(unit="oxxoox", elsewhere=".", readers=".xxxxx", administrator="."), of=dossiers)
    ],
    # Of the city's own dossier; a district's has no such parts. Who may what there, and that its
    # agencies meet nowhere: tests/evaluations/test_city_parts.py.
    "evaluations:own-part": [Page(get=to(signed_in="."), of=dossiers)],
    "evaluations:assignments": [Page(get=to(signed_in="."), of=dossiers)],
    "evaluations:assign": [
        Page(get=to(signed_in="."), post=to(signed_in="."), of=lambda world: indicators(world)[:2])
    ],
    "evaluations:hand-over": [
        Page(get=to(signed_in="."), post=to(signed_in="."), of=lambda world: indicators(world)[:2])
    ],
    "evaluations:return-part": [
        Page(
            get=to(unit="x", elsewhere=".", readers=".", administrator="."),
            post=to(unit="x", elsewhere=".", readers=".", administrator="."),
            of=lambda world: indicators(world)[:1],
        )
    ],
    "evaluations:take-step": [
        # A second press by the same person leads to the dossier, as the first did.
        step("submit", leader="rrxrrx"),
        step("withdraw", leader="xrxxxx"),
        step("take-back", leader="xxxxxx"),
        step("take-in", appraiser=".rrxxx"),
        step("return", appraiser=".xurrx"),
        step("finish", appraiser=".xrxxr"),
        Page(post=to(signed_in="."), of=lambda world: [(world.cases[0].dossier.pk, "khong-co")]),
    ],
    "evaluations:registers": [Page(get=to(signed_in="o", administrator=".", scored="r"))],
    "evaluations:register": [
        Page(
            get=to(unit="oo..", elsewhere=".", readers="ooo.", administrator="."),
            post=to(
                unit="rr..",
                elsewhere=".",
                readers="xxx.",
                appraiser="xxr.",
                administrator=".",
            ),
            of=registers(("own", "xa"), ("own", "co-quan"), ("city", "co-quan"), ("city", "xa")),
        ),
        Page(  # a round that is not opened, and a kind that there is not
            get=to(signed_in="."),
            post=to(signed_in="."),
            of=lambda world: [
                (world.planned.pk, world.own.pk, "xa"),
                (world.cases[0].dossier.pilot_round_id, world.own.pk, "khong-co"),
            ],
        ),
    ],
    "evaluations:add-unit": [
        Page(
            get=to(unit="o..", elsewhere=".", readers="x", appraiser="xxo", administrator="."),
            post=to(unit="r..", elsewhere=".", readers="x", appraiser="xxr", administrator="."),
            of=registers(("own", "co-quan"), ("own", "xa"), ("city", "co-quan")),
            data=lambda world, number: {
                "name": "Trường Tiểu học Nhân Hòa",
                "unit_type": "trường tiểu học",
                "since": "01/09/2005",
            },
        )
    ],
    "evaluations:enter-known-units": [
        Page(
            post=to(unit="r.", elsewhere=".", readers="x", appraiser="xr", administrator="."),
            of=registers(("own", "co-quan"), ("city", "co-quan")),
        )
    ],
    "evaluations:unit-result": [
        Page(
            get=to(unit="oo..", elsewhere="...o", readers="o", administrator="."),
            of=register_lines,
        )
    ],
    "evaluations:save-unit-result": [
        Page(
            post=to(
                unit="rr..",
                elsewhere="...r",
                readers="x",
                appraiser="xxrx",
                administrator=".",
            ),
            of=register_lines,
            data=lambda world, number: {"line-page": "1"},
        )
    ],
    "evaluations:titles": [
        Page(
            get=to(unit="o.", elsewhere=".", readers="o.", administrator="."),
            post=to(unit="r.", elsewhere=".", readers="x.", administrator="."),
            of=lambda world: [
                (round_pk, owner_pk)
                for round_pk, owner_pk, _ in registers(("own", "xa"), ("city", "co-quan"))(world)
            ],
        ),
        Page(  # a round that is not opened
            get=to(signed_in="."),
            post=to(signed_in="."),
            of=lambda world: [(world.planned.pk, world.own.pk)],
        ),
    ],
    # Only a commune has titles.
    "evaluations:save-titles": [
        Page(
            post=to(
                unit="r...",
                elsewhere="...r",
                readers="x",
                appraiser="xx.x",
                administrator=".",
            ),
            of=register_lines,
        )
    ],
    # Communes are of the State's own list: nobody closes one here.
    "evaluations:close-unit": [
        Page(
            get=to(unit="xo..", elsewhere="...x", readers="x", appraiser="xxox", administrator="."),
            post=to(
                unit="xr..", elsewhere="...x", readers="x", appraiser="xxrx", administrator="."
            ),
            of=register_lines,
            data=lambda world, number: {"on": "30/06/2022", "reason": "Sáp nhập"},
        )
    ],
    "evaluations:take-out-unit": [
        Page(
            post=to(
                unit="rr..",
                elsewhere="...r",
                readers="x",
                appraiser="xxrx",
                administrator=".",
            ),
            of=register_lines,
        )
    ],
    "evaluations:sheets": [Page(get=to(signed_in=".", scored="o"))],
    "evaluations:sheet": [
        Page(
            get=to(unit="o", elsewhere=".", readers="o", administrator=".", scored="o"),
            post=to(unit="x", elsewhere=".", readers="x", administrator=".", scored="rxrx"),
            of=sheets,
            data=lambda world, number: {"points-1": "35"},
        )
    ],
    "evaluations:take-sheet-step": [
        # A second press by the same person leads to the sheet, as the first did.
        sheet_step("submit", scored="rrrx"),
        sheet_step("withdraw", scored="xrxx"),
        sheet_step("confirm", unit="xrxx", leader="xrxr"),
        sheet_step("return", unit="xrxr", leader="xrrr"),
        Page(post=to(signed_in="."), of=lambda world: [(world.sheets[0].pk, "khong-co")]),
    ],
    "evaluations:sheet-evidence": [Page(get=to(signed_in=".", scored="o"), of=sheet_items)],
    "evaluations:upload-sheet-evidence": [
        Page(get=SHEET_EDITED, post=SHEET_WRITTEN, of=sheet_items, data=paper)
    ],
    "evaluations:pick-sheet-evidence": [
        Page(
            get=SHEET_EDITED,
            post=SHEET_WRITTEN,
            of=sheet_items,
            data=lambda world, number: {"document": sheet_paper(world, number).document_id},
        )
    ],
    "evaluations:sheet-citation": [
        Page(
            get=SHEET_EDITED,
            post=SHEET_WRITTEN,
            of=sheet_citations,
            data=lambda world, number: {"cited": "trang 2"},
        ),
        Page(  # a citation that belongs to another sheet
            get=to(signed_in=".", unit="x", readers="x"),
            post=to(signed_in=".", unit="x", readers="x"),
            of=lambda world: [(world.sheets[0].pk, "1", sheet_paper(world, 1).pk)],
        ),
    ],
    "evaluations:remove-sheet-citation": [Page(post=SHEET_WRITTEN, of=sheet_citations)],
    "evaluations:use-newest-in-sheet": [Page(post=SHEET_WRITTEN, of=sheet_citations)],
    "evaluations:documents": [Page(get=ALL)],
    # What a closed dossier shows of a paper stays as it is: the unit itself is refused there.
    "evaluations:document": [
        Page(
            get=KNOWN,
            post=WRITTEN,
            of=papers,
            data=lambda world, number: {
                "number": "1/QĐ",
                "issued_on": "25/11/2022",
                "summary": "Khác",
            },
        ),
        Page(  # a paper of a unit's own sheet
            get=SHEET_PAPER,
            post=to(unit=".x.x", elsewhere=".", readers=".x.x", administrator=".", scored="rxrx"),
            of=lambda world: [(paper.document_id,) for paper in sheet_papers(world)],
            data=lambda world, number: {"summary": "Khác"},
        ),
    ],
    "evaluations:add-files": [
        Page(
            post=to(unit="r", elsewhere=".", readers=".xxxxx", administrator="."),
            of=papers,
            data=paper,
        )
    ],
    "evaluations:download-file": [Page(get=KNOWN, of=files), Page(get=SHEET_PAPER, of=sheet_files)],
    "evaluations:preview-file": [Page(get=KNOWN, of=files), Page(get=SHEET_PAPER, of=sheet_files)],
    "evaluations:preview-page": [Page(get=KNOWN, of=files), Page(get=SHEET_PAPER, of=sheet_files)],
    "evaluations:appraisals": [Page(get=to(signed_in="x", department="o"))],
    "evaluations:appraise-dossier": [
        Page(get=to(signed_in="x", council=".xxxxx", department=".ooooo"), of=dossiers)
    ],
    "evaluations:accept-rest": [
        Page(
            post=to(
                unit="x",
                elsewhere=".",
                readers=".xxxxx",
                administrator=".",
                appraiser=".xrxxx",
            ),
            of=dossiers,
        )
    ],
    "evaluations:appraisal-echo": [
        Page(get=to(signed_in="x", council=".xxxxx", department=".ooooo"), of=indicators)
    ],
    "evaluations:appraise": [
        Page(
            get=to(signed_in="x", council=".xxxxx", department=".ooooo"),
            post=to(signed_in="x", council=".xxxxx", approver=".xxxxx", appraiser=".xrxxx"),
            of=indicators,
            data=lambda world, number: {
                "verdict": "accept",
                "version": seen_version(world.cases[number]),
            },
        )
    ],
    "evaluations:sessions": [Page(get=to(signed_in=".", readers="o"))],
    "evaluations:plan-session": [
        Page(
            get=to(signed_in=".", readers="x", department="o"),
            post=to(signed_in=".", readers="x", department="r"),
            data=lambda world, number: plan_of(world.council.concluded.evaluation_id, world),
        )
    ],
    "evaluations:session": [Page(get=to(signed_in=".", readers="o"), of=sessions)],
    "evaluations:change-session": [
        Page(
            get=to(signed_in=".", readers="x", department="ox"),
            post=to(signed_in=".", readers="x", department="rx"),
            of=sessions,
            data=changed_plan,
        )
    ],
    "evaluations:minutes": [
        Page(
            get=to(signed_in=".", readers="x", department="ox"),
            post=to(signed_in=".", readers="x", department="rx"),
            of=sessions,
            data=typed_minutes,
        )
    ],
    # Not concluded yet; and pressed again by who closed it.
    "evaluations:close-session": [
        Page(post=to(signed_in=".", readers="x", appraiser="ux", approver="ur"), of=sessions)
    ],
    "evaluations:session-item": [
        Page(
            get=to(signed_in=".", readers="oo."),
            post=to(signed_in=".", readers="xx.", council="rx."),
            of=session_items,
            data=lambda world, number: {"stand": "agrees"},
        )
    ],
    "evaluations:inspections": [Page(get=to(signed_in="o", administrator="."))],
    "evaluations:draw-inspection": [
        Page(
            get=to(unit="x", elsewhere=".", readers=".xxx", appraiser=".oox", administrator="."),
            post=to(unit="x", elsewhere=".", readers=".xxx", appraiser=".rrx", administrator="."),
            of=inspectable,
            data=lambda world, number: {"n-communes-kha": "1", "seed": "27081964"},
        )
    ],
    "evaluations:inspection": [Page(get=INSPECTED, of=inspections)],
    "evaluations:how-drawn": [Page(get=INSPECTED, of=inspections)],
    "evaluations:print-inspection": [Page(get=INSPECTED, of=inspections)],
    "evaluations:record-inspection": [
        Page(
            get=to(**INSPECTOR | {"appraiser": "oox"}),
            post=to(**INSPECTOR | {"appraiser": "rrx"}),
            of=inspections,
            data=typed_findings,
        )
    ],
    # Not ready yet; ready; and pressed again by who closed it.
    "evaluations:close-inspection": [
        Page(post=to(**INSPECTOR | {"appraiser": "urr"}), of=inspections)
    ],
    "evaluations:feed-inspection": [
        Page(
            post=to(**INSPECTOR | {"appraiser": "xxr"}),
            of=lambda world: [(pk, "2.1.2") for (pk,) in inspections(world)],
            data=proposed_verdict,
        )
    ],
    "evaluations:attach-minutes": [
        Page(
            post=to(**INSPECTOR | {"appraiser": "rrx"}),
            of=inspections,
            data=lambda world, number: {"scan": samples.upload(samples.pdf("biên bản"), "b.pdf")},
        )
    ],
    "evaluations:download-minutes": [Page(get=MINUTES, of=minutes_of_inspections)],
    "evaluations:preview-minutes": [Page(get=MINUTES, of=minutes_of_inspections)],
    "evaluations:decisions": [Page(get=to(signed_in="o", administrator="."))],
    "evaluations:record-decision": [
        Page(
            get=to(signed_in=".", readers="x", approver="o"),
            post=to(signed_in=".", readers="x", approver="r"),
            data=new_decision,
        )
    ],
    "evaluations:decision": [
        Page(get=to(unit="o", elsewhere=".", readers="o", administrator="."), of=decision)
    ],
    "evaluations:correct-decision": [
        Page(
            get=to(unit="x", elsewhere=".", readers="x", approver="o", administrator="."),
            post=to(unit="x", elsewhere=".", readers="x", approver="r", administrator="."),
            of=decision,
            data=correction,
        )
    ],
    "evaluations:download-decision": [
        Page(get=to(unit="o", elsewhere=".", readers="o", administrator="."), of=decision)
    ],
    "evaluations:preview-decision": [
        Page(get=to(unit="o", elsewhere=".", readers="o", administrator="."), of=decision)
    ],
    "evaluations:recognised": [
        Page(get=to(signed_in=".", readers="o.", administrator="."), of=rounds)
    ],
    "evaluations:register-template": [
        Page(
            get=to(unit="o..", elsewhere=".", readers="xx.", appraiser="xo.", administrator="."),
            of=workbooks,
        )
    ],
    "evaluations:upload-results": [
        Page(
            get=to(unit="o..", elsewhere=".", readers="xx.", appraiser="xo.", administrator="."),
            post=to(unit="r..", elsewhere=".", readers="xx.", appraiser="xr.", administrator="."),
            of=workbooks,
            data=filled_workbook,
        ),
        Page(  # without a file
            get=to(unit="o", elsewhere=".", readers="x", administrator="."),
            post=to(unit="u", elsewhere=".", readers="x", administrator="."),
            of=lambda world: workbooks(world)[:1],
        ),
    ],
    # A workbook on its way is nobody's but its uploader's: faulty, ready, dropped.
    "evaluations:result-upload": [Page(get=to(signed_in=".", editor="oor"), of=uploads)],
    "evaluations:error-file": [Page(get=to(signed_in=".", editor="o.."), of=uploads)],
    "evaluations:apply-upload": [
        Page(post=to(signed_in=".", editor="rrr"), of=uploads, data=seen_differences)
    ],
    "evaluations:drop-upload": [Page(post=to(signed_in=".", editor="rrr"), of=uploads)],
    # --- organisations ---
    "organisations:sign-in": [
        Page(
            get=to(signed_in="r", anonymous="o"),
            post=to(signed_in="r", anonymous="r"),
            data=lambda world, number: {
                "username": world.people["editor"].username,
                "password": PASSWORD,
            },
        )
    ],
    # Nobody has just given a password, so nobody is asked for a code.
    "organisations:second-step": [
        Page(get=to(signed_in="r", anonymous="r"), post=to(signed_in="r", anonymous="r"))
    ],
    "organisations:recovery-step": [
        Page(get=to(signed_in="r", anonymous="r"), post=to(signed_in="r", anonymous="r"))
    ],
    "organisations:second-factor": [Page(get=ALL)],
    "organisations:set-up-second-factor": [Page(get=ALL, post=ALL)],
    "organisations:renew-codes": [Page(post=to(signed_in="r"))],
    "organisations:turn-off-second-factor": [Page(post=ALL)],
    "organisations:own-sign-ins": [Page(get=ALL)],
    "organisations:end-session": [Page(post=to(signed_in="r"), of=lambda world: [("khong-co",)])],
    "organisations:sign-out-everywhere": [Page(post=to(signed_in="r"))],
    "organisations:sign-out": [Page(post=to(signed_in="r"))],
    "organisations:account": [Page(get=ALL)],
    "organisations:choose-mail": [
        Page(post=to(signed_in="r", scored="r"), data=lambda world, number: {"wants": "1"})
    ],
    "organisations:session": [Page(get=to(signed_in="n"))],
    "organisations:change-password": [
        Page(
            get=ALL,
            post=to(signed_in="r"),
            data=lambda world, number: {
                "old_password": PASSWORD,
                "new_password1": "mat-khau-khac-2023",
                "new_password2": "mat-khau-khac-2023",
            },
        )
    ],
    "organisations:request-reset": [
        Page(
            get=OPEN,
            post=to(signed_in="r", anonymous="r"),
            data=lambda world, number: {"email": "ai.do@example.com"},
        )
    ],
    "organisations:reset-requested": [Page(get=OPEN)],
    "organisations:confirm-reset": [
        Page(
            get=to(signed_in="ro", anonymous="ro"),
            post=to(signed_in="ro", anonymous="ro"),
            of=reset_link,
        )
    ],
    "organisations:people": [Page(get=ADMINISTRATOR)],
    "organisations:create-person": [
        Page(
            get=ADMINISTRATOR,
            post=ADMINISTRATOR,  # answers with the slip itself
            data=lambda world, number: {
                "full_name": "Bùi Thị Mới",
                "username": "thi.moi",
                "organisation": world.own.pk,
                "role": "editor",
            },
        )
    ],
    "organisations:upload-people": [Page(get=ADMINISTRATOR, post=ADMINISTRATOR)],
    "organisations:people-template": [Page(get=ADMINISTRATOR)],
    "organisations:confirm-people": [
        Page(get=to(signed_in="x", administrator="r"), post=to(signed_in="x", administrator="r"))
    ],
    "organisations:edit-person": [
        Page(
            get=to(signed_in="x", administrator="oxo"),
            post=to(signed_in="x", administrator="rxr"),
            of=accounts,
            data=person,
        )
    ],
    "organisations:reset-person-password": [
        Page(post=to(signed_in="x", administrator="oxx"), of=accounts)
    ],
    "organisations:reset-person-factor": [
        Page(
            post=to(signed_in="x", administrator="rxx"),
            of=accounts,
            data=lambda world, number: {"reason": "Mất điện thoại"},
        )
    ],
    "organisations:sign-in-log": [Page(get=ADMINISTRATOR)],
    "organisations:processing-log": [Page(get=ADMINISTRATOR)],
    "organisations:own-data": [Page(get=ALL)],
    "organisations:export-own-data": [Page(post=ALL, data=lambda world, number: {"kind": "json"})],
    # The first is in use: both answers say what is to be done before.
    "organisations:anonymise-person": [
        Page(
            get=to(signed_in="x", administrator="oxx"),
            post=to(signed_in="x", administrator="oxx"),
            of=accounts,
            data=lambda world, number: {
                "reason": "Đơn số 12",
                "username": world.people["editor"].username,
            },
        )
    ],
    "organisations:deactivate-person": [
        Page(post=to(signed_in="x", administrator="rxx"), of=accounts)
    ],
    "organisations:activate-person": [
        Page(post=to(signed_in="x", administrator="rxx"), of=accounts)
    ],
    "organisations:units": [Page(get=ADMINISTRATOR)],
    "organisations:edit-unit": [
        Page(
            get=to(signed_in="x", administrator="o."),
            post=to(signed_in="x", administrator="r."),
            of=lambda world: [(world.own.pk,), (0,)],
            data=lambda world, number: {
                "short_name": "Vĩnh Bảo",
                "issuer_name": "UBND huyện Vĩnh Bảo",
                "place": "Vĩnh Bảo",
            },
        )
    ],
    # --- criteria ---
    "criteria:index": [Page(get=ALL)],
    "criteria:detail": [
        Page(
            get=to(signed_in="o."),
            of=lambda world: [(CriteriaSet.objects.first().code,), ("khong-co",)],
        )
    ],
    "criteria:points": [
        Page(
            get=to(signed_in="oo."),
            of=lambda world: [(world.newer_points.code, version) for version in (1, 2, 9)],
        )
    ],
    # --- reports ---
    "reports:index": [Page(get=ALL)],
    "reports:runs": [Page(get=ALL)],
    "reports:order": [
        Page(
            post=to(
                unit="r",
                elsewhere=".",
                readers=".xxxxx",
                department=".rrxxr",
                administrator=".",
            ),
            of=lambda world: [() for _ in world.cases],
            data=order_of_dossier,
        ),
        Page(
            post=to(unit="x.", elsewhere=".", readers="r.", administrator="x", scored="x."),
            of=lambda world: [(), ()],
            data=order_of_round,
        ),
        Page(
            post=to(
                unit=".",
                elsewhere=".",
                department="rrxrr",
                council="xrxxx",
                observer="x",
                administrator=".",
            ),
            of=lambda world: [()] * 5,
            data=order_of_session,
        ),
        Page(
            post=to(signed_in="r"),
            of=lambda world: [()],
            data=lambda world, number: {
                "report": "bo-tieu-chi",
                "subject": world.planned.district_set_id,
                "file_type": "xlsx",
            },
        ),
    ],
    "reports:run": [Page(get=RUN, of=ready_runs)],
    "reports:run-progress": [Page(get=RUN, of=ready_runs)],
    "reports:ministry": [
        Page(
            get=to(**OF_THE_ROUND, department="o."),
            post=to(**OF_THE_ROUND, department="u."),
            of=rounds,
        )
    ],
    "reports:urging-words": [
        Page(
            get=to(**OF_THE_ROUND, department="o."),
            post=to(**OF_THE_ROUND, department="u."),
            of=rounds,
        )
    ],
    "reports:appraisal-words": [
        Page(
            get=to(**OF_THE_DOSSIER, department=".xxxxo"),
            post=to(**OF_THE_DOSSIER, department=".xxxxu"),
            of=dossiers,
        )
    ],
    "reports:proposal-words": [
        Page(
            get=to(signed_in=".", readers="x", department="xo"),
            post=to(signed_in=".", readers="x", department="xu"),
            of=sessions,
        )
    ],
    "reports:board-file": [Page(get=to(signed_in=".", readers="o"))],
    "reports:trail-file": [Page(get=KNOWN, of=dossiers)],
    "reports:download": [
        Page(get=RUN, of=ready_runs),
        Page(get=to(signed_in="."), of=failed_runs),
    ],
    "reports:retry": [
        Page(
            post=to(
                editor="rr....",
                leader="xx....",
                elsewhere=".",
                readers=".xxx.x",
                approver=".xxxxx",
                appraiser=".xrrrr",
                administrator=".",
            ),
            of=failed_runs,
        )
    ],
    # Whoever holds a print may ask.
    "prints:check": [Page(get=OPEN, post=OPEN, data=print_of_a_run)],
    "prints:check-number": [
        Page(
            get=OPEN,
            post=OPEN,
            of=lambda world: [(world.runs["ready"][0].pk,)],
            data=print_of_a_run,
        )
    ],
    "reports:cancel": [
        Page(
            post=to(
                editor="rr....",
                leader="xx....",
                elsewhere=".",
                readers=".xxx.x",
                approver=".xxxxx",
                appraiser=".xrrrr",
                administrator=".",
            ),
            of=queued_runs,
        ),
        Page(
            post=to(
                editor="rr....",
                leader="xx....",
                elsewhere=".",
                readers=".xxx.x",
                approver=".xxxxx",
                appraiser=".xrrrr",
                administrator=".",
            ),
            of=ready_runs,
        ),
    ],
}


def addresses(resolver=None, prefix: str = "", route: str = "/") -> Iterator[tuple[str, str]]:
    """Every pattern of the URL conf: its full name and its route, Django's admin too."""
    for entry in (resolver or get_resolver()).url_patterns:
        whole = f"{route}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", whole
        else:
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from addresses(entry, inner, whole)


OURS = sorted({name for name, _ in addresses() if not name.startswith("admin:")})
ADMIN = [route for name, route in addresses() if name.startswith("admin:")]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), rolled_back(media):
        yield make_world(), media


@pytest.fixture
def world(loaded, db, settings, monkeypatch) -> World:
    """The two districts; nothing is really sent off from here."""
    made, settings.MEDIA_ROOT = loaded
    monkeypatch.setattr("organisations.views.session.order_reset_mail", lambda **words: True)
    return made


@pytest.fixture
def _plain_errors(monkeypatch):
    """Half of all answers are refusals: their page is drawn elsewhere, here the code will do."""

    def handler(resolver, code):
        return lambda request, exception=None: HttpResponse(status=code)

    monkeypatch.setattr(URLResolver, "resolve_error_handler", handler)


@pytest.fixture(scope="module")
def signed_in(loaded, django_db_blocker) -> dict[str, dict]:
    """The cookies of everybody; a request then has a client of its own."""
    cookies = {"anonymous": {}}
    with django_db_blocker.unblock():
        for name, user in loaded[0].people.items():
            client = Client()
            client.force_login(user)
            cookies[name] = client.cookies
    return cookies


@pytest.fixture
def browsers(world, signed_in) -> dict[str, dict]:
    return signed_in


def ask(cookies, method: str, url: str, data: dict | None = None, **how):
    """One request that leaves nothing behind; `written`: the tables it would have changed."""
    client = Client(**how)
    for name, morsel in cookies.items():
        client.cookies[name] = morsel.value
    with transaction.atomic(), listening() as written:
        response = getattr(client, method)(url, data or {})
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    response.written = written
    return response


def letter_of(response) -> str:
    """The answer in the table's words; what the table does not know stays a number."""
    if response.status_code == HTTPStatus.FOUND:
        return "s" if response.url.startswith(f"{SIGN_IN}?next=") else "r"
    known = {status: letter for letter, status in STATUS.items() if letter not in "rs"}
    return known.get(response.status_code, f"<{response.status_code}>")


def letter_and_work(response, url_name: str) -> str:
    """The letter; and whatever was written where nobody's work may change: by a page that is only
    looked at, or by one that refuses."""
    letter = letter_of(response)
    is_looked_at = response.request["REQUEST_METHOD"] == "GET" and url_name not in MARKS_AS_READ
    work = work_in(response.written) if is_looked_at or letter not in "orn" else []
    return f"{letter}{work or ''}"


def declared(page: Page, method: str, person: str) -> str:
    """The table's letters; where the method is not taken at all one letter is enough."""
    said = page.get if method == "get" else page.post
    if said:
        return said[person]
    is_open = person == "anonymous" and (page.get or page.post)[person] != "s"
    return "-" if is_open else NOT_TAKEN[person]


def obeys_somebody(page: Page) -> bool:
    return any(set("ro") & set(letters) for letters in (page.post or {}).values())


def answers(cookies, world: World, url_name: str, page: Page, method: str) -> str:
    """What a person is answered, a letter for each of the page's cases."""
    is_taken = page.get if method == "get" else page.post
    cases = page.of(world) if is_taken else page.of(world)[:1]
    return "".join(
        letter_and_work(ask(cookies, method, reverse(url_name, args=arguments), data), url_name)
        for arguments, data in (
            (arguments, page.data(world, number) if method == "post" and is_taken else None)
            for number, arguments in enumerate(cases)
        )
    )


# Opened from the inbox, a notice is read.
MARKS_AS_READ = {"evaluations:open-notice"}
# That a method is not taken is said before anybody's role is looked at.
ASKED_FOR_NOTHING = {"anonymous", "editor", "administrator"}


def test_every_address_says_whom_it_answers():
    assert set(OURS) == set(PAGES)


@pytest.mark.usefixtures("_plain_errors")
@pytest.mark.parametrize("url_name", OURS)
def test_each_person_gets_the_declared_answer(browsers, world, url_name):
    wrong = []

    for page, method, person in product(PAGES[url_name], ("get", "post"), browsers):
        if getattr(page, method) is None and person not in ASKED_FOR_NOTHING:
            continue
        wanted = declared(page, method, person)
        got = answers(browsers[person], world, url_name, page, method)
        if got != (wanted * len(got) if len(wanted) == 1 else wanted):
            wrong.append(f"{method} {person}: {got}, declared {wanted}")

    assert wrong == []


@pytest.mark.parametrize(
    "url_name", [name for name in OURS if name in PAGES and obeys_somebody(PAGES[name][0])]
)
def test_nothing_is_written_without_a_csrf_token(browsers, world, url_name):
    """Asked as somebody whom the same address obeys when the token is there."""
    page = PAGES[url_name][0]
    person, number = next(
        (person, letters.find(letter))
        for person, letters in reversed(page.post.items())
        for letter in "ro"
        if letter in letters
    )
    if url_name == "organisations:sign-in":
        person = "anonymous"  # a second click of somebody signed in simply goes on
    url = reverse(url_name, args=page.of(world)[number])

    answer = ask(browsers[person], "post", url, page.data(world, number), enforce_csrf_checks=True)

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "403_csrf.html" in [template.name for template in answer.templates]


@pytest.mark.usefixtures("_plain_errors")
def test_admin_answers_nobody_but_operators(browsers, world):
    """All of Django's admin as one: whatever the address, the method and the role."""
    client = Client()
    for person in ("anonymous", "administrator"):
        client.cookies.clear()
        if person != "anonymous":
            client.force_login(world.people[person])
        for route, method in product(ADMIN, ("get", "post")):
            url = re.sub(r"<[^>]*>", "1", re.sub(r"\(.*\)", "khong-co", route)).strip("^$")
            answer = getattr(client, method)(url, follow=True)
            place = answer.request["PATH_INFO"], answer.status_code
            if person == "anonymous":
                assert place == (SIGN_IN, HTTPStatus.OK), (method, url)
            else:
                assert place[1] == HTTPStatus.FORBIDDEN, (method, url)


def test_operator_of_the_admin_is_answered(client, world):
    client.force_login(world.operator)

    assert client.get(reverse("admin:index")).status_code == HTTPStatus.OK


ELSEWHERE = [
    "https://example.com/",
    "//example.com/",
    "///example.com/",
    "/\\example.com/",
    "\\\\example.com/",
    "http:example.com",
    "https:///example.com/",
    "//testserver@example.com/",
    "\t//example.com/",
    "javascript:alert(1)",
    "data:text/html,x",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_redirect_leads_out_of_the_site(client, world, target):
    user = world.people["editor"]
    typed = {"username": user.username, "password": PASSWORD}

    signed_in = client.post(f"{SIGN_IN}?{urlencode({'next': target})}", typed)
    again = client.get(SIGN_IN, {"next": target})
    chosen = client.post(
        reverse("evaluations:choose-round"),
        {"dot": world.cases[0].dossier.pilot_round_id, "next": target},
    )

    assert [answer.url for answer in (signed_in, again, chosen)] == ["/", "/", "/"]


@pytest.mark.parametrize("host", ["example.com", "testserver.example.com", "testserver:x", ""])
@pytest.mark.parametrize("url_name", ["organisations:sign-in", "organisations:request-reset"])
def test_host_that_is_not_ours_is_refused(client, world, url_name, host):
    assert client.get(reverse(url_name), HTTP_HOST=host).status_code == HTTPStatus.BAD_REQUEST


def test_host_that_a_stranger_forwards_is_not_believed(client, world):
    page = client.get(SIGN_IN, HTTP_X_FORWARDED_HOST="example.com")

    assert page.wsgi_request.get_host() == "testserver"
