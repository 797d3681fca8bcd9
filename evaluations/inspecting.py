"""What an inspection is drawn from, and what it says about the Sở's column.

Units are drawn from the list that a dossier was submitted with. What was found is compared with
what the dossier claims *now*, unit by unit: found twice, by two inspections or after the unit
mended its list, nothing is subtracted twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format

from criteria.measures import assess, read
from evaluations.determination import Finding, Line
from evaluations.drawing import draw, in_drawn_order, sort_key
from evaluations.models import Evaluation, Inspection, InspectionFeed, InspectionLine, Snapshot
from evaluations.models.inspections import FoundState
from evaluations.registers import KIND_OF
from evaluations.snapshots import indicators_in, units_submitted

NOUNS = {"agencies": "cơ quan", "communes": "xã, phường"}
UNRATED = "chưa có kết quả"
NAMED = 8  # names in a reason that is to be read, not searched


@dataclass(frozen=True)
class Stratum:
    """Units of one kind that declared the same: each such group is drawn from by itself."""

    word: str  # "agencies", "communes"
    rating: str  # its code; empty for units without a result
    label: str
    units: tuple[Mapping, ...]  # as `registers.listed` says them

    @property
    def kind(self) -> str:
        return KIND_OF[self.word]

    @property
    def key(self) -> str:
        return f"{self.word}-{self.rating or 'none'}"

    @property
    def noun(self) -> str:
        return NOUNS[self.word]

    @property
    def title(self) -> str:
        """ "Xã, phường khai Khá"."""
        said = f"khai {self.label}" if self.label else UNRATED
        return f"{NOUNS[self.word].capitalize()} {said}"


def strata_of(evaluation: Evaluation) -> list[Stratum]:
    """The submitted lists by kind and class, the best class first; one query."""
    snapshot = Snapshot.objects.filter(evaluation=evaluation).newest().first()
    if snapshot is None:
        return []
    lists = units_submitted(snapshot.content)
    found = []
    for said in indicators_in(snapshot.content):
        word = said["measure"].get("counted_from", "")
        if word in KIND_OF:
            found += _strata(word, lists.get(said["code"], ()))
    return found


def _strata(word: str, units: Iterable[Mapping]) -> list[Stratum]:
    groups: dict[tuple, list[Mapping]] = {}
    for unit in units:
        if unit["in_scope"]:
            rank = unit["rating_rank"] if unit["rating"] else float("inf")
            groups.setdefault((rank, unit["rating"], unit["rating_label"]), []).append(unit)
    return [
        Stratum(word, rating, label, tuple(groups[rank, rating, label]))
        for rank, rating, label in sorted(groups)
    ]


@dataclass(frozen=True)
class DrawnUnit:
    """One unit of the list drawn from, with what put it in its place."""

    code: str
    name: str
    key: str
    is_drawn: bool


@dataclass(frozen=True)
class Redone:
    """One stratum drawn once more, from nothing but the recorded seed and list."""

    title: str
    wanted: int
    units: tuple[DrawnUnit, ...]  # in drawn order


def redo(inspection: Inspection) -> list[Redone]:
    """The draw as anybody can repeat it; no query."""
    return [_redone(stratum, inspection.seed) for stratum in inspection.frame if stratum["wanted"]]


def _redone(stratum: Mapping, seed: str) -> Redone:
    names = {unit["code"]: unit["name"] for unit in stratum["units"]}
    drawn = set(draw(names, stratum["wanted"], seed))
    units = tuple(
        DrawnUnit(code, names[code], sort_key(seed, code), code in drawn)
        for code in in_drawn_order(names, seed)
    )
    return Redone(stratum["title"], stratum["wanted"], units)


def figures_of(finding: Finding) -> list[Line]:
    """The indicators whose typed figures are looked at as well: those beside what is counted.

    That is 2.2.x of the district's set: they stand in one standard with 2.1.1 and 2.1.2.
    """
    standards = {
        line.indicator.criterion_id: standard
        for standard in finding.evaluation.criteria_set.standards.all()
        for criterion in standard.criteria.all()
        for line in finding.lines
        if line.indicator.criterion_id == criterion.pk
    }
    beside = {standards[line.indicator.criterion_id] for line in finding.lines if line.register}
    return [
        line
        for line in finding.lines
        if standards[line.indicator.criterion_id] in beside
        and line.indicator.measure.fields
        and not line.is_derived
    ]


@dataclass(frozen=True)
class UnitDifference:
    """One unit that is not as the dossier claims it today."""

    name: str
    claimed: str
    found: str
    effect: int  # on the count of units Khá or better


@dataclass(frozen=True)
class Proposal:
    """What closed inspections say of one indicator, ready for the Sở's column."""

    line: Line
    words: tuple[str, ...]  # "Khai Khá, thấy Trung bình: 2 xã, phường"
    typed: Mapping[str, str] | None  # None: it moves no figure
    reason: str
    fed: InspectionFeed | None

    @property
    def figure(self) -> str:
        """The figures proposed: "18/26"."""
        return _figure(self.line, self.typed or {})

    @property
    def claimed(self) -> str:
        return self.line.self_assessed.figure

    @property
    def is_in_column(self) -> bool:
        """The Sở's verdict came from here and stands, or says the same without it."""
        if not self.line.differs:
            return False
        is_fed = self.fed is not None and self.fed.decided_at == self.line.appraisal.decided_at
        return is_fed or self.line.appraised.figure == self.figure

    @property
    def standing(self) -> str:
        """What the Sở's column says already, where it says something else; a whole sentence."""
        appraisal = self.line.appraisal
        if appraisal is None or self.is_in_column:
            return ""
        if self.line.differs:
            return (
                f"Cột thẩm định đã điều chỉnh thành {self.line.appraised.figure} vì lý do khác: "
                f"“{appraisal.reason}” Số dưới đây tính từ số khai, chưa gồm điều chỉnh đó; đưa "
                "vào thì thay nó."
            )
        if self.line.is_asking:
            return "Cột thẩm định đang yêu cầu bổ sung chỉ báo này; đưa vào thì thay yêu cầu đó."
        return "Cột thẩm định đang chấp nhận số của đơn vị; đưa vào thì thay kết luận đó."


