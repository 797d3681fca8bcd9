"""What an uploaded file is, judged by its content; its name and declared type prove nothing.

Every refusal says what is wrong and what to do about it, and reads on from the file's name:
"bao-cao.pdf" + "rỗng (0 byte). …".
"""

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import filetype
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat, floatformat
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from organisations.text import nfc

MAX_NAME_BYTES = 240  # a file system takes 255, and a copy may be called "… (1)"

# A document unpacks to some ten times its size; a bomb to thousands.
MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_RATIO = 200
RATIO_COUNTS_FROM = 32 * 1024 * 1024
MAX_CONTENT_TYPES_BYTES = 1024 * 1024


@dataclass(frozen=True)
class FileKind:
    """A type of file that is taken in: how it is served, called and named."""

    content_type: str
    label: str
    extensions: tuple[str, ...]


PDF = FileKind("application/pdf", "PDF", (".pdf",))
DOC = FileKind("application/msword", "Word", (".doc",))
DOCX = FileKind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word", (".docx",)
)
XLS = FileKind("application/vnd.ms-excel", "Excel", (".xls",))
XLSX = FileKind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", (".xlsx",)
)
JPEG = FileKind("image/jpeg", "ảnh JPEG", (".jpg", ".jpeg"))
PNG = FileKind("image/png", "ảnh PNG", (".png",))

KINDS = {kind.content_type: kind for kind in (PDF, DOC, DOCX, XLS, XLSX, JPEG, PNG)}
ACCEPT = ",".join(extension for kind in KINDS.values() for extension in kind.extensions)
TAKEN = "PDF, Word, Excel, ảnh JPEG, PNG"

UNKNOWN = f"không thuộc loại nhận được: {TAKEN}. Lưu lại ở một trong các loại này rồi tải lên."
PROGRAM = "thực chất là một chương trình, không phải văn bản. Không mở tệp này; tìm lại tệp gốc."
WEB_PAGE = "là trang web hoặc ảnh vẽ bằng mã. In ra PDF hoặc chụp thành ảnh rồi tải lên."
HEIC = (
    "là ảnh HEIC của iPhone, nhiều máy tính không mở được. Vào Cài đặt → Camera → Định dạng, "
    "chọn “Tương thích nhất” rồi chụp lại, hoặc lưu ảnh thành JPEG."
)
MACROS = "có macro nên không nhận. Lưu lại thành .docx hoặc .xlsx (không macro), hoặc PDF."
OFFICE_PASSWORD = "là tệp Word, Excel có mật khẩu. Bỏ mật khẩu khi lưu rồi tải lên lại."
BROKEN = "bị hỏng hoặc thiếu phần cuối. Mở thử tệp gốc, lưu lại rồi tải lên."
BOMB = "bung ra lớn bất thường nên không nhận. Lưu lại tệp hoặc xuất ra PDF rồi tải lên."
EMPTY = "rỗng (0 byte). Mở thử tệp gốc, lưu lại rồi tải lên."

HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
PROGRAM_MAGIC = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body")
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class CheckedFile:
    """What a look into the file found: its kind, its clean name, whether it needs a password."""

    kind: FileKind
    name: str
    is_encrypted: bool = False


def check_file(file: File) -> CheckedFile:
    """Look into the file; raises ValidationError with a sentence for the person."""
    if not file.size:
        raise ValidationError(EMPTY, code="empty")
    if file.size > settings.EVIDENCE_MAX_BYTES:
        raise ValidationError(too_large(file.size), code="too-large")
    kind = _kind_of(file)
    is_encrypted = kind == PDF and _needs_password(file)
    file.seek(0)
    return CheckedFile(kind, clean_name(file.name or "", kind), is_encrypted)


def size_limit() -> str:
    return f"{floatformat(settings.EVIDENCE_MAX_BYTES / 1024**2, -1)}\u00a0MB"


def too_large(size: int | None) -> str:
    limit = size_limit()
    weighs = f"nặng {filesizeformat(size)}, " if size else ""
    return (
        f"{weighs}quá giới hạn {limit} mỗi tệp. Quét ở 150 dpi, nén lại, hoặc tách thành nhiều tệp."
    )


def clean_name(name: str, kind: FileKind) -> str:
    """The person's name for the file, in NFC, of a length every disk takes, rightly ended."""
    name = nfc(name)
    name = "".join(ch for ch in name if ch.isprintable() and ch not in '/\\:*?"<>|')
    path = PurePath(" ".join(name.split()) or "tep")
    if path.suffix.lower() in kind.extensions:
        stem, ending = path.stem, path.suffix
    else:
        stem, ending = path.name, kind.extensions[0]
    room = MAX_NAME_BYTES - len(ending)
    stem = stem.encode()[:room].decode(errors="ignore").strip(" .")
    return f"{stem or 'tep'}{ending}"


