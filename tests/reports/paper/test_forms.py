"""One paper with every part, in both formats; how it must look is tested in `reports/form`."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from reports.paper.grids import Box, Grid, GridColumn, GridRow
from reports.paper.html import paper_html
from reports.paper.parts import Paragraph, Signature, Signer
from reports.paper.word import paper_docx
from reports.renderers import tied
from tests.reports.paper.samples import SIGNER, paper
from tests.reports.printing import printed

STAMP = "Lượt in số 12"


@pytest.fixture(scope="module")
def pdf():
    return PdfReader(BytesIO(printed(tied(paper_html(paper(), STAMP)))))


@pytest.fixture(scope="module")
def word():
    return Document(BytesIO(paper_docx(paper(), STAMP)))


def words_in(text):
    """Without spaces and line breaks, and in one case: where a line ends is the layout's affair."""
    return re.sub(r"\s+", "", text).casefold()


def said_by(document):
    """All text of the body, in order, that of tables included."""
    return "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_both_formats_say_the_same(pdf, word):
    printed_words = words_in("".join(page.extract_text() for page in pdf.pages))
    written = words_in(said_by(word))

    for text in paper().said:
        assert words_in(text) in written
        assert words_in(text) in printed_words, text


def test_a_grid_of_many_columns_gets_the_room_of_their_margins():
    def side(columns):
        row = GridRow(tuple(Box("76,9 %") for _ in range(columns)))
        grid = Grid(tuple(GridColumn("1.1.1", 10) for _ in range(columns)), (row,))
        table = Document(BytesIO(paper_docx(paper(parts=(grid,), appendices=()), STAMP))).tables[-1]
        return {int(edge.get(qn("w:w"))) for edge in table._tbl.tblPr.find(qn("w:tblCellMar"))}

    few, many = side(5), side(20)

    assert max(many) < min(few)
    wide = paper(parts=(Grid((GridColumn("1.1.1", 10),) * 20, ()),), appendices=())
    assert ' dense"' in paper_html(wide, STAMP)


def test_a_box_over_two_rows_stands_once(word):
    matrix = word.tables[-1]

    assert matrix.cell(1, 0).text == matrix.cell(2, 0).text == "Vĩnh Bảo"
    assert matrix.cell(2, 2).text == matrix.cell(2, 3).text == "đang bổ sung"
    assert [matrix.cell(row, 1).text for row in (3, 4)] == ["Tự đánh giá", "Thẩm định"]


def test_head_and_signature_are_in_their_places(word):
    head, signature = (
        word.tables[0],
        next(t for t in word.tables if "Nơi nhận" in t.cell(0, 0).text),
    )

    left = [line.text for line in head.cell(0, 0).paragraphs if line.text]
    assert left == ["UBND THÀNH PHỐ HẢI PHÒNG", "ỦY BAN NHÂN DÂN", "HUYỆN VĨNH BẢO"]
    assert head.cell(0, 1).text.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập")
    assert "/BC-UBND" in head.cell(1, 0).text
    assert [line.text for line in signature.cell(0, 1).paragraphs] == [
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Trần Văn Trưởng",
    ]


def test_two_signers_stand_side_by_side():
    secretary = Signer("", "Thư ký", "Đỗ Thị Thư")
    made = paper(parts=(Signature("Kết thúc./.", SIGNER, ("Lưu: VT",), secretary),), appendices=())

    table = Document(BytesIO(paper_docx(made, STAMP))).tables[-1]

    assert "THƯ KÝ" in table.cell(0, 0).text
    assert "CHỦ TỊCH" in table.cell(0, 1).text
    assert "Lưu: VT." in table.cell(1, 0).text
    assert "THƯ KÝ" in paper_html(made, STAMP)


def test_what_a_person_typed_breaks_neither_format():
    no_characters = "\x00\x0b\ud800\ufffe\uffff"
    typed = f'a < b & "c" </p><script>\r\n=1+1{no_characters}'
    made = paper(
        title=f"Báo cáo{no_characters}",
        issuer=f"Huyện{no_characters}",
        parts=(Paragraph(typed), Grid((GridColumn("A", 20),), (), summary=no_characters)),
        appendices=(),
        marks=(),
    )

    word = Document(BytesIO(paper_docx(made, STAMP)))
    assert (word.core_properties.title, word.core_properties.author) == ("Báo cáo", "Huyện")
    (text,) = (each.text for each in word.paragraphs if "script" in each.text)
    assert text == 'a < b & "c" </p><script>\n=1+1'
    assert "<script>" not in paper_html(made, STAMP)


def test_the_file_tells_what_it_is(word):
    assert word.core_properties.title == "Báo cáo tự đánh giá – Huyện Vĩnh Bảo – 2022"
    assert word.core_properties.language == "vi-VN"
    names = ZipFile(BytesIO(paper_docx(paper(), STAMP))).namelist()
    assert not [name for name in names if "font" in name and name.endswith(".odttf")]
