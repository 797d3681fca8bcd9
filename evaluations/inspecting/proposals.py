"""What closed inspections say about the Sở's column.

What was found is compared with what the dossier claims *now*, unit by unit: found twice, by two
inspections or after the unit mended its list, nothing is subtracted twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format

from criteria.measures import assess, read
from evaluations.determination import Finding, Line
from evaluations.inspecting.frames import NOUNS, UNRATED
from evaluations.models import Inspection, InspectionFeed, InspectionLine, Snapshot
from evaluations.models.inspections import FoundState
from evaluations.registers import KIND_OF
from evaluations.snapshots import units_submitted

NAMED = 8  # names in a reason that is to be read, not searched


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
