"""The register of evidence: the list, one paper, its files, and opening a file.

Files leave only through here: to whom may know of them, noted, and boxed in by headers so that
nothing in an uploaded file can act on our pages.
"""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import papers as actions
from evaluations.forms.documents import DocumentForm, NewFilesForm, RegisterSearchForm
from evaluations.models import Document, Evidence, EvidenceAccess, StoredFile
from evaluations.permissions import can_keep_document, can_see_accesses, fills_sheets
from evaluations.rounds import current_round
from evaluations.validators import JPEG, PDF, PNG
from evaluations.views.files import boxed
from evaluations.views.uploads import (
    PASSWORD,
    Outcome,
    dropped,
    taken_in,
    upload_limits,
)
from organisations.models import UNIT_ROLES, User
from organisations.uploads import takes_files

logger = logging.getLogger(__name__)

PAGE_SIZE = 30
ACCESSES_SHOWN = 50
SHOWN_IN_PAGE = {PDF.content_type, JPEG.content_type, PNG.content_type}


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """The unit's register; for the Sở, the papers that the submitted dossiers of a round cite."""
    is_own = request.user.role in UNIT_ROLES
    search = RegisterSearchForm(request.GET, pilot_round=None if is_own else current_round(request))
    listed = Document.objects.listed_for(request.user, search.pilot_round)
    found = search.narrowed(listed).for_display_to(request.user).order_by("-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "search": search,
        "page": page,
        "is_searching": any(request.GET.get(name) for name in search.fields),
        "is_own": is_own,
        "fills_sheets": fills_sheets(request.user),
    }
    return render(request, "evaluations/documents/documents.html", context)


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: what the register says of it, its files by revision, where it is cited."""
    paper = _get_document(request, pk)
    if request.method != "POST":
        return _document_page(request, paper)
    if not can_keep_document(request.user, paper):
        raise PermissionDenied
    form = DocumentForm(request.POST, instance=_get_document(request, pk))
    if not form.is_valid():
        return _document_page(request, paper, form=form)
    actions.change_details(document=paper, details=form.cleaned_data, by=request.user)
    messages.success(request, "Đã lưu thông tin văn bản.")
    return redirect(paper)


@takes_files()
@require_POST
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """More files of the current revision, or the files of a new one."""
    paper = _get_document(request, pk)
    if not can_keep_document(request.user, paper):
        raise PermissionDenied
    closed = actions.closed_citations(paper, request.user)
    is_held = any(row.revision == actions.current_revision(paper) for row in closed)
    form = NewFilesForm(request.POST, request.FILES, is_held=is_held)
    outcomes = dropped(request)
    if form.is_valid() and not form.cleaned_data["files"] and not outcomes:
        form.add_error("files", "Chọn ít nhất một tệp.")
    if not form.is_valid():
        return _document_page(request, paper, files_form=form, outcomes=outcomes)
    outcomes += _take_in(paper, form, request.user)
    if not all(outcome.is_settled for outcome in outcomes):
        return _document_page(request, _get_document(request, pk), outcomes=outcomes)
    for outcome in outcomes:
        messages.success(request, f"{outcome.name} {outcome.message}.")
    return redirect(paper)


@require_safe
def download_file(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(request, pk, EvidenceAccess.Kind.DOWNLOAD)


@xframe_options_sameorigin
@require_safe
def preview_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, for a frame of our own page; what cannot be shown there is downloaded."""
    return _file(request, pk, EvidenceAccess.Kind.PREVIEW)


@require_safe
def preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    stored_file = _get_file(request, pk)
    siblings = StoredFile.objects.visible_to(request.user).filter(
        document=stored_file.document, revision=stored_file.revision
    )
    context = {
        "file": stored_file,
        "document": stored_file.document,
        "siblings": siblings,
        "is_shown": stored_file.content_type in SHOWN_IN_PAGE,
    }
    return render(request, "evaluations/documents/preview.html", context)


