"""The archive as a file: a tar that is read and written from front to end, encrypted or not.

In this order, since rows are put in last and the manifest knows all sums:

    files/<path>            every stored file, as it is
    files.jsonl.gz          a line for each: path, size, sha256, and if it was lost already
    rows/<table>.jsonl.gz   a line for each row, a JSON object by column
    manifest.json           what there is, of which version, with all sums
"""

import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from upkeep.backup.encryption import (
    MAGIC,
    DecryptingFile,
    EncryptingFile,
    Key,
    is_encrypted,
)
from upkeep.backup.errors import BackupError

FORMAT = 1
FILES, ROWS, PACKED = "files/", "rows/", ".jsonl.gz"
LISTING, MANIFEST = f"files{PACKED}", "manifest.json"
PARTIAL = ".partial"
PIECE = 1024 * 1024
# "../x", "/x", "C:x", "x//y": where a file would come to lie elsewhere than it says.
ESCAPING = re.compile(r"(?:^|/)\.{1,2}(?:/|$)|^/|//|/$|[\\:\0]")
# Whoever can write where archives lie could put a plain one of their own in the place of ours.
NOT_ENCRYPTED = (
    "Bản sao lưu này không mã hóa, mà đã có tệp khóa: có thể không phải bản do hệ thống này lập. "
    "Biết chắc là bản của mình (lập trước khi có khóa) thì thêm --plain."
)
UNREADABLE = "Không phải bản sao lưu, hoặc tệp hỏng, thiếu phần cuối."


class ArchiveWriter:
    """A tar on its way into a file that can only be written."""

    def __init__(self, target: IO[bytes] | EncryptingFile):
        # Closed by `finish`, and only where all went well: closing makes it look whole.
        self._tar = tarfile.TarFile(
            fileobj=target, mode="w", format=tarfile.PAX_FORMAT, copybufsize=PIECE
        )

    def add(self, name: str, source: IO[bytes], size: int, at: float) -> None:
        """So many bytes of the source."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, at
        self._tar.addfile(info, source)
        _forget(self._tar)

    def finish(self) -> None:
        self._tar.close()


@contextmanager
def new_archive(path: Path, key: Key | None) -> Iterator[ArchiveWriter]:
    """An archive that is there whole or not at all: written beside, synced, then renamed."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            target = EncryptingFile(file, key) if key else file
            writer = ArchiveWriter(target)
            yield writer
            writer.finish()
            if isinstance(target, EncryptingFile):
                target.finish()
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        _sync_folder(path.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@contextmanager
def opened(path: Path, key: Key | None) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The members of an archive in their order, each to be read before the next is asked for.

    Raises BackupError for what is none, is encrypted with another key, is not encrypted although
    there is a key, or is damaged; of what the block itself raises nothing is changed.
    """
    with _told():
        file = path.open("rb")
    with file, _plain(file, key) as source:
        yield _members(source)


class _Member(io.RawIOBase):
    """The content of one member, in whose reading every fault is the archive's."""

    def __init__(self, content: IO[bytes]):
        super().__init__()
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with _told():
            piece = self._content.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(UNREADABLE) from error
    except OSError as error:
        why = error.strerror or UNREADABLE
        raise BackupError(f"Không đọc được bản sao lưu: {why}") from error


@contextmanager
def _plain(file: IO[bytes], key: Key | None) -> Iterator[IO[bytes]]:
    with _told():
        is_secret = is_encrypted(file.read(len(MAGIC)))
        file.seek(0)
    if not is_secret:
        if key is not None:
            raise BackupError(NOT_ENCRYPTED)
        yield file
        return
    if key is None:
        raise BackupError("Bản sao lưu này đã mã hóa: cần tệp khóa (--key-file).")
    with io.BufferedReader(DecryptingFile(file, key), PIECE) as source:
        yield source


def _members(source: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with _told():
        tar = tarfile.open(fileobj=source, mode="r|", bufsize=PIECE)  # noqa: SIM115  `source` is
    while True:
        with _told():
            member = tar.next()
        if member is None:
            break
        _forget(tar)
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or not _is_ours(member.name):
            raise BackupError(f"Bản sao lưu có mục lạ: {member.name}")
        yield member.name, io.BufferedReader(_Member(content), PIECE)
    with _told():
        while source.read(PIECE):  # to the end: only there the last piece is known to be the last
            pass


def _forget(tar: tarfile.TarFile) -> None:
    """It would keep an entry for every file, for a list that we never ask for."""
    tar.members.clear()  # type: ignore[attr-defined]


def _is_ours(name: str) -> bool:
    if name in (LISTING, MANIFEST):
        return True
    folder = next((folder for folder in (FILES, ROWS) if name.startswith(folder)), None)
    return folder is not None and not ESCAPING.search(name) and len(name) > len(folder)


def in_pieces(file: IO[bytes], use: Callable[[bytes], object]) -> int:
    """Read to its end, each piece put to use; gives the size."""
    size = 0
    while piece := file.read(PIECE):
        use(piece)
        size += len(piece)
    return size


def _sync_folder(folder: Path) -> None:
    """So that the new name outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
