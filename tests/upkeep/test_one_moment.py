"""While a backup is made, people go on working: the archive tells of one moment all the same."""

from hashlib import sha256
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from evaluations.models import ResultUpload, StoredFile
from organisations.models import Organisation
from tests.upkeep.committed import empty_everything
from upkeep.backup import making
from upkeep.backup.errors import BackupError
from upkeep.backup.making import RESTLESS, make_archive
from upkeep.backup.restoring import restore_archive
from upkeep.integrity import OF_THE_DATA, faults
from upkeep.stored_files import NamedFile, stored_names


def elsewhere(act) -> None:
    """As another process does it: on a connection of its own, committed at once."""

    def run():
        act()
        connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive(), "the backup holds a writer up"


def enter_unit() -> None:
    Organisation.objects.create(
        code="moi", name="Mới", kind="agency", valid_from="2022-01-01", search="moi"
    )


def let_go(name: str) -> None:
    """As a workbook that is applied or dropped lets go of its file."""
    ResultUpload.objects.filter(file=name).update(file="", status="dropped", rows={})
    default_storage.delete(name)


def add_paper(name: str) -> None:
    """One more file of a document, uploaded meanwhile."""
    paper = StoredFile.objects.first()
    paper.pk, paper.file = None, default_storage.save(name, ContentFile(b"moi"))
    paper.size, paper.sha256 = 3, sha256(b"moi").hexdigest()
    paper.save()


def test_rows_written_while_tables_are_read_belong_to_no_table(archive, tmp_path, monkeypatch):
    reading, read = making.lines_of, []

    def with_a_colleague_at_work(model):
        read.append(model)
        if len(read) == 2:
            elsewhere(enter_unit)
        yield from reading(model)

    monkeypatch.setattr(making, "lines_of", with_a_colleague_at_work)

    make_archive(tmp_path / "moi.tar", None)
    monkeypatch.undo()

    assert read.index(Organisation) > 1, "the unit was entered before its table was read"
    assert Organisation.objects.filter(code="moi").exists()
    empty_everything()
    restore_archive(tmp_path / "moi.tar", None)
    assert not Organisation.objects.filter(code="moi").exists()
    assert list(faults(OF_THE_DATA)) == []


@pytest.fixture
def while_copying(monkeypatch):
    """Something happens elsewhere, once, before the file of that name is copied, or after."""

    def arrange(name, act, *, after=False):
        copying, left = making._copy, [act]

        def copy(named, *rest):
            if not after and named.path == name and left:
                elsewhere(left.pop())
            said = copying(named, *rest)
            if after and named.path == name and left:
                elsewhere(left.pop())
            return said

        monkeypatch.setattr(making, "_copy", copy)

    return arrange


@pytest.mark.once
def test_file_let_go_of_before_it_is_copied_leads_to_another_moment(
    archive, tmp_path, while_copying
):
    name = ResultUpload.objects.get().file.name

    def work_on():
        let_go(name)
        add_paper("minh-chung/moi")

    while_copying(name, work_on)
    made = make_archive(tmp_path / "moi.tar", None)
    empty_everything()
    restore_archive(tmp_path / "moi.tar", None)

    assert made.faults == []
    assert (ResultUpload.objects.get().file, ResultUpload.objects.get().status) == ("", "dropped")
    stored = set(stored_names())
    assert name not in stored
    assert "minh-chung/moi" in stored
    assert list(faults(OF_THE_DATA)) == []


@pytest.mark.once
def test_file_let_go_of_after_it_was_copied_stays_with_its_moment(archive, tmp_path, while_copying):
    name = ResultUpload.objects.get().file.name

    def work_on():
        let_go(name)
        add_paper("minh-chung/moi")

    while_copying(name, work_on, after=True)
    make_archive(tmp_path / "moi.tar", None)
    empty_everything()
    restore_archive(tmp_path / "moi.tar", None)

    assert ResultUpload.objects.get().file.name == name
    stored = set(stored_names())
    assert name in stored
    assert "minh-chung/moi" not in stored
    assert list(faults(OF_THE_DATA)) == []


@pytest.mark.once
def test_copied_file_that_a_later_moment_does_not_name_is_not_restored(
    archive, tmp_path, while_copying
):
    """The first moment copies the workbook, the second comes about by another file."""
    name, other = ResultUpload.objects.get().file.name, "nap-ket-qua/khac"
    upload = ResultUpload.objects.get()
    upload.pk, upload.file = None, default_storage.save(other, ContentFile(b"khac"))
    upload.sha256 = sha256(b"khac").hexdigest()
    upload.save()

    def work_on():
        let_go(name)
        let_go(other)

    while_copying(name, work_on, after=True)
    make_archive(tmp_path / "moi.tar", None)
    empty_everything()
    restored = restore_archive(tmp_path / "moi.tar", None)

    assert restored.left_out == 1
    assert not {name, other} & set(stored_names())
    assert list(faults(OF_THE_DATA)) == []


@pytest.mark.once
def test_a_backup_that_finds_no_moment_gives_up_and_leaves_nothing(archive, tmp_path, monkeypatch):
    default_storage.delete(ResultUpload.objects.get().file.name)
    monkeypatch.setattr(NamedFile, "is_still_named", False)

    with pytest.raises(BackupError, match=RESTLESS[:30]):
        make_archive(tmp_path / "moi.tar", None)
    assert list(tmp_path.glob("moi*")) == []
