"""“Việc của tôi”: what waits for this person, and what waits for somebody else, by role.

Each role has one function; it asks a constant number of queries and gives plain lines. A line
says what is to be done, where, by when, and how long it has waited.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.checking import check
from evaluations.determination import Finding, Line, find
from evaluations.feasibility import best_share
from evaluations.models import Evaluation, Event, PilotRound
from evaluations.turns import Turn, turn_of
from evaluations.workflow import STEPS, Status
from organisations.models import Role, User

SHOWN_MISSING = 6  # more lines than that and the page stops being a list of things to do
SHOWN_NEWS = 6
NEWS_KINDS = (*STEPS, "extension")


@dataclass(frozen=True)
class Duty:
    """One thing to do or to wait for."""

    sign: str
    title: str
    url: str
    detail: str = ""
    turn: Turn | None = None  # where it has no clock of its own, there is none to show


@dataclass(frozen=True)
class Empty:
    """Instead of a list without lines: what that means, and what one can do."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Summary:
    """The dossier or the round in one glance, at the side."""

    title: str
    headline: str = ""
    level: int | None = None
    shows_level: bool = False
    text: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Home:
    mine: tuple[Duty, ...]
    elsewhere: tuple[Duty, ...]
    empty: Empty
    summary: Summary | None = None
    news: tuple[Event, ...] = ()


def home_of(user: User, pilot_round: PilotRound, today: date) -> Home:
    return _HOMES[Role(user.role)](user, pilot_round, today)


def known_level(determination) -> int | None:
    """The level as far as it is certain: 0 as soon as nothing can save it, None while open."""
    if determination.is_complete:
        return determination.level
    return 0 if determination.ceiling == 0 and not determination.is_recognised else None


# --- A unit ---------------------------------------------------------------------------------


def _home_of_unit(user: User, pilot_round: PilotRound, today: date) -> Home:
    evaluation = (
        Evaluation.objects.visible_to(user).filter(pilot_round=pilot_round).with_results().first()
    )
    if evaluation is None:
        return Home(
            mine=(),
            elsewhere=(),
            empty=Empty(
                "Đơn vị chưa có hồ sơ trong đợt này.",
                "Hồ sơ được tạo khi Sở Giáo dục và Đào tạo mở đợt cho đơn vị. "
                "Nếu đơn vị có tham gia, báo cho người quản trị ở Sở.",
            ),
        )
    finding = find(evaluation)
    turn = turn_of(evaluation, today)
    mine, elsewhere, empty = _UNIT_DUTIES[Status(evaluation.status)](user, finding, turn)
    return Home(
        mine=tuple(mine),
        elsewhere=tuple(elsewhere),
        empty=empty,
        summary=_summary_of_dossier(finding),
        news=_news(user, pilot_round),
    )


def _draft(user: User, finding: Finding, turn: Turn):
    evaluation = finding.evaluation
    dossier = evaluation.get_absolute_url()
    wrong = {error.line.code: error for error in reversed(check(finding).errors)}
    missing = [line for line in finding.lines if line.code in wrong]
    if not missing:
        return *_ready(user, evaluation, turn, "Gửi hồ sơ"), _nothing_left(evaluation)
    untouched = len(missing) == len(finding.lines) and not any(
        line.result.updated_at for line in finding.lines
    )
    if untouched:
        first = Duty(
            "empty",
            f"Bắt đầu tự đánh giá: {len(missing)} chỉ báo",
            missing[0].result.get_absolute_url(),
            "Chưa nhập chỉ báo nào. Nhập theo thứ tự nào cũng được; gõ đến đâu lưu đến đó.",
            turn,
        )
        return [first], [], _nothing_left(evaluation)
    mine = [
        Duty(
            line.mark.sign,
            f"Hoàn thành {line.code} {line.indicator.short_name}",
            line.result.get_absolute_url(),
            wrong[line.code].text,
            turn,
        )
        for line in missing[:SHOWN_MISSING]
    ]
    if len(missing) > SHOWN_MISSING:
        rest = missing[SHOWN_MISSING:]
        codes = ", ".join(line.code for line in rest)
        mine.append(Duty("empty", f"Còn {len(rest)} chỉ báo nữa", dossier, codes, turn))
    elsewhere = []
    if user.role == Role.EDITOR:
        elsewhere.append(
            Duty(
                "lock",
                "Lãnh đạo đơn vị gửi hồ sơ",
                dossier,
                f"Sau khi đủ {len(finding.lines)} chỉ báo.",
            )
        )
    return mine, elsewhere, _nothing_left(evaluation)


