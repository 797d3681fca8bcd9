"""What is told of an account: all that names it, nothing that lets somebody in, nobody else's."""

import json

import pytest
from django.core.management import CommandError, call_command

from organisations import second_factor
from organisations.actions import create_people
from organisations.models import Role, Session, SignInEvent, User

pytestmark = pytest.mark.django_db


def export(person, path):
    call_command("export_account", person.username, output=path, reason="Đơn ngày 1/2")
    return json.loads(path.read_text())


def test_everything_that_names_the_account_is_told_and_no_secret(
    client, administrator, editor, tmp_path
):
    client.force_login(editor)
    client.get("/")
    SignInEvent.objects.create(person=editor, kind="signed_in", ip="10.1.2.3", browser="Firefox")
    SignInEvent.objects.create(person=administrator, kind="signed_in", ip="10.9.9.9")
    second_factor.renew_codes(person=editor)

    told = export(editor, tmp_path / "ra.json")

    assert [row["full_name"] for row in told["organisations.User"]] == [editor.full_name]
    assert [row["ip"] for row in told["organisations.SignInEvent"]] == ["10.1.2.3"]
    assert len(told["organisations.RecoveryCode"]) == second_factor.CODES
    assert told["organisations.AccountEvent"][-1]["detail"].endswith(": Đơn ngày 1/2")
    text = (tmp_path / "ra.json").read_text()
    secrets = [editor.password, *editor.recovery_codes.values_list("code_hash", flat=True)]
    secrets += Session.objects.values_list("session_key", flat=True)
    assert len(secrets) > second_factor.CODES + 1
    assert [each for each in secrets if each in text] == []


def test_what_the_person_did_to_others_is_told_too(administrator, district, tmp_path):
    person = User(
        username="moi.vao", full_name="Người Mới", role=Role.OBSERVER, organisation=district
    )
    create_people(people=[person], by=administrator)

    told = export(administrator, tmp_path / "ra.json")

    assert told["organisations.AccountEvent"][0]["person"] == person.pk


def test_nothing_is_written_over_and_nobody_unknown_is_told_of(editor, tmp_path):
    path = tmp_path / "ra.json"
    path.write_text("cũ")

    with pytest.raises(CommandError, match="Không tạo được"):
        export(editor, path)
    with pytest.raises(CommandError, match="Không có tài khoản"):
        call_command("export_account", "khong.co", output=tmp_path / "b", reason="Đơn")

    assert path.read_text() == "cũ"
    assert not editor.events.exists()
    assert not (tmp_path / "b").exists()
