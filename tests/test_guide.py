"""The user's guide says only what the pages have: pictures, addresses, words in quotes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from PIL import Image

ROOT = Path(settings.BASE_DIR)
GUIDE = ROOT / "docs" / "huong-dan"
CHAPTERS = sorted(GUIDE.glob("*.md"))
MAX_PICTURE = 120 * 1024  # a clone carries every one of them, and each version anew


def written(pattern: str) -> list[tuple[str, str]]:
    """Every match in the guide, with the chapter that has it."""
    return [
        (path.name, " ".join(found.split()))
        for path in CHAPTERS
        for found in re.findall(pattern, path.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def shown() -> str:
    """All that pages are made of, in one line: templates without their tags, code, catalogue."""
    templates = [
        re.sub(r"<[^>]+>|{#.*?#}", "", path.read_text(encoding="utf-8"))
        for path in (ROOT / "templates").rglob("*.html")
    ]
    apps = ("criteria", "evaluations", "hocxahoi", "organisations", "reports", "upkeep")
    code = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    code += (ROOT / "static" / "js").glob("*.js")
    return " ".join(" ".join([*templates, *(path.read_text("utf-8") for path in code)]).split())


def test_what_the_guide_links_to_is_there():
    links = written(r"\]\(([^)]+)\)")

    assert links
    assert [link for link in links if not (GUIDE / link[1]).is_file()] == []


def test_the_pictures_of_readme_are_there():
    named = re.findall(r"\]\((docs/img/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_every_chapter_is_in_the_contents():
    contents = {
        target for chapter, target in written(r"\]\(([^)]+\.md)\)") if chapter == "README.md"
    }

    assert contents == {path.name for path in CHAPTERS} - {"README.md"}


def test_every_picture_is_shown_and_described():
    described = {target for _, target in written(r"!\[[^\]]+\]\(([^)]+)\)")}

    assert described == {f"anh/{path.name}" for path in (GUIDE / "anh").iterdir()}


def test_pictures_are_small_and_no_wider_than_a_window():
    too_large = []
    for path in [*(GUIDE / "anh").iterdir(), *(ROOT / "docs" / "img").iterdir()]:
        with Image.open(path) as image:
            if path.stat().st_size > MAX_PICTURE or image.width > 1280:
                too_large.append((path.name, path.stat().st_size, image.width))

    assert too_large == []


def test_addresses_in_the_guide_lead_to_pages():
    lost = []
    for chapter, address in written(r"`(/[^`]*)`"):
        try:
            resolve(address)
        except Resolver404:
            lost.append((chapter, address))

    assert lost == []


def test_quoted_words_stand_on_some_page(shown):
    quoted = written(r"“([^”]+)”")

    assert quoted
    assert [each for each in quoted if each[1].rstrip("….") not in shown] == []
