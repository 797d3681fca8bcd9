"""Verbs on a unit's register of papers: take in a file, revise a paper, correct what it says.

A file is looked into, hashed and scanned before anything is locked; it lies on disk only as long
as the transaction that records it succeeds. What a dossier or a sheet was sent with is closed:
neither its revision nor what the register says of it changes under whoever received it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from evaluations.actions.guard import Closed, locked_document, locked_register
from evaluations.actions.trails import tell, tell_sheet
from evaluations.models import (
    Document,
    Evidence,
    EvidenceAccess,
    SheetEvidence,
    StoredFile,
)
from evaluations.models.evidence import opaque_path
from evaluations.permissions import asked_result_ids, can_write_for
from evaluations.scanning import scan
from evaluations.storage import sha256_of, stored
from evaluations.unit_sheets import SENT_SHEETS
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


class AlreadyRemoved(Exception):
    """Somebody took the citation off since the page was opened."""


@dataclass(frozen=True)
class Citations:
    """Where a paper is cited: what this person may write in now, and what is closed."""

    opened: list[Evidence | SheetEvidence]
    closed: list[Evidence | SheetEvidence]


@dataclass(frozen=True)
class IncomingFile:
    """A file that was found good and lies on disk, to be recorded in the register."""

    unit_id: int
    path: str
    checked: CheckedFile
    sha256: str
    size: int

    def new_document(self, details: Mapping[str, Any], by: User) -> Document:
        """A paper of its own; without a summary it is called by the file's name."""
        known = {name: details[name] for name in DETAILS if details.get(name)}
        known.setdefault("summary", nfc(self.checked.name.rpartition(".")[0])[:500])
        document = Document(unit_id=self.unit_id, created_by=by, **known)
        document.search = document.computed_search()
        document.save()
        return document

    def record(self, document: Document, revision: int, by: User) -> StoredFile:
        return StoredFile.objects.create(
            document=document,
            file=self.path,
            original_name=self.checked.name,
            content_type=self.checked.kind.content_type,
            size=self.size,
            sha256=self.sha256,
            revision=revision,
            is_encrypted=self.checked.is_encrypted,
            uploaded_by=by,
        )


@contextmanager
def incoming(uploaded: File, unit_id: int) -> Iterator[IncomingFile]:
    """The file, good and not yet known, inside the transaction that is to record it.

    Raises ValidationError for a file that is not taken in, AlreadyKept, `scanning.Infected`,
    `scanning.ScannerSilent`, `storage.StorageRefuses`.
    """
    checked = check_file(uploaded)
    sha256 = sha256_of(uploaded)
    _refuse_known(unit_id, sha256)
    scan(uploaded)
    with stored(opaque_path(None, ""), uploaded) as path, transaction.atomic():
        locked_register(unit_id)
        _refuse_known(unit_id, sha256)
        yield IncomingFile(unit_id, path, checked, sha256, uploaded.size)


def chosen_document(
    file: IncomingFile, document: Document | None, details: Mapping[str, Any] | None, by: User
) -> Document:
    """The paper that takes the file: a new one, or one of the register that nothing holds."""
    if document is None:
        return file.new_document(details or {}, by)
    if document.unit_id != file.unit_id or _is_held(closed_citations(document, by), document):
        raise Closed
    return document


def add_document_file(
    *, document: Document, uploaded: File, by: User, as_new_revision: bool
) -> StoredFile:
    """One more file of a document, in its current revision or as the first of a new one.

    A new revision is what every open indicator and sheet uses from now on; a closed one keeps the
    old. Raises as `incoming`; `guard.Closed` too where something closed holds the revision.
    """
    with incoming(uploaded, document.unit_id) as file:
        document = locked_document(document, by)
        citations = _citations(document, by)
        if as_new_revision:
            revision = _begin_revision(document, citations.opened)
        elif _is_held(citations.closed, document):
            raise Closed
        else:
            revision = current_revision(document)
        kept = file.record(document, revision, by)
        verb = f"thay bằng bản {revision} của" if as_new_revision else "thêm tệp vào"
        text = f"{verb} {document}: {kept}"
        _tell_citing(citations.opened, document, "document-file", text, by, revision=revision)
        return kept


@transaction.atomic
def change_details(*, document: Document, details: Mapping[str, Any], by: User) -> Document:
    """Correct what the register says of a paper. Raises Closed where something closed cites it."""
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


def closed_citations(document: Document, by: User) -> list[Evidence | SheetEvidence]:
    """Where this paper is cited and the person may not write now."""
    return _citations(document, by).closed


def current_revision(document: Document) -> int:
    newest = document.files.order_by("-revision").values_list("revision", flat=True).first()
    return newest or 1


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
        may_write = can_write_for(by, evidence.result)
        return may_write and (not here or evidence.result_id in here)

    in_sheets = list(SheetEvidence.objects.for_display().filter(document=document))
    sent = [
        each
        for each in in_sheets
        if each.result.sheet_status in SENT_SHEETS or not each.result.pilot_round.is_open
    ]
    return Citations(
        opened=[
            *(each for each in found if is_open(each)),
            *(each for each in in_sheets if each not in sent),
        ],
        closed=[*(each for each in found if not is_open(each)), *sent],
    )


def _is_held(closed: list[Evidence | SheetEvidence], document: Document) -> bool:
    """Does a closed citation hold the revision that one more file would change?"""
    newest = current_revision(document)
    return any(evidence.revision == newest for evidence in closed)


def _refuse_known(unit_id: int, sha256: str) -> None:
    known = (
        StoredFile.objects.filter(document__unit=unit_id, sha256=sha256)
        .select_related("document")
        .order_by("-is_current", "pk")
        .first()
    )
    if known is not None:
        raise AlreadyKept(known)


def _begin_revision(document: Document, opened: list[Evidence | SheetEvidence]) -> int:
    revision = current_revision(document) + 1
    document.files.filter(is_current=True).update(is_current=False, superseded_at=timezone.now())
    for citations in (document.evidence, document.sheet_evidence):
        keys = [each.pk for each in opened if isinstance(each, citations.model)]
        citations.filter(pk__in=keys).update(revision=revision)
    return revision


def _tell_citing(
    opened: list[Evidence | SheetEvidence],
    document: Document,
    kind: str,
    text: str,
    by: User,
    **detail: Any,
) -> None:
    """One line in the trail of each dossier and sheet that cites the paper and is open."""
    dossiers = {each.result.evaluation_id: each for each in opened if isinstance(each, Evidence)}
    sheets = {each.result_id: each for each in opened if isinstance(each, SheetEvidence)}
    for evidence in dossiers.values():
        tell(evidence.result, kind, text, by, document=document.pk, **detail)
    for evidence in sheets.values():
        tell_sheet(evidence.result, kind, text, by, document=document.pk, **detail)
