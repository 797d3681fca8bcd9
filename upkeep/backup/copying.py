"""A stored file on its way into an archive that has been told its size and waits for all of it."""

import hashlib
import io
import logging
from typing import BinaryIO

logger = logging.getLogger(__name__)


class MeasuredFile(io.RawIOBase):
    """Hashes what is read. A source that ends early, or breaks, is filled with noughts: one bad
    block of a disk must not keep all other files from being saved, and its hash tells."""

    def __init__(self, source: BinaryIO):
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
