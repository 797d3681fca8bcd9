"""The Sở at work: submitted dossiers, both columns side by side, one verdict per indicator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions.appraisal import (
    Stale,
    Unexplained,
    appraise,
    is_acceptable_in_bulk,
    read_by_unit,
    verdict_words,
    version_of,
)
from evaluations.actions.appraisal import accept_rest as accept_the_rest
from evaluations.actions.guard import Closed
from evaluations.determination import Finding, Line, find, try_figures
from evaluations.forms.appraisal import AppraisalForm
from evaluations.forms.steps import ReturnForm, StepForm
from evaluations.models import Evaluation, IndicatorAppraisal
from evaluations.permissions import can_appraise, can_open_appraisal, steps_for
from evaluations.revisions import Revisions, revisions_since_return
from evaluations.turns import turn_of
from evaluations.views.citing import CitedPaper
from evaluations.views.counted import unit_list_context
from evaluations.views.dossiers import (
    decided_context,
    finding_context,
    get_dossier,
    get_line,
    list_changes_context,
    neighbours,
    standards_with_lines,
    turn_of_line,
)
from evaluations.views.evidence import evidence_section
from evaluations.views.inspected import inspections_context
from evaluations.views.moved_on import moved_on
from evaluations.views.reappraising import code_after, first_open, revised_lines
from evaluations.views.viewing import Pane, opened
from evaluations.workflow import STEPS, Status
from organisations.models import Role

STALE = (
    "Sau khi anh, chị mở trang này, người khác đã thẩm định chỉ báo, hoặc đơn vị đã gửi lại. "
    "Số liệu bên trái đã là bản mới; xem lại rồi lưu. Chữ anh, chị gõ vẫn còn."
)
UNEXPLAINED = "Đơn vị đã đọc kết luận trước. Ghi vì sao đổi, hoặc chọn lại như kết luận đã gửi."
# What the head of the Sở may do with a finished appraisal, in this order.
DECIDING = ("confirm", "send-back", "reopen")


@require_safe
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """One dossier with both columns, what is still open, and the steps the Sở may take."""
    evaluation = _get_appraised(request, pk)
    finding = find(evaluation)
    steps = steps_for(request.user, evaluation)
    revisions = revisions_since_return(evaluation)
    undecided = [line for line in finding.lines if not line.is_decided]
    rest = [line for line in undecided if is_acceptable_in_bulk(line)]
    context = {
        "evaluation": evaluation,
        "turn": turn_of(evaluation, timezone.localdate()),
        "revisions": revisions,
        "revised_lines": revised_lines(finding, revisions),
        "first_open": first_open(finding, revisions),
        **finding_context(finding, shows_appraisal=True),
        **decided_context(request.user, evaluation),
        **inspections_context(request.user, evaluation),
        "standards": standards_with_lines(finding),
        **list_changes_context(request.user, finding),
        "confirmed_doubts": _confirmed_doubts(evaluation),
        "can_appraise": can_appraise(request.user, evaluation),
        "acceptable": [line.code for line in rest],
        "differing": [line for line in finding.lines if line.differs],
        "open_lines": undecided,
        "asking": [line for line in finding.lines if line.is_asking and not line.is_asked],
        "answered": [line for line in finding.lines if line.is_asked],
        "claims": [line for line in undecided if line.self_assessed.not_applicable],
        "left_out": [line for line in undecided if line.appraisal is None and line not in rest],
        "steps": steps,
        "return_form": ReturnForm(step=STEPS["return"]) if "return" in steps else None,
        "finish_form": StepForm(step=STEPS["finish"]) if "finish" in steps else None,
        "deciding": [
            (name, steps[name], StepForm(step=steps[name])) for name in DECIDING if name in steps
        ],
        "is_own_appraisal": evaluation.status == Status.APPRAISED
        and request.user.role == evaluation.steps["confirm"].role
        and "confirm" not in steps,
        "events": evaluation.events.steps().select_related("by")[:8],
    }
    return render(request, "evaluations/appraise_dossier.html", context)


@require_http_methods(["GET", "POST"])
def indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Self-assessment at the left, the Sở's verdict at the right; `?xem=` opens a cited paper."""
    evaluation = _get_appraised(request, pk)
    finding = find(evaluation)
    line = get_line(finding, code)
    revisions = revisions_since_return(evaluation)
    may_write = can_appraise(request.user, evaluation)
    if request.method == "POST" and not may_write:
        return _too_late(request, evaluation, line)
    form = AppraisalForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(line),
        measure=line.indicator.measure,
        is_override=read_by_unit(line.appraisal) is not None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            appraise(
                result=line.result,
                verdict=form.cleaned_data["verdict"],
                typed=form.figures,
                reason=form.cleaned_data["reason"],
                private_note=form.cleaned_data["private_note"],
                override_reason=form.cleaned_data.get("override_reason", ""),
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except Closed:  # somebody moved the dossier on, by less than a page
            return _too_late(request, get_dossier(request, pk), line)
        except Stale:
            form.add_error(None, STALE)
        except Unexplained:
            form.add_error("override_reason", UNEXPLAINED)
        else:
            messages.success(request, f"Đã lưu thẩm định {line.code}, chưa gửi cho đơn vị.")
            return redirect(_address_after(finding, line, revisions))
    context = _indicator_context(finding, line, form, may_write)
    context |= {
        "revisions": revisions,
        "revision": revisions and revisions.of(line.code),
        "code_after": code_after(finding, line, revisions),
    }
    context |= evidence_section(line.result, request.user)
    context["pane"] = _pane(request, context["evidence"])
    if request.htmx and "xem" in request.GET:
        return render(request, "evaluations/partials/paper_pane.html", context)
    context |= unit_list_context(request.user, finding, line)
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/appraise_indicator.html", context, status=status)


@require_safe
def echo(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What the Sở's figures are understood to be, and the level they would give. Nothing saved."""
    finding = find(_get_appraised(request, pk))
    line = get_line(finding, code)
    form = AppraisalForm(request.GET, measure=line.indicator.measure)
    form.is_valid()  # half-typed figures are read as they are; saving has its own judgement
    context = {"trial": try_figures(finding, line, form.figures), "line": line}
    return render(request, "evaluations/partials/appraisal_echo.html", context)


@require_POST
def accept_rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept everything assessed that has no verdict yet."""
    evaluation = get_dossier(request, pk)
    doing = "chấp nhận chung các chỉ báo"
    if not can_appraise(request.user, evaluation):
        return moved_on(request, evaluation, "finish", doing=doing)
    try:
        codes = accept_the_rest(evaluation=evaluation, by=request.user)
    except Closed:
        return moved_on(request, get_dossier(request, pk), "finish", doing=doing)
    if codes:
        messages.success(request, f"Đã chấp nhận {len(codes)} chỉ báo: {', '.join(codes)}.")
    else:
        messages.info(request, "Không còn chỉ báo nào chấp nhận chung được.")
    return redirect("evaluations:appraise-dossier", pk=pk)


def _indicator_context(finding: Finding, line: Line, form: AppraisalForm, may_write: bool) -> dict:
    previous_code, next_code = neighbours(finding, line)
    return {
        "evaluation": finding.evaluation,
        "finding": finding,
        "line": line,
        "standards": standards_with_lines(finding),
        "line_turn": turn_of_line(finding, line, shows_appraisal=True),
        "measure_template": f"evaluations/measures/{line.indicator.measure.kind}.html",
        "form": form,
        "version": version_of(finding.evaluation, line.result),
        "read_by_unit": _read_by_unit(line),
        "can_appraise": may_write,
        "pane_url": reverse("evaluations:appraise", args=[finding.evaluation.pk, line.code]),
        "previous_code": previous_code,
        "next_code": next_code,
    }


def _too_late(request: HttpRequest, evaluation: Evaluation, line: Line) -> HttpResponse:
    """The Sở's column is closed; the words of the verdict are given back to be kept elsewhere."""
    form = AppraisalForm(request.POST, measure=line.indicator.measure, is_override=True)
    chosen = dict(IndicatorAppraisal.Verdict.choices).get(request.POST.get("verdict", ""), "")
    labels = {name: field.label for name, field in form.fields.items() if field.label}
    typed = [(label, request.POST.get(name, "")) for name, label in labels.items()]
    typed = [("Kết luận", chosen), *(pair for pair in typed if pair[0] != "Kết luận")]
    doing = f"lưu thẩm định {line.code}"
    return moved_on(request, evaluation, "finish", doing=doing, typed=typed)


def _read_by_unit(line: Line) -> str:
    """What was sent as settled, in words; nothing where nothing was."""
    if read_by_unit(line.appraisal) is None:
        return ""
    return verdict_words(line) if line.appraisal.is_sent else line.appraisal.superseded["words"]


def _pane(request: HttpRequest, rows: list[CitedPaper]) -> Pane | None:
    """The paper to show. An address that names none is not found; a form keeps its words."""
    pane = opened(rows, request.POST or request.GET)
    if pane is None and request.method == "GET" and request.GET.get("xem"):
        raise Http404("no such citation")
    return pane


def _confirmed_doubts(evaluation: Evaluation) -> list[dict]:
    """What the unit knew and sent all the same, with its reasons, at the last submission."""
    snapshot = evaluation.snapshots.submissions().first()
    return snapshot.content.get("confirmed_doubts", []) if snapshot else []


def _initial(line: Line) -> dict[str, str]:
    """The verdict so far; before any, the unit's own figures to correct.

    A request that was sent has been answered: nothing is chosen, so that it is not sent again by
    a press of the button. What was asked stands beside.
    """
    appraisal = line.appraisal
    if appraisal is None:
        return {**line.result.typed, "verdict": ""}
    if line.is_asked:
        note = {"private_note": appraisal.private_note}
        return {**line.result.typed, "verdict": "", **note}
    return {
        **(appraisal.typed or line.result.typed),
        "verdict": appraisal.verdict,
        "reason": appraisal.reason,
        "private_note": appraisal.private_note,
        "override_reason": "" if appraisal.is_sent else appraisal.override_reason,
    }


def _address_after(finding: Finding, line: Line, revisions: Revisions | None) -> str:
    code = code_after(finding, line, revisions)
    if code is None:
        return reverse("evaluations:appraise-dossier", args=[finding.evaluation.pk])
    return reverse("evaluations:appraise", args=[finding.evaluation.pk, code])


def _get_appraised(request: HttpRequest, pk: int) -> Evaluation:
    """The dossier for whose column this is: the Sở, of the city's own the council.

    Where it is neither's a 403, whether there is such a dossier or not.
    """
    is_council = request.user.role == Role.COUNCIL
    if not (can_open_appraisal(request.user) or is_council):
        raise PermissionDenied
    evaluation = get_dossier(request, pk)
    if not can_open_appraisal(request.user, evaluation):
        raise PermissionDenied
    return evaluation