def _kind_of(file: File) -> FileKind:
    file.seek(0)
    head = file.read(8192)
    if head.startswith(OLE_MAGIC):
        return _ole_kind(file)
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(file)
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        raise ValidationError(HEIC, code="heic")
    guessed = filetype.guess(head)
    if guessed is not None and guessed.mime in (PDF.content_type, JPEG.content_type, "image/png"):
        return KINDS[guessed.mime]
    if head.startswith(PROGRAM_MAGIC):
        raise ValidationError(PROGRAM, code="program")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
        raise ValidationError(WEB_PAGE, code="markup")
    raise ValidationError(UNKNOWN, code="unknown")


def _needs_password(file: File) -> bool:
    file.seek(0)
    try:
        reader = PdfReader(file)
        # An empty password opens what is only locked against printing or copying.
        return reader.is_encrypted and not reader.decrypt("")
    except DependencyError:  # a cipher that cannot be tried here: say so rather than guess
        return True
    except (PyPdfError, ValueError, TypeError, KeyError, RecursionError, OSError) as error:
        raise ValidationError(BROKEN, code="broken") from error


# --- Word and Excel since 2007: a zip with a list of its parts ----------------------------------


def _zip_kind(file: File) -> FileKind:
    if _directory_size(file) > MAX_DIRECTORY_BYTES:
        raise ValidationError(BOMB, code="bomb")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            _refuse_bomb(parts)
            types = _part_types(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ValidationError(BROKEN, code="broken") from error
    has_macros = any("macroenabled" in part.lower() for part in types) or any(
        part.filename.lower().endswith("vbaproject.bin") for part in parts
    )
    if has_macros:
        raise ValidationError(MACROS, code="macros")
    if f"{DOCX.content_type}.main+xml" in types:
        return DOCX
    if f"{XLSX.content_type}.main+xml" in types:
        return XLSX
    raise ValidationError(UNKNOWN, code="unknown")


def _directory_size(file: File) -> int:
    """How large the zip says its list of parts is; read before anything trusts that list."""
    window = min(file.size, 65_535 + 22)
    file.seek(file.size - window)
    tail = file.read(window)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < 22:
        raise ValidationError(BROKEN, code="broken")
    (size,) = struct.unpack_from("<I", tail, place + 12)
    return size


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    is_swollen = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * packed
    if unpacked > MAX_UNPACKED_BYTES or is_swollen:
        raise ValidationError(BOMB, code="bomb")


def _part_types(package: zipfile.ZipFile) -> set[str]:
    """The types that [Content_Types].xml declares; none where the zip is no Office file."""
    if "[Content_Types].xml" not in package.namelist():
        raise ValidationError(UNKNOWN, code="unknown")
    with package.open("[Content_Types].xml") as part:
        text = part.read(MAX_CONTENT_TYPES_BYTES + 1)
    if len(text) > MAX_CONTENT_TYPES_BYTES:
        raise ValidationError(BOMB, code="bomb")
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ValidationError(BROKEN, code="broken") from error
    return {element.get("ContentType", "") for element in root.iter()}


# --- Word and Excel before 2007: an OLE container, a small file system of its own ---------------


def _ole_kind(file: File) -> FileKind:
    try:
        names = set(_ole_names(file))
    except (struct.error, IndexError, ValueError) as error:
        raise ValidationError(BROKEN, code="broken") from error
    if "EncryptedPackage" in names:
        raise ValidationError(OFFICE_PASSWORD, code="office-password")
    if names & {"Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT"}:
        raise ValidationError(MACROS, code="macros")
    if "WordDocument" in names:
        return DOC
    if names & {"Workbook", "Book"}:
        return XLS
    raise ValidationError(UNKNOWN, code="unknown")


def _ole_names(file: BinaryIO) -> Iterator[str]:
    """The names in the container's directory, each sector of which the allocation table links."""
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
    while number < 0xFFFFFFFA:
        if number in seen:
            raise ValueError("the directory runs in a circle")
        seen.add(number)
        data = sector(number)
        for place in range(0, size, 128):
            (length,) = struct.unpack_from("<H", data, place + 64)
            if 2 < length <= 64:
                yield data[place : place + length - 2].decode("utf-16-le", errors="replace")
        index, rest = divmod(number, size // 4)
        (number,) = struct.unpack_from("<I", sector(tables[index]), rest * 4)


def _ole_table_sectors(header: bytes, sector, size: int) -> list[int]:
    """Where the allocation table lies: 109 places in the header, the rest in linked sectors."""
    tables = list(struct.unpack_from("<109I", header, 76))
    (number,) = struct.unpack_from("<I", header, 68)
    seen: set[int] = set()
    while number < 0xFFFFFFFA:
        if number in seen:
            raise ValueError("the table runs in a circle")
        seen.add(number)
        *more, number = struct.unpack(f"<{size // 4}I", sector(number))
        tables += more
    return [table for table in tables if table < 0xFFFFFFFA]
