"""Orders of reports: what was asked for, how far it is, and the file that came of it."""

from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from evaluations.models import CouncilSession, Evaluation, SessionItem
from evaluations.permissions import can_keep_sessions, can_see_board
from organisations.append_only import AppendOnly
from organisations.models import UNIT_ROLES
from reports.report_texts import ReportText

__all__ = ["ReportDownload", "ReportRun", "ReportText"]

# No sign of life for so long means that its worker is gone: `signs_of_life` gives four in it.
LOST_AFTER = timedelta(seconds=45)
# Longer in the queue than this and no worker seems to be listening.
WAITING_AFTER = timedelta(seconds=30)
# A second message for the same run does no harm, so neither need be exact. The shorter one holds
# where the queue itself shows that the message is not in it any more.
UNTAKEN_AFTER = timedelta(minutes=15)
PASSED_OVER_AFTER = timedelta(minutes=1)


class ReportRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit knows what its own people ordered; the others what was really submitted.

        What tells of a round or a session is known to those who read the whole city.
        """
        readable = Q(evaluation__in=Evaluation.objects.visible_to(user))
        own = Q(criteria_set__isnull=False, requested_by=user)  # the law, for whoever asked
        if user.role in UNIT_ROLES:
            return self.filter(readable | own, requested_by__organisation=user.organisation_id)
        if can_see_board(user):
            known = (readable & Q(is_draft=False)) | own
            if user.organisation.reads_whole_city:
                known |= Q(pilot_round__isnull=False) | _of_sessions(user)
            return self.filter(known)
        return self.filter(own)

    def for_display(self):
        """All a page shows; not the frozen content, which only the worker reads, but for the
        number of the submission that it was printed from."""
        alive = ReportRun.objects.being_built(timezone.now())
        return (
            self.annotate(submission=F("content__submission__number"))
            .annotate(has_busy_worker=Exists(alive))
            .select_related(
                "evaluation__unit",
                "evaluation__pilot_round",
                "pilot_round",
                "session",
                "criteria_set",
                "requested_by__organisation",
            )
            .defer("content")
        )

    def active(self):
        return self.filter(status__in=ReportRun.ACTIVE)

    def lost(self, now):
        """Being built, says the row, but nobody has been heard of for too long."""
        return self.filter(status=ReportRun.Status.RUNNING, beat_at__lt=now - LOST_AFTER)

    def untaken(self, now):
        """Ordered, but never sent, or sent so long ago that the message must be lost.

        A queue that lost its memory shows it: asked by a worker, which is there to ask, it has
        given out what was sent later, or gives nobody anything to build.
        """
        runs = ReportRun.objects.order_by()
        later = runs.filter(sent_at__gt=OuterRef("sent_at"), started_at__gt=OuterRef("sent_at"))
        is_passed_over = Q(sent_at__lt=now - PASSED_OVER_AFTER) & (
            Exists(later) | ~Exists(runs.being_built(now))
        )
        is_unsent = Q(sent_at__isnull=True) | Q(sent_at__lt=now - UNTAKEN_AFTER)
        return self.filter(is_unsent | is_passed_over, status=ReportRun.Status.QUEUED)

    def being_built(self, now):
        """By a worker that gives signs of life."""
        return self.filter(status=ReportRun.Status.RUNNING, beat_at__gte=now - LOST_AFTER)


def _of_sessions(user) -> Q:
    """The Sở knows every paper of a session; others none that is a draft, or that tells of a
    dossier they may not know of."""
    known = Q(session__in=CouncilSession.objects.visible_to(user))
    if can_keep_sessions(user):
        return known
    items = SessionItem.objects.filter(session=OuterRef("session"))
    hidden = items.exclude(evaluation__in=Evaluation.objects.visible_to(user))
    return known & Q(is_draft=False) & (Q(requested_by=user) | ~Exists(hidden))


def _only(subject: str) -> Q:
    """This subject and none of the others."""
    names = ("evaluation", "pilot_round", "session", "criteria_set")
    return Q(**{f"{name}__isnull": name != subject for name in names})


class ReportRun(models.Model):
    """One order of one report (lượt in), with its content as it was at that moment."""

    class Status(models.TextChoices):
        QUEUED = "queued", "đang chờ"
        RUNNING = "running", "đang dựng"
        READY = "ready", "đã xong"
        FAILED = "failed", "không dựng được"
        CANCELLED = "cancelled", "đã hủy"

    class FileType(models.TextChoices):
        PDF = "pdf", "PDF"
        PDFA = "pdfa", "PDF/A"  # for the archive
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        ZIP = "zip", "ZIP"

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    has_busy_worker = False  # some run is being built, as far as `for_display` was asked

    report = models.SlugField("báo cáo", max_length=60, db_index=False)
    title = models.CharField("tên báo cáo", max_length=200)
    file_type = models.CharField("loại tệp", max_length=5, choices=FileType)
    evaluation = models.ForeignKey(
        "evaluations.Evaluation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_runs",
        verbose_name="hồ sơ",
    )
    pilot_round = models.ForeignKey(
        "evaluations.PilotRound",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_runs",
        verbose_name="đợt",
    )
    session = models.ForeignKey(
        "evaluations.CouncilSession",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_runs",
        verbose_name="phiên họp",
    )
    criteria_set = models.ForeignKey(
        "criteria.CriteriaSet",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_runs",
        verbose_name="bộ tiêu chí",
    )
    is_draft = models.BooleanField("bản nháp", default=False)
    content = models.JSONField("nội dung", encoder=DjangoJSONEncoder)
    content_sha256 = models.CharField("dấu nội dung", max_length=64)
    file_name = models.CharField("tên tệp", max_length=255)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người đặt"
    )
    requested_at = models.DateTimeField("đặt lúc", default=timezone.now)

    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.QUEUED)
    sent_at = models.DateTimeField("vào hàng đợi lúc", null=True, blank=True)
    started_at = models.DateTimeField("bắt đầu dựng lúc", null=True, blank=True)
    beat_at = models.DateTimeField("có tín hiệu lúc", null=True, blank=True)
    finished_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("số lần dựng", default=0)
    worker = models.CharField("tiến trình dựng", max_length=200, blank=True)
    progress_done = models.PositiveSmallIntegerField("bước đã xong", default=0)
    progress_total = models.PositiveSmallIntegerField("số bước", default=1)
    progress_word = models.CharField("đang làm", max_length=100, blank=True)
    error = models.TextField("lý do chưa xong", blank=True)

    file = models.FileField("tệp", max_length=200, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt in báo cáo"
        verbose_name_plural = "lượt in báo cáo"
        ordering = ["-requested_at", "-pk"]
        indexes = [
            # Anyone may ask whose file has this hash, and the rows are large.
            models.Index(fields=["sha256"], name="run_by_hash"),
            # Every page that shows a run asks whether any is being built.
            models.Index(
                fields=["status"],
                condition=Q(status__in=["queued", "running"]),
                name="active_runs",
            ),
            models.Index(fields=["finished_at"], condition=Q(status="failed"), name="failed_runs"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_only("evaluation")
                | _only("pilot_round")
                | _only("session")
                | _only("criteria_set"),
                name="run_is_about_one_subject",
            ),
            models.CheckConstraint(
                condition=~Q(status="ready") | (~Q(file="") & Q(finished_at__isnull=False)),
                name="ready_run_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | (~Q(error="") & Q(finished_at__isnull=False)),
                name="failed_run_says_why",
            ),
            # A double click gives one run, whatever the two requests race for.
            models.UniqueConstraint(
                fields=["requested_by", "report", "file_type", "evaluation"],
                condition=Q(status__in=["queued", "running"], evaluation__isnull=False),
                name="one_active_run_per_dossier",
            ),
            models.UniqueConstraint(
                fields=["requested_by", "report", "file_type", "pilot_round"],
                condition=Q(status__in=["queued", "running"], pilot_round__isnull=False),
                name="one_active_run_per_round",
            ),
            models.UniqueConstraint(
                fields=["requested_by", "report", "file_type", "session"],
                condition=Q(status__in=["queued", "running"], session__isnull=False),
                name="one_active_run_per_session",
            ),
            models.UniqueConstraint(
                fields=["requested_by", "report", "file_type", "criteria_set"],
                condition=Q(status__in=["queued", "running"], criteria_set__isnull=False),
                name="one_active_run_per_criteria_set",
            ),
        ]

    def __str__(self):
        return f"{self.title}, lượt {self.pk}"

    def get_absolute_url(self):
        return reverse("reports:run", args=[self.pk])

    @property
    def subject(self):
        return self.evaluation or self.pilot_round or self.session or self.criteria_set

    @property
    def subject_name(self) -> str:
        return str(self.subject)

    @property
    def download_name(self) -> str:
        """The archival copy beside the common one is told apart by its name."""
        is_archival = self.file_type == self.FileType.PDFA
        return f"{self.file_name}{' (PDF-A lưu trữ)' if is_archival else ''}.{self.ending}"

    @property
    def ending(self) -> str:
        """Of the file's name."""
        is_archival = self.file_type == self.FileType.PDFA
        return self.FileType.PDF.value if is_archival else self.file_type

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    @property
    def is_failed(self) -> bool:
        return self.status == self.Status.FAILED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def is_lost(self) -> bool:
        """Its worker was stopped in the middle."""
        return (
            self.status == self.Status.RUNNING
            and self.beat_at is not None
            and self.beat_at < timezone.now() - LOST_AFTER
        )

    @property
    def is_waiting(self) -> bool:
        """The broker did not take it, or nobody fetches it; not when others only come first."""
        if self.status != self.Status.QUEUED:
            return False
        since = self.sent_at or self.requested_at
        is_long = since < timezone.now() - WAITING_AFTER
        return bool(self.error) or (is_long and not self.has_busy_worker)

    @property
    def is_stuck(self) -> bool:
        """It will not move by itself: a person may send it again."""
        return self.is_failed or self.is_lost or self.is_waiting

    @property
    def state_word(self) -> str:
        """ "Đang chờ", "Dàn trang 3": what a person reads beside the sign."""
        if self.status == self.Status.QUEUED and self.has_busy_worker:
            return "Đang chờ đến lượt"
        label = self.get_status_display()
        return self.progress_word or label[:1].upper() + label[1:]

    @property
    def is_moving(self) -> bool:
        """Worth asking again in a second."""
        return self.is_active and not self.is_stuck


class ReportDownload(AppendOnly):
    """Who fetched which file, and when (lượt tải)."""

    run = models.ForeignKey(
        ReportRun, models.PROTECT, related_name="downloads", verbose_name="lượt in"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người tải"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "lượt tải báo cáo"
        verbose_name_plural = "lượt tải báo cáo"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.run}: {self.by}"
