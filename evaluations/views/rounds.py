"""Rounds: which one is shown, the list of them, and the page of one with all that it adopted."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluations.city_permissions import can_see_assignments
from evaluations.feasibility import best_share
from evaluations.handovers import city_dossier_of
from evaluations.models import AdoptedReading, PilotRound
from evaluations.permissions import (
    can_change_round,
    can_manage_rounds,
    can_plan_round,
    can_reopen_round,
    can_run_round,
    can_see_board,
)
from evaluations.round_checks import districts_of, lacks_before_opening, untouched_dossiers
from evaluations.rounds import SESSION_KEY, calendar, proposed_readings, rounds_of, show_round
from evaluations.turns import turn_of
from evaluations.workflow import EDITABLE
from organisations.models import User
from organisations.ways_on import is_path_of_ours

PAGE_SIZE = 50


@require_POST
def choose_round(request: HttpRequest) -> HttpResponse:
    """From now on, in this session, pages show the chosen round."""
    chosen = request.POST.get("dot", "")
    if chosen not in {str(item.pk) for item in rounds_of(request)}:
        raise Http404
    request.session[SESSION_KEY] = int(chosen)
    target = request.POST.get("next", "")
    return redirect(target if is_path_of_ours(request, target) else "evaluations:home")


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    known = PilotRound.objects.visible_to(request.user)
    page = Paginator(known, PAGE_SIZE).get_page(request.GET.get("page"))
    # Counted of those alone that are shown.
    shown = PilotRound.objects.filter(pk__in=[each.pk for each in page]).with_progress()
    context = {
        "page": page,
        "rounds": shown,
        "can_manage": can_manage_rounds(request.user),
    }
    return render(request, "evaluations/rounds/rounds.html", context)


@require_safe
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    pilot_round = _get_round(request, pk)
    user, today = request.user, timezone.localdate()
    context = {
        "pilot_round": pilot_round,
        "calendar": calendar(pilot_round, today),
        "participants": _participants(request, pilot_round),
        "city": _city(request.user, pilot_round, today),
        "readings": _readings(pilot_round),
        "best": best_share(pilot_round),
        "events": pilot_round.events.select_related("by"),
        "can_manage": can_manage_rounds(user),
        "can_plan": can_plan_round(user, pilot_round),
        "can_change": can_change_round(user, pilot_round),
        "can_run": can_run_round(user, pilot_round),
        "can_reopen": can_reopen_round(user, pilot_round),
    }
    if can_plan_round(user, pilot_round):
        context |= {
            "planned": pilot_round.planned_participants.order_by("code"),
            "possible": districts_of(pilot_round).count(),
            "has_errors": any(each.is_error for each in lacks_before_opening(pilot_round, today)),
        }
    return render(request, "evaluations/rounds/round.html", context)


def _participants(request: HttpRequest, pilot_round: PilotRound) -> list[dict]:
    """Each district's dossier, whose turn it is, and what the administrator may do about it."""
    today = timezone.localdate()
    may_run = can_run_round(request.user, pilot_round)
    untouched = set(untouched_dossiers(pilot_round)) if may_run else set()
    evaluations = pilot_round.evaluations.of_districts().for_display().order_by("unit__code")
    return [
        {
            "evaluation": evaluation,
            "turn": turn_of(evaluation, today),
            "can_extend": may_run and evaluation.status in EDITABLE,
            "can_leave": evaluation.pk in untouched,
        }
        for evaluation in evaluations
    ]


def _city(user: User, pilot_round: PilotRound, today: date) -> dict | None:
    """The city's own dossier, which is no participant's: where it is, and what leads there."""
    evaluation = city_dossier_of(user, pilot_round)
    if evaluation is None:
        return None
    return {
        "evaluation": evaluation,
        "turn": turn_of(evaluation, today),
        "can_extend": can_run_round(user, pilot_round) and evaluation.status in EDITABLE,
        "sees_assignments": can_see_assignments(user, evaluation),
    }


def _readings(pilot_round: PilotRound) -> list[dict]:
    """Every open sentence, with what was adopted or, where nothing was, the default.

    Beside a default stands what the round proposes that this one was copied from.
    """
    adopted = {row.question: row for row in pilot_round.adopted_readings.all()}
    proposed = proposed_readings(pilot_round)
    return [
        {
            "question": question,
            "adopted": adopted.get(question),
            "proposal": None if question in adopted else proposed.get(question),
            "choice": adopted[question].get_choice_display()
            if question in adopted
            else AdoptedReading.CHOICES_OF[question][0].label,
        }
        for question in AdoptedReading.Question
    ]


def _require_reader(request: HttpRequest) -> None:
    """Units see their round's calendar at home; these pages are the Sở's and the council's."""
    if not (can_see_board(request.user) or can_manage_rounds(request.user)):
        raise Http404


def _get_round(request: HttpRequest, pk: int) -> PilotRound:
    _require_reader(request)
    visible = PilotRound.objects.visible_to(request.user).with_readings()
    pilot_round = get_object_or_404(visible, pk=pk)
    show_round(request, pilot_round)
    return pilot_round


def get_managed_round(request: HttpRequest, pk: int) -> PilotRound:
    """The round for its administrator; a 403 for its readers, a 404 for everybody else."""
    pilot_round = _get_round(request, pk)
    if not can_manage_rounds(request.user):
        raise PermissionDenied
    return pilot_round
