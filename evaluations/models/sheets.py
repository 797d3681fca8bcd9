"""A unit's own sheet (phiếu tự chấm): what it typed for each item, the papers it cites there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluations.models.units import UnitResult
from evaluations.unit_sheets import SENT_SHEETS, WHOLE
from organisations.models import READING_ROLES, UNIT_ROLES


class SheetItem(models.Model):
    """One item of a unit's own sheet: the points as typed, and why (mục của phiếu tự chấm)."""

    result = models.ForeignKey(
        UnitResult, models.CASCADE, related_name="sheet_items", verbose_name="kết quả đơn vị"
    )
    code = models.CharField("mã mục", max_length=10)
    points = models.CharField("điểm đã gõ", max_length=40, blank=True)
    explanation = models.TextField("thuyết minh", blank=True)
    updated_at = models.DateTimeField("sửa lúc", null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người sửa",
    )

    class Meta:
        verbose_name = "mục của phiếu tự chấm"
        verbose_name_plural = "mục của phiếu tự chấm"
        constraints = [
            models.UniqueConstraint(fields=["result", "code"], name="one_sheet_item_per_code"),
        ]

    def __str__(self):
        return f"{self.result}: {self.code}"


class SheetEvidenceQuerySet(models.QuerySet):
    def sent(self):
        """The citations of sheets that stand as they were sent.

        A sheet that is back with its unit is being written on: what it cites is then the unit's
        own again, until it is sent anew. Nobody reads along.
        """
        return self.filter(result__sheet_status__in=SENT_SHEETS)

    def visible_to(self, user):
        """A unit's own always; those of other units as they are sent to one's register."""
        if user.role in UNIT_ROLES:
            received = Q(result__owner=user.organisation_id, result__sheet_status__in=SENT_SHEETS)
            return self.filter(Q(result__unit=user.organisation_id) | received)
        if user.role in READING_ROLES:
            return self.sent().filter(user.organisation.in_scope("result__owner"))
        return self.none()

    def for_display(self):
        return self.select_related("document", "result__unit", "result__pilot_round").order_by(
            "result__pilot_round", "result__year", "item_code", "pk"
        )


class SheetEvidence(models.Model):
    """A paper cited for one item of a unit's own sheet (minh chứng của phiếu).

    It holds to the revision it was made with, as a dossier's citations do: what was sent stays
    what it was when the paper is revised.
    """

    result = models.ForeignKey(
        UnitResult, models.PROTECT, related_name="sheet_evidence", verbose_name="kết quả đơn vị"
    )
    item_code = models.CharField("mã mục", max_length=10)
    document = models.ForeignKey(
        "evaluations.Document",
        models.PROTECT,
        related_name="sheet_evidence",
        verbose_name="văn bản",
    )
    revision = models.PositiveSmallIntegerField("dùng bản", default=1)
    cited = models.CharField("trang, mục trích dẫn", max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gắn"
    )
    added_at = models.DateTimeField("gắn lúc", auto_now_add=True)

    objects = SheetEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng của phiếu"
        verbose_name_plural = "minh chứng của phiếu"
        ordering = ["item_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "item_code", "document"], name="a_paper_once_per_item"
            ),
        ]

    def __str__(self):
        return f"{self.result}: {self.item_code}"

    def get_absolute_url(self):
        return f"{reverse('evaluations:sheet', args=[self.result_id])}#muc-{self.item_code}"

    @property
    def reference(self) -> str:
        """Where the paper is used, in a sentence."""
        sheet = f"phiếu tự chấm năm {self.result.year}"
        return sheet if self.item_code == WHOLE else f"{sheet}, mục {self.item_code}"
