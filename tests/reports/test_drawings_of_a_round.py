"""The figures of the summary and of the report to the Ministry: drawn from the tables' content."""

from collections import Counter
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.district_summary.drawings import (
    MOST_BARS,
    MOST_ROWS,
    band_figure,
    level_figures,
)
from reports.district_summary.sheets import level_table
from reports.district_summary.tables import summary_tables
from reports.ministry.drawings import decided_map
from reports.ministry.tables import levels_table
from reports.paper.drawings import Bars, HeatMap, TileMap, Tone
from reports.paper.html import paper_html
from reports.paper.parts import Paragraph, Signature, Signer
from reports.workbooks import new_book, write_table
from tests.reports.ministry.facts import DECISION, INDICATORS, column, facts, unit
from tests.reports.paper.samples import paper
from tests.reports.printing import printed

BELOW = column("10/25", "Dưới ngưỡng", level=0)
OPEN = column(word="Chưa nhập", met="Đang dở", level=0, sentence="Chưa xác định: còn 2 chỉ báo.")
OPEN["results"]["2.1.2"] |= {"share": None, "shown": "", "figure": ""}
SPARED = column(met="Không áp dụng")
LONG = "Cơ quan đạt danh hiệu Đơn vị học tập"
BARE = {"head": None, "appendices": (), "marks": ()}
PLACES = [
    {"code": "A", "name": "A", "row": 1, "column": 1},
    {"code": "B", "name": "B", "row": 1, "column": 2},
    {"code": "X", "name": "Ngoài đợt", "row": 2, "column": 1},
]


def district(name, own=None, appraised=None, state="chưa gửi"):
    return {"code": name, "name": f"Huyện {name}", "bare_name": name, "state": state} | {
        "self": own,
        "appraised": appraised,
    }


def summary(*districts, places=()):
    return {"indicators": INDICATORS, "districts": list(districts), "map": list(places)}


def drawn(parts, kind):
    (found,) = [part for part in parts if isinstance(part.drawing, kind)]
    return found


def test_bars_and_heat_map_say_what_the_matrix_says():
    content = summary(
        district("Đồ Sơn", column(), column("24/25", "Mức 3", level=3)),
        district("Dương Kinh", column(), BELOW),
        district("An Lão", column(), state="Sở đang thẩm định"),
        district("Cát Hải", SPARED, SPARED),
        district("Vĩnh Bảo"),
    )

    heat, bars = drawn(band_figure(content), HeatMap), drawn(level_figures(content), Bars)

    assert heat.title == "Kết quả từng chỉ báo, theo kết quả thẩm định"
    # "D" before "Đ", as a Vietnamese reader looks for a name.
    names = ["An Lão", "Cát Hải", "Dương Kinh", "Đồ Sơn", "Vĩnh Bảo"]
    assert [row.label for row in heat.drawing.rows] == names
    assert [bar.label for bar in bars.drawing.bars] == names
    rows = {row.label: row for row in heat.drawing.rows}
    lines = summary_tables(content)[1].data
    told = {(line["name"], line["code"]): line["word"] for line in lines
            if line["column"] == "Thẩm định"}  # fmt: skip
    marks = {"Đạt": "Đ", "Không áp dụng": "KA", "Dưới ngưỡng": "×", "Mức 3": "3", "Mức 1": "1"}
    for (name, code), word in told.items():
        place = [each["code"] for each in INDICATORS].index(code)
        assert rows[name.removeprefix("Huyện ")].cells[place].mark == marks[word]
    assert len(told) == sum(len(row.cells) for row in rows.values())
    assert {name: row.end.mark for name, row in rows.items() if row.cells} == {
        "Đồ Sơn": "3", "Dương Kinh": "×", "Cát Hải": "1"
    }  # fmt: skip
    assert {name: row.state for name, row in rows.items() if not row.cells} == {
        "An Lão": "Sở đang thẩm định",
        "Vĩnh Bảo": "chưa gửi",
    }
    notes = {bar.label: bar.notes for bar in bars.drawing.bars if bar.notes}
    assert notes == {
        "Đồ Sơn": ("1/1", "3"), "Dương Kinh": ("1/1", "Chưa đạt"), "Cát Hải": ("0/0", "1")
    }  # fmt: skip


def test_what_is_not_determined_is_drawn_as_such_and_never_as_zero():
    content = summary(district("A", OPEN), district("B", BELOW), places=PLACES)

    heat = drawn(band_figure(content), HeatMap).drawing
    bars = drawn(level_figures(content), Bars).drawing
    tiles = drawn(level_figures(content), TileMap).drawing

    assert [sign.tone for sign in heat.rows[0].cells] == [Tone.UNKNOWN] * 2
    assert [row.end.mark for row in heat.rows] == ["–", "×"]
    assert [[(s.label, n) for s, n in bar.counts] for bar in bars.bars] == [
        [("Chưa có kết quả", 1)],
        [("Chưa đạt, dưới ngưỡng", 1)],
    ]
    assert bars.bars[0].notes[1] == "Chưa xác định"
    assert [(tile.name, tile.sign.label) for tile in tiles.tiles] == [
        ("A", "Chưa có kết quả"),
        ("B", "Chưa đạt"),
        ("Ngoài đợt", "Không tham gia đợt này"),
    ]


