"""Evidence (minh chứng): a unit's register of papers, their files, and where each is cited.

A paper's files come in revisions; each citation holds to the revision it was made with, so that
a new revision never changes what a submitted dossier shows. What the Sở may open is exactly what
some submission contained: the citation and the file stood there at the moment it was taken. Of a
unit's own sheet, whoever received it opens the files that it cites, as long as it stands as sent.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from evaluations.models.dossiers import IndicatorResult, Snapshot, own_results
from evaluations.models.file_accesses import FileAccess
from evaluations.models.sheets import SheetEvidence
from evaluations.validators import KINDS, FileKind
from evaluations.workflow import EDITABLE
from organisations.append_only import AppendOnly, AppendOnlyQuerySet
from organisations.models import READING_ROLES, UNIT_ROLES
from organisations.text import search_key


def opaque_path(instance: models.Model, filename: str) -> str:
    """A name on disk that says nothing and comes from nobody: year/month/random."""
    return f"{timezone.localdate():minh-chung/%Y/%m}/{uuid4().hex}"


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit's register is its own; others read what was submitted or sent to them."""
        in_sheets = SheetEvidence.objects.visible_to(user).filter(document=OuterRef("pk"))
        cited = Evidence.objects.visible_to(user).filter(document=OuterRef("pk"))
        return self.filter(_listed_for(user) | Exists(in_sheets) | Exists(cited))

    def listed_for(self, user, pilot_round=None):
        """The register as a page of its own: without the papers of the sheets of other units.

        With a round, for who reads: what its dossiers cite, found from these few citations and not
        by asking of every paper.
        """
        if pilot_round is None or user.role not in READING_ROLES:
            return self.filter(_listed_for(user))
        of_round = Q(result__evaluation__pilot_round=pilot_round)
        cited = Evidence.objects.submitted().filter(of_round).order_by().values("document")
        once_cited = RemovedEvidence.objects.submitted().filter(of_round).order_by()
        papers = cited.union(once_cited.values("document"))
        return self.filter(user.organisation.in_scope("unit"), pk__in=papers)

    def matching(self, text):
        """Found by number, issuer or summary without diacritics, or by a code such as "2.1.2"."""
        cited = Evidence.objects.filter(document=OuterRef("pk"), code__icontains=text.strip())
        return self.filter(Q(search__contains=search_key(text)) | Exists(cited))

    def lacking(self):
        """Those whose line in the printed list of evidence would have a gap."""
        return self.filter(Q(number="") | Q(issued_on__isnull=True) | Q(issuer=""))

    def for_display_to(self, user):
        """With the citations and files that this person may know of, in four queries."""
        files = StoredFile.objects.visible_to(user).select_related("uploaded_by")
        in_sheets = SheetEvidence.objects.visible_to(user).for_display()
        return self.select_related("unit", "created_by").prefetch_related(
            models.Prefetch("evidence", Evidence.objects.visible_to(user).for_display()),
            models.Prefetch("sheet_evidence", in_sheets),
            models.Prefetch("files", files),
        )


