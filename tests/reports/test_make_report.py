import json
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from evaluations.models import Evaluation
from evaluations.workflow import Status
from reports.definitions import REPORTS, Takes
from reports.models import ReportRun
from reports.tasks import build_report
from tests.factories import (
    accept_all,
    make_complete_dossier,
    make_department,
    make_district,
    make_dossier,
    make_round,
    make_session,
)
from tests.reports.conftest import submit
from tests.reports.reading import book_lines, pdf_pages, word_lines
from tests.reports.test_package import attach

EVIDENCE = "kế hoạch.pdf"


def test_list_names_every_report_as_json():
    out = StringIO()

    call_command("make_report", "--list", stdout=out)

    listed = {each.pop("slug"): each for each in json.loads(out.getvalue())}
    assert listed.keys() == REPORTS.keys()
    assert listed["bao-cao-tu-danh-gia"] == {
        "title": "Báo cáo tự đánh giá",
        "formats": ["pdf", "docx", "xlsx", "pdfa"],
        "takes": "dossier",
    }
    assert listed["tong-hop-quan-huyen"]["takes"] == "round"


@pytest.fixture
def subjects(approver, monkeypatch):
    """Of each kind one about which every report has something to say, at one moment."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    agency = make_department(document_code="SGDĐT", issuer_name="Sở Giáo dục và Đào tạo")
    pilot_round = make_round(standing_agency=agency)
    make_dossier(pilot_round=pilot_round)  # owes everything
    dossier = make_complete_dossier(make_district("Huyện Vĩnh Bảo", "316"), pilot_round=pilot_round)
    attach(dossier.unit.documents.get(), EVIDENCE, b"%PDF mot")
    submit(dossier)
    accept_all(dossier, by=approver)
    Evaluation.objects.filter(pk=dossier.pk).update(status=Status.CONFIRMED)
    return {
        Takes.DOSSIER: dossier,
        Takes.ROUND: pilot_round,
        Takes.SESSION: make_session(dossier, members=[approver], concluded=1, by=approver),
        Takes.SET: pilot_round.district_set,
    }


def test_a_command_gives_what_the_page_gives(client, approver, subjects, sent, tmp_path):
    """Every report in every format; but for number and time, which stand in the margins."""
    client.force_login(approver)
    for slug, report in REPORTS.items():
        pk = subjects[report.takes].pk
        for file_type in set(report.formats) - {"pdfa"}:  # one is in the package
            path = tmp_path / f"{slug}.{file_type}"
            client.post(
                reverse("reports:order"), {"report": slug, "subject": pk, "file_type": file_type}
            )
            run = ReportRun.objects.get(report=slug, file_type=file_type)
            build_report(run.pk)
            run.refresh_from_db()
            call_command(
                "make_report", slug, format=file_type, output=path, **{str(report.takes): pk}
            )

            with run.file.open("rb") as file:
                ordered, made = file.read(), path.read_bytes()
            name = f"{slug}.{file_type}"
            assert READERS[file_type](made) == READERS[file_type](ordered), name
            seal = f"dấu nội dung {run.content_sha256[:12]}"
            assert seal in stamp_of(ordered, file_type), name
            assert seal in stamp_of(made, file_type), name


def members_of(package):
    """What each file of a package says; of those that list the others only what they say of
    evidence, since a printed report does not weigh the same twice."""
    with zipfile.ZipFile(BytesIO(package)) as opened:
        for name in opened.namelist():
            inside, file_type = opened.read(name), Path(name).suffix[1:]
            if name == "index.xlsx":
                yield name, [line for line in book_lines(inside) if EVIDENCE in line]
            elif name in ("index.html", "SHA256SUMS"):
                yield name, [line for line in inside.decode().splitlines() if EVIDENCE in line]
            elif EVIDENCE in name:
                yield name, inside
            else:
                yield name, READERS[file_type](inside)


READERS = {
    "pdf": pdf_pages,
    "docx": word_lines,
    "xlsx": book_lines,
    "zip": lambda package: list(members_of(package)),
}


def stamp_of(content, file_type):
    if file_type == "pdf":
        return PdfReader(BytesIO(content)).pages[0].extract_text()
    if file_type == "docx":
        return Document(BytesIO(content)).core_properties.comments
    if file_type == "xlsx":
        return load_workbook(BytesIO(content)).properties.description
    with zipfile.ZipFile(BytesIO(content)) as opened:
        return load_workbook(BytesIO(opened.read("index.xlsx"))).properties.description


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Cần SLUG, --format và --output"),
        ({"format": "pdf", "output": "x.pdf"}, "Báo cáo này cần --dossier ID"),
        ({"format": "pdf", "output": "x.pdf", "round": 1}, "Báo cáo này cần --dossier ID"),
        ({"format": "pdf", "output": "x.pdf", "dossier": 0}, "Không có hồ sơ số 0"),
    ],
)
def test_what_is_missing_is_said(db, given, said):
    with pytest.raises(CommandError, match=said):
        call_command("make_report", "bao-cao-tu-danh-gia", **given)


def test_a_set_is_named_by_its_code_or_its_number(db, tmp_path):
    criteria_set = make_round().district_set
    said = []
    for name in (criteria_set.code, str(criteria_set.pk), criteria_set.pk):
        path = tmp_path / "bo-tieu-chi.xlsx"
        call_command("make_report", "bo-tieu-chi", format="xlsx", output=path, set=name)
        said.append(book_lines(path.read_bytes()))

    assert said[0] == said[1] == said[2]
    with pytest.raises(CommandError, match=f"“khong-co”. Đã nạp: {criteria_set.code}"):
        call_command(
            "make_report", "bo-tieu-chi", format="xlsx", output=tmp_path / "a", set="khong-co"
        )
    with pytest.raises(CommandError, match="Không có bộ tiêu chí số 0"):
        call_command("make_report", "bo-tieu-chi", format="xlsx", output=tmp_path / "a", set="0")


def test_file_that_cannot_be_written_is_said(submitted, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "make_report", "bao-cao-tu-danh-gia",
            format="xlsx", output=tmp_path / "none" / "a.xlsx", dossier=submitted.pk,
        )  # fmt: skip


def test_unknown_report_is_refused():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("make_report", "khong-co")
