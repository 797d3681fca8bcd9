"""Content to the bytes of one format. No queries, and no knowledge of which report it is."""

import logging
import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from reports.definitions import Report
from reports.figures import CannotRender
from reports.package.writing import write_package
from reports.paper.html import paper_html
from reports.paper.word import paper_docx
from reports.workbooks import new_book, write_table

MISSING_LIBRARIES = (
    "Máy dựng báo cáo thiếu thư viện của WeasyPrint (shared libraries missing). Cài bằng: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".icc": "application/vnd.iccprofile",
    ".ttf": "font/ttf",
}
TEXT = re.compile(r">[^<]+<")
TIED = re.compile(r"[^\s<>]+(?:\xa0[^\s<>]+)+")
LAYING_OUT = "Creating layout - Page "
PDF_TYPE = "application/pdf"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Stamp:
    """The small line at the foot: which run, when, of which content."""

    at: datetime
    content_sha256: str
    number: int | None = None  # none from the command line

    @property
    def line(self) -> str:
        at = timezone.localtime(self.at)
        number = f"Lượt in số {self.number}, " if self.number else "In "
        return f"{number}{at:%H:%M} ngày {at:%d/%m/%Y}; dấu nội dung {self.content_sha256[:12]}"

    @property
    def check_url(self) -> str:
        """Where anyone may ask whether this print was issued; none where no host is known."""
        if not (self.number and settings.SITE_URL):
            return ""
        path = reverse("prints:check-number", args=[self.number])
        return f"{settings.SITE_URL}{path}?dau={self.content_sha256[:12]}"


@dataclass(frozen=True)
class Renderer:
    """A format whose files are small enough to be made in memory."""

    content_type: str
    render: Callable[[Report, dict[str, Any], Stamp, Progress], bytes]

    def write(
        self,
        report: Report,
        content: dict[str, Any],
        stamp: Stamp,
        tell: Progress,
        target: BinaryIO,
    ) -> None:
        target.write(self.render(report, content, stamp, tell))


@dataclass(frozen=True)
class StreamingRenderer:
    """A format that is written piece by piece, however large it gets."""

    content_type: str
    write: Callable[[Report, dict[str, Any], Stamp, Progress, BinaryIO], None]


def render_pdf(report: Report, content: dict[str, Any], stamp: Stamp, tell: Progress) -> bytes:
    """A4 by Nghị định 30/2020, tagged (PDF/UA-1); laid out by `static/css/report-print.css`."""
    return _printed(pdf_html(report, content, stamp), tell, pdf_variant="pdf/ua-1")


def render_pdfa(report: Report, content: dict[str, Any], stamp: Stamp, tell: Progress) -> bytes:
    """The same for the archive, tagged too (PDF/A-2a)."""
    html = pdf_html(report, content, stamp, is_archival=True)
    return _printed(html, tell, pdf_variant="pdf/a-2a", output_intent="--srgb")


def _printed(html: str, tell: Progress, **options: str) -> bytes:
    with _told_of_pages(tell):
        weasyprint = _weasyprint()
        document = weasyprint.HTML(
            string=html, base_url=static_base().as_uri() + "/", url_fetcher=static_only()
        )
        try:
            return document.write_pdf(font_config=_fonts(), **options)
        except BaseException:  # stopped while a font was loaded, it would seem to be there
            _fonts.cache_clear()
            raise


def pdf_html(
    report: Report, content: dict[str, Any], stamp: Stamp, *, is_archival: bool = False
) -> str:
    paper = report.paper(content)
    return tied(paper_html(paper, stamp.line, stamp.check_url, is_archival=is_archival))


def tied(html: str) -> str:
    """No-break spaces as markup, in text only.

    Tinos draws both kinds of space by one glyph, and a PDF gives a glyph back as one character:
    with a single no-break space in it, every copied or searched phrase would be full of them.
    """
    return TEXT.sub(lambda text: TIED.sub(_tie, text[0]).replace("\xa0", " "), html)


def _tie(words: re.Match[str]) -> str:
    return f'<span class="tied">{words[0].replace(chr(0xA0), " ")}</span>'


def render_docx(report: Report, content: dict[str, Any], stamp: Stamp, tell: Progress) -> bytes:
    """The same paper, to be gone on with in Word or LibreOffice."""
    tell("Ghi tệp Word")
    return paper_docx(report.paper(content), stamp.line)


def render_xlsx(report: Report, content: dict[str, Any], stamp: Stamp, tell: Progress) -> bytes:
    """One sheet a table, cells typed, ready to print across on A4 or A3."""
    buffer = BytesIO()
    title, marks = content["file_name"], "; ".join(content["marks"])
    with new_book(buffer, title=title, comments=stamp.line) as book:
        for table in report.tables(content):
            tell(f"Ghi trang tính {table.title}")
            write_table(book, table, head=(title, marks), foot=stamp.line)
    return buffer.getvalue()


def write_zip(
    report: Report, content: dict[str, Any], stamp: Stamp, tell: Progress, target: BinaryIO
) -> None:
    """The report as PDF/A and Word, the evidence behind it, and an index with all sums."""

    def made_by(render):
        return lambda content: render(report, content, stamp, tell)

    write_package(
        content,
        target,
        at=stamp.at,
        foot=stamp.line,
        printed={"pdf": made_by(render_pdfa), "docx": made_by(render_docx)},
        workbook=made_by(render_xlsx),
        tell=tell,
    )


RENDERERS: dict[str, Renderer | StreamingRenderer] = {
    "pdf": Renderer(PDF_TYPE, render_pdf),
    "pdfa": Renderer(PDF_TYPE, render_pdfa),
    "docx": Renderer(DOCX_TYPE, render_docx),
    "xlsx": Renderer(XLSX_TYPE, render_xlsx),
    "zip": StreamingRenderer("application/zip", write_zip),
}


def static_base() -> Path:
    return Path(settings.STATICFILES_DIRS[0]).resolve()


def static_only():
    """A fetcher that opens our own static files and nothing else: no network, no other folder."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticOnly(URLFetcher):
        def fetch(self, url, headers=None):
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or not path.is_relative_to(static_base()):
                raise ValueError(f"not one of our static files: {url}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _type_of(path)})

    return StaticOnly(fail_on_errors=True)


def _type_of(path: Path) -> str:
    return TYPES[path.suffix]


@cache
def _fonts() -> Any:
    """Those of every paper, loaded once: WeasyPrint (70) never gives back the 0.2 MB that a set of
    its own takes for each document. One thread of a process builds reports, so it may be shared."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _weasyprint():
    """Imported late: it is heavy, needs shared libraries, and no web process ever wants it."""
    try:
        import weasyprint
    except OSError as error:
        raise CannotRender(MISSING_LIBRARIES) from error
    return weasyprint


@contextmanager
def _told_of_pages(tell: Progress):
    """WeasyPrint names each page it lays out in a log of its own; that is our progress."""

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            _, found, page = record.getMessage().partition(LAYING_OUT)
            if found:
                tell(f"Dàn trang {page}")

    logger, handler = logging.getLogger("weasyprint.progress"), Teller()
    before = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before
