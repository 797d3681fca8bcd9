"""Stored files against the rows: there, of the recorded size and content; and none left over."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.utils import timezone

from upkeep.stored_files import CHUNK, NamedFile, named_files, stored_names, unnamed

PIECE = 1024 * 1024
# A file is put in storage before its row is written; after a day nobody is still uploading.
GRACE = timedelta(hours=24)
GIVEN_UP_AFTER = 5  # files in a row that cannot be read


def changed_files(seen: Counter[str]) -> Iterator[str]:
    """Files that rows name and that are not there, or not as they were when they were taken in."""
    unread = 0
    for named in named_files():
        seen["tệp"] += 1
        try:
            fault = _fault_of(named)
        except OSError as error:
            unread += 1
            if unread == GIVEN_UP_AFTER:  # not one file is bad: the storage is away
                raise
            fault = f"không đọc được ({error.strerror or error})"
        else:
            unread = 0
        if fault and named.is_still_named:
            yield f"{named}: {fault}"


def orphan_files(seen: Counter[str]) -> Iterator[str]:
    """Files that no row names, longer than an upload takes."""
    for name in orphans():
        yield f"{name}: không dòng dữ liệu nào dùng tệp này"


def orphans(grace: timedelta = GRACE) -> Iterator[str]:
    """The names of such files, each still unnamed when it is given."""
    names = stored_names()
    latest = timezone.now() - grace
    while chunk := list(islice(names, CHUNK)):
        for name in unnamed(chunk):
            if _is_older(name, latest) and unnamed([name]):
                yield name


def _is_older(name: str, latest: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < latest
    except OSError:
        if default_storage.exists(name):
            raise
        return False  # let go of while we looked


def _fault_of(named: NamedFile) -> str | None:
    try:
        with default_storage.open(named.path, "rb") as file:
            size, sha256 = _measured(file)
    except FileNotFoundError:
        return "không còn ở nơi lưu trữ"
    if named.size is not None and size != named.size:
        return f"dung lượng {size} byte, khi nhận là {named.size} byte"
    return None if sha256 == named.sha256 else "nội dung khác lúc nhận (mã SHA-256 khác)"


def _measured(file) -> tuple[int, str]:
    """Size and digest, piece by piece."""
    size, digest = 0, hashlib.sha256()
    while piece := file.read(PIECE):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()
