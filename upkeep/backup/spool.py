"""Lines packed into a file without a name, which is gone with the process whatever happens."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any

PACKING = 6  # of gzip: rows shrink to a tenth, and more costs more than it saves


class Spool:
    """Kept as long as the stack it was opened on."""

    def __init__(self, held: ExitStack):
        self.file: IO[bytes] = held.enter_context(TemporaryFile())  # noqa: SIM115  it is
        self._packed = gzip.GzipFile("", "wb", PACKING, self.file, mtime=0)
        self._digest = hashlib.sha256()
        self.count = 0

    def add(self, line: bytes) -> None:
        self._packed.write(line)
        self._digest.update(line)
        self.count += 1

    def add_all(self, lines: Iterable[bytes]) -> "Spool":
        for line in lines:
            self.add(line)
        return self

    @property
    def sums(self) -> dict[str, Any]:
        """Of the lines as they are read, not as they are packed."""
        return {"lines": self.count, "sha256": self._digest.hexdigest()}

    def packed(self) -> tuple[IO[bytes], int]:
        """The finished file from its beginning, and its size; nothing more can be added."""
        self._packed.close()
        size = self.file.seek(0, 2)
        self.file.seek(0)
        return self.file, size

    def lines(self) -> Iterator[bytes]:
        """What was added, from the beginning; nothing more can be added."""
        file, _ = self.packed()
        with gzip.GzipFile("", "rb", fileobj=file) as unpacked:
            yield from unpacked
