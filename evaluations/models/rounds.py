from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from criteria.models import CriteriaSet, PointSet
from organisations.append_only import AppendOnly
from organisations.models import Role


class PilotRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit knows the opened rounds in which it has a dossier or a part in the city's, a
        register or a line of one.

        The administrator knows them all.
        """
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role in {Role.EDITOR, Role.LEADER}:
            office = user.organisation_id
            lines = apps.get_model("evaluations", "UnitResult").objects.filter(
                Q(owner=office) | Q(unit=office), pilot_round=models.OuterRef("pk")
            )
            dossiers = apps.get_model("evaluations", "Evaluation").objects.known_to(user)
            dossiers = dossiers.filter(pilot_round=models.OuterRef("pk"))
            return self.opened().filter(models.Exists(dossiers) | models.Exists(lines))
        return self.opened()

    def opened(self):
        return self.filter(opened_at__isnull=False)

    def with_end(self):
        """Until when the round runs: its last milestone, or its due date where that is later."""
        return self.annotate(last_milestone_on=models.Max("milestones__due_on"))

    def with_progress(self):
        """How many districts the round has, and how many of their dossiers came in."""
        districts = Q(evaluations__criteria_set__subject=CriteriaSet.Subject.DISTRICT)
        counted = self.annotate(
            participant_count=models.Count("evaluations", filter=districts, distinct=True),
            submitted_count=models.Count(
                "evaluations",
                filter=districts & Q(evaluations__first_submitted_at__isnull=False),
                distinct=True,
            ),
        )
        # Said again: counting groups the rows, which drops the order of the model.
        return counted.order_by(*self.model._meta.ordering)

    def rating_by(self, code):
        """The rounds that rate units by some version of this point set, with the version."""
        return self.filter(
            Q(agency_points__code=code) | Q(commune_points__code=code)
        ).select_related("agency_points", "commune_points")

    def with_calendar(self):
        return self.select_related(
            "district_set", "city_set", "agency_points", "commune_points"
        ).prefetch_related("milestones")

    def with_readings(self):
        """The round with what it adopted, and what its city can reach at best."""
        return self.with_calendar().prefetch_related(
            "adopted_readings__adopted_by", "city_set__thresholds"
        )

    def for_board(self):
        """And the indicators that stand over the board's columns."""
        return self.with_readings().prefetch_related(
            "district_set__standards__criteria__indicators"
        )


# Which of a round's point sets rates which units.
POINTS_FIELD = {
    PointSet.Subject.AGENCY: "agency_points",
    PointSet.Subject.COMMUNE: "commune_points",
}


class PilotRound(models.Model):
    """A round of recognition (đợt): its year, its criteria sets and its calendar.

    Opening it freezes the catalogue it uses and creates a dossier for each participant.
    """

    name = models.CharField("tên đợt", max_length=100, unique=True)
    year = models.PositiveSmallIntegerField("năm đánh giá")
    is_practice = models.BooleanField("đợt tập huấn", default=False)
    district_set = models.ForeignKey(
        CriteriaSet, models.PROTECT, related_name="+", verbose_name="bộ tiêu chí quận, huyện"
    )
    city_set = models.ForeignKey(
        CriteriaSet, models.PROTECT, related_name="+", verbose_name="bộ tiêu chí thành phố"
    )
    # By which agencies and communes are rated; adopted with the round and frozen with it.
    agency_points = models.ForeignKey(
        PointSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="biểu điểm “Đơn vị học tập”",
    )
    commune_points = models.ForeignKey(
        PointSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="biểu điểm “Cộng đồng học tập”",
    )
    # Who compiles the city's own dossier (cơ quan thường trực): Sở Giáo dục và Đào tạo, by data.
    standing_agency = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cơ quan thường trực",
    )
    self_assessment_due_on = models.DateField("hạn gửi tự đánh giá")
    # Chosen while the round is planned; once it is open its dossiers say who takes part.
    planned_participants = models.ManyToManyField(
        "organisations.Organisation",
        blank=True,
        related_name="+",
        verbose_name="đơn vị dự kiến tham gia",
    )
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="chép từ đợt",
    )
    opened_at = models.DateTimeField("mở lúc", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("đóng lúc", null=True, blank=True, editable=False)

    objects = PilotRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt"
        verbose_name_plural = "đợt"
        ordering = ["is_practice", "-year", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False),
                name="only_an_opened_round_is_closed",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("evaluations:round", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        return self.opened_at is None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_open(self) -> bool:
        """Only then does anything of the round take a write: see `permissions`."""
        return self.opened_at is not None and self.closed_at is None


class Milestone(models.Model):
    """One line of the round's calendar (lịch của đợt)."""

    pilot_round = models.ForeignKey(
        PilotRound, models.CASCADE, related_name="milestones", verbose_name="đợt"
    )
    label = models.CharField("việc", max_length=200)
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    due_on = models.DateField("đến ngày")
    shown_date = models.CharField(
        "ghi trên lịch", max_length=40, blank=True, help_text="khi văn bản chỉ ghi tháng"
    )

    class Meta:
        verbose_name = "mốc thời gian"
        verbose_name_plural = "mốc thời gian"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_round", "label"], name="one_milestone_per_label"
            ),
        ]

    def __str__(self):
        return self.label


