"""Rounds: which one is shown, its calendar, who takes part, more time, readings of the law."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import rounds as actions
from evaluations.feasibility import best_share
from evaluations.forms.rounds import ExtensionForm, ReadingForm
from evaluations.models import AdoptedReading, PilotRound
from evaluations.permissions import can_manage_rounds, can_see_board
from evaluations.rounds import SESSION_KEY, calendar, rounds_of
from evaluations.turns import turn_of
from evaluations.workflow import EDITABLE


@require_POST
def choose_round(request: HttpRequest) -> HttpResponse:
    """From now on, in this session, pages show the chosen round."""
    chosen = request.POST.get("dot", "")
    if chosen not in {str(item.pk) for item in rounds_of(request)}:
        raise Http404
    request.session[SESSION_KEY] = int(chosen)
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if is_ours else "evaluations:home")


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    context = {
        "rounds": PilotRound.objects.visible_to(request.user).with_progress(),
    }
    return render(request, "evaluations/rounds/rounds.html", context)


@require_safe
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    pilot_round = _get_round(request, pk)
    today = timezone.localdate()
    may_manage = can_manage_rounds(request.user)
    evaluations = pilot_round.evaluations.of_districts().for_display().order_by("unit__code")
    context = {
        "pilot_round": pilot_round,
        "calendar": calendar(pilot_round, today),
        "participants": [
            {
                "evaluation": evaluation,
                "turn": turn_of(evaluation, today),
                "can_extend": may_manage and evaluation.status in EDITABLE,
            }
            for evaluation in evaluations
        ],
        "readings": _readings(pilot_round),
        "best": best_share(pilot_round),
        "events": pilot_round.events.select_related("by"),
        "can_manage": may_manage,
    }
    return render(request, "evaluations/rounds/round.html", context)


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, pk: int, evaluation_pk: int) -> HttpResponse:
    pilot_round = get_managed_round(request, pk)
    dossiers = pilot_round.evaluations.for_display()
    evaluation = get_object_or_404(dossiers, pk=evaluation_pk)
    if evaluation.status not in EDITABLE:
        raise PermissionDenied
    form = ExtensionForm(
        request.POST if request.method == "POST" else None,
        evaluation=evaluation,
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        try:
            actions.extend(
                evaluation=evaluation,
                until=until,
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except actions.NotLater:
            evaluation.refresh_from_db()  # somebody moved the date since the form was checked
            form.add_error("until", "Hạn vừa được dời. Chọn ngày sau hạn hiện nay ghi ở trên.")
        else:
            messages.success(request, f"Đã gia hạn cho {evaluation.unit} đến {until:%d/%m/%Y}.")
            return redirect(pilot_round)
    context = {"pilot_round": pilot_round, "evaluation": evaluation, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/extend.html", context, status=status)


@require_http_methods(["GET", "POST"])
def adopt_reading(request: HttpRequest, pk: int, question: str) -> HttpResponse:
    pilot_round = get_managed_round(request, pk)
    if question not in AdoptedReading.Question.values:
        raise Http404
    asked = AdoptedReading.Question(question)
    present = pilot_round.adopted_readings.filter(question=asked).first()
    form = ReadingForm(
        request.POST if request.method == "POST" else None,
        question=asked,
        initial={
            "choice": present.choice if present else AdoptedReading.CHOICES_OF[asked][0],
            "document": present.document if present else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.adopt_reading(
                pilot_round=pilot_round, question=asked, by=request.user, **form.cleaned_data
            )
        except actions.ReadingIsSettled:
            form.add_error(
                "choice",
                "Đã có hồ sơ thẩm định xong theo cách hiểu hiện nay, nên không đổi được nữa.",
            )
        else:
            messages.success(request, "Đã ghi cách hiểu của đợt.")
            return redirect(pilot_round)
    context = {
        "pilot_round": pilot_round,
        "question": asked,
        "form": form,
        "is_settled": actions.is_settled(pilot_round, asked),
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/reading.html", context, status=status)


def _readings(pilot_round: PilotRound) -> list[dict]:
    """Every open sentence, with what was adopted or, where nothing was, the default."""
    adopted = {row.question: row for row in pilot_round.adopted_readings.all()}
    return [
        {
            "question": question,
            "adopted": adopted.get(question),
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
    return get_object_or_404(visible, pk=pk)


def get_managed_round(request: HttpRequest, pk: int) -> PilotRound:
    """The round for its administrator; a 403 for its readers, a 404 for everybody else."""
    pilot_round = _get_round(request, pk)
    if not can_manage_rounds(request.user):
        raise PermissionDenied
    return pilot_round
