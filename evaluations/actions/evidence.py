"""Verbs on the evidence of an indicator: cite a paper, correct the page, take a citation off.

The papers themselves, and the files that come in with a citation, are `actions.papers`.
"""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import transaction

from evaluations.actions.guard import Closed, locked_register, locked_result
from evaluations.actions.papers import (
    AlreadyRemoved,
    chosen_document,
    current_revision,
    incoming,
)
from evaluations.actions.trails import tell
from evaluations.models import Document, Evidence, IndicatorResult, RemovedEvidence
from organisations.models import User


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

    Raises as `papers.incoming`, and `guard.Closed`.
    """
    with incoming(uploaded, result.writer_id) as file:
        result = locked_result(result, by)
        if result.writer_id != file.unit_id:  # assigned to another agency since
            raise Closed
        document = chosen_document(file, document, details, by)
        file.record(document, current_revision(document), by)
        return _cite(result, document, cited, by)


@transaction.atomic
def cite(*, result: IndicatorResult, document: Document, by: User, cited: str = "") -> Evidence:
    """Use a paper of the unit's own register for the indicator; cited already, it stays as is."""
    locked_register(result.writer_id)
    result = locked_result(result, by)
    if document.unit_id != result.writer_id:
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
        tell(result, "evidence-changed", text, by, old=old, new=cited)
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
    tell(result, "evidence-changed", text, by, old=old, new=evidence.revision)
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
    tell(result, "evidence-removed", text, by, document=evidence.document_id)


def _fresh(evidence: Evidence) -> Evidence:
    """The citation as it stands under the lock of its dossier."""
    found = Evidence.objects.select_related("document").filter(pk=evidence.pk).first()
    if found is None:
        raise AlreadyRemoved
    return found


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
    tell(result, "evidence-added", text, by, document=document.pk)
    return evidence


def _next_code(result: IndicatorResult) -> str:
    """ "H1.2.3-04": one past every number ever given here, removed ones too."""
    used = [
        *Evidence.objects.filter(result=result).values_list("code", flat=True),
        *RemovedEvidence.objects.filter(result=result).values_list("code", flat=True),
    ]
    number = max((int(code.rpartition("-")[2]) for code in used), default=0) + 1
    return f"H{result.indicator.code}-{number:02}"
