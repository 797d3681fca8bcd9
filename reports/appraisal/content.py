"""“Báo cáo thẩm định”: its content, frozen when ordered, once the appraisal is finished."""

from typing import Any

from django.utils import timezone

from evaluations.models import Evaluation
from evaluations.recognition import decided_of
from evaluations.snapshots import dossier_content
from reports.figures import PRACTICE_MARK, NothingToSay
from reports.offices import standing_agency_of

TOLD = ("submit", "return", "finish", "confirm")  # the steps that the report tells of


def appraisal_report(evaluation: Evaluation) -> dict[str, Any]:
    """Both columns as they were concluded; from the frozen content where it is decided."""
    decided = decided_of(evaluation)
    dossier = decided.line.snapshot.content if decided else dossier_content(evaluation)
    if dossier["appraised"] is None:
        raise NothingToSay("Hồ sơ chưa thẩm định xong nên chưa có báo cáo thẩm định.")
    events = evaluation.events.filter(kind__in=TOLD).order_by("at", "pk")
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if dossier["round"]["is_practice"] else [],
        "file_name": (
            f"Báo cáo thẩm định – {dossier['unit']['name']} – {dossier['round']['year']}"
        ),
        "issuer": standing_agency_of(evaluation.pilot_round),
        "addressee": f"Ủy ban nhân dân {evaluation.unit.parent.name_in_sentence}",
        "way": [
            {
                "kind": event.kind,
                "on": timezone.localdate(event.at).isoformat(),
                "asked": [each["indicator"] for each in event.detail.get("asked", [])],
            }
            for event in events
        ],
        "dossier": dossier,
    }
