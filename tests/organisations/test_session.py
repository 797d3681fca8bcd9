from http import HTTPStatus

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from organisations.actions import reset_password
from organisations.models import AccountEvent, Role
from organisations.roles import MAY
from organisations.tasks import send_reset_mail
from tests.factories import PASSWORD, make_user

SIGN_IN = "/dang-nhap/"
HOME = "/"
ACCOUNT = "/tai-khoan/"
RESET = "/tai-khoan/quen-mat-khau/"
NEW_PASSWORD = "Học-Suốt-Đời-2022"


def sign_in(client, username, password=PASSWORD, **data):
    return client.post(SIGN_IN, {"username": username, "password": password, **data})


def is_signed_in(client):
    return client.get(reverse("organisations:session")).status_code == HTTPStatus.NO_CONTENT


def test_sign_in_page_is_open_and_named_in_vietnamese(client, db):
    response = client.get(SIGN_IN)

    assertContains(response, "Tên đăng nhập")
    assertContains(response, "Quên mật khẩu")


@pytest.mark.parametrize("spelling", ["vinhbao.gddt", " VinhBao.GDDT "])
def test_sign_in_accepts_the_name_in_any_case(client, db, spelling):
    make_user(username="vinhbao.gddt")

    response = sign_in(client, spelling)

    assertRedirects(response, HOME, fetch_redirect_response=False)
    assert is_signed_in(client)


@pytest.mark.parametrize(("name", "active"), [("khong.co", True), ("vinhbao.gddt", False)])
def test_wrong_name_wrong_password_and_closed_account_read_alike(client, db, name, active):
    make_user(username="vinhbao.gddt", is_active=active)

    response = sign_in(client, name, PASSWORD)

    assertContains(response, "Tên đăng nhập hoặc mật khẩu chưa đúng. Còn 4 lần thử")
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/tai-khoan/?x=1", "/tai-khoan/?x=1"),
        ("https://example.com/", HOME),
        ("//example.com/", HOME),
        ("/dang-xuat/", HOME),
        ("/dang-nhap/?next=/dang-nhap/", HOME),
        ("javascript:alert(1)", HOME),
        ("khong-co-trang-nay", HOME),  # no path: looked up as the name of a view, it was a fault
        ("%2F%2Fexample", HOME),
    ],
)
def test_sign_in_goes_on_only_within_the_site(client, db, wanted, target):
    user = make_user()

    response = sign_in(client, user.username, next=wanted)

    assertRedirects(response, target, fetch_redirect_response=False)


def test_second_click_on_sign_in_goes_on_although_the_token_is_spent(db):
    user = make_user()
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    data = {
        "username": user.username,
        "password": PASSWORD,
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
        "next": ACCOUNT,
    }
    client.post(SIGN_IN, data)

    again = client.post(SIGN_IN, data)

    assertRedirects(again, ACCOUNT, fetch_redirect_response=False)


def test_stale_token_elsewhere_is_refused_with_a_page_that_says_why(leader):
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader)

    response = client.post("/tai-khoan/mat-khau/", {"csrfmiddlewaretoken": "x" * 32})

    assertContains(response, "Trang vừa gửi đã cũ", status_code=HTTPStatus.FORBIDDEN)


def test_fifth_failure_locks_and_says_until_when(client, db):
    make_user(username="vinhbao.gddt")
    for spelling in ("vinhbao.gddt", "VINHBAO.GDDT", "Vinhbao.gddt", "vinhbao.gddt "):
        assertContains(sign_in(client, spelling, "sai"), "lần thử")

    response = sign_in(client, "vinhbao.gddt", "sai")

    until = timezone.localtime() + timezone.timedelta(minutes=15)
    assertContains(response, f"{until:%H:%M} ngày {until:%d/%m/%Y}", status_code=429)
    locked = sign_in(client, "vinhbao.gddt", PASSWORD)
    assert locked.status_code == HTTPStatus.TOO_MANY_REQUESTS
    attempts = AccessAttempt.objects.values()
    assert attempts
    assert "vinhbao" not in str(attempts), "what is typed as a name may be a password"
    assert not is_signed_in(client)


