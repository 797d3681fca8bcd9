"""Every index that a model of ours declares, with the query that it is for.

Unique constraints and foreign keys bring their own; those are not for speed alone. A test holds
the list to the models.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.db import connection, models
from django.db.models import QuerySet
from django.utils import timezone

from evaluations.models import Mail, Notice, PilotRound, StoredFile, UnitResult
from organisations.collation import vietnamese_order
from organisations.models import AccountAccess, Organisation, Session, SignInEvent, Tally, User
from reports.models import ReportRun

OURS = ("organisations", "criteria", "evaluations", "reports", "upkeep")


@dataclass(frozen=True)
class Index:
    """`key` is the name that a model gives it, or "Model.field" of a field that asks for one."""

    key: str
    what: str
    query: Callable[[], QuerySet]

    @property
    def names(self) -> list[str]:
        """As the database calls it; a text has a second one beside, for how it begins."""
        if "." not in self.key:
            return [self.key]
        model, field = self.key.split(".")
        wanted = next(each for each in _models() if each.__name__ == model)
        column = wanted._meta.get_field(field).column
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, wanted._meta.db_table)
        return sorted(
            name
            for name, each in found.items()
            if each["columns"] == [column] and each["index"] and not each["unique"]
        )


def keys() -> set[str]:
    """Of all indexes that the models declare."""
    return set(_keys())


def _keys() -> Iterator[str]:
    for model in _models():
        yield from (index.name for index in model._meta.indexes)
        for field in model._meta.concrete_fields:
            is_foreign = isinstance(field, models.ForeignKey)
            if field.db_index and not field.unique and not is_foreign:
                yield f"{model.__name__}.{field.name}"


def _models() -> list[type[models.Model]]:
    return [model for name in OURS for model in apps.get_app_config(name).get_models()]


def _register() -> QuerySet:
    """One register in scope, as every level of a district counts it."""
    evaluation = PilotRound.objects.get(is_practice=True).evaluations.of_districts()[0]
    return UnitResult.objects.of_dossier(evaluation).counted().good_or_better()


def _inbox() -> QuerySet:
    return Notice.objects.filter(recipient=User.objects.get(username="so.thamdinh")).unread()


def _same_file() -> QuerySet:
    file = StoredFile.objects.order_by("pk")[0]
    return StoredFile.objects.filter(document__unit=file.document.unit_id, sha256=file.sha256)


def _a_week_ago():
    return timezone.now() - timedelta(days=7)


DECLARED = (
    Index("unit_result_register", "các dòng của một danh sách, đếm cho mọi mức độ", _register),
    Index("unread_notices", "số thông báo chưa đọc, ở đầu mọi trang", _inbox),
    Index(
        "open_mails",
        "thư chờ gửi, mỗi giờ",
        lambda: Mail.objects.filter(status__in=["waiting", "sending"]),
    ),
    Index(
        "run_by_hash",
        "bản in có dấu này là của ai",
        lambda: ReportRun.objects.filter(sha256="0" * 64).defer("content"),
    ),
    Index(
        "active_runs",
        "có báo cáo nào đang dựng không, ở mọi trang có lượt in",
        lambda: ReportRun.objects.filter(status=ReportRun.Status.RUNNING).defer("content"),
    ),
    Index(
        "failed_mails",
        "thư hỏng trong bảy ngày, trang Tình trạng",
        lambda: Mail.objects.filter(status="failed", created_at__gte=_a_week_ago()),
    ),
    Index(
        "failed_runs",
        "báo cáo hỏng trong bảy ngày, trang Tình trạng",
        lambda: ReportRun.objects.filter(
            status=ReportRun.Status.FAILED, finished_at__gte=_a_week_ago()
        ).defer("content"),
    ),
    Index("StoredFile.sha256", "tệp tải lên đã có trong kho chưa", _same_file),
    Index(
        "sign_ins_by_time",
        "dòng mới nhất của nhật ký đăng nhập",
        lambda: SignInEvent.objects.for_display()[:50],
    ),
    Index(
        "AccountAccess.at",
        "lượt xem dữ liệu tài khoản đã quá hạn giữ, dọn mỗi đêm",
        lambda: AccountAccess.objects.filter(at__lt=timezone.now() - timedelta(days=730)),
    ),
    Index(
        "Session.expire_date",
        "phiên đã hết hạn, dọn mỗi ngày",
        lambda: Session.objects.filter(expire_date__lt=timezone.now()),
    ),
    Index(
        "Tally.until",
        "bộ đếm đã hết kỳ, dọn mỗi ngày",
        lambda: Tally.objects.filter(until__lt=timezone.now() - timedelta(days=1)),
    ),
)
# Those that a migration gives to PostgreSQL alone (organisations/collation.py).
OF_NAMES = (
    Index(
        "units_by_name",
        "một trang đơn vị theo thứ tự tiếng Việt",
        lambda: Organisation.objects.order_by(vietnamese_order("name"), "valid_from")[:50],
    ),
    Index(
        "people_by_name",
        "một trang người dùng theo thứ tự tiếng Việt",
        lambda: User.objects.order_by(vietnamese_order("full_name"), "pk")[:50],
    ),
)
