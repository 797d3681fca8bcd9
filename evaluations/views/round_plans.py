"""A round before it is opened: made, copied, said anew, its participants chosen, opened."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from criteria.models import PointSet
from evaluations.actions import planning as actions
from evaluations.actions.held_rounds import version_of
from evaluations.actions.rounds import AlreadyOpened
from evaluations.actions.steps import NotReady
from evaluations.forms.round_plans import (
    CopyForm,
    ParticipantsForm,
    RoundForm,
    initial_new_round,
    initial_round,
)
from evaluations.models import AdoptedReading, PilotRound
from evaluations.models.rounds import POINTS_FIELD
from evaluations.permissions import can_manage_rounds, can_see_board
from evaluations.round_checks import districts_of, lacks_before_opening, units_on
from evaluations.views.rounds import get_managed_round
from organisations.text import is_key
from organisations.views.choosing import found_units

# Which page of the round mends what is lacking.
PLACES = {
    "change": "evaluations:change-round",
    "participants": "evaluations:participants",
    "calendar": "evaluations:calendar",
}


@require_http_methods(["GET", "POST"])
def new_round(request: HttpRequest) -> HttpResponse:
    if not can_manage_rounds(request.user):
        if can_see_board(request.user):
            raise PermissionDenied
        raise Http404
    form = RoundForm(
        request.POST if request.method == "POST" else None, initial=initial_new_round()
    )
    if answer := found_units(request, form):
        return answer
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_round(details=form.details, by=request.user)
        except actions.NameTaken as taken:
            if _is_the_same(taken.pilot_round, form.details):
                return redirect(taken.pilot_round)  # pressed twice
            form.add_error("name", taken.text)
        else:
            messages.success(
                request, "Đã lập đợt. Chỉ quản trị thấy đợt này cho đến khi bấm “Mở đợt”."
            )
            return redirect(made)
    return _show_form(request, form)


@require_http_methods(["GET", "POST"])
def change_round(request: HttpRequest, pk: int) -> HttpResponse:
    pilot_round = get_managed_round(request, pk)
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        initial=initial_round(pilot_round) | {"version": version_of(pilot_round)},
    )
    if answer := found_units(request, form):
        return answer

    def change() -> str:
        actions.change_round(
            pilot_round=pilot_round,
            details=form.details,
            version=form.cleaned_data["version"],
            by=request.user,
        )
        return "Đã lưu thông tin đợt."

    return _planned(request, pilot_round, form, change) or _show_form(request, form, pilot_round)


@require_http_methods(["GET", "POST"])
def participants(request: HttpRequest, pk: int) -> HttpResponse:
    """A box for each district; two buttons tick or clear them all without storing anything."""
    pilot_round = get_managed_round(request, pk)
    units = list(districts_of(pilot_round))
    mark = request.POST.get("mark", "")
    chosen = pilot_round.planned_participants.values_list("pk", flat=True)
    form = ParticipantsForm(
        request.POST if request.method == "POST" and not mark else None,
        units=districts_of(pilot_round),
        initial={"units": list(chosen), "version": version_of(pilot_round)},
    )

    def choose() -> str:
        actions.choose_participants(
            pilot_round=pilot_round,
            units=list(form.cleaned_data["units"]),
            version=form.cleaned_data["version"],
            by=request.user,
        )
        return f"Đã chọn {len(form.cleaned_data['units'])} đơn vị tham gia."

    if answer := _planned(request, pilot_round, form, choose):
        return answer
    ticked = {int(pk) for pk in form["units"].value() or () if is_key(str(pk))}
    if mark:
        ticked = {unit.pk for unit in units} if mark == "all" else set()
    context = {
        "pilot_round": pilot_round,
        "form": form,
        "rows": [(unit, unit.pk in ticked) for unit in units],
        "gone": pilot_round.planned_participants.exclude(pk__in=[unit.pk for unit in units]),
        "units_on": units_on(pilot_round),
        "version": _version_to_send(form, pilot_round),
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/participants.html", context, status=status)


@require_http_methods(["GET", "POST"])
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary that says what becomes fixed; opened from here and nowhere else."""
    pilot_round = get_managed_round(request, pk)
    if answer := _already_opened(request, pilot_round):
        return answer
    refusal = ""
    if request.method == "POST":
        try:
            actions.open_planned_round(
                pilot_round=pilot_round, version=request.POST.get("version", ""), by=request.user
            )
        except AlreadyOpened:
            pilot_round.refresh_from_db()
            return _already_opened(request, pilot_round)
        except NotReady as problem:
            refusal = problem.text
        else:
            messages.success(request, f"Đã mở đợt {pilot_round.name}: các đơn vị làm hồ sơ được.")
            return redirect(pilot_round)
    lacks = lacks_before_opening(pilot_round, timezone.localdate())
    adopted = {row.question: row for row in pilot_round.adopted_readings.all()}
    context = {
        "pilot_round": pilot_round,
        "units": list(pilot_round.planned_participants.order_by("code")),
        "units_on": units_on(pilot_round),
        "points": [
            PointSet.objects.newest_of(chosen.code)
            for field in POINTS_FIELD.values()
            if (chosen := getattr(pilot_round, field))
        ],
        "readings": [
            (question, adopted.get(question), AdoptedReading.CHOICES_OF[question][0].label)
            for question in AdoptedReading.Question
        ],
        "lacks": [(lack, PLACES.get(lack.place, "")) for lack in lacks],
        "may_open": not any(lack.is_error for lack in lacks),
        "refusal": refusal,
        "version": version_of(pilot_round),
    }
    status = 422 if refusal else 200
    return render(request, "evaluations/rounds/open.html", context, status=status)


