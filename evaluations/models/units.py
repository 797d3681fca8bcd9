"""Results of smaller units (kết quả đơn vị): the registers behind 2.1.1 and 2.1.2.

A register is the lines of one owner, one year and one kind: a district's agencies or communes,
the city's agencies. Every line is a unit, in scope or excluded with a reason, and its result.
A line with a result is never deleted.
"""

from fractions import Fraction

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from criteria.models import Rating
from evaluations.models.rounds import PilotRound
from evaluations.unit_sheets import SHEET_CHOICES, SheetStatus
from organisations.append_only import AppendOnly
from organisations.models import READING_ROLES, UNIT_ROLES, Organisation, Role
from organisations.text import search_key


class UnitResultQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The lines this person may know of; views turn the rest into a 404.

        A district knows its register, a commune or an agency its own line; who compiles the
        city's dossier reads the register it is counted from. The Sở receives every
        register by dates of its own, so its staff read all; the council and observers read those
        of their scope.
        """
        if user.role in UNIT_ROLES:
            office = user.organisation_id
            compiled = Q(owner__kind=Organisation.Kind.CITY, pilot_round__standing_agency=office)
            return self.filter(Q(owner=office) | Q(unit=office) | compiled)
        if user.role in READING_ROLES:
            return self.filter(user.organisation.in_scope("owner"))
        return self.none()

    def register(self, *, pilot_round, owner, kind, year=None):
        """One register; of the round's own year where no year is given."""
        return self.filter(
            pilot_round=pilot_round, owner=owner, kind=kind, year=year or pilot_round.year
        )

    def of_dossier(self, evaluation):
        """The registers that a dossier's derived shares are counted from."""
        return self.filter(
            owner=evaluation.unit_id,
            pilot_round=evaluation.pilot_round_id,
            year=evaluation.pilot_round.year,
        )

    def for_display(self):
        return self.select_related("unit", "rating", "self_rating")

    def for_writing(self):
        """With the rules of its round; lines of one round share one object of each set."""
        return self.select_related("unit", "owner", "rating", "self_rating").prefetch_related(
            "pilot_round__agency_points__items",
            "pilot_round__agency_points__ratings",
            "pilot_round__commune_points__items",
            "pilot_round__commune_points__ratings",
        )

    def counted(self):
        return self.filter(in_scope=True)

    def good_or_better(self):
        return self.filter(rating__is_good_or_better=True)

    def matching(self, text):
        """Found by name or code, whatever the diacritics, case or tone placement."""
        return self.filter(Q(unit__search__contains=search_key(text)) | Q(unit__code=text.strip()))


class UnitResult(models.Model):
    """One line of a register: a unit of that year and what it was rated (kết quả đơn vị).

    `unread` keeps, by field, a text that could not be taken as it stands; the field itself is
    then empty, so that nothing typed is lost and nothing unclear counts (docs/decisions/0007).
    """

    class Kind(models.TextChoices):
        LEARNING_UNIT = "learning_unit", "Đơn vị học tập"
        LEARNING_COMMUNITY = "learning_community", "Cộng đồng học tập"

    pilot_round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="unit_results", verbose_name="đợt"
    )
    year = models.PositiveSmallIntegerField("năm")
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="register_lines",
        verbose_name="danh sách của",
    )
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="unit_results", verbose_name="đơn vị"
    )
    kind = models.CharField("danh hiệu", max_length=20, choices=Kind)
    in_scope = models.BooleanField("trong phạm vi", default=True)
    exclusion_reason = models.CharField("lý do ngoài phạm vi", max_length=300, blank=True)

    self_score = models.DecimalField(
        "điểm tự chấm", max_digits=5, decimal_places=2, null=True, blank=True
    )
    self_rating = models.ForeignKey(
        Rating, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tự xếp loại"
    )
    sheet_status = models.CharField(
        "phiếu tự chấm", max_length=12, choices=SHEET_CHOICES, default=SheetStatus.NONE
    )
    sheet_since = models.DateTimeField("phiếu ở trạng thái này từ", null=True, blank=True)

    score = models.DecimalField("điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    rating = models.ForeignKey(
        Rating, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="xếp loại"
    )
    decision_number = models.CharField("số quyết định", max_length=100, blank=True)
    decision_on = models.DateField("ngày quyết định", null=True, blank=True)
    correction_reason = models.CharField("lý do khác với tự chấm", max_length=500, blank=True)

    unread = models.JSONField("chữ chưa hiểu được", default=dict, blank=True)
    updated_at = models.DateTimeField("sửa lúc", null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người sửa",
    )

    objects = UnitResultQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả đơn vị"
        verbose_name_plural = "kết quả đơn vị"
        ordering = ["unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_round", "year", "unit"], name="one_line_per_unit_and_year"
            ),
            models.CheckConstraint(
                condition=Q(in_scope=True) | ~Q(exclusion_reason=""),
                name="exclusion_has_a_reason",
                violation_error_message="Ghi lý do để ngoài phạm vi.",
            ),
        ]
        indexes = [
            # What every level of a district counts: one register's lines in scope, rated or not.
            models.Index(
                fields=["owner", "pilot_round", "year", "kind", "in_scope", "rating"],
                name="unit_result_register",
            ),
        ]

    def __str__(self):
        return f"{self.unit}, {self.year}"

    def get_absolute_url(self):
        return reverse("evaluations:unit-result", args=[self.pk])

    @property
    def is_good_or_better(self) -> bool:
        return self.rating is not None and self.rating.is_good_or_better

    @property
    def has_result(self) -> bool:
        """Something was ever said about it, so the line is closed and never deleted."""
        said = (self.score, self.rating_id, self.self_score, self.self_rating_id)
        return any(value is not None for value in said) or bool(
            self.decision_number
            or self.decision_on
            or self.unread
            or self.sheet_status != SheetStatus.NONE
        )


