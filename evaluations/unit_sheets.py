"""The way of a unit's own sheet (phiếu tự chấm) as one table, beside that of the dossier.

Nothing here asks the database. `permissions.can_take_sheet_step` reads the table and
`actions.sheets.take_sheet_step` is the only code that moves a sheet along it.
"""

from dataclasses import dataclass
from enum import StrEnum


class SheetStatus(StrEnum):
    """Where a unit's own sheet is; stored as these words."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


SHEET_LABELS = {
    SheetStatus.NONE: "chưa tự chấm",
    SheetStatus.DRAFT: "đang tự chấm",
    SheetStatus.SUBMITTED: "đã gửi, chờ xác nhận",
    SheetStatus.RETURNED: "trả lại để sửa",
    SheetStatus.CONFIRMED: "đã xác nhận",
}

SHEET_CHOICES = [(status.value, label) for status, label in SHEET_LABELS.items()]

# The unit writes in these; afterwards the keeper of the register decides.
OPEN_SHEETS = frozenset({SheetStatus.NONE, SheetStatus.DRAFT, SheetStatus.RETURNED})
# What the unit sent stands: only now does anybody else read it, or set it beside a result.
SENT_SHEETS = frozenset({SheetStatus.SUBMITTED, SheetStatus.CONFIRMED})

# Under this code stands what a sheet says as a whole, beside the items of its point set.
WHOLE = "whole"


class SheetParty(StrEnum):
    """Who takes a step: the unit's head, or who keeps the register (district, or the Sở)."""

    UNIT_LEADER = "unit_leader"
    KEEPER = "keeper"


@dataclass(frozen=True)
class SheetStep:
    """One move of a sheet: its button, who presses it, from which states, to which."""

    label: str
    done: str
    party: SheetParty
    sources: frozenset[SheetStatus]
    target: SheetStatus
    needs_note: bool = False


SHEET_STEPS = {
    "submit": SheetStep(
        "Gửi phiếu",
        "gửi phiếu tự chấm",
        SheetParty.UNIT_LEADER,
        frozenset({SheetStatus.DRAFT, SheetStatus.RETURNED}),
        SheetStatus.SUBMITTED,
    ),
    "withdraw": SheetStep(
        "Rút phiếu về sửa",
        "rút phiếu về sửa",
        SheetParty.UNIT_LEADER,
        frozenset({SheetStatus.SUBMITTED}),
        SheetStatus.DRAFT,
    ),
    "confirm": SheetStep(
        "Xác nhận kết quả",
        "xác nhận kết quả",
        SheetParty.KEEPER,
        frozenset({SheetStatus.SUBMITTED}),
        SheetStatus.CONFIRMED,
    ),
    "return": SheetStep(
        "Trả lại phiếu",
        "trả lại phiếu",
        SheetParty.KEEPER,
        frozenset({SheetStatus.SUBMITTED, SheetStatus.CONFIRMED}),
        SheetStatus.RETURNED,
        needs_note=True,
    ),
}

# What the trail says of the unit's own people, beside their steps.
FIRST_WRITING = "sheet-writing"
OVERRULED = "sheet-overruled"
EVIDENCE_ADDED = "sheet-evidence-added"
EVIDENCE_CHANGED = "sheet-evidence-changed"
EVIDENCE_REMOVED = "sheet-evidence-removed"
WRITING = frozenset({FIRST_WRITING, OVERRULED, EVIDENCE_ADDED, EVIDENCE_CHANGED, EVIDENCE_REMOVED})
PAPER_KINDS = frozenset({"document-file", "document-changed"})  # told by `actions.papers`
KINDS_OF_THE_UNIT = frozenset(
    {
        *WRITING,
        *(name for name, step in SHEET_STEPS.items() if step.party == SheetParty.UNIT_LEADER),
    }
)
