"""Nghị định 30/2020/NĐ-CP, Phụ lục I, on the Word file: and that it can be gone on with.

What is due is the list that the PDF is held to; what an office edits must be real styles, real
tables, real sections.
"""

import re
from collections.abc import Iterator
from unicodedata import is_normalized

from docx.oxml.ns import qn

from reports.paper.measuring import width_of
from tests.reports.form.expected import HEADINGS, SIGNED, TEXT, Kind
from tests.reports.form.looks import LOOKS
from tests.reports.form.word import TWIPS, Line, WrittenWord

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
BODY_MARGINS = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
NEAR = 0.1
CENTRED = {
    *(Kind.SUPERIOR, Kind.ISSUER, Kind.NATION, Kind.MOTTO, Kind.NUMBER, Kind.ABOUT, Kind.PLACE),
    *(Kind.NAME, Kind.SUBJECT, Kind.MARK, Kind.AUTHORITY, Kind.COMMAND),
    *(Kind.APPENDIX, Kind.APPENDIX_TITLE, Kind.ANNEXED, *SIGNED),
}
STYLES = {
    Kind.NAME: "Title",
    Kind.SUBJECT: "Trích yếu",
    Kind.BASIS: "Căn cứ",
    Kind.BODY: "Body Text",
    Kind.CLOSING: "Body Text",
    Kind.HEADING_1: "heading 1",
    Kind.HEADING_2: "heading 2",
    Kind.HEADING_3: "heading 3",
    Kind.APPENDIX: "Phụ lục",
    Kind.APPENDIX_TITLE: "Phụ lục",
    Kind.ANNEXED: "Kèm theo",
    Kind.SIGNER: "Người ký",
    Kind.RECIPIENT: "Nơi nhận",
}
OUTLINE = {
    Kind.APPENDIX: 0,
    Kind.APPENDIX_TITLE: 0,
    Kind.HEADING_1: 0,
    Kind.HEADING_2: 1,
    Kind.HEADING_3: 2,
}


def everything_is_there_in_the_order_of_the_decree(form: WrittenWord) -> Iterator[str]:
    for section in form.sections:
        yield from section.faults


def every_component_has_its_font_and_size(form: WrittenWord) -> Iterator[str]:
    for each in form.found:
        if each.kind not in LOOKS:
            continue
        bold, italic, least, most = LOOKS[each.kind]
        for look in {look for line in each.blocks for look in line.looks}:
            if (look.is_bold, look.is_italic) != (bold, italic) or not least <= look.size <= most:
                yield f"{each} is {look}"


def all_letters_are_black_times_new_roman_in_vietnamese(form: WrittenWord) -> Iterator[str]:
    odd = {
        look
        for line in form.lines
        for look in line.looks
        if look.font != FONT or look.language != LANGUAGE
    }
    yield from (f"{look}" for look in odd)
    for each in form.found:
        for look in {look for line in each.blocks for look in line.looks}:
            if look.colour not in {"000000", "auto"}:
                yield f"{each} is {look.colour}"


def what_stands_in_the_middle_does(form: WrittenWord) -> Iterator[str]:
    for each in form.of(*CENTRED):
        for line in each.blocks:
            if line.form.align != "center" or line.form.first_line:
                yield f"{each} stands at the {line.form.align}"


def the_text_is_justified_indented_and_spaced(form: WrittenWord) -> Iterator[str]:
    for each in form.of(*TEXT):
        for line in each.blocks:
            given = line.form
            if given.align != "both":
                yield f"{each} is not justified"
            if min(abs(given.first_line - indent) for indent in (10, 12.7)) > NEAR or given.left:
                yield f"{each} begins {given.first_line:.1f} mm in"
    for each in form.of(*TEXT, *HEADINGS):
        for line in each.blocks:
            if line.form.before + line.form.after < 6:
                yield f"{each} has {line.form.before} points over it"
            if line.form.is_exact or not 1 <= line.form.line <= 1.5:
                yield f"{each}: {line.form.line} lines from line to line"


