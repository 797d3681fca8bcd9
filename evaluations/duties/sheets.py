"""Home of who scores its own office, and the sheets that wait for whom they were sent to."""

from datetime import date

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.duties.shapes import Duty, Empty, Home, Summary
from evaluations.models import PilotRound, UnitResult
from evaluations.registers import SLUG_OF, Kind, points_of
from evaluations.sheet_reading import Sheet, stored_sheet
from evaluations.turns import Turn
from evaluations.unit_reading import result_words
from evaluations.unit_sheets import SheetStatus
from evaluations.workflow import Party
from organisations.models import UNIT_ROLES, Organisation, Role, User

WHOSE = {Kind.LEARNING_UNIT: "cơ quan, đơn vị", Kind.LEARNING_COMMUNITY: "xã, phường, thị trấn"}


def home_of_scored_unit(user: User, pilot_round: PilotRound, today: date) -> Home:
    """A commune's or an agency's: its sheets of the round's two years, this year's first."""
    lines = list(
        UnitResult.objects.filter(unit=user.organisation_id, pilot_round=pilot_round)
        .for_writing()
        .prefetch_related("sheet_items")
        .order_by("-year")
    )
    mine, elsewhere = [], []
    for line in lines:
        if line.in_scope:
            ours, theirs = _duties(user, line, today)
            mine += ours
            elsewhere += theirs
    sheets = reverse("evaluations:sheets")
    return Home(
        mine=tuple(mine),
        elsewhere=tuple(elsewhere),
        empty=_empty(lines, sheets),
        summary=_summary(lines[0], sheets) if lines else None,
    )


def waiting_sheets(user: User, pilot_round: PilotRound, today: date) -> list[Duty]:
    """What a keeper has to confirm, one line for each register; a single query."""
    registers = (
        sheets_to_confirm(user)
        .filter(pilot_round=pilot_round)
        .order_by("-year", "kind")
        .values("owner", "kind", "year")
        .annotate(count=Count("pk"), since=Min("sheet_since"))
    )
    return [
        Duty(
            "ask",
            f"{each['count']} phiếu tự chấm chờ xác nhận",
            _register_url(pilot_round, each),
            f"Của {WHOSE[each['kind']]}, năm {each['year']}",
            Turn(Party.STANDING_AGENCY, timezone.localdate(each["since"]), None, today),
        )
        for each in registers
    ]


def sheets_to_confirm(user: User) -> QuerySet[UnitResult]:
    """The sheets that were sent to the register which this person keeps, of whatever round."""
    lines = UnitResult.objects.filter(sheet_status=SheetStatus.SUBMITTED, in_scope=True)
    if user.role in UNIT_ROLES:
        return lines.filter(owner=user.organisation_id)
    if user.role == Role.APPRAISER:
        return lines.filter(owner__kind=Organisation.Kind.CITY)
    return lines.none()


def _register_url(pilot_round: PilotRound, register: dict) -> str:
    """The grid of the register, only the lines that wait."""
    address = [pilot_round.pk, register["owner"], SLUG_OF[register["kind"]]]
    year = "" if register["year"] == pilot_round.year else f"nam={register['year']}&"
    return f"{reverse('evaluations:register', args=address)}?{year}loc=cho-xac-nhan"


