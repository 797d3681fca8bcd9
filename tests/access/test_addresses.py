"""Nobody is led out of the site, and no name that a stranger sends stands in an answer.

A stranger may write any `next` and any other parameter into a link, and sends whatever headers
they like; the page that somebody comes from may be theirs.
"""

import ast
from collections.abc import Iterator
from http import HTTPStatus
from itertools import cycle, product
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from organisations.models import Role
from tests.factories import PASSWORD, make_user
from tests.organisations.telephone import RECOVERY, give_code, give_password, with_telephone
from tests.test_access import OURS, PAGES, SIGN_IN, Page, ask

EVIL = "evil.example"
FORGED_NAME = "forged.example"
# Ways to write "not here" that a browser understands, or that somebody's decoding makes of them.
TARGETS = [
    f"https:{EVIL}",
    f"https:/{EVIL}",
    f"/\t/{EVIL}",
    f"/\n/{EVIL}",
    f"\x01//{EVIL}",
    f" //{EVIL}",
    f"///\\{EVIL}",
    f"/\\/{EVIL}",
    f"\\/{EVIL}",
    f"http://testserver@{EVIL}/",
    f"http://testserver:80@{EVIL}/",
    f"http://{EVIL}\\@testserver/",
    f"http://testserver.{EVIL}/",
    f"HTTPS://{EVIL}",
    f"ftp://{EVIL}/",
    f"//{EVIL}%2f@testserver/",
    f"http://[::1]@{EVIL}/",
    "vbscript:x",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    f"%2F%2F{EVIL}",
    "organisations:sign-out",
]
# Paths of this site whatever they look like, and they stay so: what is encoded is not decoded.
PATHS_OF_OURS = [f"/%2F%2F{EVIL}/", f"/%5C{EVIL}", f"/%09/{EVIL}", f"/\x00/{EVIL}"]
EVERY_FOURTH = cycle((True, False, False, False))
GUARDS = {"url_has_allowed_host_and_scheme", "is_path_of_ours"}
STEPS = [f"//{EVIL}/", f"/\\{EVIL}", f"https:{EVIL}", "javascript:alert(1)"]
FORGED = {
    "HTTP_X_FORWARDED_HOST": FORGED_NAME,
    "HTTP_X_HOST": FORGED_NAME,
    "HTTP_X_FORWARDED_SERVER": FORGED_NAME,
    "HTTP_X_HTTP_HOST_OVERRIDE": FORGED_NAME,
    "HTTP_FORWARDED": f"host={FORGED_NAME};proto=https",
    "HTTP_X_ORIGINAL_URL": f"//{FORGED_NAME}/",
    "HTTP_X_REWRITE_URL": f"//{FORGED_NAME}/",
    "HTTP_X_FORWARDED_PREFIX": f"//{FORGED_NAME}",
    "HTTP_X_SCRIPT_NAME": f"//{FORGED_NAME}",
    "HTTP_REFERER": f"http://{FORGED_NAME}/",
    "HTTP_ORIGIN": f"http://{FORGED_NAME}",
    "HTTP_HX_CURRENT_URL": f"http://{FORGED_NAME}/",
}


def leads_out(address: str) -> bool:
    """As a browser reads it: white space and control characters are nothing, "\\" is "/"."""
    read = "".join(letter for letter in address if letter > " ").replace("\\", "/")
    parts = urlsplit(read)
    return read.startswith("//") or bool(parts.scheme or parts.netloc)


def forwarding() -> set[str]:
    """Files that lead somebody on to an address that came with the request."""
    found = set()
    for app in ("organisations", "evaluations", "reports", "criteria", "upkeep", "hocxahoi"):
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            text = path.read_text()
            if not any(word in text for word in ('"next"', *GUARDS)):
                continue
            nodes = list(ast.walk(ast.parse(text)))
            calls = [node for node in nodes if isinstance(node, ast.Call)]
            texts = {
                arg.value for call in calls for arg in call.args if isinstance(arg, ast.Constant)
            }
            names = {node.id for node in nodes if isinstance(node, ast.Name)}
            if "next" in texts or GUARDS & names:
                found.add(path.relative_to(settings.BASE_DIR).as_posix())
    return found


