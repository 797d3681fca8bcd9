"""Home of who looks at dossiers from outside: the Sở, the council, observers.

Of a dossier that is still a draft only its clock is told, never a figure.
"""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.determination import Finding, find
from evaluations.duties.council import opinions_owed, work_of_approver
from evaluations.duties.shapes import Duty, Empty, Home, Summary, level_words, news_for
from evaluations.duties.sheets import waiting_sheets
from evaluations.models import Evaluation, PilotRound
from evaluations.permissions import can_take, written_in
from evaluations.snapshots import as_seen_by
from evaluations.turns import Turn, turn_of
from evaluations.workflow import DECIDED, Status
from organisations.models import Role, User


def home_of_appraiser(user: User, pilot_round: PilotRound, today: date) -> Home:
    drafts, findings = _dossiers(user, pilot_round)
    mine: list[Duty] = []
    written = written_in(user, [finding.evaluation for finding in findings])
    elsewhere = [_waiting_for_unit(evaluation, today) for evaluation in drafts]
    for finding in findings:
        evaluation, turn = finding.evaluation, turn_of(finding.evaluation, today)
        if evaluation.status in {Status.SUBMITTED, Status.APPRAISING}:
            if evaluation.pk in written:
                elsewhere.append(_for_another_appraiser(finding, turn))
            else:
                mine += _appraising(finding, turn)
        else:
            elsewhere.append(_not_mine(finding, turn))
    mine += waiting_sheets(user, pilot_round, today)
    return _home_of_department(
        user,
        pilot_round,
        mine=sorted(mine, key=lambda duty: -duty.turn.days_waiting),
        elsewhere=elsewhere,
        counts=_counts(drafts, findings, today),
        empty="Chưa có hồ sơ nào chờ thẩm định.",
    )


def _appraising(finding: Finding, turn: Turn) -> list[Duty]:
    evaluation, lines = finding.evaluation, finding.lines
    name = evaluation.unit.bare_name
    url = reverse("evaluations:appraise-dossier", args=[evaluation.pk])
    if evaluation.status == Status.SUBMITTED:
        sent = date_format(timezone.localtime(evaluation.status_since), "d/m/Y \\l\\ú\\c H:i")
        duties = [Duty("empty", f"Tiếp nhận hồ sơ {name}", url, f"Gửi {sent}", turn)]
    else:
        asking = [line.code for line in lines if line.is_asking]
        seen = f"Đã xem {finding.decided_count + len(asking)}/{len(lines)}"
        if finding.is_fully_decided:
            detail = f"{seen}; {_difference(finding) or 'mức độ giữ như tự đánh giá'}"
            duties = [Duty("adjust", f"Kết thúc thẩm định {name}", url, detail, turn)]
        elif finding.decided_count + len(asking) == len(lines):
            detail = f"{seen}; cần bổ sung {', '.join(asking)}"
            duties = [Duty("ask", f"Trả lại {name} để bổ sung", url, detail, turn)]
        else:
            detail = f"{seen}{'; ' + _doubtful(finding) if _doubtful(finding) else ''}"
            duties = [Duty("part", f"Thẩm định tiếp {name}", url, detail, turn)]
    claims = [
        line for line in lines if line.result.typed.get("not_applicable") and line.appraisal is None
    ]
    duties += [
        Duty(
            "na",
            f"Xét “không áp dụng” {line.code} của {name}",
            reverse("evaluations:appraise", args=[evaluation.pk, line.code]),
            line.result.not_applicable_reason,
            turn,
        )
        for line in claims
    ]
    return duties


def _doubtful(finding: Finding) -> str:
    unmet = finding.self_assessed.unmet
    return f"{', '.join(unmet)} chưa đạt theo số tự đánh giá" if unmet else ""


def _difference(finding: Finding) -> str:
    """How the Sở's conclusion differs from the unit's own, in words; empty where it does not."""
    mine, theirs = finding.self_assessed.conclusion, finding.appraised.conclusion
    if mine == theirs:
        return ""
    return f"{level_words(mine)} thành {level_words(theirs)}"


def home_of_approver(user: User, pilot_round: PilotRound, today: date) -> Home:
    drafts, findings = _dossiers(user, pilot_round)
    mine, elsewhere = [], [_waiting_for_unit(evaluation, today) for evaluation in drafts]
    for finding in findings:
        evaluation, turn = finding.evaluation, turn_of(finding.evaluation, today)
        if can_take(user, evaluation, "confirm"):
            level = level_words(finding.appraised.conclusion)
            detail = _difference(finding) or f"{level}, như tự đánh giá"
            url = reverse("evaluations:appraise-dossier", args=[evaluation.pk])
            title = f"Xác nhận kết quả thẩm định {evaluation.unit.bare_name}"
            mine.append(Duty("part", title, url, detail[:1].upper() + detail[1:], turn))
        else:
            elsewhere.append(_not_mine(finding, turn))
    mine += work_of_approver(pilot_round, [finding.evaluation for finding in findings], today)
    return _home_of_department(
        user,
        pilot_round,
        mine=mine,
        elsewhere=elsewhere,
        counts=_counts(drafts, findings, today),
        empty="Chưa có kết quả thẩm định nào chờ lãnh đạo Sở.",
    )


