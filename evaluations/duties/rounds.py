"""Home where no round runs: none is opened yet, or the one that is shown is closed."""

from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluations.duties.shapes import Duty, Empty, Home
from evaluations.models import PilotRound
from evaluations.permissions import can_manage_rounds, can_see_board
from organisations.models import User


def plans_for(user: User) -> tuple[Duty, ...]:
    """The rounds that this administrator has in preparation."""
    if not can_manage_rounds(user):
        return ()
    return tuple(
        Duty("part", f"Mở đợt {plan.name}", plan.get_absolute_url(), "Đang chuẩn bị.")
        for plan in PilotRound.objects.filter(opened_at__isnull=True)
    )


def home_once_closed(home: Home, user: User, pilot_round: PilotRound) -> Home:
    """The same home where nothing waits for anybody any more: everything is there to read."""
    day = date_format(timezone.localdate(pilot_round.closed_at))
    url, label = (
        (pilot_round.get_absolute_url(), "Xem đợt")
        if can_manage_rounds(user) or can_see_board(user)
        else ("", "")
    )
    empty = Empty(
        f"Đợt {pilot_round.name} đã đóng ngày {day}.",
        "Hồ sơ, kết quả và báo cáo vẫn xem và in được; không nhập, sửa thêm được.",
        url,
        label,
    )
    return replace(home, mine=plans_for(user), elsewhere=(), empty=empty)


def home_without_round(user: User) -> Empty:
    """What somebody reads before there is any round for them, and what they can do about it."""
    if can_manage_rounds(user):
        plan = PilotRound.objects.filter(opened_at__isnull=True).first()
        if plan:
            return Empty(
                "Chưa có đợt nào đang mở.",
                f"Đợt {plan.name} đang chuẩn bị; chỉ quản trị thấy cho đến khi mở.",
                plan.get_absolute_url(),
                f"Chuẩn bị tiếp đợt {plan.name}",
            )
        return Empty(
            "Chưa có đợt nào.",
            "Lập đợt đầu tiên: đặt tên, năm, bộ tiêu chí; chọn quận, huyện tham gia; đặt lịch; "
            "rồi mở đợt.",
            reverse("evaluations:new-round"),
            "Lập đợt đầu tiên",
        )
    if can_see_board(user):
        return Empty(
            "Chưa có đợt nào được mở.",
            "Quản trị ở Sở Giáo dục và Đào tạo lập và mở đợt; mở rồi thì việc hiện ở đây.",
        )
    return Empty(
        "Chưa có đợt nào được mở cho anh, chị.",
        "Khi Sở Giáo dục và Đào tạo mở một đợt có đơn vị của anh, chị tham gia, việc cần làm sẽ "
        "hiện ở đây.",
    )
