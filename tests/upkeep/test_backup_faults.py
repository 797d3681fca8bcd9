"""Archives that are not what they were, and restores that break off: nothing is left of them."""

import gzip
import io
import json
import tarfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from evaluations.models import StoredFile
from organisations.models import Organisation
from tests.upkeep.committed import (
    archives,
    backup,
    contents,
    contents_now,
    empty_everything,
    is_empty,
)
from upkeep.backup import restoring
from upkeep.backup.archive import LISTING, MANIFEST
from upkeep.backup.checking import check_archive
from upkeep.backup.errors import BackupError
from upkeep.backup.making import applied_migrations, make_archive
from upkeep.backup.restoring import restore_archive
from upkeep.models import UpkeepRun
from upkeep.stored_files import stored_names


@pytest.fixture
def empty(archive) -> Path:
    """The archive beside an installation that has just been migrated."""
    empty_everything()
    return archive


def rewritten(archive: Path, target: Path, change) -> Path:
    """The archive with what `change(name, content)` makes of each member; None leaves it out."""
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


# --- Archives that are not what they were ------------------------------------------------------


def test_a_changed_archive_is_found_out_before_anything_is_written(empty, tmp_path):
    names = list(contents(empty))
    paper = next(name for name in names if name.startswith("files/minh-chung/"))
    table = "rows/evaluations_event.jsonl.gz"

    def in_manifest(**values):
        return lambda content: json.dumps(json.loads(content) | values).encode()

    def one_line_less(content):
        return gzip.compress(b"".join(gzip.decompress(content).splitlines(True)[1:]))

    deeds = [
        (paper, lambda content: content[:-1] + b"x", "thiếu hoặc hỏng"),
        (paper, lambda content: None, "thiếu hoặc hỏng"),
        (LISTING, lambda content: None, "thiếu files.jsonl.gz"),
        (LISTING, one_line_less, "thiếu hoặc hỏng"),
        (LISTING, lambda content: gzip.compress(b""), "không ghi trong danh mục"),
        (table, one_line_less, "không khớp ở evaluations_event"),
        (table, lambda content: content[:-5], "hỏng"),
        (table, lambda content: b"x" + content, "hỏng"),
        (table, lambda content: None, "thiếu evaluations_event"),
        (MANIFEST, lambda content: None, "thiếu phần cuối"),
        (MANIFEST, lambda content: content[:100], "hỏng"),
        (MANIFEST, in_manifest(tables=[]), "có phần lạ"),
        (MANIFEST, in_manifest(format=2), "chỉ đọc được dạng 1"),
    ]
    for victim, change, sentence in deeds:
        changed = rewritten(
            empty,
            tmp_path / "sua.tar",
            lambda name, content, v=victim, c=change: c(content) if name == v else content,
        )
        with pytest.raises(BackupError, match=sentence):
            restore_archive(changed, None)
    for size in (100, 5000, empty.stat().st_size // 2):
        (tmp_path / "cut.tar").write_bytes(empty.read_bytes()[:size])
        with pytest.raises(BackupError, match="thiếu phần cuối|hỏng"):
            restore_archive(tmp_path / "cut.tar", None)
    assert is_empty()


def test_something_after_the_manifest_is_refused(empty, tmp_path):
    (tmp_path / "them.tar").write_bytes(empty.read_bytes())
    with tarfile.open(tmp_path / "them.tar", "a") as tar:
        info = tarfile.TarInfo("files/them")
        tar.addfile(info, io.BytesIO())

    with pytest.raises(BackupError, match="mục sau mục cuối"):
        restore_archive(tmp_path / "them.tar", None)


# --- Where nothing may be restored to ----------------------------------------------------------


def test_restore_wants_an_empty_database(archive):
    before = contents_now()

    with pytest.raises(BackupError, match="Chỉ khôi phục vào hệ thống trống"):
        restore_archive(archive, None)
    assert contents_now() == before


def test_restore_wants_an_empty_storage(empty):
    default_storage.save("minh-chung/cua-ai", ContentFile(b"x"))

    with pytest.raises(BackupError, match=r"nơi lưu trữ tệp \(minh-chung/cua-ai\)"):
        restore_archive(empty, None)
    assert list(stored_names()) == ["minh-chung/cua-ai"]
    assert not Organisation.objects.exists()


def test_restore_wants_tables_of_the_same_version(empty, monkeypatch):
    newer = [*applied_migrations(), ["evaluations", "9999_later"]]
    for here, sentence in (
        ([], "migrate"),
        (newer, "thừa evaluations.9999_later"),
        (newer[5:-1], "thiếu .* và 1 bước khác"),
    ):
        monkeypatch.setattr(restoring, "applied_migrations", lambda here=here: here)
        with pytest.raises(BackupError, match=sentence):
            restore_archive(empty, None)
    assert is_empty()


# --- What breaks in the middle -----------------------------------------------------------------


def test_a_restore_that_fails_leaves_neither_row_nor_file(empty, monkeypatch):
    inserting = restoring.insert

    def break_at(table):
        def insert(model, lines):
            if model._meta.db_table == table:
                raise KeyboardInterrupt
            inserting(model, lines)

        return insert

    monkeypatch.setattr(restoring, "insert", break_at("evaluations_snapshot"))
    with pytest.raises(KeyboardInterrupt):
        restore_archive(empty, None)
    assert is_empty()
    assert list(stored_names()) == []

    mine, content = next(
        (name.removeprefix("files/"), content)
        for name, content in contents(empty).items()
        if name.startswith("files/")
    )
    default_storage.save(mine, ContentFile(content))
    with pytest.raises(KeyboardInterrupt):
        restore_archive(empty, None)
    assert list(stored_names()) == [mine], "it was there before, and may be the last that is"

    monkeypatch.undo()
    assert restore_archive(empty, None).manifest.row_count


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b'"unit_id":', b'"unit_id":99', "không khớp nhau"),
        (b'"summary":"', b'"summary":null,"x":"', "không nhận evaluations_document, dòng 1 đến"),
    ],
)
def test_rows_that_the_database_does_not_take_are_told(
    empty, tmp_path, monkeypatch, old, new, sentence
):
    """Of an archive made from a database that took them, on the way to one that does not."""

    def otherwise(name, content):
        if name != "rows/evaluations_document.jsonl.gz":
            return content
        return gzip.compress(gzip.decompress(content).replace(old, new))

    manifest = check_archive(empty, None)
    monkeypatch.setattr(restoring, "check_archive", lambda *args: manifest)

    with pytest.raises(BackupError, match=sentence):
        restore_archive(rewritten(empty, tmp_path / "sua.tar", otherwise), None)
    assert is_empty()