def test_a_new_password_by_the_administrator_opens_the_lock(client, administrator):
    person = make_user(username="vinhbao.gddt")
    for _ in range(5):
        sign_in(client, "vinhbao.gddt", "sai")

    slip = reset_password(person=person, by=administrator)

    sign_in(client, "vinhbao.gddt", slip.password)
    assert is_signed_in(client)


def test_lock_of_one_name_leaves_the_others_free(client, db):
    make_user(username="vinhbao.gddt")
    other = make_user()
    for _ in range(5):
        sign_in(client, "vinhbao.gddt", "sai")

    sign_in(client, other.username)

    assert is_signed_in(client)


def test_sign_out_needs_a_post_and_ends_the_session(client, leader):
    client.force_login(leader)

    assert client.get("/dang-xuat/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    response = client.post("/dang-xuat/")

    assertRedirects(response, SIGN_IN)
    assert not is_signed_in(client)


@pytest.mark.parametrize("role", Role)
def test_account_page_says_who_and_what_the_role_may_do(client, db, role):
    user = make_user(role)
    client.force_login(user)

    response = client.get(ACCOUNT)

    assertContains(response, user.full_name)
    assertContains(response, role.label)
    for line in MAY[role]:
        assertContains(response, line)


def test_change_of_password_keeps_this_session_and_is_recorded(client, leader):
    client.force_login(leader)

    response = client.post(
        "/tai-khoan/mat-khau/",
        {
            "old_password": PASSWORD,
            "new_password1": NEW_PASSWORD,
            "new_password2": NEW_PASSWORD,
        },
    )

    assertRedirects(response, ACCOUNT)
    leader.refresh_from_db()
    assert leader.check_password(NEW_PASSWORD)
    assert is_signed_in(client)
    assert AccountEvent.objects.get().kind == AccountEvent.Kind.PASSWORD_CHANGED


@pytest.mark.parametrize(
    ("old", "new", "again", "complaint"),
    [
        ("sai", NEW_PASSWORD, NEW_PASSWORD, "Mật khẩu hiện tại chưa đúng."),
        (PASSWORD, NEW_PASSWORD, "khác", "Hai lần nhập mật khẩu mới không giống nhau."),
        (PASSWORD, PASSWORD, PASSWORD, "Mật khẩu mới phải khác mật khẩu hiện tại."),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 10 ký tự"),
        (PASSWORD, "1234567890", "1234567890", "Mật khẩu"),
    ],
)
def test_new_password_must_be_good_and_the_old_one_right(
    client, leader, old, new, again, complaint
):
    client.force_login(leader)

    response = client.post(
        "/tai-khoan/mat-khau/",
        {"old_password": old, "new_password1": new, "new_password2": again},
    )

    assertContains(response, complaint)
    leader.refresh_from_db()
    assert leader.check_password(PASSWORD)


def test_temporary_password_opens_only_the_page_where_it_is_changed(client, db):
    user = make_user(must_change_password=True)
    client.force_login(user)

    assertRedirects(client.get(ACCOUNT), "/tai-khoan/mat-khau/")
    assertContains(client.get("/tai-khoan/mat-khau/"), "mật khẩu tạm")
    assert is_signed_in(client)
    client.post(
        "/tai-khoan/mat-khau/",
        {
            "old_password": PASSWORD,
            "new_password1": NEW_PASSWORD,
            "new_password2": NEW_PASSWORD,
        },
    )
    assert client.get(ACCOUNT).status_code == HTTPStatus.OK


def test_anonymous_page_asks_to_sign_in_and_comes_back(client, db):
    assertRedirects(client.get(ACCOUNT), f"{SIGN_IN}?next={ACCOUNT}")


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"X-Requested-With": "XMLHttpRequest"}])
def test_a_script_is_told_that_the_session_is_over(client, db, header):
    response = client.post(
        "/tai-khoan/mat-khau/", headers={**header, "Referer": "http://testserver/tai-khoan/?x=1"}
    )

    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response.headers["X-Sign-In"] == f"{SIGN_IN}?next=/tai-khoan/%3Fx%3D1"
    assert response.headers["HX-Reswap"] == "none"


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/tai-khoan/", "/tai-khoan/"),
        ("https://example.com/tai-khoan/", HOME),
        ("", HOME),
    ],
)
def test_a_form_sent_too_late_leads_back_to_its_page(client, db, referer, target):
    response = client.post("/tai-khoan/mat-khau/", headers={"Referer": referer})

    assertRedirects(response, f"{SIGN_IN}?next={target}", fetch_redirect_response=False)


