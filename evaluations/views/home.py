"""“Việc của tôi”: the first page after signing in, by role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.duties import home_of, home_without_round
from evaluations.rounds import calendar, current_round, rounds_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    pilot_round = current_round(request)
    context = {
        "today": today,
        "pilot_round": pilot_round,
        "rounds": rounds_of(request),
        "home": home_of(request.user, pilot_round, today) if pilot_round else None,
        "empty": None if pilot_round else home_without_round(request.user),
        "calendar": calendar(pilot_round, today) if pilot_round else (),
    }
    return render(request, "evaluations/home.html", context)
