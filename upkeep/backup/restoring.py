"""From an archive into an empty installation: all of it, or nothing."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from upkeep.backup.archive import FILES, LISTING, PACKED, ROWS, in_pieces, opened
from upkeep.backup.checking import Manifest, check_archive, lines_in
from upkeep.backup.copying import put_file, spooled
from upkeep.backup.encryption import Key
from upkeep.backup.errors import BackupError
from upkeep.backup.making import applied_migrations
from upkeep.backup.numbers import go_on_from
from upkeep.backup.rows import REMADE, backed_up, insert
from upkeep.stored_files import CHUNK, stored_names, unnamed

OTHER_VERSION = (
    "Bản sao lưu là của phiên bản khác: {}. Cài đúng phiên bản đó, chạy migrate, khôi phục, "
    "rồi mới nâng cấp."
)
NOT_MIGRATED = "Cơ sở dữ liệu chưa có bảng nào. Chạy trước: manage.py migrate"
NOT_EMPTY = (
    "Chỉ khôi phục vào hệ thống trống, mà {} đã có dữ liệu. "
    "Dùng cơ sở dữ liệu mới và thư mục tệp trống."
)
OTHER_CONTENT = (
    "Nơi lưu trữ đã có tệp {} mà nội dung khác trong bản sao lưu. "
    "Chuyển tệp đó đi chỗ khác, hoặc dùng thư mục tệp trống."
)


@dataclass(frozen=True)
class Restored:
    """What came out of an archive."""

    manifest: Manifest
    left_out: int  # files that no row of the moment names: let go of while the archive was made


def restore_archive(path: Path, key: Key | None) -> Restored:
    """Check all of the archive, then put files and rows in place; the rows are there at the end.

    Raises BackupError before anything is written where the archive is not whole, is of another
    version, or this installation is not empty. What fails later leaves no row, and of the files
    those that were there before; of what is killed later only files are left, and where each is
    whole the same archive can be restored again.
    """
    manifest = check_archive(path, key)
    _refuse_other_version(manifest)
    there = _refuse_full(path, key)
    put: list[str] = []
    try:
        with transaction.atomic():
            for label in REMADE:
                apps.get_model(label)._base_manager.all().delete()
            with opened(path, key) as members:
                _put_all(members, there, put)
            for model in backed_up():
                go_on_from(model, manifest.tables[model._meta.db_table].last_number)
            _check_references()
            left_out = _unnamed_of(put)
    except BaseException:
        _take_away(put)
        raise
    _take_away(left_out)
    ContentType.objects.clear_cache()
    return Restored(manifest, len(left_out))


def _put_all(members: Iterator[tuple[str, IO[bytes]]], there: set[str], put: list[str]) -> None:
    """Files that are there already stay untouched; the name of every other goes into `put`."""
    models = {f"{ROWS}{model._meta.db_table}{PACKED}": model for model in backed_up()}
    for name, content in members:
        if name.startswith(FILES):
            path = name.removeprefix(FILES)
            if path in there:
                continue
            put.append(path)
            with spooled(content) as file:
                put_file(path, file)
        elif name in models:
            insert(models[name], lines_in(content))


def _unnamed_of(names: list[str]) -> list[str]:
    chunks = (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))
    return [name for chunk in chunks for name in unnamed(chunk)]


def _take_away(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _check_references() -> None:
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise BackupError(f"Dữ liệu trong bản sao lưu không khớp nhau: {error}") from error


def _refuse_other_version(manifest: Manifest) -> None:
    here = {tuple(each) for each in applied_migrations()}
    there = {tuple(each) for each in manifest.migrations}
    if not here:
        raise BackupError(NOT_MIGRATED)
    lacking = [f"thiếu {app}.{name}" for app, name in sorted(there - here)]
    more = [f"thừa {app}.{name}" for app, name in sorted(here - there)]
    if lacking or more:
        said = [*lacking, *more]
        shown = ", ".join(said[:4]) + (f" và {len(said) - 4} bước khác" if len(said) > 4 else "")
        raise BackupError(OTHER_VERSION.format(shown))


def _refuse_full(path: Path, key: Key | None) -> set[str]:
    """The files that are stored already, each as the archive has it; all else is refused."""
    for model in backed_up():
        if model._meta.label not in REMADE and model._base_manager.exists():
            raise BackupError(NOT_EMPTY.format(f"bảng “{model._meta.verbose_name}”"))
    stored = set(stored_names())
    if not stored:
        return stored
    # Those of the same archive were left by an attempt that was killed.
    known: dict[str, str] = {}
    with opened(path, key) as members:
        for name, content in members:
            if name == LISTING:
                for said in map(json.loads, lines_in(content)):
                    if said["path"] in stored and not said.get("lost"):
                        known[said["path"]] = said["sha256"]
    if strange := stored - known.keys():
        raise BackupError(NOT_EMPTY.format(f"nơi lưu trữ tệp ({min(strange)})"))
    for name, sha256 in known.items():
        if _sha256_of(name) != sha256:
            raise BackupError(OTHER_CONTENT.format(name))
    return stored


def _sha256_of(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name, "rb") as file:
        in_pieces(file, digest.update)
    return digest.hexdigest()