def home_of_reader(user: User, pilot_round: PilotRound, today: date) -> Home:
    drafts, findings = _dossiers(user, pilot_round)
    elsewhere = [_waiting_for_unit(evaluation, today) for evaluation in drafts]
    elsewhere += [_not_mine(finding, turn_of(finding.evaluation, today)) for finding in findings]
    return _home_of_department(
        user,
        pilot_round,
        mine=opinions_owed(user, pilot_round, today) if user.role == Role.COUNCIL else [],
        elsewhere=elsewhere,
        counts=_counts(drafts, findings, today),
        empty="Không có việc nào cần anh, chị làm. Các hồ sơ và nơi đang giữ ở danh sách dưới đây.",
    )


def _home_of_department(user, pilot_round, *, mine, elsewhere, counts, empty) -> Home:
    sent, total, late, extended, appraising = counts
    parts = [f"{late} muộn" if late else "", f"{extended} được gia hạn" if extended else ""]
    parts.append(f"{appraising} đang thẩm định" if appraising else "")
    said = ", ".join(part for part in parts if part)
    due = date_format(pilot_round.self_assessment_due_on)
    board = f"{reverse('evaluations:board')}?dot={pilot_round.pk}"
    return Home(
        mine=tuple(mine),
        # Who is late comes first, then who has the nearest date, then who has waited longest.
        elsewhere=tuple(
            sorted(
                # What is decided waits for nobody and has no clock.
                (duty for duty in elsewhere if duty.turn is not None),
                key=lambda duty: (
                    -duty.turn.days_late,
                    duty.turn.due_on or date.max,
                    -duty.turn.days_waiting,
                ),
            )
        ),
        empty=Empty(
            empty,
            "Việc mới sẽ hiện ở đây khi hồ sơ chuyển đến.",
            board,
            "Mở bảng theo dõi",
        ),
        summary=Summary(
            title=f"Đợt {pilot_round.name}",
            headline=f"{sent}/{total} đã gửi",
            text=f"Hạn gửi {due}{': ' + said if said else ''}.",
            url=board,
            label="Mở bảng theo dõi",
        ),
        news=news_for(user, pilot_round),
    )


def _dossiers(user: User, pilot_round: PilotRound) -> tuple[list[Evaluation], list[Finding]]:
    """Those still with their units (no figure of theirs is read), and those that came in."""
    everywhere = Evaluation.objects.of_districts().filter(pilot_round=pilot_round)
    drafts = list(everywhere.filter(status=Status.DRAFT).for_display())
    came_in = everywhere.visible_to(user).exclude(status=Status.DRAFT).with_results()
    return drafts, [find(evaluation) for evaluation in as_seen_by(user, came_in)]


def _counts(drafts, findings, today: date) -> tuple[int, int, int, int, int]:
    everywhere = [*drafts, *(finding.evaluation for finding in findings)]
    return (
        len(findings),
        len(everywhere),
        sum(turn_of(evaluation, today).is_late for evaluation in everywhere),
        sum(evaluation.extended_until is not None for evaluation in drafts),
        sum(evaluation.status == Status.APPRAISING for evaluation in everywhere),
    )


def _waiting_for_unit(evaluation: Evaluation, today: date) -> Duty:
    turn = turn_of(evaluation, today)
    name = evaluation.unit.bare_name
    board = f"{reverse('evaluations:board')}?dot={evaluation.pilot_round_id}"
    detail = "Đang tự đánh giá."
    if evaluation.first_submitted_at:
        detail = "Đã rút về để sửa."
    if evaluation.extended_until:
        detail = f"Được gia hạn: {evaluation.extension_reason}"
    return Duty("late" if turn.is_late else "part", f"{name} chưa gửi", board, detail, turn)


def _not_mine(finding: Finding, turn: Turn) -> Duty:
    evaluation = finding.evaluation
    name, status = evaluation.unit.bare_name, Status(evaluation.status)
    url = evaluation.get_absolute_url()
    if status == Status.RETURNED:
        codes = ", ".join(line.code for line in finding.asked_lines)
        kept = len(finding.lines) - len(finding.asked_lines)
        sign = "late" if turn.is_late else "ask"
        return Duty(sign, f"{name} bổ sung {codes}", url, f"{kept} chỉ báo kia giữ nguyên", turn)
    if status == Status.APPRAISED:
        level = level_words(finding.appraised.conclusion)
        detail = f"Thẩm định: {level}"
        return Duty("part", f"Lãnh đạo Sở xác nhận {name}", url, detail, turn)
    if status == Status.SUBMITTED:
        return Duty("part", f"Sở tiếp nhận {name}", url, "Đã gửi, chờ tiếp nhận", turn)
    if status == Status.CONFIRMED:
        level = level_words(finding.appraised.conclusion)
        return Duty("part", f"Hội đồng xét {name}", url, f"Sở đã xác nhận: {level}", turn)
    if status in DECIDED:
        return Duty("met", f"{name}: {evaluation.get_status_display()}", url)
    detail = f"Đã kết luận {finding.decided_count}/{len(finding.lines)} chỉ báo"
    return Duty("part", f"Sở đang thẩm định {name}", url, detail, turn)


def _for_another_appraiser(finding: Finding, turn: Turn) -> Duty:
    evaluation = finding.evaluation
    return Duty(
        "lock",
        f"Người khác thẩm định {evaluation.unit.bare_name}",
        evaluation.get_absolute_url(),
        "Anh, chị đã nhập số liệu trong hồ sơ này hoặc danh sách của nó nên không thẩm định.",
        turn,
    )
