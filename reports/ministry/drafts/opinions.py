"""Chapters III to V: what the districts say of the set, counted and in their own words."""

from reports.ministry.words import Facts, Unit, called, names

WORDS = {"partly": "phù hợp một phần", "unfit": "không phù hợp"}


def suitability(facts: Facts) -> list[str]:
    """How many hold each indicator for fitting; the indicators that are doubted one by one."""
    units, indicators = _units(facts)
    judged = [each for each in indicators if _who(each, units)]
    if not judged:
        return []
    doubted = [each for each in judged if _doubters(each, units)]
    whose = f"{len(units)} đơn vị" if len(units) > 1 else units[0]["name"]
    lines = [f"Có nhận xét của {whose} về {len(judged)}/{len(indicators)} chỉ báo."]
    if not doubted:
        return [*lines, "Tất cả các chỉ báo được nhận xét đều được cho là phù hợp."]
    if len(doubted) < len(judged):
        lines.append(
            f"{len(judged) - len(doubted)} chỉ báo được mọi đơn vị có nhận xét cho là phù hợp. "
            f"{len(doubted)} chỉ báo có ý kiến khác:"
        )
    else:
        lines.append("Chỉ báo nào cũng có ý kiến khác:")
    return [*lines, *(f"- {_counted(each, units)}" for each in doubted)]


def obstacles(facts: Facts) -> list[str]:
    return _quoted(facts, "obstacle", "Khó khăn, vướng mắc do các đơn vị nêu, theo từng chỉ báo:")


def proposals(facts: Facts) -> list[str]:
    return _quoted(facts, "proposal", "Kiến nghị của các đơn vị, theo từng chỉ báo:")


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
    parts = [f"{fits} đơn vị cho là phù hợp"] if fits else []
    for choice, word in WORDS.items():
        if who := _who(indicator, units, choice):
            parts.append(f"{len(who)} đơn vị cho là {word} ({names(who)})")
    return f"{called(indicator)}: {'; '.join(parts)}.{_why(indicator, units)}"


def _why(indicator: dict, units: list[Unit]) -> str:
    """What the doubters say, in their words; chapter IV has what everybody says."""
    quotes = _quotes(indicator, _who(indicator, units, "unfit"), "obstacle")
    return f" Lý do: {quotes}." if quotes else ""


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
        words = " ".join(unit["said"][indicator["code"]][key].split()).rstrip(".")
        if words:
            said.setdefault(words, []).append(unit)
    return "; ".join(f"{names(who)}: “{words}”" for words, who in said.items())