def test_before_any_appraisal_the_districts_own_column_is_told_and_named():
    content = summary(district("A", column()), district("B"))

    assert [part.title for part in (*level_figures(content), *band_figure(content))] == [
        "Số chỉ báo xét mức độ ở từng mức, theo tự đánh giá (chưa thẩm định)",
        "Kết quả từng chỉ báo, theo tự đánh giá (chưa thẩm định)",
    ]


@pytest.mark.parametrize(
    "districts", [[], [district("A", column())], [district("A"), district("B")]]
)
def test_where_there_is_nothing_to_compare_there_is_no_figure(districts):
    content = summary(*districts, places=PLACES)

    assert level_figures(content) == band_figure(content) == []


def test_content_frozen_before_there_were_maps_has_none():
    content = summary(district("A", column()), district("B", column()))
    del content["map"]

    assert [type(part.drawing) for part in level_figures(content)] == [Bars]


@pytest.mark.parametrize("count", [MOST_ROWS + 1, 700])
def test_very_many_districts_are_counted_and_not_named(count):
    levels = [column("24/25", "Mức 3", level=3), column(), BELOW]
    many = [district(f"H{n}", levels[n % 3], levels[n % 2] if n % 5 else None)
            for n in range(count)]  # fmt: skip
    content = summary(*many)

    by_level = drawn(level_figures(content), Bars).drawing
    by_indicator = drawn(band_figure(content), Bars).drawing

    assert [bar.label for bar in by_level.bars] == ["Tự đánh giá", "Thẩm định"]
    assert [bar.label for bar in by_indicator.bars] == [each["code"] for each in INDICATORS]
    assert {bar.total for bar in (*by_level.bars, *by_indicator.bars)} == {count}
    appraised = Counter(
        "Chưa có kết quả" if each["appraised"] is None else f"Mức độ {each['appraised']['level']}"
        for each in many
    )
    assert {sign.label: n for sign, n in by_level.bars[1].counts} == appraised


def test_the_chart_of_the_workbook_is_drawn_from_its_cells():
    content = summary(district("A", column(), BELOW), district("B", column()), district("C"))
    table = level_table(content)
    buffer = BytesIO()
    with new_book(buffer, title="", comments="") as book:
        write_table(book, table, head=("Thử", ""), foot="x")

    sheet = load_workbook(buffer)["Theo mức độ"]

    rows = list(sheet.iter_rows(max_row=4, values_only=True))
    assert rows == [
        ("Kết quả", "Tự đánh giá", "Thẩm định"),
        ("Mức độ 1", 2, 0),
        ("Chưa đạt", 0, 1),
        ("Chưa có kết quả", 1, 2),
    ]
    (chart,) = sheet._charts
    ranges = [(each.cat.strRef.f, each.val.numRef.f) for each in chart.series]
    assert ranges == [
        ("'Theo mức độ'!$A$2:$A$4", f"'Theo mức độ'!${letter}$2:${letter}$4") for letter in "BC"
    ]
    assert int(sheet.print_area.rpartition("$")[2]) > 20  # it is printed too


def test_as_many_districts_as_are_named_fit_on_their_page():
    """The bars with the signature of the summary on a page across, the heat map on an upright."""
    codes = [f"{n}.1.1" for n in range(16)]
    indicators = [{"code": code, "short_name": LONG, "is_graded": False} for code in codes]
    result = {"word": "Đạt", "figure": "", "share": None, "shown": "", "achieved": None}
    own = column() | {"results": dict.fromkeys(codes, result | {"total": None})}
    bars, heat = (
        summary(*(district(f"H{n}", own, own) for n in range(count))) | {"indicators": indicators}
        for count in (MOST_BARS, MOST_ROWS)
    )
    key = tuple(f"{code}: {LONG}" for code in codes)
    closing = Signature("", Signer("", "Giám đốc", ""), key=key)
    across = paper(parts=(*level_figures(bars), closing), is_landscape=True, **BARE)
    upright = paper(parts=(Paragraph(LONG), *band_figure(heat)), **BARE)

    for made in (across, upright):
        pages = PdfReader(BytesIO(printed(paper_html(made, "dấu")))).pages
        assert len(pages) == 1
    assert upright.parts[1].caption.startswith("Hình 1.")


def test_the_map_of_the_ministry_counts_as_its_table_does():
    units = [
        unit("Huyện A", decision=DECISION),
        unit("Huyện B", decision=DECISION | {"level": 0}),
        unit("Huyện C", sent_on=None),
    ]
    places = [*PLACES, {"code": "C", "name": "C", "row": 2, "column": 2}]
    content = facts(*units, summary=summary(*(district(n) for n in "ABC"), places=places))

    (figure,) = decided_map(content)

    counted = Counter(tile.sign.label for tile in figure.drawing.tiles)
    table = {row["level"].shown: row["count"].value for row in levels_table(content).rows}
    assert counted["Mức độ 1"] == table["Mức độ 1"] == 1
    assert counted["Không được công nhận"] == table["Không được công nhận"] == 1
    assert counted["Chưa có quyết định"] == 1
    assert decided_map(content | {"units": [each | {"decision": None} for each in units]}) == []
