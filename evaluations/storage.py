"""How an upload's bytes come in and where they come to lie; nothing is ever half there."""

import errno
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

logger = logging.getLogger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT}


class StorageRefuses(Exception):
    """Nothing of the file was kept; `words` read on from its name."""

    words = (
        "chưa lưu được vì kho lưu tệp không trả lời; không phải lỗi của tệp. "
        "Thử lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống."
    )


class StorageFull(StorageRefuses):
    words = (
        "chưa lưu được vì ổ đĩa của hệ thống đã đầy; không phải lỗi của tệp. "
        "Báo quản trị hệ thống rồi tải lại tệp này."
    )


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
        if error.errno not in FULL:
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

    Put the transaction that records it inside the block. Raises StorageRefuses.
    """
    try:
        kept = default_storage.save(name, file)
    except OSError as error:
        take_away(name)
        raise (StorageFull if error.errno in FULL else StorageRefuses) from error
    try:
        yield kept
    except BaseException:
        take_away(kept)
        raise


def take_away(name: str) -> None:
    """Deletes a file that nothing may name any more; where it cannot, the log says so."""
    try:
        default_storage.delete(name)
    except OSError:  # a file that no row names; `verify_integrity` finds it
        logger.exception("%s could not be taken away again", name)
