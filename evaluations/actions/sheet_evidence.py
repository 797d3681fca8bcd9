"""Verbs on the evidence of a unit's own sheet: what `actions.evidence` does for an indicator.

A citation is taken off only while the sheet is the unit's to write on. What was sent before is
told by the trail; the paper stays in the register.
"""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import transaction

from evaluations.actions.guard import Closed, locked_register, locked_sheet
from evaluations.actions.papers import (
    AlreadyRemoved,
    chosen_document,
    current_revision,
    incoming,
)
from evaluations.actions.sheets import begin_sheet
from evaluations.actions.trails import tell_sheet
from evaluations.models import Document, SheetEvidence, UnitResult
from evaluations.unit_sheets import (
    EVIDENCE_ADDED,
    EVIDENCE_CHANGED,
    EVIDENCE_REMOVED,
    WHOLE,
)
from organisations.models import User


def add_sheet_file(
    *,
    result: UnitResult,
    code: str,
    uploaded: File,
    by: User,
    details: Mapping[str, Any] | None = None,
    cited: str = "",
    document: Document | None = None,
) -> SheetEvidence:
    """Store a new file and cite it for the item, as a new document or one more file of `document`.

    Raises as `papers.incoming`, and `guard.Closed`.
    """
    with incoming(uploaded, result.unit_id) as file:
        line = locked_sheet(result, by)
        document = chosen_document(file, document, details, by)
        file.record(document, current_revision(document), by)
        return _cite(line, code, document, cited, by)


@transaction.atomic
def cite_for_item(
    *, result: UnitResult, code: str, document: Document, by: User, cited: str = ""
) -> SheetEvidence:
    """Use a paper of the unit's own register for the item; cited already, it stays as it is."""
    locked_register(result.unit_id)
    line = locked_sheet(result, by)
    if document.unit_id != line.unit_id:
        raise Closed
    return _cite(line, code, document, cited, by)


@transaction.atomic
def change_item_citation(*, evidence: SheetEvidence, cited: str, by: User) -> SheetEvidence:
    """Correct the page or section that is cited. Raises AlreadyRemoved."""
    line = locked_sheet(evidence.result, by)
    evidence = _fresh(evidence)
    if evidence.cited != cited:
        old, evidence.cited = evidence.cited, cited
        evidence.save(update_fields=["cited"])
        text = f"{_named(evidence.item_code)}: sửa trích dẫn của {evidence.document}"
        _tell(line, EVIDENCE_CHANGED, text, by, evidence, old=old, new=cited)
    return evidence


@transaction.atomic
def use_current_for_item(*, evidence: SheetEvidence, by: User) -> SheetEvidence:
    """Let a citation that held to an older revision use the newest. Raises AlreadyRemoved."""
    locked_register(evidence.document.unit_id)
    line = locked_sheet(evidence.result, by)
    evidence = _fresh(evidence)
    old, evidence.revision = evidence.revision, current_revision(evidence.document)
    evidence.save(update_fields=["revision"])
    text = f"{_named(evidence.item_code)}: dùng bản {evidence.revision} của {evidence.document}"
    _tell(line, EVIDENCE_CHANGED, text, by, evidence, old=old, new=evidence.revision)
    return evidence


@transaction.atomic
def remove_item_citation(*, evidence: SheetEvidence, by: User) -> None:
    """Take a paper off the item; it stays in the register. Raises AlreadyRemoved."""
    line = locked_sheet(evidence.result, by)
    evidence = _fresh(evidence)
    text = f"{_named(evidence.item_code)}: bỏ minh chứng {evidence.document}"
    _tell(line, EVIDENCE_REMOVED, text, by, evidence, cited=evidence.cited)
    evidence.delete()


def was_removed(result: UnitResult, pk: int) -> bool:
    """There was such a citation on this sheet, and somebody took it off."""
    return result.events.filter(kind=EVIDENCE_REMOVED, detail__evidence=pk).exists()


def _cite(line: UnitResult, code: str, document: Document, cited: str, by: User) -> SheetEvidence:
    begin_sheet(line, by)
    evidence, is_new = SheetEvidence.objects.get_or_create(
        result=line,
        item_code=code,
        document=document,
        defaults={"revision": current_revision(document), "cited": cited, "added_by": by},
    )
    if is_new:
        text = f"{_named(code)}: thêm minh chứng {document}"
        _tell(line, EVIDENCE_ADDED, text, by, evidence)
    return evidence


def _fresh(evidence: SheetEvidence) -> SheetEvidence:
    """The citation as it stands under the lock of its sheet."""
    found = SheetEvidence.objects.select_related("document").filter(pk=evidence.pk).first()
    if found is None:
        raise AlreadyRemoved
    return found


def _named(code: str) -> str:
    return "cả phiếu" if code == WHOLE else f"mục {code}"


def _tell(line: UnitResult, kind: str, text: str, by: User, evidence: SheetEvidence, **detail: Any):
    tell_sheet(
        line,
        kind,
        text,
        by,
        item=evidence.item_code,
        document=evidence.document_id,
        evidence=evidence.pk,
        **detail,
    )
