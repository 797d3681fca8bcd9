"""The council's session and the decision after it (phiên họp hội đồng, quyết định công nhận).

A session considers confirmed dossiers; its conclusions stand once it is closed. A decision is
what the People's Committee of the city (for the city's own dossier: the Ministry) signed. Neither
is ever changed: a decision is corrected only by another that names it.
"""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluations.models.dossiers import Evaluation, Snapshot
from evaluations.models.evidence import opaque_path
from evaluations.models.file_accesses import FileAccess
from evaluations.models.rounds import PilotRound
from evaluations.validators import KINDS, FileKind
from evaluations.workflow import Status
from organisations.append_only import AppendOnly, AppendOnlyQuerySet
from organisations.models import READING_ROLES, UNIT_ROLES


class CouncilSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The Sở, the council and observers of the city know of sessions; units do not."""
        if user.role not in READING_ROLES:
            return self.none()
        scope = user.organisation.in_scope("items__evaluation__unit")
        return self.filter(scope).distinct()

    def for_display(self):
        counted = self.annotate(item_count=models.Count("items", distinct=True))
        # Said again: counting groups the rows, which drops the order of the model.
        return counted.select_related("pilot_round", "created_by").order_by("-held_on", "-pk")


class CouncilSession(models.Model):
    """One sitting of the council (phiên họp) over several confirmed dossiers of a round."""

    pilot_round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="sessions", verbose_name="đợt"
    )
    held_on = models.DateField("ngày họp")
    starts_at = models.TimeField("giờ họp", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200)
    chair = models.CharField("chủ trì", max_length=150)
    secretary = models.CharField("thư ký", max_length=150)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập"
    )
    created_at = models.DateTimeField("lập lúc", auto_now_add=True)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi kết luận",
    )

    objects = CouncilSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên họp hội đồng"
        verbose_name_plural = "phiên họp hội đồng"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="closed_session_says_by_whom",
            ),
        ]

    def __str__(self):
        return f"Phiên họp {self.held_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("evaluations:session", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class SessionMember(models.Model):
    """One member of the council at a session, present or absent (thành viên)."""

    session = models.ForeignKey(
        CouncilSession, models.CASCADE, related_name="members", verbose_name="phiên họp"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tài khoản",
    )
    name = models.CharField("họ và tên", max_length=150)
    position = models.CharField("chức vụ", max_length=200, blank=True)
    is_present = models.BooleanField("có mặt", default=True)
    absence_reason = models.CharField("lý do vắng", max_length=200, blank=True)

    class Meta:
        verbose_name = "thành viên phiên họp"
        verbose_name_plural = "thành viên phiên họp"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(person__isnull=False),
                name="a_member_once_per_session",
            ),
        ]

    def __str__(self):
        return self.name


class SessionItemQuerySet(models.QuerySet):
    def standing(self):
        """Whose dossier is still as it was confirmed when it came before the council."""
        return self.filter(
            evaluation__status=Status.CONFIRMED,
            evaluation__status_since=models.F("confirmed_at"),
        )

    def pending(self):
        """On the agenda of a session that is not closed."""
        return self.standing().filter(session__closed_at__isnull=True)

    def concluded(self):
        """What a decision may rest on: concluded by a closed session, the newest first."""
        return (
            self.standing()
            .filter(session__closed_at__isnull=False, concluded_level__isnull=False)
            .order_by("-session__closed_at", "-pk")
        )


class SessionItem(models.Model):
    """One dossier before the council: what was proposed, said, voted and concluded."""

    session = models.ForeignKey(
        CouncilSession, models.CASCADE, related_name="items", verbose_name="phiên họp"
    )
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="session_items", verbose_name="hồ sơ"
    )
    proposed_level = models.PositiveSmallIntegerField("mức độ đề nghị")
    # Which confirmation lies before the council: one that was reopened since is another matter.
    confirmed_at = models.DateTimeField("xác nhận lúc")
    discussion = models.TextField("ý kiến tại phiên họp", blank=True)
    votes_for = models.PositiveSmallIntegerField("số phiếu đồng ý", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("số phiếu không đồng ý", null=True, blank=True)
    concluded_level = models.PositiveSmallIntegerField("mức độ kết luận", null=True, blank=True)
    conclusion = models.TextField("kết luận", blank=True)

    objects = SessionItemQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ tại phiên họp"
        verbose_name_plural = "hồ sơ tại phiên họp"
        ordering = ["evaluation__unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "evaluation"], name="a_dossier_once_per_session"
            ),
            models.CheckConstraint(
                condition=Q(proposed_level__lte=3)
                & (Q(concluded_level__isnull=True) | Q(concluded_level__lte=3)),
                name="session_levels_are_levels",
            ),
        ]

    def __str__(self):
        return f"{self.session}: {self.evaluation.unit}"

    def get_absolute_url(self):
        return reverse("evaluations:session-item", args=[self.session_id, self.pk])

    @property
    def stands(self) -> bool:
        """The dossier is still as it was confirmed when it came before the council."""
        evaluation = self.evaluation
        return (
            evaluation.status == Status.CONFIRMED and evaluation.status_since == self.confirmed_at
        )

    @property
    def is_concluded(self) -> bool:
        return self.concluded_level is not None


class SessionEvent(AppendOnly):
    """One line of a session's own trail: planned, changed, minutes, an opinion. Never changed.

    Apart from the dossier's trail: what is said in the council is not its unit's to read.
    """

    session = models.ForeignKey(
        CouncilSession, models.PROTECT, related_name="events", verbose_name="phiên họp"
    )
    kind = models.CharField("loại", max_length=30)
    text = models.CharField("việc", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người làm"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)
    detail = models.JSONField("chi tiết", default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "sự kiện của phiên họp"
        verbose_name_plural = "sự kiện của phiên họp"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.session}: {self.text}"


class Opinion(models.Model):
    """What a member of the council says about a dossier before the session (ý kiến)."""

    class Stand(models.TextChoices):
        AGREES = "agrees", "Đồng ý"
        DIFFERS = "differs", "Không đồng ý"
        ASKS = "asks", "Cần làm rõ"

    SIGNS = {Stand.AGREES: "accept", Stand.DIFFERS: "unmet", Stand.ASKS: "ask"}

    item = models.ForeignKey(
        SessionItem, models.CASCADE, related_name="opinions", verbose_name="hồ sơ tại phiên họp"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="thành viên"
    )
    stand = models.CharField("ý kiến", max_length=10, choices=Stand)
    text = models.TextField("nội dung", blank=True)
    updated_at = models.DateTimeField("lúc", auto_now=True)

    class Meta:
        verbose_name = "ý kiến thành viên"
        verbose_name_plural = "ý kiến thành viên"
        ordering = ["updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["item", "by"], name="one_opinion_per_member"),
            models.CheckConstraint(
                condition=Q(stand="agrees") | ~Q(text=""),
                name="other_opinions_say_why",
                violation_error_message="Ghi nội dung ý kiến.",
            ),
        ]

    def __str__(self):
        return f"{self.by}: {self.get_stand_display()}"

    @property
    def sign(self) -> str:
        return self.SIGNS[self.stand]


class DecisionQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """A unit knows the decisions that name it, who compiled the city's dossier that on the
        city; the city's readers know those in their scope."""
        if user.role in UNIT_ROLES:
            own = Evaluation.objects.visible_to(user)
            return self.filter(lines__evaluation__in=own).distinct()
        if user.role in READING_ROLES:
            named = DecisionLine.objects.filter(user.organisation.in_scope("evaluation__unit"))
            return self.filter(models.Exists(named.filter(decision=models.OuterRef("pk"))))
        return self.none()

    def standing(self):
        """Those that no later decision corrects."""
        return self.filter(corrected_by__isnull=True)

    def for_display(self):
        """With what each corrects, and whether it was corrected itself."""
        return self.select_related("pilot_round", "recorded_by", "corrects", "corrected_by")


