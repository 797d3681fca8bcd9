"""The line to the database breaks while it records a file: recorded or not, nobody was told."""

from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connections

from evaluations.actions.evidence import add_evidence_file
from evaluations.models import StoredFile
from tests.evaluations import samples
from tests.evaluations.samples import upload
from tests.factories import make_district, make_dossier, make_user, result_of
from upkeep.integrity import faults

LOST = [psycopg.OperationalError, psycopg.errors.AdminShutdown, psycopg.errors.ConnectionFailure]


@contextmanager
def line_breaks(error, *, arrives: bool):
    """The next commit is the last word on that line; `arrives`: the server still heard it."""
    wrapper = connections["default"]
    heard = wrapper._commit

    def commit():
        if arrives:
            heard()
        wrapper.close()
        raise OperationalError from error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wrapper, "_commit", commit)
        yield


def files_on_disk() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("arrives", [True, False])
def test_no_recorded_file_is_taken_away(arrives, lost):
    district = make_district()
    editor = make_user(organisation=district)
    result = result_of(make_dossier(district), "1.1.1")

    with line_breaks(lost(), arrives=arrives), pytest.raises(OperationalError):
        add_evidence_file(result=result, uploaded=upload(samples.pdf(), "a.pdf"), by=editor)

    assert StoredFile.objects.count() == arrives
    assert len(files_on_disk()) == 1  # not recorded, `verify_integrity` finds it after a day
    assert list(faults(["files"])) == []


@pytest.mark.django_db(transaction=True)
def test_file_of_what_failed_on_a_sound_line_is_taken_away(monkeypatch):
    district = make_district()
    result = result_of(make_dossier(district), "1.1.1")

    def full(*args, **kwargs):
        raise OperationalError from psycopg.errors.DiskFull()

    monkeypatch.setattr(StoredFile.objects, "create", full)
    with pytest.raises(OperationalError):
        add_evidence_file(
            result=result,
            uploaded=upload(samples.pdf(), "a.pdf"),
            by=make_user(organisation=district),
        )

    assert files_on_disk() == []
