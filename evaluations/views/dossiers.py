"""A dossier as a whole: the list, the overview, what-if, the trail."""

from collections import defaultdict

from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.bands import bands, rows
from evaluations.checking import check, registers_of, work_left
from evaluations.city_permissions import compiles, is_lead, sees_whole
from evaluations.determination import Finding, Line, find
from evaluations.feasibility import best_share
from evaluations.forms.steps import StepForm
from evaluations.forms.what_if import WhatIfForm
from evaluations.models import Decision, Evaluation, IndicatorResult
from evaluations.permissions import (
    can_edit,
    can_edit_result,
    can_open_appraisal,
    can_see_appraisal,
    steps_for,
)
from evaluations.recognition import decided_of
from evaluations.registers import register_url
from evaluations.rounds import show_round
from evaluations.snapshots import as_seen_by
from evaluations.turns import ResultTurn, turn_of, turn_of_result
from evaluations.unit_lists import changes_since_submission
from evaluations.views.inspected import inspections_context
from evaluations.views.refusing import not_writable
from evaluations.workflow import Status
from organisations.models import User

PAGE_SIZE = 50


@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    """The dossiers this person may know of; a unit with a single one goes straight to it."""
    known = (
        Evaluation.objects.known_to(request.user)
        .filter(pilot_round__opened_at__isnull=False)
        .for_display()
        .order_by(
            "pilot_round__is_practice",
            IsNull(F("pilot_round__closed_at"), False),
            "-pilot_round__year",
            "-pilot_round_id",
            "unit__code",
        )
    )
    page = Paginator(known, PAGE_SIZE).get_page(request.GET.get("page"))
    found = list(page)
    if page.paginator.count == 1:
        return redirect(found[0])
    return render(request, "evaluations/dossiers.html", {"dossiers": found, "page": page})


