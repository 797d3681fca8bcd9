"""What pages show of a unit's sheet: its items with their papers, and the keeper's view of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.forms import BoundField

from criteria.numbers import show_number
from criteria.points import PointRule
from evaluations.actions.sheets import version_of
from evaluations.forms.sheets import CorrectionForm, SheetForm, SheetStepForm
from evaluations.models import SheetEvidence, StoredFile, UnitEvent, UnitResult
from evaluations.permissions import (
    can_keep_register,
    can_read_sheet,
    filled_sheet,
    sheet_steps_for,
)
from evaluations.registers import points_of
from evaluations.sheet_reading import (
    Sheet,
    SheetGroup,
    SheetLine,
    explanation_name,
    points_name,
    stored_sheet,
)
from evaluations.unit_reading import result_words, shown_line
from evaluations.unit_sheets import SHEET_STEPS, WHOLE, SheetStatus
from evaluations.views.citing import CitedPaper, cited_paper
from organisations.models import Organisation, User


@dataclass(frozen=True)
class Row:
    """One item on a page: what it says and its papers; its fields, where it is filled in."""

    code: str
    line: SheetLine | None
    papers: list[CitedPaper]
    points: BoundField | None = None
    explanation: BoundField | None = None


@dataclass(frozen=True)
class ShownGroup:
    """A criterion of the point set with its rows."""

    group: SheetGroup
    rows: list[Row]


@dataclass(frozen=True)
class Band:
    """A rating, the points it is given for in words, and whether it is the one reached."""

    label: str
    points: str
    is_reached: bool


@dataclass(frozen=True)
class ShownLine:
    """One sheet of a list: what the unit sent, what was confirmed, in words."""

    line: UnitResult
    own: str
    confirmed: str


def shown_lines(lines: Iterable[UnitResult]) -> list[ShownLine]:
    """Of lines fetched `for_display()`."""
    return [ShownLine(line, own_words(line), confirmed_words(line)) for line in lines]


def own_words(line: UnitResult) -> str:
    return result_words(line.self_score, line.self_rating)


def confirmed_words(line: UnitResult) -> str:
    return result_words(line.score, line.rating)


def rule_of(line: UnitResult) -> PointRule:
    """The rule of its round; one that asks for nothing where the round adopted none."""
    point_set = points_of(line.pilot_round, line.kind)
    return point_set.rule if point_set else PointRule(0, (), ())


def receiver_of(line: UnitResult) -> str:
    """To whom the sheet goes, as a sentence names it."""
    if line.owner.kind == Organisation.Kind.CITY:
        return "Sở Giáo dục và Đào tạo"
    return f"UBND {line.owner.name_in_sentence}"


def papers_of(line: UnitResult, user: User) -> dict[str, list[CitedPaper]]:
    """By item, the papers that this person may open; three queries."""
    evidence = (
        SheetEvidence.objects.visible_to(user)
        .filter(result=line)
        .select_related("document")
        .prefetch_related(Prefetch("document__files", StoredFile.objects.visible_to(user)))
        .order_by("pk")
    )
    found: dict[str, list[CitedPaper]] = {}
    for each in evidence:
        found.setdefault(each.item_code, []).append(cited_paper(each))
    return found


def shown_groups(
    sheet: Sheet, papers: dict[str, list[CitedPaper]], form: SheetForm | None = None
) -> list[ShownGroup]:
    """To read, an item that asks no points and says nothing is left out."""
    shown = [
        ShownGroup(group, [_row(line, papers, form) for line in group.lines])
        for group in sheet.groups
    ]
    if form or sheet.asks_points:
        return shown
    said = [
        ShownGroup(each.group, [row for row in each.rows if row.line.explanation or row.papers])
        for each in shown
    ]
    return [each for each in said if each.rows]


def whole_row(
    sheet: Sheet, papers: dict[str, list[CitedPaper]], form: SheetForm | None = None
) -> Row | None:
    """What is said of the sheet as a whole, where the unit claims its rating."""
    if not sheet.asks_rating:
        return None
    explanation = form[explanation_name(WHOLE)] if form else None
    return Row(WHOLE, None, papers.get(WHOLE, []), explanation=explanation)


def bands_of(sheet: Sheet | None, rule: PointRule) -> list[Band]:
    """The ratings from the best down; none while their points are left open."""
    if not rule.has_bands:
        return []
    shown, above = [], None
    for band in rule.ratings:
        low = show_number(band.minimum)
        points = f"từ {low} đến dưới {above}" if above else f"từ {low} đến {rule.maximum}"
        is_reached = sheet is not None and sheet.rating == band
        shown.append(Band(band.label, points, is_reached))
        above = low
    return shown


def moves_of(line: UnitResult) -> list[UnitEvent]:
    """The steps that the sheet took, newest first."""
    return list(line.events.filter(kind__in=SHEET_STEPS).select_related("by"))


def last_return(line: UnitResult, moves: list[UnitEvent]) -> UnitEvent | None:
    """Why the sheet is back, as long as it is."""
    if line.sheet_status != SheetStatus.RETURNED:
        return None
    return next((move for move in moves if move.kind == "return"), None)


def last_sent(moves: list[UnitEvent]) -> UnitEvent | None:
    return next((move for move in moves if move.kind == "submit"), None)


def sent_words(moves: list[UnitEvent]) -> str:
    """What the unit stated when it last sent its sheet, whatever it has been typing since."""
    sent = last_sent(moves)
    if sent is None:
        return ""
    score, rating = (
        sent.detail.get(name, {}).get("new", "") for name in ("self_score", "self_rating")
    )
    return f"{score} điểm, {rating}" if score else rating


def reading_of(
    user: User,
    line: UnitResult,
    *,
    correction: CorrectionForm | None = None,
    returning: SheetStepForm | None = None,
) -> dict:
    """Context of `evaluations/sheets/partials/read.html`: the sheet as its keeper reads it, and
    what the keeper may decide. The line comes `for_writing()`; ten queries, however many papers.
    """
    rule, may_read = rule_of(line), can_read_sheet(user, line)
    sheet = stored_sheet(rule, line.sheet_items.all()) if may_read else None
    papers = papers_of(line, user) if may_read else {}
    steps, moves = sheet_steps_for(user, line), moves_of(line)
    version = {"seen": version_of(line)}
    stated = shown_line(line)
    own = {"score": stated["self_score"], "rating": stated["self_rating"]}
    keeps = can_keep_register(user, line.pilot_round, line.owner)
    is_waiting = line.sheet_status == SheetStatus.SUBMITTED
    return {
        "line": line,
        "own": own_words(line),
        "confirmed": confirmed_words(line),
        "sheet": sheet,
        "groups": shown_groups(sheet, papers) if sheet else [],
        "whole": whole_row(sheet, papers) if sheet else None,
        "bands": bands_of(sheet, rule),
        "can_confirm": "confirm" in steps,
        "can_return": "return" in steps,
        "filled_it": keeps and is_waiting and not steps and filled_sheet(user, line),
        "version": version["seen"],
        "correction": correction or CorrectionForm(rule=rule, initial=version | own),
        "returning": returning or SheetStepForm(needs_note=True, initial=version),
        "moves": moves,
        "last_sent": last_sent(moves),
        "last_sent_words": sent_words(moves),
        "returned": last_return(line, moves),
        "next_waiting": _next_waiting(line) if keeps else None,
    }


def _row(line: SheetLine, papers: dict[str, list[CitedPaper]], form: SheetForm | None) -> Row:
    return Row(
        code=line.code,
        line=line,
        papers=papers.get(line.code, []),
        points=form[points_name(line.code)] if form and form.rule.has_points else None,
        explanation=form[explanation_name(line.code)] if form else None,
    )


def _next_waiting(line: UnitResult) -> UnitResult | None:
    """Another sheet of the same register that waits for the keeper, the one that waits longest."""
    return (
        UnitResult.objects.register(
            pilot_round=line.pilot_round, owner=line.owner, kind=line.kind, year=line.year
        )
        .filter(sheet_status=SheetStatus.SUBMITTED, in_scope=True)
        .exclude(pk=line.pk)
        .select_related("unit")
        .order_by("sheet_since")
        .first()
    )
