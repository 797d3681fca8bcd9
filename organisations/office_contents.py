"""What a Word or Excel file carries besides its text, found by reading every part of it to its end.

Nothing is written to a disk and nothing parsed but its lists of relations. Free of Django.
"""

import re
import zipfile
from io import BytesIO
from typing import IO, BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from organisations.office_files import (
    OLE_MACROS,
    OLE_MAGIC,
    UNREADABLE,
    ZIP_MAGIC,
    BrokenFile,
    SwollenFile,
    has_macros,
    ole_entries,
    opened_package,
    part_types,
)

MACROS, EMBEDDED, REMOTE = "macros", "embedded", "remote"

MAX_DEPTH = 2  # a sheet in a text, with a chart's sheet in it
MAX_NESTED_BYTES = 64 * 1024 * 1024
MAX_RELATIONS_BYTES = 1024 * 1024
PIECE_BYTES = 256 * 1024

# Windows' packager: whatever file, behind a picture that opens it by a double click.
PACKAGERS = frozenset(
    bytes.fromhex(each)
    for each in (
        "0c00030000000000c000000000000046",  # {0003000C-0000-0000-C000-000000000046}
        "20a70df22fc0ce11927b0800095ae340",  # {F20DA720-C02F-11CE-927B-0800095AE340}
    )
)
PROGRAM_MAGIC = (b"MZ", b"\x7fELF")
XML = (".xml", ".rels", ".vml")

# No Office program writes a document type, and none of its readers may meet one.
_DOCTYPE = tuple("<!DOCTYPE".encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be"))
_OVERLAP = max(map(len, _DOCTYPE)) - 1
_FETCHED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:")  # of two letters or more: one is a drive


def carried_by(package: zipfile.ZipFile, depth: int = 0) -> set[str]:
    """Of MACROS, EMBEDDED (files behind an icon), REMOTE (fetched on opening).

    Raises BrokenFile for a file that contradicts itself, SwollenFile for files in files in files.
    """
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(names) < len(parts) or any(map(_leads_out, names)):
        raise BrokenFile  # two readers would read two files; or write one where it does not belong
    found = {MACROS} if has_macros(package, part_types(package)) else set()
    try:
        for part in parts:
            with package.open(part) as opened:
                found |= _carried_by_part(part.filename.lower(), opened, depth)
    except SwollenFile:
        raise
    except UNREADABLE as error:
        raise BrokenFile from error
    return found


def carried_by_ole(file: BinaryIO) -> set[str]:
    """The same of a file from before 2007. Raises BrokenFile."""
    entries = ole_entries(file)
    found = {MACROS} if OLE_MACROS & {name for name, _ in entries} else set()
    return found | ({EMBEDDED} if PACKAGERS & {class_id for _, class_id in entries} else set())


def _carried_by_part(name: str, part: IO[bytes], depth: int) -> set[str]:
    """Reads it to its end, by which the zip's own check of its size and content is made."""
    head = part.read(PIECE_BYTES)
    if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return _carried_by_nested(_whole(head, part, MAX_NESTED_BYTES), depth + 1)
    if name.endswith(".rels"):
        head = _whole(head, part, MAX_RELATIONS_BYTES)
    found = {REMOTE} if name.endswith(".rels") and _fetches(head) else set()
    if head.startswith(PROGRAM_MAGIC):
        found.add(EMBEDDED)
    before = b""
    while head:
        if name.endswith(XML) and any(mark in before + head for mark in _DOCTYPE):
            raise BrokenFile
        before, head = head[-_OVERLAP:], part.read(PIECE_BYTES)
    return found


def _carried_by_nested(content: bytes, depth: int) -> set[str]:
    if depth > MAX_DEPTH:
        raise SwollenFile
    if content.startswith(OLE_MAGIC):
        return carried_by_ole(BytesIO(content))
    with opened_package(BytesIO(content)) as package:
        # A zip that is no Office file has no place in one.
        return carried_by(package, depth) if part_types(package) else {EMBEDDED}


def _whole(head: bytes, part: IO[bytes], most: int) -> bytes:
    content = head + part.read(most)
    if len(content) > most:
        raise SwollenFile
    return content


def _leads_out(name: str) -> bool:
    """A path that is not of the zip itself."""
    steps = name.replace("\\", "/").split("/")
    return ".." in steps or ":" in steps[0] or not steps[0]


def _fetches(relations: bytes) -> bool:
    """Is something fetched from another machine the moment the file is opened?"""
    try:
        root = fromstring(relations, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BrokenFile from error
    return any(
        each.get("TargetMode") == "External"
        and each.get("Type", "").endswith(_FETCHED)
        and _is_elsewhere(each.get("Target", ""))
        for each in root.iter()
    )


def _is_elsewhere(target: str) -> bool:
    """ "https://a/b", r"\\\\a\\b", "file://a/b"; neither "file:///C:/b" nor a path from here."""
    target = unquote(target).strip().lower().replace("\\", "/")
    is_file = target.startswith("file:")
    target = target.removeprefix("file:")
    slashes = len(target) - len(target.lstrip("/"))
    return slashes in (2, 4, 5) if is_file or slashes else bool(_SCHEME.match(target))
