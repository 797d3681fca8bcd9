"""The trail of a dossier: who did what and when, what each thing was and became, who read it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluations.forms.history import TrailForm
from evaluations.models import Evaluation
from evaluations.permissions import can_see_readings
from evaluations.revisions import Revisions, revised
from evaluations.rounds import show_round
from evaluations.trail import Trail

LINES_PER_PAGE = 50


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = get_traced_dossier(request, pk)
    form = TrailForm(request.GET, user=request.user, evaluation=evaluation)
    trail = Trail(request.user, evaluation, form.wanted)
    context = {
        "evaluation": evaluation,
        "form": form,
        "is_narrowed": any(form.cleaned_data.values()),
        "page": Paginator(trail, LINES_PER_PAGE).get_page(request.GET.get("page")),
        "sees_readings": can_see_readings(request.user, evaluation),
        "snapshots": evaluation.snapshots.submissions().select_related("taken_by").defer("content"),
    }
    return render(request, "evaluations/history.html", context)


@require_safe
def submission(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One submission beside the one before it: figures, words, papers and lists, old and new."""
    evaluation = get_traced_dossier(request, pk)
    sent = evaluation.snapshots.submissions().filter(number__lte=number).order_by("-number")[:2]
    if [each.number for each in sent][:1] != [number] or len(sent) < 2:
        raise Http404("the first submission has none before it")
    after, before = sent
    context = {
        "evaluation": evaluation,
        "snapshot": after,
        "revisions": Revisions(before.number, after.number, revised(before.content, after.content)),
    }
    return render(request, "evaluations/submission.html", context)


def get_traced_dossier(request: HttpRequest, pk: int) -> Evaluation:
    """The dossier without its rows, or a 404 where this user may not know that it exists."""
    evaluations = Evaluation.objects.visible_to(request.user).for_display()
    evaluation = get_object_or_404(evaluations.prefetch_related("criteria_set__indicators"), pk=pk)
    show_round(request, evaluation.pilot_round)
    return evaluation
