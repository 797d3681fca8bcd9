"""Chapter II of the districts: levels, indicators, last year, titles."""

from fractions import Fraction

from criteria.numbers import show_number, show_percent
from reports.days import day
from reports.figures import listed
from reports.letterhead import lower_first
from reports.ministry.words import (
    Facts,
    Unit,
    by_key,
    called,
    capital,
    in_full,
    judged,
    level_word,
    names,
    some,
    some_of,
)

BELOW = "Dưới ngưỡng"
MET, UNMET, SPARED = "Đạt", "Chưa đạt", "Không áp dụng"


def recognition(facts: Facts) -> list[str]:
    return [*_decided(facts), *_undecided(facts), *_moved(facts), *_holding(facts)]


def _decided(facts: Facts) -> list[str]:
    units, until = facts["units"], f"Đến ngày {day(facts['on'])}"
    decided = [unit for unit in units if unit["decision"]]
    good = [unit for unit in decided if unit["decision"]["level"]]
    refused = [unit for unit in decided if not unit["decision"]["level"]]
    if not decided:
        whom = "" if len(units) > 1 else f" đối với {some(units)}"
        return [f"{until}, chưa có quyết định công nhận{whom or ' đối với địa phương nào'}."]
    lines = []
    if good and len(units) == 1:
        level = level_word(good[0]["decision"]["level"])
        lines.append(f"{until}, {some(good)} đã được công nhận đạt {level}.")
    elif len(good) == 1:
        level = level_word(good[0]["decision"]["level"])
        lines.append(f"{until}, 1/{len(units)} địa phương được công nhận: {some(good)} ({level}).")
    elif good:
        groups = by_key(good, lambda unit: unit["decision"]["level"])
        said = "; ".join(
            f"{level_word(level)} có {some(groups[level])}"
            for level in sorted(groups, reverse=True)
        )
        lines.append(f"{until}, {len(good)}/{len(units)} địa phương được công nhận: {said}.")
    else:
        lines.append(f"{until}, chưa địa phương nào được công nhận.")
    if refused:
        lines.append(f"Đã xét nhưng không công nhận: {some(refused)}.")
    return lines


def _undecided(facts: Facts) -> list[str]:
    units = facts["units"]
    waiting = [unit for unit in units if unit["sent_on"] and not unit["decision"]]
    if len(units) == 1 or not waiting:
        return []
    waiting.sort(key=lambda unit: -unit["stage"])
    groups = by_key(waiting, lambda unit: unit["state"])
    said = [f"- {capital(state)}: {names(group)}." for state, group in groups.items()]
    if len(waiting) == len(units):
        return ["Tình trạng hồ sơ:", *said]
    return [f"Đã gửi hồ sơ, chưa có quyết định: {len(waiting)} địa phương, gồm:", *said]


def _moved(facts: Facts) -> list[str]:
    """Where a confirmed appraisal came to another level than the district itself."""
    units = {unit["code"]: unit for unit in facts["units"]}
    appraised = [each for each in facts["summary"]["districts"] if each["appraised"]]
    if not appraised:
        return []
    moved = [each for each in appraised if each["self"]["level"] != each["appraised"]["level"]]
    each_said = [
        f"{units[each['code']]['name_in_sentence']} (tự đánh giá {_level(each['self'])}, "
        f"thẩm định {_level(each['appraised'])})"
        for each in moved
    ]
    said = listed(each_said, "; ")
    if len(units) == 1:
        same = "Kết quả thẩm định giữ nguyên mức độ tự đánh giá."
        return [f"Thẩm định khác tự đánh giá về mức độ: {said}." if moved else same]
    sent = [unit for unit in facts["units"] if unit["sent_on"]]
    head = f"Đã thẩm định, xác nhận kết quả {len(appraised)}/{len(sent)} hồ sơ đã gửi"
    if not moved:
        return [f"{head}, đều giữ nguyên mức độ tự đánh giá."]
    return [f"{head}; {len(moved)} hồ sơ có mức độ khác với tự đánh giá: {said}."]


def _level(column: dict) -> str:
    return level_word(column["level"])


def _holding(facts: Facts) -> list[str]:
    """Which indicators keep a district where it is, by how many they keep."""
    key, units = judged(facts)
    top = 3
    held: dict[str, list[Unit]] = {}
    for unit in units:
        column = unit["column"]
        if column["level"] == top:
            continue
        for code in column["unmet"] or column["weakest"]:
            held.setdefault(code, []).append(unit)
    if not held:
        return []
    known = {each["code"]: each for each in facts["summary"]["indicators"]}
    codes = sorted(held, key=lambda code: (-len(held[code]), list(known).index(code)))
    is_alone = len(facts["units"]) == 1
    head = f"Chỉ báo hạn chế mức độ đạt được, theo kết quả {_of(key)}:"
    if is_alone:
        return [f"{head} {'; '.join(called(known[code]) for code in codes)}."]
    return [head, *(f"- {called(known[code])}: {some(held[code])}." for code in codes)]


def _of(key: str) -> str:
    return "thẩm định" if key == "appraised" else "tự đánh giá (chưa thẩm định)"


def indicators(facts: Facts) -> list[str]:
    """What each reached; of shares the lowest and the highest with their names."""
    key, units = judged(facts)
    if not units:
        return []
    known = facts["summary"]["indicators"]
    whose = f"{len(units)} địa phương" if len(units) > 1 else some(units)
    graded = [each for each in known if each["is_graded"]]
    return [
        f"Số liệu dưới đây theo kết quả {_of(key)} đối với {whose}.",
        *_prerequisites([each for each in known if not each["is_graded"]], units),
        *(_shares(graded, units) if len(units) > 1 else _of_one(graded, units[0])),
    ]


