"""Ô 7 and 9b, and the appendices: what ends a paper and what goes with it."""

import re
from collections.abc import Iterator

from tests.reports.form.expected import HEADINGS, SIGNED, TEXT, Kind
from tests.reports.form.pdf import PrintedPdf

END = "./."
# What an office writes of its own is no text that ends: a table for the desk.
WITHOUT_END = {"Bảng tổng hợp", "Bộ tiêu chí"}
SYMBOLS = {
    "Báo cáo": "BC",
    "Tờ trình": "TTr",
    "Biên bản": "BB",
    "Quyết định": "QĐ",
}
SYMBOL = re.compile(r"^/(?:(?P<kind>[A-ZĐa-z]+)-)?(?P<office>\S+)$")
ON_ONE_LINE = 4.0  # millimetres between baselines of what stands side by side


def the_text_ends_with_the_sign_of_its_end(form: PrintedPdf) -> Iterator[str]:
    """“./.” once, behind the last word of the text."""
    kind = next((each.due.text for each in form.main.of(Kind.NAME)), "").capitalize()
    text = form.main.of(*TEXT)
    ending = [each for each in text if END in each.due.text]
    if kind in WITHOUT_END:
        return
    if ending != text[-1:] or not text[-1].due.text.endswith(END):
        yield f"“{END}” stands in {[str(each) for each in ending]}"


def the_signature_stands_with_the_end_of_the_text(form: PrintedPdf) -> Iterator[str]:
    """On one page with the recipients, and never without two lines of what is signed."""
    signed = form.main.of(*SIGNED)
    if not signed:
        return
    block = [*signed, *form.main.of(Kind.FOR, Kind.RECIPIENT, Kind.KEY)]
    pages = {line.page for each in block for b in each.blocks for line in b.lines}
    if len(pages) > 1:
        yield f"it stands on pages {sorted(page + 1 for page in pages)}"
    top = min(each.first.lines[0].base for each in signed)
    above = [line for line in form.sheets.body[min(pages)] if line.base < top - 1]
    if len(above) < 2:
        yield f"it stands alone on page {min(pages) + 1}"


def recipients_and_signer_stand_side_by_side(form: PrintedPdf) -> Iterator[str]:
    """“Nơi nhận:” at the left edge, level with the first line over the signature; where two sign,
    under them."""
    label, signed = form.one(Kind.FOR), form.main.of(*SIGNED)
    if label and signed:
        left, right = form.area(label.first.lines[0].page)
        line, first = label.first.lines[0], signed[0].first.lines[0]
        if abs(line.left - left) > 0.2:
            yield f"“Nơi nhận:” begins {line.left - left:.1f} mm in"
        has_two = len({round(each.first.lines[0].middle) for each in signed}) > 1
        if not has_two and abs(line.base - first.base) > ON_ONE_LINE:
            yield "“Nơi nhận:” is not level with the signature"
        if has_two and line.base < max(each.last.lines[-1].base for each in signed):
            yield "“Nơi nhận:” does not stand under the two signatures"
    for each in form.main.of(Kind.RECIPIENT):
        left, _ = form.area(each.first.lines[0].page)
        if abs(each.first.lines[0].left - left) > 0.2:
            yield f"{each} does not begin at the left edge"
    if signed:
        _, right = form.area(signed[0].first.lines[0].page)
        last = signed[-1].first.lines[0]
        if last.middle < (form.area(last.page)[0] + right) / 2:
            yield "the signature stands at the left"


def each_signer_has_one_middle_and_room_to_sign(form: PrintedPdf) -> Iterator[str]:
    signed = form.main.of(*SIGNED)
    for name in (each for each in signed if each.kind == Kind.SIGNER):
        line = name.first.lines[0]
        over = [
            each.first.lines[0]
            for each in signed
            if each.kind != Kind.SIGNER and abs(each.first.lines[0].middle - line.middle) < 20
        ]
        if not over:
            yield f"nothing stands over {name}"
        elif abs(over[-1].middle - line.middle) > 0.6:
            yield f"{name} is {line.middle - over[-1].middle:.1f} mm off its position"
        elif line.base - over[-1].base < 15:
            yield f"{name} leaves {line.base - over[-1].base:.0f} mm to sign"


def recipients_end_with_the_file_copy(form: PrintedPdf) -> Iterator[str]:
    lines = [each.due.text for each in form.main.of(Kind.RECIPIENT)]
    if lines and not lines[-1].startswith("- Lưu: VT"):
        yield f"they end with “{lines[-1]}”"
    for line in lines[:-1]:
        if not line.endswith(";"):
            yield f"“{line}” does not end with “;”"
    is_sent = bool(form.main.of(Kind.ADDRESSEE))
    if lines and ("- Như trên;" in lines) != is_sent:
        yield "“Như trên” and “Kính gửi” do not go together"


def the_symbol_is_that_of_its_kind(form: PrintedPdf) -> Iterator[str]:
    """Phụ lục III, mục I: BC, TTr, BB, QĐ; a công văn has none, and may name who drafts it behind
    the office. Number and "/", then groups joined by "-" without spaces."""
    head = form.paper.head
    if not head or not head.symbol:
        return
    kind = next((each.due.text for each in form.main.of(Kind.NAME)), "").capitalize()
    found = SYMBOL.match(head.symbol)
    if not found:
        yield f"“{head.symbol}” is no ký hiệu"
    elif not kind and found["kind"] not in SYMBOLS.values():
        return
    elif (found["kind"] or "") != SYMBOLS.get(kind, ""):
        yield f"“{head.symbol}” on “{kind}”"


def appendices_begin_as_they_should(form: PrintedPdf) -> Iterator[str]:
    for section in form.sections[1:]:
        if not section.pages:
            yield f"{section.appendix.heading} has no page"
        lines = [line for each in section.found[:3] for b in each.blocks for line in b.lines]
        if any(line.page != section.pages.start for line in lines):
            yield f"{section.appendix.heading}: its head is not on its first page"
        title = section.appendix.title
        if title != title.upper():
            yield f"“{title}” is not in capitals"


def the_text_names_every_appendix(form: PrintedPdf) -> Iterator[str]:
    said = " ".join(each.due.text for each in form.main.of(*TEXT, *HEADINGS))
    numbers = [appendix.number for appendix in form.paper.appendices]
    for appendix in form.paper.appendices:
        if not re.search(rf"{re.escape(appendix.heading)}\b", said, re.IGNORECASE):
            yield f"{appendix.heading} is not mentioned"
    if any(numbers) != (len(numbers) > 1):
        yield "one appendix has a number, or several have none"


RULES = (
    the_text_ends_with_the_sign_of_its_end,
    the_signature_stands_with_the_end_of_the_text,
    recipients_and_signer_stand_side_by_side,
    each_signer_has_one_middle_and_room_to_sign,
    recipients_end_with_the_file_copy,
    the_symbol_is_that_of_its_kind,
    appendices_begin_as_they_should,
    the_text_names_every_appendix,
)
