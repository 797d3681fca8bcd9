"""Ô 1 to 5 and 9a: who issues, the number and the day, the name of the paper, whom it is for.

Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II; the sizes are those of its mục V.
"""

from collections.abc import Iterator

from tests.reports.form.expected import Kind
from tests.reports.form.looks import LOOKS
from tests.reports.form.pdf import PrintedPdf

NEAR = 0.6  # millimetres that a middle may be off
YEAR = 14.0  # millimetres left blank behind “năm”
CENTRED = {
    Kind.NAME,
    Kind.SUBJECT,
    Kind.MARK,
    Kind.AUTHORITY,
    Kind.COMMAND,
    Kind.APPENDIX,
    Kind.APPENDIX_TITLE,
    Kind.ANNEXED,
}
UPPER = {
    Kind.SUPERIOR,
    Kind.ISSUER,
    Kind.NATION,
    Kind.NAME,
    Kind.MARK,
    Kind.AUTHORITY,
    Kind.COMMAND,
    Kind.HEADING_1,
    Kind.AUTHORITY_OF_SIGNER,
    Kind.POSITION,
    Kind.APPENDIX_TITLE,
}


def everything_is_there_in_the_order_of_the_decree(form: PrintedPdf) -> Iterator[str]:
    for section in form.sections:
        yield from section.faults


def every_component_has_its_font_and_size(form: PrintedPdf) -> Iterator[str]:
    for each in form.found:
        if each.kind not in LOOKS:
            continue
        bold, italic, least, most = LOOKS[each.kind]
        font = f"Tinos{'-Bold' if bold else ''}{'-Italic' if italic else ''}"
        for block in each.blocks:
            for line in block.lines:
                for used, size in line.looks:
                    if used != font or not least <= size <= most:
                        yield f"{each} is {used} {size}"


def capitals_stand_where_they_are_due(form: PrintedPdf) -> Iterator[str]:
    for each in form.of(*UPPER):
        said = "".join(block.text for block in each.blocks)
        if said != said.upper():
            yield f"{each} is not in capitals"


def what_stands_in_the_middle_does(form: PrintedPdf) -> Iterator[str]:
    for each in form.of(*CENTRED):
        for line in (line for block in each.blocks for line in block.lines):
            left, right = form.area(line.page)
            if abs(line.middle - (left + right) / 2) > NEAR:
                yield f"{each}: a line stands at {line.middle:.1f}"


def the_head_stands_in_two_columns(form: PrintedPdf) -> Iterator[str]:
    """Ô 2 beside ô 1 and ô 3 beside ô 4, each over the middle of its column, on the first page."""
    if not form.paper.head:
        return
    columns = (
        form.main.of(Kind.SUPERIOR, Kind.ISSUER, Kind.NUMBER, Kind.ABOUT),
        form.main.of(Kind.NATION, Kind.MOTTO, Kind.PLACE),
    )
    for column in columns:
        lines = [line for each in column for line in each.first.lines]
        if any(line.page for line in lines):
            yield "the head is not on the first page"
        middles = [
            line.middle + (YEAR / 2 if each.kind == Kind.PLACE else 0)
            for each in column
            for line in each.first.lines
        ]
        if max(middles) - min(middles) > NEAR:
            yield f"lines of the head stand at {sorted({round(x, 1) for x in middles})}"
    left, right = ([line for each in column for line in each.first.lines] for column in columns)
    if max(line.right for line in left) > min(line.left for line in right):
        yield "the columns of the head run into each other"
    if abs(left[0].base - right[0].base) > 1:
        yield "ô 2 and ô 1 do not begin on one line"
    number, place = form.one(Kind.NUMBER), form.one(Kind.PLACE)
    if number and place and abs(number.first.lines[0].base - place.first.lines[0].base) > 0.2:
        yield "number and day stand on different lines"


def nothing_of_the_head_is_broken(form: PrintedPdf) -> Iterator[str]:
    kinds = (Kind.ISSUER, Kind.NATION, Kind.MOTTO, Kind.NUMBER, Kind.PLACE)
    for each in form.of(*kinds):
        if len(each.first.lines) > 1:
            yield f"{each} takes {len(each.first.lines)} lines"


def rules_have_the_length_that_is_due(form: PrintedPdf) -> Iterator[str]:
    """Under the issuer and under the trích yếu a third to a half of the line, under Tiêu ngữ its
    whole length."""
    if motto := form.one(Kind.MOTTO):
        rule, line = form.rule_under(motto.first), motto.first.lines[-1]
        if not rule or abs(rule.width - line.width) > 0.5:
            yield f"under Tiêu ngữ of {line.width:.1f}: {rule}"
    issuer = form.of(Kind.ISSUER)[-1:]
    for each in (*issuer, *form.of(Kind.SUBJECT)):
        rule, line = form.rule_under(each.last), each.last.lines[-1]
        if not rule or not line.width / 3 - 0.1 <= rule.width <= line.width / 2 + 0.1:
            yield f"under {each}, {line.width:.1f} long: {rule}"


def the_subject_of_a_letter_stands_under_its_number(form: PrintedPdf) -> Iterator[str]:
    """Ô 5b: centred under the number, 6 points away from it."""
    number, about = form.one(Kind.NUMBER), form.one(Kind.ABOUT)
    if about and number:
        gap = (about.first.lines[0].base - number.first.lines[0].base) / (25.4 / 72)
        if gap < 12 + 6:
            yield f"the subject stands {gap:.1f} points under the number"
        if not about.due.text.startswith("V/v "):
            yield f"{about} does not begin with V/v"


def kinh_gui_is_one_line_or_a_list(form: PrintedPdf) -> Iterator[str]:
    """One stands on the line itself; several in a list, one under the other."""
    lines = form.main.of(Kind.ADDRESSEE)
    if len(lines) > 1:
        lefts = {round(each.first.lines[0].left, 1) for each in lines[1:]}
        if len(lefts) != 1:
            yield f"the list begins at {sorted(lefts)}"
        if lines[0].due.text != "Kính gửi:":
            yield "one of several stands on the line of “Kính gửi:”"
    elif lines and len(lines[0].first.lines) > 1 and not lines[0].due.part.through:
        yield "“Kính gửi” of one takes more than a line"


RULES = (
    everything_is_there_in_the_order_of_the_decree,
    every_component_has_its_font_and_size,
    capitals_stand_where_they_are_due,
    what_stands_in_the_middle_does,
    the_head_stands_in_two_columns,
    nothing_of_the_head_is_broken,
    rules_have_the_length_that_is_due,
    the_subject_of_a_letter_stands_under_its_number,
    kinh_gui_is_one_line_or_a_list,
)
