"""What an uploaded file is, judged by its content; its name and declared type prove nothing.

Every refusal says what is wrong and what to do about it, and reads on from the file's name:
"bao-cao.pdf" + "rỗng (0 byte). …".
"""

from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat, floatformat

from evaluations import pdf_files
from organisations import office_contents
from organisations.office_files import (
    OLE_MAGIC,
    OLE_PASSWORD,
    ZIP_MAGIC,
    BrokenFile,
    SwollenFile,
    ole_names,
    opened_package,
    part_types,
)
from organisations.text import nfc

MAX_NAME_BYTES = 240  # a file system takes 255, and a copy may be called "… (1)"


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
EMBEDDED = (
    "có tệp khác nhúng bên trong (Package) nên không nhận. Xóa đối tượng nhúng rồi tải lên; tệp "
    "nhúng thì tải lên riêng."
)
REMOTE = "lấy mẫu hoặc đối tượng từ máy khác khi mở nên không nhận. Xuất ra PDF rồi tải lên."
ACTS = (
    "có lệnh bên trong ({}) nên không nhận. Xin nơi gửi bản không có lệnh, hoặc in ra PDF mới "
    "(lệnh In, chọn máy in “Microsoft Print to PDF”), hoặc quét bản giấy, rồi tải bản đó lên."
)
ATTACHED = (
    "có tệp đính kèm bên trong nên không nhận: Sở mở ra sẽ không thấy. Lưu tệp đính kèm ra, tải "
    "lên riêng; bản PDF thì bỏ tệp đính kèm, hoặc in ra PDF mới, rồi tải lên lại."
)
OFFICE_PASSWORD = "là tệp Word, Excel có mật khẩu. Bỏ mật khẩu khi lưu rồi tải lên lại."
BROKEN = "bị hỏng hoặc thiếu phần cuối. Mở thử tệp gốc, lưu lại rồi tải lên."
BOMB = "bung ra lớn bất thường nên không nhận. Lưu lại tệp hoặc xuất ra PDF rồi tải lên."
EMPTY = "rỗng (0 byte). Mở thử tệp gốc, lưu lại rồi tải lên."

# What a Word or Excel file carries, the gravest first; what a PDF does, as one names it.
CARRIED = {
    office_contents.MACROS: MACROS,
    office_contents.EMBEDDED: EMBEDDED,
    office_contents.REMOTE: REMOTE,
}
DOES = {
    "script": "chạy mã lệnh",
    "program": "mở chương trình hoặc tệp khác",
    "sends": "gửi dữ liệu ra ngoài",
    "by-itself": "tự mở địa chỉ bên ngoài",
    "media": "chạy nội dung đa phương tiện",
}

HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
PROGRAM_MAGIC = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body")


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
    is_encrypted = kind == PDF and _is_locked(file)
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
    if head.startswith(ZIP_MAGIC):
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


def _is_locked(file: File) -> bool:
    """Does a PDF ask for a password? Refuses one that would act on who opens it."""
    try:
        pdf = pdf_files.look_into(file)
    except SwollenFile as error:
        raise ValidationError(BOMB, code="bomb") from error
    except BrokenFile as error:
        raise ValidationError(BROKEN, code="broken") from error
    does = [words for act, words in DOES.items() if act in pdf.acts]
    if does:
        raise ValidationError(ACTS.format(", ".join(does)), code="acts")
    if "attached" in pdf.acts:
        raise ValidationError(ATTACHED, code="attached")
    return pdf.is_locked


def _zip_kind(file: File) -> FileKind:
    """Word or Excel since 2007."""
    try:
        with opened_package(file) as package:
            types = part_types(package)
            _refuse_carried(office_contents.carried_by(package))
    except SwollenFile as error:
        raise ValidationError(BOMB, code="bomb") from error
    except BrokenFile as error:
        raise ValidationError(BROKEN, code="broken") from error
    for kind in (DOCX, XLSX):
        if f"{kind.content_type}.main+xml" in types:
            return kind
    raise ValidationError(UNKNOWN, code="unknown")


def _ole_kind(file: File) -> FileKind:
    """Word or Excel before 2007, or a later one behind a password."""
    try:
        names = ole_names(file)
        carried = office_contents.carried_by_ole(file)
    except BrokenFile as error:
        raise ValidationError(BROKEN, code="broken") from error
    if OLE_PASSWORD in names:
        raise ValidationError(OFFICE_PASSWORD, code="office-password")
    _refuse_carried(carried)
    if "WordDocument" in names:
        return DOC
    if names & {"Workbook", "Book"}:
        return XLS
    raise ValidationError(UNKNOWN, code="unknown")


def _refuse_carried(carried: set[str]) -> None:
    for what, words in CARRIED.items():
        if what in carried:
            raise ValidationError(words, code=what)
