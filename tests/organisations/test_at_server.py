"""Commands for whoever may run them on the server, when no administrator gets in."""

import re

import pytest
from django.core.management import CommandError, call_command

from organisations.models import AccountEvent, Role, User

pytestmark = pytest.mark.django_db
PASSWORD = re.compile(r"\b(?:[a-z2-9]{4}-){2}[a-z2-9]{4}\b")


def printed_password(capsys):
    return PASSWORD.search(capsys.readouterr().out)[0]


def test_the_first_administrator_signs_in_once_and_chooses_a_password(client, capsys):
    call_command("create_administrator", "Quan.Tri", "Người quản trị", email="qt@example.vn")

    password = printed_password(capsys)
    person = User.objects.get()
    assert (person.username, person.role) == ("quan.tri", Role.ADMINISTRATOR)
    assert (person.is_operator, person.must_change_password) == (False, True)
    assert person.search
    event = AccountEvent.objects.get()
    assert (event.person, event.by, event.kind) == (person, person, "created")
    assert event.detail == "bằng lệnh trên máy chủ: người quản trị đầu tiên"
    signed_in = client.post("/dang-nhap/", {"username": "quan.tri", "password": password})
    assert signed_in.status_code == 302
    assert client.get("/nguoi-dung/").url.startswith("/tai-khoan/mat-khau/")


def test_another_administrator_from_the_server_needs_a_reason(administrator):
    with pytest.raises(CommandError, match=administrator.username):
        call_command("create_administrator", "thu.hai", "Người thứ hai")

    call_command("create_administrator", "thu.hai", "Người thứ hai", reason="người trước nghỉ")

    assert AccountEvent.objects.get().detail == "bằng lệnh trên máy chủ: người trước nghỉ"


@pytest.mark.parametrize(
    ("username", "full_name", "email"),
    [("co dấu", "Họ Tên", ""), ("quan.tri", " ", ""), ("quan.tri", "Họ Tên", "khong-phai-thu")],
)
def test_what_is_wrong_creates_nobody(username, full_name, email):
    with pytest.raises(CommandError):
        call_command("create_administrator", username, full_name, email=email)

    assert not User.objects.exists()


def test_a_forgotten_password_is_replaced_from_the_server(client, administrator, capsys):
    client.force_login(administrator)

    call_command("reset_password", administrator.username, reason="Quên mật khẩu")

    administrator.refresh_from_db()
    assert administrator.check_password(printed_password(capsys))
    assert administrator.must_change_password
    event = administrator.events.get()
    assert (event.kind, event.detail) == ("password_reset", "bằng lệnh trên máy chủ: Quên mật khẩu")
    assert client.get("/").status_code == 302


def test_a_password_is_given_to_nobody_unknown_or_out_of_use(administrator):
    administrator.is_active = False
    administrator.save(update_fields=["is_active"])

    for name, said in (("khong.co", "Không có"), (administrator.username, "ngừng dùng")):
        with pytest.raises(CommandError, match=said):
            call_command("reset_password", name, reason="Quên mật khẩu")

    assert not AccountEvent.objects.exists()
