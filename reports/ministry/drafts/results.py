"""Chapter II: levels, indicators, last year, titles, and the city's own result."""

from fractions import Fraction

from criteria.numbers import show_number, show_percent
from reports.figures import listed
from reports.letterhead import lower_first
from reports.ministry.words import (
    Facts,
    Unit,
    by_key,
    called,
    capital,
    day,
    in_full,
    judged,
    level_word,
    names,
    names_or_count,
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
        return [f"{until}, chưa có quyết định công nhận{whom or ' đối với đơn vị nào'}."]
    lines = []
    if good and len(units) == 1:
        level = level_word(good[0]["decision"]["level"])
        lines.append(f"{until}, {some(good)} đã được công nhận đạt {level}.")
    elif good:
        groups = by_key(good, lambda unit: unit["decision"]["level"])
        said = "; ".join(
            f"{level_word(level)} có {some(groups[level])}"
            for level in sorted(groups, reverse=True)
        )
        lines.append(f"{until}, {len(good)}/{len(units)} đơn vị đã được công nhận: {said}.")
    else:
        lines.append(f"{until}, chưa đơn vị nào được công nhận.")
    if refused:
        lines.append(f"Được xét nhưng không được công nhận mức độ nào: {some(refused)}.")
    return lines


def _undecided(facts: Facts) -> list[str]:
    units = facts["units"]
    waiting = [unit for unit in units if not unit["decision"]]
    if len(units) == 1 or not any(unit["sent_on"] for unit in waiting):
        return []
    waiting.sort(key=lambda unit: -unit["stage"])
    groups = by_key(waiting, lambda unit: unit["state"] if unit["sent_on"] else "chưa gửi hồ sơ")
    said = "; ".join(f"{state}: {names(group)}" for state, group in groups.items())
    if len(waiting) == len(units):
        return [f"Tình trạng hồ sơ: {said}."]
    return [f"Chưa có quyết định đối với {len(waiting)} đơn vị, gồm: {said}."]


def _moved(facts: Facts) -> list[str]:
    """Where the appraisal came to another level than the district itself."""
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
    head = f"Đã thẩm định xong {len(appraised)}/{len(units)} hồ sơ"
    if not moved:
        return [f"{head}, đều giữ nguyên mức độ như tự đánh giá."]
    return [f"{head}; mức độ khác với tự đánh giá ở {len(moved)} hồ sơ: {said}."]


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
    said = "; ".join(
        called(known[code]) + ("" if is_alone else f" ở {some(held[code])}") for code in codes
    )
    return [f"Chỉ báo hạn chế mức độ, theo kết quả {_of(key)}: {said}."]


def _of(key: str) -> str:
    return "thẩm định" if key == "appraised" else "tự đánh giá (chưa thẩm định)"


def indicators(facts: Facts) -> list[str]:
    """What each reached; of shares the lowest and the highest with their names."""
    key, units = judged(facts)
    if not units:
        return []
    known = facts["summary"]["indicators"]
    whose = f"{len(units)} đơn vị" if len(units) > 1 else some(units)
    return [
        f"Số liệu dưới đây theo kết quả {_of(key)} đối với {whose}.",
        *_prerequisites([each for each in known if not each["is_graded"]], units),
        *(f"- {_graded(each, units)}" for each in known if each["is_graded"]),
    ]


def _prerequisites(known: list[dict], units: list[Unit]) -> list[str]:
    met = [each for each in known if {_word(u, each) for u in units} - {SPARED} == {MET}]
    lines = []
    if met:
        whom = "mọi đơn vị" if len(units) > 1 else "đơn vị"
        lines.append(f"{len(met)}/{len(known)} điều kiện tiên quyết được {whom} bảo đảm.")
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


def _graded(indicator: dict, units: list[Unit]) -> str:
    groups = by_key(units, lambda unit: _word(unit, indicator))
    shares = [
        (Fraction(result["share"]), unit, result)
        for unit in units
        if (result := unit["column"]["results"].get(indicator["code"])) and result["share"]
    ]
    if len(units) == 1:
        said = lower_first(next(iter(groups)))
        return f"{called(indicator)}: {said}" + (f" ({in_full(shares[0][2])})." if shares else ".")
    counted = ", ".join(
        f"{lower_first(word)}: {len(groups[word])} đơn vị" for word in sorted(groups, key=_rank)
    )
    if len(shares) < 2:
        return f"{called(indicator)}: {counted}."
    low = min(share for share, _, _ in shares)
    high = max(share for share, _, _ in shares)
    if low == high:
        return f"{called(indicator)}: {counted}; các đơn vị đều {shares[0][2]['shown']}."
    ends = [
        f"{word} {_holders([(u, r) for share, u, r in shares if share == end])}"
        for word, end in (("thấp nhất", low), ("cao nhất", high))
    ]
    return f"{called(indicator)}: {counted}; {', '.join(ends)}."


def _holders(found: list[tuple[Unit, dict]]) -> str:
    """ "Cát Hải (20/30 = 66,7 %)", "100 % (Hồng Bàng, Lê Chân)" """
    if len(found) == 1:
        unit, result = found[0]
        return f"{unit['bare_name']} ({in_full(result)})"
    return f"{found[0][1]['shown']} ({names_or_count([unit for unit, _ in found])})"


def _rank(word: str) -> tuple[int, str]:
    """The highest level first, then what reaches none."""
    order = ["Mức 3", "Mức 2", "Mức 1", BELOW]
    return (order.index(word) if word in order else len(order), word)


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
        "Danh hiệu của Hội Khuyến học ở các xã, phường, thị trấn thuộc những đơn vị đã gửi hồ sơ:"
    )
    return [head, *lines]


def _title(each: dict) -> str:
    said = f"“{each['label']}”: {show_number(each['recognised'])} được công nhận"
    if each["total"]:
        share = show_percent(Fraction(each["achieved"], each["total"]))
        is_partial = each["compared"] < each["entered"]
        where = f" ở {each['compared']} xã có tổng số" if is_partial else ""
        said += (
            f"; đạt {share} ({show_number(each['achieved'])}/{show_number(each['total'])}){where}"
        )
    return f"{said}; {each['entered']}/{each['communes']} xã, phường, thị trấn có số liệu"


def city(facts: Facts) -> list[str]:
    found = facts["city"]
    if not found:
        return []
    lines = [
        f"{capital(found['name_in_sentence'])} tự đánh giá theo {lower_first(found['title'])} "
        f"({found['indicators']} chỉ báo), gửi hồ sơ ngày {day(found['sent_on'])}. "
        f"Tự đánh giá: {lower_first(found['self'])}"
    ]
    if found["concluded"]:
        lines.append(f"Kết luận của hội đồng: {lower_first(found['concluded'])}")
    if found["decision"]:
        decision = found["decision"]
        level = level_word(decision["level"])
        lines.append(
            f"Quyết định số {decision['number']} ngày {day(decision['on'])} của "
            f"{decision['issuer']}: {level}."
        )
    return lines
