"""What an inspection is drawn from: the lists that a dossier was submitted with, by kind and class;
and the draw once more, for who wants to redo it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from evaluations.determination import Finding, Line
from evaluations.drawing import draw, in_drawn_order, sort_key
from evaluations.models import Evaluation, Inspection, Snapshot
from evaluations.registers import KIND_OF
from evaluations.snapshots import indicators_in, units_submitted

NOUNS = {"agencies": "cơ quan", "communes": "xã, phường"}
UNRATED = "chưa có kết quả"


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
        for standard in finding.evaluation.criteria_set.headings
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


def score_of(unit: Mapping) -> Decimal | None:
    """The points that a listed unit declared."""
    return Decimal(unit["score"]) if unit["score"] else None
