"""How units, days and levels read in a sentence of the report to the Ministry."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from reports.district_summary.tables import column_told
from reports.figures import listed

Facts = dict[str, Any]
Unit = dict[str, Any]
FEW = 3


def names(units: Iterable[Unit]) -> str:
    """ "Hồng Bàng, Lê Chân" """
    return listed([unit["bare_name"] for unit in units], ", ")


def names_or_count(units: Sequence[Unit]) -> str:
    """The names of a few; of many that share a figure their number will do."""
    return names(units) if len(units) <= FEW else f"{len(units)} địa phương"


def some(units: Sequence[Unit]) -> str:
    """ "huyện Vĩnh Bảo", "3 địa phương (Hồng Bàng, Lê Chân, Hải An)" """
    if len(units) == 1:
        return str(units[0]["name_in_sentence"])
    return f"{len(units)} địa phương ({names(units)})"


def some_of(units: Sequence[Unit], everybody: Sequence[Unit]) -> str:
    """The same; all of several are not named again."""
    if len(units) == len(everybody) > 1:
        return f"cả {len(units)} địa phương"
    return some(units)


def one_line(said: str) -> str:
    """What somebody typed, without line breaks and without its full stop."""
    return " ".join(said.split()).rstrip(".")


def quoted(said: str) -> str:
    """In quotation marks; what stands in such marks inside gets single ones."""
    return f"“{said.replace('“', '‘').replace('”', '’')}”"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def level_word(level: int) -> str:
    return f"mức độ {level}" if level else "chưa đạt mức độ nào"


def by_key(units: Iterable[Unit], key: Callable[[Unit], Any]) -> dict[Any, list[Unit]]:
    """The units by what `key` says of them, in the order in which that comes up."""
    grouped: dict[Any, list[Unit]] = {}
    for unit in units:
        grouped.setdefault(key(unit), []).append(unit)
    return grouped


def called(indicator: dict[str, Any]) -> str:
    """ "2.1.2 (Cộng đồng học tập)" """
    return f"{indicator['code']} ({indicator['short_name']})"


def in_full(result: dict[str, Any]) -> str:
    """ "23/30 = 76,7 %" """
    figure, shown = result["figure"], result["shown"]
    return f"{figure} = {shown}" if "/" in figure and shown else shown or figure


def judged(facts: Facts) -> tuple[str, list[Unit]]:
    """Whose figures the report adds up: the Sở's column where it is finished anywhere, else the
    districts' own. With each such unit goes its `column`."""
    units = {unit["code"]: unit for unit in facts["units"]}
    districts = facts["summary"]["districts"]
    key = column_told(districts) or "self"
    return key, [units[each["code"]] | {"column": each[key]} for each in districts if each[key]]
