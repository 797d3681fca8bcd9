"""One printed report: the paper that was to be printed, and the PDF that came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from reports.paper.parts import Appendix, Paper
from tests.reports.form.expected import Found, Kind, due_of, due_of_appendix, match, plain
from tests.reports.form.reading import Element, Rule, Sheets

POINT = 25.4 / 72  # millimetres
LEFT, RIGHT, RIGHT_ACROSS = 30.0, 18.0, 16.0  # of 30–35 and 15–20 that the decree leaves open
ASCENT, DESCENT, SINGLE = 0.891, 0.216, 1.149  # of Tinos and Times New Roman, in sizes


@dataclass(frozen=True)
class Section:
    """The main text, or one appendix: pages of its own, numbered from 1."""

    appendix: Appendix | None
    pages: range
    is_landscape: bool
    found: list[Found[Element]]
    faults: list[str]

    def of(self, *kinds: Kind) -> list[Found[Element]]:
        return [each for each in self.found if each.kind in kinds]


@dataclass(frozen=True)
class PrintedPdf:
    name: str
    paper: Paper
    stamp: str
    sheets: Sheets

    @cached_property
    def sections(self) -> list[Section]:
        """The main text and the appendices, each with what was due in it."""
        starts = [0, *self._appendix_pages, len(self.sheets.pages)]
        made = []
        for number, appendix in enumerate((None, *self.paper.appendices)):
            pages = range(starts[number], starts[number + 1])
            blocks = [b for b in self.sheets.blocks if b.lines[0].page in pages]
            due = due_of_appendix(appendix, self.paper) if appendix else due_of(self.paper)
            found, faults = match(due, blocks, lambda block: block.text)
            holder = appendix or self.paper
            made.append(Section(appendix, pages, holder.is_landscape, found, faults))
        return made

    @property
    def main(self) -> Section:
        return self.sections[0]

    @property
    def found(self) -> list[Found[Element]]:
        return [each for section in self.sections for each in section.found]

    def of(self, *kinds: Kind) -> list[Found[Element]]:
        return [each for each in self.found if each.kind in kinds]

    def one(self, kind: Kind) -> Found[Element] | None:
        return next(iter(self.of(kind)), None)

    def area(self, page: int) -> tuple[float, float]:
        """Where the text begins and ends on this page, from the left, as the house has it."""
        shape = self.sheets.pages[page]
        return LEFT, shape.width - (RIGHT_ACROSS if shape.is_landscape else RIGHT)

    def rule_under(self, block: Element, within: float = 5.0) -> Rule | None:
        """The first thin line at most so many millimetres below a block, over the same middle."""
        line = block.lines[-1]
        rules = [
            rule
            for rule in self.sheets.pages[line.page].rules
            if 0 < rule.top - line.base < within and abs(rule.middle - line.middle) < 1
        ]
        return min(rules, key=lambda rule: rule.top, default=None)

    @cached_property
    def _appendix_pages(self) -> list[int]:
        """The page on which each appendix begins."""
        headings = iter(plain(each.heading) for each in self.paper.appendices)
        wanted, found = next(headings, None), []
        for number, lines in enumerate(self.sheets.body):
            if wanted and lines and lines[0].text == wanted:
                found.append(number)
                wanted = next(headings, None)
        missing = len(self.paper.appendices) - len(found)
        return found + [len(self.sheets.pages)] * missing


def pitch_of(block: Element) -> Iterator[float]:
    """Between each two lines of a paragraph, in points."""
    for above, below in zip(block.lines, block.lines[1:], strict=False):
        if above.page == below.page:
            yield (below.base - above.base) / POINT
