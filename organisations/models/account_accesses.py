from datetime import timedelta

from django.db import models
from django.db.models import Q

from organisations.append_only import AppendOnly


class AccountAccess(AppendOnly):
    """Who read personal data of accounts, and when (lượt xem dữ liệu tài khoản): written once.

    With the trail of accounts, which says who changed what, it is the log of processing that
    NĐ 13/2023 Điều 38 asks for (nhật ký xử lý dữ liệu cá nhân): `processing_log.py`.
    """

    class Kind(models.TextChoices):
        PEOPLE = "people", "xem danh sách người dùng"
        ACCOUNT = "account", "mở tài khoản"
        SIGN_INS = "sign_ins", "xem nhật ký đăng nhập"
        PROCESSING = "processing", "xem nhật ký xử lý dữ liệu"
        OPERATIONS = "operations", "xem ở trang vận hành"

    # Nobody reads the log so late that a month would be too short; the term is PROCESSING_LOG_DAYS.
    ERASED_AFTER = timedelta(days=30)

    by = models.ForeignKey(
        "organisations.User", models.PROTECT, related_name="+", verbose_name="người xem"
    )
    kind = models.CharField("việc", max_length=20, choices=Kind)
    person = models.ForeignKey(
        "organisations.User",
        models.PROTECT,
        null=True,
        related_name="accesses",
        verbose_name="tài khoản được xem",
    )
    # Of a list how much was shown; not whose names, which the page of that day would tell again.
    detail = models.CharField("chi tiết", max_length=100, blank=True)
    at = models.DateTimeField("lúc", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "lượt xem dữ liệu tài khoản"
        verbose_name_plural = "lượt xem dữ liệu tài khoản"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="account") | Q(person__isnull=False),
                name="opened_account_is_somebody_s",
            ),
        ]

    def __str__(self):
        return f"{self.by}: {self.get_kind_display()}"
