"""The board of a round (bảng theo dõi): districts × indicators, stages, tiles, what to look at.

Figures of a dossier that is still being drafted are its unit's own; the board says only that it
has not come, and how late. Rows are built from findings; nothing here asks the database but
`board_of`, in a constant number of queries.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from django.conf import settings
from django.db.models.functions import Collate
from django.urls import reverse
from django.utils.formats import date_format

from criteria.levels import WORDS
from criteria.models import Criterion, Indicator
from criteria.numbers import NBSP
from evaluations.determination import Finding, Line, find
from evaluations.duties.shapes import level_words
from evaluations.feasibility import best_share
from evaluations.models import Evaluation, IndicatorResult, PilotRound
from evaluations.turns import Turn, turn_of
from evaluations.workflow import Party, Status
from organisations.collation import VIETNAMESE
from organisations.models import Role, User

STAGES = {
    Status.DRAFT: "Chưa gửi",
    Status.SUBMITTED: "Chờ Sở tiếp nhận",
    Status.APPRAISING: "Sở đang thẩm định",
    Status.RETURNED: "Huyện bổ sung",
    Status.APPRAISED: "Chờ xác nhận",
}
DOING = {
    Status.DRAFT: "chưa gửi",
    Status.SUBMITTED: "chờ tiếp nhận",
    Status.APPRAISING: "đang thẩm định",
    Status.RETURNED: "bổ sung",
    Status.APPRAISED: "chờ xác nhận",
}
BLOCKS = {"quận": "Khối quận", "huyện": "Khối huyện"}


@dataclass(frozen=True)
class Cell:
    """One district at one indicator: sign or share, for the eye and for the ear."""

    criterion_id: int
    sign: str
    ground: str  # "l0" … "l3", or nothing
    figure: str  # "76,7", where the indicator is graded
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
        return self.finding is not None and self.finding.is_fully_decided

    @property
    def level(self) -> int | None:
        """As appraised; where the Sở has not concluded, as the unit assessed itself."""
        return self.appraised_level if self.is_concluded else self.self_level

    @property
    def whose(self) -> str:
        """ "Sở, đang thẩm định"."""
        evaluation = self.evaluation
        is_unit = self.turn.holder == Party.UNIT
        holder = evaluation.unit.noun.capitalize() if is_unit else "Sở"
        return f"{holder}, {DOING[Status(evaluation.status)]}"

    @property
    def clock(self) -> str:
        """Under whose turn it is: the extension, else how long it has waited."""
        if self.turn.is_late:
            return self.turn.due_text
        if self.evaluation.status == Status.DRAFT and self.evaluation.extended_until:
            return f"gia hạn {_short(self.evaluation.extended_until)}"
        if self.turn.due_on:
            return f"hạn {_short(self.turn.due_on)}"
        return self.turn.waiting_text


@dataclass(frozen=True)
class Entry:
    """One district within a stage."""

    text: str
    late: str


@dataclass(frozen=True)
class Stage:
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Filter:
    slug: str
    label: str
    count: int


@dataclass(frozen=True)
class Tile:
    """One district on the map; those that do not take part are drawn pale."""

    code: str
    words: tuple[str, ...]
    row: Row | None


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Remark:
    """One thing that a person at the Sở should look at, found in the data."""

    subject: str
    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Part:
    """A criterion over its indicators, for the head of the table."""

    criterion: Criterion
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Board:
    pilot_round: PilotRound
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...]
    today: date

    @property
    def indicators(self) -> list[Indicator]:
        return [indicator for part in self.parts for indicator in part.indicators]

    @property
    def width(self) -> int:
        """Columns: the name, the indicators, two levels, whose turn."""
        return len(self.indicators) + 4

    @property
    def count_in_words(self) -> str:
        count = len(self.rows)
        return WORDS[count] if count < len(WORDS) else str(count)

    @property
    def headline(self) -> str:
        """ "Hạn gửi 15/12/2022 đã qua 1 ngày"."""
        due = self.pilot_round.self_assessment_due_on
        days = (self.today - due).days
        said = f"Hạn gửi {date_format(due)}"
        if days > 0:
            return f"{said} đã qua {days} ngày"
        return f"{said}, còn {-days} ngày" if days else f"{said} là hôm nay"

    @property
    def sent(self) -> int:
        return sum(row.evaluation.status != Status.DRAFT for row in self.rows)

    @property
    def counts(self) -> str:
        """ ", 1 muộn, 1 được gia hạn"."""
        late = len(self.shown("muon"))
        extended = sum(
            row.evaluation.status == Status.DRAFT and row.evaluation.extended_until is not None
            for row in self.rows
        )
        said = [f"{late} muộn" if late else "", f"{extended} được gia hạn" if extended else ""]
        return "".join(f", {each}" for each in said if each)

    @property
    def stages(self) -> list[Stage]:
        return [
            Stage(
                label,
                tuple(_entry(row) for row in self.rows if row.evaluation.status == status),
            )
            for status, label in STAGES.items()
        ]

    @property
    def filters(self) -> list[Filter]:
        return [
            Filter(slug, label, len(self.shown(slug)))
            for slug, label in (
                ("", "Tất cả"),
                ("cho-so", "Chờ Sở"),
                ("cho-huyen", "Chờ huyện"),
                ("muon", "Muộn"),
            )
        ]

    def shown(self, slug: str) -> list[Row]:
        wanted = _FILTERS.get(slug, _FILTERS[""])
        return [row for row in self.rows if wanted(row)]

    def blocks(self, slug: str) -> list[tuple[str, list[Row]]]:
        """The rows that the filter leaves, quận before huyện."""
        rows = self.shown(slug)
        return [
            (title, [row for row in rows if _block(row) == title])
            for title in dict.fromkeys([*BLOCKS.values(), *map(_block, rows)])
            if any(_block(row) == title for row in rows)
        ]

    @property
    def tiles(self) -> list[Tile]:
        """The map; none where no participant has a place on it."""
        rows = {row.evaluation.unit.code: row for row in self.rows}
        if not rows.keys() & tile_names().keys():
            return []
        return [Tile(code, _two_lines(name), rows.get(code)) for code, name in tile_names().items()]


_FILTERS = {
    "": lambda row: True,
    "cho-so": lambda row: row.turn.holder == Party.STANDING_AGENCY,
    "cho-huyen": lambda row: row.turn.holder == Party.UNIT,
    "muon": lambda row: row.turn.is_late,
}


def board_of(user: User, pilot_round: PilotRound, today: date) -> Board:
    everywhere = Evaluation.objects.filter(pilot_round=pilot_round).order_by(
        Collate("unit__short_name", VIETNAMESE)
    )
    drafts = everywhere.filter(status=Status.DRAFT).for_display()
    came_in = everywhere.visible_to(user).exclude(status=Status.DRAFT).with_results()
    found = {evaluation.pk: find(evaluation) for evaluation in came_in}
    unordered = [*drafts, *(finding.evaluation for finding in found.values())]
    order = list(everywhere.values_list("pk", flat=True))
    rows = tuple(
        _row(user, evaluation, found.get(evaluation.pk), today)
        for evaluation in sorted(unordered, key=lambda each: order.index(each.pk))
    )
    return Board(
        pilot_round=pilot_round,
        parts=_parts(pilot_round),
        rows=rows,
        remarks=tuple(_remarks(pilot_round, rows)),
        today=today,
    )


@lru_cache(maxsize=1)
def tile_names() -> dict[str, str]:
    """Code → short name of the districts that have a place; the places are in `board.css`."""
    path = settings.BASE_DIR / "fixtures" / "organisations" / "tile-grid.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["short_name"] for row in csv.DictReader(file)}


def _row(user: User, evaluation: Evaluation, finding: Finding | None, today: date) -> Row:
    cells: tuple[Cell, ...] = ()
    url = ""
    if finding:
        url = _dossier_url(user, evaluation)
        cells = tuple(_cell(user, evaluation, line) for line in finding.lines)
    return Row(evaluation, turn_of(evaluation, today), finding, url, cells)


def _cell(user: User, evaluation: Evaluation, line: Line) -> Cell:
    """The Sở's word where it has one; the unit's own where it has not."""
    adjusted = line.differs
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
    said += ["cần bổ sung"] if line.is_asking else []
    said += ["Sở điều chỉnh"] if adjusted else []
    return Cell(
        criterion_id=line.indicator.criterion_id,
        sign="ask" if line.is_asking else mark.sign,
        ground=ground,
        figure=figure.removesuffix(f"{NBSP}%"),
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


def _parts(pilot_round: PilotRound) -> tuple[Part, ...]:
    """Needs `district_set__standards__criteria__indicators` prefetched."""
    return tuple(
        Part(criterion, tuple(criterion.indicators.all()))
        for standard in pilot_round.district_set.standards.all()
        for criterion in standard.criteria.all()
    )


def _entry(row: Row) -> Entry:
    text = row.name
    status = row.evaluation.status
    if status == Status.APPRAISING and row.finding:
        text += f" {row.finding.decided_count}/{len(row.finding.lines)}"
    elif not row.turn.is_late and status == Status.RETURNED and row.turn.due_on:
        text += f", hạn {_short(row.turn.due_on)}"
    elif not row.turn.is_late and row.evaluation.extended_until and status == Status.DRAFT:
        text += f", gia hạn {_short(row.evaluation.extended_until)}"
    return Entry(text, row.turn.due_text if row.turn.is_late else "")


def _remarks(pilot_round: PilotRound, rows: Sequence[Row]) -> Iterable[Remark]:
    best = best_share(pilot_round)
    if best.is_impossible:
        readings = f"{pilot_round.get_absolute_url()}#cach-hieu"
        yield Remark("2.1.2 của thành phố", best.sentence, (Link("Cách hiểu của đợt", readings),))
    late = [row for row in rows if row.turn.is_late]
    if late:
        said = ", ".join(f"{row.name} {row.turn.due_text}" for row in late)
        dossiers = tuple(Link(f"Hồ sơ {row.name}", row.url) for row in late if row.url)
        yield Remark("Quá hạn:", f"{said}.", dossiers)
    for row in rows:
        if row.is_concluded and row.self_level != row.appraised_level:
            yield _level_changed(row)
    yield from _unfit(rows)


def _level_changed(row: Row) -> Remark:
    assert row.finding is not None
    changed = [line for line in row.finding.lines if line.differs]
    said = "; ".join(_adjusted(line) for line in changed)
    levels = f"{level_words(row.self_level)} thành {level_words(row.appraised_level)}"
    how = f"Sở điều chỉnh {said}; " if said else ""
    return Remark(f"{row.name}:", f"{how}tự đánh giá {levels}.", (Link("Xem lý do", row.url),))


def _adjusted(line: Line) -> str:
    """ "2.1.2 còn 29/37 = 78,4 %"."""
    figure, shown = line.appraised.figure, line.appraised.shown
    became = " = ".join(each for each in (figure, shown) if each)
    verb = "còn" if line.is_lower else "thành"
    return f"{line.code} {verb} {became or line.appraised_verdict.word.lower()}"


def _unfit(rows: Sequence[Row]) -> Iterable[Remark]:
    """Indicators that districts call unfit: what the pilot is there to find out."""
    by_code: dict[str, list[tuple[Row, Line, Cell]]] = {}
    for row in rows:
        for line, cell in zip(row.finding.lines if row.finding else (), row.cells, strict=True):
            if line.result.suitability == IndicatorResult.Suitability.UNFIT:
                by_code.setdefault(line.code, []).append((row, line, cell))
    for code, found in by_code.items():
        names = ", ".join(row.name for row, _, _ in found)
        first = found[0][1].result
        reason = first.obstacle or first.proposal
        said = "ghi “không phù hợp”" if len(found) == 1 else "đều ghi “không phù hợp”"
        links = tuple(Link(f"Kiến nghị của {row.name}", cell.url) for row, _, cell in found)
        yield Remark(f"{code} ở {names}:", f"{said}{f': {reason}' if reason else '.'}", links)


def _block(row: Row) -> str:
    unit_type = row.evaluation.unit.type
    return BLOCKS.get(unit_type, f"Khối {unit_type}")


def _two_lines(name: str) -> tuple[str, ...]:
    first, _, rest = name.partition(" ")
    return (first, rest) if rest else (first,)


def _short(day: date) -> str:
    return date_format(day, "d/m")
