"""The standing in words for an administrator: each piece fine, or what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from evaluations.scanning import ScannerSilent, ask_whether_it_listens
from upkeep.models import UpkeepRun
from upkeep.standing import Standing, is_on_disk

SLOW_AFTER = timedelta(minutes=10)
# Done every night; a night that failed is seen by the next noon.
STALE_AFTER = timedelta(hours=36)
LITTLE_ROOM = 2 * 1024**3  # bytes: a hundred papers of the largest size
LITTLE_SHARE = 10  # per cent of the disk

Kind, Ended = UpkeepRun.Kind, UpkeepRun.Status


@dataclass(frozen=True)
class Sign:
    title: str
    said: str
    todo: str = ""  # empty where all is well
    faults: tuple[str, ...] = ()
    is_used: bool = True  # what an installation goes without is neither well nor wrong

    @property
    def is_fine(self) -> bool:
        return not self.todo


def signs_of(standing: Standing) -> list[Sign]:
    """In the order in which an operator would look."""
    return [
        _queue(standing),
        _failed_reports(standing),
        _mails(standing),
        _room(standing),
        *_upkeep(standing),
        *_scanner(),
        Sign("Cơ sở dữ liệu", _database()),
    ]


def _queue(standing: Standing) -> Sign:
    said = f"{standing.reports_waiting} lượt in đang chờ, {standing.reports_running} đang dựng."
    if standing.longest_wait <= SLOW_AFTER:
        return Sign("Hàng đợi", said)
    minutes = int(standing.longest_wait.total_seconds() // 60)
    todo = (
        "Báo người vận hành máy chủ xem tiến trình báo cáo (worker) và Redis có đang chạy không; "
        "chạy lại thì việc đi tiếp."
    )
    return Sign("Hàng đợi", f"{said} Việc chờ lâu nhất đã {minutes} phút.", todo)


def _failed_reports(standing: Standing) -> Sign:
    if not standing.reports_failed:
        return Sign("Báo cáo không dựng được", "Không có trong 7 ngày qua.")
    said = f"{standing.reports_failed} lượt trong 7 ngày qua, kể ở dưới."
    todo = (
        "Đọc lý do; cần thì báo người vận hành máy chủ mã lượt in. "
        "Người đặt bấm “Dựng lại” khi đã sửa xong."
    )
    return Sign("Báo cáo không dựng được", said, todo)


def _mails(standing: Standing) -> Sign:
    said = f"{standing.mails_waiting} thư chờ gửi"
    if not standing.mails_failed:
        return Sign("Thư điện tử", f"{said}; 7 ngày qua không thư nào hỏng.")
    todo = "Sửa địa chỉ của người nhận, hoặc báo người vận hành máy chủ xem máy chủ thư."
    return Sign("Thư điện tử", f"{said}; {standing.mails_failed} thư không gửi được.", todo)


def _room(standing: Standing) -> Sign:
    room = standing.room
    if not is_on_disk():
        return Sign("Chỗ lưu tệp", f"Kho S3, ngăn {settings.S3_BUCKET}.")
    if room is None:
        return Sign("Chỗ lưu tệp", "Ổ đĩa của máy này; chưa có tệp nào.")
    said = f"Còn trống {filesizeformat(room.free)} trên {filesizeformat(room.total)}."
    if room.free >= LITTLE_ROOM and room.free * 100 >= room.total * LITTLE_SHARE:
        return Sign("Chỗ lưu tệp", said)
    return Sign(
        "Chỗ lưu tệp",
        said,
        "Sắp đầy: báo người vận hành máy chủ thêm ổ đĩa hoặc dọn tệp ngoài hệ thống.",
    )


def _upkeep(standing: Standing) -> Iterator[Sign]:
    """Commands by the name that docs/van-hanh gives them; not for who reads this page, but to be
    read out to the operator."""
    backup = "hocxahoi backup" if settings.BACKUP_DIR else "hocxahoi backup --dir THƯ-MỤC"
    for kind, title, last, command in (
        (Kind.BACKUP, "Sao lưu", standing.last_backup, backup),
        (Kind.INTEGRITY, "Kiểm tra toàn vẹn", standing.last_check, "hocxahoi verify_integrity"),
        (Kind.PURGE, "Xóa dữ liệu quá hạn", standing.last_purge, "hocxahoi purge"),
    ):
        newest = UpkeepRun.objects.newest(kind)
        yield _last_run(title, last, newest, command, standing.at)


def _last_run(
    title: str, last: datetime | None, newest: UpkeepRun | None, command: str, now: datetime
) -> Sign:
    said = f"Lần tốt gần nhất: {_at(last)}." if last else _never(newest)
    if newest and newest.status in (Ended.FAULTY, Ended.FAILED):
        said = (
            f"{said} Lần {_at(newest.started_at)}: {newest.summary or newest.get_status_display()}"
        )
        todo = "Báo người vận hành máy chủ đọc lỗi, xử lý rồi chạy lại"
        return Sign(title, said, f"{todo}; lệnh: “{command}”.", tuple(newest.faults[:20]))
    if last is None or now - last > STALE_AFTER:
        todo = "Báo người vận hành máy chủ xem tiến trình hẹn giờ có chạy không, hoặc chạy ngay"
        return Sign(title, said, f"{todo}; lệnh: “{command}”.")
    if newest and newest.kind == Kind.PURGE:
        said = f"{said} Lần ấy xóa: {newest.summary}."
    return Sign(title, said)


def _never(newest: UpkeepRun | None) -> str:
    return "Chưa lần nào chạy tốt." if newest else "Chưa chạy lần nào."


def _scanner() -> Iterator[Sign]:
    if not settings.CLAMD_ADDRESS:
        yield Sign("Quét virus", "Tệp gửi lên không được quét.", is_used=False)
        return
    try:
        ask_whether_it_listens()
    except ScannerSilent:
        todo = "Báo người vận hành máy chủ chạy lại clamd. Đến khi ấy hệ thống không nhận tệp nào."
        yield Sign("Quét virus", "clamd không trả lời.", todo)
    else:
        yield Sign("Quét virus", "clamd trả lời.")


def _database() -> str:
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    version = ".".join(str(part) for part in connection.get_database_version()[:2])
    return f"{names[connection.vendor]} {version}."


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"
