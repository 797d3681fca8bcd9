"""What would harm who opens it is refused, with its reason; what merely looks so is taken in."""

import io

import pytest
from django.core.exceptions import ValidationError

from evaluations import pdf_files
from evaluations.validators import DOCX, PDF, PNG, XLSX, check_file
from organisations.office_files import SwollenFile
from tests.evaluations import hostile, samples
from tests.evaluations.hostile import FAR, LAUNCH, LINK, SCRIPT, catalogued, clicked, named
from tests.evaluations.samples import upload
from tests.workbooks import book_of, macro_book

BOOK = book_of(A=[["Mã"], ["316"]])
BOMB = hostile.bomb()
REMOTE_OBJECT = hostile.relation("oleObject", "https://xa.example/a!")
PACKAGE = samples.ole("\x01Ole10Native", class_id=hostile.PACKAGE_CLASS)
OPENS_ELSEWHERE = named(S="/GoTo", D="a", Next=[named(S="/Named", N="/NextPage"), FAR])

PDFS = {
    "script on opening": (catalogued(OpenAction=SCRIPT), "chạy mã lệnh"),
    "script by a click": (hostile.clicked(SCRIPT), "chạy mã lệnh"),
    "script for the whole": (
        catalogued(Names=named(JavaScript=named(Names=["a", SCRIPT]))),
        "chạy mã lệnh",
    ),
    "script of a field": (hostile.with_field(FT="/Tx", AA=named(K=SCRIPT)), "chạy mã lệnh"),
    "script spelled otherwise": (
        catalogued(OpenAction=SCRIPT).replace(b"/JavaScript", b"/J#61vaScrip#74"),
        "chạy mã lệnh",
    ),
    "script out of sight": (hostile.packed_away(b"<</S/JavaScript/JS(a)>>"), "chạy mã lệnh"),
    "a form that moves": (catalogued(AcroForm=named(XFA="a")), "chạy mã lệnh"),
    "a program": (catalogued(OpenAction=LAUNCH), "mở chương trình"),
    "a program by a click": (clicked(LAUNCH), "mở chương trình"),
    "words sent away": (clicked(named(S="/SubmitForm", F="https://x")), "gửi dữ liệu ra ngoài"),
    "an address by itself": (catalogued(OpenAction=LINK), "tự mở địa chỉ bên ngoài"),
    "an address in the end": (catalogued(OpenAction=OPENS_ELSEWHERE), "tự mở địa chỉ bên ngoài"),
    "another file on a page": (
        hostile.pdf(lambda writer: writer.pages[0].update(named(AA=named(O=FAR)))),
        "tự mở địa chỉ bên ngoài",
    ),
    "a film": (
        hostile.pdf(
            lambda writer: writer.pages[0].update(named(Annots=[named(Subtype="/RichMedia")]))
        ),
        "đa phương tiện",
    ),
    "a file within": (
        hostile.pdf(lambda writer: writer.add_attachment("a.exe", samples.PROGRAM)),
        "tệp đính kèm bên trong",
    ),
}

OFFICE_FILES = {
    "macros, renamed": (macro_book(BOOK), "macros"),
    "macros of a text": (hostile.office({"word/vbaProject.bin": b"x"}), "macros"),
    "macros by their type": (samples.office(samples.WORD_WITH_MACROS), "macros"),
    "macros of old": (samples.ole("WordDocument", "_VBA_PROJECT_CUR"), "macros"),
    "macros of a sheet within": (
        hostile.office({"word/embeddings/a.xlsx": macro_book(BOOK)}),
        "macros",
    ),
    "macros of an old sheet within": (
        hostile.office({"word/embeddings/a.bin": samples.ole("Workbook", "VBA")}),
        "macros",
    ),
    "a file behind a picture": (
        hostile.office({"word/embeddings/oleObject1.bin": PACKAGE}),
        "embedded",
    ),
    "the same, of old": (
        samples.ole("WordDocument", "x", class_id=hostile.PACKAGE_CLASS),
        "embedded",
    ),
    "a program as a part": (hostile.office({"word/a.bin": samples.PROGRAM}), "embedded"),
    "a zip as a part": (
        hostile.office({"word/a.bin": samples.zipped({"a.js": b"x"})}),
        "embedded",
    ),
    "a template from the net": (hostile.template_from("http://xa.example/a.dotm"), "remote"),
    "a template from a share": (hostile.template_from("file:///\\\\xa\\a.dotm"), "remote"),
    "an object from the net": (
        hostile.office({"word/_rels/document.xml.rels": REMOTE_OBJECT}),
        "remote",
    ),
    "a billion laughs": (hostile.office({"word/document.xml": hostile.billion_laughs()}), "broken"),
    "entities squared": (hostile.office({"word/styles.xml": hostile.quadratic()}), "broken"),
    "entities in two bytes": (
        hostile.office({"word/a.xml": hostile.billion_laughs().decode().encode("utf-16")}),
        "broken",
    ),
    "entities far down": (
        hostile.office({"word/a.xml": b" " * 262_140 + hostile.billion_laughs()}),
        "broken",
    ),
    "a path upwards": (hostile.office({"../../etc/cron.d/a": b"x"}), "broken"),
    "a path of Windows": (hostile.office({"..\\..\\a.exe": b"x"}), "broken"),
    "a path from the root": (hostile.office({"/etc/passwd": b"x"}), "broken"),
    "a part twice": (hostile.twice("word/document.xml"), "broken"),
    "a part longer than said": (hostile.lying(), "broken"),
    "a part that cannot be unpacked": (hostile.garbled(), "broken"),
    "parts before the beginning": (hostile.shifted(), "broken"),
    "a bomb": (BOMB, "bomb"),
    "a bomb in a sheet in a text": (hostile.matryoshka(1, BOMB), "bomb"),
    "texts in texts in texts": (hostile.matryoshka(3, hostile.office({})), "bomb"),
}


