from functools import cache

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from criteria.models import CriteriaSet, Indicator
from evaluations.models.rounds import PilotRound
from evaluations.workflow import (
    CITY_STATES,
    CITY_STEPS,
    INSPECTION_CLOSED,
    INSPECTION_DRAWN,
    INSPECTION_EVENTS,
    INSPECTION_FED,
    STATES,
    STATUS_CHOICES,
    STEPS,
    Party,
    Status,
    Step,
)
from organisations.append_only import AppendOnly, AppendOnlyQuerySet
from organisations.models import READING_ROLES, UNIT_ROLES, Organisation

CITY_COUNCIL = "hội đồng đánh giá cấp thành phố"
APPRAISAL = frozenset({Status.SUBMITTED, Status.APPRAISING, Status.APPRAISED})
HOLDER_NAMES = {
    Party.STANDING_AGENCY: "Sở Giáo dục và Đào tạo",
    Party.COUNCIL: "hội đồng đánh giá và Ủy ban nhân dân thành phố",
    Party.NOBODY: "",
}
EXTENSION = "extension"  # the kind of event that a new date leaves
# Kinds of what the Sở sends: figures of its own, and other than what it had sent before.
ADJUSTED, OVERRIDDEN = "adjusted", "overridden"
SENT_VERDICTS = (ADJUSTED, OVERRIDDEN)
# And those that typing leaves: a person's first, each new figure, the choice between two versions.
FIRST_WRITING, FIGURES, OVERRULED = "first-writing", "figures", "overruled"

# The registers behind derived shares, and what is counted of each.
REGISTERS = {"agencies": "learning_unit", "communes": "learning_community"}
DISTRICTS = "districts"  # what the city's share of recognised districts is counted from
COUNTED = {
    "in_scope": Q(in_scope=True),
    "rated": Q(in_scope=True, rating__isnull=False),
    "good": Q(in_scope=True, rating__is_good_or_better=True),
}


def own_results(user, prefix: str = "") -> Q:
    """The results that this person's office states, or compiles: rows of them or, by `prefix`,
    rows that belong to one.

    Of the city's dossier an agency knows those assigned to it and no other; the standing agency
    compiles them all.
    """
    office = user.organisation_id
    return (
        Q(**{f"{prefix}evaluation__unit": office})
        | Q(**{f"{prefix}assignment__agency": office})
        | Q(
            **{
                f"{prefix}evaluation__unit__kind": Organisation.Kind.CITY,
                f"{prefix}evaluation__pilot_round__standing_agency": office,
            }
        )
    )


class EvaluationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The dossiers this person may know of as a whole; views turn the rest into a 404.

        A unit knows its own, the standing agency that of the city. The Sở, the council and
        observers know a dossier that was submitted; what a district drafts, or took back before
        the Sở looked at it, is its own business.
        """
        if user.role in UNIT_ROLES:
            # Asked for by itself, or every dossier there is would be joined with its round first.
            compiled = Evaluation.objects.filter(
                unit__kind=Organisation.Kind.CITY,
                pilot_round__standing_agency=user.organisation_id,
            )
            return self.filter(Q(unit=user.organisation_id) | Q(pk__in=compiled.values("pk")))
        if user.role in READING_ROLES:
            scope = user.organisation.in_scope("unit")
            return self.filter(scope).exclude(status=Status.DRAFT)
        return self.none()

    def known_to(self, user):
        """Those, and the city's in which this person's agency has an indicator to fill.

        Of such a one only the agency's own indicators are its to see: `own_results`.
        """
        visible = self.visible_to(user)
        if user.role not in UNIT_ROLES:
            return visible
        assigned = IndicatorResult.objects.filter(
            evaluation=models.OuterRef("pk"), assignment__agency=user.organisation_id
        )
        return self.filter(models.Exists(assigned)) | visible

    def of_districts(self):
        """Those of the districts that take part."""
        return self.filter(criteria_set__subject=CriteriaSet.Subject.DISTRICT)

    def of_cities(self):
        """The city's own, which its lead agencies fill; one a round."""
        return self.filter(criteria_set__subject=CriteriaSet.Subject.CITY)

    def last_year_of(self, evaluation):
        """What the same unit submitted a year before, be it under another version of the set."""
        return self.filter(
            unit=evaluation.unit_id,
            criteria_set__subject=evaluation.criteria_set.subject,
            pilot_round__year=evaluation.pilot_round.year - 1,
            pilot_round__is_practice=evaluation.pilot_round.is_practice,
            first_submitted_at__isnull=False,
        )

    def for_display(self):
        named = self.select_related("unit", "pilot_round__standing_agency", "criteria_set")
        return named.with_decided_level()

    def with_decided_level(self):
        """`decided_level`: what the standing decision says, 0 to 3; None while there is none."""
        lines = apps.get_model("evaluations", "DecisionLine").objects.standing()
        newest = lines.filter(evaluation=models.OuterRef("pk")).order_by(
            "-decision__signed_on", "-decision_id"
        )
        return self.annotate(decided_level=models.Subquery(newest.values("level")[:1]))

    def with_register_counts(self):
        """What each dossier's registers count to now: `agencies_in_scope`, `communes_good`…

        Of the city's also its districts, as `districts.listed_districts` names them: on the base
        that the round adopted, with a standing decision, recognised by one.
        """
        return self.annotate(**_register_counts())

    def with_results(self):
        """All that the two columns of a level need, in a constant number of queries."""
        counted = self.with_register_counts().with_decided_level()
        return counted.select_related("unit", "pilot_round__standing_agency").prefetch_related(
            # Prefetched and not joined: dossiers of one set then share one object of it.
            "criteria_set__thresholds",
            "criteria_set__indicators",
            "pilot_round__adopted_readings",
            models.Prefetch(
                "results",
                IndicatorResult.objects.with_appraisal().with_assignment().with_evidence_count(),
            ),
        )


