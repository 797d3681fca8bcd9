"""What an upload is: by content, with a sentence for every refusal; and where its bytes lie."""

import errno
import hashlib
import io
import socket
import struct
import threading
from pathlib import Path
from unicodedata import normalize

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage

from evaluations.scanning import Infected, ScannerSilent, scan
from evaluations.storage import StorageFull, sha256_of, stored
from evaluations.validators import DOC, DOCX, JPEG, PDF, PNG, XLS, XLSX, check_file, clean_name
from tests.evaluations import samples
from tests.evaluations.samples import upload


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.pdf(), PDF),
        (samples.office(samples.WORD), DOCX),
        (samples.office(samples.SHEET), XLSX),
        (samples.ole("WordDocument", "1Table"), DOC),
        (samples.ole("Workbook"), XLS),
        (samples.ole("a", "b", "c", "d", "e", "Book"), XLS),  # in a second sector
        (samples.png(), PNG),
        (samples.JPEG, JPEG),
    ],
    ids=lambda value: getattr(value, "label", ""),
)
def test_the_kind_is_that_of_the_content_whatever_the_name(content, kind):
    checked = check_file(upload(content, "bất kỳ.exe"))

    assert checked.kind == kind
    assert checked.name == f"bất kỳ.exe{kind.extensions[0]}"
    assert not checked.is_encrypted


def test_a_real_workbook_is_excel(tmp_path):
    path = tmp_path / "that.xlsx"
    openpyxl.Workbook().save(path)

    assert check_file(upload(path.read_bytes(), "that.xlsx")).kind == XLSX


