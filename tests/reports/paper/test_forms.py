"""Nghị định 30/2020/NĐ-CP, Phụ lục I, as far as a program can see it, in both formats."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from reports.paper.html import paper_html
from reports.paper.parts import Paragraph, Signature, Signer
from reports.paper.word import paper_docx
from reports.renderers import tied
from tests.reports.paper.samples import SIGNER, paper
from tests.reports.printing import printed

MM = 72 / 25.4
STAMP = "Lượt in số 12"


@pytest.fixture(scope="module")
def pdf():
    return PdfReader(BytesIO(printed(tied(paper_html(paper(), STAMP)))))


@pytest.fixture(scope="module")
def word():
    return Document(BytesIO(paper_docx(paper(), STAMP)))


def text_of(page):
    return " ".join(page.extract_text().split())


def words_in(text):
    """Without spaces and line breaks, and in one case: where a line ends is the layout's affair."""
    return re.sub(r"\s+", "", text).casefold()


def places_of(page):
    """Each piece of text with its distance from the left and from the top, in millimetres."""
    found = []

    def note(text, cm, tm, font, size):
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x / MM, (float(page.mediabox.height) - y) / MM))

    page.extract_text(visitor_text=note)
    return found


def over_the_text(page):
    return "".join(text for text, _, top in places_of(page) if top < 18)


def said_by(document):
    """All text of the body, in order, that of tables included."""
    return "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_both_formats_say_the_same(pdf, word):
    printed_words = words_in("".join(page.extract_text() for page in pdf.pages))
    written = words_in(said_by(word))

    for text in paper().said:
        assert words_in(text) in written
        assert words_in(text) in printed_words, text


def test_pages_are_a4_with_the_margins_of_the_decree(pdf, word):
    sizes = {
        (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) for page in pdf.pages
    }
    assert sizes == {(210, 297), (297, 210)}
    for section in word.sections:
        assert {round(section.page_width.mm), round(section.page_height.mm)} == {210, 297}
        assert 20 <= section.top_margin.mm <= 25
        assert 20 <= section.bottom_margin.mm <= 25
        assert 30 <= section.left_margin.mm <= 35
        assert 15 <= section.right_margin.mm <= 20
    assert [s.page_width > s.page_height for s in word.sections] == [False, False, True]


def test_printed_text_stays_inside_the_margins(pdf):
    for page in pdf.pages[:2]:
        assert min(left for _, left, _ in places_of(page)) >= 29.9


def test_pages_are_numbered_from_the_second_and_anew_in_each_appendix(pdf, word):
    over = [over_the_text(page) for page in pdf.pages]
    starts = [n for n, page in enumerate(pdf.pages) if "Phụ lục" in text_of(page)[:20]]

    assert len(starts) == 2
    main, first, second = over[: starts[0]], over[starts[0] : starts[1]], over[starts[1] :]
    for numbers in (main, first, second):
        assert numbers == ["", *(str(number) for number in range(2, len(numbers) + 1))]
    assert len(main) > 1
    assert len(first) > 1
    for section in word.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_word_uses_real_styles_in_times_new_roman(word):
    by_text = {line.text: line for line in word.paragraphs}
    body = word.styles["Body Text"]

    assert by_text["I. KẾT QUẢ CHUNG"].style.name == "Heading 1"
    assert by_text["1. Tiêu chuẩn 1"].style.name == "Heading 2"
    assert by_text["BÁO CÁO"].style.name == "Title"
    for name in ("Normal", "Body Text", "Heading 1", "Heading 3", "Title", "Căn cứ"):
        font = word.styles[name].font
        assert (font.name, font.size) == ("Times New Roman", Pt(14))
    assert word.styles["Căn cứ"].font.italic
    assert body.paragraph_format.first_line_indent == Mm(12.7)
    assert body.paragraph_format.space_before >= Pt(6)
    assert 1 <= body.paragraph_format.line_spacing <= 1.5
    assert not [line for line in word.paragraphs if line.text and line.style.name == "Normal"]


def test_tables_repeat_their_heads_and_break_no_row(word):
    for table in word.tables[1:]:
        rows = table._tbl.tr_lst
        if table.style.name != "Table Grid":
            continue
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


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
    typed = 'a < b & "c" </p><script>\n=1+1\x00\x0b'
    made = paper(parts=(Paragraph(typed),), appendices=(), marks=())

    text = Document(BytesIO(paper_docx(made, STAMP))).paragraphs[-1].text
    assert text == 'a < b & "c" </p><script>\n=1+1'
    assert "<script>" not in paper_html(made, STAMP)


def test_the_file_tells_what_it_is(word):
    assert word.core_properties.title == "Báo cáo tự đánh giá – Huyện Vĩnh Bảo – 2022"
    assert word.core_properties.language == "vi-VN"
    names = ZipFile(BytesIO(paper_docx(paper(), STAMP))).namelist()
    assert not [name for name in names if "font" in name and name.endswith(".odttf")]