@require_safe
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    finding = get_finding(request, pk)
    if finding.is_part:
        return redirect("evaluations:own-part", pk=pk)
    evaluation = finding.evaluation
    shows_appraisal = can_see_appraisal(request.user, evaluation)
    may_edit = can_edit(request.user, evaluation)
    found = check(finding, registers_of(finding)) if may_edit else None
    steps = steps_for(request.user, evaluation)
    unanswered = [line for line in finding.asked_lines if not line.result.reply.strip()]
    context = {
        "evaluation": evaluation,
        "turn": turn_of(evaluation, timezone.localdate()),
        **finding_context(finding, shows_appraisal=shows_appraisal),
        **decided_context(request.user, evaluation),
        **inspections_context(request.user, evaluation),
        "standards": standards_with_lines(finding),
        "asked": unanswered if shows_appraisal else (),
        "can_edit": may_edit,
        "best": best_share(evaluation.pilot_round) if evaluation.is_of_city else None,
        "compiles": compiles(request.user, evaluation),
        "has_own_part": any(is_lead(request.user, line.result) for line in finding.lines),
        "check": found,
        "work_left": work_left(found) if found else {},
        "register_urls": register_urls(finding) if may_edit else {},
        **list_changes_context(request.user, finding),
        "steps": steps,
        "undo": _undo(steps),
        "appraise_url": _appraise_url(request, evaluation),
        "what_if": WhatIfForm(finding=finding),
        "what_if_determination": None,
        "events": evaluation.events.steps().select_related("by")[:5],
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


def get_dossier(request: HttpRequest, pk: int) -> Evaluation:
    """The dossier with all its rows, or a 404 where this user may not know that it exists."""
    evaluations = Evaluation.objects.visible_to(request.user).with_results()
    (evaluation,) = as_seen_by(request.user, [get_object_or_404(evaluations, pk=pk)])
    show_round(request, evaluation.pilot_round)
    return evaluation


def get_finding(request: HttpRequest, pk: int) -> Finding:
    """The dossier read: whole or, of the city's, the indicators of this person's agency alone."""
    known = Evaluation.objects.known_to(request.user).with_results()
    evaluation = get_object_or_404(known, pk=pk)
    show_round(request, evaluation.pilot_round)
    if not sees_whole(request.user, evaluation):
        return find(evaluation).part_of(request.user)
    (evaluation,) = as_seen_by(request.user, [evaluation])
    return find(evaluation)


def get_result(request: HttpRequest, pk: int, code: str) -> IndicatorResult:
    """One indicator's row without the rest of its dossier, or the same 404."""
    result = get_object_or_404(
        IndicatorResult.objects.visible_to(request.user)
        .with_assignment()
        .select_related("indicator", "evaluation__unit", "evaluation__pilot_round"),
        evaluation=pk,
        indicator__code=code,
    )
    show_round(request, result.evaluation.pilot_round)
    return result


def get_open_result(request: HttpRequest, pk: int, code: str) -> IndicatorResult:
    """The same, or a 403 where this user may see it but not write in it now."""
    result = get_result(request, pk, code)
    if not can_edit_result(request.user, result):
        raise not_writable(result.evaluation.pilot_round)
    return result


def get_line(finding: Finding, code: str) -> Line:
    """The line of that code, or a 404: the address names an indicator the set does not have."""
    for line in finding.lines:
        if line.code == code:
            return line
    raise Http404("no such indicator")


def neighbours(finding: Finding, line: Line) -> tuple[str | None, str | None]:
    """The codes before and after this one, in the order of the text; None at either end."""
    codes = [None, *(each.code for each in finding.lines), None]
    place = codes.index(line.code)
    return codes[place - 1], codes[place + 1]


def code_to_write_next(finding: Finding, line: Line) -> str | None:
    """Where to go on after saving; of a returned dossier only to what more was asked for."""
    codes = [each.code for each in finding.lines]
    after = codes[codes.index(line.code) + 1 :]
    is_returned = finding.evaluation.status == Status.RETURNED
    asked = {each.code for each in finding.asked_lines} if is_returned else set()
    return next((code for code in after if not asked or code in asked), None)


def turn_of_line(finding: Finding, line: Line, *, shows_appraisal: bool) -> ResultTurn:
    """Who has one indicator now, as far as this reader may know."""
    return turn_of_result(
        line.result,
        timezone.localdate(),
        asks=[each.result.pk for each in finding.asked_lines],
        appraisal=line.appraisal if shows_appraisal else None,
    )


def standards_with_lines(finding: Finding) -> list[dict]:
    """The set's standards and criteria in order, each criterion with its lines.

    Of a part of the city's dossier only those that have any.
    """
    lines = defaultdict(list)
    for line in finding.lines:
        lines[line.indicator.criterion_id].append(line)
    found = []
    for standard in finding.evaluation.criteria_set.headings:
        criteria = [
            {"criterion": criterion, "lines": lines[criterion.pk]}
            for criterion in standard.criteria.all()
            if criterion.pk in lines
        ]
        if criteria:
            found.append({"standard": standard, "criteria": criteria})
    return found


def finding_context(finding: Finding, *, shows_appraisal: bool) -> dict:
    """What `partials/finding.html` prints: both levels and the band chart.

    The distance shown is that of the column which counts: the Sở's, once it is complete.
    """
    is_final = shows_appraisal and finding.is_fully_decided
    return {
        "finding": finding,
        "shows_appraisal": shows_appraisal,
        "appraised_is_final": is_final,
        "shown": finding.appraised if is_final else finding.self_assessed,
        "bands": bands(finding.rule.thresholds_read(finding.readings)),
        "band_rows": rows(finding, with_appraisal=shows_appraisal),
    }


def decided_context(user: User, evaluation: Evaluation) -> dict:
    """The level that stands by decision, which `partials/finding.html` then prints instead."""
    if evaluation.decided_level is None:
        return {"decided": None}
    decided = decided_of(evaluation)
    known = Decision.objects.visible_to(user).filter(pk=decided.decision.pk)
    return {"decided": decided, "knows_decision": known.exists()}


def register_urls(finding: Finding) -> dict[str, str]:
    """By code, where the figures that count now are entered."""
    return {
        line.code: register_url(finding.evaluation, line.register)
        for line in finding.lines
        if line.register and line.counts_live
    }


def list_changes_context(user: User, finding: Finding) -> dict:
    """What the pages of a whole dossier say of lists that changed after it was submitted."""
    changes = changes_since_submission([finding], user).get(finding.evaluation.pk, [])
    return {
        "list_changes": changes,
        "changed_lists": {
            each.line.code: reverse(
                "evaluations:counted-units", args=[finding.evaluation.pk, each.line.code]
            )
            for each in changes
        },
    }


def _undo(steps: dict) -> dict | None:
    """The step by which the unit gets a dossier back that the Sở has not taken in, its form."""
    for name in ("withdraw", "take-back"):
        if name in steps:
            return {"name": name, "step": steps[name], "form": StepForm(step=steps[name])}
    return None


def _appraise_url(request: HttpRequest, evaluation: Evaluation) -> str | None:
    if not can_open_appraisal(request.user, evaluation):
        return None
    return reverse("evaluations:appraise-dossier", args=[evaluation.pk])
