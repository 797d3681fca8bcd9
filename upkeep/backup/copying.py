"""Stored files on their way into an archive, and out of one."""

import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage

from upkeep.backup.archive import in_pieces
from upkeep.backup.errors import BackupError

logger = logging.getLogger(__name__)

HELD_IN_MEMORY = 1024 * 1024


class MeasuredFile(io.RawIOBase):
    """A stored file for an archive that was told its size; hashes what is read of it.

    A source that ends early, or breaks, is filled with noughts: one bad block of a disk must not
    keep all other files from being saved, and its hash tells.
    """

    def __init__(self, source: IO[bytes]):
        super().__init__()
        self._source, self._is_over = source, False
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Exactly so many bytes, as `tarfile` asks for them."""
        got = bytearray()
        while len(got) < size and not self._is_over:
            piece = self._piece(size - len(got))
            self._is_over = not piece
            got += piece
        filled = bytes(got.ljust(size, b"\0"))
        self._digest.update(filled)
        return filled

    def _piece(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except OSError:
            logger.exception("a stored file breaks off while it is copied")
            return b""


@contextmanager
def spooled(content: IO[bytes]) -> Iterator[IO[bytes]]:
    """A member of an archive as a file to go to and fro in, as a storage may want to."""
    with SpooledTemporaryFile(HELD_IN_MEMORY) as file:
        in_pieces(content, file.write)
        file.seek(0)
        yield file


def put_file(name: str, content: IO[bytes]) -> None:
    """Into storage under exactly that name, where nothing lies yet."""
    if default_storage.exists(name):
        raise BackupError(f"Nơi lưu trữ đã có tệp {name}.")
    kept = default_storage.save(name, File(content))
    if kept != name:
        default_storage.delete(kept)
        raise BackupError(f"Nơi lưu trữ không nhận tên tệp {name}.")
