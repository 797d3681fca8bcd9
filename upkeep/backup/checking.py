"""Is an archive whole? Every member read to its end and held against the manifest."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from upkeep.backup.archive import (
    FILES,
    FORMAT,
    LISTING,
    MANIFEST,
    PACKED,
    ROWS,
    UNREADABLE,
    in_pieces,
    opened,
)
from upkeep.backup.encryption import Key
from upkeep.backup.errors import BackupError

LONGEST_MANIFEST = 16 * 1024 * 1024
# ValueError: no JSON, no time; the last three: JSON of another shape than ours.
DAMAGED = (
    gzip.BadGzipFile, EOFError, zlib.error, ValueError, AttributeError, KeyError, TypeError,
)  # fmt: skip
NEWER = "Bản sao lưu có dạng {found}, phiên bản phần mềm này chỉ đọc được dạng {known}."


@dataclass(frozen=True)
class Table:
    """What an archive says of one table."""

    name: str
    lines: int
    sha256: str
    last_number: int | None


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself."""

    moment: datetime
    database: str
    migrations: list[list[str]]
    tables: dict[str, Table]
    file_count: int
    file_size: int
    listing: dict[str, Any]

    @property
    def row_count(self) -> int:
        return sum(table.lines for table in self.tables.values())


def check_archive(path: Path, key: Key | None) -> Manifest:
    """What the archive says of itself, once it is known to be true. Raises BackupError."""
    manifest = None
    with TemporaryFile() as copied:
        sums: dict[str, dict[str, Any]] = {}
        with opened(path, key) as members:
            for name, content in members:
                if manifest is not None:
                    raise BackupError(f"Bản sao lưu có mục sau mục cuối: {name}")
                if name.startswith(FILES):
                    copied.write(_line_of(name, content))
                elif name == LISTING:
                    copied.seek(0)
                    sums[LISTING] = _check_listing(content, copied)
                elif name == MANIFEST:
                    manifest = _manifest_in(content)
                else:
                    sums[_table_of(name)] = _sums_of(lines_in(content))
    if manifest is None:
        raise BackupError(UNREADABLE)
    _compare(manifest, sums)
    return manifest


@contextmanager
def unpacking() -> Iterator[None]:
    """Around the reading of packed lines: what is damaged in them is the archive's fault."""
    try:
        yield
    except DAMAGED as error:
        raise BackupError(UNREADABLE) from error


def lines_in(content: IO[bytes]) -> Iterator[bytes]:
    """The lines of a packed member."""
    with unpacking(), gzip.GzipFile("", "rb", fileobj=content) as unpacked:
        yield from unpacked


def _line_of(name: str, content: IO[bytes]) -> bytes:
    digest = hashlib.sha256()
    size = in_pieces(content, digest.update)
    return json.dumps([name.removeprefix(FILES), size, digest.hexdigest()]).encode() + b"\n"


def _check_listing(content: IO[bytes], copied: IO[bytes]) -> dict[str, Any]:
    """The list against the files before it, in one order; what was lost has no file."""

    def checked() -> Iterator[bytes]:
        for line in lines_in(content):
            with unpacking():
                said = json.loads(line)
                path, is_lost = said["path"], said.get("lost")
                expected = None if is_lost else [path, said["size"], said["sha256"]]
            if expected:
                found = copied.readline()
                if not found or json.loads(found) != expected:
                    raise BackupError(f"Tệp {path} trong bản sao lưu thiếu hoặc hỏng.")
            yield line
        if copied.readline():
            raise BackupError("Bản sao lưu có tệp không ghi trong danh mục.")

    return _sums_of(checked())


def _sums_of(lines: Iterator[bytes]) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        count += 1
    return {"lines": count, "sha256": digest.hexdigest()}


def _table_of(name: str) -> str:
    return name.removeprefix(ROWS).removesuffix(PACKED)


def _manifest_in(content: IO[bytes]) -> Manifest:
    text = content.read(LONGEST_MANIFEST)
    with unpacking():
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise BackupError(NEWER.format(found=said["format"], known=FORMAT))
        return _manifest_of(said)


def _manifest_of(said: dict[str, Any]) -> Manifest:
    files = said["files"]
    return Manifest(
        moment=datetime.fromisoformat(said["moment"]),
        database=said["database"],
        migrations=said["migrations"],
        tables={
            each["table"]: Table(each["table"], each["lines"], each["sha256"], each["last_number"])
            for each in said["tables"]
        },
        file_count=files["count"],
        file_size=files["size"],
        listing={"lines": files["lines"], "sha256": files["sha256"]},
    )


def _compare(manifest: Manifest, sums: dict[str, dict[str, Any]]) -> None:
    said = {
        LISTING: manifest.listing,
        **{
            table.name: {"lines": table.lines, "sha256": table.sha256}
            for table in manifest.tables.values()
        },
    }
    if missing := said.keys() - sums.keys():
        raise BackupError(f"Bản sao lưu thiếu {', '.join(sorted(missing))}.")
    if extra := sums.keys() - said.keys():
        raise BackupError(f"Bản sao lưu có phần lạ: {', '.join(sorted(extra))}.")
    if wrong := [name for name, found in sums.items() if found != said[name]]:
        raise BackupError(f"Mã SHA-256 không khớp ở {', '.join(sorted(wrong))}: bản sao lưu hỏng.")
