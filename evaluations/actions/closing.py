"""Closing a round, after which nothing of it is written, and opening it again with a reason."""

from django.db import transaction
from django.utils import timezone

from evaluations.actions.held_rounds import held_round, tell_round
from evaluations.actions.steps import NotReady
from evaluations.models import PilotRound
from evaluations.permissions import can_manage_rounds
from evaluations.round_checks import unfinished
from organisations.models import User


class NotAsShown(NotReady):
    """Somebody closed the round, or opened it again, since the page was opened."""


@transaction.atomic
def close_round(*, pilot_round: PilotRound, reason: str, by: User) -> PilotRound:
    """From here on nothing of the round is written: `permissions` asks each time.

    Whoever writes in the round just now is waited for. The reason is due where something is left
    undone. Raises PermissionDenied, NotAsShown, NotReady.
    """
    held = held_round(pilot_round, by, lambda user, _: can_manage_rounds(user))
    if not held.is_open:
        raise NotAsShown(_how_it_is(held))
    left = unfinished(held)
    if left and not reason.strip():
        raise NotReady("Còn việc chưa xong: ghi lý do vẫn đóng đợt.")
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    undone = f"Khi đóng còn: {' '.join(left)}" if left else ""
    tell_round(held, "close", "đóng đợt", by, "\n".join(filter(None, [reason.strip(), undone])))
    return held


@transaction.atomic
def reopen_round(*, pilot_round: PilotRound, reason: str, by: User) -> PilotRound:
    """Everything is written again as before it was closed. Raises as `close_round`."""
    held = held_round(pilot_round, by, lambda user, _: can_manage_rounds(user))
    if not held.is_closed:
        raise NotAsShown(_how_it_is(held))
    if not reason.strip():
        raise NotReady("Ghi lý do mở lại đợt.")
    held.closed_at = None
    held.save(update_fields=["closed_at"])
    tell_round(held, "reopen", "mở lại đợt đã đóng", by, reason.strip())
    return held


def _how_it_is(pilot_round: PilotRound) -> str:
    """Who brought the round to where it is now, and when."""
    if pilot_round.is_planned:
        return "Đợt chưa mở nên chưa đóng được."
    kind = "close" if pilot_round.is_closed else "reopen"
    event = pilot_round.events.filter(kind=kind).select_related("by").first()
    if event is None:
        return "Đợt đang mở."
    at = timezone.localtime(event.at)
    return f"{event.by} đã {event.text} lúc {at:%H:%M %d/%m/%Y}."
