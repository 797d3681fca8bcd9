"""A paper as a Word file that an office goes on writing in: real styles, tables and sections.

The measures are those of `report-print.css`, by Nghị định 30/2020/NĐ-CP, Phụ lục I. Word and
LibreOffice know Times New Roman by name, so no font is put into the file.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from organisations.text import writable
from reports.paper import parts
from reports.paper.grids import Align, Grid
from reports.paper.measuring import width_of
from reports.paper.parts import Appendix, Head, Paper, Signature, Signer, with_ends
from reports.paper.word.drawings import write_figure
from reports.paper.word.elements import add, box, keep_last_row, rule, say, whole, without_margins
from reports.paper.word.grids import write_grid
from reports.paper.word.styles import ALIGNED, BETWEEN_TABLES, LANGUAGE, page, settings, styles

MOTTO = "Độc lập - Tự do - Hạnh phúc"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
BLANK_DAY = "ngày      tháng      năm        "
LEFT_OF_HEAD = 0.41
ROOM_BEFORE = Pt(14)  # over “Kính gửi”
ROOM_OVER_SIGNATURE = 14  # points


def paper_docx(paper: Paper, stamp: str) -> bytes:
    """The file's bytes; `stamp` is the small line at the foot of every page."""
    made = Document()
    made.core_properties.title = writable(paper.title)
    made.core_properties.language = LANGUAGE
    made.core_properties.author = writable(paper.issuer)
    made.core_properties.comments = stamp
    styles(made)
    settings(made)
    writer = _Writer(made)
    page(made.sections[0], paper.is_landscape, stamp, paper.marks)
    if paper.head:
        writer.head(paper.head)
    for place, (part, is_end) in enumerate(with_ends(paper.parts), start=1):
        writer.write(part, is_end=is_end)
        if place == paper.marks_after:
            writer.marks(paper.marks)
    for appendix in paper.appendices:
        section = writer.section()
        page(section, appendix.is_landscape, stamp, paper.marks)
        writer.appendix(appendix, paper)
    writer.end_table()
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


