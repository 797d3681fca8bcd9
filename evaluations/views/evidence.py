"""Evidence of one indicator: the section on its page, upload, pick, correct, take off."""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import evidence as actions
from evaluations.forms.documents import CitationForm, PickForm, RegisterSearchForm, UploadForm
from evaluations.models import Document, Evaluation, Evidence, IndicatorResult, StoredFile
from evaluations.permissions import can_edit_result
from evaluations.views.dossiers import get_open_result, get_result
from evaluations.views.uploads import (
    INCOMPLETE,
    PASSWORD,
    Outcome,
    dropped,
    refused,
    streaming_uploads,
    taken_in,
    upload_limits,
)
from organisations.models import User

PAGE_SIZE = 30


@dataclass(frozen=True)
class CitedPaper:
    """One line of the section: the citation and the files of the revision it holds to."""

    evidence: Evidence
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
    code: str
    is_chosen: bool
    cited: str
    errors: list[str]


def evidence_section(result: IndicatorResult, user: User) -> dict:
    """Context of `evaluations/partials/evidence_section.html`; four queries, however many papers.

    Whoever reads for the Sở sees what was submitted, not what the unit adds meanwhile.
    """
    files = StoredFile.objects.visible_to(user)
    evidence = (
        Evidence.objects.visible_to(user)
        .filter(result=result)
        .select_related("document")
        .prefetch_related(Prefetch("document__files", files))
        .order_by(Length("code"), "code")
    )
    taken_at = _last_submission(result.evaluation)
    return {
        "result": result,
        "evidence": [_cited_paper(row, taken_at) for row in evidence],
        "can_edit": can_edit_result(user, result),
        "limits": upload_limits(),
    }


@require_safe
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The section alone, for the page that has just uploaded into it."""
    result = get_result(request, pk, code)
    context = evidence_section(result, request.user)
    return render(request, "evaluations/partials/evidence_section.html", context)


@streaming_uploads
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Several files at once, or one at a time from upload.js, which asks for a fragment."""
    result = get_open_result(request, pk, code)
    unit_id = result.evaluation.unit_id
    if request.method != "POST":
        return _upload_page(request, result, UploadForm(unit_id=unit_id))
    form = UploadForm(request.POST, request.FILES, unit_id=unit_id)
    is_valid = form.is_valid()
    before = list(form.cleaned_data.get("stored", []))
    outcomes = [*dropped(request), *_take_in(result, form, before, request.user)]
    if "fragment" in request.POST:
        return _fragment(request, result, outcomes or [refused("Tệp", INCOMPLETE)])
    _complete(result, before, form, request.user)
    if not outcomes and not before:
        form.add_error("files", "Chọn ít nhất một tệp.")
        is_valid = False
    if not is_valid or not all(outcome.is_settled for outcome in outcomes):
        return _upload_page(request, result, form, outcomes=outcomes, before=before)
    for outcome in outcomes:
        messages.success(request, f"{outcome.name} {outcome.message}.")
    return redirect(f"{result.get_absolute_url()}#minh-chung")


@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Choose from the unit's own register; also the one button that reuses a known file."""
    result = get_open_result(request, pk, code)
    form = PickForm(request.POST, unit_id=result.evaluation.unit_id)
    if request.method == "POST" and form.is_valid():
        for document in form.cleaned_data["document"]:
            cited = form.cited(document)
            chosen = actions.cite(result=result, document=document, cited=cited, by=request.user)
            messages.success(request, f"{document} là minh chứng {chosen.code}.")
        return redirect(f"{result.get_absolute_url()}#minh-chung")
    search = RegisterSearchForm(request.GET)
    found = search.narrowed(Document.objects.visible_to(request.user))
    page = Paginator(found.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "result": result,
        "evaluation": result.evaluation,
        "form": form if request.method == "POST" else None,
        "search": search,
        "page": page,
        "choices": _choices(result, list(page.object_list), request, form),
    }
    return render(request, "evaluations/documents/pick.html", context)


