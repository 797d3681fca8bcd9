"""What people are told: in the inbox (hộp thư) always, by e-mail where they have an address.

The rows are written by `actions.notices` and `actions.reminders` in the transaction of what they
tell of; `actions.mails` sends. See docs/decisions/0012-reminders.md.
"""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from evaluations.models.council import CouncilSession
from evaluations.models.dossiers import Evaluation, Event, IndicatorResult, own_results
from evaluations.models.units import UnitResult
from organisations.models import UNIT_ROLES


def _none_or_among(field: str, visible: models.QuerySet) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(Exists(visible.filter(pk=OuterRef(field))))


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person's own, as long as what each is about is still theirs to see.

        Asked row by row of the few that are theirs: as lists, every page would go through all
        results and registers of all rounds.
        """
        known = _none_or_among("evaluation", Evaluation.objects.visible_to(user))
        if user.role in UNIT_ROLES:  # of the city's dossier an agency knows its own indicators
            own = IndicatorResult.objects.filter(own_results(user), pk=OuterRef("result"))
            known |= Exists(own)
        return self.filter(
            known,
            _none_or_among("session", CouncilSession.objects.visible_to(user)),
            _none_or_among("sheet", UnitResult.objects.visible_to(user)),
            recipient=user,
        )

    def unread(self):
        """Not opened, and still of some use: what has moved on since waits for nobody's eyes."""
        is_of_now = Q(evaluation__isnull=True) | Q(created_at__gte=F("evaluation__status_since"))
        return self.filter(
            is_of_now,
            Q(session__isnull=True) | Q(session__closed_at__isnull=True),
            read_at__isnull=True,
        )

    def for_display(self):
        return self.select_related(
            "evaluation__pilot_round",
            "session__pilot_round",
            "sheet__pilot_round",
            "result__indicator",
        ).order_by("-created_at", "-pk")