def _prerequisites(known: list[dict], units: list[Unit]) -> list[str]:
    met = [each for each in known if {_word(u, each) for u in units} - {SPARED} == {MET}]
    lines = []
    if met:
        where = " ở tất cả các địa phương" if len(units) > 1 else ""
        is_spared = any(_word(unit, each) == SPARED for each in met for unit in units)
        but = ", trừ nơi không áp dụng" if is_spared else ""
        lines.append(f"{len(met)}/{len(known)} chỉ báo là điều kiện tiên quyết đạt{where}{but}.")
    for word, head in ((UNMET, "Điều kiện tiên quyết chưa đạt"), (SPARED, "Không áp dụng")):
        said = "; ".join(
            f"{called(each)} ở {some_of(who, units)}"
            for each in known
            if (who := [unit for unit in units if _word(unit, each) == word])
        )
        if said:
            lines.append(f"{head}: {said}.")
    return lines


def _word(unit: Unit, indicator: dict) -> str:
    result = unit["column"]["results"].get(indicator["code"])
    return result["word"] if result else ""


def _shares(known: list[dict], units: list[Unit]) -> list[str]:
    """Where every district reaches the least share, and where not; the table has all of it."""
    reached, missed = [], []
    for indicator in known:
        below = [unit for unit in units if _word(unit, indicator) == BELOW]
        if below:
            named = listed([_with_share(unit, indicator) for unit in below], ", ")
            missed.append(f"{called(indicator)} ở {named}")
        elif all(_share(unit, indicator) for unit in units):
            reached.append(indicator["code"])
    lines = []
    if reached:
        lines.append(
            f"{len(reached)}/{len(known)} chỉ báo xét mức độ đạt ngưỡng tối thiểu ở tất cả các "
            f"địa phương ({', '.join(reached)})."
        )
    if missed:
        lines.append(f"Chỉ báo xét mức độ dưới ngưỡng tối thiểu: {'; '.join(missed)}.")
    return lines


def _of_one(known: list[dict], unit: Unit) -> list[str]:
    """A single district has no table."""
    lines = []
    for indicator in known:
        said = lower_first(_word(unit, indicator)).replace("mức ", "mức độ ")
        result = _share(unit, indicator)
        lines.append(f"- {called(indicator)}: {said}{f' ({in_full(result)})' if result else ''}.")
    return lines


def _share(unit: Unit, indicator: dict) -> dict | None:
    result = unit["column"]["results"].get(indicator["code"])
    return result if result and result["share"] else None


def _with_share(unit: Unit, indicator: dict) -> str:
    """ "quận Đồ Sơn (4/6 = 66,7 %)" """
    result = _share(unit, indicator)
    return f"{unit['name_in_sentence']} ({in_full(result)})" if result else some([unit])


def last_year(facts: Facts) -> list[str]:
    """Decided levels and appraised shares beside those of the year before."""
    before = facts["last_year"]
    key, units = judged(facts)
    units = [u for u in units if before and key == "appraised" and u["code"] in before["districts"]]
    if not units:
        return []
    lines = [*_levels_since(units, before), *_shares_since(facts, units, before)]
    if not lines:
        return []
    return [f"So sánh ở {some(units)} có hồ sơ được thẩm định cả hai năm.", *lines]


def _levels_since(units: list[Unit], before: dict) -> list[str]:
    pairs = [
        (unit, unit["decision"]["level"] - then)
        for unit in units
        if unit["decision"] and (then := before["districts"][unit["code"]]["decided"]) is not None
    ]
    if not pairs:
        return []
    return [f"Mức độ được công nhận so với năm {before['year']}: {_moves(pairs)}."]


def _shares_since(facts: Facts, units: list[Unit], before: dict) -> list[str]:
    lines = []
    for indicator in facts["summary"]["indicators"]:
        code = indicator["code"]
        if not indicator["is_graded"] or code not in before["alike"]:
            continue
        pairs = [
            (unit, Fraction(now["share"]) - Fraction(then["share"]))
            for unit in units
            if (now := unit["column"]["results"].get(code))
            and (then := before["districts"][unit["code"]]["results"].get(code))
            and now["share"]
            and then["share"]
        ]
        if pairs:
            lines.append(f"- {called(indicator)}: {_moves(pairs)}.")
    return lines


def _moves(pairs: list[tuple[Unit, Fraction | int]]) -> str:
    """ "tăng ở 2 đơn vị (A, B), giữ nguyên ở huyện C" """
    groups = by_key(
        [unit | {"move": (move > 0) - (move < 0)} for unit, move in pairs],
        lambda unit: unit["move"],
    )
    words = {1: "tăng", 0: "giữ nguyên", -1: "giảm"}
    return ", ".join(
        f"{word} ở {some(groups[move])}" for move, word in words.items() if move in groups
    )


def titles(facts: Facts) -> list[str]:
    """Titles of Hội Khuyến học where they were entered; they have no part in a level."""
    lines = [f"- {_title(each)}." for each in facts["titles"]]
    if not lines:
        return []
    head = (
        "Danh hiệu do Hội Khuyến học xét ở các xã, phường, thị trấn thuộc những địa phương đã gửi "
        "hồ sơ:"
    )
    return [head, *lines]


def _title(each: dict) -> str:
    said = f"“{each['label']}”: công nhận {show_number(each['recognised'])}"
    if each["total"]:
        share = show_percent(Fraction(each["achieved"], each["total"]))
        is_partial = each["compared"] < each["entered"]
        where = f" ở {each['compared']} xã có tổng số" if is_partial else ""
        said += (
            f", đạt {share} ({show_number(each['achieved'])}/{show_number(each['total'])}){where}"
        )
    return f"{said}; số liệu của {each['entered']}/{each['communes']} xã, phường, thị trấn"
