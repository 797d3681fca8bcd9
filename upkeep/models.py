"""What was done to keep the data safe and no longer than it may be, and how it ended."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class UpkeepRunQuerySet(models.QuerySet):
    def newest(self, kind: str) -> "UpkeepRun | None":
        """The last one of its kind, however it ended."""
        return self.filter(kind=kind).first()

    def newest_good(self, kind: str) -> "UpkeepRun | None":
        """The last one of its kind that found nothing wrong."""
        return self.filter(kind=kind, status=UpkeepRun.Status.CLEAN).first()


class UpkeepRun(models.Model):
    """One backup, restore, check or purge (lượt bảo trì): when, how long, what it found.

    It tells of this installation, its disk and its storage, so it is no part of any backup.
    """

    class Kind(models.TextChoices):
        BACKUP = "backup", "sao lưu"
        INTEGRITY = "integrity", "kiểm tra toàn vẹn"
        RESTORE = "restore", "khôi phục"
        PURGE = "purge", "xóa dữ liệu quá hạn"

    class Status(models.TextChoices):
        RUNNING = "running", "đang chạy"
        CLEAN = "clean", "xong, không có lỗi"
        FAULTY = "faulty", "xong, có lỗi"
        FAILED = "failed", "không xong"

    kind = models.CharField("việc", max_length=10, choices=Kind)
    status = models.CharField("kết quả", max_length=10, choices=Status, default=Status.RUNNING)
    # Set where the clock asked for it: of several clocks, one has its way.
    night = models.DateField("của đêm", null=True, blank=True)
    started_at = models.DateTimeField("bắt đầu lúc", default=timezone.now)
    finished_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    summary = models.CharField("tóm tắt", max_length=500, blank=True)
    # The first of them, in words; all were printed and counted.
    faults = models.JSONField("lỗi", default=list, blank=True)
    fault_count = models.PositiveIntegerField("số lỗi", default=0)
    archive = models.CharField("tệp sao lưu", max_length=255, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)

    objects = UpkeepRunQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt bảo trì"
        verbose_name_plural = "lượt bảo trì"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="running", finished_at__isnull=True)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
                name="ended_upkeep_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="clean") | Q(fault_count=0),
                name="clean_upkeep_found_nothing",
            ),
            models.UniqueConstraint(fields=["kind", "night"], name="one_upkeep_of_a_kind_a_night"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {timezone.localtime(self.started_at):%H:%M %d/%m/%Y}"

    @property
    def duration(self):
        """How long it took; None while it runs."""
        return self.finished_at - self.started_at if self.finished_at else None
