"""The text, structure and figures of every report, in `golden/`, as its files say them.

Each golden file holds what was read back from the Word file (a line a paragraph with its style, a
line a row of a table), the headings by which the PDF is opened, and the workbook, its cells typed.
That the PDF says the same as the Word file, word for word and in the same order, is held for
every subject that `every_report` has.

After a change of wording: `make golden`, then read the difference before it is committed.
"""

import os
import re
import zipfile
from difflib import unified_diff
from io import BytesIO
from pathlib import Path

import pytest

from reports.definitions import REPORTS
from reports.paper.parts import Figure
from tests.reports.reading import (
    HEAD_ROW,
    ROW,
    bare,
    book_lines,
    pdf_headings,
    pdf_pages,
    without_figures,
    word_lines,
    word_pages,
)

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"
WRITES = "WRITE_GOLDEN" in os.environ
# Sums, and what a file weighs: of the content, not of the report.
SEAL = re.compile(r"\b([0-9a-f]{64}|[0-9a-f]{12}|[0-9a-f]{8}( [0-9a-f]{8}){7})\b")
WEIGHT = re.compile(r"‹\d+›(?= \| …)")
AGAIN = "make golden writes them anew; read the difference before it is committed"


def test_every_report_says_what_its_golden_file_says(every_report):
    said = {slug: golden_of(printed) for slug, printed in first_of_each(every_report).items()}
    if WRITES:
        for path in GOLDEN.glob("*.txt"):
            path.unlink()
        for slug, text in said.items():
            (GOLDEN / f"{slug}.txt").write_text(text)
    kept = {path.stem: path.read_text() for path in GOLDEN.glob("*.txt")}

    assert kept.keys() == REPORTS.keys(), AGAIN
    different = [
        line
        for slug, text in said.items()
        for line in unified_diff(
            kept[slug].splitlines(), text.splitlines(), f"golden/{slug}.txt", "now", lineterm=""
        )
    ]
    assert not different, "\n".join([AGAIN, *different])


def first_of_each(every_report):
    found = {}
    for printed in every_report.values():
        found.setdefault(printed.report.slug, printed)
    assert found.keys() == REPORTS.keys()
    return found


def golden_of(printed):
    if "zip" in printed.report.formats:
        lines = package_lines(printed.file("zip"))
    else:
        lines = paper_lines(printed)
    if "xlsx" in printed.report.formats:
        lines += book_lines(printed.file("xlsx"))
    text = "\n".join([printed.content["file_name"], *(line.rstrip() for line in lines)]) + "\n"
    return WEIGHT.sub("‹…›", SEAL.sub("…", text))


def paper_lines(printed):
    word = printed.file("docx")
    return [
        "",
        f"== Văn bản: trang {', '.join(word_pages(word))}",
        *map(str, word_lines(word)),
        "",
        "== Mục lục của PDF",
        *pdf_headings(printed.file("pdf")),
    ]


def package_lines(content):
    with zipfile.ZipFile(BytesIO(content)) as package:
        names = package.namelist()
        (index,) = (name for name in names if name.endswith(".xlsx"))
        said = book_lines(package.read(index))
    return ["", "== Tệp trong gói", *names, *said]


# --- PDF and Word ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def papers(every_report):
    """Each with the lines of its Word file, and the pages of its PDF; also those that nobody may
    order as Word: the paper is one."""
    return [
        (printed, word_lines(printed.file("docx")), pdf_pages(printed.file("pdf")))
        for printed in every_report.values()
        if "pdf" in printed.report.formats
    ]


def test_word_carries_all_that_is_said_in_its_order(papers):
    for printed, lines, _ in papers:
        written, place = bare(" ".join(text for line in lines for text in line.texts)), 0
        for part in all_parts(printed.paper):
            drawn = part.drawing.said if isinstance(part, Figure) else []
            for text in map(bare, drawn):
                assert text in written, f"{printed.name}: {text}"
            for text in map(bare, part.said[len(drawn) :]):
                found = written.find(text, place)
                assert found >= 0, f"{printed.name}: {text} after {written[place - 60 : place]}"
                place = found + len(text)


def test_pdf_says_what_word_says_and_nothing_else(papers):
    for printed, lines, pages in papers:
        left = Pages([bare(page.text) for page in pages])
        for line in without_figures(lines):
            if line.kind != ROW:
                left.head = ""
            for text in line.texts:
                assert left.take(bare(text)), f"{printed.name}: {text} but {left.next}"
            if line.kind == HEAD_ROW:
                left.head = bare("".join(line.texts))
        assert left.next == "", f"{printed.name} ends with {left.next}"


def test_pdf_draws_every_word_of_a_figure(papers):
    figures = 0
    for printed, _, pages in papers:
        for figure in all_parts(printed.paper):
            if not isinstance(figure, Figure):
                continue
            (page,) = (page for page in pages if bare(figure.caption) in bare(page.text))
            for text in figure.drawing.said:
                assert bare(text) in bare(page.drawn), f"{printed.name}: {text}"
            figures += 1
    assert figures


def all_parts(paper):
    return [*paper.parts, *(part for each in paper.appendices for part in each.parts)]


class Pages:
    """The text of a PDF, taken from its beginning; the head of a table begins each of its pages."""

    def __init__(self, pages):
        self._pages = pages
        self.head = ""

    @property
    def next(self):
        return self._pages[0][:80] if self._pages else ""

    def take(self, text):
        """Whether the text is what comes next, on this page and maybe the beginning of another."""
        while self._pages:
            page = self._pages[0]
            length = len(os.path.commonprefix([page, text]))
            self._pages[0], text = page[length:], text[length:]
            if not text:
                return True
            if self._pages[0]:
                return False
            self._pages.pop(0)
            if self._pages and self.head:
                self._pages[0] = self._pages[0].removeprefix(self.head)
        return False
