"""The words of a report are written: each revision is kept, and nobody overwrites another's."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from evaluations.actions.held_rounds import held_round, tell_round
from evaluations.models import PilotRound
from organisations.models import User
from reports.definitions import REPORTS, Takes
from reports.permissions import can_write_words
from reports.report_texts import ReportText, Subject, about, round_of

KIND = "report-text"


@dataclass(frozen=True)
class Change:
    """One section as somebody wants it: `revision` is what the page was drawn from, 0 the draft."""

    section: str
    title: str
    revision: int
    text: str
    suggested: str
    is_suggested: bool = False


@transaction.atomic
def write_texts(
    *, report: str, subject: Subject, changes: Iterable[Change], by: User
) -> list[Change]:
    """Keep each change as a new revision; gives back those that came too late.

    A section that somebody else wrote since the page was drawn stays as it is. Raises
    PermissionDenied, also where the dossier or the session was reopened meanwhile.
    """
    changes = list(changes)
    declared = REPORTS[report]

    def may(user: User, held: PilotRound) -> bool:
        asked = held if declared.takes == Takes.ROUND else type(subject).objects.get(pk=subject.pk)
        return declared.can_order(user, asked) and can_write_words(user, held)

    held = held_round(round_of(subject), by, may)
    now = {each.section: each for each in ReportText.objects.newest_of(report, subject)}
    late, kept = [], []
    for change in changes:
        standing = now.get(change.section)
        revision = standing.revision if standing else 0
        if revision != change.revision:
            late.append(change)
            continue
        ReportText.objects.create(
            **about(subject),
            report=report,
            section=change.section,
            revision=revision + 1,
            text="" if change.is_suggested else change.text,
            suggested=change.suggested,
            is_suggested=change.is_suggested,
            written_by=by,
        )
        kept.append(change)
    if kept:
        of = "" if declared.takes == Takes.ROUND else f", {subject}"
        titles = "; ".join(change.title for change in kept)
        tell_round(held, KIND, f"sửa lời văn {declared.title}{of}: {titles}", by)
    return late
