"""Where one is signed in, ending it, and the log."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from organisations.actions import reset_password, set_active
from organisations.limits import SIGN_IN_FROM_ADDRESS
from organisations.models import Session, SignInEvent
from tests.factories import PASSWORD, make_user
from tests.organisations.telephone import SIGN_IN, give_password

pytestmark = pytest.mark.django_db

OWN = "/tai-khoan/dang-nhap/"
EVERYWHERE = "/tai-khoan/dang-nhap/dang-xuat/"
LOG = "/nguoi-dung/nhat-ky-dang-nhap/"
CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1"
NEW_PASSWORD = "Học-Suốt-Đời-2022"
Kind = SignInEvent.Kind


def browser(person, agent=CHROME, address="10.0.0.5") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    give_password(client, person)
    return client


def is_signed_in(client):
    return client.get(reverse("organisations:session")).status_code == HTTPStatus.NO_CONTENT


def kinds(person):
    return list(person.sign_ins.values_list("kind", flat=True))


def end_address(person, agent):
    words = {CHROME: "Chrome trên Windows", IPHONE: "Safari trên iPhone"}[agent]
    return f"{OWN}{Session.objects.open_of(person).get(browser=words).handle}/ket-thuc/"


def test_sessions_are_listed_as_long_as_they_work(leader, outsider):
    desk, phone = browser(leader), browser(leader, IPHONE, "203.0.113.7")
    browser(outsider, CHROME, "198.51.100.9")

    page = desk.get(OWN)

    assertContains(page, "Chrome trên Windows, <b>phiên này</b>")
    assertContains(page, "Safari trên iPhone")
    assertContains(page, "203.0.113.7")
    assertNotContains(page, "198.51.100.9")
    assert not any(
        key in page.content.decode() for key in leader.sessions.values_list("pk", flat=True)
    )
    leader.sessions.filter(ip="203.0.113.7").update(expire_date=timezone.now())
    assert [each.ip for each in desk.get(OWN).context["sessions"]] == ["10.0.0.5"]
    assert not is_signed_in(phone)


def test_one_session_is_ended_and_only_one_s_own(leader, outsider):
    desk, phone, stranger = browser(leader), browser(leader, IPHONE), browser(outsider)
    address = end_address(leader, IPHONE)

    stranger.post(address)
    assert is_signed_in(phone)
    assertRedirects(desk.post(address), OWN)

    assert not is_signed_in(phone)
    assert is_signed_in(desk)
    assert kinds(leader)[-1] == Kind.ENDED_ANOTHER
    assertContains(desk.post(address, follow=True), "đã kết thúc từ trước")
    assertRedirects(desk.post(end_address(leader, CHROME)), SIGN_IN)
    assert not is_signed_in(desk)


def test_signing_out_everywhere(leader, outsider):
    desk, phone, stranger = browser(leader), browser(leader, IPHONE), browser(outsider)

    assert desk.get(EVERYWHERE).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assertContains(desk.post(EVERYWHERE, follow=True), "Đã đăng xuất khỏi mọi nơi.")

    assert not is_signed_in(desk)
    assert not is_signed_in(phone)
    assert is_signed_in(stranger)
    assert kinds(leader) == [Kind.SIGNED_IN, Kind.SIGNED_IN, Kind.EVERYWHERE]


def test_a_new_password_ends_every_other_session(leader, administrator):
    desk, phone = browser(leader), browser(leader, IPHONE)
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    desk.post("/tai-khoan/mat-khau/", {"old_password": PASSWORD, **new})

    assert [each.browser for each in Session.objects.open_of(leader)] == ["Chrome trên Windows"]
    assert is_signed_in(desk)
    assert not is_signed_in(phone)

    leader.refresh_from_db()
    uid = urlsafe_base64_encode(force_bytes(leader.pk))
    link = f"/tai-khoan/dat-lai/{uid}/{default_token_generator.make_token(leader)}/"
    other = Client()
    other.post(other.get(link, follow=True).request["PATH_INFO"], new)
    assert not is_signed_in(desk)
    for end in (
        lambda: reset_password(person=leader, by=administrator),
        lambda: set_active(person=leader, active=False, by=administrator),
    ):
        leader.refresh_from_db()
        (again := Client()).force_login(leader)
        assert leader.sessions.exists()
        end()
        assert not leader.sessions.exists()
        assert not is_signed_in(again)


def test_a_request_under_way_does_not_bring_an_ended_session_back(leader):
    desk = browser(leader)
    store = desk.session
    Session.objects.filter(person=leader).delete()

    with pytest.raises(UpdateError):
        store.save()

    assert not leader.sessions.exists()


def test_own_log_says_what_was_done_from_where(leader, outsider):
    desk = browser(leader)
    wrong = Client(headers={"User-Agent": IPHONE}, REMOTE_ADDR="203.0.113.7")
    wrong.post(SIGN_IN, {"username": leader.username, "password": "sai"})
    wrong.post(SIGN_IN, {"username": outsider.username, "password": "sai"})

    page = desk.get(OWN)

    assertContains(page, "sai mật khẩu", count=1)
    assertContains(page, "203.0.113.7", count=1)
    assert [event.person for event in page.context["page"]] == [leader, leader]
    browser(leader).post("/dang-xuat/")
    assert kinds(leader)[-1] == Kind.SIGNED_OUT


def test_many_vain_tries_are_told_on_coming_in(leader):
    for _ in range(5):
        Client(REMOTE_ADDR="203.0.113.7").post(
            SIGN_IN, {"username": leader.username, "password": "sai"}
        )
    desk = browser(leader)
    assertContains(desk.get(OWN), "có 5 lần vào không được bằng tên của anh, chị. Nếu")
    assertNotContains(browser(leader).get(OWN), "lần vào không được bằng tên")


def fail(name, times, address="203.0.113.7"):
    for _ in range(times):
        Client(REMOTE_ADDR=address).post(SIGN_IN, {"username": name, "password": "sai"})


@pytest.mark.parametrize("name", ["co.nguoi", "khong.co"])
def test_tries_during_a_lock_are_one_line_of_each_lock(name):
    make_user(username="co.nguoi")
    tried = [Kind.WRONG_PASSWORD] * 5 + [Kind.LOCKED, Kind.TRIED_ON]
    fail(name, 9)
    assert list(SignInEvent.objects.values_list("kind", flat=True)) == tried

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    fail(name, 8)
    assert list(SignInEvent.objects.values_list("kind", flat=True)) == tried * 2


def test_tries_with_made_up_names_from_a_closed_address_are_one_line():
    for _ in range(SIGN_IN_FROM_ADDRESS.most):
        SIGN_IN_FROM_ADDRESS.count("203.0.113.7")
    for number in range(7):
        fail(f"ten-bia-{number}", 1)

    line = SignInEvent.objects.get()
    assert (line.kind, line.ip, line.person) == (Kind.TRIED_ON, "203.0.113.7", None)


def test_tries_during_a_lock_are_told_beside_the_number_of_the_others(leader):
    fail(leader.username, 7)

    assertContains(
        browser(leader).get(OWN),
        "có 5 lần vào không được bằng tên của anh, chị, chưa kể những lần thử tiếp trong lúc",
    )


@pytest.fixture
def log(leader, outsider):
    """One line of each kind by turns, on two days, from two addresses."""
    SignInEvent.objects.bulk_create(
        SignInEvent(
            person=(leader, outsider)[number % 2],
            kind=kind,
            ip=("10.0.0.5", "203.0.113.7")[number % 2],
            browser="Chrome trên Windows",
        )
        for number, kind in enumerate(Kind)
    )
    SignInEvent.objects.create(person=None, kind=Kind.WRONG_PASSWORD, ip="198.51.100.9")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 10),
        ("?q=tran van", 5),
        ("?q=TRẦN VĂN TRƯỞNG", 5),
        ("?kind=wrong_password", 2),
        ("?kind=khong-vao-duoc", 5),
        ("?kind=ten-khong-co", 1),
        ("?ip=10.0.0.5", 5),
        ("?ip=10.0.0.5&kind=wrong_password", 1),
        ("?since={today}&until={today}", 10),
        ("?since={tomorrow}", 0),
        ("?until={yesterday}", 0),
        ("?since=31/02/2022", 10),
        ("?ip=khong-phai", 10),
    ],
)
def test_the_administrator_s_log_is_filtered(client, administrator, log, query, expected):
    client.force_login(administrator)
    today = timezone.localdate()
    days = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "yesterday": today - timedelta(days=1),
    }

    page = client.get(LOG + query.format(**{name: f"{day:%d/%m/%Y}" for name, day in days.items()}))

    assert page.context["page"].paginator.count == expected
    assertContains(page, "Nhật ký đăng nhập")


def test_the_log_costs_the_same_with_many_lines(client, administrator, log, count_queries):
    client.force_login(administrator)
    SignInEvent.objects.create(person=administrator, kind=Kind.SIGNED_IN)
    few = count_queries(LOG), count_queries(OWN)
    for _ in range(12):
        person = make_user()
        Client().force_login(person)
        SignInEvent.objects.create(person=person, kind=Kind.SIGNED_IN)
    SignInEvent.objects.bulk_create(
        SignInEvent(person=administrator, kind=Kind.SIGNED_OUT) for _ in range(15)
    )
    Client().force_login(administrator)

    assert (count_queries(LOG), count_queries(OWN)) == few
