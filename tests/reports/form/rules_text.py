"""Ô 6, the text: căn cứ, headings, paragraphs and tables.

Nghị định 30/2020/NĐ-CP, Phụ lục I, mục I.4 and II.6: justified, the first line 1 or 1.27 cm in,
at least 6 points between paragraphs, single to one and a half lines.
"""

from collections.abc import Iterator

from reports.paper.grids import Grid
from tests.reports.form.expected import HEADINGS, TEXT, Found, Kind
from tests.reports.form.pdf import POINT, SINGLE, PrintedPdf, pitch_of
from tests.reports.form.reading import Element, Line

INDENTS = (10.0, 12.7)
NEAR = 0.15
LOOSE = 0.6  # a full line is filled up in whole thousandths of an em, letter by letter
LEAST_GAP = 6.0
BLOCKS = (*TEXT, *HEADINGS, Kind.NOTE)


def first_lines_are_indented_and_the_others_are_not(form: PrintedPdf) -> Iterator[str]:
    for each in form.of(*TEXT, *HEADINGS):
        left, _ = form.area(each.first.lines[0].page)
        first, *others = [line for block in each.blocks for line in block.lines]
        if min(abs(first.left - left - indent) for indent in INDENTS) > NEAR and not _is_of_grid(
            form, each
        ):
            yield f"{each} begins {first.left - left:.1f} mm in"
        if any(abs(line.left - left) > NEAR for line in others):
            yield f"{each}: a line after the first does not begin at the margin"


def paragraphs_are_justified(form: PrintedPdf) -> Iterator[str]:
    for each in form.of(*TEXT):
        for block in each.blocks:
            for line in _full_lines(block, each):
                _, right = form.area(line.page)
                if abs(line.right - right) > LOOSE:
                    yield f"{each}: “{line.text[-30:]}” ends at {line.right:.1f}"


def lines_stand_a_single_to_one_and_a_half_apart(form: PrintedPdf) -> Iterator[str]:
    for each in form.of(*TEXT, *HEADINGS):
        for block in each.blocks:
            size = max(size for _, size in block.lines[0].looks)
            for pitch in pitch_of(block):
                if not size * 1.0 <= pitch <= size * SINGLE * 1.5:
                    yield f"{each}: {pitch:.1f} points from line to line of {size}"


def paragraphs_stand_apart(form: PrintedPdf) -> Iterator[str]:
    """Six points at the least over each, where another stands above it on the page."""
    for section in form.sections:
        for above, below in zip(section.found, section.found[1:], strict=False):
            if below.kind not in {*TEXT, *HEADINGS} or above.kind not in {*TEXT, *HEADINGS}:
                continue
            over, under = above.last.lines[-1], below.first.lines[0]
            if over.page != under.page:
                continue
            size = max(size for _, size in under.looks)
            gap = (under.base - over.base) / POINT - size * SINGLE
            if gap < LEAST_GAP:
                yield f"{gap:.1f} points over {below}"


def no_heading_is_the_last_of_its_page(form: PrintedPdf) -> Iterator[str]:
    """Nor a line that announces what follows."""
    for section in form.sections:
        for each in section.of(*HEADINGS, Kind.ARTICLE, Kind.BODY):
            line = each.last.lines[-1]
            announces = each.kind in HEADINGS or line.text.endswith(":")
            below = [other for other in form.sheets.body[line.page] if other.base > line.base + 1]
            if announces and not below:
                yield f"{each} is the last of page {line.page + 1}"


def bases_are_in_italics_and_end_as_they_should(form: PrintedPdf) -> Iterator[str]:
    lines = form.main.of(Kind.BASIS)
    for each in lines:
        end = "." if each is lines[-1] else ";"
        if not each.due.text.endswith(end):
            yield f"{each} does not end with “{end}”"


def headings_are_numbered_in_the_manner_of_the_decree(form: PrintedPdf) -> Iterator[str]:
    """I, II …; 1, 2 … anew under each; a, b, c, d, đ …: none left out, none twice."""
    level_1 = level_2 = level_3 = 0
    if not form.paper.head:
        return  # a copy of what was published elsewhere
    for each in form.main.of(*HEADINGS):
        number = each.due.text.split()[0]
        if each.kind == Kind.HEADING_1:
            level_1, level_2, level_3 = level_1 + 1, 0, 0
            wanted = f"{ROMAN[level_1 - 1]}."
        elif each.kind == Kind.HEADING_2:
            level_2, level_3 = level_2 + 1, 0
            wanted = f"{level_2}."
        else:
            level_3 += 1
            wanted = f"{LETTERS[level_3 - 1]})"
        if number != wanted:
            yield f"{each} should be {wanted}"


def tables_repeat_their_heads(form: PrintedPdf) -> Iterator[str]:
    """On every page that they go on to; a tag of a table holds what stands on one page."""
    for table in form.sheets.tree.all("Table"):
        first = table.all("TR")[0]
        if not first.all("TH") or first.all("TD"):
            yield f"a table begins without its head: “{table.text[:60]}”"
        if len(table.pages) > 1:
            yield f"a table goes on without its head: “{table.text[:60]}”"


def no_row_is_broken_over_two_pages(form: PrintedPdf) -> Iterator[str]:
    for row in form.sheets.tree.all("TR"):
        if len(row.pages) > 1:
            yield f"“{row.text[:50]}” stands on pages {sorted(page + 1 for page in row.pages)}"
    grids = [part for part in _parts(form) if isinstance(part, Grid)]
    rows = {
        "".join("".join(cell.text.split()) for cell in row.all("TD", "TH"))
        for row in form.sheets.tree.all("TR")
    }
    for grid in grids:
        for row in grid.rows:
            said = "".join("".join(f"{box.lead} {box.text}".split()) for box in row.boxes)
            if said and said not in rows:
                yield f"no row says “{said[:60]}”"


ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
LETTERS = "abcdđeghiklmnopq"


def _full_lines(block: Element, each: Found[Element]) -> list[Line]:
    """All but the last of the block, and but those that end where somebody ended a line."""
    ends = {"".join(part.split())[-12:] for part in _broken(each)}
    is_whole = block is each.last
    lines = block.lines[:-1] if is_whole else block.lines
    return [line for line in lines if "".join(line.text.split())[-12:] not in ends]


def _broken(each: Found[Element]) -> list[str]:
    """The text of its part as it was typed, cut where lines end by hand."""
    said = getattr(each.due.part, "said", [])
    return [line for text in said for line in text.split("\n")[:-1] if line.strip()]


def _parts(form: PrintedPdf) -> Iterator[object]:
    yield from form.paper.parts
    for appendix in form.paper.appendices:
        yield from appendix.parts


def _is_of_grid(form: PrintedPdf, each: Found[Element]) -> bool:
    """A heading over the table of an appendix begins at the margin: it names the table."""
    return each.kind in HEADINGS and each not in form.main.found


RULES = (
    first_lines_are_indented_and_the_others_are_not,
    paragraphs_are_justified,
    lines_stand_a_single_to_one_and_a_half_apart,
    paragraphs_stand_apart,
    no_heading_is_the_last_of_its_page,
    bases_are_in_italics_and_end_as_they_should,
    headings_are_numbered_in_the_manner_of_the_decree,
    tables_repeat_their_heads,
    no_row_is_broken_over_two_pages,
)
