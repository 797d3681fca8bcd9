"""One district on the board: its cells, its levels, whose turn it is."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from django.urls import reverse
from django.utils.formats import date_format

from criteria.numbers import NBSP
from evaluations.determination import Finding, Line
from evaluations.models import Evaluation
from evaluations.permissions import can_see_appraisal
from evaluations.turns import Turn, turn_of
from evaluations.workflow import STATES, Party, Status
from organisations.models import Role, User

HOLDERS = {Party.STANDING_AGENCY: "Sở", Party.COUNCIL: "Hội đồng"}


@dataclass(frozen=True)
class Cell:
    """One district at one indicator: sign or share, for the eye and for the ear."""

    criterion_id: int
    sign: str
    ground: str  # "l0" … "l3", or nothing
    figure: str  # "76,7", where the indicator is graded
    share: Fraction | None  # the same, exact
    is_adjusted: bool
    label: str
    url: str


@dataclass(frozen=True)
class Row:
    evaluation: Evaluation
    turn: Turn
    finding: Finding | None  # None: what it says is its unit's own business yet
    url: str
    cells: tuple[Cell, ...]
    shows_appraisal: bool  # the reader may know the Sở's verdicts before they are sent

    @property
    def name(self) -> str:
        return self.evaluation.unit.bare_name

    @property
    def beads(self) -> list[list[Cell]]:
        """The cells by criterion, for the phone."""
        return [list(cells) for _, cells in groupby(self.cells, lambda cell: cell.criterion_id)]

    @property
    def self_level(self) -> int | None:
        return self.finding.self_assessed.conclusion if self.finding else None

    @property
    def appraised_level(self) -> int | None:
        return self.finding.appraised.conclusion if self.is_concluded else None

    @property
    def is_concluded(self) -> bool:
        return self.shows_appraisal and self.finding is not None and self.finding.is_fully_decided

    @property
    def level(self) -> int | None:
        """By decision; else as appraised; else as the unit assessed itself."""
        if self.evaluation.decided_level is not None:
            return self.evaluation.decided_level
        return self.appraised_level if self.is_concluded else self.self_level

    @property
    def whose(self) -> str:
        """ "Sở, đang thẩm định"."""
        evaluation = self.evaluation
        doing = STATES[Status(evaluation.status)].doing
        if self.turn.holder == Party.NOBODY:
            level = evaluation.decided_level
            return f"{doing.capitalize()} mức {level}" if level else doing.capitalize()
        holder = HOLDERS.get(self.turn.holder) or evaluation.unit.noun.capitalize()
        return f"{holder}, {doing}"

    @property
    def clock(self) -> str:
        """Under whose turn it is: the extension, else how long it has waited."""
        if self.turn.is_late:
            return self.turn.due_text
        if self.evaluation.status == Status.DRAFT and self.evaluation.extended_until:
            return f"gia hạn {short(self.evaluation.extended_until)}"
        if self.turn.due_on:
            due = f"hạn {short(self.turn.due_on)}"
            is_back = self.evaluation.status == Status.RETURNED
            return f"{self.turn.waiting_text}, {due}" if is_back else due
        return self.turn.waiting_text


def row_of(user: User, evaluation: Evaluation, finding: Finding | None, today: date) -> Row:
    cells: tuple[Cell, ...] = ()
    url = ""
    shows = can_see_appraisal(user, evaluation)
    if finding:
        url = _dossier_url(user, evaluation)
        cells = tuple(_cell(user, evaluation, line, shows=shows) for line in finding.lines)
    return Row(evaluation, turn_of(evaluation, today), finding, url, cells, shows)


def _cell(user: User, evaluation: Evaluation, line: Line, *, shows: bool) -> Cell:
    """The Sở's word where it has one that this reader may know; else the unit's own."""
    adjusted = shows and line.differs
    asked = shows and line.is_asking
    assessed = line.appraised if adjusted else line.self_assessed
    mark = line.appraised_verdict if adjusted else line.mark
    level = line.appraised_level if adjusted else line.self_level
    figure = assessed.shown if line.indicator.is_graded else ""
    ground = ""
    if line.indicator.is_graded and level is not None:
        ground = f"l{level}"
    elif mark.sign == "unmet":
        ground = "l0"
    said = [f"{evaluation.unit.bare_name}, {line.code}: {mark.word.lower()}"]
    said += [figure] if figure else []
    said += ["cần bổ sung"] if asked else []
    said += ["Sở điều chỉnh"] if adjusted else []
    return Cell(
        criterion_id=line.indicator.criterion_id,
        sign="ask" if asked else mark.sign,
        ground=ground,
        figure=figure.removesuffix(f"{NBSP}%"),
        share=assessed.share if figure else None,
        is_adjusted=adjusted,
        label=", ".join(said),
        url=_indicator_url(user, evaluation, line.code),
    )


def _dossier_url(user: User, evaluation: Evaluation) -> str:
    if user.role in {Role.APPRAISER, Role.APPROVER}:
        return reverse("evaluations:appraise-dossier", args=[evaluation.pk])
    return evaluation.get_absolute_url()


def _indicator_url(user: User, evaluation: Evaluation, code: str) -> str:
    is_of_agency = user.role in {Role.APPRAISER, Role.APPROVER}
    name = "evaluations:appraise" if is_of_agency else "evaluations:indicator"
    return reverse(name, args=[evaluation.pk, code])


def short(day: date) -> str:
    return date_format(day, "d/m")
