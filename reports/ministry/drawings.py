"""The map of the report to the Ministry: what was decided, district by district."""

from reports.district_summary.drawings import ABSENT, LEVELS, level_map
from reports.ministry.words import Facts, Unit
from reports.paper.drawings import Sign, Tone
from reports.paper.parts import Part

REFUSED = Sign(Tone.UNMET, "×", "Không được công nhận")
UNDECIDED = Sign(Tone.UNKNOWN, "–", "Chưa có quyết định")


def decided_map(facts: Facts) -> list[Part]:
    """As the table over it counts; nothing before the first decision, or of one district alone."""
    units = facts["units"]
    if len(units) < 2 or not any(unit["decision"] for unit in units):
        return []
    signs = {unit["code"]: _decided(unit) for unit in units}
    known = (*LEVELS.values(), REFUSED, UNDECIDED, ABSENT)
    return level_map(facts["summary"], signs, "Kết quả công nhận theo địa bàn", known)


def _decided(unit: Unit) -> Sign:
    if not unit["decision"]:
        return UNDECIDED
    return LEVELS.get(unit["decision"]["level"], REFUSED)