class Evaluation(models.Model):
    """One unit's dossier (hồ sơ) in one round, from self-assessment to appraisal."""

    unit = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        related_name="evaluations",
        verbose_name="đơn vị",
    )
    pilot_round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="evaluations", verbose_name="đợt"
    )
    criteria_set = models.ForeignKey(
        CriteriaSet, models.PROTECT, related_name="evaluations", verbose_name="bộ tiêu chí"
    )
    status = models.CharField(
        "trạng thái", max_length=20, choices=STATUS_CHOICES, default=Status.DRAFT
    )
    status_since = models.DateTimeField("ở trạng thái này từ")
    first_submitted_at = models.DateTimeField("gửi lần đầu lúc", null=True, editable=False)
    extended_until = models.DateField("gia hạn đến", null=True, blank=True)
    extension_reason = models.CharField("lý do gia hạn", max_length=300, blank=True)
    supplement_due_on = models.DateField("hạn bổ sung", null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ"
        verbose_name_plural = "hồ sơ"
        ordering = ["pilot_round", "unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "pilot_round"], name="one_dossier_per_unit_and_round"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(first_submitted_at__isnull=False),
                name="past_draft_means_submitted_once",
            ),
            models.CheckConstraint(
                condition=Q(extended_until__isnull=True, extension_reason="")
                | (Q(extended_until__isnull=False) & ~Q(extension_reason="")),
                name="extension_has_a_reason",
                violation_error_message="Gia hạn cần cả ngày và lý do.",
            ),
        ]

    def __str__(self):
        return f"{self.unit} – {self.pilot_round}"

    def get_absolute_url(self):
        return reverse("evaluations:dossier", args=[self.pk])

    @property
    def title(self) -> str:
        return f"Hồ sơ công nhận {self.unit.noun} học tập năm {self.pilot_round.year}"

    @property
    def is_of_city(self) -> bool:
        """The city's own dossier, of which each indicator is an agency's to fill."""
        return self.unit.kind == Organisation.Kind.CITY

    @property
    def steps(self) -> dict[str, Step]:
        """The one table of the way, as it is for this dossier."""
        return CITY_STEPS if self.is_of_city else STEPS

    def get_status_display(self) -> str:
        states = CITY_STATES if self.is_of_city else STATES
        return states[Status(self.status)].label

    @property
    def office_id(self) -> int | None:
        """Whose people hand it in."""
        return self.pilot_round.standing_agency_id if self.is_of_city else self.unit_id

    @property
    def office_name(self) -> str:
        """Who hands it in: its unit; of the city's dossier the standing agency, which compiles."""
        if not self.is_of_city:
            return self.unit.name
        agency = self.pilot_round.standing_agency
        return agency.name if agency else "cơ quan thường trực"

    @property
    def appraised_by(self) -> str:
        """ "Sở", "Hội đồng": whose the appraised column is."""
        return "Hội đồng" if self.is_of_city else "Sở"

    @property
    def appraising(self) -> str:
        """The verb at the head of the pages on which that is done."""
        return "Đánh giá" if self.is_of_city else "Thẩm định"

    @property
    def appraisal_name(self) -> str:
        """How its second column is called."""
        return "Kết luận của hội đồng" if self.is_of_city else "Thẩm định"

    @property
    def was_returned(self) -> bool:
        """The Sở sent it back at least once, so some of it is decided."""
        return self.supplement_due_on is not None

    @property
    def holder(self) -> Party:
        """Whose move it is; nobody's once the round is closed."""
        if self.pilot_round.is_closed:
            return Party.NOBODY
        states = CITY_STATES if self.is_of_city else STATES
        return states[Status(self.status)].holder

    @property
    def holder_name(self) -> str:
        """Whose move it is, as a sentence names it."""
        if self.is_of_city and self.holder == Party.UNIT:
            return self.office_name
        if self.is_of_city and self.status in APPRAISAL:
            return CITY_COUNCIL
        if self.holder == Party.UNIT:
            return self.unit.name_in_sentence
        return HOLDER_NAMES[self.holder]

    @property
    def due_on(self):
        """By when the one whose move it is should have moved; None where no date is set."""
        if self.pilot_round.is_closed:
            return None
        if self.status == Status.RETURNED:
            return self.supplement_due_on
        if self.status == Status.DRAFT:
            return self.extended_until or self.pilot_round.self_assessment_due_on
        return None


class IndicatorResultQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The indicators this person may read, of the dossiers known to them."""
        if user.role in UNIT_ROLES:
            return self.filter(own_results(user))
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user))

    def with_appraisal(self):
        return self.select_related("appraisal")

    def with_assignment(self):
        """In whose hands each is, of the city's dossier; nobody's by name of a district's."""
        return self.select_related("assignment__agency")

    def with_evidence_count(self):
        """How many documents each cites, and how many of those lack a number or a date.

        Counted row by row: grouping would sort every text of every result.
        """
        evidence = apps.get_model("evaluations", "Evidence")  # its module imports this one
        cited = evidence.objects.filter(result=models.OuterRef("pk"))
        bare = Q(document__number="") | Q(document__issued_on__isnull=True)
        return self.annotate(
            evidence_count=_count_of(cited), bare_document_count=_count_of(cited.filter(bare))
        )


def _count_of(queryset, by: str = "result") -> Coalesce:
    counted = queryset.order_by().values(by).annotate(count=models.Count("pk")).values("count")
    return Coalesce(models.Subquery(counted), 0)


def _count_of_lines(kind: str, which: Q) -> Coalesce:
    """Of the register of a dossier's unit: a subquery each, since a join would multiply rows."""
    lines = apps.get_model("evaluations", "UnitResult").objects.filter(
        which,
        owner=models.OuterRef("unit"),
        pilot_round=models.OuterRef("pilot_round"),
        year=models.OuterRef("pilot_round__year"),
        kind=kind,
    )
    return _count_of(lines, by="owner")


def districts_counted(pilot_round, year):
    """The districts among which a round of that year counts those recognised, where it counts all
    of the city: those of its last day, and whichever takes part.

    Both are values, or references to the row of an outer query.
    """
    last_day = Concat(Cast(year, models.CharField()), models.Value("-12-31"))
    districts = Organisation.objects.districts()
    taking_part = Evaluation.objects.filter(unit=models.OuterRef("pk"), pilot_round=pilot_round)
    of_the_year = districts.in_force(Cast(last_day, models.DateField()))
    return of_the_year | districts.filter(models.Exists(taking_part))


@cache
def _register_counts() -> dict[str, models.Expression]:
    """By name. Worded once: they know nothing of the time or of who asks; a query copies them."""
    counts = {
        f"{name}_{part}": _count_of_lines(kind, which)
        for name, kind in REGISTERS.items()
        for part, which in COUNTED.items()
    }
    return counts | _counts_of_districts()


