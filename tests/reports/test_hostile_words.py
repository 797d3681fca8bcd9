"""Every report made of words that would like to be more: markup, addresses, formulas.

Each text of what is frozen is written anew to begin like a formula and to hold markup that asks
for a file of this machine and for an address of its network. The papers are looked at as markup,
Excel as files, and one paper is laid out while somebody listens at that address.
"""

import re
import socket
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.package.writing import index_html
from reports.renderers import pdf_html, render_pdf, render_xlsx
from tests.reports.every_report import Printed

pytestmark = pytest.mark.django_db

FORMULAS = ("=1+1|", "+1|", "-1|", "@SUM(A1)|", "\t=1|", "\r=1|")
# What a paper is made of; nothing in it fetches, runs, or leads anywhere.
LOADING = {"img", "iframe", "object", "embed", "script", "base", "image", "use", "audio", "video"}
ADDRESSES = {"src", "href", "data", "xlink:href", "poster", "action", "background", "style"}
# Made of the register of units and of our own words, and short by what a file may be called.
NAMES = {"file_name", "report_name", "marks", "title"}
EXTERNAL = re.compile(rb'TargetMode\s*=\s*"External"')


def markup(address: str, file: str) -> str:
    return (
        f"</p></td>“\"'><img src={address}/img><img src='{file}'>"
        f"<link rel=stylesheet href={address}/css><link rel=attachment href='{file}'>"
        f"<style>@import url({address}/import);*{{background:url({address}/url)}}</style>"
        f"<svg><image href='{file}'/><use href='{address}/use'/></svg>"
        f"<object data={address}/object></object><iframe src={address}/frame></iframe>"
        f"<base href={address}/><a href={address}/a>{{{{ 1 }}}}</a> {address}/bare"
    )


def spoilt(content: Any, words: str, number: Iterator[int] | None = None) -> Any:
    """The same content with every text that somebody may have typed made hostile: one of several
    words is no code, no state and no name of a field."""
    number = number or iter(range(10**9))
    if isinstance(content, dict):
        return {
            key: value if key in NAMES else spoilt(value, words, number)
            for key, value in content.items()
        }
    if isinstance(content, list):
        return [spoilt(value, words, number) for value in content]
    if isinstance(content, str) and " " in content:
        return f"{FORMULAS[next(number) % len(FORMULAS)]}{content}{words}"
    return content


@contextmanager
def listener() -> Iterator[tuple[str, list]]:
    """An address of this machine, and who has called there."""
    calls: list = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            try:
                while True:
                    connection, caller = server.accept()
                    calls.append(caller)
                    connection.close()
            except OSError:
                return  # closed: nobody listens any more

        Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        server.shutdown(socket.SHUT_RDWR)


WORDS = markup("http://127.0.0.1:9", "file:///etc/passwd")


@pytest.fixture(scope="module")
def papers(every_report) -> list[tuple[Printed, dict]]:
    """One of each report: what is written by the same code is looked at once."""
    first = {printed.report.slug: printed for printed in every_report.values()}
    return [(printed, spoilt(printed.content, WORDS)) for printed in first.values()]


def test_no_word_becomes_markup(papers):
    looked_at = 0
    for printed, content in papers:
        if "pdf" not in printed.report.formats:
            continue
        honest = html.fromstring(pdf_html(printed.report, printed.content, printed.stamp))
        page = html.fromstring(pdf_html(printed.report, content, printed.stamp))
        assert tags_in(page) <= tags_in(honest) | {"br"}, printed.name  # of a typed line break
        assert addresses_in(page) == addresses_in(honest), printed.name
        assert "<img src=http://127.0.0.1:9/img>" in page.text_content(), printed.name
        looked_at += 1
    assert looked_at > 8


def tags_in(page) -> set[str]:
    return {element.tag for element in page.iter() if isinstance(element.tag, str)}


def addresses_in(page) -> set[tuple[str, str]]:
    """Everything by which an element could fetch or lead somewhere, and the style sheets."""
    found = {
        (name, value)
        for element in page.iter()
        for name, value in element.attrib.items()
        if name in ADDRESSES and (name != "style" or "url" in value or "@" in value)
    }
    return found | {("style", style.text or "") for style in page.iter("style")}


def test_nothing_is_a_formula_in_any_workbook(papers):
    looked_at = set()
    for printed, content in papers:
        if "xlsx" not in printed.report.formats:
            continue
        made = render_xlsx(printed.report, content, printed.stamp, silent)
        for sheet in load_workbook(BytesIO(made)):
            for row in sheet.iter_rows():
                for cell in row:
                    where = f"{printed.name}, {sheet.title}, {cell.coordinate}"
                    assert cell.data_type != "f", where
                    assert cell.hyperlink is None, where
                    if isinstance(cell.value, str) and cell.value[:1] in "=+-@\t\r":
                        looked_at.add(cell.value[:1])
        assert parts_that_lead_out(made) == [], printed.name
    assert looked_at >= set("=+-@")


def parts_that_lead_out(made: bytes) -> list[str]:
    """Parts that name something outside of the file, or are more than text and drawings."""
    with zipfile.ZipFile(BytesIO(made)) as package:
        return [
            name
            for name in package.namelist()
            if EXTERNAL.search(package.read(name)) or "embeddings" in name or "externalLink" in name
        ]


def test_a_report_asks_nobody_for_anything(every_report, tmp_path):
    """Laid out to the end, with somebody listening and a file to be read."""
    secret = tmp_path / "secret.css"
    secret.write_text("/* Zqxw */")
    printed = every_report["phieu-tiep-nhan-304"]
    with listener() as (address, calls):
        content = spoilt(printed.content, markup(address, secret.as_uri()))
        made = render_pdf(printed.report, content, printed.stamp, silent)

    assert calls == []
    reader = PdfReader(BytesIO(made))
    said = " ".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert f"<img src={address}/img>" in said
    assert "Zqxw" not in said
    assert not [page for page in reader.pages if "/Annots" in page]
    assert reader.attachments == {}


def test_the_index_of_a_package_leads_to_its_own_files_alone(every_report):
    printed = every_report["ho-so-dong-goi-304"]
    files = [{"path": f"{WORDS}.pdf", "size": 1, "sha256": "0" * 64}]
    content = spoilt(printed.content, WORDS) | {"printed": files}

    page = html.fromstring(index_html(content, f"chân {WORDS}"))

    assert not tags_in(page) & LOADING
    links = [element.get("href") for element in page.iter("a")]
    assert links
    assert not [link for link in links if re.match(r"(?i)\s*([a-z][a-z0-9+.-]*:|/|\\)", link)]


def silent(word: str) -> None:
    """Nobody watches the progress."""
