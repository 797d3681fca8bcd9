from django.conf import settings
from django.db import models

from evaluations.models.dossiers import Evaluation
from organisations.append_only import AppendOnly


class DossierAccess(AppendOnly):
    """Who fetched what of a dossier as a whole, and when: a report on it, or its trail."""

    class Kind(models.TextChoices):
        REPORT = "report", "tải báo cáo"
        TRAIL = "trail", "tải quá trình"

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="accesses", verbose_name="hồ sơ"
    )
    kind = models.CharField("việc", max_length=10, choices=Kind)
    what = models.CharField("thứ được tải", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người tải"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "lượt tải của hồ sơ"
        verbose_name_plural = "lượt tải của hồ sơ"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.evaluation}: {self.get_kind_display()}"