def test_every_place_that_leads_somebody_on_is_known():
    """A new one belongs here, and below."""
    assert forwarding() == {
        "evaluations/views/rounds.py",
        "organisations/admin.py",
        "organisations/middleware.py",
        "organisations/views/session.py",
        "organisations/ways_on.py",
    }


def test_signing_in_and_choosing_a_round_lead_nowhere_else(world, browsers):
    user, round_pk = world.people["editor"], world.cases[0].dossier.pilot_round_id
    typed = {"username": user.username, "password": PASSWORD}
    choose = reverse("evaluations:choose-round")

    def led_to(target: str) -> list[str]:
        answers = [
            ask({}, "post", SIGN_IN, typed | {"next": target}),
            ask(browsers["editor"], "get", f"{SIGN_IN}?{urlencode({'next': target})}"),
            ask(browsers["editor"], "post", choose, {"dot": round_pk, "next": target}),
        ]
        return [answer.url for answer in answers]

    for target in TARGETS:
        assert led_to(target) == ["/", "/", "/"], repr(target)
    for target in PATHS_OF_OURS:
        for address in led_to(target):
            assert address.startswith("/%"), repr(target)
            assert not leads_out(address), repr(target)


def test_nor_do_the_steps_after_the_password(db):
    """What was wanted is kept in the session until the code is given."""
    person = make_user(Role.LEADER)
    _, codes = with_telephone(person)
    for target, code in zip(STEPS, codes, strict=False):
        client = Client()

        asked = give_password(client, person, next=target)
        given = give_code(client, code, RECOVERY)

        assert asked.url == reverse("organisations:second-step")
        assert given.url == "/"


def askers(page: Page, method: str) -> Iterator[tuple[str, int]]:
    """Somebody whom the page obeys, with the case of it; and at every fourth address
    nobody in particular, who is led to the sign-in."""
    said = getattr(page, method) or {}
    found = [
        (person, letters.find(letter))
        for person, letters in said.items()
        for letter in ("or" if method == "get" else "r")
        if person != "anonymous" and letter in letters
    ]
    yield from found[:1]
    if method == "get" and next(EVERY_FOURTH):
        yield "anonymous", 0


def test_no_address_leads_out_or_tells_a_forged_name(world, browsers):
    """Every page, with the way on in the address and in the form, from a page that is not ours and
    by a name that is not ours: each redirect stays, and nothing of the name stands in an answer."""
    wrong, led = [], 0
    aims = dict.fromkeys(("next", "return", "url", "redirect_to", "tiep"), f"//{EVIL}/")

    for url_name, method in product(OURS, ("get", "post")):
        page = PAGES[url_name][0]
        for person, number in askers(page, method):
            data = page.data(world, number) if method == "post" else {}
            url = f"{reverse(url_name, args=page.of(world)[number])}?{urlencode(aims)}"
            answer = ask(browsers[person], method, url, data | aims, **FORGED)
            target = answer.headers.get("Location", "")
            led += bool(target)
            said = b"" if answer.streaming else answer.content
            told = [*answer.headers.values(), said.decode(errors="replace")]
            if leads_out(target) or any(FORGED_NAME in each for each in told):
                wrong.append(f"{method} {url_name} by {person}: {target}")

    assert wrong == []
    assert led > 80


def test_no_address_answers_to_a_foreign_name(world):
    for url_name in OURS:
        url = reverse(url_name, args=PAGES[url_name][0].of(world)[0])
        answer = ask({}, "get", url, HTTP_HOST=FORGED_NAME)
        assert answer.status_code == HTTPStatus.BAD_REQUEST, url_name
        assert FORGED_NAME not in answer.content.decode()


def test_a_slip_names_the_site_and_not_what_the_browser_called_it(world, browsers, settings):
    """It is printed and carried to somebody: it says the address that mails say."""
    settings.SITE_URL = "https://hoctap.example"
    page = PAGES["organisations:create-person"][0]
    url = reverse("organisations:create-person")

    answer = ask(browsers["administrator"], "post", url, page.data(world, 0), HTTP_HOST="localhost")

    assert "https://hoctap.example/dang-nhap/" in answer.content.decode()
