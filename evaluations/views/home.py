"""“Việc của tôi”: the first page after signing in, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.duties import home_beside_others, home_of, home_without_round, waiting_in_others
from evaluations.rounds import calendar, current_round, rounds_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rounds = rounds_of(request)  # first, so that the one of them is not fetched by itself
    pilot_round = current_round(request)
    found, others = None, ()
    if pilot_round:
        others = waiting_in_others(request.user, rounds, pilot_round, today)
        found = home_beside_others(home_of(request.user, pilot_round, today), pilot_round, others)
    context = {
        "today": today,
        "pilot_round": pilot_round,
        "rounds": rounds,
        "home": found,
        "others": others,
        "empty": None if pilot_round else home_without_round(request.user),
        "calendar": calendar(pilot_round, today) if pilot_round else (),
    }
    return render(request, "evaluations/home.html", context)
