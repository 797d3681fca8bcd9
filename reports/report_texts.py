"""The words of a report that officers of the Sở write, section by section, revision by revision."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organisations.append_only import AppendOnly, AppendOnlyQuerySet


class ReportTextQuerySet(AppendOnlyQuerySet):
    def newest_of(self, pilot_round, report):
        """What stands: of each section the last revision."""
        of_section = ReportText.objects.filter(
            pilot_round=models.OuterRef("pilot_round"),
            report=models.OuterRef("report"),
            section=models.OuterRef("section"),
        )
        last = of_section.order_by("-revision").values("revision")[:1]
        own = self.filter(pilot_round=pilot_round, report=report)
        return own.filter(revision=models.Subquery(last)).select_related("written_by")


class ReportText(AppendOnly):
    """One revision of the words of one section of a round's report (lời văn). Never changed.

    `suggested` is the draft that its writer had beside it, so that a later draft can be told from
    it; `is_suggested` goes back to the draft, whatever that says by then.
    """

    pilot_round = models.ForeignKey(
        "evaluations.PilotRound", models.PROTECT, related_name="report_texts", verbose_name="đợt"
    )
    report = models.SlugField("báo cáo", max_length=60)
    section = models.SlugField("mục", max_length=40)
    revision = models.PositiveIntegerField("lần sửa")
    text = models.TextField("lời văn", blank=True)
    suggested = models.TextField("bản gợi ý lúc sửa", blank=True)
    is_suggested = models.BooleanField("dùng bản gợi ý", default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người sửa"
    )
    written_at = models.DateTimeField("sửa lúc", auto_now_add=True)

    objects = ReportTextQuerySet.as_manager()

    class Meta:
        verbose_name = "lời văn báo cáo"
        verbose_name_plural = "lời văn báo cáo"
        ordering = ["pilot_round", "report", "section", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_round", "report", "section", "revision"],
                name="one_text_per_revision",
            ),
            models.CheckConstraint(
                condition=Q(is_suggested=False) | Q(text=""),
                name="suggested_text_is_not_kept",
            ),
        ]

    def __str__(self):
        return f"{self.pilot_round}, {self.report}, {self.section}, lần {self.revision}"
