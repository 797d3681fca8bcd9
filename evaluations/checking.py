"""What stands between a dossier and its submission: errors that block, doubts to confirm.

Errors hold one indicator each and link to its field. Doubts come by kind, so that one reason
answers a kind and not sixteen rows; the reason goes to the Sở with the dossier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from django.urls import reverse

from evaluations.determination import Finding, Line
from evaluations.models import IndicatorResult, UnitResult
from evaluations.registers import Summary, register_url, summarise_kinds

JUMP = Fraction(20, 100)  # lessons.md 1.17: a jump worth a second look, in points of percent
NOT_COUNTED_YET = (
    "Chỉ báo đếm từ số quận, huyện đã được công nhận; chưa có quyết định công nhận nào để đếm."
)
REGISTER = "register"  # the field of an error that is mended in a register
HANDS = "hands"  # of an error that is mended by handing over
NO_REGISTERS: Mapping[str, Summary] = {}


@dataclass(frozen=True)
class Error:
    """One thing that must be mended: where, in which field, and what to do."""

    line: Line
    field: str
    text: str
    shown: str = ""  # the lines of the register that it is about, by the name of the grid's filter

    @property
    def is_in_register(self) -> bool:
        return self.field == REGISTER

    @property
    def url(self) -> str:
        """Where it is mended: the register, the evidence, the field."""
        result = self.line.result
        if self.is_in_register:
            return _register_url(self.line, self.shown)
        if self.field == HANDS:
            return reverse("evaluations:assignments", args=[result.evaluation_id])
        if self.field == "evidence":
            return f"{result.get_absolute_url()}#minh-chung"
        return (
            f"{result.get_absolute_url()}#id_{self.field}"
            if self.field
            else result.get_absolute_url()
        )


@dataclass(frozen=True)
class Doubt:
    """One kind of doubt over some indicators; submission asks a reason for it."""

    kind: str
    text: str
    lines: tuple[Line, ...]
    texts: Mapping[str, str] = field(default_factory=dict)  # by code, where each has its own
    shown: str = ""  # of doubts about a list: the lines they are about, as `Error.shown`

    def text_of(self, line: Line) -> str:
        return self.texts.get(line.code, self.text)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Each indicator's code and where it is looked at."""
        return [
            (
                line.code,
                _register_url(line, self.shown) if self.shown else line.result.get_absolute_url(),
            )
            for line in self.lines
        ]


def _register_url(line: Line, shown: str) -> str:
    url = register_url(line.result.evaluation, line.register)
    return f"{url}?loc={shown}" if shown else url


@dataclass(frozen=True)
class Check:
    errors: tuple[Error, ...]
    doubts: tuple[Doubt, ...]

    @property
    def is_ready(self) -> bool:
        return not self.errors


def registers_of(finding: Finding) -> Mapping[str, Summary]:
    """What `check` must know of the registers: one query, none where nothing is counted now."""
    if not any(line.register and line.counts_live for line in finding.lines):
        return NO_REGISTERS
    return summarise_kinds(UnitResult.objects.of_dossier(finding.evaluation))


def check(
    finding: Finding,
    registers: Mapping[str, Summary] = NO_REGISTERS,
    last_year: Finding | None = None,
) -> Check:
    """Everything wrong or doubtful in the unit's own column, beside that of the year before.

    `registers` as by `registers_of`: a figure that is counted now is only as good as its list.
    """
    # Of a returned dossier only what was asked about is open, so only that can be doubted.
    open_lines = finding.asked_lines or finding.lines
    errors = [
        error
        for line in finding.lines
        for error in (_not_handed_over(line) or _errors(line, registers))
    ]
    doubts = [
        *_doubts(open_lines, last_year),
        *_doubts_of_lists(open_lines, registers),
        *_doubts_of_districts(open_lines),
    ]
    return Check(errors=tuple(errors), doubts=tuple(doubts))


def check_part(line: Line, registers: Mapping[str, Summary] = NO_REGISTERS) -> Check:
    """One indicator by itself, before its agency hands it over."""
    doubts = [
        *_doubts((line,), None),
        *_doubts_of_lists((line,), registers),
        *_doubts_of_districts((line,)),
    ]
    return Check(errors=tuple(_errors(line, registers)), doubts=tuple(doubts))


