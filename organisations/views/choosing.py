"""What is found of the units while their name is typed into a form."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisations.forms.unit_field import UnitField
from organisations.nfc_forms import normalised


def found_units(request: HttpRequest, form: BaseForm) -> HttpResponse | None:
    """The answer to who types into a `UnitField` of the form; None where the page is asked for."""
    if not request.htmx:
        return None
    for bound in form:
        name, field = bound.html_name, bound.field
        if isinstance(field, UnitField) and f"{name}-tim" in request.GET:
            field.widget.seek(request.GET, name)
            chosen = normalised(request.GET.get(name))
            attrs = bound.build_widget_attrs({"id": bound.auto_id, "class": "form-select"})
            context = field.widget.get_context(name, chosen, attrs)
            return render(request, "organisations/widgets/units_found.html", context)
    return None