def _counts_of_districts() -> dict[str, models.Case]:
    """Looked into for the city's dossier alone."""
    lines = apps.get_model("evaluations", "DecisionLine").objects.standing()
    decided = lines.filter(evaluation=models.OuterRef("pk"))
    taking_part = Evaluation.objects.of_districts().filter(
        pilot_round=models.OuterRef("pilot_round")
    )
    everybody = districts_counted(
        models.OuterRef(models.OuterRef("pilot_round")), models.OuterRef("pilot_round__year")
    ).filter(parent=models.OuterRef("unit"))
    is_city = Q(unit__kind=Organisation.Kind.CITY)
    readings = apps.get_model("evaluations", "AdoptedReading").objects.filter(
        pilot_round=models.OuterRef("pilot_round"), question="city_base", choice="participants"
    )
    rated = taking_part.filter(models.Exists(decided))
    good = taking_part.filter(models.Exists(decided.recognising()))
    return {
        f"{DISTRICTS}_in_scope": models.Case(
            models.When(
                is_city & Q(models.Exists(readings)), then=_count_of(taking_part, "pilot_round")
            ),
            models.When(is_city, then=_count_of(everybody, "parent")),
            default=0,
        ),
        f"{DISTRICTS}_rated": models.Case(
            models.When(is_city, then=_count_of(rated, "pilot_round")), default=0
        ),
        f"{DISTRICTS}_good": models.Case(
            models.When(is_city, then=_count_of(good, "pilot_round")), default=0
        ),
    }


class IndicatorResult(models.Model):
    """What a unit states for one indicator: figures exactly as typed, explanation, suitability.

    `typed` maps the measure's field names to the text the officer typed, valid or not, so that
    nothing typed is ever lost; numbers are read from it by `criteria.measures.read` and nowhere
    kept a second time. See docs/decisions/0002.
    """

    class Suitability(models.TextChoices):
        FITS = "fits", "Phù hợp"
        PARTLY = "partly", "Phù hợp một phần"
        UNFIT = "unfit", "Không phù hợp"

    evaluation = models.ForeignKey(
        Evaluation, models.CASCADE, related_name="results", verbose_name="hồ sơ"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", verbose_name="chỉ báo"
    )
    typed = models.JSONField("số liệu đã gõ", default=dict, blank=True)
    source = models.CharField("nguồn của tỷ lệ", max_length=300, blank=True)
    not_applicable_reason = models.TextField("lý do không áp dụng", blank=True)
    explanation = models.TextField("thuyết minh", blank=True)
    suitability = models.CharField(
        "mức độ phù hợp với thực tiễn", max_length=10, choices=Suitability, blank=True
    )
    obstacle = models.TextField("khó khăn, vướng mắc", blank=True)
    proposal = models.TextField("kiến nghị sửa đổi", blank=True)
    reply = models.TextField("trả lời yêu cầu của Sở", blank=True)
    updated_at = models.DateTimeField("sửa lúc", null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người sửa",
    )

    objects = IndicatorResultQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả chỉ báo"
        verbose_name_plural = "kết quả chỉ báo"
        ordering = ["indicator__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "indicator"], name="one_result_per_indicator"
            ),
        ]

    def __str__(self):
        return f"{self.evaluation}: {self.indicator.code}"

    def get_absolute_url(self):
        return reverse("evaluations:indicator", args=[self.evaluation_id, self.indicator.code])

    @property
    def assigned(self):
        """In whose hands it is, of the city's dossier; None of a district's."""
        return getattr(self, "assignment", None)

    @property
    def writer_id(self) -> int | None:
        """The office that states it, and whose register of papers it cites."""
        return self.assigned.agency_id if self.assigned else self.evaluation.unit_id