def headings_and_titles_are_real_styles(form: WrittenWord) -> Iterator[str]:
    """What the navigation pane shows, and a table of contents would be made of."""
    for each in form.found:
        for line in each.blocks:
            wanted = STYLES.get(each.kind, line.style)
            if line.style != wanted:
                yield f"{each} is “{line.style}”, not “{wanted}”"
            if line.form.outline != OUTLINE.get(each.kind, line.form.outline):
                yield f"{each} has the outline level {line.form.outline}"
            if each.kind in HEADINGS and not line.form.keeps_with_next:
                yield f"{each} may be the last of its page"
    for line in form.lines:
        if line.style == "Normal" and (line.text.strip() or not line.is_in_cell):
            yield f"“{line.text[:40]}” has no style of its own"
        if line.form.outline is not None and not line.text.strip():
            yield f"an empty heading in “{line.style}”"


def no_empty_paragraph_is_left(form: WrittenWord) -> Iterator[str]:
    """But the thin rules, and one of no height between two tables or behind the last."""
    for line in form.lines:
        if line.text.strip() or line.has_border or line.is_in_cell:
            continue
        if line.node.findall(f".//{qn('w:drawing')}"):
            continue
        above, below = line.node.getprevious(), line.node.getnext()
        stands_between = above is not None and above.tag == qn("w:tbl")
        goes_on = below is not None and below.tag not in {qn("w:tbl"), qn("w:sectPr")}
        is_thin = line.form.is_exact and line.form.line <= 2
        if not stands_between or goes_on and not line.ends_section or not is_thin:
            yield f"an empty paragraph in “{line.style}”"


def no_space_stands_for_layout(form: WrittenWord) -> Iterator[str]:
    """But the blanks that văn thư fills in."""
    for line in form.lines:
        if re.search(r"  ", line.text) and not re.search(r"Số: |ngày ", line.text):
            yield f"spaces in “{line.text[:60]}”"
        if "\t" in line.text:
            yield f"a tab in “{line.text[:60]}”"
        if not is_normalized("NFC", line.text):
            yield f"“{line.text[:60]}” is not in NFC"


def rules_have_the_length_that_is_due(form: WrittenWord) -> Iterator[str]:
    motto = form.main.of(Kind.MOTTO)
    for each in (*motto, *form.main.of(Kind.ISSUER)[-1:], *form.main.of(Kind.SUBJECT)):
        line = each.last
        size = max(look.size for look in line.looks)
        length = width_of(line.text.split("\n")[-1], size, bold=True)
        rule = form.after(line)
        if rule is None or not rule.has_border or rule.text:
            yield f"under {each} is no rule"
            continue
        width = _room(line, form) - rule.form.left - rule.form.right
        least, most = (length - 0.5, length + 0.5) if each in motto else (length / 3, length / 2)
        if not least - NEAR <= width <= most + NEAR:
            yield f"the rule under {each} is {width:.1f}, the line {length:.1f}"


def sections_are_a4_with_margins_and_numbers_of_their_own(form: WrittenWord) -> Iterator[str]:
    sections = list(form.document.sections)
    holders = [form.paper, *form.paper.appendices]
    if len(sections) != len(holders):
        yield f"{len(sections)} sections for {len(holders)} parts"
    for number, (section, holder) in enumerate(zip(sections, holders, strict=False)):
        size = [round(section.page_width.mm), round(section.page_height.mm)]
        if size != ([297, 210] if holder.is_landscape else [210, 297]):
            yield f"section {number}: {size}"
        for side, (least, most) in BODY_MARGINS.items():
            margin = getattr(section, f"{side}_margin").mm
            if not least - NEAR <= margin <= most + NEAR:
                yield f"section {number}: {margin:.1f} at the {side}"
        start = section._sectPr.find(qn("w:pgNumType"))
        if start is None or start.get(qn("w:start")) != "1":
            yield f"section {number} is not numbered from 1"
        if not section.different_first_page_header_footer:
            yield f"section {number}: its first page is numbered too"
        first, others = section.first_page_header, section.header
        if "PAGE" not in others._element.xml or "PAGE" in first._element.xml:
            yield f"section {number}: numbers are missing, or on the first page"
        given = others.paragraphs[0]
        if given.alignment is None or given.alignment.name != "CENTER":
            yield f"section {number}: its numbers do not stand in the middle"
        if any(not 13 <= run.font.size.pt <= 14 for run in given.runs):
            yield f"section {number}: its numbers are not 13 to 14 points"
        for footer in (section.footer, section.first_page_footer):
            said = "".join(line.text for line in footer.paragraphs)
            for wanted in (form.stamp, *(mark.upper() for mark in form.paper.marks)):
                if wanted not in said:
                    yield f"section {number} has “{said}” at its foot"


