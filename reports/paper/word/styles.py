"""Styles and pages of the Word file: the measures of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from collections.abc import Iterable
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.paper.grids import Align
from reports.paper.word.elements import RULE, field, in_outline, say

FONT = "Times New Roman"
A4 = (210, 297)
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 18}
LANDSCAPE_MARGINS = MARGINS | {"right_margin": 16}
INDENT = Mm(12.7)
ALIGNED = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
BETWEEN_TABLES = "Giữa hai bảng"  # tables that touch would grow together
LANGUAGE = "vi-VN"
WORD_2013 = "15"  # the newest mode there is: an older one is shown as “chế độ tương thích”
# Name, size, bold, italic, alignment, first line indented, points before it.
STYLES = (
    ("Body Text", 14, False, False, WD_ALIGN_PARAGRAPH.JUSTIFY, True, 6),
    ("Căn cứ", 14, False, True, WD_ALIGN_PARAGRAPH.JUSTIFY, True, 6),
    ("Đầu văn bản", 13, False, False, WD_ALIGN_PARAGRAPH.CENTER, False, 0),
    ("Trích yếu", 14, True, False, WD_ALIGN_PARAGRAPH.CENTER, False, 0),
    ("Kính gửi", 14, False, False, WD_ALIGN_PARAGRAPH.LEFT, False, 0),
    ("Giữa trang", 14, True, False, WD_ALIGN_PARAGRAPH.CENTER, False, 12),
    ("Phụ lục", 14, True, False, WD_ALIGN_PARAGRAPH.CENTER, False, 0),
    ("Kèm theo", 14, False, True, WD_ALIGN_PARAGRAPH.CENTER, False, 0),
    ("Trong bảng", 12, False, False, WD_ALIGN_PARAGRAPH.LEFT, False, 0),
    ("Caption", 12, False, True, WD_ALIGN_PARAGRAPH.CENTER, False, 4),
    ("Ghi chú", 11.5, False, False, WD_ALIGN_PARAGRAPH.LEFT, False, 3),
    ("Nơi nhận", 11, False, False, WD_ALIGN_PARAGRAPH.LEFT, False, 0),
    ("Người ký", 14, True, False, WD_ALIGN_PARAGRAPH.CENTER, False, 0),
    (RULE, 2, False, False, WD_ALIGN_PARAGRAPH.CENTER, False, 0),
    (BETWEEN_TABLES, 1, False, False, WD_ALIGN_PARAGRAPH.LEFT, False, 6),
)
HEADINGS = {1: 12, 2: 6, 3: 6}  # points before a heading of each level


def styles(made: Any) -> None:
    normal = made.styles["Normal"]
    _font(normal, 14)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for name, size, bold, italic, align, indented, before in STYLES:
        known = name in [style.name for style in made.styles]
        style = made.styles[name] if known else made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, size, bold=bold, italic=italic)
        form = style.paragraph_format
        form.alignment = align
        form.first_line_indent = INDENT if indented else Mm(0)
        form.space_before, form.space_after = Pt(before), Pt(0)
        form.line_spacing = 1.15 if name in {"Body Text", "Căn cứ"} else 1.0
        form.widow_control = True
    for name, height in ((RULE, 3), (BETWEEN_TABLES, 1)):
        form = made.styles[name].paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(height)
    appendix = made.styles["Phụ lục"]
    appendix.paragraph_format.keep_with_next = True
    in_outline(appendix, 0)
    in_tables = made.styles["Trong bảng"].paragraph_format
    in_tables.space_before = in_tables.space_after = Pt(2.5)
    for level, before in HEADINGS.items():
        style = made.styles[f"Heading {level}"]
        _font(style, 14, bold=True)
        form = style.paragraph_format
        form.first_line_indent, form.space_before, form.space_after = INDENT, Pt(before), Pt(3)
        form.alignment, form.keep_with_next = ALIGNED[Align.LEFT], True
    title = made.styles["Title"]
    _font(title, 14, bold=True)
    title.paragraph_format.alignment = ALIGNED[Align.CENTRE]
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(18), Pt(0)
    border = title.element.find(qn("w:pPr")).find(qn("w:pBdr"))
    if border is not None:  # Word's own title has a blue line under it
        border.getparent().remove(border)


def settings(made: Any) -> None:
    """Of the file: Vietnamese spelling and numbers, and the mode in which Word opens it."""
    defaults = made.styles.element.find(qn("w:docDefaults"))
    language = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    language.set(qn("w:val"), LANGUAGE)
    given = made.settings.element
    given.find(qn("w:themeFontLang")).set(qn("w:val"), LANGUAGE)
    given.find(qn("w:decimalSymbol")).set(qn("w:val"), ",")
    given.find(qn("w:listSeparator")).set(qn("w:val"), ";")
    (mode,) = given.xpath(".//w:compatSetting[@w:name='compatibilityMode']")
    mode.set(qn("w:val"), WORD_2013)


def _font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    names = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        names.set(qn(kind), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        names.attrib.pop(qn(theme), None)


def page(section: Any, is_landscape: bool, stamp: str, marks: Iterable[str]) -> None:
    """Its size and margins; numbers from 1, in the middle of the top, not on the first page."""
    width, height = reversed(A4) if is_landscape else A4
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for name, value in (LANDSCAPE_MARGINS if is_landscape else MARGINS).items():
        setattr(section, name, Mm(value))
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    section.first_page_footer.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.alignment = ALIGNED[Align.CENTRE]
    field(number, "PAGE", 13)
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        say(line, "   ".join([stamp, *(mark.upper() for mark in marks)]))
        for run in line.runs:
            run.font.size = Pt(8)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)
