"""How often: the counting, and the page that loses nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains

from organisations import limits
from organisations.limits import Limit, TooOften
from organisations.models import SignInEvent, Tally
from organisations.tasks import send_reset_mail
from tests.factories import PASSWORD, make_user

SIGN_IN = "/dang-nhap/"
RESET = "/tai-khoan/quen-mat-khau/"
THREE = Limit("three", 3, timedelta(minutes=10))


def use_up(limit, subject):
    """As if it had been done as often as it may be."""
    for _ in range(limit.most):
        limit.count(subject)


def told(limit) -> str:
    """The minute that a page names."""
    until = Tally.objects.get(count__gte=limit.most).until + timedelta(seconds=59)
    return f"{timezone.localtime(until):%H:%M}"


@pytest.mark.django_db
def test_so_many_in_a_period_that_ends_at_its_hour():
    for _ in range(3):
        THREE.spend("một")
    with pytest.raises(TooOften) as refused:
        THREE.spend("một")
    first = Tally.objects.get()

    assert timedelta(0) <= refused.value.until - first.until < timedelta(minutes=1)
    assert refused.value.until.second == 0  # told to the minute, and then it holds
    THREE.spend("hai")  # another subject
    with pytest.raises(TooOften):
        THREE.spend("một")
    assert Tally.objects.get(pk=first.pk).until == first.until  # not prolonged

    Tally.objects.update(until=timezone.now())
    THREE.spend("một")
    assert sorted(Tally.objects.values_list("count", flat=True)) == [1, 1]
    assert "một" not in "".join(Tally.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_what_counts_only_when_it_fails():
    THREE.check("một")
    assert [THREE.count("một") for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooOften):
        THREE.check("một")

    THREE.clear("một")

    THREE.check("một")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted():
    def spend(_):
        try:
            THREE.spend("một")
        except TooOften:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(spend, range(24)))

    assert sum(let_through) == 3
    assert Tally.objects.get().count == 24


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "subject"),
    [
        (limits.SIGN_IN_OF_NAME, "vinhbao.gddt"),
        (limits.SIGN_IN_OF_NAME, "khong.co"),
        (limits.SIGN_IN_FROM_ADDRESS, "127.0.0.1"),
    ],
)
def test_sign_in_closes_for_a_name_and_for_an_address_and_keeps_the_name(client, limit, subject):
    make_user(username="vinhbao.gddt")
    name = "vinhbao.gddt" if subject == "127.0.0.1" else subject
    for _ in range(limit.most - 1):
        limit.count(subject)
    client.post(SIGN_IN, {"username": name, "password": "sai"})

    refused = client.post(SIGN_IN, {"username": name, "password": PASSWORD})

    assertContains(refused, f"Thử lại từ {told(limit)}", status_code=429)
    assertContains(refused, f'value="{name}"', status_code=429)
    kinds = list(SignInEvent.objects.values_list("kind", flat=True))
    assert kinds == ["wrong_password", "locked", "tried_on"]


@pytest.mark.django_db
def test_who_signs_in_rightly_counts_for_nothing(client):
    user = make_user()
    for _ in range(3):
        Client().post(SIGN_IN, {"username": user.username, "password": PASSWORD})

    assert not Tally.objects.exists()


@pytest.mark.django_db
def test_unknown_names_are_locked_like_known_ones_and_cost_the_same(monkeypatch):
    """Word for word, status for status, query for query, hash for hash."""
    make_user(username="vinhbao.gddt")
    make_user(username="nghi.viec", is_active=False)
    hashed = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(
        hasher, "encode", lambda self, *given: hashed.append(given) or encode(self, *given)
    )

    def tries(name, address):
        seen = []
        for _ in range(6):
            hashed.clear()
            with CaptureQueriesContext(connection) as queries:
                typed = {"username": name, "password": "sai"}
                response = Client(REMOTE_ADDR=address).post(SIGN_IN, typed)
            page = response.content.decode().replace(name, "")
            page = re.sub(r"\d\d:\d\d", "", page[page.index("<main") :])  # a minute may pass
            shown = page[: page.index("csrfmiddlewaretoken")] if "csrf" in page else page
            said = [line for line in page.splitlines() if "lần thử" in line]
            seen.append((response.status_code, shown, said, len(queries), len(hashed)))
        return seen

    known, unknown, closed = (
        tries(name, f"10.0.0.{number}")
        for number, name in enumerate(("vinhbao.gddt", "khong.co", "nghi.viec"))
    )

    for tried in zip(known, unknown, closed, strict=True):
        assert tried[0] == tried[1] == tried[2]
    assert [status for status, *_ in known] == [200] * 4 + [429] * 2
    assert [count for *_, count in known] == [1] * 5 + [0]


@pytest.mark.django_db
def test_what_was_typed_as_an_unknown_name_is_written_nowhere(client):
    client.post(SIGN_IN, {"username": "mat-khau-go-nham", "password": "sai"})

    event = SignInEvent.objects.get()
    assert (event.person, event.kind) == (None, "wrong_password")
    assert "mat-khau-go-nham" not in str(event.__dict__)


@pytest.mark.django_db
def test_trying_on_while_locked_does_not_prolong_the_lock(client):
    for _ in range(5):
        client.post(SIGN_IN, {"username": "khong.co", "password": "sai"})
    first = client.post(SIGN_IN, {"username": "khong.co", "password": "sai"}).context["until"]

    again = client.post(SIGN_IN, {"username": "khong.co", "password": "sai"}).context["until"]

    assert again == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "subject"),
    [(limits.RESET_OF_ADDRESS, "ai@haiphong.gov.vn"), (limits.RESET_FROM_ADDRESS, "127.0.0.1")],
)
def test_asking_for_a_new_password_closes_alike_for_every_address(
    client, monkeypatch, limit, subject
):
    monkeypatch.setattr(send_reset_mail, "delay", lambda *given: None)
    use_up(limit, subject)

    refused = client.post(RESET, {"email": "AI@haiphong.gov.vn"})

    assertContains(refused, f"Thử lại từ {told(limit)}", status_code=429)
    assertContains(refused, 'value="AI@haiphong.gov.vn"', status_code=429)


@pytest.mark.django_db
def test_password_asked_again_gives_few_tries(client, leader):
    client.force_login(leader)
    data = {"new_password1": "Học-Suốt-Đời-2022", "new_password2": "Học-Suốt-Đời-2022"}
    for _ in range(5):
        client.post("/tai-khoan/mat-khau/", {"old_password": "sai", **data})

    refused = client.post("/tai-khoan/mat-khau/", {"old_password": PASSWORD, **data})

    assertContains(refused, f"Thử lại từ {told(limits.PASSWORD_AGAIN)}", status_code=429)
    leader.refresh_from_db()
    assert leader.check_password(PASSWORD)
