from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluations.models.dossiers import IndicatorResult
from organisations.models import Role
from organisations.text import search_key


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit's register is its own; the Sở and the council read what was submitted."""
        if user.role in {Role.EDITOR, Role.LEADER}:
            return self.filter(unit=user.organisation_id)
        if user.role in {Role.APPRAISER, Role.APPROVER, Role.COUNCIL, Role.OBSERVER}:
            return self.filter(
                evidence__result__evaluation__first_submitted_at__isnull=False
            ).distinct()
        return self.none()

    def matching(self, text):
        return self.filter(search__contains=search_key(text))


class Document(models.Model):
    """A paper in a unit's register of evidence (văn bản trong kho minh chứng)."""

    unit = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        related_name="documents",
        verbose_name="đơn vị",
    )
    number = models.CharField("số, ký hiệu", max_length=100, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    summary = models.CharField("trích yếu", max_length=500)
    search = models.CharField("khóa tìm kiếm", max_length=900, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhập"
    )
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản minh chứng"
        verbose_name_plural = "văn bản minh chứng"
        ordering = ["-issued_on", "-pk"]

    def __str__(self):
        return f"{self.number} {self.summary}".strip()

    def computed_search(self) -> str:
        return search_key(f"{self.number} {self.issuer} {self.summary}")


class StoredFile(models.Model):
    """One file of a document (tệp), kept for good; a new revision stands beside the old."""

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="files", verbose_name="văn bản"
    )
    file = models.FileField("tệp", max_length=200)
    original_name = models.CharField("tên tệp", max_length=255)
    content_type = models.CharField("loại nội dung", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    revision = models.PositiveSmallIntegerField("bản", default=1)
    is_current = models.BooleanField("bản đang dùng", default=True)
    is_encrypted = models.BooleanField("có mật khẩu", default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người tải lên"
    )
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    class Meta:
        verbose_name = "tệp minh chứng"
        verbose_name_plural = "tệp minh chứng"
        ordering = ["document", "revision", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_is_not_empty"),
        ]

    def __str__(self):
        return self.original_name


class Evidence(models.Model):
    """A document cited for one indicator (minh chứng), with its code and the page."""

    result = models.ForeignKey(
        IndicatorResult, models.CASCADE, related_name="evidence", verbose_name="kết quả chỉ báo"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="evidence", verbose_name="văn bản"
    )
    code = models.CharField("mã minh chứng", max_length=30)
    cited = models.CharField("trang, mục trích dẫn", max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thêm"
    )
    added_at = models.DateTimeField("thêm lúc", auto_now_add=True)

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "document"],
                name="document_cited_once_per_indicator",
                violation_error_message="Văn bản này đã là minh chứng của chỉ báo.",
            ),
            models.UniqueConstraint(
                fields=["result", "code"], name="one_evidence_per_code"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.document}"


class EvidenceAccess(models.Model):
    """Who opened or downloaded which file, and when."""

    class Kind(models.TextChoices):
        PREVIEW = "preview", "xem"
        DOWNLOAD = "download", "tải về"

    stored_file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="accesses", verbose_name="tệp"
    )
    kind = models.CharField("cách mở", max_length=10, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người mở"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "lượt mở tệp"
        verbose_name_plural = "lượt mở tệp"
        ordering = ["-at"]

    def __str__(self):
        return f"{self.stored_file}: {self.get_kind_display()}"