def tables_repeat_their_heads_and_break_no_row(form: WrittenWord) -> Iterator[str]:
    for table in form.tables:
        rows = table.tr_lst
        first = rows[0].trPr
        if first is None or first.find(qn("w:tblHeader")) is None:
            yield "a table does not repeat its head"
        for row in rows:
            if row.trPr is None or row.trPr.find(qn("w:cantSplit")) is None:
                yield "a row may be broken over two pages"
        wide = sum(int(each.get(qn("w:w"))) for each in table.tblGrid) / TWIPS
        section = form.document.sections[_section_of(table, form)]
        room = (section.page_width - section.left_margin - section.right_margin) / 36000
        if wide > room + 0.5:
            yield f"a table is {wide:.1f} wide where {room:.1f} are"


def the_signature_stays_with_the_end_of_the_text(form: WrittenWord) -> Iterator[str]:
    for each in form.main.of(Kind.CLOSING):
        if not each.last.form.keeps_with_next:
            yield f"{each} may stand on another page than the signature"
    rows = {_place(_row_of(each.first.node)) for each in form.main.of(Kind.POSITION)}
    if len(rows) > 1:
        yield "the signers do not stand side by side"
    has_two = len(form.main.of(Kind.POSITION)) > 1
    label = form.main.of(Kind.FOR)
    if label and (_place(_row_of(label[0].first.node)) in rows) == has_two:
        yield "“Nơi nhận:” stands in the wrong row"
    for each in form.main.of(Kind.POSITION, Kind.FOR):
        row = _row_of(each.first.node)
        if row.trPr is None or row.trPr.find(qn("w:cantSplit")) is None:
            yield f"the row of {each} may be broken"


def the_file_says_what_it_is(form: WrittenWord) -> Iterator[str]:
    told = form.document.core_properties
    if (told.title, told.language) != (form.paper.title, LANGUAGE):
        yield f"its title is {told.title!r}, its language {told.language!r}"
    settings = form.document.settings.element
    mode = settings.xpath(".//w:compatSetting[@w:name='compatibilityMode']/@w:val")
    if mode != ["15"]:
        yield f"Word opens it in the mode of an old version: {mode}"


def _room(line: Line, form: WrittenWord) -> float:
    """How wide the place is in which a line stands."""
    cell = next(line.node.iterancestors(qn("w:tc")), None)
    if cell is not None:
        return int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) / TWIPS
    section = form.document.sections[line.section]
    return (section.page_width - section.left_margin - section.right_margin) / 36000


def _row_of(node):
    return next(node.iterancestors(qn("w:tr")), None)


def _place(node) -> str:
    return node.getroottree().getpath(node)


def _section_of(table, form: WrittenWord) -> int:
    first = next(table.iter(qn("w:p")))
    return next(line.section for line in form.lines if line.node is first)


RULES = (
    everything_is_there_in_the_order_of_the_decree,
    every_component_has_its_font_and_size,
    all_letters_are_black_times_new_roman_in_vietnamese,
    what_stands_in_the_middle_does,
    the_text_is_justified_indented_and_spaced,
    headings_and_titles_are_real_styles,
    no_empty_paragraph_is_left,
    no_space_stands_for_layout,
    rules_have_the_length_that_is_due,
    sections_are_a4_with_margins_and_numbers_of_their_own,
    tables_repeat_their_heads_and_break_no_row,
    the_signature_stays_with_the_end_of_the_text,
    the_file_says_what_it_is,
)
