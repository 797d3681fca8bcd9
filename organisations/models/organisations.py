from django.db import models
from django.db.models import Exists, Q

from organisations.text import search_key
from organisations.validators import drafting_unit_is_one, recipients_fit


class OrganisationQuerySet(models.QuerySet):
    def in_force(self, on):
        """The units that exist on that day: codes are unique only together with their period."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)

    def districts(self):
        return self.filter(kind=Organisation.Kind.DISTRICT)

    def matching(self, text):
        """Found by name or code, whatever the diacritics, case or tone placement."""
        return self.filter(Q(search__contains=search_key(text)) | Q(code=text.strip()))

    def named(self, text):
        """Each word begins one in the name of the unit or of what it belongs to: so "tu phap vinh
        bao" finds the Phòng Tư pháp of huyện Vĩnh Bảo. Or the text is the unit's code.

        The name of its city finds no district: in one city it would find them all. "UBND" finds
        whatever has such a committee (ủy ban nhân dân), as in "UBND Vĩnh Bảo".
        """
        is_below = Q(parent__kind=Organisation.Kind.DISTRICT) | Q(kind=Organisation.Kind.AGENCY)
        every_word = Q()
        for word in search_key(text).split():
            found = _begins("search", word) | (is_below & _begins("parent__search", word))
            if word == "ubnd":
                found |= ~Q(kind=Organisation.Kind.AGENCY)
            every_word &= found
        return self.filter(every_word | Q(code=text.strip()))


def _begins(field: str, word: str) -> Q:
    return Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})


class Organisation(models.Model):
    """A unit of administration (đơn vị hành chính) or an agency (cơ quan) that takes part."""

    class Kind(models.TextChoices):
        CITY = "city", "thành phố"
        DISTRICT = "district", "quận, huyện"
        COMMUNE = "commune", "xã, phường, thị trấn"
        AGENCY = "agency", "cơ quan, đơn vị"

    code = models.CharField("mã", max_length=20)
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên gọn", max_length=100, blank=True)
    kind = models.CharField("cấp", max_length=20, choices=Kind)
    type = models.CharField("loại", max_length=60, help_text="quận, huyện, phường, xã, sở…")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="thuộc",
    )
    valid_from = models.DateField("có từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    search = models.CharField("khóa tìm kiếm", max_length=310, editable=False)

    # What the head and foot of its official papers say (Nghị định 30/2020/NĐ-CP).
    superior_name = models.CharField("cơ quan chủ quản", max_length=200, blank=True)
    issuer_name = models.CharField("cơ quan ban hành văn bản", max_length=200, blank=True)
    document_code = models.CharField("ký hiệu cơ quan", max_length=40, blank=True)
    place = models.CharField("địa danh", max_length=100, blank=True)
    signing_authority = models.CharField("quyền hạn ký", max_length=200, blank=True)
    signer_position = models.CharField("chức vụ người ký", max_length=100, blank=True)
    signer_name = models.CharField("họ tên người ký", max_length=100, blank=True)
    drafting_unit = models.CharField(
        "đơn vị soạn thảo",
        max_length=40,
        blank=True,
        default="",
        db_default="",
        validators=[drafting_unit_is_one],
    )
    # A line each, as it is printed, without dash and end mark.
    standing_recipients = models.TextField(
        "nơi nhận thường xuyên",
        blank=True,
        default="",
        db_default="",
        validators=[recipients_fit],
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="one_unit_per_code_and_period",
                violation_error_message="Mã này đã có đơn vị khác dùng từ cùng ngày.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="unit_period_runs_forward",
                violation_error_message="Ngày hết hiệu lực phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self):
        return self.name

    def in_scope(self, field: str) -> Q:
        """Rows that a reader here may know of, where `field` names their unit.

        An agency of the city and the city itself read every district; an agency of a district
        reads its district; who reads for one district or commune reads that one.
        """
        is_agency = self.kind == self.Kind.AGENCY
        if self.kind == self.Kind.CITY or (is_agency and self.parent_id is None):
            return Q()
        own = Q(**{field: self.pk})
        if not is_agency:
            return own
        # Asked in the same query: who reads for an agency is asked on every page.
        is_of_city = Organisation.objects.filter(pk=self.parent_id, kind=self.Kind.CITY)
        return own | Q(**{field: self.parent_id}) | Q(Exists(is_of_city))

    @property
    def reads_whole_city(self) -> bool:
        """`in_scope` leaves nothing out: who reads here may know what is told of all districts."""
        if self.kind == self.Kind.AGENCY and self.parent is not None:
            return self.parent.kind == self.Kind.CITY
        return self.kind in {self.Kind.CITY, self.Kind.AGENCY}

    @property
    def noun(self) -> str:
        """ "huyện", "quận", "thành phố": the word that a sentence about this unit uses."""
        return self.type

    @property
    def name_in_sentence(self) -> str:
        """ "huyện Vĩnh Bảo": the generic word takes no capital (Nghị định 30, Phụ lục II)."""
        return self.name[:1].lower() + self.name[1:] if self.kind != self.Kind.AGENCY else self.name

    @property
    def bare_name(self) -> str:
        """ "Vĩnh Bảo", where a table has no room for the generic word."""
        return self.short_name or self.name

    def computed_search(self) -> str:
        return search_key(f"{self.name} {self.short_name}")
