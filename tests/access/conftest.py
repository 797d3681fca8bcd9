"""One world for all modules of this folder: it is made once, and every test's own transaction
lies inside it."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver

from tests.access.surroundings import Surroundings, make_surroundings
from tests.evaluations.loaded import rolled_back


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), rolled_back(media):
        made = make_surroundings()
        yield made, media, _signed_in(made)


def _signed_in(made: Surroundings) -> dict[str, dict]:
    """The cookies of everybody; a request then has a client of its own."""
    cookies = {"anonymous": {}}
    for name, user in made.people.items():
        client = Client()
        client.force_login(user)
        cookies[name] = client.cookies
    return cookies


@pytest.fixture
def around(loaded, db, settings, monkeypatch) -> Surroundings:
    """Nothing is really sent off from here."""
    made, settings.MEDIA_ROOT, _ = loaded
    monkeypatch.setattr("organisations.views.session.order_reset_mail", lambda **words: True)
    return made


@pytest.fixture
def world(around):
    return around.world


@pytest.fixture
def browsers(around, loaded) -> dict[str, dict]:
    return loaded[2]


@pytest.fixture
def _plain_errors(monkeypatch):
    """Half of all answers are refusals: their page is drawn elsewhere, here the code will do."""

    def handler(resolver, code):
        return lambda request, exception=None: HttpResponse(status=code)

    monkeypatch.setattr(URLResolver, "resolve_error_handler", handler)
