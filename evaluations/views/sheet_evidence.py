"""Evidence of one item of a unit's own sheet: its section, upload, pick, correct, take off."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import sheet_evidence as actions
from evaluations.actions.papers import AlreadyRemoved
from evaluations.models import SheetEvidence, UnitResult
from evaluations.permissions import can_fill_sheet, is_of_sheet
from evaluations.sheet_reading import explanation_name, field_names
from evaluations.unit_sheets import WHOLE
from evaluations.views.citing import citation_for, pick_for, upload_for
from evaluations.views.sheet_display import Row, papers_of, rule_of
from evaluations.views.sheets import get_line, get_open_line
from evaluations.views.uploads import upload_limits
from organisations.uploads import takes_files


class ItemTarget:
    """An item of a unit's own sheet, as the pages of `views.citing` cite papers for it."""

    noun = "mục"

    def __init__(self, line: UnitResult, code: str):
        self.line, self.code = line, code
        self.unit_id = line.unit_id
        self.name = self.whole_name = "cả phiếu" if code == WHOLE else f"mục {code}"
        self.title = f"Phiếu tự chấm năm {line.year}, {self.name}"
        self.back_label = "Về phiếu tự chấm"
        self.url = item_url(line.pk, code)
        self.upload_url = reverse("evaluations:upload-sheet-evidence", args=[line.pk, code])
        self.pick_url = reverse("evaluations:pick-sheet-evidence", args=[line.pk, code])

    def citations(self):
        return self.line.sheet_evidence.filter(item_code=self.code).order_by("pk")

    def code_of(self, citation: SheetEvidence) -> str:
        """An item's evidence has no codes of its own."""
        return ""

    def add_file(self, **words) -> SheetEvidence:
        return actions.add_sheet_file(result=self.line, code=self.code, **words)

    def cite(self, **words) -> SheetEvidence:
        return actions.cite_for_item(result=self.line, code=self.code, **words)

    def change_citation(self, **words) -> SheetEvidence:
        return actions.change_item_citation(**words)


def item_url(pk: int, code: str) -> str:
    return f"{reverse('evaluations:sheet', args=[pk])}#muc-{code}"


@require_safe
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The papers of one item alone, for the page that has just uploaded into it."""
    line = get_line(request, pk)
    if not is_of_sheet(request.user, line):
        raise Http404
    _ask_for(line, code)
    context = {
        "line": line,
        "row": Row(code, None, papers_of(line, request.user).get(code, [])),
        "can_edit": can_fill_sheet(request.user, line),
        "limits": upload_limits(),
    }
    return render(request, "evaluations/sheets/partials/evidence.html", context)


@takes_files()
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    return upload_for(request, _target(request, pk, code))


@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    return pick_for(request, _target(request, pk, code))


def told_when_removed(view):
    """Back to the sheet with a word, where somebody has taken the citation off meanwhile."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
        try:
            return view(request, pk, code, evidence_pk)
        except AlreadyRemoved:
            messages.warning(request, "Minh chứng này đã được bỏ khỏi phiếu từ trước.")
            return redirect(item_url(pk, code))

    return wrapped


@require_http_methods(["GET", "POST"])
@told_when_removed
def citation(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    target = _target(request, pk, code)
    evidence = _get_evidence(target, evidence_pk)
    address = [pk, code, evidence_pk]
    return citation_for(
        request,
        target,
        evidence,
        remove_url=reverse("evaluations:remove-sheet-citation", args=address),
        newest_url=reverse("evaluations:use-newest-in-sheet", args=address),
    )


@require_POST
@told_when_removed
def remove_citation(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    target = _target(request, pk, code)
    evidence = _get_evidence(target, evidence_pk)
    actions.remove_item_citation(evidence=evidence, by=request.user)
    text = f"Đã bỏ {evidence.document} khỏi {target.name}. Văn bản vẫn ở kho minh chứng."
    messages.success(request, text)
    return redirect(target.url)


@require_POST
@told_when_removed
def use_newest(request: HttpRequest, pk: int, code: str, evidence_pk: int) -> HttpResponse:
    target = _target(request, pk, code)
    evidence = _get_evidence(target, evidence_pk)
    evidence = actions.use_current_for_item(evidence=evidence, by=request.user)
    messages.success(request, f"{evidence.document}: dùng bản {evidence.revision}.")
    return redirect(target.url)


def _target(request: HttpRequest, pk: int, code: str) -> ItemTarget:
    line = get_open_line(request, pk)
    _ask_for(line, code)
    return ItemTarget(line, code)


def _ask_for(line: UnitResult, code: str) -> None:
    """A 404 for an item that the sheet does not have."""
    if explanation_name(code) not in field_names(rule_of(line)):
        raise Http404("no such item")


def _get_evidence(target: ItemTarget, pk: int) -> SheetEvidence:
    found = target.citations().select_related("document", "result").filter(pk=pk).first()
    if found is None and actions.was_removed(target.line, pk):
        raise AlreadyRemoved
    if found is None:
        raise Http404
    return found
