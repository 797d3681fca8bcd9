"""Practice results of agencies and communes, written by the action behind the grid and the upload.

The file says how many units of a register have which rating; which units these are is drawn with
a seed and so the same every time. Every invented decision and reason says that it is practice.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

from django.conf import settings

from criteria.numbers import show_number
from criteria.points import PointRule
from evaluations.actions.guard import locked_lines
from evaluations.actions.unit_results import write_lines
from evaluations.models import PilotRound, UnitResult
from evaluations.registers import KIND_OF, points_of
from evaluations.unit_reading import OUT_OF_SCOPE
from organisations.models import Organisation, User

PATH = Path("fixtures") / "demo" / "unit-results.json"
OF_THE_STATE = "cơ quan ngành dọc"
SCORED_IN = 3  # every third agency states its points as well
SPREAD = 12  # no practice score lies further above the beginning of its rating


def read_results() -> dict:
    return json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))


def write_registers(
    pilot_round: PilotRound, owner: Organisation, said: Mapping, data: Mapping, *, by: User
) -> None:
    """The registers of one owner as the file says them, of the round's year and the year before."""
    typed: dict[int, dict[str, str]] = {}
    decisions = said.get("decisions", data["decisions"])
    for word, kind in KIND_OF.items():
        for year, counts in said.get(word, {}).items():
            lines = UnitResult.objects.register(
                pilot_round=pilot_round, owner=owner, kind=kind, year=int(year)
            )
            typed |= _typed_register(
                list(lines.select_related("unit").order_by("unit__code")),
                counts,
                outside=_outside(said, data, year),
                decision=decisions[word][year],
                undecided=said.get("without_decision", {}).get(word, 0),
                rule=points_of(pilot_round, kind).rule,
            )
    lines = locked_lines(list(typed), by)
    write_lines([(line, typed[line.pk]) for line in lines], by=by)


def rate_one_more(
    pilot_round: PilotRound, owner: Organisation, typed: Mapping[str, str], *, by: User
) -> None:
    """A result that comes late: the first agency that has none gets one."""
    agencies = UnitResult.objects.register(
        pilot_round=pilot_round, owner=owner, kind=UnitResult.Kind.LEARNING_UNIT
    )
    waiting = agencies.counted().filter(rating=None).order_by("unit__code")
    (line,) = locked_lines([waiting.first().pk], by)
    write_lines([(line, typed)], by=by)


def _outside(said: Mapping, data: Mapping, year: str) -> Callable[[Organisation], str]:
    """The reason why a unit is not counted in that year; empty for one that is."""
    postponed = said.get("postponed", {}).get(year, ())

    def reason(unit: Organisation) -> str:
        if unit.type == OF_THE_STATE:
            return data["reasons"]["of_the_state"]
        return data["reasons"]["postponed"] if unit.name in postponed else ""

    return reason


def _typed_register(
    lines: Sequence[UnitResult],
    counts: Mapping[str, int],
    *,
    outside: Callable[[Organisation], str],
    decision: Mapping[str, str],
    undecided: int,
    rule: PointRule,
) -> dict[int, dict[str, str]]:
    """What is typed on each line that has something to say; `counts` has all that are counted."""
    typed = {
        line.pk: {"in_scope": OUT_OF_SCOPE, "exclusion_reason": reason}
        for line in lines
        if (reason := outside(line.unit))
    }
    counted = [line for line in lines if line.pk not in typed]
    labels = [label for label, count in counts.items() for _ in range(count)]
    draw = Random(f"{lines[0].unit.code} {lines[0].year}")
    draw.shuffle(labels)
    for number, (line, label) in enumerate(zip(counted, labels, strict=True)):
        if not label:
            continue
        typed[line.pk] = {"rating": label}
        if rule.has_bands and number % SCORED_IN == 0:
            points = _points(rule, label, draw)
            typed[line.pk] |= {"score": points, "self_score": points, "self_rating": label}
        if label == "Khá" and undecided:
            undecided -= 1
            continue
        typed[line.pk] |= {"decision_number": decision["number"], "decision_on": decision["on"]}
    return typed


def _points(rule: PointRule, label: str, draw: Random) -> str:
    """Half points somewhere in the rating: "74,5"."""
    tops = [rule.maximum, *(band.minimum for band in rule.ratings)]
    place = next(n for n, band in enumerate(rule.ratings) if band.label == label)
    top, bottom = tops[place], rule.ratings[place].minimum
    halves = draw.randrange(2 * int(min(top - bottom, SPREAD)))
    return show_number(Fraction(bottom) + Fraction(halves, 2))
