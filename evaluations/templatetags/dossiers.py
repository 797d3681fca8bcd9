"""Small things that pages of a dossier print."""

import re
from collections.abc import Mapping

from django import template
from django.forms import BoundField, Form
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from evaluations.models import Evaluation

register = template.Library()
CODE = re.compile(r"\b\d+\.\d+\.\d+\b")


@register.filter
def with_code_links(text: str, evaluation: Evaluation) -> SafeString:
    """Every indicator code in a sentence becomes a link to that indicator of this dossier."""

    def link(match: re.Match) -> str:
        address = reverse("evaluations:indicator", args=[evaluation.pk, match[0]])
        return f'<a href="{address}">{match[0]}</a>'

    return mark_safe(CODE.sub(link, escape(text)))


@register.filter
def field_of(form: Form, name: str) -> BoundField:
    """The form's field of that name, where the name is data of a measure."""
    return form[name]


@register.filter
def item(mapping: Mapping, key: str) -> object:
    """`mapping[key]`, or an empty text."""
    return mapping.get(key, "")
