"""One backup from its beginning to its end: made, read back, recorded, old ones taken away."""

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from upkeep.backup.checking import Manifest, check_archive
from upkeep.backup.encryption import Key, read_key
from upkeep.backup.errors import BackupError
from upkeep.backup.making import make_archive
from upkeep.backup.retention import name_for, read_rule, take_away_old, take_away_partial
from upkeep.models import UpkeepRun
from upkeep.recording import Record, recorded

NOWHERE = "Chưa biết lưu vào đâu: đặt BACKUP_DIR trong môi trường, hoặc thêm --dir THƯ_MỤC."
AMONG_FILES = "{} nằm trong thư mục minh chứng (MEDIA_ROOT): chọn nơi khác, tốt nhất là ổ đĩa khác."
BUSY = "Đang có một lượt sao lưu khác ghi vào {}."
FULL = "Ổ đĩa của {} hết chỗ: chưa có bản sao lưu mới nào. Dọn chỗ rồi chạy lại."


@dataclass(frozen=True)
class BackedUp:
    """The new archive, what it holds, and what was found wrong on the way."""

    path: Path
    size: int
    manifest: Manifest
    faults: list[str]


def back_up(
    *, folder: Path | None, key_file: Path | None, keep: str, night: date | None = None
) -> BackedUp:
    """A new archive in the folder, and a row that tells of it. Raises BackupError, and TakenTonight
    where there is one of that `night`.

    Old archives are taken away only once the new one was read back and nothing is missing in it.
    """
    with recorded(UpkeepRun.Kind.BACKUP, night=night) as record:
        if folder is None:
            raise BackupError(NOWHERE)
        read_rule(keep)
        key = read_key(key_file) if key_file else None
        with _held(folder):
            record.settle_earlier()
            done = _made_in(folder, key)
            _record(record, done)
            # Where something is missing now, an old archive may be the last that has it.
            for fault in [] if done.faults else take_away_old(folder, keep, key):
                record.add(fault)
                done.faults.append(fault)
        return done


def _made_in(folder: Path, key: Key | None) -> BackedUp:
    take_away_partial(folder)
    path = name_for(folder, timezone.now(), is_encrypted=key is not None)
    try:
        made = make_archive(path, key)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupError(FULL.format(folder)) from error
        raise BackupError(f"Không ghi được vào {folder}: {error.strerror or error}") from error
    return BackedUp(path, path.stat().st_size, check_archive(path, key), made.faults)


def _record(record: Record, done: BackedUp) -> None:
    manifest = done.manifest
    record.archive, record.size = done.path.name, done.size
    record.summary = f"{manifest.row_count} dòng dữ liệu, {manifest.file_count} tệp."
    for fault in done.faults:
        record.add(fault)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """One run at a time: the lock goes with the process, however that ends."""
    if folder.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise BackupError(AMONG_FILES.format(folder))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise BackupError(f"Không dùng được thư mục {folder}: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(BUSY.format(folder)) from error
        yield
