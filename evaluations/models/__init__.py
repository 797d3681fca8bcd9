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
from evaluations.models.rounds import AdoptedReading, Milestone, PilotRound, RoundEvent

__all__ = [
    "AdoptedReading",
    "Document",
    "Evaluation",
    "Event",
    "Evidence",
    "EvidenceAccess",
    "IndicatorAppraisal",
    "IndicatorResult",
    "Milestone",
    "PilotRound",
    "RemovedEvidence",
    "RoundEvent",
    "Snapshot",
    "StoredFile",
]
