"""Is a package whole? Every file that its list names, with the right sum, and nothing else."""

import hashlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from reports.package.archive import MANIFEST, PIECE

LINE = re.compile(r"([0-9a-f]{64})  (.+)")
# "../x", "/x", "C:x": where unpacking would write beside the folder that it is told to.
ESCAPING = re.compile(r"(?:^|/)\.{1,2}(?:/|$)|^/|[\\:]")
LONGEST_MANIFEST = 64 * 1024 * 1024
# What zipfile says of a damaged or a foreign member, besides BadZipFile.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def faults_of(path: Path) -> Iterator[str]:
    """A sentence for each fault; none where the package is as it was made.

    Raises OSError where the file itself cannot be read.
    """
    with path.open("rb") as file:
        try:
            opened = zipfile.ZipFile(file)
        except zipfile.BadZipFile:
            yield "không phải tệp ZIP, hoặc tệp hỏng, thiếu phần cuối"
            return
        with opened:
            yield from _faults_in(opened)


def _faults_in(opened: zipfile.ZipFile) -> Iterator[str]:
    names = Counter(opened.namelist())
    yield from (f"{name}: có {count} lần" for name, count in names.items() if count > 1)
    yield from (f"{name}: tên tệp dẫn ra ngoài gói" for name in names if ESCAPING.search(name))
    if MANIFEST not in names:
        yield f"{MANIFEST}: không có danh mục mã băm, đây không phải gói hồ sơ"
        return
    if opened.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
        yield f"{MANIFEST}: lớn bất thường"
        return
    listed: dict[str, str] = {}
    for number, line in enumerate(_lines(opened), start=1):
        found = LINE.fullmatch(line)
        if not found:
            yield f"{MANIFEST}: không đọc được dòng {number}"
        elif found[2] in listed:
            yield f"{found[2]}: ghi hai lần trong {MANIFEST}"
        else:
            listed[found[2]] = found[1]
    for name, sha256 in listed.items():
        if name not in names:
            yield f"{name}: thiếu tệp"
        elif (fault := _fault_of(opened, name, sha256)) is not None:
            yield f"{name}: {fault}"
    yield from (f"{name}: tệp thừa" for name in names if name not in {*listed, MANIFEST})


def _lines(opened: zipfile.ZipFile) -> list[str]:
    try:
        return opened.read(MANIFEST).decode("utf-8", "replace").splitlines()
    except UNREADABLE:
        return [""]  # a line that says nothing, and is told of as one


def _fault_of(opened: zipfile.ZipFile, name: str, sha256: str) -> str | None:
    try:
        with opened.open(name) as member:
            found = sha256_in_pieces(member)
    except UNREADABLE:
        return "không giải nén được"
    return None if found == sha256 else "mã SHA-256 khác với danh mục"


def sha256_in_pieces(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