class Notice(models.Model):
    """One line of a person's inbox (thông báo): what has come to them, and where it is."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "hồ sơ gửi đến"
        TAKEN_IN = "taken_in", "hồ sơ được tiếp nhận"
        RETURNED = "returned", "trả lại để bổ sung"
        APPRAISED = "appraised", "chờ xác nhận"
        CONFIRMED = "confirmed", "chờ lập phiên họp"
        REOPENED = "reopened", "thẩm định tiếp"
        DECIDED = "decided", "có quyết định"
        EXTENDED = "extended", "gia hạn"
        SESSION = "session", "phiên họp"
        DUE = "due", "nhắc hạn"
        SHEET_RETURNED = "sheet_returned", "phiếu bị trả lại"
        SHEET_CONFIRMED = "sheet_confirmed", "phiếu được xác nhận"
        ASSIGNED = "assigned", "chỉ báo được giao"
        ASSIGNMENT_RETURNED = "assignment_returned", "chỉ báo bị trả lại"
        HANDED_OVER = "handed_over", "chỉ báo được bàn giao"

    GOES_WITH = "recipient"  # erased when that account loses its name

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="người nhận"
    )
    kind = models.CharField("loại", max_length=20, choices=Kind)
    text = models.CharField("nội dung", max_length=300)
    evaluation = models.ForeignKey(
        Evaluation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="hồ sơ",
    )
    result = models.ForeignKey(
        IndicatorResult,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="chỉ báo",
    )
    session = models.ForeignKey(
        CouncilSession,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="phiên họp",
    )
    sheet = models.ForeignKey(
        UnitResult,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="phiếu tự chấm",
    )
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="sự kiện"
    )
    created_at = models.DateTimeField("lúc", auto_now_add=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "event"], name="one_notice_per_person_and_event"
            ),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(evaluation__isnull=False),
                name="notice_of_an_indicator_names_its_dossier",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient"], condition=Q(read_at__isnull=True), name="unread_notices"
            ),
        ]

    def __str__(self):
        return f"{self.recipient}: {self.text}"

    def get_absolute_url(self):
        """The page of what it is about; the inbox where it is about nothing in particular."""
        if self.result is not None:
            return self.result.get_absolute_url()
        if self.evaluation is not None:
            return self.evaluation.get_absolute_url()
        if self.session is not None:
            return self.session.get_absolute_url()
        if self.sheet_id is not None:
            return reverse("evaluations:sheet", args=[self.sheet_id])
        return reverse("evaluations:notices")

    @property
    def pilot_round(self):
        """The round of what it is about."""
        about = self.evaluation or self.session or self.sheet
        return about.pilot_round if about else None

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and not self.is_past

    @property
    def is_past(self) -> bool:
        """What it is about has moved on since: nobody needs to act on this any more."""
        if self.evaluation is not None:
            return self.evaluation.status_since > self.created_at
        return self.session is not None and self.session.is_closed


class Mail(models.Model):
    """One e-mail to one person (thư điện tử): claimed before it is sent, so that it goes once."""

    class Kind(models.TextChoices):
        STEP = "step", "việc vừa chuyển đến"
        RECEIPT = "receipt", "báo đã nhận hồ sơ"
        REMINDER = "reminder", "nhắc hạn trong ngày"

    class Status(models.TextChoices):
        WAITING = "waiting", "chờ gửi"
        SENDING = "sending", "đang gửi"
        SENT = "sent", "đã gửi"
        DROPPED = "dropped", "không còn cần gửi"
        FAILED = "failed", "không gửi được"

    GOES_WITH = "recipient"  # erased when that account loses its name

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mails", verbose_name="người nhận"
    )
    kind = models.CharField("loại", max_length=10, choices=Kind)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="mails", verbose_name="sự kiện"
    )
    day = models.DateField("ngày")
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.WAITING)
    # What was sent, and where to: written when it is sent, since until then it may change.
    address = models.EmailField("địa chỉ", blank=True)
    subject = models.CharField("tiêu đề", max_length=300, blank=True)
    body = models.TextField("nội dung", blank=True)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    error = models.TextField("lỗi", blank=True)
    created_at = models.DateTimeField("lập lúc", auto_now_add=True)
    claimed_at = models.DateTimeField("bắt đầu gửi lúc", null=True, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thư điện tử"
        verbose_name_plural = "thư điện tử"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reminder", event__isnull=True)
                | (~Q(kind="reminder") & Q(event__isnull=False)),
                name="mail_is_a_reminder_or_tells_of_an_event",
            ),
            models.UniqueConstraint(
                fields=["recipient", "event"], name="one_mail_per_person_and_event"
            ),
            models.UniqueConstraint(
                fields=["recipient", "day"],
                condition=Q(kind="reminder"),
                name="one_reminding_mail_per_person_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="sent_mail_knows_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status"], condition=Q(status__in=["waiting", "sending"]), name="open_mails"
            ),
            models.Index(fields=["created_at"], condition=Q(status="failed"), name="failed_mails"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.recipient}"


class Reminder(models.Model):
    """That a person was reminded (lời nhắc) of one thing at one stage before or after its day.

    `about` names the thing ("evaluation:12"). The day it is due belongs to the key: an extension
    makes it another reminder.
    """

    GOES_WITH = "recipient"  # erased when that account loses its name

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reminders",
        verbose_name="người nhận",
    )
    about = models.CharField("về việc", max_length=40)
    due_on = models.DateField("hạn")
    stage = models.CharField("lần nhắc", max_length=12)
    day = models.DateField("ngày nhắc")
    mail = models.ForeignKey(
        Mail,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name="thư điện tử",
    )

    class Meta:
        verbose_name = "lời nhắc"
        verbose_name_plural = "lời nhắc"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "about", "due_on", "stage"],
                name="one_reminder_per_person_thing_and_stage",
            ),
        ]

    def __str__(self):
        return f"{self.recipient}: {self.about}, {self.stage}"
