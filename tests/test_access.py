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
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from criteria.models import CriteriaSet
from evaluations.actions.appraisal import version_of
from evaluations.actions.results import values_of
from tests.evaluations import samples
from tests.evaluations.loaded import rolled_back
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
        *("appraiser", "approver", "council", "observer", "administrator"),
    ],
}


def to(**answers: str) -> dict[str, str]:
    """Answers by person; what is said later and of fewer stands. One letter is said of all."""
    said = {"anonymous": "s"}
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
# Letters by run: of a draft, of a submitted dossier, the Sở's own, of a whole round.
RUN = to(unit="oo..", elsewhere=".", readers=".ooo", administrator=".")


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


def ready_runs(world: World) -> list:
    return [(run.pk,) for run in world.runs["ready"]]


def failed_runs(world: World) -> list:
    return [(run.pk,) for run in world.runs["failed"]]


def accounts(world: World) -> list:
    """An ordinary one, an operator's, and the administrator's own."""
    people = (world.people["editor"], world.operator, world.people["administrator"])
    return [(person.pk,) for person in people]


def stated(world: World, number: int) -> dict:
    """What the indicator says already, as its page would send it again."""
    case = world.cases[number]
    values = values_of(case.evidence.result)
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


def order_of_dossier(world: World, number: int) -> dict:
    subject = world.cases[number].dossier.pk
    return {"report": "bao-cao-tu-danh-gia", "subject": subject, "file_type": "pdf"}


def order_of_round(world: World, number: int) -> dict:
    (subject,) = rounds(world)[number]
    return {"report": "tong-hop-quan-huyen", "subject": subject, "file_type": "pdf"}


def reset_link(world: World) -> list:
    user = world.people["editor"]
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return [(uid, default_token_generator.make_token(user)), (uid, "khong-dung")]


