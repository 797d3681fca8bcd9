"""The ZIP itself: written piece by piece, each file's SHA-256 kept for the list at its end."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone

MANIFEST = "SHA256SUMS"  # as `sha256sum --check` reads it
PIECE = 1024 * 1024
FIRST_YEAR = 1980  # a ZIP knows no earlier one


class Archive:
    """A package under way. Only one piece of a file is ever in memory."""

    def __init__(self, opened: zipfile.ZipFile, at: datetime):
        self._zip = opened
        here = timezone.localtime(at)
        self._at = (max(here.year, FIRST_YEAR), *here.timetuple()[1:6])
        self.sums: dict[str, str] = {}

    def add(self, path: str, content: bytes) -> dict:
        """A file that is small enough to be held; what the index says of it."""
        sha256 = self.copy(path, [content], len(content), zipfile.ZIP_DEFLATED)
        return {"path": path, "size": len(content), "sha256": sha256}

    def copy(
        self, path: str, pieces: Iterable[bytes], size: int, method: int = zipfile.ZIP_STORED
    ) -> str:
        """A file of that size, piece by piece, and its SHA-256. Evidence is stored as it is: PDF,
        pictures and office files are packed already."""
        info = zipfile.ZipInfo(path, self._at)
        info.compress_type, info.file_size = method, size
        info.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self._zip.open(info, "w") as target:
            for piece in pieces:
                digest.update(piece)
                target.write(piece)
        self.sums[path] = digest.hexdigest()
        return self.sums[path]


@contextmanager
def new_archive(target: BinaryIO, at: datetime) -> Iterator[Archive]:
    """An archive that ends with the sums of all that was put in."""
    with zipfile.ZipFile(target, "w", allowZip64=True) as opened:
        archive = Archive(opened, at)
        yield archive
        archive.add(MANIFEST, manifest(archive.sums).encode())


def manifest(sums: dict[str, str]) -> str:
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sums.items())


def pieces_of(file: BinaryIO, told: Callable[[], None]) -> Iterator[bytes]:
    """The file from where it stands; `told` is called with every piece."""
    while piece := file.read(PIECE):
        told()
        yield piece
