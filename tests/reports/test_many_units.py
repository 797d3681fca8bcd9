"""Rounds with more districts than a page is wide, or than a sentence bears."""

import pytest

from reports.district_summary.words import words
from reports.figures import FIRST, MANY
from reports.ministry.drafts import general
from reports.ministry.tables import levels_table
from reports.paper.grids import Grid
from reports.paper.parts import Small
from reports.suitability import MOST_ACROSS, fit_parts, suitability_tables
from tests.reports.ministry.facts import INDICATORS, column, district, facts, said, unit


def fitting(count: int) -> dict:
    """That many districts, all of one name; the last of them doubts 2.1.2."""
    doubts = {"2.1.2": said("unfit")}
    units = [
        {
            "name": f"Huyện A {place}",
            "bare_name": "A",
            "said": {each["code"]: said() for each in INDICATORS} | (doubts if last else {}),
        }
        for place in range(count)
        for last in [place == count - 1]
    ]
    return {"indicators": INDICATORS, "units": units}


@pytest.mark.parametrize("count", [2, MOST_ACROSS])
def test_few_units_stand_across(count):
    (matrix, _), parts = suitability_tables(fitting(count)), fit_parts(fitting(count), "")
    (grid,) = (part for part in parts if isinstance(part, Grid))

    last = list(matrix.rows[1].values())
    assert [cell.shown for cell in last[2:-3]] == ["P"] * (count - 1) + ["K"]
    assert [cell.value for cell in last[-3:]] == [count - 1, 0, 1]
    assert min(each.width for each in grid.columns) > 12
    assert len(grid.rows) == len(INDICATORS)


def test_many_units_stand_one_under_the_other():
    count = MOST_ACROSS + 1
    content = fitting(count)
    matrix, (*_, grid, names) = suitability_tables(content)[0], fit_parts(content, "")

    rows = [[cell.shown for cell in row.values()] for row in matrix.rows]
    assert rows[:2] == [["Huyện A 0", "P", "P"], ["Huyện A 1", "P", "P"]]
    assert rows[count - 1 :] == [
        [f"Huyện A {count - 1}", "P", "K"],
        ["Phù hợp", "11", "10"],
        ["Phù hợp một phần", "0", "0"],
        ["Không phù hợp", "0", "1"],
    ]
    assert isinstance(grid, Grid)
    assert round(sum(each.width for each in grid.columns)) == 251
    assert [[box.text for box in row.boxes] for row in grid.rows] == rows
    assert [row.boxes[0].is_shaded for row in grid.rows] == [False] * count + [True] * 3
    assert names == Small(("1.1.1: Nhiệm vụ; 2.1.2: Cộng đồng.",))


@pytest.mark.parametrize("count", [MANY, MANY + 1])
def test_a_sentence_names_no_more_than_a_province_has(count):
    late = {"days_late": 2, "extended_until": "2022-12-20", "extension_reason": "Bão."}
    units = [unit(f"Huyện {place:03}", **late) for place in range(count)]
    districts = [
        district(each["code"], own=column()) | {"bare_name": each["bare_name"]} for each in units
    ]
    made = facts(*units, summary={"indicators": INDICATORS, "districts": districts})
    summary = words(
        made["summary"]
        | {name: made[name] for name in ("round", "set")}
        | {"file_name": "", "issuer": {"issuer_name": ""}, "marks": []}
    )

    told = [
        general.set_up(made)[0],
        *(line for line in general.progress(made) if line.startswith(("Gửi sau", "Được gia"))),
        levels_table(made).rows[-2]["names"].shown,
        summary["levels"][0],
    ]
    more = f" và {count - FIRST} đơn vị khác"
    assert len(told) == 5
    for line in told:
        assert (more in line) is (count > MANY), line
        assert (f"{FIRST:03}" in line) is (count <= MANY), line
