"""Setting a second factor up, coming in with it, losing it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from http import HTTPStatus

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from organisations import second_factor, signing_in
from organisations.actions import reset_password
from organisations.limits import TooOften
from organisations.models import AccountEvent, Role, Session, SignInEvent, Tally
from organisations.tasks import send_account_mail
from tests.factories import PASSWORD, make_user
from tests.organisations.telephone import (
    CODE,
    RECOVERY,
    SET_UP,
    SIGN_IN,
    Telephone,
    give_code,
    give_password,
    scanned,
    with_telephone,
)

pytestmark = pytest.mark.django_db

HOME = "/"
ACCOUNT = "/tai-khoan/"
OVERVIEW = "/tai-khoan/hai-buoc/"
RENEW = "/tai-khoan/hai-buoc/ma-khoi-phuc/"
OFF = "/tai-khoan/hai-buoc/tat/"
Kind = AccountEvent.Kind


@pytest.fixture
def clock(monkeypatch):
    """Stands still in the middle of a half minute; the test turns it by seconds."""

    class Clock:
        now = 1_668_000_015.0

        def turn(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr("time.time", lambda: clock.now)
    monkeypatch.setattr("django_otp.oath.time", lambda: clock.now)
    return clock


def is_signed_in(client):
    return client.get(reverse("organisations:session")).status_code == HTTPStatus.NO_CONTENT


def kinds(person):
    return list(person.events.values_list("kind", flat=True))


def log_of(person):
    return list(person.sign_ins.values_list("kind", flat=True))


def printed(response) -> list[str]:
    return re.findall(r"<li><span>([a-z2-9]{4}-[a-z2-9]{4})</span></li>", response.content.decode())


def test_set_up_by_the_pages_and_come_in_with_it(client, clock, leader):
    elsewhere = Client()
    for browser in (client, elsewhere):
        give_password(browser, leader)
    telephone = scanned(client.get(SET_UP).content.decode())

    wrong = client.post(SET_UP, {"code": "000000", "password": PASSWORD})
    assertContains(wrong, "Mã chưa khớp")
    assert scanned(wrong.content.decode()) == telephone  # the QR code does not change under one
    done = client.post(
        SET_UP, {"code": f"{telephone.code()[:3]} {telephone.code()[3:]}", "password": PASSWORD}
    )

    codes = printed(done)
    assert len(set(codes)) == 10
    assert kinds(leader) == [Kind.FACTOR_ON]
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)  # it has never seen the telephone
    assertContains(client.get(OVERVIEW), "Còn <b>10</b> mã")

    client.post("/dang-xuat/")
    clock.turn(30)
    half = give_password(client, leader, next="/tai-khoan/?x=1")
    assertRedirects(half, CODE)
    assert not is_signed_in(client)
    assertRedirects(client.get(HOME), f"{SIGN_IN}?next=/")
    assertRedirects(give_code(client, telephone.code()), "/tai-khoan/?x=1")
    assert is_signed_in(client)
    assert log_of(leader)[-1] == SignInEvent.Kind.SIGNED_IN


def test_a_telephone_set_up_while_the_password_is_looked_at_asks_for_its_code(
    client, clock, leader, monkeypatch
):
    def late(person):
        monkeypatch.undo()
        with_telephone(person)  # in another browser
        return []

    monkeypatch.setattr(signing_in, "news_for", late)

    assertRedirects(give_password(client, leader), CODE)
    assert not is_signed_in(client)


@pytest.mark.parametrize("how", ["entered", "ended"])
def test_a_session_is_there_as_soon_as_it_can_be_ended(client, leader, monkeypatch, how):
    """Set up after the look, before the answer is out: the session is found, and stays ended."""
    entering = signing_in.enter

    def enter(request, person, **more):
        entering(request, person, **more)
        assert Session.objects.filter(person=person).count() == 1
        if how == "ended":
            signing_in.end_sessions(person)

    monkeypatch.setattr(signing_in, "enter", enter)

    give_password(client, leader)

    assert is_signed_in(client) == (how == "entered")


def test_set_up_asks_for_the_password_and_leaves_no_secret_in_the_page_after(client, clock, leader):
    client.force_login(leader)
    telephone = scanned(client.get(SET_UP).content.decode())

    assertContains(
        client.post(SET_UP, {"code": telephone.code(), "password": "sai"}),
        "Mật khẩu hiện tại chưa đúng.",
    )
    assert second_factor.device_of(leader) is None
    client.post(SET_UP, {"code": telephone.code(), "password": PASSWORD})
    assert scanned(client.get(SET_UP).content.decode()) != telephone


def test_a_reload_of_the_codes_says_that_it_is_on_and_how_to_get_others(client, clock, leader):
    give_password(client, leader)
    for _ in ("first", "another telephone"):
        page = client.get(SET_UP)
        offer = re.search(r'name="offer" value="(\w+)"', page.content.decode())[1]
        sent = {"code": scanned(page.content.decode()).code(), "password": PASSWORD, "offer": offer}
        assert len(printed(client.post(SET_UP, sent))) == 10
        before = list(leader.recovery_codes.values_list("code_hash", flat=True))

        again = client.post(SET_UP, sent, follow=True)

        assert again.redirect_chain == [(OVERVIEW, HTTPStatus.FOUND)]
        assertContains(again, "Xác thực hai bước đã bật. Mã khôi phục chỉ hiện một lần")
        assertContains(again, "Lấy và xem mã mới")
        assert not printed(again)
        assert list(leader.recovery_codes.values_list("code_hash", flat=True)) == before


def test_a_telephone_is_told_to_take_the_codes_over_by_hand(client, clock, leader, administrator):
    give_password(client, leader)
    telephone = scanned(client.get(SET_UP).content.decode())
    codes = client.post(SET_UP, {"code": telephone.code(), "password": PASSWORD})
    client.force_login(administrator)
    slip = client.post(f"/nguoi-dung/{leader.pk}/mat-khau/")

    for page in (codes, slip):
        assertContains(page, "trên điện thoại thì chép")
        assertContains(page, "ứng dụng quản lý mật khẩu")


def test_both_pages_of_the_second_step_lead_back_to_the_door(client, clock, leader):
    with_telephone(leader)
    give_password(client, leader)
    for page in (CODE, RECOVERY):
        assertContains(client.get(page), f'<a href="{SIGN_IN}">Về trang đăng nhập</a>')


@pytest.mark.parametrize(
    ("slow", "said"), [(240, "chậm khoảng 4 phút"), (-300, "nhanh khoảng 5 phút")]
)
def test_a_telephone_whose_clock_is_off_is_told_so(client, clock, leader, slow, said):
    client.force_login(leader)
    telephone = scanned(client.get(SET_UP).content.decode())
    telephone.slow = slow

    assertContains(client.post(SET_UP, {"code": telephone.code(), "password": PASSWORD}), said)
    assert second_factor.device_of(leader) is None


def test_codes_of_half_a_minute_around_are_good_and_older_or_later_ones_are_not(clock, leader):
    telephone, _ = with_telephone(leader)

    for steps, good in ((-2, False), (2, False), (-1, True)):
        TOTPDevice.objects.update(last_t=0, drift=0)
        if good:
            second_factor.accept_code(person=leader, code=telephone.code(steps))
        else:
            with pytest.raises(second_factor.WrongCode):
                second_factor.accept_code(person=leader, code=telephone.code(steps))


def test_a_clock_that_drifts_is_followed(clock, leader):
    telephone, _ = with_telephone(leader)

    for slow in (30, 60, 90):
        telephone.slow = slow
        clock.turn(120)
        second_factor.accept_code(person=leader, code=telephone.code())

    assert second_factor.device_of(leader).drift == -3


def test_no_code_is_good_twice(client, clock, leader):
    telephone, _ = with_telephone(leader)
    seen = telephone.code()
    give_password(client, leader)
    give_code(client, seen)
    other = Client()
    give_password(other, leader)

    assertContains(give_code(other, seen), "đã dùng rồi")
    assertContains(give_code(other, telephone.code(-1)), "Mã chưa đúng")  # nor one before it
    assert not is_signed_in(other)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_with_one_code_at_once_one_gets_in(clock):
    person = make_user()
    telephone, codes = with_telephone(person)

    def come(accept, code):
        try:
            accept(person=person, code=code)
        except (second_factor.WrongCode, TooOften):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        for accept, code in (
            (second_factor.accept_code, telephone.code()),
            (second_factor.accept_recovery_code, codes[0]),
        ):
            Tally.objects.all().delete()
            assert sum(pool.map(partial(come, accept), [code] * 6)) == 1
        Tally.objects.all().delete()
        list(pool.map(partial(come, second_factor.accept_code), ["000000"] * 12))
    assert Tally.objects.earliest("until").count == 5  # no more were looked at than are allowed


def test_wrong_codes_close_the_door_and_say_until_when(client, clock, leader, district):
    telephone, codes = with_telephone(leader)
    give_password(client, leader)
    for left in (4, 3, 2, 1, 0):
        assertContains(give_code(client, "000000"), f"còn {left} lần thử")

    refused = give_code(client, telephone.code())

    until = timezone.localtime(Tally.objects.earliest("until").until + timedelta(seconds=59))
    assertContains(refused, f"Thử lại từ {until:%H:%M %d/%m/%Y}", status_code=429)
    # The codes on paper are behind the same door.
    assert give_code(client, codes[0], RECOVERY).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert not is_signed_in(client)
    assert log_of(leader) == ["wrong_code"] * 5 + ["locked", "tried_on"]

    # Twenty of a day are enough, however long one waits in between.
    for _ in range(3):
        Tally.objects.filter(until__lte=timezone.now() + timedelta(hours=1)).update(
            until=timezone.now()
        )
        for _ in range(5):
            give_code(client, "000000")
    Tally.objects.filter(until__lte=timezone.now() + timedelta(hours=1)).delete()
    assert give_code(client, telephone.code()).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_the_owner_is_told_by_mail_that_somebody_knows_the_password(
    client, clock, django_capture_on_commit_callbacks, monkeypatch
):
    person = make_user(email="vinhbao@haiphong.gov.vn")
    monkeypatch.setattr(send_account_mail, "delay", send_account_mail)
    with_telephone(person)
    give_password(client, person)

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            give_code(client, "000000")

    assert [sent.to for sent in mail.outbox] == [["vinhbao@haiphong.gov.vn"]]
    assert "nhập đúng mật khẩu rồi nhập sai mã" in mail.outbox[0].body


def test_the_password_alone_is_forgotten_after_a_while_and_by_a_change(client, clock, leader):
    telephone, _ = with_telephone(leader)
    give_password(client, leader)
    clock.turn(601)
    assertRedirects(give_code(client, telephone.code()), SIGN_IN)

    give_password(client, leader)
    leader.set_password("mat-khau-moi-2023")
    leader.save()
    assertRedirects(give_code(client, telephone.code()), SIGN_IN)
    assert not is_signed_in(client)
    assertRedirects(Client().get(CODE), SIGN_IN)


def test_recovery_codes_are_hashed_and_good_once(client, clock, leader):
    _, codes = with_telephone(leader)
    stored = list(leader.recovery_codes.values_list("code_hash", flat=True))
    assert not any(code in each for code in codes for each in stored)
    assert check_password(codes[0], stored[0])

    give_password(client, leader)
    assertContains(give_code(client, "aaaa-bbbb", RECOVERY), "Còn 4 lần thử")
    response = give_code(client, f" {codes[3].upper().replace('-', ' ')} ", RECOVERY)
    assertRedirects(response, HOME, fetch_redirect_response=False)
    assertContains(client.get(ACCOUNT), "Đã dùng một mã khôi phục, còn 9 mã.")
    assert log_of(leader)[-1] == SignInEvent.Kind.SIGNED_IN_BY_CODE

    other = Client()
    give_password(other, leader)
    assertContains(give_code(other, codes[3], RECOVERY), "đã dùng rồi")
    assert not is_signed_in(other)


def test_renewing_codes_and_turning_off_ask_for_the_password_and_the_telephone(
    client, clock, leader
):
    telephone, codes = with_telephone(leader)
    client.force_login(leader)  # a session that has seen no code
    for address in (RENEW, OFF, SET_UP):
        assertRedirects(client.post(address, {"codes-password": PASSWORD}), SIGN_IN)
        client.force_login(leader)
    client.logout()
    give_password(client, leader)
    give_code(client, telephone.code())
    give_password(elsewhere := Client(), leader)
    give_code(elsewhere, codes[1], RECOVERY)
    assert is_signed_in(elsewhere)

    for address, name in ((RENEW, "codes-password"), (OFF, "off-password")):
        assertContains(client.post(address, {name: "sai"}), "Mật khẩu hiện tại chưa đúng.")
    fresh = printed(client.post(RENEW, {"codes-password": PASSWORD}))
    assert not set(fresh) & set(codes)
    with pytest.raises(second_factor.WrongCode):
        second_factor.accept_recovery_code(person=leader, code=codes[0])

    assertRedirects(client.post(OFF, {"off-password": PASSWORD}), OVERVIEW)
    assert second_factor.device_of(leader) is None
    assert second_factor.codes_left(leader) == 0
    assert kinds(leader) == [Kind.FACTOR_ON, Kind.CODES_RENEWED, Kind.FACTOR_OFF]
    assert not is_signed_in(elsewhere)  # it would go on saying that a code was given
    assert client.session[signing_in.SECOND_FACTOR] is False
    assertRedirects(client.post(RENEW, {"codes-password": PASSWORD}), OVERVIEW)


def test_another_telephone_takes_the_place_of_the_first(client, clock, leader):
    old, codes = with_telephone(leader)
    give_password(client, leader)
    give_code(client, old.code())
    new = scanned(client.get(SET_UP).content.decode())

    fresh = printed(client.post(SET_UP, {"code": new.code(), "password": PASSWORD}))

    assert len(fresh) == 10
    assert leader.events.last().detail == "thay điện thoại"
    clock.turn(60)
    with pytest.raises(second_factor.WrongCode):
        second_factor.accept_code(person=leader, code=old.code())
    second_factor.accept_code(person=leader, code=new.code())


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_ROLES = [Role.APPRAISER, Role.ADMINISTRATOR]


def test_a_role_that_requires_it_gets_nowhere_without(client, clock, required, appraiser, leader):
    give_password(client, appraiser)

    for address in (HOME, ACCOUNT, OVERVIEW, "/bao-cao/"):
        assertRedirects(client.get(address), SET_UP, fetch_redirect_response=False)
    from_script = client.get(HOME, headers={"HX-Request": "true"})
    assert from_script.status_code == HTTPStatus.UNAUTHORIZED
    assert from_script.headers["X-Sign-In"] == SET_UP
    assert is_signed_in(client)  # its text is kept while the telephone is set up
    telephone = scanned(client.get(SET_UP).content.decode())
    client.post(SET_UP, {"code": telephone.code(), "password": PASSWORD})
    assert client.get(ACCOUNT).status_code == HTTPStatus.OK
    assert client.post(OFF, {"off-password": PASSWORD}).status_code == HTTPStatus.FORBIDDEN
    with pytest.raises(PermissionDenied):
        second_factor.turn_off(person=appraiser, session_key="")

    give_password(free := Client(), leader)
    assert free.get(ACCOUNT).status_code == HTTPStatus.OK


def test_a_temporary_password_is_changed_first(client, required):
    person = make_user(Role.APPRAISER, must_change_password=True)
    give_password(client, person)

    assertRedirects(client.get(HOME), "/tai-khoan/mat-khau/")
    new = "Học-Suốt-Đời-2022"
    response = client.post(
        "/tai-khoan/mat-khau/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
        follow=True,
    )
    assert response.redirect_chain[-1][0] == SET_UP


def test_an_administrator_resets_it_with_a_reason_and_the_person_hears(
    client, clock, administrator, leader, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(send_account_mail, "delay", send_account_mail)
    leader.email = "lanhdao@haiphong.gov.vn"
    leader.save()
    telephone, _ = with_telephone(leader)
    give_password(signed_in := Client(), leader)
    give_code(signed_in, telephone.code())
    for _ in range(5):
        with pytest.raises(second_factor.WrongCode):
            second_factor.accept_code(person=leader, code="000000")
    client.force_login(administrator)
    address = f"/nguoi-dung/{leader.pk}/hai-buoc/"

    assertContains(client.post(address, {"reason": " "}), "Ghi lý do và cách đã xác minh.")
    assert second_factor.device_of(leader)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address, {"reason": "Mất máy; đã gọi lại số phòng"})

    assertRedirects(response, f"/nguoi-dung/{leader.pk}/")
    event = leader.events.last()
    assert (event.kind, event.by, event.detail) == (
        Kind.FACTOR_RESET,
        administrator,
        "Mất máy; đã gọi lại số phòng",
    )
    assert not is_signed_in(signed_in)
    assert [sent.to for sent in mail.outbox] == [["lanhdao@haiphong.gov.vn"]]
    assert "người quản trị đã đặt lại" in mail.outbox[0].body
    page = give_password(Client(), leader, next=ACCOUNT)
    assertRedirects(page, ACCOUNT, fetch_redirect_response=False)
    give_password(own := Client(), leader)
    assertNotContains(own.get(ACCOUNT), "đã đặt lại xác thực hai bước của anh")  # said once


def test_the_person_is_told_on_the_next_page(client, clock, administrator, leader):
    with_telephone(leader)
    second_factor.reset(person=leader, by=administrator, reason="Mất máy")

    give_password(client, leader)

    assertContains(client.get(ACCOUNT), f"{administrator.full_name} đã đặt lại xác thực hai bước")


def test_nobody_resets_their_own_or_without_being_administrator(clock, administrator, leader):
    with_telephone(administrator)

    for by in (administrator, leader):
        with pytest.raises(PermissionDenied):
            second_factor.reset(person=administrator, by=by, reason="Mất máy")

    assert second_factor.device_of(administrator)


def test_the_last_administrator_is_let_in_from_the_server(clock, administrator, capsys):
    with_telephone(administrator)

    call_command("reset_second_factor", administrator.username, reason="Mất máy")

    assert second_factor.device_of(administrator) is None
    assert administrator.events.last().detail == "bằng lệnh trên máy chủ: Mất máy"
    for name, said in ((administrator.username, "chưa bật"), ("khong.co", "Không có tài khoản")):
        with pytest.raises(CommandError, match=said):
            call_command("reset_second_factor", name, reason="Mất máy")


def test_a_new_temporary_password_opens_what_wrong_codes_closed(clock, administrator, leader):
    telephone, _ = with_telephone(leader)
    for _ in range(5):
        with pytest.raises(second_factor.WrongCode):
            second_factor.accept_code(person=leader, code="000000")

    reset_password(person=leader, by=administrator)

    second_factor.accept_code(person=leader, code=telephone.code())


def test_the_library_counts_as_rfc_6238_says():
    """Vectors of its appendix B for SHA-1, eight digits."""
    telephone = TOTP(b"12345678901234567890", digits=8)
    for at, expected in ((59, 94287082), (1111111109, 7081804), (20000000000, 65353130)):
        telephone.time = at
        assert telephone.token() == expected


def test_the_offer_is_one_secret_in_three_shapes(clock, leader):
    offer = second_factor.offer(leader, key := second_factor.new_key())

    telephone = Telephone(second_factor.unhexlify(key))
    assert scanned(f'<p class="secret">{offer.text}</p>') == telephone
    secret = re.search(r"secret=([A-Z2-7]+)", offer.address)[1]
    assert secret == offer.text.replace(" ", "")
    assert offer.address.startswith("otpauth://totp/")
    assert f"{leader.username}?" in offer.address
    assert offer.qr.startswith("<svg")
    assert "style=" not in offer.qr  # the policy would refuse it
