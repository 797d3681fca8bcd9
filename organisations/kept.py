"""What is kept of a person, why and how long, in words for that person.

`docs/du-lieu-ca-nhan.md` says it table by table; a test holds the terms here to the terms there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from organisations.account_data import rows_naming
from organisations.models import AccountAccess, User

# What the file has of one's work, and what it has not: the page and the file say it alike.
IN_FILE = (
    "Có trong tệp: tài khoản, các nhật ký, thông báo, và mọi dòng ghi anh, chị là người nhập, sửa "
    "hay làm: kết quả đơn vị, số liệu và thuyết minh của chỉ báo, thẩm định, ý kiến, tên văn bản "
    "và tên tệp minh chứng, quá trình với giá trị cũ và mới."
)
NOT_IN_FILE = (
    "Không có trong tệp: mật khẩu, khóa; các tệp đã tải lên; bản chụp cả hồ sơ lúc gửi; nội dung "
    "báo cáo đã in; việc người khác làm với hồ sơ."
)


@dataclass(frozen=True)
class Kept:
    """One piece of what is kept; `term` is the number of its period in the document."""

    term: int
    title: str
    what: str
    why: str
    how_long: str
    tables: tuple[str, ...] = ()
    rows: int = 0
    rows_of_own: int = 0  # of the log of looks: what this person looked at

    @property
    def names_nobody(self) -> bool:
        """Kept without a word of whose it is, so nothing can be counted for one person."""
        return self.term == TRIES


ACCOUNT, FACTOR, SESSIONS, SIGN_INS, TRIES, WORK, MESSAGES, READINGS = 1, 2, 3, 4, 5, 6, 8, 9
TABLES = {
    FACTOR: ("otp_totp.TOTPDevice", "organisations.RecoveryCode"),
    SESSIONS: ("organisations.Session",),
    SIGN_INS: ("organisations.SignInEvent",),
    MESSAGES: ("evaluations.Notice", "evaluations.Mail", "evaluations.Reminder"),
    READINGS: ("organisations.AccountAccess",),
}
WORDS = {
    ACCOUNT: (
        "Tài khoản",
        "Họ và tên, tên đăng nhập, đơn vị, vai trò, chức vụ, thư điện tử, điện thoại. Mật khẩu chỉ "
        "giữ dạng đã băm, không ai đọc được.",
        "Biết ai làm việc gì, báo việc, cho đăng nhập.",
        "Đến khi người quản trị ẩn danh tài khoản, sau khi anh, chị thôi làm việc này.",
    ),
    FACTOR: (
        "Xác thực hai bước",
        "Khóa của điện thoại; mã khôi phục ở dạng đã băm.",
        "Đăng nhập.",
        "Đến khi tắt, thay hoặc được đặt lại.",
    ),
    SESSIONS: (
        "Phiên đang mở",
        "Địa chỉ mạng, trình duyệt, giờ bắt đầu.",
        "Để anh, chị thấy và đăng xuất nơi khác.",
        "Không thao tác {idle} phút thì hết hiệu lực; đêm sau xóa.",
    ),
    SIGN_INS: (
        "Nhật ký đăng nhập",
        "Mỗi lần vào, ra, nhập sai: lúc nào, địa chỉ mạng, trình duyệt.",
        "Phát hiện người lạ vào bằng tên của anh, chị.",
        "{sign_ins} ngày, rồi xóa.",
    ),
    TRIES: (
        "Bộ đếm lần nhập sai",
        "Mã băm của tên đã gõ và địa chỉ mạng; không đọc ngược ra tên được.",
        "Tạm khóa khi nhập sai nhiều lần.",
        "Hết giờ đếm thì hết hiệu lực; đêm sau xóa.",
    ),
    MESSAGES: (
        "Thông báo, thư và lời nhắc",
        "Nội dung, địa chỉ nhận, đã đọc hay đã gửi lúc nào.",
        "Báo việc, không nhắc hai lần, biết thư đã đi chưa.",
        "{messages} ngày, rồi xóa.",
    ),
    READINGS: (
        "Nhật ký xử lý dữ liệu",
        "Người quản trị nào đã xem tài khoản của anh, chị, lúc nào. Là người quản trị thì thêm "
        "những lần anh, chị xem. Lần cấp, sửa, trích ở nhật ký tài khoản, thuộc dòng cuối.",
        "Chứng minh dữ liệu được dùng đúng việc.",
        "{processing} ngày, rồi xóa.",
    ),
    WORK: (
        "Việc đã làm và tên trong văn bản",
        "Tên anh, chị ở quá trình hồ sơ, bản chụp lúc gửi, biên bản, quyết định, lượt mở và tải "
        "tệp, nhật ký tài khoản.",
        "Chứng minh ai đã làm gì trong việc công nhận.",
        "Theo thời hạn bảo quản hồ sơ công nhận của pháp luật lưu trữ. Cơ quan nhà nước không phải "
        "xóa phần này khi được yêu cầu (Nghị định 13/2023/NĐ-CP, Điều 16 khoản 2).",
    ),
}


def kept_of(person: User) -> list[Kept]:
    """In the order in which a person would ask; a query for each table that names accounts."""
    counts = {rows.model._meta.label: rows.count() for rows in rows_naming(person)}
    return list(_kept(counts, AccountAccess.objects.filter(by=person).count()))


def term_of(label: str) -> int:
    """The number of the period of a table that names accounts; what is in no group is work."""
    return next((term for term, labels in TABLES.items() if label in labels), WORK)


def _kept(counts: dict[str, int], looks: int) -> Iterator[Kept]:
    days = {
        "idle": settings.SESSION_COOKIE_AGE // 60,
        "sign_ins": settings.SIGN_IN_LOG_DAYS,
        "messages": settings.MESSAGES_DAYS,
        "processing": settings.PROCESSING_LOG_DAYS,
    }
    for term, (title, what, why, how_long) in WORDS.items():
        labels = tuple(label for label in counts if term_of(label) == term)
        rows = sum(counts[label] for label in labels) + (term == ACCOUNT)
        of_own = looks if term == READINGS else 0
        yield Kept(term, title, what, why, how_long.format(**days), labels, rows, of_own)
