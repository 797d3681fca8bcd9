"""Evidence of one indicator: the section on its page, upload, pick, correct, take off."""

from functools import wraps

from django.contrib import messages
from django.db.models import Prefetch
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import evidence as actions
from evaluations.actions.papers import AlreadyRemoved
from evaluations.models import Evaluation, Evidence, IndicatorResult, StoredFile
from evaluations.permissions import can_edit_result
from evaluations.views.citing import citation_for, cited_paper, pick_for, upload_for
from evaluations.views.dossiers import get_open_result, get_result
from evaluations.views.uploads import upload_limits
from organisations.models import User
from organisations.uploads import takes_files


class IndicatorTarget:
    """An indicator of a dossier, as the pages of `views.citing` cite papers for it."""

    noun = "chỉ báo"

    def __init__(self, result: IndicatorResult):
        self.result = result
        self.unit_id = result.writer_id
        self.name = result.indicator.code
        self.title = f"{self.name} {result.indicator.short_name}"
        self.whole_name = f"chỉ báo {self.name}"
        self.back_label = f"Về {self.whole_name}"
        self.url = f"{result.get_absolute_url()}#minh-chung"
        address = [result.evaluation_id, self.name]
        self.upload_url = reverse("evaluations:upload-evidence", args=address)
        self.pick_url = reverse("evaluations:pick-evidence", args=address)

    def citations(self):
        return self.result.evidence.order_by("pk")

    def code_of(self, citation: Evidence) -> str:
        return citation.code

    def add_file(self, **words) -> Evidence:
        return actions.add_evidence_file(result=self.result, **words)

    def cite(self, **words) -> Evidence:
        return actions.cite(result=self.result, **words)

    def change_citation(self, **words) -> Evidence:
        return actions.change_citation(**words)


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
        "evidence": [cited_paper(row, taken_at) for row in evidence],
        "can_edit": can_edit_result(user, result),
        "limits": upload_limits(),
    }


@require_safe
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The section alone, for the page that has just uploaded into it."""
    result = get_result(request, pk, code)
    context = evidence_section(result, request.user)
    return render(request, "evaluations/partials/evidence_section.html", context)


@takes_files()
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    return upload_for(request, IndicatorTarget(get_open_result(request, pk, code)))


@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    return pick_for(request, IndicatorTarget(get_open_result(request, pk, code)))


def told_when_removed(view):
    """Back to the indicator with a word, where somebody has taken the citation off meanwhile."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
        try:
            return view(request, pk, code, evidence_pk)
        except AlreadyRemoved:
            messages.warning(request, "Minh chứng này đã được bỏ khỏi chỉ báo từ trước.")
            return redirect(f"{get_result(request, pk, code).get_absolute_url()}#minh-chung")

    return wrapped


@require_http_methods(["GET", "POST"])
@told_when_removed
def citation(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    result = get_open_result(request, pk, code)
    evidence = _get_evidence(result, evidence_pk)
    address = [pk, code, evidence_pk]
    return citation_for(
        request,
        IndicatorTarget(result),
        evidence,
        remove_url=reverse("evaluations:remove-citation", args=address),
        newest_url=reverse("evaluations:use-newest", args=address),
    )


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
        raise AlreadyRemoved
    if evidence is None:
        raise Http404
    return evidence


def _last_submission(evaluation: Evaluation):
    """When the dossier was last handed in; None before the first time."""
    if evaluation.first_submitted_at is None:
        return None
    sent = evaluation.snapshots.submissions().order_by("-number")
    return sent.values_list("taken_at", flat=True).first()
