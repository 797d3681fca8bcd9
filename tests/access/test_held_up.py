"""Who has not come in yet, or has something to do first, gets nowhere else: on every address."""

from http import HTTPStatus
from itertools import cycle, product

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from organisations.middleware import ALWAYS_OPEN
from organisations.models import Role, Session, User
from organisations.signing_in import HALF_IN
from tests.access.listening import listening, work_in
from tests.factories import PASSWORD, make_department, make_user
from tests.test_access import OURS, PAGES, SIGN_IN, ask, letter_of
from tests.world import World

PASSWORD_PAGE, FACTOR_PAGE = (
    "organisations:change-password",
    "organisations:set-up-second-factor",
)
# Where a temporary password, and where a missing second factor, leave somebody in peace.
IN_PEACE = {
    PASSWORD_PAGE: {PASSWORD_PAGE, *ALWAYS_OPEN},
    FACTOR_PAGE: {FACTOR_PAGE, PASSWORD_PAGE, *ALWAYS_OPEN},
}
SCRIPT = {"HTTP_HX_REQUEST": "true"}


def led_aside_to(page_name: str, client: Client, world: World) -> list[str]:
    """What was answered otherwise than by that one page, on which address: one asked by a
    browser, the next sent by a script."""
    wrong = []
    for url_name, is_script in zip(OURS, cycle((False, True)), strict=False):
        if url_name in IN_PEACE[page_name]:
            continue
        url = reverse(url_name, args=PAGES[url_name][0].of(world)[0])
        with listening() as tables:
            answer = client.post(url, **SCRIPT) if is_script else client.get(url)
        status = HTTPStatus.UNAUTHORIZED if is_script else HTTPStatus.FOUND
        address = answer.headers.get("X-Sign-In" if is_script else "Location")
        if answer.status_code != status or address != reverse(page_name) or work_in(tables):
            wrong.append(f"{url_name}: {answer.status_code} {address} {work_in(tables)}")
    return wrong


def test_a_temporary_password_opens_one_page(world):
    person = make_user(Role.APPRAISER, make_department(), must_change_password=True)
    client = Client()
    client.force_login(person)

    assert led_aside_to(PASSWORD_PAGE, client, world) == []


def test_a_role_that_owes_its_second_factor_opens_one_page(world, settings):
    settings.SECOND_FACTOR_ROLES = [Role.ADMINISTRATOR]
    client = Client()
    client.force_login(world.people["administrator"])

    assert led_aside_to(FACTOR_PAGE, client, world) == []


def half_in(client: Client, person: User) -> None:
    """The password was right; the code of the telephone is still to come."""
    client.get(SIGN_IN)
    session = client.session
    session[HALF_IN] = {"person": person.pk, "hash": person.get_session_auth_hash(), "at": 9e9}
    session[HALF_IN]["target"] = "/"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key


def run_out(client: Client, person: User) -> None:
    """Signed in, and idle until the session was cleared away."""
    client.force_login(person)
    Session.objects.filter(person_id=person.pk).delete()


def ended_elsewhere(client: Client, person: User) -> None:
    """Signed in, then signed out everywhere by a new password."""
    client.force_login(person)
    person.set_password(f"{PASSWORD}-moi")
    person.save(update_fields=["password"])


def deactivated(client: Client, person: User) -> None:
    """Signed in while the administrator stopped the account."""
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(is_active=False)


NO_SESSION = (half_in, run_out, ended_elsewhere, deactivated)
# Where half of a sign-in is gone on with.
OF_HALF = {"organisations:second-step", "organisations:recovery-step"}


@pytest.mark.usefixtures("_plain_errors")
def test_a_session_that_is_none_is_a_strangers(world):
    """Every address answers as it does to somebody who never signed in; each in turn is asked with
    one of these sessions, by a browser or by a script."""
    kept = []
    for come in NO_SESSION:
        client = Client()
        come(client, make_user(Role.LEADER, world.own))
        kept.append((come.__name__, dict(client.cookies)))
    turn, scripts, wrong, asked = cycle(kept), cycle((False, True, True)), [], 0

    for url_name, method in product(OURS, ("get", "post")):
        page = PAGES[url_name][0]
        if url_name in OF_HALF or (getattr(page, method) or {}).get("anonymous") != "s":
            continue
        url = reverse(url_name, args=page.of(world)[0])
        name, cookies = next(turn)
        is_script = next(scripts)
        answer = ask(cookies, method, url, **(SCRIPT if is_script else {}))
        is_told = answer.status_code == HTTPStatus.UNAUTHORIZED
        asked += 1
        if not (is_told if is_script else letter_of(answer) == "s") or work_in(answer.written):
            wrong.append(f"{method} {url_name}, {name}: {answer.status_code}")

    assert wrong == []
    assert asked > 200
