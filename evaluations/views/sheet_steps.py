"""The one view that takes a step of a unit's sheet, as its unit or as the keeper it went to."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evaluations.actions.sheets import NotReady, take_sheet_step
from evaluations.forms.sheets import CorrectionForm, SheetForm, SheetStepForm
from evaluations.models import UnitResult
from evaluations.permissions import can_fill_sheet, can_take_sheet_step, is_of_sheet
from evaluations.unit_sheets import SHEET_STEPS, SheetStatus
from evaluations.views.sheet_display import moves_of, receiver_of, rule_of
from evaluations.views.sheets import get_line, own_page, reading_page, stored_values
from organisations.models import Role, User


@require_POST
def take_step(request: HttpRequest, pk: int, step_name: str) -> HttpResponse:
    """Take one step of the table. What is missing is said on the page it was pressed on."""
    if step_name not in SHEET_STEPS:
        raise Http404("no such step")
    line = get_line(request, pk)
    if _has_just_taken(request.user, line, step_name):
        return redirect("evaluations:sheet", pk=pk)  # the button was pressed twice
    if step_name == "submit" and _is_untouched(request.user, line):
        return _own_fault(request, line, "Chưa nhập gì vào phiếu.")
    if not can_take_sheet_step(request.user, line, step_name):
        raise PermissionDenied
    if is_of_sheet(request.user, line):
        return _take_own(request, line, step_name)
    return _confirm(request, line) if step_name == "confirm" else _return(request, line)


def _has_just_taken(user: User, line: UnitResult, step_name: str) -> bool:
    last = next(iter(moves_of(line)), None)
    return (
        last is not None
        and (last.kind, last.by_id) == (step_name, user.pk)
        and line.sheet_status == SHEET_STEPS[step_name].target
    )


def _is_untouched(user: User, line: UnitResult) -> bool:
    """The button may be seen before there is anything to send: told, not refused."""
    may_send = user.role == Role.LEADER and can_fill_sheet(user, line)
    return may_send and line.sheet_status == SheetStatus.NONE


def _own_fault(request: HttpRequest, line: UnitResult, text: str) -> HttpResponse:
    form = SheetForm(initial=stored_values(line), rule=rule_of(line))
    return own_page(request, line, form, fault=text, status=422)


def _take_own(request: HttpRequest, line: UnitResult, step_name: str) -> HttpResponse:
    try:
        take_sheet_step(result=line, step_name=step_name, by=request.user)
    except NotReady as problem:
        return _own_fault(request, line, problem.text)
    said = {
        "submit": f"Đã gửi phiếu đến {receiver_of(line)}. Còn rút về sửa được đến khi xác nhận.",
        "withdraw": "Đã rút phiếu về. Sửa xong thì gửi lại.",
    }
    messages.success(request, said[step_name])
    return redirect("evaluations:sheet", pk=line.pk)


def _confirm(request: HttpRequest, line: UnitResult) -> HttpResponse:
    form = CorrectionForm(request.POST, rule=rule_of(line))
    if not form.is_valid():
        return reading_page(request, line, correction=form, status=422)
    try:
        taken = take_sheet_step(
            result=line,
            step_name="confirm",
            by=request.user,
            seen=form.cleaned_data["seen"],
            corrected=form.corrected if "corrected" in request.POST else None,
        )
    except NotReady as problem:
        form.show(problem.problems or {"": problem.text})
        return reading_page(request, line, correction=form, status=422)
    messages.success(request, f"Đã xác nhận: {line.unit.name}, {taken.rating.label}.")
    return redirect("evaluations:sheet", pk=line.pk)


def _return(request: HttpRequest, line: UnitResult) -> HttpResponse:
    form = SheetStepForm(request.POST, needs_note=True)
    if not form.is_valid():
        return reading_page(request, line, returning=form, status=422)
    try:
        take_sheet_step(
            result=line,
            step_name="return",
            by=request.user,
            note=form.cleaned_data["note"],
            seen=form.cleaned_data["seen"],
        )
    except NotReady as problem:
        form.add_error(None, problem.text)
        return reading_page(request, line, returning=form, status=422)
    messages.success(request, f"Đã trả lại phiếu của {line.unit.name} để sửa.")
    return redirect("evaluations:sheet", pk=line.pk)
