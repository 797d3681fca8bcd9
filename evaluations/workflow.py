"""The way of a dossier (hồ sơ) as one table: who may take which step, from where to where.

Nothing here asks the database. `permissions.can_take` reads the table, `actions.take_step` is
the only code that moves a dossier along it, and the diagram in README is printed from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Status(StrEnum):
    """Where a dossier is; stored as these words."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPRAISING = "appraising"
    RETURNED = "returned"
    APPRAISED = "appraised"
    CONFIRMED = "confirmed"
    RECOGNISED = "recognised"
    DECLINED = "declined"


class Party(StrEnum):
    """Whose move it is: the assessed unit, the standing agency (Sở GD&ĐT), or the council that
    sits before the decision; nobody's once there is one."""

    UNIT = "unit"
    STANDING_AGENCY = "standing_agency"
    COUNCIL = "council"
    NOBODY = "nobody"


@dataclass(frozen=True)
class State:
    """One status in words: by itself, after its holder's name, and over a column of the board."""

    label: str
    doing: str
    heading: str
    holder: Party


STATES = {
    Status.DRAFT: State("đang tự đánh giá", "chưa gửi", "Chưa gửi", Party.UNIT),
    Status.SUBMITTED: State(
        "đã gửi, chờ Sở tiếp nhận", "chờ tiếp nhận", "Chờ Sở tiếp nhận", Party.STANDING_AGENCY
    ),
    Status.APPRAISING: State(
        "Sở đang thẩm định", "đang thẩm định", "Sở đang thẩm định", Party.STANDING_AGENCY
    ),
    Status.RETURNED: State("trả lại để bổ sung", "bổ sung", "Huyện bổ sung", Party.UNIT),
    Status.APPRAISED: State(
        "đã thẩm định, chờ lãnh đạo Sở xác nhận",
        "chờ xác nhận",
        "Chờ xác nhận",
        Party.STANDING_AGENCY,
    ),
    Status.CONFIRMED: State(
        "đã xác nhận, chờ hội đồng và quyết định", "chờ quyết định", "Chờ hội đồng", Party.COUNCIL
    ),
    Status.RECOGNISED: State("đã được công nhận", "đã công nhận", "Đã có quyết định", Party.NOBODY),
    Status.DECLINED: State(
        "không được công nhận", "không công nhận", "Đã có quyết định", Party.NOBODY
    ),
}

# The city's own dossier: the same moves, but the Sở compiled it, so the council appraises it.
CITY_STATES = STATES | {
    Status.DRAFT: State("các cơ quan đang làm", "chưa gửi", "Chưa gửi", Party.UNIT),
    Status.SUBMITTED: State(
        "đã gửi, chờ hội đồng tiếp nhận", "chờ tiếp nhận", "Chờ tiếp nhận", Party.COUNCIL
    ),
    Status.APPRAISING: State(
        "hội đồng đang đánh giá", "đang đánh giá", "Đang đánh giá", Party.COUNCIL
    ),
    Status.RETURNED: State(
        "hội đồng trả lại để bổ sung", "bổ sung", "Các cơ quan bổ sung", Party.UNIT
    ),
    Status.APPRAISED: State(
        "hội đồng đã kết luận, chờ xác nhận", "chờ xác nhận", "Chờ xác nhận", Party.COUNCIL
    ),
    Status.CONFIRMED: State(
        "đã xác nhận, chờ phiên họp và quyết định của Bộ",
        "chờ quyết định",
        "Chờ quyết định",
        Party.COUNCIL,
    ),
}

STATUS_CHOICES = [(status.value, state.label) for status, state in STATES.items()]

# The unit may write in these; who appraises in APPRAISING; nobody anywhere else.
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
# The Sở's column was finished; it is the unit's to read.
CONCLUDED = frozenset({Status.APPRAISED, Status.CONFIRMED, Status.RECOGNISED, Status.DECLINED})
# And somebody else confirmed it.
SETTLED = CONCLUDED - {Status.APPRAISED}
DECIDED = frozenset({Status.RECOGNISED, Status.DECLINED})

