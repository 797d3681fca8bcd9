"""The catalogue to read and to print; whoever is signed in may see the law."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from criteria.models import CriteriaSet, Indicator


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    sets = CriteriaSet.objects.annotate(
        indicator_count=Count("indicators"),
        graded_count=Count("indicators", filter=Q(indicators__role=Indicator.Role.GRADED)),
    )
    return render(request, "criteria/index.html", {"sets": sets})


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    criteria_set = get_object_or_404(CriteriaSet.objects.with_text().with_rule(), code=code)
    indicators = criteria_set.indicators.all()
    return render(
        request,
        "criteria/detail.html",
        {
            "criteria_set": criteria_set,
            "indicators": indicators,
            "graded_count": sum(indicator.is_graded for indicator in indicators),
            "corrected": [indicator for indicator in indicators if indicator.as_published],
            "has_leads": any(indicator.lead for indicator in indicators),
        },
    )
