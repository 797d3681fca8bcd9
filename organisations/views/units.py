"""Units and agencies, for the administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations import actions
from organisations.collation import vietnamese_order
from organisations.forms import LetterheadForm, UnitFilterForm
from organisations.models import Organisation
from organisations.permissions import can_administer_units
from organisations.views.choosing import found_units

PAGE_SIZE = 50


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    _require_administrator(request)
    form = UnitFilterForm(request.GET)
    if answer := found_units(request, form):
        return answer
    found = form.narrowed(Organisation.objects.select_related("parent"))
    found = found.order_by(vietnamese_order("name"), "valid_from")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "query": _query_without_page(request)}
    return render(request, "organisations/units.html", context)


@require_http_methods(["GET", "POST"])
def edit_unit(request: HttpRequest, pk: int) -> HttpResponse:
    _require_administrator(request)
    unit = get_object_or_404(Organisation.objects.select_related("parent"), pk=pk)
    form = LetterheadForm(request.POST or None, instance=unit)
    if form.is_valid():
        actions.change_letterhead(organisation=form.instance, by=request.user)
        messages.success(request, f"Đã lưu thông tin văn bản của {unit.name_in_sentence}.")
        return redirect("organisations:units")
    return render(request, "organisations/edit_unit.html", {"form": form, "unit": unit})


def _require_administrator(request: HttpRequest) -> None:
    if not can_administer_units(request.user):
        raise PermissionDenied


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
