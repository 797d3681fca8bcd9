"""What a produced file says, read back from its bytes: Word and Excel in lines, PDF in text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import count
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

MM = 72 / 25.4
MARGIN = 18.0  # millimetres: above stands the page number, below the stamp
# The styles of a Word file by what the decree calls them; other styles have Vietnamese names.
STYLES = {
    "Title": "Tên loại",
    "Heading 1": "Đề mục 1",
    "Heading 2": "Đề mục 2",
    "Heading 3": "Đề mục 3",
    "Body Text": "Đoạn",
    "Caption": "Hình",
}
HEAD_ROW, ROW, FIGURE = "Bảng, đầu", "Bảng", STYLES["Caption"]


@dataclass(frozen=True)
class Line:
    """A paragraph with the name of its style, or a row of a table with its cells."""

    kind: str
    texts: tuple[str, ...]
    table: int = 0  # which one of the file, from 1; paragraphs are in none

    def __str__(self) -> str:
        return " | ".join((self.kind, *(text.replace("\n", " ⏎ ") for text in self.texts)))


def word_lines(content: bytes) -> list[Line]:
    """A Word file from top to bottom; a table without rules is a place, so its lines count."""
    document = Document(BytesIO(content))
    names = {style.style_id: style.name for style in document.styles}
    return list(_lines_in(document.element.body, names, count(1)))


def without_figures(lines: list[Line]) -> list[Line]:
    """The captions alone: a drawing is a table in Word, with its signs explained under it."""
    kept: list[Line] = []
    for line in lines:
        if line.kind == FIGURE:
            kept.pop()
            drawn = kept[-1].table
            while kept[-1].table == drawn:
                kept.pop()
        kept.append(line)
    return kept


def _lines_in(inside: Any, names: dict[str, str], tables: Iterator[int]) -> Iterator[Line]:
    for element in inside.iterchildren(qn("w:p"), qn("w:tbl")):
        if element.tag == qn("w:tbl"):
            yield from _rows_of(element, names, tables)
        elif text := _text_of(element):
            name = names[element.style] if element.style else "Normal"
            yield Line(STYLES.get(name, name), (text,))


def _rows_of(table: Any, names: dict[str, str], tables: Iterator[int]) -> Iterator[Line]:
    is_ruled, number = names.get(table.tblPr.style) == "Table Grid", next(tables)
    for row in table.tr_lst:
        if not is_ruled:
            for cell in row.tc_lst:
                yield from _lines_in(cell, names, tables)
            continue
        is_head = row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None
        cells = [cell for cell in row.tc_lst if cell.vMerge != "continue"]
        texts = ("\n".join(_text_of(line) for line in cell.p_lst) for cell in cells)
        yield Line(HEAD_ROW if is_head else ROW, tuple(texts), number)


def _text_of(paragraph: Any) -> str:
    said = {qn("w:t"): lambda node: node.text or "", qn("w:br"): lambda node: "\n"}
    return "".join(said[node.tag](node) for node in paragraph.iter(*said)).strip()


def word_pages(content: bytes) -> list[str]:
    """Which way each section of pages lies."""
    sections = Document(BytesIO(content)).sections
    return ["ngang" if each.page_width > each.page_height else "dọc" for each in sections]


@dataclass(frozen=True)
class Page:
    """What a page of a PDF says between its margins, in the order in which it is drawn."""

    text: str
    drawn: str  # the words of its figures


def pdf_pages(content: bytes) -> list[Page]:
    return [_page(page) for page in PdfReader(BytesIO(content)).pages]


def _page(page: Any) -> Page:
    height, text, drawn, tags = float(page.mediabox.height), [], [], []

    def follow(operator, operands, cm, tm):
        if operator in (b"BDC", b"BMC"):
            tags.append(operands[0])
        elif operator == b"EMC":
            tags.pop()

    def note(said, cm, tm, font, size):
        from_top = (height - (tm[4] * cm[1] + tm[5] * cm[3] + cm[5])) / MM
        if "/Figure" in tags:
            drawn.append(said)
        elif MARGIN < from_top < height / MM - MARGIN:
            text.append(said)

    page.extract_text(visitor_text=note, visitor_operand_before=follow)
    return Page("".join(text), "".join(drawn))


def pdf_headings(content: bytes) -> list[str]:
    """The bookmarks, in order."""

    def flat(inside):
        for each in inside:
            if isinstance(each, list):
                yield from flat(each)
            else:
                yield str(each.title)

    return list(flat(PdfReader(BytesIO(content)).outline))


def bare(text: str) -> str:
    """Without spaces and in one case: where a line ends, and capitals, are the layout's affair."""
    return re.sub(r"\s+", "", text).casefold()


def book_lines(content: bytes) -> list[str]:
    """A workbook sheet by sheet: how it lies, then its rows, every cell with its value."""
    said = []
    for sheet in load_workbook(BytesIO(content)):
        paper = {8: "A3", 9: "A4"}[sheet.page_setup.paperSize]
        kept, found = sheet.freeze_panes, sheet.auto_filter.ref
        said += ["", f"== {sheet.title}: {paper} ngang, giữ {kept}, lọc {found or 'không'}"]
        for row in sheet.iter_rows():
            said.append(" | ".join(_cell(cell) for cell in row))
    return said


def _cell(cell: Any) -> str:
    """Words as they are, ‹numbers› and ‹days› as they are kept, with the format they have."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\n", " ⏎ ")
    if isinstance(value, datetime | date):
        return f"‹{value:%Y-%m-%d %H:%M}›" if "hh" in cell.number_format else f"‹{value:%Y-%m-%d}›"
    pattern = cell.number_format.replace("[$-42A]", "")
    return f"‹{value}›" if pattern == "#,##0" else f"‹{value} {pattern}›"
