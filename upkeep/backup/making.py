"""An archive of one moment: rows read at once, files copied after, since no file is ever rewritten.

A file that is let go of between the moment and its copying leaves rows that name what is not there.
Then another moment is taken: the rows again, and of the files only what is new.
"""

import json
import platform
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from evaluations.moment import one_moment
from upkeep.backup.archive import (
    FILES,
    FORMAT,
    LISTING,
    MANIFEST,
    PACKED,
    ROWS,
    ArchiveWriter,
    new_archive,
)
from upkeep.backup.copying import MeasuredFile
from upkeep.backup.encryption import Key
from upkeep.backup.errors import BackupError
from upkeep.backup.numbers import last_number
from upkeep.backup.rows import backed_up, columns_of, lines_of
from upkeep.backup.spool import Spool
from upkeep.stored_files import NamedFile, named_files

MOMENTS_MOST = 5
RESTLESS = "Tệp bị bỏ liên tục trong lúc sao lưu nên không có thời điểm nào trọn vẹn. Chạy lại."
LOST = "{}: không còn ở nơi lưu trữ nên bản sao lưu không có tệp này"
UNREAD = "Không đọc được {}: {}. Chưa có bản sao lưu mới nào."
CHANGED = "{}: nội dung khác lúc nhận (mã SHA-256 khác), bản sao lưu giữ nội dung hiện có"


@dataclass
class Made:
    """What went into an archive, and what was wrong with it at its source."""

    at: datetime
    row_count: int
    file_count: int
    file_size: int
    faults: list[str]


@dataclass
class _Moment:
    """All rows, and the files that they name."""

    at: datetime
    tables: list[tuple[dict[str, Any], Spool]]  # what the manifest says of each, and its lines
    migrations: list[list[str]]
    files: Spool


@dataclass
class _Copied:
    """The files that are in the archive already, and a line about each."""

    writer: ArchiveWriter
    listing: Spool
    faults: list[str] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)  # short digests: paths would take five times more
    count: int = 0
    size: int = 0


def make_archive(path: Path, key: Key | None) -> Made:
    """Everything of one moment into a new file; nothing is left of one that fails.

    Raises BackupError, and OSError where the disk takes no more.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a backup takes its own moment, and cannot be part of a transaction")
    with ExitStack() as held, new_archive(path, key) as writer:
        copied = _Copied(writer, Spool(held))
        for _ in range(MOMENTS_MOST):
            with ExitStack() as of_moment:
                moment = _take_moment(of_moment)
                if _copy_files(moment, copied):
                    _add_rows(writer, moment, copied)
                    return _made(moment, copied)
        raise BackupError(RESTLESS)


def applied_migrations() -> list[list[str]]:
    """By app and name: of which version the tables are."""
    return sorted(list(key) for key in MigrationRecorder(connection).applied_migrations())


def _take_moment(held: ExitStack) -> _Moment:
    with one_moment():
        at = timezone.now()
        tables = [(model, Spool(held).add_all(lines_of(model))) for model in backed_up()]
        return _Moment(
            at,
            [(_described(model, spool), spool) for model, spool in tables],
            applied_migrations(),
            Spool(held).add_all(map(_as_line, named_files())),
        )


def _described(model: type[models.Model], spool: Spool) -> dict[str, Any]:
    return {
        "table": model._meta.db_table,
        "model": model._meta.label,
        "columns": columns_of(model),
        "last_number": last_number(model),
        **spool.sums,
    }


def _copy_files(moment: _Moment, copied: _Copied) -> bool:
    """False where one was let go of since the moment: then it was no moment to keep."""
    for line in moment.files.lines():
        named = _from_line(line)
        name = blake2b(named.path.encode(), digest_size=16).digest()
        if name in copied.seen:
            continue
        said = _copy(named, copied, moment.at)
        if said is None:
            return False
        copied.seen.add(name)
        copied.listing.add(_json(said))
    return True


def _copy(named: NamedFile, copied: _Copied, at: datetime) -> dict[str, Any] | None:
    """What the list says of the file; None where it is gone and no row misses it."""
    try:
        opened = default_storage.open(named.path, "rb")
        size = opened.size
    except FileNotFoundError:
        if not named.is_still_named:
            return None
        copied.faults.append(LOST.format(named))
        return {"path": named.path, "lost": True}
    except OSError as error:  # the storage is away, and no backup is better than one without files
        raise BackupError(UNREAD.format(named, error.strerror or error)) from error
    with opened:
        source = MeasuredFile(opened)
        copied.writer.add(FILES + named.path, source, size, at.timestamp())
    if source.sha256 != named.sha256:
        copied.faults.append(CHANGED.format(named))
    copied.count += 1
    copied.size += size
    return {"path": named.path, "size": size, "sha256": source.sha256}


def _add_rows(writer: ArchiveWriter, moment: _Moment, copied: _Copied) -> None:
    at = moment.at.timestamp()
    writer.add(LISTING, *copied.listing.packed(), at)
    for said, spool in moment.tables:
        writer.add(f"{ROWS}{said['table']}{PACKED}", *spool.packed(), at)
    manifest = _json(
        {
            "format": FORMAT,
            "moment": moment.at.astimezone(UTC).isoformat(),
            "database": connection.vendor,
            "python": platform.python_version(),
            "django": django.get_version(),
            "migrations": moment.migrations,
            "files": {"count": copied.count, "size": copied.size, **copied.listing.sums},
            "tables": [said for said, _ in moment.tables],
        }
    )
    writer.add(MANIFEST, BytesIO(manifest), len(manifest), at)


def _made(moment: _Moment, copied: _Copied) -> Made:
    row_count = sum(spool.count for _, spool in moment.tables)
    return Made(moment.at, row_count, copied.count, copied.size, copied.faults)


def _json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _as_line(named: NamedFile) -> bytes:
    label = named.model._meta.label
    return _json([label, named.field, named.pk, named.path, named.size, named.sha256])


def _from_line(line: bytes) -> NamedFile:
    label, *rest = json.loads(line)
    return NamedFile(apps.get_model(label), *rest)
