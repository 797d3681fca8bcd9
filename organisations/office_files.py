"""What an Office file is, judged by its bytes and before anything trusts what it says of itself.

Since 2007 it is a zip with a list of its parts; before, an OLE container, a small file system of
its own. Free of Django: who takes files in says to the person what is wrong with one.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

# A document unpacks to some ten times its size; a bomb to thousands.
MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_RATIO = 200
RATIO_COUNTS_FROM = 32 * 1024 * 1024
MAX_CONTENT_TYPES_BYTES = 1024 * 1024

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_PASSWORD = "EncryptedPackage"
OLE_MACROS = frozenset({"Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT"})

# What the library runs into over a zip that contradicts itself.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)

_END_OF_CHAIN = 0xFFFFFFFA


class BrokenFile(ValueError):
    """The file contradicts itself or ends too early."""


class SwollenFile(ValueError):
    """A zip bomb: what it unpacks to is out of all proportion."""


def opened_package(file: BinaryIO) -> zipfile.ZipFile:
    """The zip, looked into as far as its list of parts. Raises BrokenFile, SwollenFile."""
    if _directory_size(file) > MAX_DIRECTORY_BYTES:
        raise SwollenFile
    file.seek(0)
    try:
        package = zipfile.ZipFile(file)
    except UNREADABLE as error:
        raise BrokenFile from error
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    is_swollen = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * packed
    if unpacked > MAX_UNPACKED_BYTES or is_swollen:
        raise SwollenFile
    return package


def part_types(package: zipfile.ZipFile) -> set[str]:
    """The types that [Content_Types].xml declares; none where the zip is no Office file.

    Raises BrokenFile, SwollenFile.
    """
    if "[Content_Types].xml" not in package.namelist():
        return set()
    try:
        with package.open("[Content_Types].xml") as part:
            text = part.read(MAX_CONTENT_TYPES_BYTES + 1)
    except UNREADABLE as error:
        raise BrokenFile from error
    if len(text) > MAX_CONTENT_TYPES_BYTES:
        raise SwollenFile
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BrokenFile from error
    return {element.get("ContentType", "") for element in root.iter()}


def has_macros(package: zipfile.ZipFile, types: set[str]) -> bool:
    """Said by its types or by a part; either is enough."""
    return any("macroenabled" in each.lower() or "macrosheet" in each for each in types) or any(
        name.lower().endswith("vbaproject.bin") for name in package.namelist()
    )


def ole_names(file: BinaryIO) -> set[str]:
    """The names in an OLE container's directory. Raises BrokenFile."""
    return {name for name, _ in ole_entries(file)}


def ole_entries(file: BinaryIO) -> list[tuple[str, bytes]]:
    """Its directory: each name with the sixteen bytes that name its program. Raises BrokenFile."""
    try:
        return list(_ole_entries(file))
    except (struct.error, IndexError, ValueError) as error:
        raise BrokenFile from error


def _directory_size(file: BinaryIO) -> int:
    """How large the zip says its list of parts is; read before anything trusts that list."""
    size = file.seek(0, 2)
    window = min(size, 65_535 + 22)
    file.seek(size - window)
    tail = file.read(window)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        raise BrokenFile
    return int.from_bytes(tail[place + 12 : place + 16], "little")


def _ole_entries(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """One by one; the allocation table links the sectors of the directory."""
    file.seek(0)
    header = file.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in (9, 12):
        raise ValueError("no such sector size")
    size = 1 << shift

    def sector(number: int) -> bytes:
        file.seek((number + 1) * size)
        data = file.read(size)
        if len(data) < size:
            raise ValueError("the file ends before its sector")
        return data

    tables = _ole_table_sectors(header, sector, size)
    (number,) = struct.unpack_from("<I", header, 48)
    seen: set[int] = set()
    while number < _END_OF_CHAIN:
        if number in seen:
            raise ValueError("the directory runs in a circle")
        seen.add(number)
        data = sector(number)
        for place in range(0, size, 128):
            (length,) = struct.unpack_from("<H", data, place + 64)
            if 2 < length <= 64:
                name = data[place : place + length - 2].decode("utf-16-le", errors="replace")
                yield name, data[place + 80 : place + 96]
        index, rest = divmod(number, size // 4)
        (number,) = struct.unpack_from("<I", sector(tables[index]), rest * 4)


def _ole_table_sectors(header: bytes, sector: Callable[[int], bytes], size: int) -> list[int]:
    """Where the allocation table lies: 109 places in the header, the rest in linked sectors."""
    tables = list(struct.unpack_from("<109I", header, 76))
    (number,) = struct.unpack_from("<I", header, 68)
    seen: set[int] = set()
    while number < _END_OF_CHAIN:
        if number in seen:
            raise ValueError("the table runs in a circle")
        seen.add(number)
        *more, number = struct.unpack(f"<{size // 4}I", sector(number))
        tables += more
    return [table for table in tables if table < _END_OF_CHAIN]
