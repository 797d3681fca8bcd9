"""What stood at an indicator a year before, beside the fields of this year."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from criteria.measures import Assessment, Kind, Measure
from criteria.numbers import NBSP
from evaluations.actions.results import values_of
from evaluations.determination import Finding, Line, find
from evaluations.models import Evaluation, IndicatorAppraisal
from evaluations.snapshots import as_seen_by
from evaluations.unit_lists import counted_last_year
from evaluations.workflow import Status
from organisations.models import READING_ROLES, User

THIS_YEAR, LAST_YEAR = "current", "previous"


@dataclass(frozen=True)
class Past:
    """One indicator of the year before: in words, and what it proposes for this year's fields."""

    year: int
    text: str
    proposals: Mapping[str, str] = field(default_factory=dict)  # by the name of an empty field
    proposed: str = ""  # the same, as a sentence shows it


def past_of(finding: Finding, line: Line, user: User) -> Past | None:
    """Of last year's dossier by the indicator's code, whatever set that round was judged by.

    Where there was no dossier, what the register says of the year before. An indicator that was
    measured otherwise then is no figure to set beside this one.
    """
    year = finding.evaluation.pilot_round.year - 1
    before = _last_year_of(finding.evaluation, user)
    if before is None:
        counted = counted_last_year(finding, line)
        return Past(year, _text(counted)) if counted and counted.shown else None
    old = next((each for each in before.lines if each.code == line.code), None)
    if old is None or not _is_measured_alike(old.indicator.measure, line.indicator.measure):
        return None
    proposals = _proposals(old, line)
    text = _settled_text(old)
    if not text and not proposals:
        return None
    return Past(year, text, proposals, " và ".join(proposals.values()))


def with_last_year(posted: Mapping[str, str], past: Past | None) -> dict[str, str]:
    """What was posted, with last year's figures in the fields that are empty."""
    taken = past.proposals if past else {}
    empty = {name: text for name, text in taken.items() if not posted.get(name, "").strip()}
    return {name: posted[name] for name in posted} | empty


def _last_year_of(evaluation: Evaluation, user: User) -> Finding | None:
    """Last year's dossier as its own pages show it to this person, where they may read it: one
    that is back with its unit says what it said when it was last submitted."""
    # Mostly there is none, and to word the question for all of a dossier costs more than to ask.
    key = Evaluation.objects.last_year_of(evaluation).values_list("pk", flat=True).first()
    submitted = Evaluation.objects.filter(pk=key).with_results() if key else ()
    for before in as_seen_by(user, submitted):
        if before.status == Status.DRAFT and user.role in READING_ROLES:
            return None  # taken back by its unit, and nobody else's to read
        return find(before)
    return None


def _proposals(old: Line, line: Line) -> dict[str, str]:
    """What was typed as "this year" is this year's "last year", where that is still empty."""
    if line.indicator.measure.kind != Kind.CHANGE:
        return {}
    now, then = values_of(line.result), _typed(old)
    found = {}
    for each in line.indicator.measure.fields:
        if not each.name.startswith(LAST_YEAR):
            continue
        text = then.get(each.name.replace(LAST_YEAR, THIS_YEAR), "").strip()
        if text and not now.get(each.name, "").strip():
            found[each.name] = text
    return found


def _settled_text(old: Line) -> str:
    """What stood in the end; where the Sở put its own figure, also what the unit had declared."""
    text, declared = _text(old.settled), _text(old.self_assessed)
    if text == declared or not declared:
        return text
    return f"{text} theo thẩm định (đơn vị khai {declared})"


def _typed(old: Line) -> Mapping[str, str]:
    """The figures that stand: the Sở's where it adjusted them, else the unit's own."""
    appraisal = old.appraisal
    adjusted = (
        appraisal is not None
        and appraisal.is_sent
        and appraisal.verdict == IndicatorAppraisal.Verdict.ADJUST
    )
    return appraisal.typed if adjusted else old.result.typed


def _is_measured_alike(old: Measure, new: Measure) -> bool:
    return (old.kind, old.unit, len(old.parts)) == (new.kind, new.unit, len(new.parts))


def _text(assessment: Assessment) -> str:
    """ "15/30 = 50,0 %", "95,2 và 91,0 %", "3,18 còn 1,62 (−1,56)", "đạt"; empty where unknown."""
    if assessment.not_applicable:
        return "không áp dụng"
    kind, figure, shown = assessment.measure.kind, assessment.figure, assessment.shown
    if kind == Kind.DOCUMENT:
        return "" if assessment.met is None else "đạt" if assessment.met else "chưa đạt"
    if kind == Kind.SHARES:
        return f"{figure}{NBSP}%" if figure else ""
    if kind == Kind.CHANGE:
        return f"{figure} ({shown})" if figure else ""
    return f"{figure} = {shown}" if figure and figure != shown else shown
