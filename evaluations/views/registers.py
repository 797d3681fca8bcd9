"""Pages of registers: which there are, the grid of one, and units that come into it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import registers as actions
from evaluations.actions.unit_results import SavedLine, save_lines
from evaluations.forms.unit_results import LineForm, UnitForm
from evaluations.grid import KIND_OF_SLUG, Register, kinds_of, owners_visible_to
from evaluations.grid.overview import Totals, overview, totals_of
from evaluations.grid.rows import Row, filters, in_order, rows_of
from evaluations.grid.shown import row_after
from evaluations.models import Evaluation, PilotRound, ResultUpload
from evaluations.permissions import can_edit_result, can_keep_register, can_see_registers_of_all
from evaluations.rounds import current_round, rounds_of, show_round
from evaluations.views.inspected import inspections_of_register
from evaluations.workflow import EDITABLE
from organisations.models import READING_ROLES, UNIT_ROLES, Organisation, User
from organisations.nfc_forms import normalised

PAGE_SIZE = 100  # so that a whole page, posted at once, stays under a thousand fields
FEW_MISSING = 3  # from a third of the units on, those without a result are no exception


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Where "Kết quả đơn vị" leads: one's own registers, those of all districts, or one's sheet."""
    user = request.user
    if user.role not in UNIT_ROLES | READING_ROLES:
        raise Http404
    office = user.organisation.kind
    if user.role in UNIT_ROLES and office in {Organisation.Kind.COMMUNE, Organisation.Kind.AGENCY}:
        return redirect("evaluations:sheets")
    rounds = rounds_of(request)  # first, so that the one of them is not fetched by itself
    pilot_round = current_round(request)
    owners = (
        owners_visible_to(user, pilot_round).order_by("-kind", "code")
        if pilot_round
        else Organisation.objects.none()
    )
    context = {
        "pilot_round": pilot_round,
        "rounds": rounds,
        "owners": overview(pilot_round, owners) if pilot_round else [],
        "reads_all": can_see_registers_of_all(user),
    }
    return render(request, "evaluations/units/index.html", context)


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, round_pk: int, owner_pk: int, kind: str) -> HttpResponse:
    """The grid: read or type; posted whole where no script saves row by row."""
    shown = get_register(request, round_pk, owner_pk, kind)
    if request.method == "POST":
        return _save_page(request, shown)
    totals = totals_of(shown)
    offered = filters(totals.summary)
    slug, text = request.GET.get("loc", ""), normalised(request.GET.get("q", "")).strip()
    chosen = next((each for each in offered if each.slug == slug), offered[0])
    lines = shown.lines.filter(chosen.which)
    if text:
        lines = lines.matching(text)
    page = Paginator(in_order(lines).for_display(), PAGE_SIZE).get_page(request.GET.get("trang"))
    today = timezone.localdate()
    context = {
        **_register_context(request.user, totals),
        **_rows_context(rows_of(shown, page.object_list, today=today, start=page.start_index())),
        "slug": chosen.slug,
        "text": text,
        "page": page,
        "today": today,
    }
    return render(request, "evaluations/units/register.html", context)


@require_http_methods(["GET", "POST"])
def add_unit(request: HttpRequest, round_pk: int, owner_pk: int, kind: str) -> HttpResponse:
    """A new agency; communes come with the State's own list and are nobody's to add here."""
    kept = get_kept_register(request, round_pk, owner_pk, kind)
    if not kept.is_of_agencies:
        raise Http404
    year = kept.pilot_round.year
    form = UnitForm(request.POST if request.method == "POST" else None, year=year)
    namesake = None
    if request.method == "POST" and form.is_valid():
        try:
            line = actions.add_unit(
                pilot_round=kept.pilot_round, owner=kept.owner, by=request.user, **form.cleaned_data
            )
        except actions.NameTaken as taken:
            namesake = taken.result
            form.add_error("name", "Danh sách đã có đơn vị này.")
        else:
            messages.success(request, f"Đã thêm {line.unit}, mã {line.unit.code}.")
            if "another" in request.POST:
                return redirect("evaluations:add-unit", *kept.address)
            return redirect(kept)
    types = kept.lines.order_by("unit__type").values_list("unit__type", flat=True).distinct()
    context = {"register": kept, "form": form, "namesake": namesake, "types": types}
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/units/add.html", context, status=status)


@require_POST
def enter_known_units(
    request: HttpRequest, round_pk: int, owner_pk: int, kind: str
) -> HttpResponse:
    """Take in the units that the system knows already."""
    kept = get_kept_register(request, round_pk, owner_pk, kind)
    count = actions.enter_known_units(
        pilot_round=kept.pilot_round, owner=kept.owner, kind=kept.kind, by=request.user
    )
    messages.success(request, f"Đã bổ sung {count} {kept.noun} vào danh sách.")
    return redirect(kept)


def get_register(request: HttpRequest, round_pk: int, owner_pk: int, slug: str) -> Register:
    """The register of this address, or a 404 where this person may not know of it."""
    kind = KIND_OF_SLUG.get(slug)
    rounds = PilotRound.objects.visible_to(request.user).opened()
    pilot_round = get_object_or_404(
        rounds.select_related("agency_points", "commune_points"), pk=round_pk
    )
    owner = get_object_or_404(owners_visible_to(request.user, pilot_round), pk=owner_pk)
    year = request.GET.get("nam", str(pilot_round.year))
    years = {str(each): each for each in (pilot_round.year, pilot_round.year - 1)}
    if kind not in kinds_of(owner) or year not in years:
        raise Http404
    show_round(request, pilot_round)
    return Register(pilot_round, owner, kind, years[year])