@require_http_methods(["GET", "POST"])
def copy_round(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_managed_round(request, pk)
    year = source.year + 1
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        initial={
            "name": _name_of_copy(source, year),
            "year": year,
            "is_practice": source.is_practice,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.copy_round(source=source, by=request.user, **form.cleaned_data)
        except actions.NameTaken as taken:
            there = taken.pilot_round
            if there and there.is_planned and there.copied_from_id == source.pk:
                return redirect(there)  # pressed twice
            form.add_error("name", taken.text)
        else:
            messages.success(
                request, "Đã lập đợt mới. Xem lại từng mục rồi bấm “Mở đợt”; chưa ai khác thấy đợt."
            )
            return redirect(made)
    context = {"source": source, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/copy.html", context, status=status)


def _planned(
    request: HttpRequest, pilot_round: PilotRound, form, change: Callable[[], str]
) -> HttpResponse | None:
    """Do what a valid form asks of a planned round; None where the page is to be shown again."""
    if answer := _already_opened(request, pilot_round):
        return answer
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        done = change()
    except AlreadyOpened:
        pilot_round.refresh_from_db()
        return _already_opened(request, pilot_round)
    except actions.NameTaken as taken:
        form.add_error("name", taken.text)
    except NotReady as problem:
        form.add_error(None, problem.text)
    else:
        messages.success(request, done)
        return redirect(pilot_round)
    return None


def _already_opened(request: HttpRequest, pilot_round: PilotRound) -> HttpResponse | None:
    """Who comes too late, or presses twice, is told who opened the round and led there."""
    if pilot_round.is_planned:
        return None
    event = pilot_round.events.filter(kind="open").select_related("by").first()
    by = f", {event.by}" if event and event.by else ""
    opened_at = timezone.localtime(pilot_round.opened_at)
    messages.info(request, f"Đợt đã mở lúc {opened_at:%H:%M %d/%m/%Y}{by}; phần này đã cố định.")
    return redirect(pilot_round)


def _show_form(
    request: HttpRequest, form: RoundForm, pilot_round: PilotRound | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "pilot_round": pilot_round,
        "version": _version_to_send(form, pilot_round) if pilot_round else "",
        "has_catalogue": all(
            form.fields[name].queryset.exists()
            for name in ("district_set", "city_set", "agency_points", "commune_points")
        ),
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/rounds/form.html", context, status=status)


def _version_to_send(form, pilot_round: PilotRound) -> str:
    """A page shown again was told what others did meanwhile: its next press is of today.

    One that only has a field to mend keeps the version that it was drawn from.
    """
    is_told = not form.is_bound or form.non_field_errors()
    return version_of(pilot_round) if is_told else form.data.get("version", "")


def _name_of_copy(source: PilotRound, year: int) -> str:
    """The years in its name a year on; or, where it names none, its name and the new year."""
    years = year - source.year
    name = actions.YEAR_IN_DATE.sub(lambda found: str(int(found[0]) + years), source.name)
    return name if name != source.name else f"{source.name} {year}"


def _is_the_same(there: PilotRound | None, details: dict[str, object | date]) -> bool:
    if there is None or not there.is_planned:
        return False
    return all(getattr(there, name) == value for name, value in details.items())