class Document(models.Model):
    """A paper in a unit's register of evidence (văn bản trong kho minh chứng)."""

    unit = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        related_name="documents",
        verbose_name="đơn vị",
    )
    number = models.CharField("số, ký hiệu", max_length=100, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    summary = models.CharField("trích yếu", max_length=500)
    search = models.CharField("khóa tìm kiếm", max_length=900, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhập"
    )
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản minh chứng"
        verbose_name_plural = "văn bản minh chứng"
        ordering = ["-issued_on", "-pk"]

    def __str__(self):
        return f"{self.number} {self.summary}".strip()

    def get_absolute_url(self):
        return reverse("evaluations:document", args=[self.pk])

    @property
    def missing(self) -> list[str]:
        """What the printed list of evidence would leave blank."""
        words = {"number": "số", "issued_on": "ngày", "issuer": "cơ quan ban hành"}
        return [word for name, word in words.items() if not getattr(self, name)]

    def computed_search(self) -> str:
        return search_key(f"{self.number} {self.issuer} {self.summary}")[:900]


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The files a person may open: a unit its own, others what a submission contained, and
        those of the revision that a sheet sent to them cites."""
        in_sheets = Exists(
            SheetEvidence.objects.visible_to(user).filter(
                document=OuterRef("document"), revision=OuterRef("revision")
            )
        )
        if user.role in UNIT_ROLES:
            # What another agency has put beside an indicator that is this office's to read.
            cited = Exists(
                Evidence.objects.visible_to(user).filter(
                    document=OuterRef("document"), revision=OuterRef("revision")
                )
            )
            return self.filter(Q(document__unit=user.organisation_id) | in_sheets | cited)
        if user.role in READING_ROLES:
            scope = user.organisation.in_scope("document__unit")
            return self.filter(scope & _in_a_submission() | in_sheets)
        return self.none()


class HoldsFile(models.Func):
    """Whether the frozen content of a submission (`snapshots.dossier_content`) lists a file.

    Read from there: the citations cannot tell. One that moved on to a newer revision since no
    longer says which it held when it was submitted.
    """

    output_field = models.BooleanField()

    def as_postgresql(self, compiler, connection, **context):
        template = """jsonb_path_exists(%(content)s,
            '$.standards[*].criteria[*].indicators[*].evidence[*].files[*] ? (@.id == $id)',
            jsonb_build_object('id', %(file)s))"""
        return self._filled(compiler, template)

    def as_sqlite(self, compiler, connection, **context):
        template = """EXISTS (
            SELECT 1 FROM json_tree(%(content)s, '$.standards') AS part
            WHERE part.key = 'id' AND part.path GLOB '*.evidence[[]*].files[[]*'
            AND part.value = %(file)s)"""
        return self._filled(compiler, template)

    def _filled(self, compiler, template):
        content, file = (compiler.compile(each) for each in self.get_source_expressions())
        sql = template % {"content": content[0], "file": file[0]}
        return sql, (*content[1], *file[1])


def _in_a_submission() -> Q:
    """The files that some submission contained; asked of the dossiers that cite the paper or once
    did, since there are as many submissions as dossiers."""
    document = OuterRef(OuterRef("document"))
    citing = (
        Evidence.objects.filter(document=document),
        RemovedEvidence.objects.filter(document=document),
    )
    found = Q()
    for citations in citing:
        of_dossiers = Snapshot.objects.filter(evaluation__in=citations.values("result__evaluation"))
        found |= Q(Exists(of_dossiers.filter(HoldsFile("content", OuterRef("pk")))))
    return found


class StoredFile(models.Model):
    """One file of a document (tệp), kept for good; a new revision stands beside the old."""

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="files", verbose_name="văn bản"
    )
    file = models.FileField("tệp", max_length=200, upload_to=opaque_path)
    original_name = models.CharField("tên tệp", max_length=255)
    content_type = models.CharField("loại nội dung", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    revision = models.PositiveSmallIntegerField("bản", default=1)
    is_current = models.BooleanField("bản đang dùng", default=True)
    superseded_at = models.DateTimeField("được thay lúc", null=True, blank=True, editable=False)
    is_encrypted = models.BooleanField("có mật khẩu", default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người tải lên"
    )
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp minh chứng"
        verbose_name_plural = "tệp minh chứng"
        ordering = ["document", "revision", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_is_not_empty"),
            models.CheckConstraint(
                condition=Q(is_current=True, superseded_at__isnull=True)
                | Q(is_current=False, superseded_at__isnull=False),
                name="superseded_file_says_since_when",
            ),
        ]

    def __str__(self):
        return self.original_name

    def get_absolute_url(self):
        return reverse("evaluations:preview-page", args=[self.pk])

    @property
    def kind(self) -> FileKind:
        return KINDS[self.content_type]

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class EvidenceQuerySet(models.QuerySet):
    def submitted(self):
        """The citations that a submitted dossier contains, not those typed since."""
        return self.filter(result__evaluation__first_submitted_at__isnull=False).filter(
            ~Q(result__evaluation__status__in=EDITABLE) | Exists(_snapshot_with_citation())
        )

    def visible_to(self, user):
        if user.role in UNIT_ROLES:
            return self.filter(own_results(user, "result__"))
        if user.role in READING_ROLES:
            return self.submitted().filter(user.organisation.in_scope("result__evaluation__unit"))
        return self.none()

    def for_display(self):
        return self.select_related(
            "document",
            "result__indicator",
            "result__assignment",
            "result__evaluation__unit",
            "result__evaluation__pilot_round",
        ).order_by("result__evaluation", "result__indicator__position", "pk")


class Evidence(models.Model):
    """A document cited for one indicator (minh chứng), with its code and the page."""

    result = models.ForeignKey(
        IndicatorResult, models.CASCADE, related_name="evidence", verbose_name="kết quả chỉ báo"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="evidence", verbose_name="văn bản"
    )
    revision = models.PositiveSmallIntegerField("dùng bản", default=1)
    code = models.CharField("mã minh chứng", max_length=30)
    cited = models.CharField("trang, mục trích dẫn", max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thêm"
    )
    added_at = models.DateTimeField("thêm lúc", auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "document"],
                name="document_cited_once_per_indicator",
                violation_error_message="Văn bản này đã là minh chứng của chỉ báo.",
            ),
            models.UniqueConstraint(fields=["result", "code"], name="one_evidence_per_code"),
        ]

    def __str__(self):
        return f"{self.code} {self.document}"

    @property
    def reference(self) -> str:
        """Where the paper is used, in a sentence."""
        return self.code


class RemovedEvidenceQuerySet(AppendOnlyQuerySet):
    def submitted(self):
        """The citations that stood in some submission before they were removed."""
        standing = _snapshot_with_citation().filter(taken_at__lt=OuterRef("removed_at"))
        return self.filter(Exists(standing))


class RemovedEvidence(AppendOnly):
    """A citation that was taken off its indicator (minh chứng đã bỏ).

    It keeps the code from being given twice, and the paper readable for whoever received a
    submission that cites it.
    """

    result = models.ForeignKey(
        IndicatorResult,
        models.CASCADE,
        related_name="removed_evidence",
        verbose_name="kết quả chỉ báo",
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="removed_evidence", verbose_name="văn bản"
    )
    revision = models.PositiveSmallIntegerField("dùng bản", default=1)
    code = models.CharField("mã minh chứng", max_length=30)
    cited = models.CharField("trang, mục trích dẫn", max_length=200, blank=True)
    added_at = models.DateTimeField("thêm lúc")
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người bỏ"
    )
    removed_at = models.DateTimeField("bỏ lúc", auto_now_add=True)

    objects = RemovedEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng đã bỏ"
        verbose_name_plural = "minh chứng đã bỏ"
        ordering = ["-removed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "code"], name="one_removed_evidence_per_code"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.document}"


class EvidenceAccess(FileAccess):
    """Who opened or downloaded which file, and when."""

    stored_file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="accesses", verbose_name="tệp"
    )

    class Meta(FileAccess.Meta):
        verbose_name = "lượt mở tệp"
        verbose_name_plural = "lượt mở tệp"

    def __str__(self):
        return f"{self.stored_file}: {self.get_kind_display()}"


def _listed_for(user) -> Q:
    """A unit's own papers; for who reads, those that a submitted dossier cites or once cited."""
    if user.role in UNIT_ROLES:
        return Q(unit=user.organisation_id)
    if user.role not in READING_ROLES:
        return Q(pk__in=[])
    cited = Evidence.objects.submitted().filter(document=OuterRef("pk"))
    once_cited = RemovedEvidence.objects.submitted().filter(document=OuterRef("pk"))
    return user.organisation.in_scope("unit") & (Q(Exists(cited)) | Q(Exists(once_cited)))


def _snapshot_with_citation():
    """A submission taken after the citation was added."""
    return Snapshot.objects.filter(
        evaluation=OuterRef("result__evaluation"), taken_at__gte=OuterRef("added_at")
    )
