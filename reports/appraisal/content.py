"""“Báo cáo thẩm định”: its content, frozen when ordered, once the appraisal is finished.

The city's own dossier is not appraised by the Sở that compiles it: its second column is what the
council concludes, and so the report is the council's.
"""

from typing import Any

from django.utils import timezone

from evaluations.models import Evaluation
from evaluations.recognition import decided_of
from evaluations.snapshots import dossier_content
from evaluations.workflow import Status
from organisations.models import Organisation
from reports.council.content import BLANK, COUNCIL, COUNCIL_LINES
from reports.figures import PRACTICE_MARK, NothingToSay
from reports.letterhead import with_usual_letterhead
from reports.offices import office_of, standing_agency_of

TOLD = ("submit", "return", "finish", "confirm")  # the steps that the report tells of
UNCONFIRMED = "Chưa xác nhận kết quả"
NOT_YET = "Hồ sơ chưa thẩm định xong nên chưa có báo cáo thẩm định."


def appraisal_report(evaluation: Evaluation) -> dict[str, Any]:
    """Both columns as they were concluded; from the frozen content where it is decided."""
    decided = decided_of(evaluation)
    dossier = decided.line.snapshot.content if decided else dossier_content(evaluation)
    if dossier["appraised"] is None:
        raise NothingToSay(NOT_YET)
    events = evaluation.events.filter(kind__in=TOLD).order_by("at", "pk")
    marks = [UNCONFIRMED] if evaluation.status == Status.APPRAISED else []
    name = "đánh giá của Hội đồng" if evaluation.is_of_city else "thẩm định"
    city = evaluation.unit if evaluation.is_of_city else evaluation.unit.parent
    return {
        "is_draft": False,
        "is_city": evaluation.is_of_city,
        "marks": marks + ([PRACTICE_MARK] if dossier["round"]["is_practice"] else []),
        "file_name": f"Báo cáo {name} – {dossier['unit']['name']} – {dossier['round']['year']}",
        "issuer": _council(city) if evaluation.is_of_city else _agency(evaluation),
        "standing_agency": getattr(evaluation.pilot_round.standing_agency, "name", ""),
        "addressee": f"Ủy ban nhân dân {city.name_in_sentence}",
        "inspections": [
            {
                "on": each.held_on.isoformat(),
                "units": each.line_count,
                "differing": each.differing_count,
            }
            for each in reversed(evaluation.inspections.closed().for_display())
        ],
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


def appraisal_note(evaluation: Evaluation) -> str:
    """Whose report it is, where that is not what its name says."""
    return f"của {COUNCIL}" if evaluation.is_of_city else ""


def _agency(evaluation: Evaluation) -> dict[str, Any]:
    office = standing_agency_of(evaluation.pilot_round)
    return office | {"lines": [office["issuer_name"]], "symbol": office["document_code"]}


def _council(city: Organisation) -> dict[str, Any]:
    """The council under the People's Committee; its code and its chair are nowhere kept."""
    committee = with_usual_letterhead(office_of(city) | {"bare_name": city.bare_name})
    return {
        "superior_name": committee["issuer_name"],
        "issuer_name": COUNCIL,
        "lines": COUNCIL_LINES,
        "symbol": BLANK,
        "place": committee["place"],
        "signing_authority": "TM. HỘI ĐỒNG",
        "signer_position": "CHỦ TỊCH",
        "signer_name": "",
    }
