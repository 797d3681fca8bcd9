"""Point sets (biểu điểm): what an agency or a commune is scored by, and the ratings of a score.

Loaded from `fixtures/points/`. A version that a round uses never changes: an edit is a new
version of the same code. What nobody could confirm is null, "left open", and never guessed.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from criteria.points import Item, PointRule, RatingBand


class PointSetQuerySet(models.QuerySet):
    def with_rule(self):
        """Everything that scoring and a page of the set need, in two queries more."""
        return self.prefetch_related("items", "ratings")

    def newest_of(self, code):
        return self.filter(code=code).order_by("-version").first()

    def newest(self):
        """The newest version of every set."""
        later = PointSet.objects.filter(
            code=models.OuterRef("code"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later))


class PointSet(models.Model):
    """One version of a set of points with its ratings (biểu điểm và bảng xếp loại)."""

    class Subject(models.TextChoices):
        AGENCY = "agency", "cơ quan, đơn vị"
        COMMUNE = "commune", "xã, phường, thị trấn"

    code = models.SlugField("mã", db_index=False)
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    title = models.CharField("tên", max_length=200)
    subject = models.CharField("áp dụng cho", max_length=20, choices=Subject)
    legal_basis = models.TextField("căn cứ pháp lý")
    maximum = models.PositiveSmallIntegerField("tổng điểm tối đa", default=100)
    note = models.TextField("điều chưa xác nhận được", blank=True)
    document = models.CharField("theo văn bản", max_length=300, blank=True)
    # Of a version that a person made here; a name and no key: the catalogue knows no accounts.
    recorded_by = models.CharField("người lập", max_length=200, blank=True)
    recorded_at = models.DateTimeField("lập lúc", null=True, blank=True)
    valid_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("đến", null=True, blank=True)

    objects = PointSetQuerySet.as_manager()

    class Meta:
        verbose_name = "biểu điểm"
        verbose_name_plural = "biểu điểm"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_point_set_per_version"),
        ]

    def __str__(self):
        return f"{self.title}, bản {self.version}"

    def get_absolute_url(self):
        return reverse("criteria:points", args=[self.code, self.version])

    @property
    def note_paragraphs(self) -> list[str]:
        return self.note.split("\n")

    @cached_property
    def rule(self) -> PointRule:
        """The set free of the database; no query where it was fetched `with_rule()`."""
        items = list(self.items.all())
        parts = {item.parent_id for item in items if item.parent_id}
        codes = {item.pk: item.code for item in items}
        return PointRule(
            maximum=self.maximum,
            items=tuple(
                Item(
                    code=item.code,
                    text=item.text,
                    maximum=item.maximum,
                    parent=codes.get(item.parent_id, ""),
                    is_scored=item.pk not in parts,
                    is_remainder=item.is_remainder,
                )
                for item in items
            ),
            ratings=tuple(
                RatingBand(row.code, row.label, row.minimum, row.is_good_or_better)
                for row in self.ratings.all()
            ),
        )


class PointItem(models.Model):
    """A criterion of a point set or a part of one; `maximum` is empty while it is left open."""

    point_set = models.ForeignKey(
        PointSet, models.CASCADE, related_name="items", verbose_name="biểu điểm"
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name="thuộc"
    )
    code = models.CharField("mã", max_length=10)
    text = models.TextField("nội dung")
    maximum = models.DecimalField(
        "điểm tối đa", max_digits=5, decimal_places=2, null=True, blank=True
    )
    is_remainder = models.BooleanField(
        "phần chưa rõ nội dung", default=False, help_text="một dòng gộp, quản trị tách được"
    )
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "mục chấm điểm"
        verbose_name_plural = "mục chấm điểm"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["point_set", "code"], name="one_point_item_per_code"),
            models.CheckConstraint(
                condition=Q(maximum__isnull=True) | Q(maximum__gt=0),
                name="point_item_gives_points",
                violation_error_message="Điểm tối đa phải lớn hơn 0, hoặc để trống khi chưa rõ.",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.text}"


class Rating(models.Model):
    """A rating (xếp loại) and the points it begins at; rank 1 is the best.

    `is_good_or_better` says what "từ loại Khá trở lên" means here: code never relies on a name.
    """

    point_set = models.ForeignKey(
        PointSet, models.CASCADE, related_name="ratings", verbose_name="biểu điểm"
    )
    code = models.SlugField("mã", db_index=False)
    label = models.CharField("xếp loại", max_length=40)
    minimum = models.DecimalField("từ điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    is_good_or_better = models.BooleanField("từ loại Khá trở lên")
    rank = models.PositiveSmallIntegerField("thứ tự từ cao xuống")

    class Meta:
        verbose_name = "xếp loại"
        verbose_name_plural = "xếp loại"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["point_set", "code"], name="one_rating_per_code"),
            models.UniqueConstraint(fields=["point_set", "rank"], name="one_rating_per_rank"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(minimum__gte=0),
                name="rating_begins_at_nought_or_more",
            ),
        ]

    def __str__(self):
        return self.label
