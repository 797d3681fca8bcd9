"""The user's guide in the application: the chapters of `docs/huong-dan`, each a page.

The files stay plain Markdown that reads on its own; here their links and pictures are led to the
pages and static files of the application. `CHAPTERS_OF` says which chapter explains which page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token

from organisations.text import search_key

FOLDER = Path(settings.BASE_DIR) / "docs" / "huong-dan"
PICTURES = "huong-dan"  # where the static files of the guide are (settings.STATICFILES_DIRS)
CONTENTS = "README"

CHAPTERS_OF = {
    "1-dang-nhap": (
        "organisations:sign-in",
        "organisations:account",
        "organisations:change-password",
        "organisations:request-reset",
        "organisations:reset-requested",
        "organisations:confirm-reset",
    ),
    "2-ho-so": ("evaluations:dossiers", "evaluations:dossier"),
    "3-nhap-so-lieu": ("evaluations:indicator",),
    "5-minh-chung": (
        "evaluations:upload-evidence",
        "evaluations:pick-evidence",
        "evaluations:citation",
        "evaluations:documents",
        "evaluations:document",
    ),
    "6-muc-do": ("evaluations:what-if", "criteria:index", "criteria:detail"),
    "7-gui-ho-so": ("evaluations:check",),
    "8-so-tham-dinh": (
        "evaluations:board",
        "evaluations:appraisals",
        "evaluations:appraise-dossier",
        "evaluations:appraise",
    ),
    "9-bao-cao": ("reports:index", "reports:runs", "reports:run"),
    "10-quan-tri": (
        "organisations:people",
        "organisations:create-person",
        "organisations:upload-people",
        "organisations:edit-person",
        "organisations:units",
        "organisations:edit-unit",
        "criteria:points",
        "evaluations:new-points",
        "evaluations:adopt-points",
        "evaluations:adopt-reading",
    ),
    "11-ket-qua-don-vi": (
        "evaluations:registers",
        "evaluations:register",
        "evaluations:titles",
        "evaluations:add-unit",
        "evaluations:upload-results",
        "evaluations:result-upload",
        "evaluations:unit-result",
        "evaluations:close-unit",
        "evaluations:counted-units",
    ),
    "12-phieu-tu-cham": (
        "evaluations:sheets",
        "evaluations:sheet",
        "evaluations:upload-sheet-evidence",
        "evaluations:pick-sheet-evidence",
        "evaluations:sheet-citation",
    ),
    "13-kiem-tra-thuc-te": (
        "evaluations:inspections",
        "evaluations:draw-inspection",
        "evaluations:inspection",
        "evaluations:how-drawn",
        "evaluations:record-inspection",
    ),
    "14-thong-bao": ("evaluations:notices",),
    "15-dot": (
        "evaluations:rounds",
        "evaluations:round",
        "evaluations:new-round",
        "evaluations:change-round",
        "evaluations:participants",
        "evaluations:open-round",
        "evaluations:copy-round",
        "evaluations:calendar",
        "evaluations:close-round",
        "evaluations:reopen-round",
        "evaluations:extend",
    ),
    "16-ho-so-thanh-pho": ("evaluations:own-part", "evaluations:assignments"),
    "18-hoi-dong": (
        "evaluations:sessions",
        "evaluations:session",
        "evaluations:session-item",
        "evaluations:plan-session",
        "evaluations:change-session",
        "evaluations:minutes",
    ),
    "19-quyet-dinh": (
        "evaluations:decisions",
        "evaluations:decision",
        "evaluations:record-decision",
        "evaluations:correct-decision",
        "evaluations:recognised",
    ),
    "21-qua-trinh": ("evaluations:history", "evaluations:submission"),
    "22-kiem-tra-ban-in": ("prints:check", "prints:check-number"),
    "24-loi-van": (
        "reports:ministry",
        "reports:appraisal-words",
        "reports:proposal-words",
        "reports:urging-words",
    ),
    "25-hai-buoc": (
        "organisations:second-step",
        "organisations:recovery-step",
        "organisations:second-factor",
        "organisations:set-up-second-factor",
        "organisations:own-sign-ins",
        "organisations:sign-in-log",
    ),
    "26-du-lieu-cua-toi": (
        "organisations:own-data",
        "organisations:anonymise-person",
        "organisations:processing-log",
    ),
}
CHAPTER_OF_PAGE = {page: slug for slug, pages in CHAPTERS_OF.items() for page in pages}


@dataclass(frozen=True)
class Chapter:
    slug: str
    title: str
    html: str
    sections: tuple[tuple[str, str], ...]  # anchor and heading of each, in order

    @property
    def url(self) -> str:
        return chapter_url(self.slug)


def chapter_url(slug: str) -> str:
    return reverse("guide") if slug == CONTENTS else reverse("guide-chapter", args=[slug])


def help_url(view_name: str) -> str:
    """Where the guide explains this page; its contents where no chapter is about it."""
    return chapter_url(CHAPTER_OF_PAGE.get(view_name, CONTENTS))


@cache
def chapters() -> dict[str, Chapter]:
    """Every chapter by its slug in the order of reading, the contents first."""
    numbered = sorted(FOLDER.glob("[0-9]*.md"), key=lambda path: int(path.stem.split("-")[0]))
    paths = [FOLDER / f"{CONTENTS}.md", *numbered]
    return {path.stem: _chapter(path) for path in paths}


def beside(slug: str) -> tuple[Chapter | None, Chapter | None]:
    """The chapters before and after this one."""
    found = list(chapters().values())
    place = [chapter.slug for chapter in found].index(slug)
    before = found[place - 1] if place > 0 else None
    after = found[place + 1] if place + 1 < len(found) else None
    return before, after


def _chapter(path: Path) -> Chapter:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(path.read_text(encoding="utf-8"))
    title, sections = "", []
    for token, inline in zip(tokens, [*tokens[1:], Token("", "", 0)], strict=True):
        if token.type == "heading_open":
            words = _plain(inline)
            if token.tag == "h1":
                title = words
            else:
                token.attrSet("id", _anchor(words))
            if token.tag == "h2":
                sections.append((_anchor(words), words))
        elif token.type == "table_open":
            token.attrSet("class", "register")
    for token in _within(tokens):
        if token.type == "link_open":
            token.attrSet("href", _led(str(token.attrGet("href"))))
        elif token.type == "image":
            token.attrSet("src", _picture(str(token.attrGet("src"))))
            token.attrSet("loading", "lazy")
    html = reader.renderer.render(_without_title(tokens), reader.options, {})
    return Chapter(path.stem, title, html, tuple(sections))


def _within(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or []


def _without_title(tokens: list[Token]) -> list[Token]:
    """The page has its own heading of the first degree."""
    end = next(place for place, token in enumerate(tokens) if token.type == "heading_close")
    return tokens[end + 1 :]


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])


def _anchor(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", search_key(words)).strip("-")


def _led(target: str) -> str:
    """A link to another file of the guide, as a link to its page."""
    path, _, anchor = target.partition("#")
    if not path.endswith(".md"):
        return target
    return chapter_url(path.removesuffix(".md")) + (f"#{anchor}" if anchor else "")


def _picture(target: str) -> str:
    return static(f"{PICTURES}/{target.removeprefix('anh/')}")