def _returned(user: User, finding: Finding, turn: Turn):
    evaluation = finding.evaluation
    open_lines = [line for line in finding.asked_lines if not line.result.reply.strip()]
    flawed = [error for error in check(finding).errors if error.field != "reply"]
    mine = [
        Duty(
            "ask",
            f"Trả lời yêu cầu ở {line.code} {line.indicator.short_name}",
            line.result.get_absolute_url(),
            line.appraisal.reason,
            turn,
        )
        for line in open_lines
    ]
    mine += [
        Duty(
            error.line.mark.sign,
            f"Hoàn thành {error.line.code} {error.line.indicator.short_name}",
            error.line.result.get_absolute_url(),
            error.text,
            turn,
        )
        for error in flawed
    ]
    elsewhere = []
    if not mine:
        mine, elsewhere = _ready(user, evaluation, turn, "Gửi lại hồ sơ")
    kept = len(finding.lines) - len(finding.asked_lines)
    if finding.asked_lines and kept:
        elsewhere.append(
            Duty(
                "lock",
                f"Sở giữ kết luận {kept} chỉ báo còn lại",
                evaluation.get_absolute_url(),
                "Chỉ sửa được những chỉ báo Sở yêu cầu bổ sung.",
            )
        )
    return mine, elsewhere, _nothing_left(evaluation)


def _ready(user: User, evaluation: Evaluation, turn: Turn, label: str):
    """Complete: the leader's move, which an editor only waits for."""
    url = reverse("evaluations:check", args=[evaluation.pk])
    if user.role == Role.LEADER:
        detail = "Đã đủ các chỉ báo. Xem trang kiểm tra rồi gửi."
        return [Duty("ask", label, url, detail, turn)], []
    detail = "Đã đủ các chỉ báo; trình lãnh đạo xem trang kiểm tra."
    return [], [Duty("part", f"Lãnh đạo đơn vị: {label.lower()}", url, detail, turn)]


def _with_the_department(what: str, detail: str, empty: str):
    def duties(user: User, finding: Finding, turn: Turn):
        evaluation = finding.evaluation
        said = detail
        if evaluation.status == Status.SUBMITTED and user.role == Role.LEADER:
            said += " Còn rút về sửa được."
        waiting = Duty("lock", what, evaluation.get_absolute_url(), said, turn)
        return [], [waiting], Empty(empty, "", evaluation.get_absolute_url(), "Xem hồ sơ")

    return duties


def _nothing_left(evaluation: Evaluation) -> Empty:
    return Empty(
        "Phần của bạn đã xong.",
        "Hồ sơ đã đủ các chỉ báo. Vẫn sửa được cho đến khi hồ sơ được gửi.",
        evaluation.get_absolute_url(),
        "Xem lại hồ sơ",
    )


_UNIT_DUTIES: dict[Status, Callable] = {
    Status.DRAFT: _draft,
    Status.RETURNED: _returned,
    Status.SUBMITTED: _with_the_department(
        "Sở tiếp nhận hồ sơ",
        "Hồ sơ khóa từ khi gửi.",
        "Không có việc nào chờ bạn: hồ sơ đã gửi Sở.",
    ),
    Status.APPRAISING: _with_the_department(
        "Sở thẩm định hồ sơ",
        "Không sửa được trong lúc này; cần bổ sung thì Sở trả lại kèm lý do.",
        "Không có việc nào chờ bạn: Sở đang thẩm định.",
    ),
    Status.APPRAISED: _with_the_department(
        "Lãnh đạo Sở xác nhận kết quả thẩm định",
        "Kết quả từng chỉ báo và lý do điều chỉnh đã có trong hồ sơ.",
        "Không có việc nào chờ bạn: Sở đã thẩm định xong.",
    ),
}


def _summary_of_dossier(finding: Finding) -> Summary:
    evaluation = finding.evaluation
    is_concluded = evaluation.status == Status.APPRAISED
    determination = finding.appraised if is_concluded else finding.self_assessed
    column = "Theo thẩm định" if is_concluded else "Theo số tự đánh giá"
    level = known_level(determination)
    if level is None:
        missing = len(determination.not_assessed)
        text = f"{column}, còn {missing}/{len(finding.lines)} chỉ báo chưa xác định."
    else:
        text = f"{column}: {determination.sentence}"
    if level is not None and determination.next and len(determination.next.needs) == 1:
        text += f" Để lên mức trên: {determination.distance}."
    return Summary(
        title=f"Hồ sơ năm {evaluation.pilot_round.year}",
        level=level,
        shows_level=True,
        text=text,
        url=evaluation.get_absolute_url(),
        label="Mở hồ sơ",
    )


