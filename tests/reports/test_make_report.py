import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.definitions import REPORTS


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


def test_dossier_becomes_a_file(submitted, tmp_path):
    pdf, xlsx = tmp_path / "a.pdf", tmp_path / "a.xlsx"

    for path in (pdf, xlsx):
        call_command(
            "make_report", "bao-cao-tu-danh-gia",
            format=path.suffix[1:], output=path, dossier=submitted.pk,
        )  # fmt: skip

    text = " ".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "HUYỆN VĨNH BẢO" in text
    assert "Lượt in số" not in text
    assert load_workbook(xlsx)["Kết quả chung"]["B2"].value == "Huyện Vĩnh Bảo"


def test_round_becomes_a_file(submitted, tmp_path):
    path = tmp_path / "a.xlsx"

    call_command(
        "make_report", "tong-hop-quan-huyen",
        format="xlsx", output=path, round=submitted.pilot_round_id,
    )  # fmt: skip

    assert load_workbook(path)["Tổng hợp"]["B2"].value == "Huyện Vĩnh Bảo"


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


def test_file_that_cannot_be_written_is_said(submitted, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "make_report", "bao-cao-tu-danh-gia",
            format="xlsx", output=tmp_path / "none" / "a.xlsx", dossier=submitted.pk,
        )  # fmt: skip


def test_unknown_report_is_refused():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("make_report", "khong-co")
