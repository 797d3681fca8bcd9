"""Figures in both formats: the same words and numbers, numbered, whole, and told in words."""

from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from reports.paper.canvas import HATCH
from reports.paper.drawings import Bar, Bars, HeatMap, HeatRow, Sign, Tile, TileMap, Tone
from reports.paper.html import paper_html
from reports.paper.measuring import MM_PER_POINT, width_of
from reports.paper.parts import Appendix, Figure, Name, Paragraph
from reports.paper.svg import SMALL, drawing_svg
from reports.paper.word import paper_docx
from reports.renderers import tied
from tests.reports.paper.samples import LONG, paper
from tests.reports.paper.test_forms import said_by, words_in
from tests.reports.printing import printed

TWO = Sign(Tone.LEVEL_2, "2", "Mức 2")
UNMET = Sign(Tone.UNMET, "×", "Chưa đạt")
UNKNOWN = Sign(Tone.UNKNOWN, "–", "Chưa có kết quả")
ABSENT = Sign(Tone.ABSENT, "", "Không tham gia")
SIGNS = (TWO, UNMET, UNKNOWN, ABSENT)
HOSTILE = 'Đồ\xa0Sơn </text><script>&"\x00\ud800\ufffe\uffff'
SHOWN = 'Đồ Sơn </text><script>&"'
SVG = "{http://www.w3.org/2000/svg}"


def bars(count=2, name="Huyện"):
    rows = [Bar(f"{name} {n}", ((TWO, 4), (UNMET, n + 1)), ("10/11",)) for n in range(count)]
    return Bars("Quận, huyện", SIGNS, (*rows, Bar("Cát Hải", state="chưa gửi")), ("Điều kiện",))


def heat(name="Lê Chân"):
    rows = (HeatRow(name, (TWO, UNMET), UNMET), HeatRow("Cát Hải", (), UNKNOWN, "chưa gửi"))
    return HeatMap("Quận, huyện", ("2.1.1", "2.1.2"), "Mức độ", SIGNS, rows)


def tiles(name="Kiến An"):
    return TileMap(SIGNS, (Tile(name, 1, 2, TWO), Tile("Cát Hải", 2, 1, ABSENT)))


def drawn_paper():
    """On upright pages, the last of them on one that lies across; the first has little room."""
    upright = (Name("Báo cáo", "Thử"), *(Paragraph(LONG * 3) for _ in range(7)))
    figures = Figure("Số chỉ báo", bars(20)), Figure("Kết quả", heat())
    across = Appendix("", "BẢN ĐỒ", "Báo cáo", (Figure("Theo địa bàn", tiles()),), True)
    return paper(parts=(*upright, *figures), appendices=(across,))


@pytest.fixture(scope="module")
def pdf():
    return PdfReader(BytesIO(printed(tied(paper_html(drawn_paper(), "dấu")))))


@pytest.fixture(scope="module")
def word():
    return Document(BytesIO(paper_docx(drawn_paper(), "dấu")))


def figures_of(made):
    inside = (*made.parts, *(part for each in made.appendices for part in each.parts))
    return [part for part in inside if isinstance(part, Figure)]


def svg_of(drawing):
    return ElementTree.fromstring(drawing_svg(drawing, "x"))


def texts_in(drawing):
    return [node.text for node in svg_of(drawing).iter(f"{SVG}text")]


def test_captions_count_through_the_paper_and_its_appendices(word):
    made = drawn_paper()

    assert [figure.caption for figure in figures_of(made)] == [
        "Hình 1. Số chỉ báo",
        "Hình 2. Kết quả",
        "Hình 3. Theo địa bàn",
    ]
    captions = [line for line in word.paragraphs if line.style.name == "Caption"]
    fields = [line._p.find(qn("w:fldSimple")) for line in captions]
    assert [field.get(qn("w:instr")).split()[:2] for field in fields] == [["SEQ", "Hình"]] * 3


def test_both_formats_say_what_is_drawn(pdf, word):
    on_paper = words_in("".join(page.extract_text() for page in pdf.pages))
    written = words_in(said_by(word))

    for figure in figures_of(drawn_paper()):
        for text in figure.said:
            assert words_in(text) in on_paper, text
            assert words_in(text) in written, text


