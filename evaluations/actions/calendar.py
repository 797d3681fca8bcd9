"""Verbs on a round's calendar: each milestone added, moved or taken out is told by the trail."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from evaluations.actions.held_rounds import held_round, refuse_stale, tell_round
from evaluations.actions.steps import NotReady
from evaluations.models import Milestone, PilotRound
from evaluations.permissions import can_change_round
from organisations.models import User

FIELDS = ("label", "starts_on", "due_on", "shown_date")


class LabelTaken(NotReady):
    """Two lines of one calendar that say the same would not be told apart."""

    def __init__(self):
        super().__init__("Lịch đã có mốc ghi việc này. Sửa mốc đó, hoặc ghi việc khác đi.")


class Gone(NotReady):
    """Somebody took the milestone out since the page was opened."""

    def __init__(self):
        super().__init__("Mốc này vừa được bỏ khỏi lịch.")


@transaction.atomic
def add_milestone(*, pilot_round: PilotRound, details: Mapping[str, Any], by: User) -> Milestone:
    """A new line of the calendar; the same pressed twice is one line. Raises LabelTaken."""
    held = held_round(pilot_round, by, can_change_round)
    there = held.milestones.filter(label=details["label"]).first()
    if there and all(getattr(there, name) == details[name] for name in FIELDS):
        return there
    if there:
        raise LabelTaken
    milestone = held.milestones.create(**details)
    tell_round(held, "milestone", f"thêm mốc “{milestone.label}”: {when(milestone)}", by)
    return milestone


@transaction.atomic
def change_milestone(
    *, milestone: Milestone, details: Mapping[str, Any], version: str, by: User
) -> Milestone:
    """Say a line anew, old and new in the trail. Raises Gone, Stale and LabelTaken."""
    held = held_round(milestone.pilot_round, by, can_change_round)
    fresh = held.milestones.filter(pk=milestone.pk).first()
    if fresh is None:
        raise Gone
    if all(getattr(fresh, name) == details[name] for name in FIELDS):
        return fresh
    refuse_stale(held, version)
    before = f"{fresh.label}: {when(fresh)}"
    for name in FIELDS:
        setattr(fresh, name, details[name])
    try:
        with transaction.atomic():
            fresh.save(update_fields=FIELDS)
    except IntegrityError as error:
        raise LabelTaken from error
    note = f"{before} → {fresh.label}: {when(fresh)}"
    tell_round(held, "milestone", f"sửa mốc “{fresh.label}”", by, note)
    return fresh


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User) -> None:
    """Take a line out of the calendar. Raises Gone."""
    held = held_round(milestone.pilot_round, by, can_change_round)
    fresh = held.milestones.filter(pk=milestone.pk).first()
    if fresh is None:
        raise Gone
    tell_round(held, "milestone", f"bỏ mốc “{fresh.label}”: {when(fresh)}", by)
    fresh.delete()


def when(milestone: Milestone) -> str:
    """The days of a milestone, and how the calendar writes them where that differs."""
    days = date_format(milestone.due_on)
    if milestone.starts_on:
        days = f"{date_format(milestone.starts_on)} đến {days}"
    return f"{days}, ghi là {milestone.shown_date}" if milestone.shown_date else days
