"""A unit's own sheet: the list, its page, and saving as typed."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.actions.results import Conflict
from evaluations.actions.sheets import overrule_sheet, save_sheet
from evaluations.forms.sheets import SheetForm
from evaluations.models import SheetItem, UnitResult
from evaluations.permissions import (
    can_fill_sheet,
    fills_sheets,
    is_of_sheet,
    sheet_steps_for,
)
from evaluations.registers import points_of
from evaluations.rounds import current_round, show_round
from evaluations.sheet_reading import place_of, read_sheet, values_of
from evaluations.views.refusing import not_writable
from evaluations.views.sheet_display import (
    bands_of,
    confirmed_words,
    last_return,
    moves_of,
    own_words,
    papers_of,
    reading_of,
    receiver_of,
    rule_of,
    shown_groups,
    shown_lines,
    whole_row,
)
from evaluations.views.uploads import upload_limits
from organisations.models import Role


@dataclass(frozen=True)
class ShownConflict:
    """A conflict with the label of its field, for the two boxes side by side."""

    label: str
    conflict: Conflict


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """The own sheets of the round; straight to this year's where it is the one left to fill in."""
    if not fills_sheets(request.user):
        raise Http404
    pilot_round = current_round(request)
    lines = list(
        UnitResult.objects.filter(unit=request.user.organisation_id, pilot_round=pilot_round)
        .for_display()
        .order_by("-year")
    )
    opened = [line for line in lines if can_fill_sheet(request.user, line)]
    if len(opened) == 1 and opened[0].year == pilot_round.year:
        return redirect("evaluations:sheet", pk=opened[0].pk)
    context = {"pilot_round": pilot_round, "lines": shown_lines(lines)}
    return render(request, "evaluations/sheets/sheets.html", context)


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's own page, to which autosave posts; for others the sheet as it was sent."""
    if request.method == "POST":
        return _save(request, get_open_line(request, pk))
    line = get_line(request, pk)
    if is_of_sheet(request.user, line):
        form = SheetForm(initial=stored_values(line), rule=rule_of(line))
        return own_page(request, line, form)
    return reading_page(request, line)


def get_line(request: HttpRequest, pk: int) -> UnitResult:
    """The line with the rules of its round, or a 404 where this user may not know of it."""
    lines = UnitResult.objects.visible_to(request.user).for_writing()
    line = get_object_or_404(lines.filter(pilot_round__opened_at__isnull=False), pk=pk)
    show_round(request, line.pilot_round)
    return line


def get_open_line(request: HttpRequest, pk: int) -> UnitResult:
    """The same, or a 403 where this user may see it but not write in the sheet now."""
    line = get_line(request, pk)
    if not can_fill_sheet(request.user, line) or points_of(line.pilot_round, line.kind) is None:
        raise not_writable(line.pilot_round)
    return line


def stored_values(line: UnitResult) -> dict[str, str]:
    return values_of(rule_of(line), line.sheet_items.all())


def _save(request: HttpRequest, line: UnitResult) -> HttpResponse:
    form = SheetForm(request.POST, rule=rule_of(line))
    form.is_valid()  # a field with an error is reported; the others are saved all the same
    words = {"result": line, "values": form.values, "base": form.cleaned_data["base"]}
    if "overrule" in request.POST:
        saved = overrule_sheet(**words, seen=form.cleaned_data["seen"], by=request.user)
    else:
        saved = save_sheet(**words, by=request.user)
    return _answer(request, saved.result, form, saved.conflicts)


def _answer(
    request: HttpRequest, line: UnitResult, form: SheetForm, conflicts: tuple[Conflict, ...]
) -> HttpResponse:
    """Pieces for autosave; without JavaScript the page again, with what is wrong."""
    has_trouble = bool(conflicts) or not form.is_valid()
    if request.htmx:
        context = _own_context(request, line, form, conflicts)
        response = render(request, "evaluations/sheets/partials/saved.html", context)
        if has_trouble:
            response["X-Unsaved"] = "1"  # autosave.js keeps guarding the text on the page
        return response
    if has_trouble:
        return own_page(request, line, form, conflicts=conflicts, status=409)
    if read_sheet(form.rule, stored_values(line)).problems:
        text = "Đã lưu, nhưng có điểm chưa tính được. Sửa chỗ báo đỏ dưới ô điểm."
        messages.warning(request, text)
    else:
        messages.success(request, "Đã lưu phiếu.")
    return redirect("evaluations:sheet", pk=line.pk)


def own_page(
    request: HttpRequest,
    line: UnitResult,
    form: SheetForm,
    *,
    conflicts: tuple[Conflict, ...] = (),
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _own_context(request, line, form, conflicts) | {
        "fault": fault,
        "limits": upload_limits(),
        "others": UnitResult.objects.filter(unit=line.unit_id, pilot_round=line.pilot_round_id)
        .exclude(pk=line.pk)
        .order_by("-year"),
        "own": own_words(line),
        "confirmed": confirmed_words(line),
    }
    return render(request, "evaluations/sheets/sheet.html", context, status=status)


def _own_context(
    request: HttpRequest, line: UnitResult, form: SheetForm, conflicts: tuple[Conflict, ...]
) -> dict:
    user, rule = request.user, form.rule
    items = list(line.sheet_items.select_related("updated_by"))
    stored = read_sheet(rule, values_of(rule, items))
    point_set = points_of(line.pilot_round, line.kind)
    papers, moves = papers_of(line, user), moves_of(line)
    may_fill = point_set is not None and can_fill_sheet(user, line)
    shown_form = form if may_fill else None
    return {
        "line": line,
        "sheet": stored,
        "form": form,
        "groups": shown_groups(stored, papers, shown_form),
        "whole": whole_row(stored, papers, shown_form),
        "bands": bands_of(stored, rule),
        "point_set": point_set,
        "can_edit": may_fill,
        "sends": user.role == Role.LEADER,
        "steps": sheet_steps_for(user, line),
        "moves": moves,
        "returned": last_return(line, moves),
        "receiver": receiver_of(line),
        "written": max(
            (item for item in items if item.updated_at),
            key=lambda item: item.updated_at,
            default=None,
        ),
        "base": json.dumps(_base(line, form, conflicts), ensure_ascii=False),
        "seen": json.dumps({each.field: each.stored for each in conflicts}, ensure_ascii=False),
        "conflicts": [
            ShownConflict(str(form.fields[each.field].label), each) for each in conflicts
        ],
        "rival": _rival(items, conflicts),
        "today": timezone.localdate(),
    }


def _rival(items: list[SheetItem], conflicts: tuple[Conflict, ...]) -> SheetItem | None:
    """The row that somebody else wrote meanwhile, and so who and when."""
    contested = {place_of(each.field)[0] for each in conflicts}
    return next((item for item in items if item.code in contested), None)


def _base(line: UnitResult, form: SheetForm, conflicts: tuple[Conflict, ...]) -> dict[str, str]:
    """What the next save of this page is compared with: what the page shows, field by field.

    Never the rows themselves: see `views.indicators`.
    """
    if not form.is_bound:
        return stored_values(line)
    old = form.cleaned_data["base"]
    kept = {each.field: old.get(each.field, "") for each in conflicts}
    return old | form.values | kept


def reading_page(
    request: HttpRequest, line: UnitResult, *, status: int = 200, **forms
) -> HttpResponse:
    context = reading_of(request.user, line, **forms)
    return render(request, "evaluations/sheets/read.html", context, status=status)
