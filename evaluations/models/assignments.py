"""Who fills which indicator of the city's dossier (phân công), and whether it is handed over.

The city's dossier is written by many offices: each indicator by its lead agency, which sees and
fills that one alone, and hands it over to the standing agency, which compiles.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evaluations.models.dossiers import IndicatorResult


class AssignmentQuerySet(models.QuerySet):
    def of_round(self, pilot_round):
        return self.filter(result__evaluation__pilot_round=pilot_round)

    def held_by(self, organisation_id):
        return self.filter(agency=organisation_id)

    def for_display(self):
        """In the order of the text, with what a list of them shows."""
        return self.select_related(
            "agency", "moved_by", "result__indicator", "result__evaluation__pilot_round"
        ).order_by("result__indicator__position")


class Assignment(models.Model):
    """One indicator of the city's dossier in one agency's hands (phân công cơ quan chủ trì).

    `since`, `moved_by` and `reason` are of the last hand-over or return; the trail of the dossier
    keeps those before. Without an agency it waits to be assigned.
    """

    class State(models.TextChoices):
        WORKING = "working", "đang làm"
        HANDED_OVER = "handed_over", "đã bàn giao"
        RETURNED = "returned", "trả lại để làm tiếp"

    SIGNS = {State.WORKING: "part", State.HANDED_OVER: "accept", State.RETURNED: "ask"}

    result = models.OneToOneField(
        IndicatorResult, models.CASCADE, related_name="assignment", verbose_name="kết quả chỉ báo"
    )
    agency = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="cơ quan chủ trì",
    )
    due_on = models.DateField("hạn nội bộ", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=State, default=State.WORKING)
    since = models.DateTimeField("ở trạng thái này từ", default=timezone.now)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người chuyển",
    )
    reason = models.TextField("lý do trả lại", blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công chỉ báo"
        verbose_name_plural = "phân công chỉ báo"
        ordering = ["result__indicator__position"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""),
                name="returning_an_indicator_needs_a_reason",
                violation_error_message="Ghi lý do trả lại: cơ quan sẽ đọc lý do này.",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(agency__isnull=False, moved_by__isnull=False),
                name="somebody_hands_over",
            ),
        ]

    def __str__(self):
        return f"{self.result}: {self.agency or 'chưa giao'}"

    @property
    def is_open(self) -> bool:
        """With its agency, to be written in."""
        return self.agency_id is not None and self.state != self.State.HANDED_OVER

    @property
    def is_handed_over(self) -> bool:
        return self.state == self.State.HANDED_OVER

    @property
    def sign(self) -> str:
        return self.SIGNS[self.State(self.state)] if self.agency_id else "empty"

    @property
    def word(self) -> str:
        return self.get_state_display() if self.agency_id else "chưa giao"
