"""The check page before submission, and the one view that takes a step."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluations.actions.steps import NotReady
from evaluations.actions.steps import take_step as take
from evaluations.checking import Check, check, registers_of
from evaluations.determination import Finding, find, find_last_year
from evaluations.forms.steps import STEP_FORMS, StepForm, SubmitForm
from evaluations.models import Evaluation
from evaluations.permissions import can_edit, can_open_appraisal, can_take
from evaluations.views.dossiers import get_dossier
from evaluations.views.moved_on import moved_on
from evaluations.workflow import STEPS
from organisations.models import Role, User


@require_safe
def check_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Errors that block and doubts to confirm, each linking to its field."""
    evaluation = get_dossier(request, pk)
    if not can_edit(request.user, evaluation):
        raise PermissionDenied
    finding = find(evaluation)
    found = check(finding, registers_of(finding), find_last_year(evaluation))
    form = SubmitForm(step=STEPS["submit"], check=found)
    return _check_page(request, finding, found, form)


@require_POST
def take_step(request: HttpRequest, pk: int, step_name: str) -> HttpResponse:
    """Take one step of the table. What is missing is said on the page it was pressed on."""
    if step_name not in STEPS:
        raise Http404("no such step")
    evaluation = get_dossier(request, pk)
    if _has_just_taken(request.user, evaluation, step_name):
        return redirect(evaluation)  # the button was pressed twice
    if not can_take(request.user, evaluation, step_name):
        return moved_on(request, evaluation, step_name, typed=_typed(request))
    try:
        return _take(request, evaluation, step_name)
    except PermissionDenied:  # somebody else was quicker, by less than a page
        evaluation = get_dossier(request, pk)
        if _has_just_taken(request.user, evaluation, step_name):
            return redirect(evaluation)
        return moved_on(request, evaluation, step_name, typed=_typed(request))


def _take(request: HttpRequest, evaluation: Evaluation, step_name: str) -> HttpResponse:
    if step_name == "submit":
        return _submit(request, evaluation)
    form = STEP_FORMS.get(step_name, StepForm)(request.POST, step=evaluation.steps[step_name])
    if not form.is_valid():
        return _step_page(request, evaluation, step_name, form)
    try:
        take(
            evaluation=evaluation,
            step_name=step_name,
            by=request.user,
            note=form.cleaned_data["note"],
            due_on=form.cleaned_data.get("due_on"),
        )
    except NotReady as problem:
        form.add_error(None, problem.text)
        return _step_page(request, evaluation, step_name, form)
    messages.success(request, f"Đã {evaluation.steps[step_name].done}: {evaluation.unit.name}.")
    if can_open_appraisal(request.user, evaluation):
        return redirect("evaluations:appraise-dossier", pk=evaluation.pk)
    return redirect(evaluation)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a refused step would lose."""
    reasons = [text for name, text in request.POST.items() if name.startswith("reason-")]
    return [
        ("Ý kiến, lý do", request.POST.get("note", "")),
        *(("Lý do vẫn gửi", r) for r in reasons),
    ]


def _has_just_taken(user: User, evaluation: Evaluation, step_name: str) -> bool:
    last = evaluation.events.steps().first()
    return (
        last is not None
        and (last.kind, last.by_id) == (step_name, user.pk)
        and evaluation.status == STEPS[step_name].target
    )


def _submit(request: HttpRequest, evaluation: Evaluation) -> HttpResponse:
    finding = find(evaluation)
    found = check(finding, registers_of(finding), find_last_year(evaluation))
    form = SubmitForm(request.POST, step=STEPS["submit"], check=found)
    if not form.is_valid():
        return _check_page(request, finding, found, form, status=422)
    try:
        take(
            evaluation=evaluation,
            step_name="submit",
            by=request.user,
            note=form.cleaned_data["note"],
            reasons=form.reasons,
        )
    except NotReady as problem:
        form.add_error(None, problem.text)
        return _check_page(request, finding, problem.check or found, form, status=422)
    receiver = "Hội đồng" if evaluation.is_of_city else "Sở Giáo dục và Đào tạo"
    messages.success(request, f"Đã gửi hồ sơ. {receiver} sẽ tiếp nhận.")
    return redirect(evaluation)


def _check_page(
    request: HttpRequest,
    finding: Finding,
    found: Check,
    form: SubmitForm,
    status: int = 200,
) -> HttpResponse:
    evaluation = finding.evaluation
    shown = [doubt for doubt in found.doubts if f"reason-{doubt.kind}" in form.fields]
    context = {
        "evaluation": evaluation,
        "finding": finding,
        "check": found,
        "form": form,
        "doubts": [(doubt, form[f"reason-{doubt.kind}"]) for doubt in shown],
        "can_submit": can_take(request.user, evaluation, "submit"),
        "leaders": User.objects.filter(
            organisation=evaluation.office_id, role=Role.LEADER, is_active=True
        ),
    }
    return render(request, "evaluations/check.html", context, status=status)


def _step_page(
    request: HttpRequest, evaluation: Evaluation, step_name: str, form: StepForm
) -> HttpResponse:
    context = {
        "evaluation": evaluation,
        "step_name": step_name,
        "step": evaluation.steps[step_name],
        "form": form,
    }
    return render(request, "evaluations/step.html", context, status=422)
