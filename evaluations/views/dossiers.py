"""A dossier as a whole: the list, the overview, what-if, the trail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from evaluations.checking import check
from evaluations.determination import Finding, find
from evaluations.forms.what_if import WhatIfForm
from evaluations.models import Evaluation
from evaluations.permissions import (
    asked_result_ids,
    can_edit,
    can_see_appraisal,
    steps_for,
)
from evaluations.workflow import Status


@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    """The dossiers this person may know of; a unit with a single one goes straight to it."""
    rows = list(
        Evaluation.objects.visible_to(request.user)
        .filter(pilot_round__opened_at__isnull=False)
        .for_display()
        .order_by("pilot_round__is_practice", "-pilot_round__year", "unit__code")
    )
    if len(rows) == 1:
        return redirect(rows[0])
    return render(request, "evaluations/dossiers.html", {"dossiers": rows})


@require_safe
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = get_dossier(request, pk)
    finding = find(evaluation)
    shows_appraisal = can_see_appraisal(request.user, evaluation)
    may_edit = can_edit(request.user, evaluation)
    context = {
        "evaluation": evaluation,
        "finding": finding,
        "standards": standards_with_lines(finding),
        "shows_appraisal": shows_appraisal,
        "appraised_is_final": shows_appraisal and finding.is_fully_decided,
        "asked": finding.asked_lines if shows_appraisal else (),
        "can_edit": may_edit,
        "check": check(finding) if may_edit else None,
        "editable_ids": _editable_ids(evaluation, finding) if may_edit else set(),
        "steps": steps_for(request.user, evaluation),
        "what_if": WhatIfForm(finding=finding),
        "what_if_determination": None,
        "events": evaluation.events.select_related("by")[:5],
    }
    return render(request, "evaluations/dossier.html", context)


@require_safe
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """The level with other numbers. Nothing is saved: the numbers live in the address."""
    evaluation = get_dossier(request, pk)
    finding = find(evaluation)
    form = WhatIfForm(request.GET or None, finding=finding)
    determination = form.determination if form.is_valid() else None
    template = "evaluations/what_if.html"
    if request.htmx:
        template = "evaluations/partials/what_if.html"
    context = {
        "evaluation": evaluation,
        "finding": finding,
        "what_if": form,
        "what_if_determination": determination,
    }
    return render(request, template, context)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = get_dossier(request, pk)
    context = {
        "evaluation": evaluation,
        "events": evaluation.events.select_related("by"),
        "snapshots": evaluation.snapshots.select_related("taken_by").defer("content"),
    }
    return render(request, "evaluations/history.html", context)


def get_dossier(request: HttpRequest, pk: int) -> Evaluation:
    """The dossier with all its rows, or a 404 where this user may not know that it exists."""
    evaluations = Evaluation.objects.visible_to(request.user).with_results()
    return get_object_or_404(evaluations, pk=pk)


def standards_with_lines(finding: Finding) -> list[dict]:
    """The set's standards and criteria in order, each criterion with its lines."""
    lines = {line.code: line for line in finding.lines}
    return [
        {
            "standard": standard,
            "criteria": [
                {
                    "criterion": criterion,
                    "lines": [lines[indicator.code] for indicator in criterion.indicators.all()],
                }
                for criterion in standard.criteria.all()
            ],
        }
        for standard in finding.evaluation.criteria_set.standards.all()
    ]


def _editable_ids(evaluation: Evaluation, finding: Finding) -> set[int]:
    """The results that are open for writing now: all in a draft, the asked ones when returned."""
    everything = {line.result.pk for line in finding.lines}
    if evaluation.status == Status.DRAFT:
        return everything
    return set(asked_result_ids(evaluation)) or everything