def work_left(found: Check) -> dict[str, str]:
    """What each indicator still lacks, by code: its error, else the first doubt about it."""
    left = {
        line.code: doubt.text_of(line) for doubt in reversed(found.doubts) for line in doubt.lines
    }
    return left | {error.line.code: error.text for error in reversed(found.errors)}


def _not_handed_over(line: Line) -> list[Error]:
    """Of the city's dossier: what its agency has to say first."""
    assigned = line.result.assigned
    if assigned is None or assigned.is_handed_over:
        return []
    if assigned.agency is None:
        return [Error(line, HANDS, "Chưa giao cho cơ quan nào.")]
    return [Error(line, HANDS, f"{assigned.agency} chưa bàn giao ({assigned.word}).")]


def _errors(line: Line, registers: Mapping[str, Summary]) -> Iterable[Error]:
    result, typed = line.result, line.result.typed
    if line.is_asked and not result.reply.strip():
        yield Error(line, "reply", "Chưa trả lời yêu cầu bổ sung của Sở.")
    if typed.get("not_applicable"):
        if not result.not_applicable_reason.strip():
            yield Error(line, "not_applicable_reason", "Ghi lý do chỉ báo không áp dụng.")
        return
    if line.counts_live:
        yield from _errors_of_list(line, registers)
        return
    if line.reading.problems:
        for name, text in line.reading.problems.items():
            yield Error(line, name, text)
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


def _errors_of_list(line: Line, registers: Mapping[str, Summary]) -> Iterable[Error]:
    if line.counts_districts:
        if not line.counted.rated:
            yield Error(line, "", NOT_COUNTED_YET)
        return
    summary = registers[line.register]
    if not summary.in_scope:
        text = "Danh sách chưa có đơn vị nào trong phạm vi. Mở danh sách, thêm đơn vị."
        yield Error(line, REGISTER, text)
    elif not summary.rated:
        text = "Chưa có đơn vị nào có kết quả. Mở danh sách, nhập kết quả."
        yield Error(line, REGISTER, text)
    if summary.faulty:
        text = f"Danh sách có {summary.faulty} dòng cần sửa. Mở danh sách, sửa chỗ báo đỏ."
        yield Error(line, REGISTER, text, "can-sua")


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


def _doubts_of_lists(lines: tuple[Line, ...], registers: Mapping[str, Summary]) -> Iterable[Doubt]:
    """What is true of a list and still worth a word; one reason answers both lists."""
    counted = [
        (line, registers[line.register])
        for line in lines
        if line.register and line.counts_live and not line.result.typed.get("not_applicable")
    ]
    kinds = (
        # A list without any result is an error already, and no doubt besides.
        (
            "unrated",
            "{} đơn vị chưa có kết quả, tính là dưới Khá",
            lambda summary: summary.rated and summary.unrated,
            "chua-co",
        ),
        (
            "undecided",
            "{} kết quả chưa ghi số, ngày quyết định",
            lambda summary: summary.undecided,
            "thieu-quyet-dinh",
        ),
        (
            "waiting",
            "{} phiếu tự chấm chờ xác nhận nên chưa tính",
            lambda summary: summary.waiting,
            "cho-xac-nhan",
        ),
    )
    for kind, text, number_in, shown in kinds:
        numbers = [(line, number_in(summary)) for line, summary in counted]
        found = [(line, number) for line, number in numbers if number]
        if not found:
            continue
        said = text.format(sum(number for _, number in found))
        if len(found) > 1:
            said += f" ({', '.join(f'{line.code}: {number}' for line, number in found)})"
        texts = {line.code: f"{text.format(number)}." for line, number in found}
        yield Doubt(kind, f"{said}.", tuple(line for line, _ in found), texts, shown)


def _doubts_of_districts(lines: tuple[Line, ...]) -> Iterable[Doubt]:
    for line in lines:
        if line.counts_districts and line.counts_live and line.counted.rated:
            left = line.counted.unrated
            said = f"{left} quận, huyện chưa có quyết định, tính là chưa được công nhận."
            if left:
                yield Doubt("undecided-districts", said, (line,))


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
    old = next((each for each in last_year.lines if each.code == line.code), None)
    if old is None or old.indicator.measure.kind != line.indicator.measure.kind:
        return False  # under another version of the set the code may stand for another measure
    before, now = old.settled.share, line.self_assessed.share
    return before is not None and now is not None and abs(now - before) > JUMP
