"""Who opens which page: the table of the browser tests, whose addresses lead to the same rows in
both databases."""

from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from evaluations.models import PilotRound
from organisations.models import User
from tests.e2e.test_pages import PLACES, VISITORS, Seen, opened_by

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Visit:
    """One address, opened by one of the visitors."""

    person: str
    url_name: str
    url: str


def visits() -> list[Visit]:
    """Every page that a role may open, on the first of what the browser tests open it on."""
    pilot_round = PilotRound.objects.get(is_practice=True)
    found = [
        Visit("anonymous", name, reverse(name, args=arguments))
        for name in opened_by("anonymous")
        for arguments in PLACES[name](None)[:1]
    ]
    for person, visitor in VISITORS.items():
        user = User.objects.get(username=visitor.username)
        seen = Seen(visitor, user, pilot_round.evaluations.get(unit__code=visitor.unit))
        found += [
            Visit(person, name, reverse(name, args=arguments))
            for name in opened_by(person)
            for arguments in PLACES[name](seen)[:1]
        ]
    return found


def browser_of(person: str) -> Client:
    """Signed in, looking at the practice round."""
    client = Client()
    if person == "anonymous":
        return client
    user = User.objects.get(username=VISITORS[person].username)
    client.force_login(user, backend=BACKEND)
    pilot_round = PilotRound.objects.get(is_practice=True)
    session = client.session
    session["pilot_round"] = pilot_round.pk
    session.save()
    return client


def opener(client: Client, url: str) -> Callable[[], None]:
    """A call that opens the page, and minds that it is one."""

    def call():
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)

    return call
