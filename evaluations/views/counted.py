"""A share that is counted from a register: the list behind it, both sides of the fraction."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluations.checking import NOT_COUNTED_YET
from evaluations.determination import Finding, Line
from evaluations.feasibility import best_share
from evaluations.permissions import can_keep_register, can_open_appraisal
from evaluations.registers import register_url
from evaluations.unit_lists import list_behind
from evaluations.views.dossiers import get_finding, get_line
from organisations.models import User


@require_safe
def counted_units(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """All units of the list, as they count: now, or as they were submitted."""
    finding = get_finding(request, pk)
    line = get_line(finding, code)
    if not line.has_list:
        raise Http404("not counted from a list")
    context = {
        "evaluation": finding.evaluation,
        "line": line,
        "indicator_url": _indicator_url(request.user, line),
        **unit_list_context(request.user, finding, line),
    }
    return render(request, "evaluations/counted_units.html", context)


def unit_list_context(user: User, finding: Finding, line: Line) -> dict:
    """What `partials/unit_list.html` prints; nothing for an indicator that is typed."""
    if not line.is_derived:
        return {"unit_list": None}
    evaluation = finding.evaluation
    return {
        "unit_list": list_behind(finding, line, user),
        "register_url": register_url(evaluation, line.register)
        if line.register and not finding.is_part
        else "",
        "keeps_register": can_keep_register(user, evaluation.pilot_round, evaluation.unit),
        "not_counted_yet": NOT_COUNTED_YET
        if line.counts_districts and not line.counted.rated
        else "",
        "best": best_share(evaluation.pilot_round) if line.counts_districts else None,
    }


def _indicator_url(user: User, line: Line) -> str:
    """Back to where this person came from: the Sở to its own page of the indicator."""
    if can_open_appraisal(user, line.result.evaluation):
        return reverse("evaluations:appraise", args=[line.result.evaluation_id, line.code])
    return line.result.get_absolute_url()
