"""Titles of Hội Khuyến học in the register of a district's communes: the grid of each title."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from evaluations.actions.titles import save_titles, save_titles_of
from evaluations.actions.unit_results import SavedLine
from evaluations.forms.titles import TitleForm
from evaluations.grid import Kind, Register, kinds_of
from evaluations.grid.rows import in_order
from evaluations.grid.titles import SLUGS, TitleGrid, TitleRow, row_of
from evaluations.models import UnitResult
from evaluations.permissions import can_keep_register
from evaluations.registers import SLUG_OF
from evaluations.title_reading import Title
from evaluations.views.registers import PAGE_SIZE, get_register, sent_keys, time_of_counting
from evaluations.views.unit_results import get_kept_line, register_of
from organisations.models import User
from organisations.nfc_forms import normalised

TITLE_OF_SLUG = {slug: title for title, slug in SLUGS.items()}


@require_http_methods(["GET", "POST"])
def titles(request: HttpRequest, round_pk: int, owner_pk: int) -> HttpResponse:
    """One title of every commune: read or type; posted whole where no script saves row by row."""
    register = get_register(request, round_pk, owner_pk, SLUG_OF[Kind.LEARNING_COMMUNITY])
    grid = TitleGrid(register, _chosen_title(request))
    if request.method == "POST":
        return _save_page(request, grid)
    context = _page_context(request.user, grid)
    slug, text = request.GET.get("loc", ""), normalised(request.GET.get("q", "")).strip()
    offered = context["filters"]
    chosen = next((each for each in offered if each.slug == slug), offered[0])
    lines = register.lines.filter(chosen.which)
    if text:
        lines = lines.matching(text)
    page = Paginator(_for_rows(lines), PAGE_SIZE).get_page(request.GET.get("trang"))
    context |= {
        "slug": chosen.slug,
        "text": text,
        "page": page,
        "rows": grid.rows(page.object_list, start=page.start_index()),
    }
    return render(request, "evaluations/titles/titles.html", context)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save one commune's counts as typed: pieces for the row, or the grid again."""
    line = get_kept_line(request, pk)
    if line.kind != Kind.LEARNING_COMMUNITY:
        raise Http404
    grid = TitleGrid(register_of(line), _chosen_title(request))
    form = TitleForm(request.POST, pk=pk, title=grid.title)
    errors, typed = form.kept_out, form.typed
    saved = save_titles(result=line, values=typed.values, base=typed.base, by=request.user)
    is_same_page = bool(request.htmx)
    (line,) = _for_rows(UnitResult.objects.filter(pk=pk))
    row = row_of(grid.title, line).after(typed, saved, errors, is_same_page=is_same_page)
    has_trouble = bool(errors or saved.conflicts)
    if is_same_page:
        return _pieces(request, grid, row, saved, has_trouble=has_trouble)
    if has_trouble:
        return _page_of_trouble(request, grid, [row])
    if row.problems:
        messages.warning(request, "Đã lưu, nhưng có số chưa tính được; xem chỗ báo đỏ.")
    else:
        messages.success(request, "Đã lưu.")
    return redirect(grid)


def _chosen_title(request: HttpRequest) -> Title:
    try:
        return TITLE_OF_SLUG[request.GET.get("danh-hieu", SLUGS[Title.FAMILY])]
    except KeyError:
        raise Http404 from None


def _for_rows(lines):
    return in_order(lines).select_related("unit").prefetch_related("titles")


def _totals_context(grid: TitleGrid) -> dict:
    """What moves with every save."""
    return {"grid": grid, "filters": grid.filters()}


def _page_context(user: User, grid: TitleGrid) -> dict:
    """What stands around the rows, whichever rows are shown."""
    register = grid.register
    return {
        **_totals_context(grid),
        "register": register,
        "kinds": [
            Register(register.pilot_round, register.owner, kind, register.year)
            for kind in kinds_of(register.owner)
        ],
        "years": [grid.of_year(register.pilot_round.year - past) for past in (0, 1)],
        "can_keep": can_keep_register(user, register.pilot_round, register.owner),
        "last_saved": grid.last_saved(),
        "today": timezone.localdate(),
    }


def _pieces(
    request: HttpRequest, grid: TitleGrid, row: TitleRow, saved: SavedLine, *, has_trouble: bool
) -> HttpResponse:
    """What a save changes around the fields; the fields themselves are set by grid.js."""
    context = {
        "counted_at": time_of_counting(),
        **_totals_context(grid),
        "row": row,
        "has_trouble": has_trouble,
        "is_saved_now": True,
    }
    response = render(request, "evaluations/titles/saved_row.html", context)
    if has_trouble:
        response["X-Unsaved"] = "1"  # saving.js keeps guarding the text on the page
    return trigger_client_event(
        response,
        "line:saved",
        {
            "base": row.spelled_base,
            "shown": {name: row.shown[name] for name in saved.written},
            "wrong": [*row.wrong, *(each.field for each in row.conflicts)],
        },
    )


def _save_page(request: HttpRequest, grid: TitleGrid) -> HttpResponse:
    """Every row of a page at once; those that nobody changed are left alone."""
    register = grid.register
    if not can_keep_register(request.user, register.pilot_round, register.owner):
        raise PermissionDenied
    forms = {
        pk: TitleForm(request.POST, pk=pk, title=grid.title) for pk in sent_keys(request, register)
    }
    errors = {pk: form.kept_out for pk, form in forms.items()}
    typed = {pk: form.typed for pk, form in forms.items()}
    saved = save_titles_of(
        typed={pk: each for pk, each in typed.items() if each.is_changed}, by=request.user
    )
    if not any(errors.values()) and not any(each.conflicts for each in saved.values()):
        count = sum(bool(each.written) for each in saved.values())
        messages.success(request, f"Đã lưu {count} dòng." if count else "Không có gì thay đổi.")
        return redirect(request.get_full_path())
    fresh = grid.rows(_for_rows(register.lines.filter(pk__in=forms)))
    rows = [
        row.after(
            typed[row.line.pk],
            saved.get(row.line.pk) or SavedLine(row.line, dict(row.wrong)),
            errors[row.line.pk],
            is_same_page=False,
        )
        for row in fresh
    ]
    return _page_of_trouble(request, grid, rows)


def _page_of_trouble(request: HttpRequest, grid: TitleGrid, rows: list[TitleRow]) -> HttpResponse:
    context = _page_context(request.user, grid) | {"rows": rows, "has_trouble": True}
    return render(request, "evaluations/titles/titles.html", context, status=409)
