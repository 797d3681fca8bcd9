from datetime import timedelta

from django.db import models
from django.db.models import Q

from organisations.append_only import AppendOnly, AppendOnlyQuerySet


class SignInEventQuerySet(AppendOnlyQuerySet):
    def for_display(self):
        return self.select_related("person").order_by("-at", "-pk")


class SignInEvent(AppendOnly):
    """One line of the sign-in log (nhật ký đăng nhập): written once, never changed.

    Of a name that nobody has only this is kept, that there was a try: what was typed there may be
    somebody's password in the wrong field.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "đăng nhập"
        SIGNED_IN_BY_CODE = "by_recovery_code", "đăng nhập bằng mã khôi phục"
        WRONG_PASSWORD = "wrong_password", "sai mật khẩu"
        WRONG_CODE = "wrong_code", "sai mã xác thực"
        LOCKED = "locked", "tạm khóa vì sai nhiều lần"
        TRIED_ON = "tried_on", "thử tiếp trong lúc tạm khóa"
        SIGNED_OUT = "signed_out", "đăng xuất"
        ENDED_ANOTHER = "ended_another", "kết thúc phiên ở nơi khác"
        EVERYWHERE = "everywhere", "đăng xuất khỏi mọi nơi"

    # Security level 2 asks for a month at least; how long it is in fact is SIGN_IN_LOG_DAYS.
    ERASED_AFTER = timedelta(days=30)
    # What let nobody in.
    TRIES = (Kind.WRONG_PASSWORD, Kind.WRONG_CODE)
    REFUSED = (*TRIES, Kind.LOCKED, Kind.TRIED_ON)

    person = models.ForeignKey(
        "organisations.User",
        models.PROTECT,
        null=True,
        related_name="sign_ins",
        verbose_name="tài khoản",
    )
    kind = models.CharField("việc", max_length=20, choices=Kind)
    at = models.DateTimeField("lúc", auto_now_add=True)
    ip = models.GenericIPAddressField("địa chỉ mạng", null=True)
    browser = models.CharField("trình duyệt", max_length=60, blank=True)

    objects = SignInEventQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký đăng nhập"
        verbose_name_plural = "nhật ký đăng nhập"
        ordering = ["pk"]
        indexes = [models.Index(fields=["at", "id"], name="sign_ins_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(kind__in=["wrong_password", "locked", "tried_on"]),
                name="only_a_known_name_gets_in",
            ),
        ]

    def __str__(self):
        return f"{self.person or 'tên không có'}: {self.get_kind_display()}"

    @property
    def was_refused(self) -> bool:
        return self.kind in self.REFUSED