def _duties(user: User, line: UnitResult, today: date) -> tuple[list[Duty], list[Duty]]:
    """What the unit has to do about one sheet, and what it waits for."""
    url, name = reverse("evaluations:sheet", args=[line.pk]), f"phiếu tự chấm năm {line.year}"
    point_set = points_of(line.pilot_round, line.kind)
    status = SheetStatus(line.sheet_status)
    if point_set is None or status == SheetStatus.CONFIRMED:
        return [], []
    if status == SheetStatus.NONE and line.rating:
        return [], []  # who keeps the register has entered the result without a sheet
    turn = _turn(line, today)
    if status == SheetStatus.SUBMITTED:
        return [], [Duty("lock", f"Xác nhận {name}", url, _sent_words(user, line), turn)]
    sheet = stored_sheet(point_set.rule, line.sheet_items.all())
    if status == SheetStatus.NONE:
        return [Duty("empty", f"Bắt đầu {name}", url, _begin_words(sheet))], []
    if status == SheetStatus.RETURNED:
        detail = f"Bị trả lại: {_why_returned(line)}"
        return [Duty("ask", f"Sửa {name}", url, detail, turn)], []
    if not sheet.is_complete:
        return [Duty("part", f"Hoàn thành {name}", url, " ".join(sheet.lacks))], []
    to_send = f"{url}#gui-phieu"
    if user.role == Role.LEADER:
        return [Duty("ask", f"Gửi {name}", to_send, f"Phiếu đã đủ: {_stated(sheet)}.")], []
    detail = f"Phiếu đã đủ ({_stated(sheet)}); trình lãnh đạo xem và gửi."
    return [], [Duty("part", f"Lãnh đạo đơn vị gửi {name}", url, detail)]


def _turn(line: UnitResult, today: date) -> Turn | None:
    if line.sheet_since is None:
        return None
    return Turn(Party.UNIT, timezone.localdate(line.sheet_since), None, today)


def _sent_words(user: User, line: UnitResult) -> str:
    said = f"Đã gửi: {result_words(line.self_score, line.self_rating)}."
    return f"{said} Còn rút về sửa được." if user.role == Role.LEADER else said


def _begin_words(sheet: Sheet) -> str:
    if not sheet.asks_points:
        return "Chọn loại tự xếp, ghi căn cứ và gắn minh chứng."
    return f"{len(sheet.lines)} mục; chấm theo thứ tự nào cũng được, gõ đến đâu lưu đến đó."


def _why_returned(line: UnitResult) -> str:
    returned = line.events.filter(kind="return").values_list("note", flat=True).first()
    return returned or "xem lý do ở đầu phiếu"


def _stated(sheet: Sheet) -> str:
    if not sheet.asks_points:
        return sheet.rating.label
    return f"{sheet.shown_total} điểm, {sheet.rating.label}"


def _empty(lines: list[UnitResult], sheets: str) -> Empty:
    if not lines:
        return Empty(
            "Đơn vị chưa có trong danh sách đánh giá của đợt này.",
            "Phiếu tự chấm có khi quận, huyện (với cơ quan thành phố là Sở Giáo dục và Đào tạo) "
            "đưa đơn vị vào danh sách.",
        )
    if not any(line.in_scope for line in lines):
        reason = f"Lý do ghi ở danh sách: {lines[0].exclusion_reason}"
        return Empty("Đơn vị ngoài phạm vi đánh giá của đợt này.", reason)
    return Empty("Không có việc nào chờ anh, chị.", "", sheets, "Xem phiếu tự chấm")


def _summary(line: UnitResult, sheets: str) -> Summary:
    confirmed = result_words(line.score, line.rating)
    own = result_words(line.self_score, line.self_rating)
    if not line.in_scope:
        headline, text = "Ngoài phạm vi", line.exclusion_reason
    elif confirmed:
        headline, text = confirmed, _decision_words(line)
    else:
        headline = line.get_sheet_status_display().capitalize()
        text = f"Đơn vị tự chấm {own}." if own else "Chưa có kết quả xác nhận."
    return Summary(
        title=f"{line.get_kind_display()} năm {line.year}",
        headline=headline,
        text=text,
        url=sheets,
        label="Mở phiếu tự chấm",
    )


def _decision_words(line: UnitResult) -> str:
    if not line.decision_number:
        return "Đã xác nhận, chưa ghi số quyết định."
    day = f" ngày {date_format(line.decision_on, 'd/m/Y')}" if line.decision_on else ""
    return f"Quyết định {line.decision_number}{day}."
