"""The zip that an .xlsx is: refused in words where it is none, unpacked within limits.

Every part is unpacked once here before a reading library sees the file, so that what the zip says
of its sizes is known to be true.
"""

import re
import struct
import zipfile
import zlib
from functools import cached_property
from io import BytesIO
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from organisations.office_files import (
    OLE_MACROS,
    OLE_MAGIC,
    OLE_PASSWORD,
    BrokenFile,
    SwollenFile,
    has_macros,
    ole_names,
    opened_package,
    part_types,
)
from organisations.spreadsheets.sheet_xml import trimmed

MAX_UNPACKED_BYTES = 120 * 1024 * 1024
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<head", b"<body")
UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff")
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0c\x1a"))

_AS_XLSX = "Mở bằng Excel, lưu dạng “Excel Workbook (.xlsx)” rồi nạp lại."
EMPTY = "Tệp này rỗng (0 byte). Mở lại tệp đã điền, lưu rồi nạp lại."
OLD = f"Đây là tệp Excel kiểu cũ (.xls). {_AS_XLSX}"
BINARY = f"Đây là tệp Excel kiểu nhị phân (.xlsb). {_AS_XLSX}"
TEXT = f"Đây là tệp chữ (.csv, .txt), không phải tệp Excel .xlsx. {_AS_XLSX}"
WEB_PAGE = f"Đây là trang web hoặc XML mang tên Excel, không phải tệp Excel .xlsx. {_AS_XLSX}"
OTHER = f"Đây không phải tệp Excel .xlsx. {_AS_XLSX}"
PASSWORD = (
    "Tệp có mật khẩu nên không đọc được. Trong Excel vào Tệp → Thông tin → Bảo vệ sổ làm việc, "
    "bỏ mật khẩu, lưu rồi nạp lại."
)
MACROS = "Tệp có macro (.xlsm) nên không nhận. Lưu dạng “Excel Workbook (.xlsx)” rồi nạp lại."
BROKEN = "Không đọc được tệp này, tệp bị hỏng. Mở lại bằng Excel, lưu dạng .xlsx rồi nạp lại."
SWOLLEN = (
    "Tệp chứa quá nhiều dữ liệu khi bung ra. Tải mẫu mới, chép số liệu sang (Dán đặc biệt → Giá "
    "trị) rồi nạp lại."
)


class UnreadableFile(Exception):
    """The file as a whole cannot be used; the message says why and what to do."""


class Package:
    """The parts of an .xlsx. Raises UnreadableFile for anything else."""

    def __init__(self, content: bytes):
        _refuse_other_kinds(content)
        try:
            self.parts = _unpacked(content)
        except SwollenFile as error:
            raise UnreadableFile(SWOLLEN) from error
        except BrokenFile as error:
            raise UnreadableFile(BROKEN) from error

    @cached_property
    def sheet_parts(self) -> dict[str, str]:
        """Which part holds the sheet of a name. Raises UnreadableFile."""
        try:
            (book_part,) = self._related("_rels/.rels", "", "/officeDocument").values()
            folder, _, name = book_part.rpartition("/")
            targets = self._related(f"{folder}/_rels/{name}.rels", folder, "/worksheet")
            sheets = [e for e in fromstring(self.parts[book_part]).iter() if _local(e) == "sheet"]
            found = {}
            for sheet in sheets:
                relation = next(v for k, v in sheet.attrib.items() if k.endswith("}id"))
                if relation in targets:
                    found[sheet.attrib["name"]] = targets[relation]
        except (KeyError, ValueError, StopIteration, ParseError, DefusedXmlException) as error:
            raise UnreadableFile(BROKEN) from error
        if not found:
            raise UnreadableFile(BROKEN)
        return found

    def sheet_xml(self, name: str) -> bytes:
        return self.parts[self.sheet_parts[name]]

    def _related(self, part: str, folder: str, kind: str) -> dict[str, str]:
        """The targets of one kind that a part of relations names, by id."""
        return {
            element.attrib["Id"]: normpath(join("/", folder, element.attrib["Target"])).lstrip("/")
            for element in fromstring(self.parts[part], forbid_dtd=True)
            if element.attrib["Type"].endswith(kind)
        }


def without_phantoms(content: bytes) -> bytes:
    """The same workbook without the formatted, empty rows under its last filled one.

    A library that makes an object of each would take minutes over a million of them.
    """
    package = Package(content)
    sheets = set(package.sheet_parts.values())
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            data = package.parts[part.filename]
            new.writestr(part.filename, trimmed(data) if part.filename in sheets else data)
    return made.getvalue()


def _refuse_other_kinds(content: bytes) -> None:
    if not content:
        raise UnreadableFile(EMPTY)
    if content.startswith(b"PK"):
        return
    if content.startswith(OLE_MAGIC):
        raise UnreadableFile(_said_of_ole(content))
    head = content[:8192]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
        raise UnreadableFile(WEB_PAGE)
    is_text = not head.translate(None, bytes(set(range(256)) - set(CONTROLS)))
    if not head.startswith(b"%PDF") and (is_text or head.startswith(UNICODE_MARKS)):
        raise UnreadableFile(TEXT)
    raise UnreadableFile(OTHER)


def _said_of_ole(content: bytes) -> str:
    try:
        names = ole_names(BytesIO(content))
    except BrokenFile:
        return BROKEN
    if OLE_PASSWORD in names:
        return PASSWORD
    if names & {"Workbook", "Book"}:
        return OLD
    return MACROS if names & OLE_MACROS else OTHER


def _unpacked(content: bytes) -> dict[str, bytes]:
    with opened_package(BytesIO(content)) as package:
        types = part_types(package)
        if any("sheet.binary" in each for each in types):
            raise UnreadableFile(BINARY)
        if has_macros(package, types):
            raise UnreadableFile(MACROS)
        if types and XLSX_TYPE not in types:
            raise UnreadableFile(OTHER)
        if not types:
            raise BrokenFile
        members = package.infolist()
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED_BYTES
    for member in members:
        if member.filename in parts:
            raise BrokenFile  # two libraries would read two different files
        data = _inflated(content, member, room)
        room -= len(data)
        if member.filename.endswith((".xml", ".rels")):
            _refuse_unusual_xml(data)
        parts[member.filename] = data
    return parts


def _inflated(content: bytes, member: zipfile.ZipInfo, room: int) -> bytes:
    """A part as it really is; what the zip says of it counts for nothing."""
    start = member.header_offset
    try:
        name_length, extra_length = struct.unpack_from("<HH", content, start + 26)
    except struct.error as error:
        raise BrokenFile from error
    begin = start + 30 + name_length + extra_length
    raw = content[begin : begin + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        data, is_whole = raw[: room + 1], len(raw) == member.compress_size
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = inflater.decompress(raw, room + 1)
        except zlib.error as error:
            raise BrokenFile from error
        is_whole = inflater.eof
    else:
        raise BrokenFile
    if len(data) > room:
        raise SwollenFile
    if not is_whole or len(data) != member.file_size:
        raise BrokenFile
    return data


def _refuse_unusual_xml(data: bytes) -> None:
    """Excel writes UTF-8 without a document type; anything else is there to mislead a reader."""
    head = data[:1024]
    encoding = re.search(rb"""encoding=["']([^"']+)""", head)
    is_unusual = encoding is not None and encoding[1].lower() not in (b"utf-8", b"us-ascii")
    if is_unusual or head.startswith(UNICODE_MARKS) or b"\0" in head or b"<!DOCTYPE" in data:
        raise BrokenFile


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
