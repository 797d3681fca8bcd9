"""A round held by whoever changes the round itself: alone, fresh, and as the page showed it.

Two administrators may have the same page open: the second is told what the first did, and a
second press of the same button changes nothing.
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from evaluations.actions.steps import NotReady
from evaluations.models import PilotRound, RoundEvent
from organisations.models import User


class Stale(NotReady):
    """The page was drawn before somebody else changed the round; the text says who did what."""


def version_of(pilot_round: PilotRound) -> str:
    """What a page of the round was drawn from."""
    return str(pilot_round.events.count())


def held_round(
    pilot_round: PilotRound, by: User, may: Callable[[User, PilotRound], bool]
) -> PilotRound:
    """The round, held against every other writer in it; `may` is asked on the fresh row."""
    held = PilotRound.objects.select_for_update(of=("self",)).get(pk=pilot_round.pk)
    if not may(by, held):
        raise PermissionDenied
    return held


def refuse_stale(held: PilotRound, version: str) -> None:
    """Raises Stale where the round was changed since the page of that version."""
    if version == version_of(held):
        return
    last = held.events.select_related("by").first()
    who = str(last.by) if last and last.by else "Người khác"
    what = f" ({last.text})" if last else ""
    raise Stale(
        f"{who} vừa sửa đợt này{what}. Xem lại rồi bấm lần nữa; "
        "chỗ anh, chị vừa gõ, vừa chọn vẫn còn."
    )


def tell_round(pilot_round: PilotRound, kind: str, text: str, by: User, note: str = "") -> None:
    RoundEvent.objects.create(pilot_round=pilot_round, kind=kind, text=text[:300], by=by, note=note)