def told_when_removed(view):
    """Back to the indicator with a word, where somebody has taken the citation off meanwhile."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
        try:
            return view(request, pk, code, evidence_pk)
        except actions.AlreadyRemoved:
            messages.warning(request, "Minh chứng này đã được bỏ khỏi chỉ báo từ trước.")
            return redirect(f"{get_result(request, pk, code).get_absolute_url()}#minh-chung")

    return wrapped


@require_http_methods(["GET", "POST"])
@told_when_removed
def citation(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    """Correct the page that is cited; from here a paper is taken off the indicator, too."""
    result = get_open_result(request, pk, code)
    evidence = _get_evidence(result, evidence_pk)
    form = CitationForm(request.POST or None, instance=evidence)
    if request.method == "POST" and form.is_valid():
        cited = form.cleaned_data["cited"]
        actions.change_citation(evidence=evidence, cited=cited, by=request.user)
        messages.success(request, f"Đã lưu trích dẫn của {evidence.code}.")
        return redirect(f"{result.get_absolute_url()}#minh-chung")
    context = {
        "result": result,
        "evaluation": result.evaluation,
        "evidence": evidence,
        "form": form,
        "newest": actions.current_revision(evidence.document),
    }
    return render(request, "evaluations/documents/citation.html", context)


@require_POST
@told_when_removed
def remove_citation(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    result = get_open_result(request, pk, code)
    evidence = _get_evidence(result, evidence_pk)
    actions.remove_citation(evidence=evidence, by=request.user)
    text = f"Đã bỏ {evidence.code} khỏi chỉ báo. Văn bản vẫn ở kho minh chứng."
    messages.success(request, text)
    return redirect(f"{result.get_absolute_url()}#minh-chung")


@require_POST
@told_when_removed
def use_newest(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    result = get_open_result(request, pk, code)
    evidence = _get_evidence(result, evidence_pk)
    evidence = actions.use_current_revision(evidence=evidence, by=request.user)
    messages.success(request, f"{evidence.code} dùng bản {evidence.revision}.")
    return redirect(f"{result.get_absolute_url()}#minh-chung")


def _get_evidence(result: IndicatorResult, pk: int) -> Evidence:
    found = Evidence.objects.select_related("document", "result__evaluation")
    evidence = found.filter(result=result, pk=pk).first()
    if evidence is None and result.removed_evidence.exists():
        raise actions.AlreadyRemoved
    if evidence is None:
        raise Http404
    return evidence


def _last_submission(evaluation: Evaluation):
    """When the dossier was last handed in; None before the first time."""
    if evaluation.first_submitted_at is None:
        return None
    return evaluation.snapshots.order_by("-number").values_list("taken_at", flat=True).first()


def _cited_paper(evidence: Evidence, taken_at) -> CitedPaper:
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


def _upload_page(
    request: HttpRequest,
    result: IndicatorResult,
    form: UploadForm,
    *,
    outcomes: list[Outcome] = (),
    before: list[Document] = (),
) -> HttpResponse:
    stored = [outcome.document for outcome in outcomes if outcome.is_stored]
    context = {
        "result": result,
        "evaluation": result.evaluation,
        "form": form,
        "outcomes": outcomes,
        "stored": [*before, *stored],
        "limits": upload_limits(),
    }
    return render(request, "evaluations/documents/upload.html", context)


def _fragment(request: HttpRequest, result: IndicatorResult, outcomes: list[Outcome]):
    """What upload.js puts in the list in place of the file's line."""
    context = {"outcomes": outcomes, "result": result}
    return render(request, "evaluations/partials/evidence_outcomes.html", context)


def _take_in(
    result: IndicatorResult, form: UploadForm, before: list[Document], by: User
) -> list[Outcome]:
    """Store the files one by one: what is good is kept even where its neighbour is refused."""
    together = form.cleaned_data.get("together", False)
    document = before[0] if together and before else None
    outcomes = []
    for uploaded in form.uploads:
        outcome = _take_in_one(result, uploaded, form, document, by)
        outcomes.append(outcome)
        if together and outcome.is_stored:
            document = document or outcome.document
    return outcomes


def _take_in_one(
    result: IndicatorResult, uploaded, form: UploadForm, chosen: Document | None, by: User
) -> Outcome:
    def store() -> Outcome:
        evidence = actions.add_evidence_file(
            result=result,
            uploaded=uploaded,
            by=by,
            details=form.details,
            cited=form.cleaned_data.get("cited", ""),
            document=chosen,
        )
        newest = evidence.document.files.order_by("-pk").first()
        said = f"đã lưu, mã {evidence.code}"
        warning, sign = (f"; {PASSWORD}", "ask") if newest.is_encrypted else ("", "accept")
        return Outcome(
            newest.original_name, said + warning, sign, evidence.document, is_stored=True
        )

    def known(stored_file: StoredFile) -> Outcome:
        return _known(result, uploaded.name, stored_file)

    return taken_in(uploaded.name, store, known)


def _known(result: IndicatorResult, name: str, stored_file: StoredFile) -> Outcome:
    """The register holds this very content: say where, and offer it."""
    document = stored_file.document
    cited = {row.result_id: row.code for row in document.evidence.order_by("pk")}
    if result.pk in cited:
        message = f"đã là minh chứng {cited[result.pk]} của chỉ báo này, không lưu lần nữa"
        return Outcome(name, message, "accept", document)
    where = f" ({next(iter(cited.values()))})" if cited else ""
    older = "" if stored_file.is_current else f", ở bản {stored_file.revision} đã được thay"
    return Outcome(name, f"đã có trong kho{where}{older}", "accept", document, can_reuse=True)


def _complete(
    result: IndicatorResult, documents: list[Document], form: UploadForm, by: User
) -> None:
    """Write what was typed, once it is right, to the papers that an earlier try stored."""
    cited = form.cleaned_data.get("cited", "")
    for document in documents:
        known = {name: getattr(document, name) for name in actions.DETAILS}
        actions.change_details(document=document, details=known | form.details, by=by)
        evidence = document.evidence.filter(result=result).first()
        if not cited or evidence is None:
            continue
        try:
            actions.change_citation(evidence=evidence, cited=cited, by=by)
        except actions.AlreadyRemoved:
            continue  # taken off this very moment: as if it had been before


def _choices(
    result: IndicatorResult, documents: list[Document], request: HttpRequest, form: PickForm
) -> list[Choice]:
    codes = dict(result.evidence.values_list("document", "code"))
    chosen = set(request.POST.getlist("document"))
    return [
        Choice(
            document=document,
            code=codes.get(document.pk, ""),
            is_chosen=str(document.pk) in chosen,
            cited=request.POST.get(f"cited-{document.pk}", ""),
            errors=form.errors.get(f"cited-{document.pk}", []) if chosen else [],
        )
        for document in documents
    ]
