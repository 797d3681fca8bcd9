"""Practice counts of the titles of Hội Khuyến học, drawn with a seed as the ratings are."""

from collections.abc import Mapping
from random import Random

from evaluations.actions.guard import locked_lines
from evaluations.actions.titles import write_titles
from evaluations.models import PilotRound, TitleCount, UnitResult
from evaluations.title_reading import field_name
from evaluations.titles import commune_lines
from organisations.models import Organisation, User

Title = TitleCount.Title
# How many a commune has of each: families, clans, villages or street groups, units of its own.
OUT_OF = {
    Title.FAMILY: (1400, 3200),
    Title.CLAN: (8, 30),
    Title.COMMUNITY: (5, 14),
    Title.UNIT: (4, 8),
}
REGISTERED = (78, 96)  # of a hundred; and of those that registered, how many were recognised
RECOGNISED = (80, 97)


def write_district_titles(
    pilot_round: PilotRound, district: Organisation, said: Mapping[str, int], *, by: User
) -> None:
    """For each year the titles of all communes in scope but the last few, which still owe them."""
    for year, owing in said.items():
        lines = commune_lines(pilot_round, district, int(year)).filter(in_scope=True)
        keys = list(lines.order_by("unit__code").values_list("pk", flat=True))
        held = locked_lines(keys[: len(keys) - owing], by)
        write_titles([(line, _typed(line)) for line in held], by=by)


def _typed(line: UnitResult) -> dict[str, str]:
    draw = Random(f"{line.unit.code} {line.year}")
    typed = {}
    for title, bounds in OUT_OF.items():
        out_of = draw.randint(*bounds)
        registered = out_of * draw.randint(*REGISTERED) // 100
        recognised = registered * draw.randint(*RECOGNISED) // 100
        counts = {"out_of": out_of, "registered": registered, "recognised": recognised}
        typed |= {field_name(title, part): str(count) for part, count in counts.items()}
    return typed
