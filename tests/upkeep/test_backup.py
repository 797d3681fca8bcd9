"""Saved, emptied, restored: every row and every file as it was, on either database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from evaluations.models import Event
from organisations.models import Organisation, Session, Tally
from tests.upkeep.committed import NESTED, ODD, contents, empty_everything
from upkeep.backup.checking import check_archive
from upkeep.backup.encryption import new_key, read_key
from upkeep.backup.errors import BackupError
from upkeep.backup.making import make_archive
from upkeep.backup.restoring import restore_archive
from upkeep.backup.rows import LEFT_OUT, backed_up
from upkeep.integrity import OF_THE_DATA, faults
from upkeep.models import UpkeepRun
from upkeep.stored_files import named_files, stored_names

ROOT = Path(__file__).resolve().parent.parent.parent
# Tables of Django and of SQLite that no model describes.
OF_THE_DATABASE = {"django_migrations"}
# The kinds of column that the world has values of: a new one needs a value in it too.
KINDS = (
    models.AutoField,
    models.BooleanField,
    models.CharField,
    models.DateField,  # and times of a day
    models.DecimalField,
    models.FileField,
    models.ForeignKey,
    models.GenericIPAddressField,
    models.IntegerField,
    models.JSONField,
    models.TextField,
    models.TimeField,
)


def test_every_table_is_saved_or_left_out_on_purpose(archive):
    saved = {model._meta.db_table for model in backed_up()}
    left_out = {apps.get_model(label)._meta.db_table for label in LEFT_OUT}

    assert saved | left_out | OF_THE_DATABASE == set(connection.introspection.table_names())
    assert not saved & left_out
    assert not {table for table in saved if table.startswith("axes_")}, "a password may be in it"
    assert check_archive(archive, None).tables.keys() == saved


def test_every_kind_of_column_is_one_that_was_seen_to_survive():
    odd = {
        str(field)
        for model in backed_up()
        for field in model._meta.local_concrete_fields
        if not isinstance(field, KINDS)
    }

    assert odd == set()


def test_a_row_comes_after_those_it_points_to():
    places = {model: place for place, model in enumerate(backed_up())}
    for model, place in places.items():
        for field in model._meta.local_concrete_fields:
            if field.related_model and field.related_model != model:
                assert places[field.related_model] < place, field


def test_every_row_and_file_comes_back_as_it_was(archive, tmp_path):
    given_out = Organisation.objects.latest("pk").pk + 1  # and deleted since
    empty_everything()

    restored = restore_archive(archive, None)

    assert list(faults(OF_THE_DATA)) == []
    again = tmp_path / "lai.tar"
    assert make_archive(again, None).faults == []
    assert contents(again) == contents(archive)
    assert restored.manifest.row_count == sum(model._base_manager.count() for model in backed_up())
    assert restored.manifest.file_count == len(list(stored_names())) == len(list(named_files()))
    odd = Event.objects.get(text=ODD)
    assert odd.detail == NESTED
    assert not Session.objects.exists()
    assert not Tally.objects.exists()
    assert not UpkeepRun.objects.exists()
    assert ContentType.objects.get_for_model(Organisation).model_class() is Organisation
    new = Organisation.objects.create(
        code="moi", name="Mới", kind="agency", valid_from="2022-01-01", search="moi"
    )
    assert new.pk == given_out + 1


def test_an_encrypted_archive_says_the_same_and_nothing_without_its_key(archive, tmp_path):
    new_key(tmp_path / "khoa")
    new_key(tmp_path / "khac")
    key = read_key(tmp_path / "khoa")
    secret = tmp_path / "kin.tar.enc"

    make_archive(secret, key)

    assert contents(secret, key) == contents(archive)
    assert b"manifest" not in secret.read_bytes()
    with pytest.raises(BackupError, match="cần tệp khóa"):
        check_archive(secret, None)
    with pytest.raises(BackupError, match="Sai khóa"):
        restore_archive(secret, read_key(tmp_path / "khac"))
    secret.write_bytes(secret.read_bytes()[:-1])
    with pytest.raises(BackupError, match="cắt cụt"):
        check_archive(secret, key)


@pytest.mark.services
def test_from_one_database_to_the_other_and_back(archive, tmp_path):
    """As an operator does it, with the commands; this process has PostgreSQL, the other SQLite."""
    assert connection.vendor == "postgresql"
    there = {
        **os.environ,
        "DATABASE_URL": "",
        "VAR_DIR": str(tmp_path),
        "MEDIA_ROOT": str(tmp_path / "media"),
    }

    def manage(*arguments) -> str:
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    manage("migrate", "--verbosity", "0")
    assert "Không thấy lỗi nào" in manage("restore", archive)
    manage("backup", "--dir", tmp_path / "ra")
    (from_sqlite,) = (tmp_path / "ra").glob("*.tar")
    empty_everything()
    restore_archive(from_sqlite, None)
    back = tmp_path / "ve.tar"
    make_archive(back, None)

    assert check_archive(from_sqlite, None).database == "sqlite"
    assert contents(from_sqlite) == contents(archive)
    assert contents(back) == contents(archive)
    assert list(faults(OF_THE_DATA)) == []
