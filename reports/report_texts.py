"""The words of a report that officers of the Sở write, section by section, revision by revision."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluations.models import CouncilSession, Evaluation, PilotRound
from organisations.append_only import AppendOnly, AppendOnlyQuerySet

Subject = PilotRound | Evaluation | CouncilSession


def round_of(subject: Subject) -> PilotRound:
    return subject if isinstance(subject, PilotRound) else subject.pilot_round


def about(subject: Subject) -> dict[str, Any]:
    """The fields of a text that say what its report is about."""
    return {
        "pilot_round": round_of(subject),
        "evaluation": subject if isinstance(subject, Evaluation) else None,
        "session": subject if isinstance(subject, CouncilSession) else None,
    }


class ReportTextQuerySet(AppendOnlyQuerySet):
    def of(self, report, subject):
        """Every revision of every section, with its writer, the newest first."""
        own = self.filter(report=report, **about(subject)).select_related("written_by")
        return own.order_by("section", "-revision")

    def newest_of(self, report, subject):
        """What stands: of each section the last revision."""
        own = self.of(report, subject)
        same = own.filter(section=models.OuterRef("section"))
        last = same.order_by("-revision").values("revision")[:1]
        return own.filter(revision=models.Subquery(last))


class ReportText(AppendOnly):
    """One revision of the words of one section of a report (lời văn). Never changed.

    The report is about the round, or about one dossier or one session of it. `suggested` is the
    draft that its writer had beside it, so that a later draft can be told from it; `is_suggested`
    goes back to the draft, whatever that says by then.
    """

    pilot_round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="report_texts", verbose_name="đợt"
    )
    evaluation = models.ForeignKey(
        Evaluation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_texts",
        verbose_name="hồ sơ",
    )
    session = models.ForeignKey(
        CouncilSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_texts",
        verbose_name="phiên họp",
    )
    report = models.SlugField("báo cáo", max_length=60, db_index=False)
    section = models.SlugField("mục", max_length=40, db_index=False)
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
                condition=Q(evaluation__isnull=True, session__isnull=True),
                name="one_text_per_revision",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "report", "section", "revision"],
                condition=Q(evaluation__isnull=False),
                name="one_text_per_revision_of_a_dossier",
            ),
            models.UniqueConstraint(
                fields=["session", "report", "section", "revision"],
                condition=Q(session__isnull=False),
                name="one_text_per_revision_of_a_session",
            ),
            models.CheckConstraint(
                condition=Q(evaluation__isnull=True) | Q(session__isnull=True),
                name="text_is_about_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(is_suggested=False) | Q(text=""),
                name="suggested_text_is_not_kept",
            ),
        ]

    def __str__(self):
        return f"{self.pilot_round}, {self.report}, {self.section}, lần {self.revision}"

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]
