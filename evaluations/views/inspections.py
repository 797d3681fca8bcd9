"""Inspections (kiểm tra thực tế): the list, drawing, what was found, closing, the verdicts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from criteria.models import CriteriaSet
from evaluations.actions import appraisal as appraising
from evaluations.actions import inspections as actions
from evaluations.actions.guard import Closed
from evaluations.actions.steps import NotReady
from evaluations.determination import Finding, find
from evaluations.forms.findings import FindingsForm, initial_findings
from evaluations.forms.inspections import DrawForm, FeedForm, ScanForm
from evaluations.inspecting.frames import redo, strata_of
from evaluations.inspecting.proposals import Proposal, proposals
from evaluations.models import Inspection, UnitResult
from evaluations.models.dossiers import Evaluation
from evaluations.permissions import (
    INSPECTABLE,
    can_draw_inspection,
    can_feed,
    can_open_appraisal,
    can_write_in_inspection,
)
from evaluations.registers import points_of
from evaluations.rounds import current_round, show_round
from evaluations.views.dossiers import get_dossier
from evaluations.views.moved_on import moved_on
from evaluations.views.uploads import upload_limits
from organisations.models import READING_ROLES, UNIT_ROLES, Role

PAGE_SIZE = 30
ACCESSES_SHOWN = 20
CLOSED_MEANWHILE = (
    "Lần kiểm tra này đã kết thúc nên không lưu được. Chữ anh, chị gõ còn ở dưới, chép lại nếu cần."
)
STALE_VERDICT = (
    "Sau khi anh, chị mở trang này, người khác đã thẩm định chỉ báo, hoặc đơn vị đã gửi lại. "
    "Xem lại số liệu rồi đưa vào; chữ anh, chị gõ vẫn còn."
)


@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """Those of the round that is shown which this person may know of."""
    if request.user.role not in UNIT_ROLES | READING_ROLES:
        raise Http404
    pilot_round = current_round(request)
    visible = Inspection.objects.visible_to(request.user).filter(
        evaluation__pilot_round=pilot_round
    )
    context = {
        "page": Paginator(visible.for_display(), PAGE_SIZE).get_page(request.GET.get("page")),
        "pilot_round": pilot_round,
        "drawable": _drawable(request, pilot_round),
        "is_inspector": can_open_appraisal(request.user),
    }
    return render(request, "evaluations/inspections/inspections.html", context)


@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, evaluation_pk: int) -> HttpResponse:
    """Rút thăm: how many of each kind and class, by which seed. The list shows after that."""
    evaluation = get_dossier(request, evaluation_pk)
    if not can_draw_inspection(request.user, evaluation):
        raise PermissionDenied
    strata = strata_of(evaluation)
    form = DrawForm(request.POST if request.method == "POST" else None, strata=strata)
    if request.method == "POST" and form.is_valid():
        try:
            inspection = actions.draw_inspection(
                evaluation=evaluation,
                wanted=form.wanted,
                seed=form.cleaned_data["seed"],
                by=request.user,
            )
        except NotReady as problem:
            form.add_error(None, problem.text)
        else:
            count = inspection.lines.count()
            messages.success(
                request, f"Đã rút thăm {count} đơn vị với số rút thăm {inspection.seed}."
            )
            return redirect(inspection)
    earlier = Inspection.objects.visible_to(request.user).filter(evaluation=evaluation)
    context = {
        "evaluation": evaluation,
        "strata": strata,
        "form": form,
        "earlier": earlier.for_display(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/inspections/draw.html", context, status=status)


@require_safe
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    return inspection_page(request, get_inspection(request, pk))


@require_safe
def how_drawn(request: HttpRequest, pk: int) -> HttpResponse:
    """The seed, the list, the rule: all that is needed to draw the same once more."""
    found = get_inspection(request, pk)
    strata = redo(found)
    context = {"inspection": found, "evaluation": found.evaluation, "strata": strata}
    return render(request, "evaluations/inspections/how_drawn.html", context)


@require_safe
def print_inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """Phiếu kiểm tra to fill by hand, and the minutes to sign."""
    found = get_inspection(request, pk)
    context = {"inspection": found, "evaluation": found.evaluation}
    return render(request, "evaluations/inspections/print.html", context)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found beside what was declared; saved as far as it is."""
    found = get_inspection(request, pk)
    may_write = can_write_in_inspection(request.user, found)
    if not may_write and not _was_closed_under(request, found):
        raise PermissionDenied
    form = FindingsForm(
        request.POST if request.method == "POST" else None,
        inspection=found,
        ratings=_ratings(found),
        initial=initial_findings(found),
    )
    if not may_write:
        form.add_error(None, CLOSED_MEANWHILE)
    elif request.method == "POST" and form.is_valid():
        try:
            actions.record_findings(
                inspection=found,
                details=form.details,
                lines=form.looks,
                figures=form.figure_looks,
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except NotReady as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, "Đã lưu kết quả kiểm tra.")
            return redirect(found)
    context = {
        "inspection": found,
        "evaluation": found.evaluation,
        "form": form,
        "can_write": may_write,
        "is_stale": bool(form.is_bound and form.non_field_errors()),
    }
    status = 200 if not form.is_bound else 422 if may_write else 403
    return render(request, "evaluations/inspections/record.html", context, status=status)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_inspection(request, pk)
    if found.is_closed and found.closed_by_id == request.user.pk:
        return redirect(found)  # the button was pressed twice
    try:
        actions.close_inspection(inspection=found, by=request.user)
    except NotReady as problem:
        messages.error(request, problem.text)
        return inspection_page(request, found, status=422)
    messages.success(request, "Đã kết thúc kiểm tra. Kết quả không sửa được nữa.")
    return redirect(found)


