"""Files to upload, made here: good ones of every kind, and the bad ones people really send."""

import io
import struct
import zipfile
import zlib
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = f"{OFFICE}.wordprocessingml.document.main+xml"
SHEET = f"{OFFICE}.spreadsheetml.sheet.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/x-anything")


@cache
def pdf(words: str = "", password: str = "", owner_password: str = "") -> bytes:
    """One blank page; `words` makes its content unlike any other's, and the same each time."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": words})
    if password or owner_password:
        writer.encrypt(password, owner_password or None, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def office(main_type: str = WORD, *, parts: dict[str, bytes] | None = None) -> bytes:
    """A zip that says it is an Office file of that type."""
    types = (
        f'<?xml version="1.0"?><Types xmlns="{TYPES}">'
        f'<Override PartName="/main.xml" ContentType="{main_type}"/></Types>'
    )
    return zipped({"[Content_Types].xml": types.encode(), "main.xml": b"<x/>"} | (parts or {}))


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def ole(*names: str, class_id: bytes = bytes(16)) -> bytes:
    """A compound file with these entries: header, one sector of table, the rest directory.

    `class_id` names the program that all of it is handed to.
    """
    entries = ["Root Entry", *names]
    entries += [""] * (-len(entries) % 4)
    directory = b"".join(_ole_entry(name, class_id) for name in entries)
    sectors = len(directory) // 512
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", header, 44, 1, 1)  # one sector of table, the directory begins at 1
    struct.pack_into("<II", header, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    return bytes(header) + table + directory


def _ole_entry(name: str, class_id: bytes) -> bytes:
    entry = bytearray(128)
    encoded = name.encode("utf-16-le")
    entry[: len(encoded)] = encoded
    struct.pack_into("<H", entry, 64, len(encoded) + 2 if name else 0)
    entry[80:96] = class_id
    return bytes(entry)


def png(width: int = 8, grey: int = 200) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([grey]) * width) * width
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200
HTML = b"\xef\xbb\xbf\n<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