def _get_document(request: HttpRequest, pk: int) -> Document:
    visible = Document.objects.visible_to(request.user).for_display_to(request.user)
    return get_object_or_404(visible, pk=pk)


def _get_file(request: HttpRequest, pk: int) -> StoredFile:
    visible = StoredFile.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("document__unit", "uploaded_by"), pk=pk)


def _document_page(
    request: HttpRequest,
    paper: Document,
    *,
    form: DocumentForm | None = None,
    files_form: NewFilesForm | None = None,
    outcomes: list[Outcome] = (),
) -> HttpResponse:
    may_keep = can_keep_document(request.user, paper)
    closed = actions.closed_citations(paper, request.user) if may_keep else []
    newest = max((file.revision for file in paper.files.all()), default=1)
    is_held = any(row.revision == newest for row in closed)
    accesses = (
        EvidenceAccess.objects.filter(stored_file__in=[file.pk for file in paper.files.all()])
        .select_related("by__organisation", "stored_file")
        .order_by("-at", "-pk")
    )
    context = {
        "document": paper,
        "can_keep": may_keep,
        "closed": closed,
        "closed_in_sheets_only": not any(isinstance(row, Evidence) for row in closed),
        "is_held": is_held,
        "newest": newest,
        "form": form or DocumentForm(instance=paper),
        "files_form": files_form or NewFilesForm(initial={"mode": "same"}, is_held=is_held),
        "outcomes": outcomes,
        "files": sorted(paper.files.all(), key=lambda file: (-file.revision, file.pk)),
        "sees_accesses": can_see_accesses(request.user, paper),
        "accesses": accesses[:ACCESSES_SHOWN],
        "limits": upload_limits(),
    }
    return render(request, "evaluations/documents/document.html", context)


def _take_in(paper: Document, form: NewFilesForm, by: User) -> list[Outcome]:
    """One by one: the first good file opens the new revision, the others join it."""
    begins_revision = form.cleaned_data["mode"] == NewFilesForm.NEW
    outcomes = []
    for uploaded in form.cleaned_data["files"]:
        outcome = _take_in_one(paper, uploaded, begins_revision, by)
        begins_revision = begins_revision and not outcome.is_stored
        outcomes.append(outcome)
    return outcomes


def _take_in_one(paper: Document, uploaded, begins_revision: bool, by: User) -> Outcome:
    def store() -> Outcome:
        kept = actions.add_document_file(
            document=paper, uploaded=uploaded, by=by, as_new_revision=begins_revision
        )
        said = f"đã lưu vào bản {kept.revision}"
        warning, sign = (f"; {PASSWORD}", "ask") if kept.is_encrypted else ("", "accept")
        return Outcome(kept.original_name, said + warning, sign, paper, is_stored=True)

    def known(stored_file: StoredFile) -> Outcome:
        if stored_file.document_id == paper.pk:
            where = f"đã có ở bản {stored_file.revision} của văn bản này, không lưu lần nữa"
        else:
            where = f"đã có trong kho, ở văn bản {stored_file.document}; không lưu lần nữa"
        return Outcome(uploaded.name, where, "ask", stored_file.document)

    return taken_in(uploaded.name, store, known)


def _file(request: HttpRequest, pk: int, kind: EvidenceAccess.Kind) -> HttpResponse:
    stored_file = _get_file(request, pk)
    is_shown = kind == EvidenceAccess.Kind.PREVIEW and stored_file.content_type in SHOWN_IN_PAGE
    try:
        opened = stored_file.file.open("rb")
    except FileNotFoundError as error:
        logger.error("file %s of the register is not in storage", stored_file.pk)
        raise Http404("the file is not in storage") from error
    if request.method == "GET":
        actions.record_access(stored_file=stored_file, kind=kind, by=request.user)
    return boxed(
        opened,
        name=stored_file.original_name,
        content_type=stored_file.kind.content_type,
        is_shown=is_shown,
    )