@require_POST
def feed(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Đưa vào cột thẩm định: the verdict as it was proposed, or as it was mended."""
    found = get_inspection(request, pk)
    if not can_feed(request.user, found):
        return _too_late(request, found, code)
    finding = find(get_dossier(request, found.evaluation_id))
    proposal = next((p for p in _proposals(finding) if p.line.code == code), None)
    if proposal is None or proposal.typed is None:
        raise Http404("nothing is proposed for this indicator")
    if proposal.is_in_column:
        messages.info(request, f"Kết quả kiểm tra đã có trong cột thẩm định {code}.")
        return redirect(found)
    form = _feed_form(proposal, request.POST)
    if form.is_valid():
        try:
            actions.feed(
                inspection=found,
                result=proposal.line.result,
                typed=form.figures,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except appraising.Stale:
            form.add_error(None, STALE_VERDICT)
        except Closed:  # somebody moved the dossier on, by less than a page
            return _too_late(request, found, code)
        else:
            messages.success(
                request, f"Đã đưa kết quả kiểm tra vào cột thẩm định {code}, chưa gửi cho đơn vị."
            )
            return redirect(found)
    return inspection_page(request, found, status=422, feed_form=form)


def _was_closed_under(request: HttpRequest, found: Inspection) -> bool:
    """An appraiser typed while a colleague closed it: the words are shown, and nothing is saved."""
    is_theirs = request.user.role == Role.APPRAISER
    return request.method == "POST" and is_theirs and found.is_closed


def get_inspection(request: HttpRequest, pk: int) -> Inspection:
    """The inspection with all its rows, or a 404 where this person may not know of it."""
    visible = Inspection.objects.visible_to(request.user).with_lines()
    found = get_object_or_404(visible, pk=pk)
    show_round(request, found.evaluation.pilot_round)
    return found


def inspection_page(
    request: HttpRequest,
    found: Inspection,
    *,
    status: int = 200,
    feed_form: FeedForm | None = None,
    scan_form: ScanForm | None = None,
) -> HttpResponse:
    """What was drawn and found; for an appraiser also what is left and what may be fed."""
    may_write = can_write_in_inspection(request.user, found)
    is_inspector = can_open_appraisal(request.user)
    accesses = []
    if is_inspector and found.scan:
        accesses = found.scan.accesses.select_related("by__organisation")[:ACCESSES_SHOWN]
    context = {
        "inspection": found,
        "evaluation": found.evaluation,
        "can_write": may_write,
        "left": actions.left_to_do(found) if may_write else [],
        "scan_form": (scan_form or ScanForm()) if may_write else None,
        "limits": upload_limits(),
        "feeds": _feeds(request, found, feed_form) if is_inspector and found.is_closed else None,
        "can_feed": can_feed(request.user, found),
        "is_inspector": is_inspector,
        "accesses": accesses,
    }
    return render(request, "evaluations/inspections/inspection.html", context, status=status)


def _feeds(request: HttpRequest, found: Inspection, bound: FeedForm | None) -> list[dict]:
    """Each difference with its form, ready to be sent as it stands."""
    finding = find(get_dossier(request, found.evaluation_id))
    return [
        {
            "proposal": proposal,
            "form": bound
            if bound is not None and bound.prefix == _prefix(proposal.line.code)
            else _feed_form(proposal),
        }
        for proposal in _proposals(finding)
    ]


def _too_late(request: HttpRequest, found: Inspection, code: str) -> HttpResponse:
    """The Sở's column is closed; the reason that was typed is given back to be kept elsewhere."""
    if not found.is_closed:
        raise PermissionDenied
    typed = [("Lý do điều chỉnh", request.POST.get(f"{_prefix(code)}-reason", ""))]
    doing = f"đưa kết quả kiểm tra vào {code}"
    evaluation = get_dossier(request, found.evaluation_id)
    return moved_on(request, evaluation, "finish", doing=doing, typed=typed)


def _proposals(finding: Finding) -> list[Proposal]:
    """What all closed inspections of a dossier come to together."""
    closed = Inspection.objects.filter(evaluation=finding.evaluation).closed().with_lines()
    return proposals(finding, closed)


def _prefix(code: str) -> str:
    return f"cb{code.replace('.', '-')}"


def _feed_form(proposal: Proposal, data=None) -> FeedForm:
    version = appraising.version_of(proposal.line.result.evaluation, proposal.line.result)
    return FeedForm(
        data,
        measure=proposal.line.indicator.measure,
        prefix=_prefix(proposal.line.code),
        initial={**(proposal.typed or {}), "reason": proposal.reason, "version": version},
    )


def _ratings(found: Inspection) -> dict[str, list]:
    """The classes of each kind by which the round rates, the best first."""
    pilot_round = found.evaluation.pilot_round
    kinds = {line.kind for line in found.lines.all()}
    return {
        kind: list(points.ratings.order_by("rank"))
        for kind in UnitResult.Kind.values
        if kind in kinds and (points := points_of(pilot_round, kind)) is not None
    }


def _drawable(request: HttpRequest, pilot_round) -> list[Evaluation]:
    """Dossiers of the round that lie with the Sở; of which one's own is told on its page."""
    if pilot_round is None or request.user.role != Role.APPRAISER:
        return []
    dossiers = Evaluation.objects.visible_to(request.user).filter(
        pilot_round=pilot_round,
        status__in=INSPECTABLE,
        criteria_set__subject=CriteriaSet.Subject.DISTRICT,
    )
    return list(dossiers.select_related("unit").order_by("unit__code"))