def proposals(finding: Finding, inspections: Iterable[Inspection]) -> list[Proposal]:
    """Of the closed ones among these, fetched `with_lines()`, all of one dossier; one query."""
    closed = sorted((each for each in inspections if each.is_closed), key=lambda i: i.closed_at)
    if not closed:
        return []
    feeds = {feed.result_id: feed for each in closed for feed in each.feeds.all()}
    snapshot = Snapshot.objects.filter(evaluation=finding.evaluation).newest().first()
    claims = units_submitted(snapshot.content) if snapshot else {}
    found = []
    for line in finding.lines:
        fed = feeds.get(line.result.pk)
        if line.register:
            proposal = _of_list(line, claims.get(line.code, ()), closed, fed)
        else:
            proposal = _of_figures(line, closed, fed)
        if proposal is not None:
            found.append(proposal)
    return found


def _of_list(
    line: Line, claims: Iterable[Mapping], closed: list[Inspection], fed: InspectionFeed | None
) -> Proposal | None:
    # The latest look at a unit is the one that counts.
    looks: dict[int, tuple[Inspection, InspectionLine]] = {
        look.unit_id: (inspection, look)
        for inspection in closed
        for look in inspection.lines.all()
        if look.kind == KIND_OF[line.register] and look.state != FoundState.UNCHECKED
    }
    differing, days = [], set()
    for claim in claims:
        if claim["in_scope"] and claim["unit"] in looks:
            inspection, look = looks[claim["unit"]]
            claimed = claim["rating_label"] or UNRATED
            if look.found_label != claimed:
                effect = int(look.found_is_good) - int(bool(claim["is_good_or_better"]))
                differing.append(UnitDifference(claim["name"], claimed, look.found_label, effect))
                days.add(inspection.held_on)
    if not differing:
        return None
    noun = NOUNS[line.register]
    groups = _grouped(differing)
    words = tuple(f"{_pair(pair)}: {len(units)} {noun}" for pair, units in groups.items())
    effect = sum(each.effect for each in differing)
    achieved, total = line.self_assessed.achieved, line.self_assessed.total
    typed = None
    if effect and achieved is not None:
        typed = {"achieved": str(achieved + effect), "total": str(total)}
    named = "; ".join(
        f"{len(units)} {noun} {_lower(_pair(pair))} ({_names(units)})"
        for pair, units in groups.items()
    )
    return Proposal(line, words, typed, f"Kiểm tra thực tế {_on(days)}: {named}.", fed)


def _of_figures(
    line: Line, closed: list[Inspection], fed: InspectionFeed | None
) -> Proposal | None:
    looks = [
        (inspection, figure)
        for inspection in closed
        for figure in inspection.figures.all()
        if figure.result_id == line.result.pk and figure.state != FoundState.UNCHECKED
    ]
    if not looks or looks[-1][1].state != FoundState.DIFFERS:
        return None
    inspection, look = looks[-1]
    seen, claimed = _figure(line, look.found), line.self_assessed.figure
    if seen == claimed:
        return None  # mended since
    words = f"Khai {claimed or UNRATED}, thấy {seen}"
    note = f" {look.note[:1].upper()}{look.note[1:].rstrip('.')}." if look.note else ""
    reason = f"Kiểm tra thực tế {_on({inspection.held_on})}: {_lower(words)}.{note}"
    return Proposal(line, (words,), look.found, reason, fed)


def _figure(line: Line, typed: Mapping[str, str]) -> str:
    measure = line.indicator.measure
    assessment = assess(measure, read(measure, typed).entry)
    return assessment.figure or assessment.shown


def _grouped(differing: Iterable[UnitDifference]) -> dict[tuple[str, str], list[UnitDifference]]:
    groups: dict[tuple[str, str], list[UnitDifference]] = {}
    for each in differing:
        groups.setdefault((each.claimed, each.found), []).append(each)
    return groups


def _pair(pair: tuple[str, str]) -> str:
    claimed, found = pair
    if found == FoundState.NO_FILE.label.lower():
        return f"Khai {claimed}, {found}"
    return f"Khai {claimed}, thấy {found}"


def _names(units: list[UnitDifference]) -> str:
    shown = ", ".join(each.name for each in units[:NAMED])
    more = len(units) - NAMED
    return f"{shown} và {more} đơn vị khác" if more > 0 else shown


def _on(days: set) -> str:
    return " và ".join(f"ngày {date_format(day)}" for day in sorted(days))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def score_of(unit: Mapping) -> Decimal | None:
    """The points that a listed unit declared."""
    return Decimal(unit["score"]) if unit["score"] else None
