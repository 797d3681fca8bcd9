"""The signature never stands on a page with no more of the text than the closing sentence."""

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from reports.paper.html import paper_html
from reports.paper.parts import Paragraph, Points, Signature
from reports.paper.word import paper_docx
from reports.renderers import tied
from tests.reports.paper.samples import LONG, SIGNER, indicators, paper
from tests.reports.printing import printed

LINE = "Một dòng chữ."
CLOSING = Signature("Trên đây là báo cáo./.", SIGNER, ("Như trên", "Lưu: VT"))


def with_filling(lines, *end):
    """A paper without head, filled with lines, that ends so."""
    return paper(head=None, parts=(*[Paragraph(LINE)] * lines, *end, CLOSING), appendices=())


def last_page(made):
    """The pages, and what the last of them says over the closing sentence."""
    pages = PdfReader(BytesIO(printed(tied(paper_html(made, ""))))).pages
    text = " ".join(pages[-1].extract_text().split())
    return len(pages), text.partition("Trên đây")[0]


@pytest.mark.parametrize(
    ("end", "least"),
    [
        ((Paragraph(LONG * 4),), "cơ sở. Ủy ban"),  # two lines of it
        ((Points(("Điểm thứ nhất;", "Điểm thứ hai;", "Điểm thứ ba.")),), "Điểm thứ hai"),
        ((indicators(2),), "Thuyết minh:"),
    ],
)
def test_the_end_of_the_text_goes_with_the_signature(end, least):
    """Filled line by line, so that at some length the signature is pushed to a second page."""
    found = [last_page(with_filling(lines, *end)) for lines in (12, 23, 25, 27)]

    pushed = [said for pages, said in found if pages == 2]
    assert pushed
    assert len(pushed) < len(found)
    for said in pushed:
        assert least in said


def test_word_keeps_the_end_of_the_text_with_the_signature():
    document = Document(BytesIO(paper_docx(with_filling(2, Points(("Một;", "Hai."))), "")))

    kept = {line.text: line.paragraph_format.keep_with_next for line in document.paragraphs}
    assert [kept[each] for each in ("- Một;", "- Hai.", CLOSING.before)] == [True] * 3
    assert not kept[LINE]


def test_word_keeps_the_last_row_of_a_table_with_the_signature():
    document = Document(BytesIO(paper_docx(with_filling(1, indicators(2)), "")))

    rows = document.tables[0].rows
    tied_rows = [row.cells[1].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert tied_rows[-1]
    assert not tied_rows[3]  # the last row of the first indicator: a page may end there
    assert document.paragraphs[-2].paragraph_format.keep_with_next