def refusal(content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        check_file(upload(content, "to-trinh.pdf"))
    return refused.value


@pytest.mark.parametrize(("content", "does"), PDFS.values(), ids=PDFS)
def test_a_pdf_that_acts_is_refused_and_said_what_it_does(content, does):
    words = refusal(content).messages[0]

    assert does in words
    assert "in ra PDF mới" in words


@pytest.mark.parametrize(("content", "code"), OFFICE_FILES.values(), ids=OFFICE_FILES)
def test_a_text_or_sheet_that_carries_more_is_refused(content, code):
    assert refusal(content).code == code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (hostile.signed(), PDF),
        (clicked(LINK), PDF),
        (clicked(FAR), PDF),  # a scanned volume's contents, by a click and with a question
        (hostile.packed_away(b"<</S/GoTo/D[4 0 R/Fit]>>"), PDF),
        (samples.pdf("chỉ cấm in", owner_password="a"), PDF),
        (hostile.office({"word/embeddings/a.xlsx": BOOK}), DOCX),
        (hostile.office({"word/embeddings/a.bin": samples.ole("Equation Native")}), DOCX),
        (hostile.template_from("file:///C:\\Users\\a\\Normal.dotm"), DOCX),
        (hostile.template_from("Normal.dotm"), DOCX),
        (hostile.matryoshka(2, hostile.office({})), DOCX),
        (BOOK, XLSX),
    ],
)
def test_what_does_no_harm_is_taken_in(content, kind):
    assert check_file(upload(content, "a")).kind == kind


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (samples.pdf() + samples.zipped({"a.js": b"x"}), PDF, "a.zip.pdf"),
        (samples.pdf() + samples.HTML, PDF, "a.zip.pdf"),
        (samples.png() + samples.HTML, PNG, "a.zip.png"),
    ],
)
def test_a_file_of_two_kinds_is_only_ever_the_one_it_is_named_by(content, kind, name):
    """What it is served as and what it is called on another's disk are both ours to say."""
    checked = check_file(upload(content, "a.zip"))

    assert (checked.kind, checked.name) == (kind, name)


@pytest.mark.parametrize("content", [b"GIF89a/*" + b"\0" * 50 + b"*/=1;alert(1)", b"MZ%PDF-1.7"])
def test_a_file_of_two_kinds_that_begins_as_neither_of_ours_is_refused(content):
    assert refusal(content).code in {"unknown", "program"}


def test_a_pdf_made_to_be_read_for_hours_is_let_go_of(monkeypatch):
    monkeypatch.setattr(pdf_files, "MAX_SECONDS", 1)

    with pytest.raises(SwollenFile):
        pdf_files.look_into(io.BytesIO(hostile.endless()))


def test_a_pdf_made_to_fill_the_memory_is_let_go_of(monkeypatch):
    monkeypatch.setattr(pdf_files, "MAX_BYTES", 100 * 1024**2)

    with pytest.raises(SwollenFile):
        pdf_files.look_into(io.BytesIO(hostile.packed_away(b"null" + b" " * 30_000_000)))


def test_where_no_pdf_can_be_looked_into_nothing_is_taken_in(monkeypatch):
    """A fault of the installation is not the file's."""
    monkeypatch.setattr(pdf_files.pdf_reading, "__file__", "khong-co.py")

    with pytest.raises(RuntimeError, match="khong-co"):
        check_file(upload(hostile.signed(), "a.pdf"))


def test_a_pdf_that_names_nothing_that_acts_needs_no_process(monkeypatch):
    monkeypatch.setattr(pdf_files.subprocess, "run", None)

    assert pdf_files.look_into(io.BytesIO(samples.pdf("thường"))) == pdf_files.Pdf()
