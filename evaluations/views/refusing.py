"""The 403 for who writes in what takes no writing now, with the reason where it is the round's."""

from django.core.exceptions import PermissionDenied

from evaluations.models import PilotRound

ROUND_IS_CLOSED = "Đợt đã đóng nên không ghi gì thêm được nữa."


def not_writable(pilot_round: PilotRound) -> PermissionDenied:
    """To be raised; its page and the line of autosave (saving.js) say that the round was closed."""
    return PermissionDenied(ROUND_IS_CLOSED) if pilot_round.is_closed else PermissionDenied()
