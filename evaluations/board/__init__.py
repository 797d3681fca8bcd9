"""The board of a round (bảng theo dõi): districts × indicators, stages, tiles, what to look at.

Figures of a dossier that is still being drafted are its unit's own; the board says only that it
has not come, and how late. Rows are built from findings; nothing here asks the database but
`board_of`, in a constant number of queries.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Collate
from django.utils.formats import date_format

from criteria.levels import WORDS
from criteria.models import Criterion, Indicator
from evaluations.board.remarks import Remark, remarks_on
from evaluations.board.rows import Row, row_of, short
from evaluations.determination import find
from evaluations.models import Evaluation, PilotRound
from evaluations.snapshots import as_seen_by
from evaluations.unit_lists import changes_since_submission
from evaluations.workflow import STATES, Party, Status
from organisations.collation import VIETNAMESE
from organisations.models import User
from organisations.tile_grid import tile_grid

BLOCKS = {"quận": "Khối quận", "huyện": "Khối huyện"}


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
        """One for each heading; statuses under one heading stand together."""
        entries: dict[str, list[Entry]] = {state.heading: [] for state in STATES.values()}
        for row in self.rows:
            entries[STATES[Status(row.evaluation.status)].heading].append(_entry(row))
        return [Stage(label, tuple(found)) for label, found in entries.items()]

    @property
    def filters(self) -> list[Filter]:
        return [
            Filter(slug, label, len(self.shown(slug)))
            for slug, label in (
                ("", "Tất cả"),
                ("cho-so", "Chờ Sở"),
                ("cho-huyen", "Chờ huyện"),
                ("cho-hoi-dong", "Chờ hội đồng"),
                ("da-quyet-dinh", "Đã quyết định"),
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

    def block_of(self, row: Row) -> str:
        return _block(row)

    @property
    def tiles(self) -> list[Tile]:
        """The map; none where no participant has a place on it. `board.css` has the places too."""
        rows = {row.evaluation.unit.code: row for row in self.rows}
        if not rows.keys() & tile_grid().keys():
            return []
        return [
            Tile(code, _two_lines(place.name), rows.get(code))
            for code, place in tile_grid().items()
        ]


_FILTERS = {
    "": lambda row: True,
    "cho-so": lambda row: row.turn.holder == Party.STANDING_AGENCY,
    "cho-huyen": lambda row: row.turn.holder == Party.UNIT,
    "cho-hoi-dong": lambda row: row.turn.holder == Party.COUNCIL,
    "da-quyet-dinh": lambda row: row.turn.holder == Party.NOBODY,
    "muon": lambda row: row.turn.is_late,
}


def board_of(user: User, pilot_round: PilotRound, today: date) -> Board:
    everywhere = (
        Evaluation.objects.of_districts()
        .filter(pilot_round=pilot_round)
        .order_by(Collate("unit__short_name", VIETNAMESE))
    )
    drafts = everywhere.filter(status=Status.DRAFT).for_display()
    came_in = everywhere.visible_to(user).exclude(status=Status.DRAFT).with_results()
    found = {evaluation.pk: find(evaluation) for evaluation in as_seen_by(user, came_in)}
    unordered = [*drafts, *(finding.evaluation for finding in found.values())]
    order = list(everywhere.values_list("pk", flat=True))
    rows = tuple(
        row_of(user, evaluation, found.get(evaluation.pk), today)
        for evaluation in sorted(unordered, key=lambda each: order.index(each.pk))
    )
    return Board(
        pilot_round=pilot_round,
        parts=_parts(pilot_round),
        rows=rows,
        remarks=tuple(
            remarks_on(pilot_round, rows, changes_since_submission(found.values(), user))
        ),
        today=today,
    )


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
        text += f", hạn {short(row.turn.due_on)}"
    elif not row.turn.is_late and row.evaluation.extended_until and status == Status.DRAFT:
        text += f", gia hạn {short(row.evaluation.extended_until)}"
    return Entry(text, row.turn.due_text if row.turn.is_late else "")


def _block(row: Row) -> str:
    unit_type = row.evaluation.unit.type
    return BLOCKS.get(unit_type, f"Khối {unit_type}")


def _two_lines(name: str) -> tuple[str, ...]:
    first, _, rest = name.partition(" ")
    return (first, rest) if rest else (first,)
