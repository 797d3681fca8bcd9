"""Every place where files come in, tried with what should not: refused in words, nothing kept.

A view without `@takes_files` gets no file at all, so the table below has them all: a new one that
is not in it fails.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from evaluations.models import Decision, InspectionScan, ResultUpload, StoredFile
from evaluations.scanning import ScannerSilent
from evaluations.validators import check_file, too_large
from evaluations.workbook.layout import TOO_LARGE
from organisations import people_file
from organisations.models import User
from organisations.spreadsheets import Book, UnreadableFile
from reports.print_forms import TOO_LARGE as TOO_LARGE_TO_COMPARE
from tests.evaluations import hostile, samples
from tests.evaluations.loaded import rolled_back
from tests.test_access import (
    correction,
    decision,
    filled_workbook,
    inspections,
    new_decision,
    sheet_items,
    workbooks,
)
from tests.workbooks import book_of, macro_book, with_part
from tests.world import World, make_world
from upkeep.stored_files import file_fields

BOOK = book_of(A=[["Mã"], ["316"]])
LAUGHING = with_part(BOOK, "xl/workbook.xml", lambda _: hostile.billion_laughs())
HARMFUL = {
    "chuong-trinh.pdf": samples.PROGRAM,
    "trang.png": samples.HTML,
    "anh.jpg": samples.SVG,
    "hai-loai.gif": b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)",
    "lenh.pdf": hostile.catalogued(OpenAction=hostile.SCRIPT),
    "dut.pdf": samples.pdf()[:-200],
    "macro.xlsx": macro_book(BOOK),
    "macro.docx": samples.office(samples.WORD_WITH_MACROS),
    "macro-cu.doc": samples.ole("WordDocument", "Macros"),
    "nhung.docx": hostile.office({"word/a.bin": samples.PROGRAM}),
    "ty-tieng-cuoi.xlsx": LAUGHING,
    "bom.xlsx": samples.office(samples.SHEET, parts={"xl/a": bytes(40 * 1024**2)}),
    "rong.xlsx": b"",
}


@cache
def said_of_paper(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        check_file(samples.upload(content, "a"))
    return refused.value.messages[0]


def said_of_workbook(content: bytes) -> str:
    if not content:
        return "rỗng"  # said by the form, each in its own words
    with pytest.raises(UnreadableFile) as refused:
        Book(content).sheet("A")
    return str(refused.value)


def said_of_print(content: bytes) -> str:
    """Nothing of the file is looked at but its hash, and nothing kept."""
    return "Không khớp" if content else "Tệp này rỗng"


@dataclass(frozen=True)
class Place:
    """Where a file comes in: by whom, with what else, what is said of a bad one."""

    person: str
    field: str
    args: Callable[[World], tuple] = lambda world: ()
    data: Callable[[World], dict] = lambda world: {}
    said: Callable[[bytes], str] = said_of_paper
    said_of_size: Callable[[], str] = lambda: too_large(None)
    kept: type | None = None  # what a row of it is, if it is kept


PLACES = {
    "evaluations:upload-evidence": Place(
        "editor", "files", lambda world: (world.cases[0].dossier.pk, "2.1.2"), kept=StoredFile
    ),
    "evaluations:add-files": Place(
        "editor",
        "files",
        lambda world: (world.uncited.pk,),
        lambda world: {"mode": "same"},
        kept=StoredFile,
    ),
    "evaluations:upload-sheet-evidence": Place(
        "scored", "files", lambda world: sheet_items(world)[0], kept=StoredFile
    ),
    "evaluations:attach-minutes": Place(
        "appraiser", "scan", lambda world: inspections(world)[0], kept=InspectionScan
    ),
    "evaluations:record-decision": Place(
        "approver", "scan", data=lambda world: new_decision(world, 0), kept=Decision
    ),
    "evaluations:correct-decision": Place(
        "approver",
        "scan",
        lambda world: decision(world)[0],
        lambda world: correction(world, 0),
        kept=Decision,
    ),
    "evaluations:upload-results": Place(
        "editor",
        "file",
        lambda world: workbooks(world)[0],
        said=said_of_workbook,
        said_of_size=lambda: TOO_LARGE,
        kept=ResultUpload,
    ),
    "organisations:upload-people": Place(
        "administrator",
        "file",
        said=said_of_workbook,
        said_of_size=lambda: people_file.TOO_LARGE,
    ),
    "prints:check": Place(
        "observer",
        "file",
        said=said_of_print,
        said_of_size=lambda: TOO_LARGE_TO_COMPARE,
    ),
    "prints:check-number": Place(
        "observer",
        "file",
        lambda world: (1,),
        said=said_of_print,
        said_of_size=lambda: TOO_LARGE_TO_COMPARE,
    ),
}
KEEPING = {name: place for name, place in PLACES.items() if place.kept}
FOR_PAPERS = [name for name, place in KEEPING.items() if place.kept != ResultUpload]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), rolled_back(media):
        yield make_world(), media


@pytest.fixture
def world(loaded, db, settings, tmp_path) -> World:
    made, settings.MEDIA_ROOT = loaded
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return made


def send(world: World, name: str, *files, **more) -> HttpResponse:
    place = PLACES[name]
    client = Client()
    client.force_login(world.people[place.person])
    data = place.data(world) | {place.field: list(files)} | more
    return client.post(reverse(name, args=place.args(world)), data)


def words(response: HttpResponse) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def everything_kept() -> tuple:
    """Rows that hold files, people, and what lies on the disk."""
    rows = {model: model.objects.count() for model, _ in file_fields()}
    files = sorted(path for path in Path(default_storage.location).rglob("*") if path.is_file())
    return rows, User.objects.count(), files


def assert_refused(response: HttpResponse, said: str, before: tuple) -> None:
    assert response.status_code in (200, 422)
    assert " ".join(said.split()) in words(response)
    assert everything_kept() == before


def names_of_those_taking_files(resolver=None, prefix: str = "") -> set[str]:
    found = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            found |= names_of_those_taking_files(entry, inner)
        elif getattr(entry.callback, "takes_files", False):
            found.add(f"{prefix}{entry.name}")
    return found


def test_every_place_that_takes_files_is_tried():
    assert names_of_those_taking_files() == PLACES.keys()
    assert {place.kept for place in KEEPING.values()} == {
        model for model, field in file_fields() if model.__name__ != "ReportRun"
    }


@pytest.mark.parametrize("name", PLACES)
def test_what_would_do_harm_is_refused_everywhere(world, name):
    before = everything_kept()

    for file_name, content in HARMFUL.items():
        response = send(world, name, samples.upload(content, file_name))

        assert_refused(response, PLACES[name].said(content), before)


@pytest.mark.parametrize("name", KEEPING)
def test_nothing_is_kept_that_no_scanner_has_seen(world, name, settings):
    settings.CLAMD_ADDRESS = "unix:/khong/co"
    before = everything_kept()

    assert_refused(send(world, name, good(world, name)), ScannerSilent.words, before)


@pytest.mark.parametrize("name", PLACES)
def test_what_is_too_large_is_let_go_of_on_its_way(world, name, settings, monkeypatch, tmp_path):
    settings.EVIDENCE_MAX_BYTES = 200_000
    monkeypatch.setattr("reports.prints.LARGEST", 200_000)
    before = everything_kept()

    response = send(world, name, samples.upload(bytes(300_000), "to.pdf"))

    assert_refused(response, PLACES[name].said_of_size(), before)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", PLACES)
def test_a_hundred_and_one_files_are_too_many(world, name):
    before = everything_kept()

    response = send(world, name, *[samples.upload(b"x", f"{n}.pdf") for n in range(101)])

    assert response.status_code == 413
    assert "Một lần gửi nhiều nhất 100 tệp" in words(response)
    assert everything_kept() == before


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Users\\lan\\Báo cáo.pdf": "Báo cáo.pdf",
    "bao-cao\u202efdp.exe": "bao-caofdp.exe.pdf",
    "\u202eتقرير.pdf": "تقرير.pdf",
    "📄 Báo cáo 👍🏽.pdf": "📄 Báo cáo 👍🏽.pdf",
    normalize("NFD", "Quyết định số 5.PDF"): "Quyết định số 5.PDF",
    "<img src=x onerror=alert(1)>.pdf": "img src=x onerror=alert(1).pdf",
    "dong\r\nX-A: b.pdf": "dong.pdf",
    "Ệ" * 300 + ".pdf": "Ệ" * 78 + ".pdf",
}


@pytest.mark.parametrize("name", FOR_PAPERS)
def test_a_name_is_made_harmless_and_stays_a_name(world, name):
    kept = PLACES[name].kept
    field = "original_name" if kept is StoredFile else "file_name"
    # One paper is all that a decision or an inspection needs to show it.
    wanted = NAMES if kept is StoredFile else dict(list(NAMES.items())[-1:])
    for sent, stored in wanted.items():
        response = send(world, name, samples.upload(samples.pdf(f"{name} {sent}"), sent))

        assert response.status_code == 302, words(response)
        assert getattr(kept.objects.latest("pk"), field) == stored


def good(world: World, name: str):
    if PLACES[name].kept is ResultUpload:
        return filled_workbook(world, 0)["file"]
    return samples.upload(samples.pdf(f"tốt {name}"), "tot.pdf")
