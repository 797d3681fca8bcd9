"""What every log of opened files has in common."""

from django.conf import settings
from django.db import models

from organisations.append_only import AppendOnly


class FileAccess(AppendOnly):
    """Who opened or downloaded a file, and when; which one each log says itself."""

    class Kind(models.TextChoices):
        PREVIEW = "preview", "xem"
        DOWNLOAD = "download", "tải về"

    kind = models.CharField("cách mở", max_length=10, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người mở"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]