def get_kept_register(request: HttpRequest, round_pk: int, owner_pk: int, slug: str) -> Register:
    """The same for who keeps it, or a 403 for who only reads it."""
    kept = get_register(request, round_pk, owner_pk, slug)
    if not can_keep_register(request.user, kept.pilot_round, kept.owner):
        raise PermissionDenied
    return kept


def time_of_counting() -> str:
    """To be taken after a save and before its totals are counted: of answers to saves made side by
    side, the one with the latest has counted them all (grid.js)."""
    return f"{timezone.now().timestamp():.6f}"


def totals_context(totals: Totals) -> dict:
    """What moves with every save."""
    return {
        "register": totals.register,
        "totals": totals,
        "filters": filters(totals.summary),
    }


def _register_context(user: User, totals: Totals) -> dict:
    """What stands around the lines of a register, whichever lines are shown."""
    shown = totals.register
    may_keep = can_keep_register(user, shown.pilot_round, shown.owner)
    summary = totals.summary
    last_saved = shown.lines.filter(updated_at__isnull=False).order_by("-updated_at")
    return {
        **totals_context(totals),
        "can_keep": may_keep and shown.points is not None,
        "kinds": [
            Register(shown.pilot_round, shown.owner, kind, shown.year)
            for kind in kinds_of(shown.owner)
        ],
        "years": [shown.of_year(shown.pilot_round.year - past) for past in (0, 1)],
        "is_nearly_done": summary.unrated * FEW_MISSING <= summary.in_scope,
        "last_saved": last_saved.select_related("updated_by").first(),
        "to_enter": actions.units_to_enter(shown.pilot_round, shown.owner, shown.kind).count()
        if may_keep
        else 0,
        "waiting_upload": ResultUpload.objects.visible_to(user).waiting_for(
            shown.pilot_round, shown.owner, shown.year
        )
        if may_keep
        else None,
        "inspections": inspections_of_register(user, shown.pilot_round, shown.owner),
        **_dossier_context(user, totals, may_keep=may_keep),
    }


def _dossier_context(user: User, totals: Totals, *, may_keep: bool) -> dict:
    """The indicator that the register is counted for, in a dossier this person may open."""
    shown = totals.register
    if totals.prospect is None or not shown.is_of_the_round:
        return {"indicator_url": "", "is_sent": False}
    evaluation = (
        Evaluation.objects.visible_to(user)
        .filter(unit=shown.owner, pilot_round=shown.pilot_round)
        .first()
    )
    if evaluation is None:
        return {"indicator_url": "", "is_sent": False}
    code = totals.prospect.indicator.code
    return {
        "indicator_url": reverse("evaluations:indicator", args=[evaluation.pk, code]),
        "is_sent": may_keep and not _counts_live(user, evaluation, code),
    }


def _counts_live(user: User, evaluation: Evaluation, code: str) -> bool:
    """What is typed in the register still moves the dossier's figure."""
    if evaluation.status not in EDITABLE:
        return False
    results = evaluation.results.select_related("evaluation__unit", "evaluation__pilot_round")
    return can_edit_result(user, results.get(indicator__code=code))


def _save_page(request: HttpRequest, kept: Register) -> HttpResponse:
    """Every row of a page at once; those that nobody changed are left alone."""
    if not can_keep_register(request.user, kept.pilot_round, kept.owner):
        raise PermissionDenied
    forms = {pk: LineForm(request.POST, pk=pk) for pk in sent_keys(request, kept)}
    errors = {pk: form.kept_out for pk, form in forms.items()}
    typed = {pk: form.typed for pk, form in forms.items()}
    changed = {pk: each for pk, each in typed.items() if each.is_changed}
    saved = save_lines(typed=changed, by=request.user)
    if len(forms) < len(set(request.POST.getlist("line"))):
        messages.warning(request, "Có dòng vừa được bỏ khỏi danh sách nên không lưu.")
    if not any(errors.values()) and not any(each.conflicts for each in saved.values()):
        count = sum(bool(each.written) for each in saved.values())
        messages.success(request, f"Đã lưu {count} dòng." if count else "Không có gì thay đổi.")
        return redirect(request.get_full_path())
    today = timezone.localdate()
    fresh = rows_of(kept, in_order(kept.lines.filter(pk__in=forms)).for_display(), today=today)
    context = {
        **_register_context(request.user, totals_of(kept)),
        **_rows_context(
            [
                row_after(
                    row,
                    typed[row.line.pk],
                    saved.get(row.line.pk) or SavedLine(row.line, dict(row.wrong)),
                    errors[row.line.pk],
                    is_same_page=False,
                )
                for row in fresh
            ]
        ),
        "has_trouble": True,
        "today": today,
    }
    return render(request, "evaluations/units/register.html", context, status=409)


def sent_keys(request: HttpRequest, register: Register) -> list[int]:
    """The lines of the register whose rows a page sent."""
    sent = set(request.POST.getlist("line"))
    return [pk for pk in register.lines.values_list("pk", flat=True) if str(pk) in sent]


def _rows_context(rows: list[Row]) -> dict:
    """The rows, and a name for their form: text that the browser kept goes back to these alone."""
    return {"rows": rows, "form_id": f"cac-dong-{rows[0].line.pk}" if rows else ""}
