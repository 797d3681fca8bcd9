"""Both sets word for word as published: the fixtures against the text of the plan's annexes.

The reader of the annexes below is the test's own; the fixtures owe it nothing.
"""

import re
import unicodedata
from pathlib import Path

import pytest

from criteria.measures import Measure

from .conftest import FIXTURES, fixture_of

ANNEXES = FIXTURES / "ke-hoach-02-kh-ubnd-2022-phu-luc.txt"
SETS = [
    # code, heading of its annex, cells beside an indicator, its section of Phụ lục I
    ("quan-huyen-2022", "PHỤ LỤC III", ("guidance",), "1. "),
    ("thanh-pho-2022", "PHỤ LỤC II", ("guidance", "lead", "partners"), "2. "),
]
SLIPS = {
    ("quan-huyen-2022", "1.2.1"): ("các các ban, ngành", "các ban, ngành"),
    ("quan-huyen-2022", "3.1.2"): ("Chất rắn trên địa bàn", "Chất thải rắn trên địa bàn"),
    ("thanh-pho-2022", "1.2.3"): ("ghi nhận, biếu dương", "ghi nhận, biểu dương"),
}
GRADED = {
    "quan-huyen-2022": ["2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.4"],
    "thanh-pho-2022": ["2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.3", "2.2.4"],
}
MEASURES = {
    "quan-huyen-2022": {
        "document": ["1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1"],
        "share": ["2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.3", "2.2.4", "3.2.2", "3.2.3"],
        "shares": ["3.1.2"],
        "change": ["3.1.1"],
    },
    "thanh-pho-2022": {
        "document": ["1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1", "3.2.2"],
        "share": [
            *("2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.3", "2.2.4"),
            *("3.1.4", "3.2.3", "3.2.4"),
        ],
        "shares": ["3.1.5"],
        "change": ["3.1.1", "3.1.2", "3.1.3"],
    },
}
BOUNDS = {
    "quan-huyen-2022": {
        **dict.fromkeys(GRADED["quan-huyen-2022"], (">=", "70")),
        "2.2.3": ("=", "100"),
        "3.1.2": (">=", "90"),
        "3.2.2": ("<", "0.05"),
        "3.2.3": (">=", "50"),
    },
    "thanh-pho-2022": {
        **dict.fromkeys(GRADED["thanh-pho-2022"], (">=", "70")),
        "3.1.4": (">=", "66"),
        "3.1.5": (">=", "90"),
        "3.2.3": ("<", "0.05"),
        "3.2.4": (">=", "50"),
    },
}


def annex(heading):
    lines = ANNEXES.read_text(encoding="utf-8").splitlines()
    start = lines.index(heading) + 1
    ends = [n for n, line in enumerate(lines) if line.startswith("PHỤ LỤC") and n > start]
    return lines[start : ends[0] if ends else None]


def rows(heading, cells):
    """The annex as (code, text, cells beside it), in its own order."""
    lines = iter(annex(heading))
    for line in lines:
        if re.fullmatch("[123]", line):
            yield line, next(lines), ()
        elif numbered := re.fullmatch(r"(\d\.\d\.\d)\.? (.+)", line):
            yield numbered[1], numbered[2], tuple(next(lines) for _ in cells)
        elif numbered := re.fullmatch(r"(\d\.\d)\. (.+)", line):
            yield numbered[1], numbered[2], ()


def indicators(data):
    return [
        item
        for standard in data["standards"]
        for criterion in standard["criteria"]
        for item in criterion["indicators"]
    ]


def flat(data, cells):
    for standard in data["standards"]:
        yield standard["code"], standard["text"], ()
        for criterion in standard["criteria"]:
            yield criterion["code"], criterion["text"], ()
            for item in criterion["indicators"]:
                published = item["as_published"] or item["text"]
                yield item["code"], published, tuple(item[cell] for cell in cells)


