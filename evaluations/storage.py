"""Where an upload's bytes come to lie; nothing is ever half there."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import File
from django.core.files.storage import default_storage

from organisations.uploads import DISK_FULL, FULL

# Classes of SQLSTATE: the connection failed; the server stops or starts. A line that just broke
# has none.
LINE_LOST = ("08", "57P")

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

    Put the transaction that records it inside the block. Where the line to the database broke,
    nobody knows if that transaction still came to its end: the file stays then, since a file that
    no row names does less harm than a row without its file. Raises StorageRefuses.
    """
    try:
        kept = default_storage.save(name, file)
    except OSError as error:
        take_away(name)
        raise (StorageFull if error.errno in FULL else StorageRefuses) from error
    try:
        yield kept
    except BaseException as error:
        if is_in_doubt(error):
            logger.warning("%s stays: the database may have recorded it", kept)
        else:
            take_away(kept)
        raise


def is_in_doubt(error: BaseException) -> bool:
    """The database went away before it answered: what it was told last is done, or is not.

    Where it did answer, be it that its disk is full, nothing is done. SQLite has no line to break.
    """
    state = getattr(error.__cause__, "sqlstate", "")
    return state is None or state.startswith(LINE_LOST)


def take_away(name: str) -> None:
    """Deletes a file that nothing may name any more; where it cannot, the log says so."""
    try:
        default_storage.delete(name)
    except OSError:  # a file that no row names; `verify_integrity` finds it
        logger.exception("%s could not be taken away again", name)
