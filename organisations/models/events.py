from django.db import models

from organisations.append_only import AppendOnly, AppendOnlyQuerySet


class AccountEventQuerySet(AppendOnlyQuerySet):
    def for_display(self):
        return self.select_related("by", "person").order_by("-at", "-pk")


class AccountEvent(AppendOnly):
    """What was done to an account, by whom (nhật ký tài khoản): written once, never changed."""

    class Kind(models.TextChoices):
        CREATED = "created", "tạo tài khoản"
        CHANGED = "changed", "sửa thông tin"
        ROLE_CHANGED = "role_changed", "đổi vai trò hoặc đơn vị"
        PASSWORD_RESET = "password_reset", "cấp mật khẩu tạm"
        PASSWORD_CHANGED = "password_changed", "người dùng tự đổi mật khẩu"
        DEACTIVATED = "deactivated", "ngừng dùng"
        ACTIVATED = "activated", "dùng lại"
        FACTOR_ON = "factor_on", "bật xác thực hai bước"
        FACTOR_OFF = "factor_off", "tắt xác thực hai bước"
        FACTOR_RESET = "factor_reset", "đặt lại xác thực hai bước"
        CODES_RENEWED = "codes_renewed", "lấy mã khôi phục mới"
        EXPORTED = "exported", "trích dữ liệu của tài khoản"
        ANONYMISED = "anonymised", "ẩn danh tài khoản"

    # Old names and addresses stand there; when the account loses its name, they must go as well.
    REDACTED_FIELD = "detail"

    person = models.ForeignKey(
        "organisations.User", models.PROTECT, related_name="events", verbose_name="tài khoản"
    )
    by = models.ForeignKey(
        "organisations.User", models.PROTECT, related_name="+", verbose_name="người thực hiện"
    )
    kind = models.CharField("việc", max_length=20, choices=Kind)
    detail = models.TextField("chi tiết", blank=True)
    at = models.DateTimeField("lúc", auto_now_add=True)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký tài khoản"
        verbose_name_plural = "nhật ký tài khoản"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.person}: {self.get_kind_display()}"