# --- Sở, council, observers -----------------------------------------------------------------


def _home_of_appraiser(user: User, pilot_round: PilotRound, today: date) -> Home:
    drafts, findings = _dossiers(user, pilot_round)
    mine: list[Duty] = []
    elsewhere = [_waiting_for_unit(evaluation, today) for evaluation in drafts]
    for finding in findings:
        evaluation, turn = finding.evaluation, turn_of(finding.evaluation, today)
        if evaluation.status in {Status.SUBMITTED, Status.APPRAISING}:
            if any(line.result.updated_by_id == user.pk for line in finding.lines):
                elsewhere.append(_for_another_appraiser(finding, turn))
            else:
                mine += _appraising(finding, turn)
        else:
            elsewhere.append(_not_mine(finding, turn))
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
        asking = [line.code for line in lines if _is_asking(line)]
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


def _is_asking(line: Line) -> bool:
    return line.appraisal is not None and not line.is_decided


def _doubtful(finding: Finding) -> str:
    unmet = finding.self_assessed.unmet
    return f"{', '.join(unmet)} chưa đạt theo số tự đánh giá" if unmet else ""


def _difference(finding: Finding) -> str:
    """How the Sở's conclusion differs from the unit's own, in words; empty where it does not."""
    mine, theirs = known_level(finding.self_assessed), known_level(finding.appraised)
    if mine == theirs:
        return ""
    return f"{_level_words(mine)} thành {_level_words(theirs)}"


def _level_words(level: int | None) -> str:
    if level is None:
        return "chưa xác định"
    return f"mức độ {level}" if level else "chưa đạt"


def _home_of_approver(user: User, pilot_round: PilotRound, today: date) -> Home:
    drafts, findings = _dossiers(user, pilot_round)
    mine, elsewhere = [], [_waiting_for_unit(evaluation, today) for evaluation in drafts]
    for finding in findings:
        evaluation, turn = finding.evaluation, turn_of(finding.evaluation, today)
        if evaluation.status == Status.APPRAISED:
            level = _level_words(known_level(finding.appraised))
            detail = _difference(finding) or f"{level}, như tự đánh giá"
            url = reverse("evaluations:appraise-dossier", args=[evaluation.pk])
            title = f"Đọc kết quả thẩm định {evaluation.unit.bare_name}"
            mine.append(Duty("part", title, url, detail[:1].upper() + detail[1:], turn))
        else:
            elsewhere.append(_not_mine(finding, turn))
    return _home_of_department(
        user,
        pilot_round,
        mine=mine,
        elsewhere=elsewhere,
        counts=_counts(drafts, findings, today),
        empty="Chưa có kết quả thẩm định nào chờ lãnh đạo Sở.",
    )


def _home_of_reader(user: User, pilot_round: PilotRound, today: date) -> Home:
    drafts, findings = _dossiers(user, pilot_round)
    elsewhere = [_waiting_for_unit(evaluation, today) for evaluation in drafts]
    elsewhere += [_not_mine(finding, turn_of(finding.evaluation, today)) for finding in findings]
    return _home_of_department(
        user,
        pilot_round,
        mine=[],
        elsewhere=elsewhere,
        counts=_counts(drafts, findings, today),
        empty="Không có việc nào cần bạn làm. Các hồ sơ và nơi đang giữ ở danh sách dưới đây.",
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
                elsewhere,
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
        news=_news(user, pilot_round),
    )


def _dossiers(user: User, pilot_round: PilotRound) -> tuple[list[Evaluation], list[Finding]]:
    """Those still with their units (no figure of theirs is read), and those that came in."""
    everywhere = Evaluation.objects.filter(pilot_round=pilot_round)
    drafts = list(everywhere.filter(status=Status.DRAFT).for_display())
    came_in = everywhere.visible_to(user).exclude(status=Status.DRAFT).with_results()
    return drafts, [find(evaluation) for evaluation in came_in]


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
        level = _level_words(known_level(finding.appraised))
        detail = f"Thẩm định: {level}"
        return Duty("part", f"Lãnh đạo Sở xác nhận {name}", url, detail, turn)
    if status == Status.SUBMITTED:
        return Duty("part", f"Sở tiếp nhận {name}", url, "Đã gửi, chờ tiếp nhận", turn)
    detail = f"Đã kết luận {finding.decided_count}/{len(finding.lines)} chỉ báo"
    return Duty("part", f"Sở đang thẩm định {name}", url, detail, turn)