PAGES = {
    "health": [Page(get=OPEN)],
    # --- evaluations ---
    "evaluations:home": [Page(get=ALL)],
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
    "evaluations:extend": [
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
            get=to(signed_in=".", readers="x.", administrator="o"),
            post=to(signed_in=".", readers="x.", administrator="r"),
            of=lambda world: [(pk, "exact_80") for (pk,) in rounds(world)],
            data=lambda world, number: {"choice": "level_1", "document": "12/CV-SGDĐT"},
        ),
        Page(
            get=to(signed_in=".", readers="x"),
            post=to(signed_in=".", readers="x"),
            of=lambda world: [(rounds(world)[0][0], "khong-co")],
        ),
    ],
    # The other district has one dossier and goes straight to it.
    "evaluations:dossiers": [Page(get=to(signed_in="o", elsewhere="r"))],
    "evaluations:dossier": [Page(get=KNOWN, of=dossiers)],
    "evaluations:what-if": [Page(get=KNOWN, of=dossiers)],
    "evaluations:history": [Page(get=KNOWN, of=dossiers)],
    "evaluations:indicator": [
        Page(get=KNOWN, post=WRITTEN, of=indicators, data=stated),
        Page(
            get=to(signed_in="."),
            post=to(signed_in="."),
            of=lambda world: [(world.cases[0].dossier.pk, "9.9.9")],
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
        )
    ],
    "evaluations:add-files": [
        Page(
            post=to(unit="r", elsewhere=".", readers=".xxxxx", administrator="."),
            of=papers,
            data=paper,
        )
    ],
    "evaluations:download-file": [Page(get=KNOWN, of=files)],
    "evaluations:preview-file": [Page(get=KNOWN, of=files)],
    "evaluations:preview-page": [Page(get=KNOWN, of=files)],
    "evaluations:appraisals": [Page(get=to(signed_in="x", department="o"))],
    "evaluations:appraise-dossier": [Page(get=to(signed_in="x", department=".ooooo"), of=dossiers)],
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
    "evaluations:appraisal-echo": [Page(get=to(signed_in="x", department=".ooooo"), of=indicators)],
    "evaluations:appraise": [
        Page(
            get=to(signed_in="x", department=".ooooo"),
            post=to(signed_in="x", approver=".xxxxx", appraiser=".xrxxx"),
            of=indicators,
            data=lambda world, number: {
                "verdict": "accept",
                "version": seen_version(world.cases[number]),
            },
        )
    ],
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
    "organisations:sign-out": [Page(post=to(signed_in="r"))],
    "organisations:account": [Page(get=ALL)],
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
    # --- reports ---
    "reports:index": [Page(get=ALL)],
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
            post=to(unit="x.", elsewhere=".", readers="r.", administrator="x"),
            of=lambda world: [(), ()],
            data=order_of_round,
        ),
    ],
    "reports:run": [Page(get=RUN, of=ready_runs)],
    "reports:run-progress": [Page(get=RUN, of=ready_runs)],
    "reports:download": [
        Page(get=RUN, of=ready_runs),
        Page(get=to(signed_in="."), of=failed_runs),
    ],
    "reports:retry": [
        Page(
            post=to(
                editor="rr..",
                leader="xx..",
                elsewhere=".",
                readers=".xxx",
                appraiser=".xrr",
                administrator=".",
            ),
            of=failed_runs,
        )
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
    monkeypatch.setattr("organisations.views.session.order_reset_mail", lambda **words: None)
    return made


@pytest.fixture
def browsers(world) -> dict[str, dict]:
    """The cookies of everybody, signed in once; a request then has a client of its own."""
    cookies = {"anonymous": {}}
    for name, user in world.people.items():
        client = Client()
        client.force_login(user)
        cookies[name] = client.cookies
    return cookies


def ask(cookies, method: str, url: str, data: dict | None = None, **how):
    """One request that leaves nothing behind."""
    client = Client(**how)
    for name, morsel in cookies.items():
        client.cookies[name] = morsel.value
    with transaction.atomic():
        response = getattr(client, method)(url, data or {})
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response


def letter_of(response) -> str:
    """The answer in the table's words; what the table does not know stays a number."""
    if response.status_code == HTTPStatus.FOUND:
        return "s" if response.url.startswith(f"{SIGN_IN}?next=") else "r"
    known = {status: letter for letter, status in STATUS.items() if letter not in "rs"}
    return known.get(response.status_code, f"<{response.status_code}>")


def declared(page: Page, method: str, person: str) -> str:
    """The table's letters; where the method is not taken at all one letter is enough."""
    said = page.get if method == "get" else page.post
    if said:
        return said[person]
    is_open = person == "anonymous" and (page.get or page.post)[person] != "s"
    return "-" if is_open else NOT_TAKEN[person]


def answers(cookies, world: World, url_name: str, page: Page, method: str) -> str:
    """What a person is answered, a letter for each of the page's cases."""
    is_taken = page.get if method == "get" else page.post
    cases = page.of(world) if is_taken else page.of(world)[:1]
    return "".join(
        letter_of(ask(cookies, method, reverse(url_name, args=arguments), data))
        for arguments, data in (
            (arguments, page.data(world, number) if method == "post" and is_taken else None)
            for number, arguments in enumerate(cases)
        )
    )


def test_every_address_says_whom_it_answers():
    assert set(OURS) == set(PAGES)


@pytest.mark.parametrize("url_name", OURS)
def test_each_person_gets_the_declared_answer(browsers, world, url_name):
    wrong = []

    for page, method, person in product(PAGES[url_name], ("get", "post"), browsers):
        wanted = declared(page, method, person)
        got = answers(browsers[person], world, url_name, page, method)
        if got != (wanted * len(got) if len(wanted) == 1 else wanted):
            wrong.append(f"{method} {person}: {got}, declared {wanted}")

    assert wrong == []


@pytest.mark.parametrize(
    "url_name", [name for name in OURS if name in PAGES and PAGES[name][0].post]
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
