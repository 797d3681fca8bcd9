"""Verbs on evidence: take in a file, cite a paper, correct it, revise it, take a citation off.

A file is looked into, hashed and scanned before anything is locked; it lies on disk only as long
as the transaction that records it succeeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from evaluations.actions.guard import Closed, locked_document, locked_register, locked_result
from evaluations.models import (
    Document,
    Event,
    Evidence,
    EvidenceAccess,
    IndicatorResult,
    RemovedEvidence,
    StoredFile,
)
from evaluations.models.evidence import opaque_path
from evaluations.permissions import asked_result_ids, can_edit
from evaluations.scanning import scan
from evaluations.storage import sha256_of, stored
from evaluations.validators import CheckedFile, check_file
from evaluations.workflow import Status
from organisations.models import User
from organisations.text import nfc

DETAILS = ("number", "issued_on", "issuer", "summary")


class AlreadyKept(Exception):
    """The unit's register holds a file of the same content; nothing was stored a second time."""

    def __init__(self, stored_file: StoredFile):
        super().__init__(stored_file.sha256)
        self.stored_file = stored_file


@dataclass(frozen=True)
class Citations:
    """Where a paper is cited: what this person may write in now, and what is closed."""

    opened: list[Evidence]
    closed: list[Evidence]


class AlreadyRemoved(Exception):
    """Somebody took the citation off the indicator since the page was opened."""


def add_evidence_file(
    *,
    result: IndicatorResult,
    uploaded: File,
    by: User,
    details: Mapping[str, Any] | None = None,
    cited: str = "",
    document: Document | None = None,
) -> Evidence:
    """Store a new file and cite it for the indicator, as a new document or as one more file of
    `document`.

    Raises ValidationError for a file that is not taken in, AlreadyKept, `scanning.Infected`,
    `scanning.ScannerSilent`, `storage.StorageFull`, `guard.Closed`.
    """
    unit_id = result.evaluation.unit_id
    checked, sha256 = _looked_into(uploaded, unit_id)
    with stored(opaque_path(None, ""), uploaded) as path, transaction.atomic():
        locked_register(unit_id)
        result = locked_result(result, by)
        _refuse_known(unit_id, sha256)
        if document is None:
            document = _new_document(unit_id, checked, details or {}, by)
        elif document.unit_id != unit_id or _is_held(closed_citations(document, by), document):
            raise Closed
        _record(document, current_revision(document), path, checked, uploaded, sha256, by)
        return _cite(result, document, cited, by)


def add_document_file(
    *, document: Document, uploaded: File, by: User, as_new_revision: bool
) -> StoredFile:
    """One more file of a document, in its current revision or as the first of a new one.

    A new revision is what every open indicator uses from now on; a closed one keeps the old.
    Raises as `add_evidence_file`; `guard.Closed` too where a closed dossier holds the revision.
    """
    checked, sha256 = _looked_into(uploaded, document.unit_id)
    with stored(opaque_path(None, ""), uploaded) as path, transaction.atomic():
        document = locked_document(document, by)
        _refuse_known(document.unit_id, sha256)
        citations = _citations(document, by)
        if as_new_revision:
            revision = _begin_revision(document, citations.opened)
        elif _is_held(citations.closed, document):
            raise Closed
        else:
            revision = current_revision(document)
        kept = _record(document, revision, path, checked, uploaded, sha256, by)
        verb = f"thay bằng bản {revision} của" if as_new_revision else "thêm tệp vào"
        text = f"{verb} {document}: {kept}"
        _tell_citing(citations.opened, document, "document-file", text, by, revision=revision)
        return kept


@transaction.atomic
def cite(*, result: IndicatorResult, document: Document, by: User, cited: str = "") -> Evidence:
    """Use a paper of the unit's own register for the indicator; cited already, it stays as is."""
    locked_register(result.evaluation.unit_id)
    result = locked_result(result, by)
    if document.unit_id != result.evaluation.unit_id:
        raise Closed
    return _cite(result, document, cited, by)


