"""The pages on which papers are cited: upload, pick from the register, correct the page cited.

They are the same for an indicator of a dossier and for an item of a unit's own sheet; what
differs is the `Target`.
"""

from dataclasses import dataclass
from typing import Protocol

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evaluations.actions import papers
from evaluations.forms.documents import CitationForm, PickForm, RegisterSearchForm, UploadForm
from evaluations.models import Document, Evidence, SheetEvidence, StoredFile
from evaluations.views.uploads import (
    INCOMPLETE,
    PASSWORD,
    Outcome,
    dropped,
    refused,
    taken_in,
    upload_limits,
)
from organisations.models import User

PAGE_SIZE = 30

Citation = Evidence | SheetEvidence


class Target(Protocol):
    """What papers are cited for, in words, addresses and verbs."""

    unit_id: int
    name: str  # as a sentence and a button name it: "1.1.1", "mục 1.1"
    noun: str  # "chỉ báo", "mục"
    whole_name: str  # "chỉ báo 1.1.1", "mục 1.1"
    title: str
    url: str  # back to its section of evidence
    back_label: str
    upload_url: str
    pick_url: str

    def citations(self): ...
    def code_of(self, citation: Citation) -> str: ...
    def add_file(self, **words) -> Citation: ...
    def cite(self, **words) -> Citation: ...
    def change_citation(self, **words) -> Citation: ...


@dataclass(frozen=True)
class CitedPaper:
    """One line of a section: the citation and the files of the revision it holds to."""

    evidence: Citation
    files: list[StoredFile]
    is_new: bool
    has_newer: bool

    @property
    def address(self) -> str:
        paper = self.files[0] if self.files else self.evidence.document
        return paper.get_absolute_url()


@dataclass(frozen=True)
class Choice:
    """One paper of the register on the page where papers are picked."""

    document: Document
    is_cited: bool
    code: str
    is_chosen: bool
    cited: str
    errors: list[str]


def cited_paper(evidence: Citation, taken_at=None) -> CitedPaper:
    """With the files as prefetched; `taken_at`: when what cites it was last handed in."""
    files = list(evidence.document.files.all())
    # A reader knows nothing of the revision that an open citation has moved on to since.
    known = (file.revision for file in files if file.revision <= evidence.revision)
    revision = max(known, default=evidence.revision)
    return CitedPaper(
        evidence=evidence,
        files=[file for file in files if file.revision == revision],
        is_new=taken_at is not None and evidence.added_at > taken_at,
        has_newer=any(file.revision > revision for file in files),
    )


def upload_for(request: HttpRequest, target: Target) -> HttpResponse:
    """Several files at once, or one at a time from upload.js, which asks for a fragment."""
    if request.method != "POST":
        return _upload_page(request, target, UploadForm(unit_id=target.unit_id))
    form = UploadForm(request.POST, request.FILES, unit_id=target.unit_id)
    is_valid = form.is_valid()
    before = list(form.cleaned_data.get("stored", []))
    outcomes = [*dropped(request), *_take_in(target, form, before, request.user)]
    if "fragment" in request.POST:
        return _fragment(request, target, outcomes or [refused("Tệp", INCOMPLETE)])
    _complete(target, before, form, request.user)
    if not outcomes and not before:
        form.add_error("files", "Chọn ít nhất một tệp.")
        is_valid = False
    if not is_valid or not all(outcome.is_settled for outcome in outcomes):
        return _upload_page(request, target, form, outcomes=outcomes, before=before)
    for outcome in outcomes:
        messages.success(request, f"{outcome.name} {outcome.message}.")
    return redirect(target.url)


def pick_for(request: HttpRequest, target: Target) -> HttpResponse:
    """Choose from the unit's own register; also the one button that reuses a known file."""
    form = PickForm(request.POST, unit_id=target.unit_id)
    if request.method == "POST" and form.is_valid():
        for document in form.cleaned_data["document"]:
            chosen = target.cite(document=document, cited=form.cited(document), by=request.user)
            code = target.code_of(chosen) or f"của {target.name}"
            messages.success(request, f"{document} là minh chứng {code}.")
        return redirect(target.url)
    search = RegisterSearchForm(request.GET)
    found = search.narrowed(Document.objects.filter(unit=target.unit_id))
    page = Paginator(found.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "target": target,
        "form": form if request.method == "POST" else None,
        "search": search,
        "page": page,
        "choices": _choices(target, list(page.object_list), request, form),
    }
    return render(request, "evaluations/documents/pick.html", context)


