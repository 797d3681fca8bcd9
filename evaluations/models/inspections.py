"""Inspection (kiểm tra thực tế): some units of a dossier drawn by a recorded seed, and visited.

The seed, the list drawn from and what was declared are frozen when it is drawn; what was found is
written until the inspection is closed, and stands from then on.
"""

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from criteria.measures import assess, read
from criteria.models import Rating
from criteria.numbers import show_number
from evaluations.models.dossiers import Evaluation, IndicatorResult
from evaluations.models.evidence import opaque_path
from evaluations.models.file_accesses import FileAccess
from evaluations.models.units import UnitResult
from evaluations.validators import KINDS, FileKind
from organisations.append_only import AppendOnly
from organisations.models import Organisation, Role


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The Sở knows all of a dossier that it knows; everybody else those that are closed.

        What is being found is the appraiser's own, like a verdict that is not sent.
        """
        known = self.filter(evaluation__in=Evaluation.objects.visible_to(user))
        if user.role in {Role.APPRAISER, Role.APPROVER}:
            return known
        return known.closed()

    def closed(self):
        return self.filter(closed_at__isnull=False)

    def for_display(self):
        """With what a list shows of each, in one query."""
        counted = self.annotate(
            line_count=models.Count("lines", distinct=True),
            open_count=models.Count(
                "lines", filter=Q(lines__state=FoundState.UNCHECKED), distinct=True
            ),
            differing_count=models.Count(
                "lines", filter=Q(lines__state__in=FoundState.differing()), distinct=True
            ),
        )
        named = counted.select_related(
            "evaluation__unit", "evaluation__pilot_round", "created_by", "closed_by"
        )
        # Said again: counting groups the rows, which drops the order of the model.
        return named.order_by("-created_at", "-pk")

    def with_lines(self):
        """With all that its own page shows."""
        return self.for_display().prefetch_related(
            models.Prefetch("lines", InspectionLine.objects.for_display()),
            models.Prefetch("figures", InspectionFigure.objects.for_display()),
            models.Prefetch("scans", InspectionScan.objects.select_related("uploaded_by")),
            models.Prefetch("feeds", InspectionFeed.objects.select_related("by")),
        )


class FoundState(models.TextChoices):
    """What a look at one unit or figure came to."""

    UNCHECKED = "unchecked", "Chưa kiểm tra"
    SAME = "same", "Đúng"
    DIFFERS = "differs", "Khác"
    NO_FILE = "no_file", "Không có hồ sơ"

    @classmethod
    def differing(cls) -> list[str]:
        return [cls.DIFFERS, cls.NO_FILE]


FOUND_SIGNS = {
    FoundState.UNCHECKED: "empty",
    FoundState.SAME: "met",
    FoundState.DIFFERS: "unmet",
    FoundState.NO_FILE: "unmet",
}


class Inspection(models.Model):
    """One inspection of a dossier: what was drawn, by which seed, and when it was closed.

    `frame` is the list drawn from, by stratum: `{"kind", "rating", "rating_label", "wanted",
    "units": [{"code", "name"}]}`.
    """

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="inspections", verbose_name="hồ sơ"
    )
    seed = models.CharField("số rút thăm", max_length=40)
    is_seed_typed = models.BooleanField("số do người rút thăm ghi", default=False)
    frame = models.JSONField("danh sách để rút thăm", default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người rút thăm"
    )
    created_at = models.DateTimeField("rút thăm lúc", auto_now_add=True)

    held_on = models.DateField("ngày kiểm tra", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    members = models.TextField("thành phần", blank=True)
    conclusion = models.TextField("nhận xét, kết luận", blank=True)
    changes = models.PositiveIntegerField("số lần sửa", default=0, editable=False)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người kết thúc",
    )

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "kiểm tra thực tế"
        verbose_name_plural = "kiểm tra thực tế"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, held_on__isnull=False),
                name="closed_inspection_says_when_and_by_whom",
            ),
            models.CheckConstraint(condition=~Q(seed=""), name="an_inspection_has_a_seed"),
        ]

    def __str__(self):
        on = f" ngày {self.held_on:%d/%m/%Y}" if self.held_on else ""
        return f"Kiểm tra thực tế {self.evaluation.unit.name_in_sentence}{on}"

    def get_absolute_url(self):
        return reverse("evaluations:inspection", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def name_in_sentence(self) -> str:
        """ "kiểm tra thực tế ngày 12/12/2022"."""
        return f"kiểm tra thực tế ngày {self.held_on:%d/%m/%Y}" if self.held_on else "kiểm tra"

    @property
    def scan(self) -> "InspectionScan | None":
        """The signed minutes that stand: the last that was uploaded."""
        scans = list(self.scans.all())
        return scans[-1] if scans else None


class InspectionLineQuerySet(models.QuerySet):
    def for_display(self):
        return self.select_related("found_rating")


class InspectionLine(models.Model):
    """One unit that was drawn: what its list declared of it then, and what was found."""

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="lines", verbose_name="kiểm tra thực tế"
    )
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="đơn vị")
    kind = models.CharField("danh hiệu", max_length=20, choices=UnitResult.Kind)
    position = models.PositiveSmallIntegerField("thứ tự rút thăm")
    code = models.CharField("mã lúc rút thăm", max_length=20)
    name = models.CharField("tên lúc rút thăm", max_length=200)
    declared_label = models.CharField("xếp loại khai", max_length=60, blank=True)
    declared_is_good = models.BooleanField("khai từ Khá trở lên", default=False)
    declared_score = models.DecimalField(
        "điểm khai", max_digits=5, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(
        "kết quả kiểm tra", max_length=10, choices=FoundState, default=FoundState.UNCHECKED
    )
    found_rating = models.ForeignKey(
        Rating, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thấy"
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)

    objects = InspectionLineQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị được kiểm tra"
        verbose_name_plural = "đơn vị được kiểm tra"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "unit"], name="a_unit_once_per_inspection"
            ),
            models.CheckConstraint(
                condition=Q(state="differs", found_rating__isnull=False)
                | (~Q(state="differs") & Q(found_rating__isnull=True)),
                name="what_differs_says_what_was_found",
                violation_error_message="Chọn xếp loại đoàn kiểm tra thấy.",
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.get_state_display()}"

    @property
    def sign(self) -> str:
        return FOUND_SIGNS[FoundState(self.state)]

    @property
    def declared(self) -> str:
        return self.declared_label or "chưa có kết quả"

    @property
    def declared_points(self) -> str:
        """ "84,5", as points are written; empty where none were declared."""
        return "" if self.declared_score is None else show_number(Fraction(self.declared_score))

    @property
    def found_is_good(self) -> bool:
        """What a look came to; meaningless while nobody has looked."""
        if self.state == FoundState.DIFFERS:
            return self.found_rating.is_good_or_better
        return self.state == FoundState.SAME and self.declared_is_good

    @property
    def found_label(self) -> str:
        """ "Trung bình", "không có hồ sơ"; as declared where it is so; empty if not looked at."""
        if self.state == FoundState.DIFFERS:
            return self.found_rating.label
        if self.state == FoundState.NO_FILE:
            return "không có hồ sơ"
        return self.declared if self.state == FoundState.SAME else ""


class InspectionFigureQuerySet(models.QuerySet):
    def for_display(self):
        return self.select_related("result__indicator").order_by("result__indicator__position")


class InspectionFigure(models.Model):
    """Figures of one indicator: as they were declared when it was drawn, and as found.

    Both are kept as typed, by the measure's field names (`IndicatorResult.typed`).
    """

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="figures", verbose_name="kiểm tra thực tế"
    )
    result = models.ForeignKey(
        IndicatorResult, models.PROTECT, related_name="+", verbose_name="kết quả chỉ báo"
    )
    declared = models.JSONField("số liệu khai", default=dict)
    state = models.CharField(
        "kết quả kiểm tra", max_length=10, choices=FoundState, default=FoundState.UNCHECKED
    )
    found = models.JSONField("số liệu thấy", default=dict, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    objects = InspectionFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu được kiểm tra"
        verbose_name_plural = "số liệu được kiểm tra"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "result"], name="an_indicator_once_per_inspection"
            ),
            models.CheckConstraint(
                condition=~Q(state="no_file"), name="figures_are_same_or_differ"
            ),
        ]

    def __str__(self):
        return f"{self.result.indicator.code}: {self.get_state_display()}"

    @property
    def claimed(self) -> str:
        """ "83/92", as it was declared; empty where nothing could be counted."""
        return self._figure(self.declared)

    @property
    def seen(self) -> str:
        """The same as found; as declared where it is so; empty if not looked at."""
        if self.state == FoundState.DIFFERS:
            return self._figure(self.found)
        return self.claimed if self.state == FoundState.SAME else ""

    def _figure(self, typed) -> str:
        measure = self.result.indicator.measure
        assessment = assess(measure, read(measure, typed).entry)
        return assessment.figure or assessment.shown

    @property
    def sign(self) -> str:
        return FOUND_SIGNS[FoundState(self.state)]


class InspectionScan(AppendOnly):
    """A scan of the signed minutes (biên bản đã ký); the last one stands, none is thrown away."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="scans", verbose_name="kiểm tra thực tế"
    )
    file = models.FileField("bản quét", upload_to=opaque_path, max_length=200)
    file_name = models.CharField("tên tệp", max_length=255)
    content_type = models.CharField("loại nội dung", max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người tải lên"
    )
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    class Meta:
        verbose_name = "bản quét biên bản kiểm tra"
        verbose_name_plural = "bản quét biên bản kiểm tra"
        ordering = ["pk"]

    def __str__(self):
        return self.file_name

    @property
    def kind(self) -> FileKind:
        return KINDS[self.content_type]


class InspectionAccess(FileAccess):
    """Who opened or downloaded the signed minutes, and when. Never changed."""

    scan = models.ForeignKey(
        InspectionScan, models.PROTECT, related_name="accesses", verbose_name="bản quét"
    )

    class Meta(FileAccess.Meta):
        verbose_name = "lượt mở biên bản kiểm tra"
        verbose_name_plural = "lượt mở biên bản kiểm tra"

    def __str__(self):
        return f"{self.scan}: {self.get_kind_display()}"


class InspectionFeed(AppendOnly):
    """One verdict that was written from what inspections found. Never changed.

    `decided_at` is that of the verdict it wrote: as long as the verdict has it, it stands so.
    """

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="feeds", verbose_name="kiểm tra thực tế"
    )
    result = models.ForeignKey(
        IndicatorResult, models.PROTECT, related_name="inspection_feeds", verbose_name="chỉ báo"
    )
    decided_at = models.DateTimeField("thẩm định lúc")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người đưa vào"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "kết quả kiểm tra đưa vào thẩm định"
        verbose_name_plural = "kết quả kiểm tra đưa vào thẩm định"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.inspection}: {self.result}"