# What an inspection leaves on the trail of its dossier. The Sở writes them, and they move nothing.
INSPECTION_DRAWN = "inspection-drawn"
INSPECTION_CLOSED = "inspection-closed"
INSPECTION_FED = "inspection-fed"
# And what moves one indicator of the city's dossier between its agency and who compiles.
ASSIGNED = "assigned"
HANDED_OVER = "handed-over"
PART_RETURNED = "part-returned"
PART_EVENTS = (ASSIGNED, HANDED_OVER, PART_RETURNED)
INSPECTION_EVENTS = (INSPECTION_DRAWN, INSPECTION_CLOSED, INSPECTION_FED)


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
    another_than: str = ""  # a step which the same person must not have taken last (hai người)
    by_decision: bool = False  # follows from a recorded decision and has no button of its own
    # Of the city's own dossier: who takes the step and how it is called, where that is otherwise.
    city_role: str = ""
    city_label: str = ""
    city_done: str = ""

    @property
    def of_city(self) -> "Step":
        return replace(
            self,
            role=self.city_role or self.role,
            label=self.city_label or self.label,
            done=self.city_done or self.done,
        )


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
        city_role="council",
    ),
    "return": Step(
        "Trả lại để bổ sung",
        "trả lại để bổ sung",
        "appraiser",
        frozenset({Status.APPRAISING}),
        Status.RETURNED,
        needs_note=True,
        city_role="council",
    ),
    "finish": Step(
        "Kết thúc thẩm định",
        "kết thúc thẩm định",
        "appraiser",
        frozenset({Status.APPRAISING}),
        Status.APPRAISED,
        city_role="council",
        city_label="Kết thúc đánh giá của hội đồng",
        city_done="kết thúc đánh giá của hội đồng",
    ),
    "confirm": Step(
        "Xác nhận kết quả thẩm định",
        "xác nhận kết quả thẩm định",
        "approver",
        frozenset({Status.APPRAISED}),
        Status.CONFIRMED,
        another_than="finish",
        city_role="council",
        city_label="Xác nhận kết luận của hội đồng",
        city_done="xác nhận kết luận của hội đồng",
    ),
    "send-back": Step(
        "Chuyển lại để thẩm định tiếp",
        "chuyển lại để thẩm định tiếp",
        "approver",
        frozenset({Status.APPRAISED}),
        Status.APPRAISING,
        needs_note=True,
        city_role="council",
        city_label="Chuyển lại để xem tiếp",
        city_done="chuyển lại để xem tiếp",
    ),
    "reopen": Step(
        "Mở lại thẩm định",
        "mở lại thẩm định",
        "approver",
        frozenset({Status.CONFIRMED}),
        Status.APPRAISING,
        needs_note=True,
        city_role="council",
        city_label="Mở lại việc đánh giá",
        city_done="mở lại việc đánh giá",
    ),
    "recognise": Step(
        "Ghi quyết định công nhận",
        "được công nhận",
        "approver",
        frozenset({Status.CONFIRMED}),
        Status.RECOGNISED,
        by_decision=True,
    ),
    "decline": Step(
        "Ghi quyết định không công nhận",
        "không được công nhận",
        "approver",
        frozenset({Status.CONFIRMED}),
        Status.DECLINED,
        by_decision=True,
    ),
    # A decision is corrected only by another one, which may say the opposite.
    "recognise-anew": Step(
        "Ghi quyết định thay: công nhận",
        "được công nhận theo quyết định thay",
        "approver",
        DECIDED,
        Status.RECOGNISED,
        by_decision=True,
    ),
    "decline-anew": Step(
        "Ghi quyết định thay: không công nhận",
        "không được công nhận theo quyết định thay",
        "approver",
        DECIDED,
        Status.DECLINED,
        by_decision=True,
    ),
}


CITY_STEPS = {name: step.of_city for name, step in STEPS.items()}


def diagram() -> str:
    """The table as a Mermaid state diagram, for README; a test says when README is stale.

    Two roles: that of a district's dossier, then that of the city's.
    """
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {source} --> {step.target}: {name} ({_roles(step)})"
        for name, step in STEPS.items()
        for source in sorted(step.sources)
    ]
    return "\n".join(lines)


def steps_in_words(roles: Mapping[str, str]) -> str:
    """The table as officers read it, for the guide; a test says when the guide is stale.

    `roles` names each role in Vietnamese.
    """
    lines = [
        "| Bước | Ai làm | Ai làm với hồ sơ thành phố | Hồ sơ đang ở | Chuyển sang |",
        "|---|---|---|---|---|",
    ]
    for step in STEPS.values():
        sources = "; ".join(
            state.label for status, state in STATES.items() if status in step.sources
        )
        hands = roles[step.role], roles[step.of_city.role]
        cells = (step.label, *hands, sources, STATES[step.target].label)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _roles(step: Step) -> str:
    return f"{step.role} / {step.city_role}" if step.city_role else step.role
