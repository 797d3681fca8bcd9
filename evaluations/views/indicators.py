"""The page of one indicator: law in view, figures, explanation, evidence, suitability."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from criteria.levels import bands as level_bands
from evaluations.actions.results import Conflict, overrule, save_result, values_of
from evaluations.determination import Finding, Line
from evaluations.forms.results import ResultForm
from evaluations.models import IndicatorResult
from evaluations.permissions import can_edit_result, can_return_part, can_see_appraisal
from evaluations.views.counted import unit_list_context
from evaluations.views.dossiers import (
    code_to_write_next,
    get_finding,
    get_line,
    get_open_result,
    neighbours,
    standards_with_lines,
    turn_of_line,
)
from evaluations.views.evidence import evidence_section
from evaluations.views.given_back import late_result
from evaluations.views.past import past_of, with_last_year


@dataclass(frozen=True)
class ShownConflict:
    """A conflict with the label of its field, for the two boxes side by side."""

    label: str
    conflict: Conflict


@require_http_methods(["GET", "POST"])
def indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Read or save one indicator. Autosave posts the same form and gets small pieces back."""
    if request.method == "POST":
        try:
            result, form, conflicts = _save(request, get_open_result(request, pk, code))
        except (Http404, PermissionDenied) as refusal:
            return late_result(request, pk, code, refusal)
        return _answer(request, result, form, conflicts)
    finding = get_finding(request, pk)
    line = get_line(finding, code)
    form = ResultForm(initial=values_of(line.result), measure=line.indicator.measure)
    return _page(request, finding, line, form)


def _save(
    request: HttpRequest, result: IndicatorResult
) -> tuple[IndicatorResult, ResultForm, tuple[Conflict, ...]]:
    posted = request.POST
    if "take-last-year" in posted:
        finding = get_finding(request, result.evaluation_id)
        line = get_line(finding, result.indicator.code)
        posted = with_last_year(posted, past_of(finding, line, request.user))
    form = ResultForm(posted, measure=result.indicator.measure)
    form.is_valid()  # a field with an error is reported; the others are saved all the same
    words = {"result": result, "values": form.values, "base": form.cleaned_data["base"]}
    if "overrule" in request.POST:
        saved = overrule(**words, seen=form.cleaned_data["seen"], by=request.user)
    else:
        saved = save_result(**words, by=request.user)
    return result, form, saved.conflicts


def _answer(
    request: HttpRequest,
    result: IndicatorResult,
    form: ResultForm,
    conflicts: tuple[Conflict, ...],
) -> HttpResponse:
    """Pieces for autosave; without JavaScript the next page, or this one with what is wrong."""
    finding = get_finding(request, result.evaluation_id)
    line = get_line(finding, result.indicator.code)
    has_trouble = bool(conflicts) or not form.is_valid()
    if not request.htmx and not has_trouble and line.reading.problems:
        messages.warning(
            request, "Đã lưu, nhưng có số chưa tính được. Sửa chỗ báo đỏ dưới ô số liệu."
        )
        return redirect(line.result)
    if not request.htmx and not has_trouble:
        return redirect(_next_address(request, finding, line))
    if not request.htmx:
        return _page(request, finding, line, form, conflicts=conflicts, status=409)
    context = _context(request, finding, line, form, conflicts)
    response = render(request, "evaluations/partials/indicator_saved.html", context)
    if has_trouble:
        response["X-Unsaved"] = "1"  # autosave.js keeps guarding the text on the page
    return response


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
    context |= evidence_section(line.result, request.user)
    context |= unit_list_context(request.user, finding, line)
    context["past"] = past_of(finding, line, request.user)
    context["standards"] = standards_with_lines(finding)
    return render(request, "evaluations/indicator.html", context, status=status)


def _context(
    request: HttpRequest,
    finding: Finding,
    line: Line,
    form: ResultForm,
    conflicts: tuple[Conflict, ...],
) -> dict:
    evaluation = finding.evaluation
    previous_code, next_code = neighbours(finding, line)
    shows_appraisal = can_see_appraisal(request.user, evaluation)
    return {
        "evaluation": evaluation,
        "finding": finding,
        "line": line,
        "form": form,
        "base": json.dumps(_base(line, form, conflicts), ensure_ascii=False),
        "seen": json.dumps({each.field: each.stored for each in conflicts}, ensure_ascii=False),
        "conflicts": [
            ShownConflict(str(form.fields[conflict.field].label), conflict)
            for conflict in conflicts
        ],
        "measure_template": _measure_template(line),
        "today": timezone.localdate(),
        "line_turn": turn_of_line(finding, line, shows_appraisal=shows_appraisal),
        "can_edit": can_edit_result(request.user, line.result),
        "can_return_part": can_return_part(request.user, line.result),
        "shows_appraisal": shows_appraisal,
        "level_bands": level_bands(finding.rule.thresholds_read(finding.readings)),
        "reads_points": finding.readings.fall == "points",
        "is_holding": line.code in finding.self_assessed.weakest,
        "previous_code": previous_code,
        "next_code": next_code,
        "code_to_write": code_to_write_next(finding, line),
    }


def _measure_template(line: Line) -> str:
    name = "counted" if line.is_derived else line.indicator.measure.kind
    return f"evaluations/measures/{name}.html"


def _base(line: Line, form: ResultForm, conflicts: tuple[Conflict, ...]) -> dict[str, str]:
    """What the next save of this page is compared with: what the page shows, field by field.

    Never the row itself: another person's text in a field that this page shows empty would then
    look like text that this person took out. A contested field keeps its old base, so that the
    next autosave asks again.
    """
    if not form.is_bound:
        return values_of(line.result)
    old = form.cleaned_data["base"]
    kept = {each.field: old.get(each.field, "") for each in conflicts}
    return old | form.values | kept


def _next_address(request: HttpRequest, finding: Finding, line: Line) -> str:
    """Where "Lưu, sang …" leads: the next indicator, or the dossier after the last one."""
    if "go-on" not in request.POST:
        return line.result.get_absolute_url()
    next_code = code_to_write_next(finding, line)
    if next_code is None:
        return finding.evaluation.get_absolute_url()
    return reverse("evaluations:indicator", args=[finding.evaluation.pk, next_code])
