"""The sheet: its size, its margins, what stands in them, and the file that it comes in.

Nghị định 30/2020/NĐ-CP, Phụ lục I, mục I, and what is asked of a PDF that others can use.
"""

from collections.abc import Iterator
from unicodedata import category, is_normalized

from tests.reports.form.expected import plain
from tests.reports.form.pdf import ASCENT, DESCENT, POINT, PrintedPdf

A4 = (210, 297)
TOP, BOTTOM = 20.0, 20.0
NEAR = 0.15  # millimetres: what rounding leaves
LOOSE = 0.6  # a full line is filled up in whole thousandths of an em, letter by letter
LOWEST_START = 30.0  # the first line of a page stands no lower: a margin, and half an empty line
FONTS = {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}
BLACK = {(0.0, 0.0, 0.0), (0.0,)}
STAMP_SIZE = 8
UA = b'pdfuaid:part="1"'


def sheets_are_a4_and_lie_as_their_tables_need(form: PrintedPdf) -> Iterator[str]:
    for section in form.sections:
        for number in section.pages:
            page = form.sheets.pages[number]
            size = (round(page.width, 1), round(page.height, 1))
            wanted = tuple(reversed(A4)) if section.is_landscape else A4
            if size != wanted:
                yield f"page {number + 1} is {size}"


def text_stays_inside_the_margins(form: PrintedPdf) -> Iterator[str]:
    for number, lines in enumerate(form.sheets.body):
        page, (left, right) = form.sheets.pages[number], form.area(number)
        for line in lines:
            size = max(size for _, size in line.looks)
            over = line.base - ASCENT * size * POINT
            under = line.base + DESCENT * size * POINT
            if line.left < left - NEAR or line.right > right + LOOSE:
                yield f"page {number + 1} {line.left:.1f}–{line.right:.1f}: “{line.text}”"
            if over < TOP - NEAR or under > page.height - BOTTOM + NEAR:
                yield f"page {number + 1} at {line.base:.1f} from the top: “{line.text}”"


def pages_begin_at_the_top_and_none_is_blank(form: PrintedPdf) -> Iterator[str]:
    for number, lines in enumerate(form.sheets.body):
        if not lines:
            yield f"page {number + 1} is blank"
        elif lines[0].base > LOWEST_START:
            yield f"page {number + 1} begins at {lines[0].base:.1f}"


def pages_are_numbered_from_the_second_of_each_part(form: PrintedPdf) -> Iterator[str]:
    for section in form.sections:
        for place, number in enumerate(section.pages, start=1):
            page, (left, right) = form.sheets.pages[number], form.area(number)
            top = [line for line in form.sheets.margins[number] if line.base < TOP]
            said = [line.text for line in top]
            if said != ([str(place)] if place > 1 else []):
                yield f"page {number + 1} has {said} on top, not {place}"
            for line in top:
                if abs(line.middle - (left + right) / 2) > 0.5:
                    yield f"page {number + 1}: its number stands at {line.middle:.1f}"
                if any(font != "Tinos" or not 13 <= size <= 14 for font, size in line.looks):
                    yield f"page {number + 1}: its number is {line.looks}"
                if line.base > page.height / 2:
                    yield f"page {number + 1}: its number stands below"


def every_page_bears_the_stamp_the_code_and_the_marks(form: PrintedPdf) -> Iterator[str]:
    for number, page in enumerate(form.sheets.pages):
        foot = [line for line in form.sheets.margins[number] if line.base > page.height - BOTTOM]
        said = plain(" ".join(line.text for line in foot))
        for wanted in (form.stamp, *form.paper.marks):
            if wanted not in said:
                yield f"page {number + 1} says “{said}” at its foot, not “{wanted}”"
        if not page.has_drawing:
            yield f"page {number + 1} has no QR code"


def only_our_fonts_are_in_it_and_all_of_them_embedded(form: PrintedPdf) -> Iterator[str]:
    for font in form.sheets.fonts:
        if font.name not in FONTS:
            yield f"{font.name} is used"
        if not font.is_embedded or not font.is_subset or "/ToUnicode" not in font.given:
            yield f"{font.name} is not embedded as a part with its letters"


def text_is_black(form: PrintedPdf) -> Iterator[str]:
    """But for what is drawn: a figure may have colours."""
    for block in form.sheets.blocks:
        for piece in block.pieces:
            if piece.colour not in BLACK and block.tag != "Figure":
                yield f"“{piece.text}” is {piece.colour}"


def text_can_be_copied_and_searched(form: PrintedPdf) -> Iterator[str]:
    drawn = "".join(piece.text for page in form.sheets.pages for piece in page.pieces)
    if not is_normalized("NFC", drawn):
        yield "not in NFC"
    odd = {letter for letter in drawn if category(letter) in {"Cc", "Co", "Cn", "Cf"}}
    odd |= set(drawn) & {"\xa0", "\ufffd", "\u2011"}
    if odd:
        yield f"letters that no keyboard has: {sorted(map(ascii, odd))}"
    squeezed = "".join((form.sheets.text + drawn).split()).casefold()  # drawn: in figures too
    for said in form.paper.said:
        if "".join(said.split()).casefold() not in squeezed:
            yield f"“{said}” is not found"


def the_file_says_what_it_is(form: PrintedPdf) -> Iterator[str]:
    root, info = form.sheets.root, form.sheets.reader.metadata
    if info.title != form.paper.title:
        yield f"its title is {info.title!r}"
    if root.get("/Lang") != "vi":
        yield f"its language is {root.get('/Lang')!r}"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "it is not marked as tagged"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "a reader is shown the name of the file instead of its title"
    said = root["/Metadata"].get_data()
    if UA not in said or form.paper.title.encode() not in said:
        yield "its metadata do not claim PDF/UA-1, or lack the title"


def tags_tell_headings_and_figures(form: PrintedPdf) -> Iterator[str]:
    headings = form.sheets.tree.all("H1", "H2", "H3", "H4", "H5", "H6")
    if [each.tag for each in headings].count("H1") != 1:
        yield "it has not one title"
    level = 0
    for heading in headings:
        next_level = int(heading.tag[1])
        if next_level > level + 1:
            yield f"{heading.tag} after H{level}: “{heading.text}”"
        level = next_level
    for figure in form.sheets.tree.all("Figure"):
        if not figure.alt:
            yield "a figure that says nothing to who does not see it"


RULES = (
    sheets_are_a4_and_lie_as_their_tables_need,
    text_stays_inside_the_margins,
    pages_begin_at_the_top_and_none_is_blank,
    pages_are_numbered_from_the_second_of_each_part,
    every_page_bears_the_stamp_the_code_and_the_marks,
    only_our_fonts_are_in_it_and_all_of_them_embedded,
    text_is_black,
    text_can_be_copied_and_searched,
    the_file_says_what_it_is,
    tags_tell_headings_and_figures,
)
