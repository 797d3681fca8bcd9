"""A round that is open: more time for a unit, readings, who joins late or leaves, closing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations.actions import closing, participants
from evaluations.actions import rounds as actions
from evaluations.actions.steps import NotReady
from evaluations.forms.rounds import ExtensionForm, JoinForm, ReadingForm, ReasonForm
from evaluations.models import AdoptedReading, PilotRound
from evaluations.permissions import can_change_round, can_run_round
from evaluations.round_checks import districts_of, unfinished
from evaluations.rounds import proposed_readings
from evaluations.views.rounds import get_managed_round
from evaluations.workflow import EDITABLE
from organisations.views.choosing import found_units


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, pk: int, evaluation_pk: int) -> HttpResponse:
    pilot_round = get_managed_round(request, pk)
    dossiers = pilot_round.evaluations.for_display()
    evaluation = get_object_or_404(dossiers, pk=evaluation_pk)
    if evaluation.status not in EDITABLE or not can_run_round(request.user, pilot_round):
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
    if not can_change_round(request.user, pilot_round):
        raise PermissionDenied("Đợt đã đóng nên cách hiểu không ghi được nữa.")
    asked = AdoptedReading.Question(question)
    present = pilot_round.adopted_readings.filter(question=asked).first()
    proposal = None if present else proposed_readings(pilot_round).get(asked)
    shown = present or proposal
    form = ReadingForm(
        request.POST if request.method == "POST" else None,
        question=asked,
        initial={
            "choice": shown.choice if shown else AdoptedReading.CHOICES_OF[asked][0],
            "document": shown.document if shown else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.adopt_reading(
                pilot_round=pilot_round, question=asked, by=request.user, **form.cleaned_data
            )
        except actions.ReadingIsSettled:
            form.add_error("choice", f"{_settled_by(asked)}, nên không đổi được nữa.")
        else:
            messages.success(request, "Đã ghi cách hiểu của đợt.")
            return redirect(pilot_round)
    context = {
        "pilot_round": pilot_round,
        "question": asked,
        "proposal": proposal,
        "form": form,
        "settled_by": _settled_by(asked) if actions.is_settled(pilot_round, asked) else "",
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/reading.html", context, status=status)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """A district comes in after the round was opened."""
    pilot_round = _get_running(request, pk)
    there = pilot_round.evaluations.values("unit")
    units = districts_of(pilot_round).exclude(pk__in=there)
    form = JoinForm(request.POST if request.method == "POST" else None, units=units)
    if answer := found_units(request, form):
        return answer
    if request.method == "POST" and form.is_valid():
        try:
            participants.add_participant(
                pilot_round=pilot_round, by=request.user, **form.cleaned_data
            )
        except participants.AlreadyIn as already:
            messages.info(request, already.text)
            return redirect(pilot_round)
        except NotReady as problem:
            form.add_error("unit", problem.text)
        else:
            name = form.cleaned_data["unit"].name
            messages.success(request, f"Đã thêm {name}: đơn vị làm hồ sơ được ngay.")
            return redirect(pilot_round)
    context = {"pilot_round": pilot_round, "form": form, "has_units": units.exists()}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/join.html", context, status=status)


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int, evaluation_pk: int) -> HttpResponse:
    """A district goes out while nobody has worked on its dossier."""
    pilot_round = _get_running(request, pk)
    dossiers = pilot_round.evaluations.of_districts().for_display()
    evaluation = get_object_or_404(dossiers, pk=evaluation_pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            participants.remove_participant(
                evaluation=evaluation, reason=form.cleaned_data["reason"], by=request.user
            )
        except participants.Touched as touched:
            messages.error(request, touched.text)
        else:
            messages.success(request, f"Đã rút {evaluation.unit.name_in_sentence} khỏi đợt.")
        return redirect(pilot_round)
    if not participants.is_untouched(evaluation):
        raise PermissionDenied(
            "Hồ sơ đã có người làm hoặc đã in báo cáo, tải quá trình nên không rút đơn vị khỏi đợt "
            "được."
        )
    context = {"pilot_round": pilot_round, "evaluation": evaluation, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/leave.html", context, status=status)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be left undone, and then nothing of the round is written any more."""
    pilot_round = get_managed_round(request, pk)
    left = unfinished(pilot_round)
    form = ReasonForm(request.POST if request.method == "POST" else None, is_required=bool(left))
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_round(
                pilot_round=pilot_round, reason=form.cleaned_data["reason"], by=request.user
            )
        except closing.NotAsShown as problem:
            messages.info(request, problem.text)
            return redirect(pilot_round)
        except NotReady as problem:
            form.add_error("reason", problem.text)
        else:
            messages.success(request, f"Đã đóng đợt {pilot_round.name}. Mọi trang của đợt chỉ xem.")
            return redirect(pilot_round)
    if not can_run_round(request.user, pilot_round):
        return _as_it_is(request, pilot_round)
    context = {"pilot_round": pilot_round, "left": left, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/close.html", context, status=status)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    pilot_round = get_managed_round(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            closing.reopen_round(
                pilot_round=pilot_round, reason=form.cleaned_data["reason"], by=request.user
            )
        except NotReady as problem:
            messages.info(request, problem.text)
        else:
            messages.success(request, f"Đã mở lại đợt {pilot_round.name}.")
        return redirect(pilot_round)
    if not pilot_round.is_closed:
        return _as_it_is(request, pilot_round)
    context = {"pilot_round": pilot_round, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/reopen.html", context, status=status)


def _settled_by(question: AdoptedReading.Question) -> str:
    """What rests on the present reading, once it is settled."""
    what = "Đã có hồ sơ thẩm định xong"
    if question not in actions.READ_BY_DISTRICTS:
        what = "Hồ sơ thành phố đã gửi"
    return f"{what} theo cách hiểu hiện nay"


def _as_it_is(request: HttpRequest, pilot_round: PilotRound) -> HttpResponse:
    """The page asked for belongs to another state of the round."""
    state = (
        "chưa mở" if pilot_round.is_planned else "đã đóng" if pilot_round.is_closed else "đang mở"
    )
    messages.info(request, f"Đợt {state}; xem các việc làm được ở trang này.")
    return redirect(pilot_round)


def _get_running(request: HttpRequest, pk: int) -> PilotRound:
    pilot_round = get_managed_round(request, pk)
    if not can_run_round(request.user, pilot_round):
        raise PermissionDenied("Đợt chưa mở hoặc đã đóng.")
    return pilot_round
