"""Taking a name off an account: nothing is left of it, the work stays, and there is no way back."""

import json
from http import HTTPStatus

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.models import Mail, Notice, Reminder
from organisations import second_factor
from organisations.actions import (
    change_person,
    reset_password,
    reset_password_at_server,
    set_active,
)
from organisations.anonymising import Obstacle, anonymise
from organisations.append_only import REDACTED
from organisations.models import AccountEvent, Role, SignInEvent, User
from organisations.text import search_key
from tests.factories import PASSWORD, make_dossier, make_user
from tests.organisations.log_lines import logged
from tests.organisations.telephone import with_telephone

pytestmark = pytest.mark.django_db

NAME, USERNAME = "Phạm Thị Nhập", "nhap.pham"
EMAIL, PHONE, POSITION = "nhap.pham@example.vn", "0225 3842 123", "Chuyên viên tổng hợp"
WHO_IT_WAS = (NAME, USERNAME, EMAIL, PHONE, POSITION, "Nhập cũ", "cu@example.vn")


@pytest.fixture
def person(district, administrator):
    """Somebody with a past, out of use since a moment ago."""
    person = make_user(
        Role.EDITOR,
        district,
        full_name="Nhập cũ",
        username=USERNAME,
        email="cu@example.vn",
        phone=PHONE,
        position=POSITION,
    )
    person.full_name, person.email = NAME, EMAIL
    change_person(person=person, by=administrator)
    Client().force_login(person)
    with_telephone(person)
    logged(person, days=100)
    logged(person, days=2)
    Notice.objects.create(recipient=person, kind="due", text=f"{NAME}: còn 7 ngày")
    mail = Mail.objects.create(
        recipient=person,
        kind="reminder",
        day=timezone.localdate(),
        status="sent",
        sent_at=timezone.now(),
        address=EMAIL,
        body=f"Kính gửi {NAME}",
    )
    Reminder.objects.create(
        recipient=person,
        about="evaluation:1",
        due_on=timezone.localdate(),
        stage="7",
        day=timezone.localdate(),
        mail=mail,
    )
    make_dossier(district)
    set_active(person=person, active=False, by=administrator)
    return User.objects.get(pk=person.pk)


def everything_stored() -> str:
    """Every word of every table."""
    return json.dumps(
        [list(model._default_manager.values()) for model in apps.get_models()],
        default=str,
        ensure_ascii=False,
    )


def address(person) -> str:
    return f"/nguoi-dung/{person.pk}/an-danh/"


def test_nothing_is_left_that_tells_who_it_was(person, administrator):
    before = everything_stored()
    assert all(each in before for each in WHO_IT_WAS)

    anonymise(person=person, by=administrator, reason="Đơn số 12")

    after = everything_stored()
    assert [each for each in WHO_IT_WAS if each in after or search_key(each) in after] == []
    person.refresh_from_db()
    assert person.full_name == f"Tài khoản đã ẩn danh {person.pk}"
    assert not person.has_usable_password()
    assert not person.sessions.exists()
    assert second_factor.device_of(person) is None
    assert second_factor.codes_left(person) == 0


def test_trail_keeps_what_was_done_when_and_by_whom(person, administrator):
    before = list(AccountEvent.objects.values_list("pk", "kind", "by", "at"))

    anonymise(person=person, by=administrator, reason="Đơn số 12")

    events = AccountEvent.objects.filter(person=person)
    assert list(AccountEvent.objects.values_list("pk", "kind", "by", "at"))[:-1] == before
    assert events.get(kind="changed").detail == REDACTED
    last = events.last()
    assert (last.kind, last.by, last.detail) == ("anonymised", administrator, "Đơn số 12")


def test_log_of_sign_ins_keeps_a_month_and_no_more(person, administrator):
    anonymise(person=person, by=administrator, reason="Đơn số 12")

    ages = [(timezone.now() - event.at).days for event in SignInEvent.objects.filter(person=person)]
    assert ages == [2]


def test_there_is_no_way_back(person, administrator):
    anonymise(person=person, by=administrator, reason="Đơn số 12")
    person = User.objects.get(pk=person.pk)

    for refused in (
        lambda: set_active(person=person, active=True, by=administrator),
        lambda: change_person(person=person, by=administrator),
        lambda: reset_password(person=person, by=administrator),
        lambda: reset_password_at_server(person=person, reason="thử"),
        lambda: second_factor.reset(person=person, by=administrator, reason="thử"),
        lambda: anonymise(person=person, by=administrator, reason="lần nữa"),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=True)