@transaction.atomic
def change_citation(*, evidence: Evidence, cited: str, by: User) -> Evidence:
    """Correct the page or section that is cited. Raises AlreadyRemoved."""
    result = locked_result(evidence.result, by)
    evidence = _fresh(evidence)
    if evidence.cited != cited:
        old, evidence.cited = evidence.cited, cited
        evidence.save(update_fields=["cited"])
        text = f"{evidence.code}: sửa trích dẫn thành “{cited}”"
        _tell(result, "evidence-changed", text, by, old=old, new=cited)
    return evidence


@transaction.atomic
def use_current_revision(*, evidence: Evidence, by: User) -> Evidence:
    """Let a citation that held to an older revision use the newest. Raises AlreadyRemoved."""
    locked_register(evidence.document.unit_id)
    result = locked_result(evidence.result, by)
    evidence = _fresh(evidence)
    old, evidence.revision = evidence.revision, current_revision(evidence.document)
    evidence.save(update_fields=["revision"])
    text = f"{evidence.code}: chuyển từ bản {old} sang bản {evidence.revision}"
    _tell(result, "evidence-changed", text, by, old=old, new=evidence.revision)
    return evidence


@transaction.atomic
def remove_citation(*, evidence: Evidence, by: User) -> None:
    """Take a paper off the indicator. The paper stays in the register, the code stays used.

    Raises AlreadyRemoved.
    """
    result = locked_result(evidence.result, by)
    evidence = _fresh(evidence)
    RemovedEvidence.objects.create(
        result=result,
        document=evidence.document,
        revision=evidence.revision,
        code=evidence.code,
        cited=evidence.cited,
        added_at=evidence.added_at,
        removed_by=by,
    )
    evidence.delete()
    text = f"bỏ minh chứng {evidence.code}: {evidence.document}"
    _tell(result, "evidence-removed", text, by, document=evidence.document_id)


@transaction.atomic
def change_details(*, document: Document, details: Mapping[str, Any], by: User) -> Document:
    """Correct what the register says of a paper. Raises Closed where a closed dossier cites it."""
    document = locked_document(document, by)
    citations = _citations(document, by)
    if citations.closed:
        raise Closed
    changed = {name: details[name] for name in DETAILS if details[name] != getattr(document, name)}
    if not changed:
        return document
    old = {name: getattr(document, name) for name in changed}
    for name, value in changed.items():
        setattr(document, name, value)
    document.search = document.computed_search()
    document.save(update_fields=[*changed, "search"])
    text = f"sửa thông tin văn bản {document}"
    _tell_citing(citations.opened, document, "document-changed", text, by, old=old, new=changed)
    return document


def record_access(*, stored_file: StoredFile, kind: str, by: User) -> EvidenceAccess:
    return EvidenceAccess.objects.create(stored_file=stored_file, kind=kind, by=by)


def closed_citations(document: Document, by: User) -> list[Evidence]:
    """Where this paper is cited and the person may not write now."""
    return _citations(document, by).closed


def current_revision(document: Document) -> int:
    newest = document.files.order_by("-revision").values_list("revision", flat=True).first()
    return newest or 1


def _fresh(evidence: Evidence) -> Evidence:
    """The citation as it stands under the lock of its dossier."""
    found = Evidence.objects.select_related("document").filter(pk=evidence.pk).first()
    if found is None:
        raise AlreadyRemoved
    return found


def _citations(document: Document, by: User) -> Citations:
    """Asked once for a write: `can_edit_result` of each would ask for every citation anew."""
    found = list(Evidence.objects.for_display().filter(document=document))
    evaluations = {each.result.evaluation_id: each.result.evaluation for each in found}
    asked = {
        pk: set(asked_result_ids(evaluation))
        for pk, evaluation in evaluations.items()
        if evaluation.status == Status.RETURNED
    }

    def is_open(evidence: Evidence) -> bool:
        here = asked.get(evidence.result.evaluation_id)
        may_edit = can_edit(by, evidence.result.evaluation)
        return may_edit and (not here or evidence.result_id in here)

    return Citations(
        opened=[each for each in found if is_open(each)],
        closed=[each for each in found if not is_open(each)],
    )