BOMB = samples.office(parts={"media/0": b"\0" * (40 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("content", "code", "advice"),
    [
        (b"", "empty", "lưu lại rồi tải lên"),
        (samples.PROGRAM, "program", "không phải văn bản"),
        (b"\x7fELF" + b"\0" * 99, "program", "không phải văn bản"),
        (samples.HTML, "markup", "In ra PDF"),
        (samples.SVG, "markup", "In ra PDF"),
        (samples.HEIC, "heic", "Tương thích nhất"),
        (b"chi la chu", "unknown", "PDF, Word, Excel"),
        (samples.zipped({"mimetype": b"odt"}), "unknown", "PDF, Word, Excel"),
        (samples.office(f"{samples.OFFICE}.presentationml.presentation"), "unknown", "PDF, Word"),
        (samples.ole("PowerPoint Document"), "unknown", "PDF, Word, Excel"),
        (samples.office(samples.WORD_WITH_MACROS), "macros", "không macro"),
        (samples.office(parts={"word/vbaProject.bin": b"x"}), "macros", "không macro"),
        (samples.ole("WordDocument", "Macros"), "macros", "không macro"),
        (samples.ole("EncryptedPackage"), "office-password", "Bỏ mật khẩu"),
        (b"%PDF-1.7\nbi cat ngang", "broken", "thiếu phần cuối"),
        (samples.office()[:-30], "broken", "thiếu phần cuối"),
        (samples.ole("WordDocument")[:700], "broken", "thiếu phần cuối"),
        (samples.zipped({"[Content_Types].xml": b"<Types"}), "broken", "hỏng"),
        (BOMB, "bomb", "bất thường"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_is_told_why_and_what_to_do(content, code, advice):
    with pytest.raises(ValidationError) as refusal:
        check_file(upload(content, "to-trinh.pdf"))

    assert refusal.value.code == code
    assert advice in refusal.value.messages[0]


def test_entities_in_a_part_list_are_not_expanded():
    types = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Types>&a;</Types>'

    with pytest.raises(ValidationError) as refusal:
        check_file(upload(samples.zipped({"[Content_Types].xml": types}), "a.docx"))

    assert refusal.value.code == "broken"


def test_too_large_names_the_limit(settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024

    with pytest.raises(ValidationError) as refusal:
        check_file(upload(b"%PDF-" + b"\0" * (1024 * 1024), "to.pdf"))

    assert "giới hạn 1\xa0MB" in refusal.value.messages[0]


def test_a_circle_in_a_container_ends_in_a_refusal():
    circle = bytearray(samples.ole("a", "b", "c", "d", "e"))
    struct.pack_into("<I", circle, 512 + 2 * 4, 1)  # the second directory sector leads to the first

    with pytest.raises(ValidationError) as refusal:
        check_file(upload(bytes(circle), "vong.doc"))

    assert refusal.value.code == "broken"


@pytest.mark.parametrize(
    ("content", "is_encrypted"),
    [
        (samples.pdf(), False),
        (samples.pdf(password="bi-mat"), True),
        (samples.pdf(owner_password="chi-cam-in"), False),  # opens without a password
    ],
)
def test_a_pdf_with_a_password_is_taken_in_and_marked(content, is_encrypted):
    assert check_file(upload(content, "a.pdf")).is_encrypted == is_encrypted


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        (normalize("NFD", "Quyết định.PDF"), "Quyết định.PDF"),
        ("bao cao.docx", "bao cao.docx.pdf"),
        ("../../etc/passwd", "etcpasswd.pdf"),
        ("a\u202egpj.pdf", "agpj.pdf"),
        ("  nhiều   chỗ trống .pdf", "nhiều chỗ trống.pdf"),
        ("", "tep.pdf"),
        (".pdf", "pdf.pdf"),
    ],
)
def test_names_are_made_clean(name, cleaned):
    assert clean_name(name, PDF) == cleaned


def test_a_name_of_400_characters_is_cut_with_its_ending_kept():
    cleaned = clean_name("Ệ" * 400 + ".pdf", PDF)

    assert cleaned.endswith("Ệ.pdf")
    assert 230 < len(cleaned.encode()) <= 240


def test_the_digest_is_read_piece_by_piece():
    content = b"x" * 200_000
    sizes = []

    class Watched(io.BytesIO):
        def read(self, size=-1):
            sizes.append(size)
            return super().read(size)

    assert sha256_of(File(Watched(content))) == hashlib.sha256(content).hexdigest()
    assert set(sizes) == {File.DEFAULT_CHUNK_SIZE}


def test_a_failed_transaction_leaves_no_file():
    def fail_after_storing():
        with stored("minh-chung/a", upload(b"x", "a")) as name:
            assert default_storage.exists(name)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_storing()

    assert not default_storage.exists("minh-chung/a")


def test_a_full_disk_leaves_no_half_file(monkeypatch):
    def write_half(name, content):
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True)
        path.write_bytes(b"nua")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", write_half)

    with pytest.raises(StorageFull), stored("nua-tep", upload(b"x", "a")):
        pass

    assert not default_storage.exists("nua-tep")


# --- The scanner ----------------------------------------------------------------------------------


@pytest.fixture
def clamd(settings):
    """A scanner that answers as told, and keeps what it was sent."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD_ADDRESS = f"127.0.0.1:{server.getsockname()[1]}"
    state = {"answer": b"stream: OK\0", "received": b""}

    def serve():
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as lines:
            assert lines.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", lines.read(4))[0]:
                state["received"] += lines.read(size)
            connection.sendall(state["answer"])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield state
    thread.join(timeout=5)
    server.close()


def test_a_clean_file_passes_and_was_sent_whole(clamd):
    content = b"x" * 150_000

    scan(upload(content, "a.pdf"))

    assert clamd["received"] == content


def test_an_infected_file_is_named(clamd):
    clamd["answer"] = b"stream: Eicar-Signature FOUND\0"

    with pytest.raises(Infected, match="Eicar-Signature"):
        scan(upload(b"x", "a.pdf"))


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"what\0"])
def test_an_answer_that_is_none_means_no(clamd, answer):
    clamd["answer"] = answer

    with pytest.raises(ScannerSilent):
        scan(upload(b"x", "a.pdf"))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "unix:/khong/co", "sai"])
def test_a_scanner_that_cannot_be_reached_means_no(settings, address):
    settings.CLAMD_ADDRESS = address

    with pytest.raises(ScannerSilent):
        scan(upload(b"x", "a.pdf"))


def test_without_a_scanner_nothing_is_asked(settings, monkeypatch):
    settings.CLAMD_ADDRESS = ""
    monkeypatch.setattr(socket, "create_connection", None)

    scan(upload(b"x", "a.pdf"))
