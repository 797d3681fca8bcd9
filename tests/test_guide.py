"""The user's guide says only what the pages have: pictures, addresses, words in quotes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve, reverse
from PIL import Image
from pytest_django.asserts import assertContains

from hocxahoi.guide import CHAPTER_OF_PAGE, CHAPTERS_OF, CONTENTS, chapters, help_url
from tests.test_access import PAGES

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
    assert [link for link in links if not (GUIDE / link[1].split("#")[0]).is_file()] == []


def test_every_chapter_is_a_page_whose_links_and_pictures_lead_somewhere(client):
    assert set(chapters()) == {path.stem for path in CHAPTERS}
    for slug, chapter in chapters().items():
        said = client.get(chapter.url).content.decode()

        title = (GUIDE / f"{slug}.md").read_text(encoding="utf-8").splitlines()[0]
        assert f"<h1>{title.removeprefix('# ')}</h1>" in said
        assert chapter.html.count("<h1") == 0
        anchors = set(re.findall(r'id="([^"]+)"', chapter.html))
        for target in re.findall(r'href="([^"]+)"', chapter.html):
            path, _, anchor = target.partition("#")
            led_to = resolve(path or chapter.url)
            assert led_to.url_name in {"guide", "guide-chapter"}, (slug, target)
            there = chapters()[led_to.kwargs.get("slug", CONTENTS)]
            assert not anchor or f'id="{anchor}"' in there.html, (slug, target)
        for picture in re.findall(r'src="([^"]+)"', chapter.html):
            assert finders.find(picture.removeprefix(settings.STATIC_URL)), (slug, picture)
        assert {anchor for anchor, _ in chapter.sections} <= anchors


def test_chapters_are_turned_over_in_their_order(client):
    first, second, *_, last = chapters().values()

    assert [chapter.title.split(".")[0] for chapter in chapters().values()][1:] == [
        str(number) for number in range(1, len(chapters()))
    ]
    assertContains(client.get(first.url), f'rel="next" class="push" href="{second.url}"')
    assertContains(client.get(second.url), f'rel="prev" href="{first.url}"')
    assert 'rel="next"' not in client.get(last.url).content.decode()


def test_every_page_leads_to_the_chapter_that_explains_it(client, editor):
    assert set(CHAPTER_OF_PAGE) <= set(PAGES)
    assert set(CHAPTERS_OF) <= set(chapters())
    assert len(CHAPTER_OF_PAGE) == sum(len(pages) for pages in CHAPTERS_OF.values())
    client.force_login(editor)

    for page, chapter in (("reports:index", "9-bao-cao"), ("evaluations:home", "")):
        url = f"/huong-dan/{chapter}/" if chapter else "/huong-dan/"
        assert help_url(page) == url
        assertContains(client.get(reverse(page)), f'<a class="help" href="{url}"')


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
