"""The figures (hình) of a summary: levels by district and on the map, every indicator at a glance.

Drawn from the frozen content of the tables. They tell the Sở's column as soon as it is finished
for any district, else the districts' own; a district that has none yet is drawn as such.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from organisations.text import sort_key
from reports.district_summary.tables import APPRAISED, SELF, UNCONFIRMED, column_told, is_confirmed
from reports.figures import is_open, level_cell, listed
from reports.paper.drawings import Bar, Bars, HeatMap, HeatRow, Sign, Tile, TileMap, Tone
from reports.paper.parts import Figure, Part

# A figure is never parted, and a district takes a row of 6 mm. So many fit on a page across, 170 mm
# high, under the head of an appendix; an upright page bears the 30 of Hà Nội, the most of any
# province. Where there are more they are counted and not named.
MOST_BARS, MOST_ROWS = 16, 30
TONES = {3: Tone.LEVEL_3, 2: Tone.LEVEL_2, 1: Tone.LEVEL_1}
UNMET = Sign(Tone.UNMET, "×", "Chưa đạt")
UNKNOWN = Sign(Tone.UNKNOWN, "–", "Chưa có kết quả")
ABSENT = Sign(Tone.ABSENT, "", "Không tham gia đợt này")
LEVELS = {level: Sign(tone, str(level), f"Mức độ {level}") for level, tone in TONES.items()}
OF_DISTRICT = (*LEVELS.values(), UNMET, UNKNOWN, ABSENT)

BELOW = Sign(Tone.UNMET, "×", "Chưa đạt, dưới ngưỡng")
MET = Sign(Tone.MET, "Đ", "Đạt")
SPARED = Sign(Tone.SPARED, "KA", "Không áp dụng")
BANDS = {level: Sign(tone, str(level), f"Mức {level}") for level, tone in TONES.items()}
OF_INDICATOR = (*BANDS.values(), MET, BELOW, SPARED, UNKNOWN)
# By the words of `Line.mark`; any other, "Chưa nhập" or "Đang dở", is no result yet.
BY_WORD = {sign.label: sign for sign in (*BANDS.values(), MET, SPARED)} | {
    "Dưới ngưỡng": BELOW,
    "Chưa đạt": BELOW,
}
TOLD = {"appraised": "kết quả thẩm định", "self": "tự đánh giá (chưa thẩm định)"}
UNIT = "Quận, huyện"


def level_figures(content: dict[str, Any]) -> list[Figure]:
    """What each district reached, with the indicators behind it, and where it lies."""
    districts, told = content["districts"], column_told(content["districts"])
    if len(districts) < 2 or not told:
        return []
    whom = whose(districts, told)
    by_district = len(districts) <= MOST_BARS
    bars = _bars(content, told) if by_district else levels_counted(districts)
    title = (
        f"Số chỉ báo xét mức độ ở từng mức, theo {whom}"
        if by_district
        else "Số quận, huyện theo mức độ"
    )
    signs = {each["code"]: _level(each[told]) for each in districts}
    figures = [
        Figure(title, bars),
        *level_map(content, signs, f"Mức độ theo {whom}"),
    ]
    return [replace(each, is_half=len(figures) > 1) for each in figures]


def whose(districts: Iterable[dict[str, Any]], told: str) -> str:
    """Which column is drawn, and who of it awaits confirmation."""
    waiting = [each["bare_name"] for each in districts if each[told] and not is_confirmed(each)]
    if told == "self" or not waiting:
        return TOLD[told]
    return f"{TOLD[told]} ({listed(waiting, ', ')}: chưa xác nhận)"


def level_map(
    content: dict[str, Any],
    signs: Mapping[str, Sign],
    title: str,
    known: Iterable[Sign] = OF_DISTRICT,
) -> list[Figure]:
    """`signs` by the code of the district; nothing where the round lies on no map."""
    tiles = [
        Tile(place["name"], place["row"], place["column"], signs.get(place["code"], ABSENT))
        for place in sorted(content.get("map", ()), key=lambda each: (each["row"], each["column"]))
    ]
    return [Figure(title, TileMap(tuple(known), tuple(tiles)))] if tiles else []


def band_figure(content: dict[str, Any]) -> list[Part]:
    """District by indicator; of very many districts how often each result occurs."""
    districts, told = content["districts"], column_told(content["districts"])
    if len(districts) < 2 or not told:
        return []
    if len(districts) > MOST_ROWS:
        title = f"Số quận, huyện theo kết quả từng chỉ báo, theo {whose(districts, told)}"
        return [Figure(title, _by_indicator(content, told))]
    rows = tuple(
        HeatRow(
            each["bare_name"],
            tuple(_sign(each[told], indicator["code"]) for indicator in content["indicators"]),
            _band_of_level(each[told]),
        )
        if each[told]
        else HeatRow(each["bare_name"], (), UNKNOWN, each["state"])
        for each in in_order(districts)
    )
    codes = tuple(indicator["code"] for indicator in content["indicators"])
    return [
        Figure(
            f"Kết quả từng chỉ báo, theo {whose(districts, told)}",
            HeatMap(UNIT, codes, "Mức độ", OF_INDICATOR, rows),
        )
    ]


def in_order(districts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a Vietnamese reader looks for a name."""
    return sorted(districts, key=lambda each: sort_key(each["bare_name"]))