def _for_another_appraiser(finding: Finding, turn: Turn) -> Duty:
    evaluation = finding.evaluation
    return Duty(
        "lock",
        f"Người khác thẩm định {evaluation.unit.bare_name}",
        evaluation.get_absolute_url(),
        "Bạn đã nhập số liệu trong hồ sơ này nên không thẩm định.",
        turn,
    )


# --- Administrator --------------------------------------------------------------------------


def _home_of_administrator(user: User, pilot_round: PilotRound, today: date) -> Home:
    evaluations = list(
        Evaluation.objects.filter(pilot_round=pilot_round)
        .for_display()
        .annotate(has_editor=_has_active(Role.EDITOR), has_leader=_has_active(Role.LEADER))
    )
    mine = [duty for evaluation in evaluations if (duty := _nobody_can_act(evaluation))]
    if not User.objects.filter(role=Role.APPRAISER, is_active=True).exists():
        mine.append(
            Duty(
                "ask",
                "Cấp tài khoản chuyên viên thẩm định",
                reverse("organisations:create-person"),
                "Chưa ai ở Sở tiếp nhận được hồ sơ.",
            )
        )
    best = best_share(pilot_round)
    if best.is_impossible:
        url = f"{reverse('evaluations:round', args=[pilot_round.pk])}#cach-hieu"
        detail = f"Đang {best.sentence}"
        mine.append(Duty("ask", "Ghi cách hiểu mẫu số của 2.1.2 thành phố", url, detail))
    board = reverse("evaluations:round", args=[pilot_round.pk])
    elsewhere = [
        Duty(
            "late" if turn.is_late else "part",
            f"{evaluation.unit.bare_name}: {evaluation.get_status_display()}",
            board,
            evaluation.extension_reason,
            turn,
        )
        for evaluation in evaluations
        if (turn := turn_of(evaluation, today)).is_late
    ]
    sent = sum(evaluation.status != Status.DRAFT for evaluation in evaluations)
    return Home(
        mine=tuple(mine),
        elsewhere=tuple(elsewhere),
        empty=Empty(
            "Không có việc nào chờ bạn.",
            "Đơn vị nào trong đợt cũng có người nhập liệu và lãnh đạo.",
            board,
            "Xem đợt",
        ),
        summary=Summary(
            title=f"Đợt {pilot_round.name}",
            headline=f"{sent}/{len(evaluations)} đã gửi",
            text=f"Hạn gửi {date_format(pilot_round.self_assessment_due_on)}.",
            url=board,
            label="Xem đợt",
        ),
        news=(),
    )


def _has_active(role: Role) -> Exists:
    return Exists(User.objects.filter(organisation=OuterRef("unit"), role=role, is_active=True))


def _nobody_can_act(evaluation: Evaluation) -> Duty | None:
    """A step that nobody could take stops the dossier without anyone noticing."""
    unit = evaluation.unit
    if evaluation.has_leader:
        return None
    what = (
        "Có người nhập liệu nhưng chưa ai gửi được hồ sơ."
        if evaluation.has_editor
        else "Chưa ai mở được hồ sơ của đơn vị."
    )
    url = f"{reverse('organisations:create-person')}?don-vi={unit.pk}"
    return Duty("ask", f"Cấp tài khoản lãnh đạo cho {unit.name_in_sentence}", url, what)


def _news(user: User, pilot_round: PilotRound) -> tuple[Event, ...]:
    """What moved lately; what the Sở does inside an appraisal is no news for anybody else."""
    visible = Evaluation.objects.visible_to(user).filter(pilot_round=pilot_round)
    events = Event.objects.filter(evaluation__in=visible, kind__in=NEWS_KINDS)
    return tuple(events.select_related("evaluation__unit", "by")[:SHOWN_NEWS])


_HOMES: dict[Role, Callable[[User, PilotRound, date], Home]] = {
    Role.EDITOR: _home_of_unit,
    Role.LEADER: _home_of_unit,
    Role.APPRAISER: _home_of_appraiser,
    Role.APPROVER: _home_of_approver,
    Role.COUNCIL: _home_of_reader,
    Role.OBSERVER: _home_of_reader,
    Role.ADMINISTRATOR: _home_of_administrator,
}
