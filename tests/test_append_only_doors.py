"""What may be taken out of a trail after all: rows old enough, and one field for fixed words."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.dateparse import parse_duration

from organisations.append_only import (
    CLOCKS_APART,
    ERASING,
    REDACTED,
    REDACTING,
    SETTING,
    WithDoor,
    WrittenOnce,
    erase,
    redact,
)
from organisations.models import AccountEvent, SignInEvent
from tests.organisations.log_lines import logged
from tests.test_append_only import append_only


def test_the_database_knows_the_doors_that_the_models_have():
    told = {}
    for migration in MigrationLoader(None).disk_migrations.values():
        for operation in migration.operations:
            if isinstance(operation, WithDoor):
                for name in operation.models:
                    told[f"{operation.app_label}.{name}"] = (operation.door, operation.argument)

    assert {
        model._meta.label: model.ERASED_AFTER for model in append_only() if model.ERASED_AFTER
    } == {name: parse_duration(said) for name, (door, said) in told.items() if door == "erase"}
    assert {
        model._meta.label: model.REDACTED_FIELD for model in append_only() if model.REDACTED_FIELD
    } == {name: said for name, (door, said) in told.items() if door == "redact"}


def test_only_rows_that_are_old_enough_are_erased(editor):
    old, young = logged(editor, days=31), logged(editor, days=29)

    assert erase(SignInEvent.objects.all()) == 1

    assert list(SignInEvent.objects.all()) == [young]
    assert old.pk not in SignInEvent.objects.values_list("pk", flat=True)
    assert SignInEvent.ERASED_AFTER > CLOCKS_APART


def test_what_is_kept_for_ever_has_no_door(editor):
    with pytest.raises(WrittenOnce):
        erase(AccountEvent.objects.all())
    with pytest.raises(WrittenOnce):
        redact(SignInEvent.objects.all())


def test_the_doors_shut_behind_whoever_went_through(editor, administrator):
    logged(editor, days=40)
    event = AccountEvent.objects.create(
        person=editor, by=administrator, kind="changed", detail="họ và tên: A → B"
    )

    erase(SignInEvent.objects.all())
    assert redact(AccountEvent.objects.filter(pk=event.pk)) == 1

    event.refresh_from_db()
    assert event.detail == REDACTED
    for rows in (SignInEvent.objects.all(), AccountEvent.objects.all()):
        with pytest.raises(WrittenOnce):
            rows.delete()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting(%s, true)", [SETTING])
            assert cursor.fetchone()[0] not in (ERASING, REDACTING)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such triggers")
@pytest.mark.parametrize(
    ("door", "statement"),
    [
        (ERASING, "DELETE FROM organisations_signinevent WHERE at > now() - interval '30 days'"),
        (ERASING, "DELETE FROM organisations_accountevent"),
        (ERASING, "UPDATE organisations_signinevent SET browser = ''"),
        (REDACTING, "DELETE FROM organisations_signinevent"),
        (REDACTING, "UPDATE organisations_accountevent SET detail = 'khác'"),
        (REDACTING, f"UPDATE organisations_accountevent SET detail = '{REDACTED}', kind = 'x'"),
        (REDACTING, "UPDATE organisations_signinevent SET browser = ''"),
    ],
)
def test_an_open_door_lets_nothing_else_through(editor, administrator, door, statement):
    logged(editor, days=40), logged(editor, days=3)
    AccountEvent.objects.create(person=editor, by=administrator, kind="changed", detail="cũ")

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, door])
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
