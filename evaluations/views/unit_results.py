"""One line of a register: its page, saving it, the end of its unit."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from evaluations.actions import registers as actions
from evaluations.actions.unit_results import SavedLine, save_line
from evaluations.forms.unit_results import CloseForm, LineForm
from evaluations.grid import Register
from evaluations.grid.overview import totals_of
from evaluations.grid.rows import Row, rows_of
from evaluations.grid.shown import row_after
from evaluations.grid.titles import rows_of_commune
from evaluations.models import UnitResult
from evaluations.permissions import can_keep_register, is_of_sheet
from evaluations.rounds import show_round
from evaluations.unit_reading import FIELDS
from evaluations.unit_sheets import PAPER_KINDS, WRITING
from evaluations.views.refusing import not_writable
from evaluations.views.registers import time_of_counting, totals_context
from organisations.models import Organisation, User


@require_safe
def unit_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one unit in one year, and who said so when."""
    return _page(request, _row(get_line(request, pk)))


@require_POST
def save_unit_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Save one line as typed: pieces for the page it was typed on, or that page again."""
    line = get_kept_line(request, pk)
    form = LineForm(request.POST, pk=pk)
    errors, typed = form.kept_out, form.typed
    saved = save_line(result=line, values=typed.values, base=typed.base, by=request.user)
    is_same_page = bool(request.htmx)
    row = row_after(_row(get_line(request, pk)), typed, saved, errors, is_same_page=is_same_page)
    has_trouble = bool(errors or saved.conflicts)
    if is_same_page:
        return _pieces(request, row, saved, has_trouble=has_trouble)
    if "line-page" not in request.POST:
        return HttpResponse(status=204)  # sent while its page went away: nobody reads the answer
    if has_trouble:
        return _page(request, row, status=409)
    if saved.problems:
        messages.warning(request, "Đã lưu, nhưng có chỗ cần sửa; xem chỗ báo đỏ.")
    else:
        messages.success(request, "Đã lưu.")
    return redirect(line)


@require_http_methods(["GET", "POST"])
def close_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """An agency that is no more: from when, and why."""
    line = get_kept_line(request, pk)
    if line.unit.kind != Organisation.Kind.AGENCY:
        raise PermissionDenied
    form = CloseForm(
        request.POST if request.method == "POST" else None,
        unit=line.unit,
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        actions.close_unit(result=line, by=request.user, **form.cleaned_data)
        messages.success(request, f"Đã ghi {line.unit} ngừng hoạt động.")
        return redirect(line)
    context = {"line": line, "register": register_of(line), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/units/close.html", context, status=status)


@require_POST
def take_out_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the entering of a unit about which nothing was said yet."""
    line = get_kept_line(request, pk)
    register = register_of(line)
    try:
        actions.take_out(result=line, by=request.user)
    except actions.HasResult:
        messages.error(
            request,
            f"{line.unit} đã có kết quả hoặc đã được dùng nên không bỏ được. "
            "Đơn vị không còn nữa thì ghi ngừng hoạt động; không tính thì để ngoài phạm vi.",
        )
        return redirect(line)
    messages.success(request, f"Đã bỏ {line.unit} khỏi danh sách.")
    return redirect(register)


def get_line(request: HttpRequest, pk: int) -> UnitResult:
    """The line, or a 404 where this person may not know of it."""
    lines = UnitResult.objects.visible_to(request.user).filter(pilot_round__opened_at__isnull=False)
    shown = lines.for_display().select_related(
        "owner",
        "pilot_round__agency_points",
        "pilot_round__commune_points",
        "updated_by",
        "unit",
        "rating",
        "self_rating",
    )
    line = get_object_or_404(shown, pk=pk)
    show_round(request, line.pilot_round)
    return line


def get_kept_line(request: HttpRequest, pk: int) -> UnitResult:
    """The same for the keeper of its register, or a 403 for who only reads it."""
    line = get_line(request, pk)
    if not can_keep_register(request.user, line.pilot_round, line.owner):
        raise not_writable(line.pilot_round)
    return line


def register_of(line: UnitResult) -> Register:
    return Register(line.pilot_round, line.owner, line.kind, line.year)


def _events_for(user: User, line: UnitResult):
    """The whole trail for the unit itself; others do not read along while it writes its sheet."""
    events = line.events.select_related("by")
    return events if is_of_sheet(user, line) else events.exclude(kind__in=WRITING | PAPER_KINDS)


def _row(line: UnitResult) -> Row:
    (row,) = rows_of(register_of(line), [line], today=timezone.localdate(), fields=FIELDS)
    return row


def _pieces(request: HttpRequest, row: Row, saved: SavedLine, *, has_trouble: bool) -> HttpResponse:
    """What a save changes around the fields. The fields themselves are set by grid.js, and only
    where nobody has typed on."""
    is_line_page = "line-page" in request.POST
    register = register_of(row.line)
    context = {
        "counted_at": time_of_counting(),
        **totals_context(totals_of(register)),
        "row": row,
        "events": _events_for(request.user, row.line) if is_line_page else (),
        "has_trouble": has_trouble,
        "is_saved_now": True,
        "today": timezone.localdate(),
    }
    page = "line" if is_line_page else "row"
    response = render(request, f"evaluations/units/saved_{page}.html", context)
    if has_trouble:
        response["X-Unsaved"] = "1"  # saving.js keeps guarding the text on the page
    return trigger_client_event(
        response,
        "line:saved",
        {  # for grid.js
            "base": row.spelled_base,
            "shown": {name: row.shown[name] for name in saved.written},
            "wrong": [*row.wrong, *(each.field for each in row.conflicts)],
        },
    )


def _page(request: HttpRequest, row: Row, *, status: int = 200) -> HttpResponse:
    line, user = row.line, request.user
    register = register_of(line)
    may_keep = can_keep_register(user, line.pilot_round, line.owner) and bool(register.points)
    other_year = (
        UnitResult.objects.visible_to(user)
        .filter(pilot_round=line.pilot_round, unit=line.unit)
        .exclude(pk=line.pk)
        .select_related("rating")
        .first()
    )
    is_agency = line.unit.kind == Organisation.Kind.AGENCY
    ends_on = line.unit.valid_to
    lives_on = ends_on is None or ends_on >= date(line.year, 12, 31)
    events = list(_events_for(user, line))
    context = {
        "line": line,
        "register": register,
        "row": row,
        "form": LineForm(initial=dict(row.shown), pk=line.pk, labels=row.labels),
        "can_keep": may_keep,
        "can_read_register": user.organisation_id != line.unit_id,
        "can_close": may_keep and is_agency and lives_on,
        "ended_on": None if lives_on else ends_on,
        "can_take_out": may_keep and is_agency and not line.has_result and not line.events.exists(),
        "other_year": other_year,
        "titles": [] if is_agency else rows_of_commune(line),
        "events": events,
        "today": timezone.localdate(),
    }
    return render(request, "evaluations/units/line.html", context, status=status)
