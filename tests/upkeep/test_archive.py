"""The archive as a file: whole or not there, and nothing in it that leads elsewhere."""

import gzip
import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from upkeep.backup import archive
from upkeep.backup.archive import LISTING, MANIFEST, PIECE, new_archive, opened
from upkeep.backup.checking import check_archive
from upkeep.backup.encryption import Key
from upkeep.backup.errors import BackupError

KEY = Key(bytes(32))


def made(path: Path, members, key=None, *, short=0) -> Path:
    """`short`: by how much each is shorter than it says."""
    with new_archive(path, key) as writer:
        for name, content in members:
            writer.add(name, io.BytesIO(content), len(content) + short, 0)
    return path


def read(path: Path, key=None) -> dict[str, bytes]:
    with opened(path, key) as members:
        return {name: content.read() for name, content in members}


@pytest.mark.parametrize("key", [None, KEY])
def test_what_is_put_in_comes_out_in_its_order(tmp_path, key):
    members = [("files/a/b", b"x" * (PIECE + 5)), ("files/ă", b""), (MANIFEST, b"{}")]
    path = made(tmp_path / "thu.tar", members, key)

    assert list(read(path, key).items()) == members
    assert [each.name for each in tmp_path.iterdir()] == ["thu.tar"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert tarfile.is_tarfile(path) == (key is None)


def test_a_plain_archive_is_not_taken_for_an_encrypted_one(tmp_path):
    path = made(tmp_path / "thu.tar.enc", [("files/a", b"x")])

    with pytest.raises(BackupError, match="không mã hóa, mà đã có tệp khóa"):
        read(path, KEY)


def test_archive_that_fails_half_way_leaves_nothing(tmp_path):
    for key in (None, KEY):
        with pytest.raises(OSError, match="unexpected end of data"):
            made(tmp_path / "thu.tar", [("files/a", bytes(PIECE)), ("files/b", b"")], key, short=1)

        assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_nothing_that_looks_whole(tmp_path, monkeypatch):
    opening = os.open

    def onto_a_full_disk(path, flags, *mode):
        if str(path).endswith(".partial"):
            os.close(opening(path, flags, *mode))
            return opening("/dev/full", os.O_WRONLY)
        return opening(path, flags, *mode)

    monkeypatch.setattr(archive.os, "open", onto_a_full_disk)

    with pytest.raises(OSError, match="No space left"):
        made(tmp_path / "thu.tar", [("files/a", bytes(3 * PIECE))])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "files/../../etc/passwd",
        "files//etc/passwd",
        "files/./a",
        "files/a\\..\\b",
        "files/C:a",
        "files/",
        "files/a/",
        "files",
        "/files/a",
        "../files/a",
        "rows/../../a",
        "khac/a",
        "manifest.json/a",
    ],
)
def test_name_that_leads_elsewhere_is_refused(tmp_path, name):
    path = made(tmp_path / "thu.tar", [(name, b"x")])

    with pytest.raises(BackupError, match="mục lạ"):
        read(path)


def test_only_plain_files_are_read(tmp_path):
    path = tmp_path / "thu.tar"
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE):
        with tarfile.open(path, "w") as tar:
            info = tarfile.TarInfo("files/a")
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)

        with pytest.raises(BackupError, match="mục lạ: files/a"):
            read(path)


def test_what_is_no_archive_says_so(tmp_path):
    for content in (b"", b"x", bytes(100), os.urandom(20_000)):
        (tmp_path / "thu.tar").write_bytes(content)
        with pytest.raises(BackupError):
            check_archive(tmp_path / "thu.tar", None)
    with pytest.raises(BackupError, match="No such file"):
        check_archive(tmp_path / "khong-co.tar", None)
    with pytest.raises(BackupError, match="cần tệp khóa"):
        check_archive(made(tmp_path / "kin.tar", [], KEY), None)


def test_a_list_or_manifest_of_another_shape_says_so(tmp_path):
    whole = {"format": 1, "moment": "x", "files": {}, "tables": [], "migrations": []}
    for name, said in (
        *((MANIFEST, each) for each in ({}, [], None, "x", {"format": 1}, whole)),
        *((LISTING, each) for each in ({}, [], None, {"path": "a"})),
    ):
        content = json.dumps(said).encode()
        packed = gzip.compress(content + b"\n") if name == LISTING else content
        path = made(tmp_path / "thu.tar", [(name, packed)])

        with pytest.raises(BackupError, match="tệp hỏng"):
            check_archive(path, None)


def test_a_manifest_of_another_format_says_so(tmp_path):
    path = made(tmp_path / "thu.tar", [(MANIFEST, b'{"format": 2}')])

    with pytest.raises(BackupError, match="dạng 2, phiên bản phần mềm này chỉ đọc được dạng 1"):
        check_archive(path, None)