def citation_for(
    request: HttpRequest, target: Target, evidence: Citation, *, remove_url: str, newest_url: str
) -> HttpResponse:
    """Correct the page that is cited; from here a paper is taken off, too."""
    form = CitationForm(request.POST or None, initial={"cited": evidence.cited})
    name = target.code_of(evidence) or f"của {target.name}"
    if request.method == "POST" and form.is_valid():
        cited = form.cleaned_data["cited"]
        target.change_citation(evidence=evidence, cited=cited, by=request.user)
        messages.success(
            request, f"Đã lưu trích dẫn của {target.code_of(evidence) or target.name}."
        )
        return redirect(target.url)
    context = {
        "target": target,
        "evidence": evidence,
        "code": target.code_of(evidence),
        "name": name,
        "form": form,
        "newest": papers.current_revision(evidence.document),
        "remove_url": remove_url,
        "newest_url": newest_url,
    }
    return render(request, "evaluations/documents/citation.html", context)


def _upload_page(
    request: HttpRequest,
    target: Target,
    form: UploadForm,
    *,
    outcomes: list[Outcome] = (),
    before: list[Document] = (),
) -> HttpResponse:
    stored = [outcome.document for outcome in outcomes if outcome.is_stored]
    context = {
        "target": target,
        "form": form,
        "outcomes": outcomes,
        "stored": [*before, *stored],
        "limits": upload_limits(),
    }
    return render(request, "evaluations/documents/upload.html", context)


def _fragment(request: HttpRequest, target: Target, outcomes: list[Outcome]):
    """What upload.js puts in the list in place of the file's line."""
    context = {
        "outcomes": outcomes,
        "target": target,
        "details_follow": "details" in request.POST,
    }
    return render(request, "evaluations/partials/evidence_outcomes.html", context)


def _take_in(target: Target, form: UploadForm, before: list[Document], by: User) -> list[Outcome]:
    """Store the files one by one: what is good is kept even where its neighbour is refused."""
    together = form.cleaned_data.get("together", False)
    document = before[0] if together and before else None
    outcomes = []
    for uploaded in form.uploads:
        outcome = _take_in_one(target, uploaded, form, document, by)
        outcomes.append(outcome)
        if together and outcome.is_stored:
            document = document or outcome.document
    return outcomes


def _take_in_one(
    target: Target, uploaded, form: UploadForm, chosen: Document | None, by: User
) -> Outcome:
    def store() -> Outcome:
        evidence = target.add_file(
            uploaded=uploaded,
            by=by,
            details=form.details,
            cited=form.cleaned_data.get("cited", ""),
            document=chosen,
        )
        newest = evidence.document.files.order_by("-pk").first()
        code = target.code_of(evidence)
        said = f"đã lưu, mã {code}" if code else f"đã lưu cho {target.name}"
        warning, sign = (f"; {PASSWORD}", "ask") if newest.is_encrypted else ("", "accept")
        return Outcome(
            newest.original_name, said + warning, sign, evidence.document, is_stored=True
        )

    def known(stored_file: StoredFile) -> Outcome:
        return _known(target, uploaded.name, stored_file)

    return taken_in(uploaded.name, store, known)


def _known(target: Target, name: str, stored_file: StoredFile) -> Outcome:
    """The register holds this very content: say where, and offer it."""
    document = stored_file.document
    here = target.citations().filter(document=document).first()
    if here is not None:
        words = ["đã là minh chứng", target.code_of(here), f"của {target.noun} này"]
        message = f"{' '.join(word for word in words if word)}, không lưu lần nữa"
        return Outcome(name, message, "accept", document)
    elsewhere = document.evidence.order_by("pk").first()
    elsewhere = elsewhere or document.sheet_evidence.for_display().first()
    where = f" ({elsewhere.reference})" if elsewhere else ""
    older = "" if stored_file.is_current else f", ở bản {stored_file.revision} đã được thay"
    return Outcome(name, f"đã có trong kho{where}{older}", "accept", document, can_reuse=True)


def _complete(target: Target, documents: list[Document], form: UploadForm, by: User) -> None:
    """Write what was typed, once it is right, to the papers that an earlier try stored."""
    cited = form.cleaned_data.get("cited", "")
    for document in documents:
        known = {name: getattr(document, name) for name in papers.DETAILS}
        papers.change_details(document=document, details=known | form.details, by=by)
        evidence = target.citations().filter(document=document).first()
        if not cited or evidence is None:
            continue
        try:
            target.change_citation(evidence=evidence, cited=cited, by=by)
        except papers.AlreadyRemoved:
            continue  # taken off this very moment: as if it had been before


def _choices(
    target: Target, documents: list[Document], request: HttpRequest, form: PickForm
) -> list[Choice]:
    cited = {each.document_id: target.code_of(each) for each in target.citations()}
    chosen = set(request.POST.getlist("document"))
    return [
        Choice(
            document=document,
            is_cited=document.pk in cited,
            code=cited.get(document.pk, ""),
            is_chosen=str(document.pk) in chosen,
            cited=request.POST.get(f"cited-{document.pk}", ""),
            errors=form.errors.get(f"cited-{document.pk}", []) if chosen else [],
        )
        for document in documents
    ]
