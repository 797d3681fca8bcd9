"""Where an upload's bytes come to lie; nothing is ever half there."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import File
from django.core.files.storage import default_storage

from organisations.uploads import DISK_FULL, FULL

logger = logging.getLogger(__name__)


class StorageRefuses(Exception):
    """Nothing of the file was kept; `words` read on from its name."""

    words = (
        "chưa lưu được vì kho lưu tệp không trả lời; không phải lỗi của tệp. "
        "Thử lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống."
    )


class StorageFull(StorageRefuses):
    words = DISK_FULL


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
