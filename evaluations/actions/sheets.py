"""A unit's own sheet: saving what is typed, and the only code that moves it along its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluations.actions.guard import Closed, held_line, locked_sheet
from evaluations.actions.notices import tell_of_sheets
from evaluations.actions.results import Conflict, merged, replaced_texts
from evaluations.actions.trails import tell_sheet
from evaluations.actions.unit_results import OWN_FIELDS, write_lines
from evaluations.models import SheetItem, UnitResult
from evaluations.permissions import can_take_sheet_step
from evaluations.registers import points_of
from evaluations.sheet_reading import Sheet, place_of, read_sheet, values_of
from evaluations.unit_reading import shown_line
from evaluations.unit_sheets import FIRST_WRITING, OVERRULED, SHEET_STEPS, SheetStatus
from organisations.models import User

CORRECTED = ("score", "rating", "correction_reason")
DECIDED = ("score", "rating", "decision_number", "decision_on", "correction_reason")


class NotReady(Exception):
    """The sheet cannot take this step yet: what is missing, in Vietnamese; and by field, where a
    correction is wrong."""

    def __init__(self, text: str, problems: Mapping[str, str] | None = None):
        super().__init__(text)
        self.text = text
        self.problems = dict(problems or {})


@dataclass(frozen=True)
class SavedSheet:
    """What became of a save: the line as it is now, and the fields that were not written."""

    result: UnitResult
    conflicts: tuple[Conflict, ...] = ()


@transaction.atomic
def save_sheet(
    *, result: UnitResult, values: Mapping[str, str], base: Mapping[str, str], by: User
) -> SavedSheet:
    """Write the fields that this person changed since they opened the page (`base`).

    As in `actions.results.save_result`. Raises `guard.Closed` where the sheet takes no writing.
    """
    line = locked_sheet(result, by)
    rule = points_of(line.pilot_round, line.kind).rule
    stored = values_of(rule, line.sheet_items.all())
    changed, conflicts = merged(values, base=base, stored=stored)
    if changed:
        _write(line, changed, by)
    return SavedSheet(line, conflicts)


@transaction.atomic
def overrule_sheet(
    *,
    result: UnitResult,
    values: Mapping[str, str],
    base: Mapping[str, str],
    seen: Mapping[str, str],
    by: User,
) -> SavedSheet:
    """Write over another person's text after seeing it, as `actions.results.overrule` does."""
    saved = save_sheet(result=result, values=values, base={**base, **seen}, by=by)
    replaced = replaced_texts(values, seen, saved.conflicts)
    if replaced:
        text = "chọn bản của mình khi hai người cùng sửa"
        tell_sheet(saved.result, OVERRULED, text, by, replaced=replaced)
    return saved


def begin_sheet(line: UnitResult, by: User) -> None:
    """The first thing that a person writes is told; the very first makes it a draft."""
    if line.sheet_status == SheetStatus.NONE:
        line.sheet_status, line.sheet_since = SheetStatus.DRAFT, timezone.now()
        line.save(update_fields=["sheet_status", "sheet_since"])
    if not line.events.filter(by=by, kind=FIRST_WRITING).exists():
        tell_sheet(line, FIRST_WRITING, "bắt đầu nhập phiếu tự chấm", by)


def _write(line: UnitResult, changed: Mapping[str, str], by: User) -> None:
    begin_sheet(line, by)
    items = {item.code: item for item in line.sheet_items.all()}
    touched = {}
    for name, text in changed.items():
        code, field = place_of(name)
        item = touched.setdefault(code, items.get(code) or SheetItem(result=line, code=code))
        setattr(item, field, text)
    for item in touched.values():
        item.updated_at, item.updated_by = timezone.now(), by
        item.save()


def version_of(result: UnitResult) -> str:
    """Which sending a page shows: one that came in since must be read before it is decided on."""
    return f"{result.sheet_since:%Y%m%dT%H%M%S%f}" if result.sheet_since else ""