def test_session_ends_after_the_idle_time(client, leader, settings):
    client.force_login(leader)
    client.get(ACCOUNT)

    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    client.session.clear_expired()
    stored = client.session
    stored.set_expiry(-1)
    stored.save()
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", ["co@haiphong.gov.vn", "khong.co@haiphong.gov.vn"])
def test_reset_answers_alike_whether_the_address_is_known_or_not(
    client, db, ordered_mails, address
):
    make_user(email="co@haiphong.gov.vn")

    response = client.post(RESET, {"email": address}, follow=True)

    assertContains(response, "Nếu có tài khoản dùng địa chỉ vừa nhập")
    assertNotContains(response, address)
    assert ordered_mails == [(address, "http://testserver")]


def test_the_link_of_a_reset_is_not_chosen_by_whoever_asks_for_it(
    client, db, ordered_mails, settings
):
    """Another name that the server answers to, as somebody may send it for somebody else."""
    settings.SITE_URL = "https://hoctap.example"
    settings.ALLOWED_HOSTS = ["*"]
    forged = {"host": "gia-mao.example", "x-forwarded-host": "gia-mao.example"}

    client.post(RESET, {"email": "co@haiphong.gov.vn"}, headers=forged)

    assert ordered_mails == [("co@haiphong.gov.vn", "https://hoctap.example")]


def test_no_link_is_sent_where_the_site_knows_no_name_of_its_own(
    client, db, ordered_mails, settings
):
    settings.SITE_URL = ""

    answer = client.post(RESET, {"email": "co@haiphong.gov.vn"})

    assertContains(answer, "chưa được đặt địa chỉ trang")
    assertContains(answer, "co@haiphong.gov.vn")
    assert ordered_mails == []


def test_reset_mail_goes_to_active_accounts_only(db, mailoutbox):
    user = make_user(email="co@haiphong.gov.vn")
    make_user(email="nghi@haiphong.gov.vn", is_active=False)

    for address in ("CO@haiphong.gov.vn", "nghi@haiphong.gov.vn", "khong.co@haiphong.gov.vn"):
        send_reset_mail(address, "https://hoctap.example/")

    assert [mail.to for mail in mailoutbox] == [["co@haiphong.gov.vn"]]
    assert "https://hoctap.example/tai-khoan/dat-lai/" in mailoutbox[0].body
    assert user.username in mailoutbox[0].body


def reset_path(user):
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/tai-khoan/dat-lai/{uid}/{default_token_generator.make_token(user)}/"


def test_reset_link_sets_a_password_once(client, db):
    user = make_user(must_change_password=True)
    link = reset_path(user)
    form_page = client.get(link, follow=True)
    data = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    response = client.post(form_page.request["PATH_INFO"], data)

    assertRedirects(response, SIGN_IN)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert not user.must_change_password
    assert AccountEvent.objects.get().kind == AccountEvent.Kind.PASSWORD_CHANGED
    assertContains(Client().get(link, follow=True), "Liên kết không dùng được nữa")


@pytest.fixture
def ordered_mails(monkeypatch):
    ordered = []
    monkeypatch.setattr(send_reset_mail, "delay", lambda *args: ordered.append(args))
    return ordered
