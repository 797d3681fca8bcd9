"""How an upload's bytes come in and where they come to lie; nothing is ever half there."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class StorageFull(Exception):
    """The disk took no more; nothing of the file was kept."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Streams each file to disk and lets go of one that is too large, or that the disk refuses.

    What was let go is told by `request.dropped_uploads`: name → "too-large" or "disk-full".
    """

    def __init__(self, request):
        super().__init__(request)
        request.dropped_uploads = {}

    def new_file(self, *args, **kwargs):
        # The parser closes `self.file` of a file that is let go; never the one before it.
        self.__dict__.pop("file", None)
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._drop(error)

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > settings.EVIDENCE_MAX_BYTES:
            self.request.dropped_uploads[self.file_name] = "too-large"
            raise SkipFile
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError):
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise error
        self.request.dropped_uploads[self.file_name] = "disk-full"
        raise SkipFile


def sha256_of(file: File) -> str:
    """The file's digest, read piece by piece."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


@contextmanager
def stored(name: str, file: File) -> Iterator[str]:
    """The file under that name for as long as the block succeeds; failing, it takes it away.

    Put the transaction that records it inside the block. Raises StorageFull.
    """
    try:
        kept = default_storage.save(name, file)
    except OSError as error:
        default_storage.delete(name)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
    try:
        yield kept
    except BaseException:
        default_storage.delete(kept)
        raise
