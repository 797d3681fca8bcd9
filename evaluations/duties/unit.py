"""Home of a unit's people: missing figures, requests to answer, the dossier to send."""

from collections.abc import Callable
from datetime import date

from django.urls import reverse

from evaluations.checking import Error, check, registers_of
from evaluations.determination import Finding, find
from evaluations.duties.shapes import Duty, Empty, Home, Summary, news_for
from evaluations.duties.sheets import waiting_sheets
from evaluations.models import Evaluation, PilotRound
from evaluations.recognition import decided_of
from evaluations.turns import Turn, turn_of
from evaluations.workflow import CONCLUDED, Status
from organisations.models import Role, User

SHOWN_MISSING = 6  # more lines than that and the page stops being a list of things to do


def home_of_unit(user: User, pilot_round: PilotRound, today: date) -> Home:
    evaluation = (
        Evaluation.objects.visible_to(user).filter(pilot_round=pilot_round).with_results().first()
    )
    waiting = waiting_sheets(user, pilot_round, today)
    if evaluation is None:
        return Home(
            mine=tuple(waiting),
            elsewhere=(),
            empty=Empty(
                "Đơn vị chưa có hồ sơ trong đợt này.",
                "Hồ sơ được tạo khi Sở Giáo dục và Đào tạo mở đợt cho đơn vị. "
                "Nếu đơn vị có tham gia, báo cho người quản trị ở Sở.",
                reverse("evaluations:registers"),
                "Mở kết quả đơn vị",
            ),
        )
    finding = find(evaluation)
    turn = turn_of(evaluation, today)
    mine, elsewhere, empty = _UNIT_DUTIES[Status(evaluation.status)](user, finding, turn)
    return Home(
        mine=(*mine, *waiting),
        elsewhere=tuple(elsewhere),
        empty=empty,
        summary=_summary_of_dossier(finding),
        news=news_for(user, pilot_round),
    )


def _draft(user: User, finding: Finding, turn: Turn):
    evaluation = finding.evaluation
    dossier = evaluation.get_absolute_url()
    wrong = {error.line.code: error for error in reversed(_errors(finding))}
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
    mine = [_to_complete(wrong[line.code], turn) for line in missing[:SHOWN_MISSING]]
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
    flawed = [error for error in _errors(finding) if error.field != "reply"]
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
    mine += [_to_complete(error, turn) for error in flawed]
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


def _errors(finding: Finding) -> tuple[Error, ...]:
    return check(finding, registers_of(finding)).errors


def _to_complete(error: Error, turn: Turn) -> Duty:
    """What is missing, where it is entered: in a register where the figure is counted from one."""
    line = error.line
    verb = "Mở danh sách" if error.is_in_register else "Hoàn thành"
    return Duty(
        line.mark.sign,
        f"{verb} {line.code} {line.indicator.short_name}",
        error.url if error.is_in_register else line.result.get_absolute_url(),
        error.text,
        turn,
    )


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


def _decided(said: str):
    def duties(user: User, finding: Finding, turn: Turn):
        url = finding.evaluation.get_absolute_url()
        return [], [], Empty(said, "Không còn việc nào với hồ sơ này.", url, "Xem hồ sơ")

    return duties


def _nothing_left(evaluation: Evaluation) -> Empty:
    return Empty(
        "Phần của anh, chị đã xong.",
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
        "Không có việc nào chờ anh, chị: hồ sơ đã gửi Sở.",
    ),
    Status.APPRAISING: _with_the_department(
        "Sở thẩm định hồ sơ",
        "Không sửa được trong lúc này; cần bổ sung thì Sở trả lại kèm lý do.",
        "Không có việc nào chờ anh, chị: Sở đang thẩm định.",
    ),
    Status.APPRAISED: _with_the_department(
        "Lãnh đạo Sở xác nhận kết quả thẩm định",
        "Kết quả từng chỉ báo và lý do điều chỉnh đã có trong hồ sơ.",
        "Không có việc nào chờ anh, chị: Sở đã thẩm định xong.",
    ),
    Status.CONFIRMED: _with_the_department(
        "Hội đồng xét, Ủy ban nhân dân thành phố quyết định",
        "Lãnh đạo Sở đã xác nhận kết quả thẩm định.",
        "Không có việc nào chờ anh, chị: hồ sơ chờ hội đồng và quyết định.",
    ),
    Status.RECOGNISED: _decided("Đã có quyết định công nhận."),
    Status.DECLINED: _decided("Đã có quyết định: chưa công nhận."),
}


def _summary_of_dossier(finding: Finding) -> Summary:
    evaluation = finding.evaluation
    if decided := decided_of(evaluation) if evaluation.decided_level is not None else None:
        return Summary(
            title=f"Hồ sơ năm {evaluation.pilot_round.year}",
            level=decided.level,
            shows_level=True,
            text=f"Theo {decided.decision.name_in_sentence} của {decided.decision.issuer}.",
            url=decided.decision.get_absolute_url(),
            label="Xem quyết định",
        )
    is_concluded = evaluation.status in CONCLUDED
    determination = finding.appraised if is_concluded else finding.self_assessed
    column = "Theo thẩm định" if is_concluded else "Theo số tự đánh giá"
    level = determination.conclusion
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