@transaction.atomic
def take_sheet_step(
    *,
    result: UnitResult,
    step_name: str,
    by: User,
    note: str = "",
    seen: str | None = None,
    corrected: Mapping[str, str] | None = None,
) -> UnitResult:
    """Take one step of `unit_sheets.SHEET_STEPS` and record who took it.

    `seen` is the version of the sheet that a keeper decides on; `corrected` has the points or the
    rating, and the reason, where they differ from the unit's own. Raises `guard.Closed` or
    NotReady; nothing is half-taken.
    """
    line = held_line(result.pk)
    if not can_take_sheet_step(by, line, step_name):
        raise Closed
    if seen is not None and seen != version_of(line):
        raise NotReady("Phiếu đã thay đổi từ khi mở trang. Xem lại rồi quyết định.")
    if SHEET_STEPS[step_name].needs_note and not note.strip():
        raise NotReady("Cần ghi rõ lý do.")
    if step_name == "confirm":
        _confirm(line, corrected, by)
        return line
    before = shown_line(line)
    detail = _CHANGES[step_name](line)
    changes = {
        name: {"old": old, "new": new}
        for name, new in shown_line(line).items()
        if new != (old := before[name])
    }
    _move(line, step_name, by, note, **changes, **detail)
    tell_of_sheets([line], step_name, by)
    return line


def _submit(line: UnitResult) -> dict[str, Any]:
    """The result that the unit states is written now, and not while it types.

    What the keeper and the register show as "tự chấm" is what was sent, nothing else. The trail
    keeps every sending whole: what is typed after a return changes none of it.
    """
    point_set = points_of(line.pilot_round, line.kind)
    values = values_of(point_set.rule, line.sheet_items.all())
    sheet = read_sheet(point_set.rule, values)
    if not sheet.is_complete:
        raise NotReady(" ".join(sheet.lacks))
    line.self_score = _as_decimal(sheet)
    line.self_rating = point_set.ratings.get(code=sheet.rating.code)
    # What the keeper typed of the unit before would stand over it, where nobody can mend it.
    line.unread = {name: text for name, text in line.unread.items() if name not in OWN_FIELDS}
    return {"values": values, "papers": _papers(line), "point_set": str(point_set)}


def _take_back(line: UnitResult) -> dict[str, Any]:
    """Nothing is sent any more, so nothing is shown as what the unit states.

    The last sending stays in the trail, and is shown from there as what it is.
    """
    line.self_score, line.self_rating = None, None
    return {}


def _return(line: UnitResult) -> dict[str, Any]:
    """As when the unit takes it back; and what was confirmed of it is no result any more."""
    _take_back(line)
    if line.sheet_status == SheetStatus.CONFIRMED:
        line.score, line.rating, line.decision_on = None, None, None
        line.decision_number, line.correction_reason = "", ""
        line.unread = {name: text for name, text in line.unread.items() if name not in DECIDED}
    return {}


_CHANGES = {"submit": _submit, "withdraw": _take_back, "return": _return}


def _confirm(line: UnitResult, corrected: Mapping[str, str] | None, by: User) -> None:
    """The unit's own result, or the corrected one, by the door of the grid and of Excel."""
    stored = shown_line(line)
    typed = stored | {
        "score": stored["self_score"],
        "rating": stored["self_rating"],
        "correction_reason": "",
    }
    if corrected is not None:
        typed |= {name: corrected.get(name, "").strip() for name in CORRECTED}
    problems = write_lines([(line, typed)], by=by)[line.pk]
    wrong = {name: problems[name] for name in CORRECTED if name in problems}
    if not wrong and line.rating is None:
        wrong = {"rating": "Chọn xếp loại."}
    if wrong:
        raise NotReady("Chưa xác nhận: sửa chỗ báo đỏ.", wrong)


def _move(line: UnitResult, step_name: str, by: User, note: str, **detail: Any) -> None:
    step = SHEET_STEPS[step_name]
    now = timezone.now()
    line.sheet_status, line.sheet_since = step.target, now
    line.updated_at, line.updated_by = now, by
    line.save(
        update_fields=[
            *("sheet_status", "sheet_since", "self_score", "self_rating", "unread"),
            *(*DECIDED, "updated_at", "updated_by"),
        ]
    )
    tell_sheet(line, step_name, step.done, by, note=note, **detail)


def _as_decimal(sheet: Sheet) -> Decimal | None:
    """Exact: points have two decimals at most."""
    if sheet.score is None:
        return None
    return Decimal(sheet.score.numerator) / Decimal(sheet.score.denominator)


def _papers(line: UnitResult) -> list[dict[str, Any]]:
    return [
        {
            "item": evidence.item_code,
            "document": evidence.document_id,
            "title": str(evidence.document),
            "revision": evidence.revision,
            "cited": evidence.cited,
        }
        for evidence in line.sheet_evidence.select_related("document")
    ]
