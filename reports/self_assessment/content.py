"""“Báo cáo tự đánh giá” of one unit: its content, frozen when ordered.

The unit's own column only: what the Sở thinks of a figure is no part of what the unit reports.
"""

from typing import Any

from evaluations.models import Evaluation, Snapshot
from evaluations.snapshots import dossier_content
from evaluations.workflow import EDITABLE, Status
from reports.figures import PRACTICE_MARK

DRAFT_MARKS = {
    Status.DRAFT: "Bản nháp, chưa gửi",
    Status.RETURNED: "Bản nháp, chưa gửi lại",
}


def self_assessment(evaluation: Evaluation) -> dict[str, Any]:
    """The last submission; or what the unit is still writing, then marked as a draft."""
    is_draft = evaluation.status in EDITABLE
    snapshot = None if is_draft else evaluation.snapshots.submissions().first()
    content = as_submitted(evaluation, snapshot)
    if not is_draft:
        return content
    marks = [DRAFT_MARKS[Status(evaluation.status)], *content["marks"]]
    name = f"{content['file_name']} (bản nháp)"
    return content | {"is_draft": True, "marks": marks, "file_name": name}


def as_submitted(evaluation: Evaluation, snapshot: Snapshot | None) -> dict[str, Any]:
    """What the unit reports by one submission; by none, what the dossier says now."""
    dossier = dossier_content(evaluation) if snapshot is None else snapshot.content
    return {
        "is_draft": False,
        "marks": [PRACTICE_MARK] if dossier["round"]["is_practice"] else [],
        "file_name": (
            f"Báo cáo tự đánh giá – {dossier['unit']['name']} – {dossier['round']['year']}"
        ),
        **_addressee(evaluation),
        "submission": None
        if snapshot is None
        else {
            "number": snapshot.number,
            "taken_at": snapshot.taken_at.isoformat(timespec="seconds"),
            "sha256": snapshot.sha256,
        },
        "dossier": _without_appraisal(dossier),
    }


def _addressee(evaluation: Evaluation) -> dict[str, str]:
    """A district writes to the city by way of the Sở; the city to the Ministry."""
    if evaluation.is_of_city:
        return {"addressee": "Bộ Giáo dục và Đào tạo", "through": ""}
    city = evaluation.unit.parent
    return {
        "addressee": f"Ủy ban nhân dân {city.name_in_sentence}",
        "through": "(qua Sở Giáo dục và Đào tạo)",
    }


def note(evaluation: Evaluation) -> str:
    """From what it will be printed, said beside the button."""
    mark = DRAFT_MARKS.get(Status(evaluation.status))
    return f"sẽ ghi rõ “{mark}”" if mark else "in từ bản đã gửi"


def _without_appraisal(dossier: dict[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in dossier.items() if key != "appraised"}
    own["standards"] = [
        standard
        | {
            "criteria": [
                criterion
                | {
                    "indicators": [
                        {key: value for key, value in indicator.items() if key != "appraised"}
                        for indicator in criterion["indicators"]
                    ]
                }
                for criterion in standard["criteria"]
            ]
        }
        for standard in dossier["standards"]
    ]
    return own