def test_nobody_in_use_nor_oneself_nor_the_last_administrator(editor, administrator):
    with pytest.raises(Obstacle, match="đang dùng"):
        anonymise(person=editor, by=administrator, reason="Đơn")
    with pytest.raises(PermissionDenied):
        anonymise(person=administrator, by=administrator, reason="Đơn")
    with pytest.raises(PermissionDenied):
        anonymise(person=administrator, by=editor, reason="Đơn")
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    with pytest.raises(CommandError, match="quản trị cuối cùng"):
        call_command("anonymise_account", administrator.username, reason="Đơn")

    assert not User.objects.filter(anonymised_at__isnull=False).exists()


def test_command_does_the_same(person, capsys):
    with pytest.raises(CommandError, match="Không ghi tên"):
        call_command("anonymise_account", USERNAME, reason=f"Đơn của {NAME.upper()}")

    call_command("anonymise_account", USERNAME, reason="Đơn số 12")

    assert f"Tài khoản đã ẩn danh {person.pk}" in capsys.readouterr().out
    event = AccountEvent.objects.last()
    assert (event.kind, event.detail) == ("anonymised", "bằng lệnh trên máy chủ: Đơn số 12")
    with pytest.raises(CommandError, match="Không có tài khoản"):
        call_command("anonymise_account", USERNAME, reason="Đơn số 12")


def test_page_says_what_goes_and_asks_for_the_name_once_more(client, person, administrator):
    client.force_login(administrator)
    assertContains(client.get(f"/nguoi-dung/{person.pk}/"), address(person))
    page = client.get(address(person))
    assertContains(page, "Bỏ ngay, không lấy lại được")
    assertContains(page, "Còn lại, và vì sao")

    wrong = client.post(address(person), {"reason": "Đơn số 12", "username": "ai.do"})
    assertContains(wrong, "Chưa đúng; tên đăng nhập")
    assertContains(wrong, "Đơn số 12")
    named = client.post(address(person), {"reason": f"của {NAME}", "username": USERNAME})
    assertContains(named, "Bỏ tên, tên đăng nhập")
    done = client.post(
        address(person), {"reason": "Đơn số 12", "username": USERNAME.upper()}, follow=True
    )

    assertRedirects(done, f"/nguoi-dung/{person.pk}/")
    assertContains(done, "Tài khoản này đã ẩn danh")
    assertNotContains(done, NAME)
    for gone in ("Cho dùng lại", "Cấp mật khẩu tạm mới", 'name="full_name"'):
        assertNotContains(done, gone)
    assertRedirects(client.get(address(person)), f"/nguoi-dung/{person.pk}/")


def test_page_of_an_account_in_use_says_what_to_do_first(client, editor, administrator):
    client.force_login(administrator)

    for answer in (
        client.get(address(editor)),
        client.post(address(editor), {"reason": "Đơn", "username": editor.username}),
    ):
        assertContains(answer, "bấm “Ngừng dùng ngay”")
    editor.refresh_from_db()
    assert editor.is_active


def test_the_page_looks_like_what_cannot_be_undone(client, person, administrator):
    client.force_login(administrator)

    page = client.get(address(person))

    assertContains(page, '<button class="btn btn-danger">Ẩn danh, không hoàn tác</button>')
    assertContains(page, 'Người dùng</a> / <a href="')


def test_one_s_own_account_is_somebody_else_s_to_anonymise(client, administrator):
    client.force_login(administrator)

    page = client.get(address(administrator))

    assertContains(page, "Việc này do một người quản trị khác làm", status_code=403)
    assertNotContains(page, "trạng thái hiện tại của hồ sơ", status_code=403)


def test_name_cannot_be_taken_by_anybody_and_does_not_sign_in(client, person, administrator):
    anonymise(person=person, by=administrator, reason="Đơn số 12")
    person.refresh_from_db()

    answer = client.post("/dang-nhap/", {"username": person.username, "password": PASSWORD})

    assert answer.status_code == HTTPStatus.OK
    assertContains(answer, "chưa đúng")
    with pytest.raises(Exception, match="Tên đăng nhập gồm"):
        User._meta.get_field("username").clean(person.username, person)


def test_list_has_a_state_of_its_own(client, person, administrator):
    anonymise(person=person, by=administrator, reason="Đơn số 12")
    client.force_login(administrator)

    found = {
        state: [each.pk for each in client.get(f"/nguoi-dung/?state={state}").context["page"]]
        for state in ("", "ngung", "an-danh", "tat-ca")
    }

    assert found["an-danh"] == [person.pk]
    assert person.pk not in found[""] + found["ngung"]
    assert person.pk in found["tat-ca"]


def test_every_table_that_is_nothing_but_somebody_s_messages_goes_with_them():
    """A new one that is addressed to somebody says GOES_WITH, or why not is said here."""
    addressed = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name == "recipient" and isinstance(field, models.ForeignKey)
    }
    going = {model._meta.label for model in apps.get_models() if hasattr(model, "GOES_WITH")}

    assert addressed == going
    assert len(going) == 3
