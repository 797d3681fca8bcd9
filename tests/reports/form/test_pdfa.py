"""PDF/A-2a, as far as the file itself shows it: what it claims, and what the claim needs."""

import re

import pytest

from tests.reports.form.pdf import PrintedPdf
from tests.reports.form.reading import Sheets

pytestmark = pytest.mark.django_db
ACTIVE = {"/JavaScript", "/EmbeddedFiles", "/AA", "/OpenAction", "/AcroForm"}
SRGB = 3024  # bytes of the profile


@pytest.fixture(scope="module")
def archived(every_report):
    """With appendices, with figures, and a letter."""
    names = ("bao-cao-tu-danh-gia-311", "tong-hop-quan-huyen-round", "cong-van-don-doc-round")
    return {name: Sheets(every_report[name].file("pdfa")) for name in names}


def test_it_claims_pdf_a_2a_and_brings_its_colours(archived):
    for sheets in archived.values():
        claimed = sheets.root["/Metadata"].get_data().decode()
        assert 'pdfaid:part="2" pdfaid:conformance="A"' in claimed
        (intent,) = sheets.root["/OutputIntents"]
        assert intent["/S"] == "/GTS_PDFA1"
        profile = intent["/DestOutputProfile"].get_object()
        assert (profile["/N"], len(profile.get_data())) == (3, SRGB)


def test_it_needs_nothing_from_outside(archived):
    for sheets in archived.values():
        assert not sheets.reader.is_encrypted
        assert sheets.reader.trailer["/ID"]
        assert not ACTIVE & set(sheets.root) | ACTIVE & set(sheets.root.get("/Names", {}))
        assert all(font.is_embedded and "/ToUnicode" in font.given for font in sheets.fonts)
        assert sheets.root["/MarkInfo"]["/Marked"]
        assert sheets.root["/Lang"] == "vi"


def test_it_says_in_xmp_what_its_older_dictionary_says(archived):
    for sheets in archived.values():
        claimed = sheets.root["/Metadata"].get_data().decode()
        for told in (sheets.reader.metadata.title, sheets.reader.metadata.creator):
            assert re.search(rf">{re.escape(told)}<", claimed)


def test_its_pages_are_those_of_the_other_pdf(archived, every_report):
    for name, sheets in archived.items():
        other = PrintedPdf(
            name, every_report[name].paper, "", Sheets(every_report[name].file("pdf"))
        )
        assert [page.pieces for page in sheets.pages] == [
            page.pieces for page in other.sheets.pages
        ]
