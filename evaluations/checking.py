"""What stands between a dossier and its submission: errors that block, doubts to confirm.

Errors hold one indicator each and link to its field. Doubts come by kind, so that one reason
answers a kind and not sixteen rows; the reason goes to the Sở with the dossier.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from evaluations.determination import Finding, Line
from evaluations.models import IndicatorResult

JUMP = Fraction(20, 100)  # lessons.md 1.17: a jump worth a second look, in points of percent


@dataclass(frozen=True)
class Error:
    """One thing that must be mended: where, in which field, and what to do."""

    line: Line
    field: str
    text: str


@dataclass(frozen=True)
class Doubt:
    """One kind of doubt over some indicators; submission asks a reason for it."""

    kind: str
    text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Check:
    errors: tuple[Error, ...]
    doubts: tuple[Doubt, ...]

    @property
    def is_ready(self) -> bool:
        return not self.errors


def check(finding: Finding, last_year: Finding | None = None) -> Check:
    """Everything wrong or doubtful in the unit's own column, beside that of the year before."""
    # Of a returned dossier only what was asked about is open, so only that can be doubted.
    open_lines = finding.asked_lines or finding.lines
    errors = [error for line in finding.lines for error in _errors(line)]
    return Check(errors=tuple(errors), doubts=tuple(_doubts(open_lines, last_year)))


def work_left(found: Check) -> dict[str, str]:
    """What each indicator still lacks, by code: its error, else the first doubt about it."""
    left = {line.code: doubt.text for doubt in reversed(found.doubts) for line in doubt.lines}
    return left | {error.line.code: error.text for error in reversed(found.errors)}


def _errors(line: Line) -> Iterable[Error]:
    result, typed = line.result, line.result.typed
    if line.is_asked and not result.reply.strip():
        yield Error(line, "reply", "Chưa trả lời yêu cầu bổ sung của Sở.")
    if typed.get("not_applicable"):
        if not result.not_applicable_reason.strip():
            yield Error(line, "not_applicable_reason", "Ghi lý do chỉ báo không áp dụng.")
        return
    if line.reading.problems:
        for field, text in line.reading.problems.items():
            yield Error(line, field, text)
        return
    if line.is_document:
        if typed.get("met") == "yes" and not result.evidence_count:
            yield Error(line, "evidence", "Khai đạt nhưng chưa có minh chứng nào.")
        elif line.self_assessed.met is None:
            yield Error(line, "met", "Chưa chọn đạt hay chưa đạt.")
    elif line.self_assessed.met is None and line.self_assessed.share is None:
        first = line.indicator.measure.fields[0]
        yield Error(line, first.name, "Chưa nhập đủ số liệu.")
    elif uses_typed_percent(line) and not result.source.strip():
        yield Error(line, "source", "Tỷ lệ gõ thay cho số đếm: ghi nguồn của tỷ lệ.")


def uses_typed_percent(line: Line) -> bool:
    """A percentage typed in place of counts, which must name who published it."""
    typed = line.result.typed
    return any(
        name.endswith("percent")
        and text.strip()
        and not typed.get(name.replace("percent", "achieved"), "").strip()
        for name, text in typed.items()
    )


def _doubts(lines: tuple[Line, ...], last_year: Finding | None) -> Iterable[Doubt]:
    kinds = (
        ("no-evidence", "Có số liệu nhưng chưa có minh chứng.", _has_no_evidence),
        ("no-suitability", "Chưa nhận xét mức độ phù hợp với thực tiễn.", _has_no_suitability),
        (
            "unfit-unexplained",
            "Chưa phù hợp nhưng chưa ghi khó khăn, vướng mắc hay kiến nghị.",
            _is_unfit_unexplained,
        ),
        ("unmet", "Điều kiện tiên quyết chưa đạt, hồ sơ sẽ không đạt mức độ nào.", _is_unmet),
        ("uncited", "Minh chứng chưa ghi số, ký hiệu hoặc ngày ban hành.", _has_bare_documents),
    )
    for kind, text, doubts in kinds:
        found = tuple(line for line in lines if doubts(line))
        if found:
            yield Doubt(kind, text, found)
    if last_year:
        jumps = tuple(line for line in lines if _jumps(line, last_year))
        if jumps:
            yield Doubt("jump", "Chênh lệch trên 20 điểm phần trăm so với năm trước.", jumps)


def _has_no_evidence(line: Line) -> bool:
    return not line.is_document and bool(line.result.typed) and not line.result.evidence_count


def _has_no_suitability(line: Line) -> bool:
    return not line.result.suitability


def _is_unfit_unexplained(line: Line) -> bool:
    result = line.result
    return result.suitability in {
        IndicatorResult.Suitability.PARTLY,
        IndicatorResult.Suitability.UNFIT,
    } and not (result.obstacle.strip() or result.proposal.strip())


def _is_unmet(line: Line) -> bool:
    return not line.indicator.is_graded and line.self_assessed.met is False


def _has_bare_documents(line: Line) -> bool:
    return line.result.bare_document_count > 0


def _jumps(line: Line, last_year: Finding) -> bool:
    before = {old.code: old.settled.share for old in last_year.lines}.get(line.code)
    now = line.self_assessed.share
    return before is not None and now is not None and abs(now - before) > JUMP