def _bars(content: dict[str, Any], told: str) -> Bars:
    """The graded indicators as bars; prerequisites and the level behind them."""
    graded = [each["code"] for each in content["indicators"] if each["is_graded"]]
    others = [each["code"] for each in content["indicators"] if not each["is_graded"]]
    bars = tuple(
        Bar(
            each["bare_name"],
            tuple(Counter(_sign(each[told], code) for code in graded).items()),
            (_met(each[told], others), level_cell(each[told]).shown),
        )
        if each[told]
        else Bar(each["bare_name"], state=each["state"])
        for each in in_order(content["districts"])
    )
    return Bars(UNIT, OF_INDICATOR, bars, ("Điều kiện đạt", "Mức độ"))


def _met(column: dict[str, Any], codes: list[str]) -> str:
    """ "10/11": of the prerequisites that apply."""
    signs = [_sign(column, code) for code in codes]
    return f"{signs.count(MET)}/{len(signs) - signs.count(SPARED)}"


def levels_counted(districts: list[dict[str, Any]]) -> Bars:
    """How many districts are at each level, by each column that is told of any; what awaits
    confirmation in a bar of its own."""
    waiting = [each for each in districts if each["appraised"] and not is_confirmed(each)]
    settled = [each if is_confirmed(each) else each | {"appraised": None} for each in districts]
    bars = tuple(
        Bar(label, tuple(Counter(_level(each[key]) for each in counted).items()))
        for label, key, counted in (
            (SELF, "self", districts),
            (APPRAISED, "appraised", settled),
            (UNCONFIRMED, "appraised", waiting),
        )
        if any(each[key] for each in counted)
    )
    return Bars("Kết quả", OF_DISTRICT, bars)


def _by_indicator(content: dict[str, Any], told: str) -> Bars:
    bars = tuple(
        Bar(
            indicator["code"],
            tuple(
                Counter(
                    _sign(each[told], indicator["code"]) for each in content["districts"]
                ).items()
            ),
        )
        for indicator in content["indicators"]
    )
    return Bars("Chỉ báo", OF_INDICATOR, bars)


def _sign(column: dict[str, Any] | None, code: str) -> Sign:
    result = column["results"].get(code) if column else None
    return BY_WORD.get(result["word"], UNKNOWN) if result else UNKNOWN


def _level(column: dict[str, Any] | None) -> Sign:
    if column is None or is_open(column):
        return UNKNOWN
    return LEVELS[column["level"]] if column["is_recognised"] else UNMET


def _band_of_level(column: dict[str, Any]) -> Sign:
    """The same among the signs of indicators, which have a legend of their own."""
    sign = _level(column)
    return {UNMET: BELOW, UNKNOWN: UNKNOWN}.get(sign) or BANDS[column["level"]]