class Decision(AppendOnly):
    """A signed decision on recognition (quyết định công nhận) as it is on paper."""

    pilot_round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="decisions", verbose_name="đợt"
    )
    number = models.CharField("số, ký hiệu", max_length=100)
    signed_on = models.DateField("ngày ký")
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    signer_name = models.CharField("người ký", max_length=100)
    signer_position = models.CharField("chức vụ người ký", max_length=150)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name="thay cho quyết định",
    )
    correction_reason = models.TextField("lý do thay", blank=True)
    file = models.FileField("bản quét", upload_to=opaque_path, max_length=200)
    file_name = models.CharField("tên tệp", max_length=255)
    content_type = models.CharField("loại nội dung", max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết định công nhận"
        verbose_name_plural = "quyết định công nhận"
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "number", "signed_on"],
                name="one_decision_per_number",
                violation_error_message="Quyết định này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
                name="a_correction_says_why",
                violation_error_message="Ghi lý do thay quyết định trước.",
            ),
        ]

    def __str__(self):
        return f"Quyết định {self.number} ngày {self.signed_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("evaluations:decision", args=[self.pk])

    @property
    def name_in_sentence(self) -> str:
        """ "quyết định 12/QĐ-UBND ngày 28/12/2022"."""
        return f"q{str(self)[1:]}"

    @property
    def kind(self) -> FileKind:
        return KINDS[self.content_type]

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class DecisionLineQuerySet(AppendOnlyQuerySet):
    def standing(self):
        """What counts today: a decision that was corrected says nothing any more."""
        return self.filter(decision__corrected_by__isnull=True)

    def recognising(self):
        """Those that recognise a level; 0 is "không công nhận"."""
        return self.filter(level__gt=0)

    def for_display(self):
        return self.select_related("evaluation__unit", "decision")


class DecisionLine(AppendOnly):
    """What a decision says of one dossier; the level is frozen with the snapshot it rests on."""

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="lines", verbose_name="quyết định"
    )
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="decision_lines", verbose_name="hồ sơ"
    )
    level = models.PositiveSmallIntegerField("mức độ")
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="+", verbose_name="bản chụp lúc công nhận"
    )
    reason = models.TextField("lý do khác với kết quả thẩm định", blank=True)

    objects = DecisionLineQuerySet.as_manager()

    class Meta:
        verbose_name = "mức độ theo quyết định"
        verbose_name_plural = "mức độ theo quyết định"
        ordering = ["evaluation__unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "evaluation"], name="a_dossier_once_per_decision"
            ),
            models.CheckConstraint(condition=Q(level__lte=3), name="decided_level_is_a_level"),
        ]

    def __str__(self):
        return f"{self.evaluation.unit}: mức độ {self.level}"


class DecisionAccess(FileAccess):
    """Who opened or downloaded the scanned decision, and when."""

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="accesses", verbose_name="quyết định"
    )

    class Meta(FileAccess.Meta):
        verbose_name = "lượt mở quyết định"
        verbose_name_plural = "lượt mở quyết định"

    def __str__(self):
        return f"{self.decision}: {self.get_kind_display()}"