def test_after_a_restore_that_was_killed_the_same_archive_is_restored_again(empty, tmp_path):
    names = [name for name in contents(empty) if name.startswith("files/minh-chung/")]
    whole, half = (name.removeprefix("files/") for name in names[:2])
    default_storage.save(whole, ContentFile(contents(empty)[f"files/{whole}"]))
    default_storage.save(half, ContentFile(b"half"))

    with pytest.raises(BackupError, match=f"đã có tệp {half} mà nội dung khác"):
        restore_archive(empty, None)
    assert Path(default_storage.path(half)).read_bytes() == b"half"
    default_storage.delete(half)

    restore_archive(empty, None)

    make_archive(tmp_path / "lai.tar", None)
    assert contents(tmp_path / "lai.tar") == contents(empty)


def test_file_that_was_lost_before_the_backup_is_told_and_the_rest_saved(archive, tmp_path):
    paper = StoredFile.objects.first()
    default_storage.delete(paper.file.name)
    old = tmp_path / "ra" / "hocxahoi-20221201-013000.tar"
    old.parent.mkdir()
    make_archive(old, None)

    with pytest.raises(CommandError, match="dùng được, nhưng có 1 lỗi"):
        backup(tmp_path / "ra", "--keep", "1")
    assert len(archives(tmp_path / "ra")) == 2, "an old one may be the last that has the file"
    run = UpkeepRun.objects.newest("backup")
    assert (run.status, run.fault_count) == ("faulty", 1)
    assert f"({paper.file.name}): không còn ở nơi lưu trữ" in run.faults[0]

    empty_everything()
    said = StringIO()
    with pytest.raises(CommandError, match="1 lỗi đã có sẵn lúc sao lưu"):
        call_command("restore", str(tmp_path / "ra" / run.archive), stdout=said, stderr=said)
    assert f"({paper.file.name}): không còn ở nơi lưu trữ" in said.getvalue()
    assert UpkeepRun.objects.newest("restore").status == "faulty"


def test_file_that_breaks_off_is_filled_up_and_told(archive, tmp_path, monkeypatch):
    paper = StoredFile.objects.first()
    path = Path(default_storage.path(paper.file.name))
    opening = default_storage.open

    class BadDisk(ContentFile):
        def read(self, size):
            raise OSError(5, "Input/output error")

    def open_badly(name, *args):
        return BadDisk(path.read_bytes()) if name == paper.file.name else opening(name, *args)

    monkeypatch.setattr(default_storage, "open", open_badly)
    made = make_archive(tmp_path / "moi.tar", None)

    assert len(made.faults) == 1
    assert "mã SHA-256 khác" in made.faults[0]
    assert contents(tmp_path / "moi.tar")[f"files/{paper.file.name}"] == bytes(paper.size)


def test_storage_that_is_away_makes_no_backup_without_files(archive, tmp_path, monkeypatch):
    def silent(*args):
        raise OSError(5, "kho S3 không trả lời")

    monkeypatch.setattr(default_storage, "open", silent)

    with pytest.raises(CommandError, match="kho S3 không trả lời. Chưa có bản sao lưu mới nào"):
        backup(tmp_path / "ra")
    assert archives(tmp_path / "ra") == []