class IndicatorAppraisal(models.Model):
    """What the Sở finds on one indicator (thẩm định): accept, adjust with a reason, or ask."""

    class Verdict(models.TextChoices):
        ACCEPT = "accept", "Chấp nhận"
        ADJUST = "adjust", "Điều chỉnh"
        ASK = "ask", "Yêu cầu bổ sung"

    result = models.OneToOneField(
        IndicatorResult, models.CASCADE, related_name="appraisal", verbose_name="kết quả chỉ báo"
    )
    verdict = models.CharField("kết luận", max_length=10, choices=Verdict)
    typed = models.JSONField("số liệu điều chỉnh", default=dict, blank=True)
    reason = models.TextField("lý do", blank=True)
    private_note = models.TextField("ghi chú riêng", blank=True)
    is_sent = models.BooleanField("đã gửi cho đơn vị", default=False)
    # What the unit had read before, of a verdict that was changed after it was sent, and why.
    superseded = models.JSONField("kết luận đã gửi trước đó", null=True, blank=True)
    override_reason = models.TextField("lý do đổi kết luận đã gửi", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thẩm định"
    )
    decided_at = models.DateTimeField("thẩm định lúc")

    class Meta:
        verbose_name = "thẩm định chỉ báo"
        verbose_name_plural = "thẩm định chỉ báo"
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="accept") | ~Q(reason=""),
                name="adjusting_or_asking_needs_a_reason",
                violation_error_message="Ghi lý do: đơn vị sẽ đọc lý do này.",
            ),
            models.CheckConstraint(
                condition=Q(superseded__isnull=True, override_reason="")
                | (Q(superseded__isnull=False) & ~Q(override_reason="")),
                name="changing_a_sent_verdict_needs_a_reason",
                violation_error_message="Ghi vì sao đổi kết luận đã gửi cho đơn vị.",
            ),
        ]

    def __str__(self):
        return f"{self.result}: {self.get_verdict_display()}"


class EventQuerySet(AppendOnlyQuerySet):
    def steps(self):
        """The moves of the dossier, without the small writing in between."""
        return self.filter(kind__in=[*STEPS, EXTENSION])

    def without_the_inspectors_own(self):
        """For the unit: it reads of an inspection once it is closed, and verdicts once sent."""
        own = Q(kind__in=[INSPECTION_DRAWN, INSPECTION_FED])
        return self._with_closed().filter(~own | Q(kind=INSPECTION_DRAWN, is_closed=True))

    def steps_and_inspections(self, *, all_of_them: bool):
        """For who reads what was submitted; the Sở reads all of an inspection, others its end,
        and then the draw."""
        moves = [*STEPS, EXTENSION, *SENT_VERDICTS]
        if all_of_them:
            return self.filter(kind__in=[*moves, *INSPECTION_EVENTS])
        told = Q(kind__in=[*moves, INSPECTION_CLOSED])
        return self._with_closed().filter(told | Q(kind=INSPECTION_DRAWN, is_closed=True))

    def _with_closed(self):
        """Whether the inspection of each was closed: who may read that one may redo its draw."""
        inspected = Cast(KeyTextTransform("inspection", "detail"), models.BigIntegerField())
        inspections = apps.get_model("evaluations", "Inspection").objects.closed()
        this_one = inspections.filter(pk=models.OuterRef("inspected"))
        return self.alias(inspected=inspected).alias(is_closed=models.Exists(this_one))


class Event(AppendOnly):
    """One line of the trail (quá trình): who did what, when, and why. Never changed."""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="events", verbose_name="hồ sơ"
    )
    kind = models.CharField("loại", max_length=30)
    text = models.CharField("việc", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người làm"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)
    note = models.TextField("ý kiến, lý do", blank=True)
    detail = models.JSONField("chi tiết", default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "sự kiện"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.evaluation}: {self.text}"


class SnapshotQuerySet(AppendOnlyQuerySet):
    def submissions(self):
        """Those taken when the dossier was submitted; others were taken when it was decided."""
        lines = apps.get_model("evaluations", "DecisionLine").objects
        return self.filter(~models.Exists(lines.filter(snapshot=models.OuterRef("pk"))))

    def newest(self):
        """Of each dossier what it said when it was last submitted."""
        sent = Snapshot.objects.submissions()
        of_dossier = sent.filter(evaluation=models.OuterRef("evaluation"))
        last = of_dossier.order_by("-number").values("number")[:1]
        return self.filter(number=models.Subquery(last))


class Snapshot(AppendOnly):
    """The dossier as it was submitted or decided (bản chụp), never changed; reports are printed
    from it."""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="snapshots", verbose_name="hồ sơ"
    )
    number = models.PositiveSmallIntegerField("lần gửi")
    content = models.JSONField("nội dung", encoder=DjangoJSONEncoder)
    sha256 = models.CharField("dấu nội dung", max_length=64)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi"
    )
    taken_at = models.DateTimeField("gửi lúc", auto_now_add=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "bản chụp hồ sơ"
        verbose_name_plural = "bản chụp hồ sơ"
        ordering = ["evaluation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "number"], name="one_snapshot_per_submission"
            ),
        ]

    def __str__(self):
        return f"{self.evaluation}, lần gửi {self.number}"
