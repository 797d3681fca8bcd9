"""Chapters IV to VI: what the districts say of the set, counted and in their own words."""

from reports.ministry.words import Facts, Unit, called, capital, names, one_line, quoted

WORDS = {"partly": "phù hợp một phần", "unfit": "không phù hợp"}


def suitability(facts: Facts) -> list[str]:
    """How many hold each indicator for fitting; the indicators that are doubted one by one."""
    units, indicators = _units(facts)
    judged = [each for each in indicators if _who(each, units)]
    if not judged:
        return []
    doubted = [each for each in judged if _doubters(each, units)]
    whose = f"{len(units)} địa phương đã gửi hồ sơ" if len(units) > 1 else capital(units[0]["name"])
    lines = [f"{whose} nhận xét về {len(judged)}/{len(indicators)} chỉ báo."]
    if not doubted:
        return [*lines, "Tất cả các chỉ báo được nhận xét đều được đánh giá là phù hợp."]
    if len(doubted) < len(judged):
        lines.append(
            f"{len(judged) - len(doubted)}/{len(indicators)} chỉ báo được tất cả các địa phương "
            f"có nhận xét đánh giá là phù hợp; {len(doubted)} chỉ báo còn ý kiến khác:"
        )
    else:
        lines.append("Chỉ báo nào cũng còn ý kiến khác:")
    lines += [f"- {_counted(each, units)}" for each in doubted]
    if obstacles(facts) or proposals(facts):
        lines.append(
            "Lý do và đề xuất của các địa phương được trích nguyên văn ở phần khó khăn, vướng mắc "
            "và phần kiến nghị dưới đây."
        )
    return lines


def obstacles(facts: Facts) -> list[str]:
    return _quoted(facts, "obstacle", "Khó khăn, vướng mắc do các địa phương nêu:")


def proposals(facts: Facts) -> list[str]:
    return _quoted(facts, "proposal", "Kiến nghị của các địa phương:")


def _units(facts: Facts) -> tuple[list[Unit], list[dict]]:
    matrix = facts["suitability"]
    return (matrix["units"], matrix["indicators"]) if matrix else ([], [])


def _who(indicator: dict, units: list[Unit], *choices: str) -> list[Unit]:
    """The units that say one of these of it; without any, those that say anything."""
    return [
        unit
        for unit in units
        if (said := unit["said"][indicator["code"]]["suitability"])
        and (not choices or said in choices)
    ]


def _doubters(indicator: dict, units: list[Unit]) -> list[Unit]:
    return _who(indicator, units, *WORDS)


def _counted(indicator: dict, units: list[Unit]) -> str:
    fits = len(_who(indicator, units, "fits"))
    parts = [f"{fits} địa phương đánh giá là phù hợp"] if fits else []
    for choice, word in WORDS.items():
        if who := _who(indicator, units, choice):
            parts.append(f"{len(who)} địa phương đánh giá là {word} ({names(who)})")
    return f"{called(indicator)}: {'; '.join(parts)}."


def _quoted(facts: Facts, key: str, head: str) -> list[str]:
    units, indicators = _units(facts)
    lines = [
        f"- {called(each)}: {quotes}."
        for each in indicators
        if (quotes := _quotes(each, units, key))
    ]
    return [head, *lines] if lines else []


def _quotes(indicator: dict, units: list[Unit], key: str) -> str:
    """Each thing said once, with all who said it; on one line, whatever its writer pressed."""
    said: dict[str, list[Unit]] = {}
    for unit in units:
        words = one_line(unit["said"][indicator["code"]][key])
        if words:
            said.setdefault(words, []).append(unit)
    return "; ".join(f"{names(who)}: {quoted(words)}" for words, who in said.items())
