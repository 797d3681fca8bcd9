"""The city's dossier among its agencies: what is mine, who has what, handing over, giving back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.actions import assignments as actions
from evaluations.actions.steps import NotReady
from evaluations.checking import check_part, registers_of
from evaluations.city_permissions import can_see_assignments, is_lead
from evaluations.forms.city import AssignForm, HandOverForm, PartReturnForm
from evaluations.handovers import by_agency, part_of
from evaluations.models import Assignment, Evaluation, IndicatorResult
from evaluations.permissions import (
    can_assign,
    can_edit_result,
    can_return_part,
    returnable_parts,
)
from evaluations.rounds import show_round
from evaluations.turns import turn_of
from evaluations.views.dossiers import get_finding, get_line, get_open_result, get_result
from evaluations.views.given_back import late_return
from organisations.models import Role


@require_safe
def own_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The indicators that this person's agency fills, of a dossier it may not see otherwise."""
    finding = get_finding(request, pk)
    evaluation = finding.evaluation
    part = finding.part_of(request.user)
    if not part.lines:
        raise Http404("no part of it is this office's")
    today = timezone.localdate()
    registers = registers_of(part)
    context = {
        "evaluation": evaluation,
        "turn": turn_of(evaluation, today),
        "rows": [
            {
                "line": line,
                "part": part_of(line.result.assigned, evaluation, today),
                "check": check_part(line, registers),
                "can_edit": can_edit_result(request.user, line.result),
                "is_as_returned": _is_as_returned(line.result),
            }
            for line in part.lines
        ],
        "is_whole": not finding.is_part,
    }
    return render(request, "evaluations/city/own_part.html", context)


@require_safe
def assignments(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has which indicator, in which state, by when; from here one is moved or given back."""
    evaluation = _get_compiled(request, pk)
    today = timezone.localdate()
    found = list(Assignment.objects.filter(result__evaluation=evaluation).for_display())
    groups = by_agency(found, evaluation, today)
    owed = [part for group in groups for part in group.owed]
    context = {
        "evaluation": evaluation,
        "turn": turn_of(evaluation, today),
        "groups": groups,
        "total": sum(len(group.parts) for group in groups),
        "owed": owed,
        "late": [part for part in owed if part.is_late],
        "reads_dossier": request.user.role != Role.ADMINISTRATOR,
        "can_assign": can_assign(request.user, evaluation),
        "can_return": returnable_parts(request.user, evaluation, found),
    }
    return render(request, "evaluations/city/assignments.html", context)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Another agency for one indicator, or another day."""
    evaluation = _get_compiled(request, pk)
    result = get_object_or_404(
        IndicatorResult.objects.with_assignment().select_related("indicator"),
        evaluation=evaluation,
        indicator__code=code,
    )
    if not can_assign(request.user, evaluation):
        raise PermissionDenied
    assignment = result.assignment
    form = AssignForm(
        request.POST or None,
        evaluation=evaluation,
        initial={"agency": assignment.agency_id, "due_on": assignment.due_on},
    )
    if form.is_valid():
        try:
            actions.assign(result=result, by=request.user, **form.cleaned_data)
        except NotReady as problem:
            form.add_error("agency", problem.text)
        else:
            messages.success(request, f"Đã lưu phân công {code}.")
            return redirect("evaluations:assignments", pk=pk)
    context = {
        "evaluation": evaluation,
        "assignment": assignment,
        "indicator": result.indicator,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/city/assign.html", context, status=status)


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The check page of one indicator, and the button that hands it over."""
    result = get_result(request, pk, code)
    if result.assigned is None:
        raise Http404("no agency has a part of this dossier")
    if is_lead(request.user, result) and result.assigned.is_handed_over:
        return redirect(result)  # the button was pressed twice
    result = get_open_result(request, pk, code)
    finding = get_finding(request, pk)
    line = get_line(finding, code)
    found = check_part(line, registers_of(finding))
    form = HandOverForm(request.POST or None)
    is_posted = request.method == "POST"
    if is_posted and form.is_valid():
        try:
            actions.hand_over(result=result, by=request.user, note=form.cleaned_data["note"])
        except NotReady as problem:
            form.add_error(None, problem.text)
            found = problem.check or found
        else:
            messages.success(request, f"Đã bàn giao {code}. Cần sửa thì nhờ Sở trả lại.")
            return redirect("evaluations:own-part", pk=pk)
    context = {"evaluation": finding.evaluation, "line": line, "check": found, "form": form}
    status = 422 if is_posted else 200
    return render(request, "evaluations/city/hand_over.html", context, status=status)


@require_http_methods(["GET", "POST"])
def return_part(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Give one indicator back to its agency, with the reason."""
    result = get_result(request, pk, code)
    if not can_return_part(request.user, result):
        return late_return(request, result)
    form = PartReturnForm(request.POST or None)
    if form.is_valid():
        try:
            actions.return_part(result=result, reason=form.cleaned_data["reason"], by=request.user)
        except PermissionDenied:
            return late_return(request, get_result(request, pk, code))
        agency = result.assignment.agency
        messages.success(request, f"Đã trả lại {code} cho {agency}.")
        return redirect("evaluations:assignments", pk=pk)
    context = {
        "evaluation": result.evaluation,
        "result": result,
        "assignment": result.assignment,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/city/return_part.html", context, status=status)


def _is_as_returned(result: IndicatorResult) -> bool:
    """Given back, and nothing written in it since."""
    assignment = result.assignment
    is_returned = assignment.state == Assignment.State.RETURNED
    return is_returned and (result.updated_at is None or result.updated_at < assignment.since)


def _get_compiled(request: HttpRequest, pk: int) -> Evaluation:
    """The city's dossier for who compiles it, and for the administrator, who reads none of it."""
    dossiers = Evaluation.objects.of_cities().filter(pilot_round__opened_at__isnull=False)
    evaluation = get_object_or_404(dossiers.for_display(), pk=pk)
    if not can_see_assignments(request.user, evaluation):
        raise Http404
    show_round(request, evaluation.pilot_round)
    return evaluation