def test_the_annexes_are_those_of_the_plan():
    """The copy is the published text; a sentence of each annex stands for the whole."""
    text = ANNEXES.read_text(encoding="utf-8")

    assert text.startswith("PHỤ LỤC I\n")
    assert "Đạt ở mức trên 90% - 100% đối với tất cả các chỉ báo thuộc tiêu chí 2.1" in text
    assert "3.1.4. Tỷ lệ lao động qua đào tạo đạt 66%\n" in text
    assert "2.2.3. 100% trung tâm GDTX, GDNN-GDTX trên địa bàn huyện có nguồn học liệu" in text


@pytest.mark.parametrize(("code", "heading", "cells", "_section"), SETS)
def test_each_set_says_what_its_annex_says(code, heading, cells, _section):
    assert list(flat(fixture_of(code), cells)) == list(rows(heading, cells))


@pytest.mark.parametrize(("code", "_heading", "_cells", "section"), SETS)
def test_the_level_rule_is_that_of_the_first_annex(code, _heading, _cells, section):
    lines = annex("PHỤ LỤC I")
    sections = [n for n, line in enumerate(lines) if re.match(r"[12]\. ", line)] + [len(lines)]
    start = next(n for n in sections if lines[n].startswith(section))
    end = sections[sections.index(start) + 1]
    introduction = next(line for line in lines if line.startswith("Có 3 mức độ"))

    assert fixture_of(code)["rule_text"].split("\n") == [introduction, *lines[start:end]]


@pytest.mark.parametrize("code", GRADED)
def test_only_the_known_slips_are_corrected(code):
    corrected = {
        item["code"]: (item["as_published"], item["text"])
        for item in indicators(fixture_of(code))
        if item["as_published"]
    }
    expected = {key[1]: pair for key, pair in SLIPS.items() if key[0] == code}

    assert corrected.keys() == expected.keys()
    for number, (slip, mended) in expected.items():
        published, text = corrected[number]
        assert published.count(slip) == 1
        assert text == published.replace(slip, mended)


@pytest.mark.parametrize(("code", "standards", "criteria", "count"), [
    ("quan-huyen-2022", 3, 6, 16),
    ("thanh-pho-2022", 3, 6, 20),
])  # fmt: skip
def test_the_sets_have_the_published_numbers(code, standards, criteria, count):
    data = fixture_of(code)

    assert len(data["standards"]) == standards
    assert sum(len(item["criteria"]) for item in data["standards"]) == criteria
    assert len(indicators(data)) == count


@pytest.mark.parametrize("code", GRADED)
def test_roles_and_measures_are_those_of_the_design(code):
    items = indicators(fixture_of(code))
    by_kind: dict[str, list[str]] = {}
    for item in items:
        by_kind.setdefault(item["measure"]["kind"], []).append(item["code"])
    bounds = {
        item["code"]: tuple(item["measure"]["bound"].values())
        for item in items
        if "bound" in item["measure"]
    }

    assert [item["code"] for item in items if item["role"] == "graded"] == GRADED[code]
    assert by_kind == MEASURES[code]
    assert bounds == BOUNDS[code]
    derived = [item["code"] for item in items if item["measure"].get("derived")]
    assert derived == ["2.1.1", "2.1.2"]


@pytest.mark.parametrize("code", GRADED)
def test_thresholds_are_from_70_above_80_above_90(code):
    assert fixture_of(code)["thresholds"] == [
        {"level": 1, "percent": 70, "inclusive": True},
        {"level": 2, "percent": 80, "inclusive": False},
        {"level": 3, "percent": 90, "inclusive": False},
    ]


@pytest.mark.parametrize("code", GRADED)
def test_every_indicator_can_be_shown_and_typed(code):
    for item in indicators(fixture_of(code)):
        measure = Measure.from_data(item["measure"])

        assert measure.to_data() == item["measure"]
        assert item["short_name"]
        assert measure.plain
        assert all(field.label for field in measure.fields)
        assert item["role"] == "prerequisite" or measure.noun


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: Path(path).name)
def test_fixtures_are_normalised(path):
    text = path.read_text(encoding="utf-8")

    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
