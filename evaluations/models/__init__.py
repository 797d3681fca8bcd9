from evaluations.models.accesses import DossierAccess
from evaluations.models.assignments import Assignment
from evaluations.models.council import (
    CouncilSession,
    Decision,
    DecisionAccess,
    DecisionLine,
    Opinion,
    SessionEvent,
    SessionItem,
    SessionMember,
)
from evaluations.models.dossiers import (
    Evaluation,
    Event,
    IndicatorAppraisal,
    IndicatorResult,
    Snapshot,
)
from evaluations.models.evidence import (
    Document,
    Evidence,
    EvidenceAccess,
    RemovedEvidence,
    StoredFile,
)
from evaluations.models.inspections import (
    Inspection,
    InspectionAccess,
    InspectionFeed,
    InspectionFigure,
    InspectionLine,
    InspectionScan,
)
from evaluations.models.notices import Mail, Notice, Reminder
from evaluations.models.rounds import AdoptedReading, Milestone, PilotRound, RoundEvent
from evaluations.models.sheets import SheetEvidence, SheetItem
from evaluations.models.units import ResultUpload, TitleCount, UnitEvent, UnitResult

__all__ = [
    "AdoptedReading",
    "Assignment",
    "CouncilSession",
    "Decision",
    "DecisionAccess",
    "DecisionLine",
    "DossierAccess",
    "Document",
    "Evaluation",
    "Event",
    "Evidence",
    "EvidenceAccess",
    "IndicatorAppraisal",
    "IndicatorResult",
    "Inspection",
    "InspectionAccess",
    "InspectionFeed",
    "InspectionFigure",
    "InspectionLine",
    "InspectionScan",
    "Mail",
    "Milestone",
    "Notice",
    "Opinion",
    "PilotRound",
    "Reminder",
    "RemovedEvidence",
    "ResultUpload",
    "RoundEvent",
    "SessionEvent",
    "SessionItem",
    "SessionMember",
    "SheetEvidence",
    "SheetItem",
    "Snapshot",
    "StoredFile",
    "TitleCount",
    "UnitEvent",
    "UnitResult",
]