class UnitEvent(AppendOnly):
    """One line of the trail of a unit's result (quá trình). Never changed."""

    result = models.ForeignKey(
        UnitResult, models.PROTECT, related_name="events", verbose_name="kết quả đơn vị"
    )
    kind = models.CharField("loại", max_length=30)
    text = models.CharField("việc", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người làm"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)
    note = models.TextField("lý do", blank=True)
    detail = models.JSONField("chi tiết", default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "sự kiện của đơn vị"
        verbose_name_plural = "sự kiện của đơn vị"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.result}: {self.text}"


class TitleCount(models.Model):
    """How many of a title of Hội Khuyến học a commune has in a year (Quyết định 448/QĐ-KHVN).

    Shown and reported beside the other results; it has no part in any level. `unread` as in
    `UnitResult`.
    """

    class Title(models.TextChoices):
        FAMILY = "family", "Gia đình học tập"
        CLAN = "clan", "Dòng họ học tập"
        COMMUNITY = "community", "Cộng đồng học tập (thôn, tổ dân phố)"
        UNIT = "unit", "Đơn vị học tập (thuộc xã)"

    result = models.ForeignKey(
        UnitResult, models.CASCADE, related_name="titles", verbose_name="dòng của xã"
    )
    title = models.CharField("danh hiệu", max_length=12, choices=Title)
    registered = models.PositiveIntegerField("đăng ký", null=True, blank=True)
    recognised = models.PositiveIntegerField("được công nhận", null=True, blank=True)
    out_of = models.PositiveIntegerField("trên tổng số", null=True, blank=True)
    unread = models.JSONField("chữ chưa hiểu được", default=dict, blank=True)

    class Meta:
        verbose_name = "danh hiệu của Hội Khuyến học"
        verbose_name_plural = "danh hiệu của Hội Khuyến học"
        constraints = [
            models.UniqueConstraint(fields=["result", "title"], name="one_count_per_title"),
            # A NULL on either side satisfies it: what is not entered is compared with nothing.
            models.CheckConstraint(
                condition=Q(registered__lte=F("out_of")),
                name="titles_registered_within_total",
                violation_error_message="Số đăng ký lớn hơn tổng số.",
            ),
            models.CheckConstraint(
                condition=Q(recognised__lte=F("out_of")),
                name="titles_recognised_within_total",
                violation_error_message="Số được công nhận lớn hơn tổng số.",
            ),
        ]

    def __str__(self):
        return f"{self.result}: {self.get_title_display()}"

    @property
    def share(self) -> Fraction | None:
        """Exact; None while one of its numbers is missing, or where there is nothing to count."""
        if self.recognised is None or not self.out_of:
            return None
        return Fraction(self.recognised, self.out_of)


class ResultUploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An uploaded workbook is its uploader's own, until applied or dropped."""
        if user.role not in UNIT_ROLES | {Role.APPRAISER}:
            return self.none()
        return self.filter(by=user)

    def waiting_for(self, pilot_round, owner, year):
        """The one that waits to be mended or applied to a register; None where none does."""
        waiting = [ResultUpload.Status.FAULTY, ResultUpload.Status.READY]
        return self.filter(
            pilot_round=pilot_round, owner=owner, year=year, status__in=waiting
        ).first()


class ResultUpload(models.Model):
    """A workbook of results on its way in: held until it is mended, applied or dropped.

    Nothing of it is in any register before it is applied. `errors` are those found on reading;
    `rows` what it says, by sheet, for the page of differences.
    """

    class Status(models.TextChoices):
        FAULTY = "faulty", "có lỗi"
        READY = "ready", "chờ ghi"
        APPLIED = "applied", "đã ghi"
        DROPPED = "dropped", "đã bỏ"

    pilot_round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="+", verbose_name="đợt"
    )
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="danh sách của"
    )
    year = models.PositiveSmallIntegerField("năm")
    status = models.CharField("trạng thái", max_length=10, choices=Status)
    file = models.FileField("tệp", upload_to="nap-ket-qua/", max_length=200)
    original_name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    errors = models.JSONField("lỗi", default=list, blank=True)
    rows = models.JSONField("nội dung đã đọc", default=dict, blank=True)
    seen_state = models.CharField("dấu của danh sách lúc xem", max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nạp"
    )
    at = models.DateTimeField("nạp lúc", auto_now_add=True)
    applied_at = models.DateTimeField("ghi lúc", null=True, blank=True)

    objects = ResultUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp kết quả đã nạp"
        verbose_name_plural = "tệp kết quả đã nạp"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.original_name

    def get_absolute_url(self):
        return reverse("evaluations:result-upload", args=[self.pk])
