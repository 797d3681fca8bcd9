"""The page of one indicator: law in view, figures, explanation, evidence, suitability."""

import json
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from evaluations.actions.results import Conflict, overrule, save_result, values_of
from evaluations.determination import Finding, Line, find
from evaluations.forms.results import ResultForm
from evaluations.models import Evaluation
from evaluations.permissions import can_edit_result, can_see_appraisal
from evaluations.views.dossiers import get_dossier, standards_with_lines


@dataclass(frozen=True)
class ShownConflict:
    """A conflict with the label of its field, for the two boxes side by side."""

    label: str
    conflict: Conflict


@require_http_methods(["GET", "POST"])
def indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Read or save one indicator. Autosave posts the same form and gets small pieces back."""
    evaluation = get_dossier(request, pk)
    finding = find(evaluation)
    line = get_line(finding, code)
    if request.method == "POST":
        return _save(request, evaluation, line)
    form = ResultForm(initial=_initial(line), measure=line.indicator.measure)
    return _page(request, finding, line, form)


def get_line(finding: Finding, code: str) -> Line:
    """The line of that code, or a 404: the address names an indicator the set does not have."""
    for line in finding.lines:
        if line.code == code:
            return line
    raise Http404("no such indicator")


def _save(request: HttpRequest, evaluation: Evaluation, line: Line) -> HttpResponse:
    if not can_edit_result(request.user, line.result):
        raise PermissionDenied
    form = ResultForm(request.POST, measure=line.indicator.measure)
    if not form.is_valid():
        return _answer(request, evaluation, line.code, form)
    save = overrule if "overrule" in request.POST else save_result
    base = {"seen" if save is overrule else "base": form.cleaned_data["base"]}
    saved = save(result=line.result, values=form.values, by=request.user, **base)
    return _answer(request, evaluation, line.code, form, conflicts=saved.conflicts)


def _answer(
    request: HttpRequest,
    evaluation: Evaluation,
    code: str,
    form: ResultForm,
    conflicts: tuple[Conflict, ...] = (),
) -> HttpResponse:
    """Pieces for autosave; without JavaScript the next page, or this one with what is wrong."""
    finding = find(get_dossier(request, evaluation.pk))
    line = get_line(finding, code)
    has_trouble = bool(conflicts) or not form.is_valid()
    if not request.htmx and not has_trouble:
        return redirect(_next_address(request, finding, line))
    if not request.htmx:
        return _page(request, finding, line, form, conflicts=conflicts, status=409)
    context = _context(request, finding, line, form, conflicts)
    return render(request, "evaluations/partials/indicator_saved.html", context)


def _page(
    request: HttpRequest,
    finding: Finding,
    line: Line,
    form: ResultForm,
    *,
    conflicts: tuple[Conflict, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = _context(request, finding, line, form, conflicts)
    return render(request, "evaluations/indicator.html", context, status=status)


def _context(
    request: HttpRequest,
    finding: Finding,
    line: Line,
    form: ResultForm,
    conflicts: tuple[Conflict, ...],
) -> dict:
    evaluation = finding.evaluation
    codes = [each.code for each in finding.lines]
    place = codes.index(line.code)
    return {
        "evaluation": evaluation,
        "finding": finding,
        "line": line,
        "standards": standards_with_lines(finding),
        "form": form,
        "base": json.dumps(values_of(line.result), ensure_ascii=False),
        "conflicts": [
            ShownConflict(str(form.fields[conflict.field].label), conflict)
            for conflict in conflicts
        ],
        "can_edit": can_edit_result(request.user, line.result),
        "shows_appraisal": can_see_appraisal(request.user, evaluation),
        "thresholds": finding.rule.thresholds_read(finding.readings),
        "is_holding": line.code in finding.self_assessed.weakest,
        "previous_code": codes[place - 1] if place else None,
        "next_code": codes[place + 1] if place + 1 < len(codes) else None,
    }


def _initial(line: Line) -> dict[str, str]:
    return values_of(line.result)


def _next_address(request: HttpRequest, finding: Finding, line: Line) -> str:
    """Where "Lưu, sang …" leads: the next indicator, or the dossier after the last one."""
    codes = [each.code for each in finding.lines]
    place = codes.index(line.code)
    if "go-on" not in request.POST:
        return line.result.get_absolute_url()
    if place + 1 == len(codes):
        return finding.evaluation.get_absolute_url()
    return reverse("evaluations:indicator", args=[finding.evaluation.pk, codes[place + 1]])
