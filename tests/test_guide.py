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
    apps = ("criteria", "evaluations", "hocxahoi", "organisations", "reports")
    code = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    code += (ROOT / "static" / "js").glob("*.js")
    return " ".join(" ".join([*templates, *(path.read_text("utf-8") for path in code)]).split())


@pytest.mark.parametrize(("chapter", "target"), written(r"\]\(([^)]+)\)"))
def test_what_the_guide_links_to_is_there(chapter, target):
    assert (GUIDE / target).is_file()


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


@pytest.mark.parametrize(
    "path", [*(GUIDE / "anh").iterdir(), *(ROOT / "docs" / "img").iterdir()], ids=lambda p: p.name
)
def test_pictures_are_small_and_no_wider_than_a_window(path):
    assert path.stat().st_size <= MAX_PICTURE
    with Image.open(path) as image:
        assert image.width <= 1280


@pytest.mark.parametrize(("chapter", "address"), written(r"`(/[^`]*)`"))
def test_addresses_in_the_guide_lead_to_pages(chapter, address):
    try:
        resolve(address)
    except Resolver404:
        pytest.fail(f"{chapter}: {address}")


@pytest.mark.parametrize(("chapter", "words"), written(r"“([^”]+)”"))
def test_quoted_words_stand_on_some_page(chapter, words, shown):
    assert words.rstrip("….") in shown