class _Writer:
    """Puts one part after the other at the end of the document."""

    def __init__(self, made: Any):
        self.made = made
        self._parts: dict[type, Callable[[Any], None]] = {
            parts.Name: self._name,
            parts.Authority: lambda part: self._line(part.text.upper(), "Giữa trang"),
            parts.Addressees: self._addressees,
            parts.Basis: lambda part: self._lines(part.lines, "Căn cứ"),
            parts.Heading: self._heading,
            parts.Command: lambda part: self._line(part.text.upper(), "Giữa trang"),
            parts.Article: self._article,
            parts.Paragraph: self._paragraph,
            parts.Points: lambda part: self._lines(f"- {line}" for line in part.lines),
            parts.Small: lambda part: self._lines(part.lines, "Ghi chú"),
            parts.Figure: self._figure,
            Grid: self._grid,
            Signature: self._signature,
        }

    def write(self, part: parts.Part, *, is_end: bool = False) -> None:
        """`is_end`: the last of the text, which the signature takes to its page."""
        self._parts[type(part)](part)
        if is_end and isinstance(part, Grid):
            keep_last_row(self.made.tables[-1])
        elif is_end:
            few = 2 if isinstance(part, parts.Points) else 1
            for line in self.made.paragraphs[-min(few, len(part.said) or 1) :]:
                line.paragraph_format.keep_with_next = True

    def section(self) -> Any:
        """A new one on a page of its own; the break goes to the last paragraph, if there is one."""
        section = self.made.add_section(WD_SECTION.NEW_PAGE)
        broken = Paragraph(self.made.element.body.p_lst[-1], self.made)
        above = broken._p.getprevious()
        if above.tag == qn("w:p"):
            above.get_or_add_pPr().append(broken._p.pPr.sectPr)
            broken._p.getparent().remove(broken._p)
        else:
            broken.style = BETWEEN_TABLES
        return section

    def end_table(self) -> None:
        """A paragraph of no height behind a table that is the last so far."""
        *_, last, _measures = [None, *self.made.element.body]
        if last is not None and last.tag == qn("w:tbl"):
            self.made.add_paragraph(style=BETWEEN_TABLES)

    @property
    def width(self) -> float:
        """Of the text, in millimetres."""
        section = self.made.sections[-1]
        return (section.page_width - section.left_margin - section.right_margin) / Mm(1)

    def head(self, head: Head) -> None:
        table = self._plain_table(2, (LEFT_OF_HEAD, 1 - LEFT_OF_HEAD))
        left, right = table.rows[0].cells
        left_width, right_width = LEFT_OF_HEAD * self.width, (1 - LEFT_OF_HEAD) * self.width
        written = [(line.upper(), 13, False) for line in filter(None, [head.superior])]
        written += [(line.upper(), 13, True) for line in head.issuer]
        for text, size, bold in written:
            add(left, text, "Đầu văn bản", size=size, bold=bold)
        rule(left.paragraphs[-1], left_width, head.rule)
        add(right, NATION, "Đầu văn bản", size=12.5, bold=True)
        motto = add(right, MOTTO, "Đầu văn bản", size=13.5, bold=True)
        rule(motto, right_width, width_of(MOTTO, 13.5, bold=True))
        left, right = table.add_row().cells
        if head.symbol:
            add(left, f"Số:        {head.symbol}", "Đầu văn bản", before=8)
        if head.about:
            add(left, "\n".join(head.about_lines), "Đầu văn bản", size=12, before=6)
        if head.place:
            text = f"{head.place}, {BLANK_DAY}"
            add(right, text, "Đầu văn bản", italic=True, before=8)

    def marks(self, marks: Iterable[str]) -> None:
        """Ô 11: boxed, so that nobody takes the paper for an issued one."""
        for mark in marks:
            line = self._line(mark.upper(), "Giữa trang")
            box(line)

    def appendix(self, appendix: Appendix, paper: Paper) -> None:
        self._line(appendix.heading, "Phụ lục")
        self._line(appendix.title, "Phụ lục")
        number = f" số        {paper.head.symbol}" if paper.head.symbol else ""
        of = f"(Kèm theo {appendix.of}{number} {BLANK_DAY}"
        self._line(f"{of.rstrip()}        của {paper.issuer})", "Kèm theo")
        for part in appendix.parts:
            self.write(part)

    def _line(self, text: str, style: str = "Body Text") -> Paragraph:
        line = self.made.add_paragraph(style=style)
        say(line, text)
        return line

    def _lines(self, lines: Iterable[str], style: str = "Body Text") -> None:
        for line in lines:
            self._line(line, style)

    def _name(self, part: parts.Name) -> None:
        title = self.made.add_paragraph(style="Title")
        say(title, part.kind.upper())
        subject = self._line("\n".join(part.lines), "Trích yếu")
        rule(subject, self.width, part.rule)

    def _addressees(self, part: parts.Addressees) -> None:
        if part.is_single:
            first = self._line(f"Kính gửi: {part.names[0]}", "Kính gửi")
            first.alignment = ALIGNED[Align.CENTRE]
            first.paragraph_format.space_before = ROOM_BEFORE
            if part.through:
                self._line(part.through, "Kính gửi").alignment = ALIGNED[Align.CENTRE]
            return
        first = self._line("Kính gửi:", "Kính gửi")
        first.paragraph_format.left_indent = Mm(24)
        first.paragraph_format.space_before = ROOM_BEFORE
        for place, name in enumerate(part.names, start=1):
            end = "." if place == len(part.names) else ";"
            line = self._line(f"- {name}{end}", "Kính gửi")
            line.paragraph_format.left_indent = Mm(42)

    def _heading(self, part: parts.Heading) -> None:
        line = self.made.add_paragraph(style=f"Heading {part.level}")
        say(line, part.text.upper() if part.level == 1 else part.text)

    def _article(self, part: parts.Article) -> None:
        line = self.made.add_paragraph(style="Body Text")
        line.add_run(f"Điều {part.number}.").bold = True
        say(line, f" {part.text}")
        line.paragraph_format.keep_with_next = part.stays_with_next or None

    def _paragraph(self, part: parts.Paragraph) -> None:
        line = self._line(part.text)
        line.paragraph_format.keep_with_next = part.stays_with_next or None
        if part.is_strong:
            for run in line.runs:
                run.bold = True

    def _figure(self, figure: parts.Figure) -> None:
        self.end_table()
        write_figure(self.made, figure, self.width)

    def _grid(self, grid: Grid) -> None:
        self.end_table()
        write_grid(self.made, grid, self.width)

    def _signature(self, part: Signature) -> None:
        if part.before:
            self._line(part.before).paragraph_format.keep_with_next = True
        table = self._plain_table(2, (0.5, 0.5))
        left, right = table.rows[0].cells
        if part.other:
            _sign(left, part.other)
        else:
            _recipients(left, part.recipients)
            for place, line in enumerate(part.key):
                before = None if place else ROOM_OVER_SIGNATURE
                add(left, line, "Nơi nhận", bold=place == 0, before=before)
        _sign(right, part.signer)
        if part.other and part.recipients:
            _recipients(table.add_row().cells[0], part.recipients)
        for row in table.rows:
            whole(row)

    def _plain_table(self, columns: int, shares: tuple[float, ...]) -> Any:
        self.end_table()
        table = self.made.add_table(rows=1, cols=columns)
        table.autofit = False
        without_margins(table)
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(self.width * share)
            for cell in column.cells:
                cell.width = Mm(self.width * share)
        return table


def _sign(cell: _Cell, signer: Signer) -> None:
    over: float | None = ROOM_OVER_SIGNATURE
    for text in filter(None, (signer.authority, signer.position)):
        add(cell, text.upper(), "Người ký", before=over)
        over = None
    add(cell, signer.name, "Người ký", before=62)


def _recipients(cell: _Cell, recipients: tuple[str, ...]) -> None:
    if not recipients:
        return
    before = ROOM_OVER_SIGNATURE
    add(cell, "Nơi nhận:", "Nơi nhận", size=12, bold=True, italic=True, before=before)
    for place, name in enumerate(recipients, start=1):
        end = "." if place == len(recipients) else ";"
        add(cell, f"- {name}{end}", "Nơi nhận")
