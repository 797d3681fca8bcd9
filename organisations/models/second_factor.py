from django.db import models


class RecoveryCode(models.Model):
    """A way in without the telephone (mã khôi phục): kept as a hash only, good for one time."""

    person = models.ForeignKey(
        "organisations.User",
        models.CASCADE,
        related_name="recovery_codes",
        verbose_name="người dùng",
    )
    code_hash = models.CharField("mã đã băm", max_length=128)
    used_at = models.DateTimeField("dùng lúc", null=True)

    class Meta:
        verbose_name = "mã khôi phục"
        verbose_name_plural = "mã khôi phục"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.person}: {'đã dùng' if self.used_at else 'chưa dùng'}"
