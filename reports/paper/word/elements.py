"""Small things that python-docx has no word for, and text put into lines and cells."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from organisations.text import writable

RULE = "Đường kẻ"  # the style of a paragraph that is nothing but a rule


def say(line: Paragraph, text: str) -> Any:
    """Text with its own line breaks; what XML cannot hold is not said."""
    run = None
    for place, each in enumerate(text.replace("\r", "").split("\n")):
        run = line.add_run()
        if place:
            run.add_break()
        run.add_text(writable(each))
    return run


def add(
    cell: _Cell,
    text: str,
    style: str,
    *,
    size: float | None = None,
    bold: bool | None = None,
    italic: bool | None = None,
    before: float | None = None,
) -> Paragraph:
    """A paragraph at the end of a cell; a new cell has an empty one, which is taken first."""
    first = cell.paragraphs[0]
    is_new = len(cell.paragraphs) == 1 and not first.text
    line = first if is_new else cell.add_paragraph()
    line.style = cell.part.document.styles[style]
    say(line, text)
    for run in line.runs:
        run.font.size = Pt(size) if size else None
        run.bold, run.italic = bold, italic
    if before is not None:
        line.paragraph_format.space_before = Pt(before)
    return line


def field(line: Paragraph, code: str, size: float) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = line.add_run()
        run.font.size = Pt(size)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def numbered_by_word(line: Paragraph, name: str, number: int) -> None:
    """The number of a caption as Word counts it itself, so that a list of figures can be made."""
    counted = OxmlElement("w:fldSimple")
    counted.set(qn("w:instr"), f" SEQ {name} \\* ARABIC ")
    line._p.append(counted)
    counted.append(line.add_run(str(number))._r)


def rule(line: Paragraph, room: float, length: float) -> None:
    """A rule of that length under a centred line: the border of a paragraph as narrow as that.

    A paragraph of its own, without height, so that the text above is not narrowed.
    """
    rule = OxmlElement("w:p")
    line._p.addnext(rule)
    under = Paragraph(rule, line._parent)
    under.style = RULE
    form = under.paragraph_format
    form.left_indent = form.right_indent = Mm((room - length) / 2)
    border(under, {"w:bottom": 6})


def box(line: Paragraph) -> None:
    border(line, dict.fromkeys(("w:top", "w:left", "w:bottom", "w:right"), 8))
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Mm(40)


def border(line: Paragraph, sides: dict[str, int]) -> None:
    borders = OxmlElement("w:pBdr")
    for side, size in sides.items():
        edge = OxmlElement(side)
        for name, value in (
            ("val", "single"),
            ("sz", str(size)),
            ("space", "1"),
            ("color", "000000"),
        ):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc"
    )


def in_outline(style: Any, level: int) -> None:
    """Where it stands in the navigation pane; 0 is the highest."""
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level))
    style.element.get_or_add_pPr().append(mark)


def repeat(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(mark)


def whole(row: Any) -> None:
    """Not broken over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def keep_last_row(table: Any) -> None:
    """On one page with what stands under the table."""
    for cell in table.rows[-1].cells:
        for line in cell.paragraphs:
            line.paragraph_format.keep_with_next = True


def shade(cell: _Cell, fill: str) -> None:
    """`fill` is a colour without "#"; nothing is done without one."""
    if fill:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def describe(table: Any, summary: str) -> None:
    if summary:
        said = OxmlElement("w:tblCaption")
        said.set(qn("w:val"), writable(summary))
        table._tbl.tblPr.append(said)


def without_margins(table: Any) -> None:
    """A table that only places text: its cells are as wide as what they hold."""
    margins(table, 0)


def margins(table: Any, side: float) -> None:
    """Left and right of the text in every cell, in millimetres."""
    margins = OxmlElement("w:tblCellMar")
    for name in ("left", "right"):
        edge = OxmlElement(f"w:{name}")
        edge.set(qn("w:w"), str(round(Mm(side).twips)))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def outline(cell: _Cell, kind: str) -> None:
    """All four edges of one cell, "single" or "nil", whatever the table has."""
    edges = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", kind), ("sz", "4"), ("space", "0"), ("color", "000000")):
            edge.set(qn(f"w:{name}"), value)
        edges.append(edge)
    cell._tc.get_or_add_tcPr().append(edges)