@pytest.mark.parametrize("make", [bars, heat, tiles])
def test_the_table_in_word_has_the_very_texts_of_the_drawing(make):
    drawing = make()
    made = paper(parts=(Figure("Thử", drawing),), appendices=(), head=None)
    table = Document(BytesIO(paper_docx(made, ""))).tables[0]

    cells = [line for cell in table._cells for line in cell.text.split("\n") if line]
    signs = [sign if make is not bars else replace(sign, mark="") for sign in drawing.key]
    key = [text for sign in signs for text in (sign.mark, sign.label) if text]
    on_svg = texts_in(drawing)
    assert on_svg[len(on_svg) - len(key) :] == key
    shown = on_svg[: len(on_svg) - len(key)]
    # A state stands once in the drawing; in the table it fills the cells that it covers.
    assert set(cells) - {sign.label for sign in drawing.key} == set(shown)


def test_what_a_person_typed_breaks_neither_format():
    for drawing in (bars(1, HOSTILE), heat(HOSTILE), tiles(HOSTILE)):
        root = ElementTree.fromstring(drawing_svg(drawing, HOSTILE))

        assert root.find(f"{SVG}title").text == SHOWN
        assert [node for node in root.iter() if "script" in node.tag] == []
        assert any(node.text.startswith(SHOWN) for node in root.iter(f"{SVG}text"))
        made = paper(parts=(Figure(HOSTILE, drawing),), appendices=())
        html = tied(paper_html(made, "dấu"))
        assert "<script>" not in html
        assert "<span" not in html[html.index("<svg") : html.index("</svg>")]
        assert "</text><script>" in said_by(Document(BytesIO(paper_docx(made, ""))))


def test_who_does_not_see_a_figure_hears_all_of_it(pdf, word):
    alts = []

    def collect(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                collect(each)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                alts.append(node["/Alt"])
            collect(node.get("/K", []))

    collect(pdf.trailer["/Root"]["/StructTreeRoot"])

    figures = figures_of(drawn_paper())
    assert alts == [figure.alt for figure in figures]
    assert alts[1] == (
        "Kết quả. Lê Chân: Mức 2 2.1.1; Chưa đạt 2.1.2; Mức độ Chưa đạt. "
        "Cát Hải: chưa gửi; Mức độ Chưa có kết quả."
    )
    assert alts[2] == "Theo địa bàn. Mức 2: Kiến An. Không tham gia: Cát Hải."
    described = [node.get(qn("w:val")) for node in word.element.iter(qn("w:tblCaption"))]
    assert described == [figure.alt for figure in figures]


def test_a_figure_and_its_caption_are_on_one_page(word):
    """Of figures as high as they come, one after the other over several pages."""
    many = [Figure("Thử", bars(1 + n % 7, f"Hình {n + 1}, dòng")) for n in range(40)]
    made = paper(parts=tuple(many), appendices=(), head=None)
    pages = [
        page.extract_text() for page in PdfReader(BytesIO(printed(paper_html(made, "")))).pages
    ]

    assert len(pages) > 5
    for number in range(1, 41):
        (page,) = [text for text in pages if f"Hình {number}. Thử" in text]
        assert f"Hình {number}, dòng 0" in page

    table = next(table for table in word.tables if "Huyện 0" in table.cell(1, 0).text)
    lines = [line for cell in table._cells for line in cell.paragraphs]
    assert all(line.paragraph_format.keep_with_next for line in lines)


def test_the_smallest_part_of_a_bar_has_room_for_its_number():
    of_many = Bars("Cột", SIGNS, (Bar("Thẩm định", ((TWO, 1), (UNMET, 698), (UNKNOWN, 1))),))

    root = svg_of(of_many)

    boxes = [float(box.get("width")) for box in root.iter(f"{SVG}rect")][:3]
    assert all(
        box >= width_of(str(number), SMALL) for box, number in zip(boxes, (1, 698, 1), strict=True)
    )
    assert sum(boxes) <= float(root.get("viewBox").split()[2])


def test_words_that_are_too_long_are_set_smaller_and_not_cut():
    long = "Thủy Nguyên và các xã, phường lân cận của thành phố"

    drawing = TileMap(SIGNS, (Tile(long, 1, 6, TWO),))

    (text,) = [node for node in svg_of(drawing).iter(f"{SVG}text") if node.text == long]

    size = float(text.get("font-size")) / MM_PER_POINT
    assert width_of(long, size) <= 161.6 / 6


def test_what_is_not_met_or_not_known_can_be_told_without_colour():
    def look(sign):
        root = svg_of(Bars("Cột", (sign,), (Bar("A", ((sign, 3),)),)))
        boxes = list(root.iter(f"{SVG}rect"))
        lines = [line for line in root.iter(f"{SVG}line") if line.get("stroke") == HATCH]
        return bool(lines), any(box.get("stroke-dasharray") for box in boxes)

    assert [look(sign) for sign in (TWO, UNMET, UNKNOWN)] == [
        (False, False),
        (True, False),
        (False, True),
    ]