class AdoptedReading(models.Model):
    """How the round reads a sentence that the law leaves open (cách hiểu), and on whose word.

    No row means the default of `design.md` 5, which is the first choice of each question.
    """

    class Question(models.TextChoices):
        EXACT_80 = "exact_80", "Đúng 80% xếp mức độ nào"
        FALL = "fall", "“Giảm 1.5 phần trăm” tính thế nào"
        CITY_BASE = "city_base", "Mẫu số của chỉ báo 2.1.2 thành phố"

    class Choice(models.TextChoices):
        LEVEL_1 = "level_1", "mức độ 1"
        LEVEL_2 = "level_2", "mức độ 2"
        POINTS = "points", "điểm phần trăm"
        RELATIVE = "relative", "phần trăm so với tỷ lệ năm trước"
        ALL_DISTRICTS = "all_districts", "tất cả quận, huyện"
        PARTICIPANTS = "participants", "quận, huyện tham gia thí điểm"

    CHOICES_OF = {
        Question.EXACT_80: (Choice.LEVEL_1, Choice.LEVEL_2),
        Question.FALL: (Choice.POINTS, Choice.RELATIVE),
        Question.CITY_BASE: (Choice.ALL_DISTRICTS, Choice.PARTICIPANTS),
    }

    pilot_round = models.ForeignKey(
        PilotRound, models.CASCADE, related_name="adopted_readings", verbose_name="đợt"
    )
    question = models.CharField("điều cần hiểu", max_length=20, choices=Question)
    choice = models.CharField("cách hiểu", max_length=20, choices=Choice)
    document = models.CharField("theo văn bản", max_length=300)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    adopted_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    class Meta:
        verbose_name = "cách hiểu"
        verbose_name_plural = "cách hiểu"
        ordering = ["question"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_round", "question"], name="one_reading_per_question"
            ),
            models.CheckConstraint(
                condition=Q(question="exact_80", choice__in=["level_1", "level_2"])
                | Q(question="fall", choice__in=["points", "relative"])
                | Q(question="city_base", choice__in=["all_districts", "participants"]),
                name="choice_answers_its_question",
                violation_error_message="Cách hiểu này không trả lời câu hỏi đã chọn.",
            ),
        ]

    def __str__(self):
        return f"{self.get_question_display()}: {self.get_choice_display()}"


class RoundEvent(AppendOnly):
    """One line of the round's own trail (quá trình của đợt). Never changed.

    `by` is empty where an operator's command acted, not a person.
    """

    pilot_round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="events", verbose_name="đợt"
    )
    kind = models.CharField("loại", max_length=30)
    text = models.CharField("việc", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người làm",
    )
    at = models.DateTimeField("lúc", auto_now_add=True)
    note = models.TextField("căn cứ, lý do", blank=True)

    class Meta:
        verbose_name = "sự kiện của đợt"
        verbose_name_plural = "sự kiện của đợt"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.pilot_round}: {self.text}"