def _is_held(closed: list[Evidence], document: Document) -> bool:
    """Does a closed citation hold the revision that one more file would change?"""
    newest = current_revision(document)
    return any(evidence.revision == newest for evidence in closed)


def _looked_into(uploaded: File, unit_id: int) -> tuple[CheckedFile, str]:
    checked = check_file(uploaded)
    sha256 = sha256_of(uploaded)
    _refuse_known(unit_id, sha256)
    scan(uploaded)
    return checked, sha256


def _refuse_known(unit_id: int, sha256: str) -> None:
    known = (
        StoredFile.objects.filter(document__unit=unit_id, sha256=sha256)
        .select_related("document")
        .order_by("-is_current", "pk")
        .first()
    )
    if known is not None:
        raise AlreadyKept(known)


def _new_document(
    unit_id: int, checked: CheckedFile, details: Mapping[str, Any], by: User
) -> Document:
    known = {name: details[name] for name in DETAILS if details.get(name)}
    known.setdefault("summary", nfc(checked.name.rpartition(".")[0])[:500])
    document = Document(unit_id=unit_id, created_by=by, **known)
    document.search = document.computed_search()
    document.save()
    return document


def _record(
    document: Document,
    revision: int,
    path: str,
    checked: CheckedFile,
    uploaded: File,
    sha256: str,
    by: User,
) -> StoredFile:
    return StoredFile.objects.create(
        document=document,
        file=path,
        original_name=checked.name,
        content_type=checked.kind.content_type,
        size=uploaded.size,
        sha256=sha256,
        revision=revision,
        is_encrypted=checked.is_encrypted,
        uploaded_by=by,
    )


def _begin_revision(document: Document, opened: list[Evidence]) -> int:
    revision = current_revision(document) + 1
    document.files.filter(is_current=True).update(is_current=False, superseded_at=timezone.now())
    document.evidence.filter(pk__in=[each.pk for each in opened]).update(revision=revision)
    return revision


def _cite(result: IndicatorResult, document: Document, cited: str, by: User) -> Evidence:
    """Under the lock of the dossier, so that no two citations take one code."""
    evidence = Evidence.objects.filter(result=result, document=document).first()
    if evidence is not None:
        return evidence
    evidence = Evidence.objects.create(
        result=result,
        document=document,
        revision=current_revision(document),
        code=_next_code(result),
        cited=cited,
        added_by=by,
    )
    text = f"thêm minh chứng {evidence.code}: {document}"
    _tell(result, "evidence-added", text, by, document=document.pk)
    return evidence


def _next_code(result: IndicatorResult) -> str:
    """ "H1.2.3-04": one past every number ever given here, removed ones too."""
    used = [
        *Evidence.objects.filter(result=result).values_list("code", flat=True),
        *RemovedEvidence.objects.filter(result=result).values_list("code", flat=True),
    ]
    number = max((int(code.rpartition("-")[2]) for code in used), default=0) + 1
    return f"H{result.indicator.code}-{number:02}"


def _tell_citing(
    opened: list[Evidence], document: Document, kind: str, text: str, by: User, **detail: Any
) -> None:
    """One line in the trail of each dossier that cites the paper and is open to this person."""
    for result in {each.result.evaluation_id: each.result for each in opened}.values():
        _tell(result, kind, text, by, document=document.pk, **detail)


def _tell(result: IndicatorResult, kind: str, text: str, by: User, **detail: Any) -> None:
    Event.objects.create(
        evaluation_id=result.evaluation_id,
        kind=kind,
        text=text[:300],
        by=by,
        detail={"indicator": result.indicator.code, **detail},
    )
