"""What `evaluations` knows about a point set, for the catalogue's page of it.

The catalogue knows neither rounds nor roles; its template asks here.
"""

from collections.abc import Iterable

from django import template

from criteria.models import PointSet
from evaluations.models import PilotRound
from evaluations.models.rounds import POINTS_FIELD
from evaluations.permissions import can_edit_catalogue, can_manage_rounds, can_see_board

register = template.Library()

MOST_NAMED = 12  # rounds of one version, the newest; the rest are counted


@register.inclusion_tag("evaluations/points/actions.html", takes_context=True)
def point_set_actions(context, point_set: PointSet) -> dict:
    return {"point_set": point_set, "can_edit": can_edit_catalogue(context["user"])}


@register.inclusion_tag("evaluations/points/versions.html", takes_context=True)
def point_set_versions(context, shown: PointSet, versions: Iterable[PointSet]) -> dict:
    """Each version with the rounds of this person that rate by it; in one query."""
    user = context["user"]
    rounds = list(PilotRound.objects.visible_to(user).rating_by(shown.code))
    field = POINTS_FIELD[shown.subject]
    may_manage = can_manage_rounds(user)
    return {
        "shown": shown,
        "lines": [
            _line(version, [each for each in rounds if getattr(each, field) == version])
            for version in versions
        ],
        "can_open_rounds": may_manage or can_see_board(user),
        "adoptable": [
            each
            for each in rounds
            if may_manage and each.opened_at and getattr(each, field).version < shown.version
        ],
    }


def _line(version: PointSet, rounds: list[PilotRound]) -> dict:
    left = max(len(rounds) - MOST_NAMED, 0)
    return {"version": version, "rounds": rounds[:MOST_NAMED], "left": left}
