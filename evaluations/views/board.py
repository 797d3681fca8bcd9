"""The board of the Sở: where every district stands in one look."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.board import board_of
from evaluations.handovers import city_dossier_of
from evaluations.models import PilotRound
from evaluations.permissions import can_see_board
from evaluations.rounds import current_round, rounds_of


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    if not can_see_board(request.user):
        raise Http404
    rounds = rounds_of(request)  # first, so that the one of them is not fetched by itself
    chosen = current_round(request)
    pilot_round = PilotRound.objects.for_board().get(pk=chosen.pk) if chosen else None
    slug = request.GET.get("loc", "")
    found = board_of(request.user, pilot_round, timezone.localdate()) if pilot_round else None
    context = {
        "pilot_round": pilot_round,
        "rounds": rounds,
        "board": found,
        "blocks": found.blocks(slug) if found else (),
        "slug": slug,
        "city": city_dossier_of(request.user, pilot_round) if pilot_round else None,
    }
    return render(request, "evaluations/board.html", context)
