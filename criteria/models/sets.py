"""The catalogue (danh mục bộ tiêu chí): published text and the rule on it, as data.

It is loaded from `fixtures/criteria/` by `manage.py load_reference` and read-only everywhere
else. A set that a round uses is never changed: a new text is a new set.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from criteria.levels import Band, Threshold, bands
from criteria.measures import Measure


class CriteriaSetQuerySet(models.QuerySet):
    def with_text(self):
        """Everything a page of the set prints, in four queries however long the set."""
        return self.prefetch_related("thresholds", "standards__criteria__indicators")

    def with_rule(self):
        """What `criteria.catalogue.level_rule` reads, in two further queries."""
        return self.prefetch_related("thresholds", "indicators")


class CriteriaSet(models.Model):
    """A set of indicators (bộ tiêu chí) for one kind of unit, with its level rule."""

    class Subject(models.TextChoices):
        DISTRICT = "district", "quận, huyện"
        CITY = "city", "thành phố"

    code = models.SlugField("mã", unique=True)
    title = models.CharField("tên", max_length=200)
    subject = models.CharField("áp dụng cho", max_length=20, choices=Subject)
    legal_basis = models.TextField("căn cứ pháp lý")
    appendix = models.CharField("phụ lục", max_length=100, blank=True)
    rule_text = models.TextField("quy định về mức độ, nguyên văn")
    valid_from = models.DateField("có hiệu lực từ")
    valid_to = models.DateField("đến", null=True, blank=True)
    source_hash = models.CharField("dấu của bản đã nạp", max_length=64, editable=False)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ tiêu chí"
        verbose_name_plural = "bộ tiêu chí"
        ordering = ["code"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("criteria:detail", args=[self.code])

    @property
    def headings(self) -> models.QuerySet["Standard"]:
        """The standards, each with its criteria; asked for once, and only where they are shown."""
        models.prefetch_related_objects([self], "standards__criteria")
        return self.standards.all()

    @property
    def rule_paragraphs(self) -> list[str]:
        return self.rule_text.split("\n")

    @property
    def bands(self) -> list[Band]:
        """The levels as ranges: "từ 70 % đến 80 %"."""
        return bands([row.as_threshold for row in self.thresholds.all()])


class LevelThreshold(models.Model):
    """Where a level begins (ngưỡng tối thiểu): "từ 70%" is inclusive, "trên 80%" is not."""

    criteria_set = models.ForeignKey(
        CriteriaSet, models.CASCADE, related_name="thresholds", verbose_name="bộ tiêu chí"
    )
    level = models.PositiveSmallIntegerField("mức độ")
    percent = models.PositiveSmallIntegerField("phần trăm")
    inclusive = models.BooleanField("kể cả")

    class Meta:
        verbose_name = "ngưỡng mức độ"
        verbose_name_plural = "ngưỡng mức độ"
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "level"], name="one_threshold_per_level"
            ),
        ]

    def __str__(self):
        return f"mức độ {self.level}: {'từ' if self.inclusive else 'trên'} {self.percent}%"

    @property
    def as_threshold(self) -> Threshold:
        return Threshold(level=self.level, percent=self.percent, inclusive=self.inclusive)


class Standard(models.Model):
    """A standard (tiêu chuẩn): "1", "2", "3"."""

    criteria_set = models.ForeignKey(
        CriteriaSet, models.CASCADE, related_name="standards", verbose_name="bộ tiêu chí"
    )
    code = models.CharField("mã", max_length=10)
    text = models.TextField("nội dung tiêu chuẩn")
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "tiêu chuẩn"
        verbose_name_plural = "tiêu chuẩn"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="one_standard_per_code"),
        ]

    def __str__(self):
        return f"Tiêu chuẩn {self.code}"


class Criterion(models.Model):
    """A criterion (tiêu chí): "1.1"."""

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="criteria", verbose_name="tiêu chuẩn"
    )
    code = models.CharField("mã", max_length=10)
    text = models.TextField("nội dung tiêu chí")
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="one_criterion_per_code"),
        ]

    def __str__(self):
        return f"Tiêu chí {self.code}"


class Indicator(models.Model):
    """An indicator (chỉ báo) word for word, its part in the rule, and how it is measured."""

    class Role(models.TextChoices):
        PREREQUISITE = "prerequisite", "điều kiện tiên quyết"
        GRADED = "graded", "xét mức độ"

    criteria_set = models.ForeignKey(
        CriteriaSet, models.CASCADE, related_name="indicators", verbose_name="bộ tiêu chí"
    )
    criterion = models.ForeignKey(
        Criterion, models.CASCADE, related_name="indicators", verbose_name="tiêu chí"
    )
    code = models.CharField("mã", max_length=10)
    position = models.PositiveSmallIntegerField("thứ tự")
    text = models.TextField("nội dung chỉ báo")
    as_published = models.TextField(
        "nguyên văn bản công bố", blank=True, help_text="chỉ điền khi khác nội dung đã sửa lỗi in"
    )
    short_name = models.CharField(
        "tên gọn", max_length=100, help_text="do hệ thống đặt để dùng trong bảng"
    )
    guidance = models.TextField("hướng dẫn đánh giá")
    lead = models.TextField("cơ quan chủ trì, tham mưu", blank=True)
    partners = models.TextField("cơ quan, đơn vị phối hợp", blank=True)
    role = models.CharField("vai trò trong quy định", max_length=20, choices=Role)
    measure_data = models.JSONField("cách đo")

    class Meta:
        verbose_name = "chỉ báo"
        verbose_name_plural = "chỉ báo"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="one_indicator_per_code"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(short_name=""), name="indicator_has_text_and_short_name"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.short_name}"

    def get_absolute_url(self):
        return f"{reverse('criteria:detail', args=[self.criteria_set.code])}#chi-bao-{self.code}"

    @property
    def is_graded(self) -> bool:
        return self.role == self.Role.GRADED

    @cached_property
    def measure(self) -> Measure:
        return Measure.from_data(self.measure_data)
