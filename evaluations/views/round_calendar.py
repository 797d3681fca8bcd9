"""The calendar of a round: its lines shown, added, changed, taken out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluations.actions import calendar as actions
from evaluations.actions.held_rounds import version_of
from evaluations.actions.steps import NotReady
from evaluations.forms.round_plans import MilestoneForm
from evaluations.models import Milestone, PilotRound
from evaluations.permissions import can_change_round
from evaluations.views.rounds import get_managed_round


@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Every line, and a form for one more."""
    pilot_round = _get_open_calendar(request, pk)
    form = MilestoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            milestone = actions.add_milestone(
                pilot_round=pilot_round, details=form.details, by=request.user
            )
        except NotReady as problem:
            form.add_error("label", problem.text)
        else:
            messages.success(request, f"Đã thêm mốc “{milestone.label}”.")
            return redirect("evaluations:calendar", pk)
    context = {
        "pilot_round": pilot_round,
        "milestones": [(each, actions.when(each)) for each in pilot_round.milestones.all()],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/calendar.html", context, status=status)


@require_http_methods(["GET", "POST"])
def change_milestone(request: HttpRequest, pk: int, milestone_pk: int) -> HttpResponse:
    pilot_round = _get_open_calendar(request, pk)
    milestone = pilot_round.milestones.filter(pk=milestone_pk).first()
    if milestone is None:
        return _gone(request, pk)
    form = MilestoneForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(milestone, name) for name in actions.FIELDS}
        | {"version": version_of(pilot_round)},
    )
    version = form.data.get("version", "") if form.is_bound else version_of(pilot_round)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_milestone(
                milestone=milestone, details=form.details, version=version, by=request.user
            )
        except actions.Gone:
            return _gone(request, pk)
        except actions.LabelTaken as problem:
            form.add_error("label", problem.text)
        except NotReady as problem:
            form.add_error(None, problem.text)
            version = version_of(pilot_round)
            milestone.refresh_from_db()
        else:
            messages.success(request, "Đã sửa mốc.")
            return redirect("evaluations:calendar", pk)
    context = {
        "pilot_round": pilot_round,
        "milestone": milestone,
        "when": actions.when(milestone),
        "form": form,
        "version": version,
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/milestone.html", context, status=status)


@require_POST
def remove_milestone(request: HttpRequest, pk: int, milestone_pk: int) -> HttpResponse:
    pilot_round = _get_open_calendar(request, pk)
    milestone = Milestone.objects.filter(pilot_round=pilot_round, pk=milestone_pk).first()
    if milestone is None:
        return _gone(request, pk)
    try:
        actions.remove_milestone(milestone=milestone, by=request.user)
    except actions.Gone:
        return _gone(request, pk)
    messages.success(request, f"Đã bỏ mốc “{milestone.label}” khỏi lịch.")
    return redirect("evaluations:calendar", pk)


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Pressed twice, or somebody else was quicker: the calendar shows what is left."""
    messages.info(request, "Mốc này đã được bỏ khỏi lịch.")
    return redirect("evaluations:calendar", pk)


def _get_open_calendar(request: HttpRequest, pk: int) -> PilotRound:
    pilot_round = get_managed_round(request, pk)
    if not can_change_round(request.user, pilot_round):
        raise PermissionDenied("Đợt đã đóng nên lịch không sửa được nữa.")
    return pilot_round
