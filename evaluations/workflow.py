"""The way of a dossier (hồ sơ) as one table: who may take which step, from where to where.

Nothing here asks the database. `permissions.can_take` reads the table, `actions.take_step` is
the only code that moves a dossier along it, and the diagram in README is printed from it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a dossier is; stored as these words."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPRAISING = "appraising"
    RETURNED = "returned"
    APPRAISED = "appraised"


STATUS_LABELS = {
    Status.DRAFT: "đang tự đánh giá",
    Status.SUBMITTED: "đã gửi, chờ Sở tiếp nhận",
    Status.APPRAISING: "Sở đang thẩm định",
    Status.RETURNED: "trả lại để bổ sung",
    Status.APPRAISED: "đã thẩm định, chờ xác nhận",
}

STATUS_CHOICES = [(status.value, label) for status, label in STATUS_LABELS.items()]

# The unit may write in these; the Sở in APPRAISING; nobody anywhere else.
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})


class Party(StrEnum):
    """Whose move it is: the unit that is assessed, or the standing agency (Sở GD&ĐT)."""

    UNIT = "unit"
    STANDING_AGENCY = "standing_agency"


HOLDER = {
    Status.DRAFT: Party.UNIT,
    Status.RETURNED: Party.UNIT,
    Status.SUBMITTED: Party.STANDING_AGENCY,
    Status.APPRAISING: Party.STANDING_AGENCY,
    Status.APPRAISED: Party.STANDING_AGENCY,
}


@dataclass(frozen=True)
class Step:
    """One move: its button, who presses it, from which states, to which, and if it needs a note."""

    label: str
    done: str  # what the trail says afterwards
    role: str  # a value of organisations.models.Role
    sources: frozenset[Status]
    target: Status
    needs_note: bool = False
    after_return: bool | None = None  # only for a dossier that was, or never was, returned


STEPS = {
    "submit": Step("Gửi hồ sơ", "gửi hồ sơ", "leader", EDITABLE, Status.SUBMITTED),
    "withdraw": Step(
        "Rút hồ sơ về sửa",
        "rút hồ sơ về sửa",
        "leader",
        frozenset({Status.SUBMITTED}),
        Status.DRAFT,
        needs_note=True,
        after_return=False,
    ),
    # Back to where it was: what the Sở has decided stays closed.
    "take-back": Step(
        "Rút phần bổ sung về sửa",
        "rút phần bổ sung về sửa",
        "leader",
        frozenset({Status.SUBMITTED}),
        Status.RETURNED,
        needs_note=True,
        after_return=True,
    ),
    "take-in": Step(
        "Tiếp nhận hồ sơ",
        "tiếp nhận hồ sơ",
        "appraiser",
        frozenset({Status.SUBMITTED}),
        Status.APPRAISING,
    ),
    "return": Step(
        "Trả lại để bổ sung",
        "trả lại để bổ sung",
        "appraiser",
        frozenset({Status.APPRAISING}),
        Status.RETURNED,
        needs_note=True,
    ),
    "finish": Step(
        "Kết thúc thẩm định",
        "kết thúc thẩm định",
        "appraiser",
        frozenset({Status.APPRAISING}),
        Status.APPRAISED,
    ),
}


def diagram() -> str:
    """The table as a Mermaid state diagram, for README; a test says when README is stale."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {source} --> {step.target}: {name} ({step.role})"
        for name, step in STEPS.items()
        for source in sorted(step.sources)
    ]
    return "\n".join(lines)
