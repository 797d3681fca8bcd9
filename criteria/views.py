"""The catalogue to read and to print; whoever is signed in may see the law."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from criteria.models import CriteriaSet, Indicator, PointSet


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    sets = CriteriaSet.objects.annotate(
        indicator_count=Count("indicators"),
        graded_count=Count("indicators", filter=Q(indicators__role=Indicator.Role.GRADED)),
    )
    point_sets = PointSet.objects.newest().with_rule().order_by("subject")
    context = {"sets": sets, "point_sets": point_sets}
    return render(request, "criteria/index.html", context)


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


@require_safe
def points(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version of a point set; which rounds rate by it is told by `evaluations`."""
    point_set = get_object_or_404(PointSet.objects.with_rule(), code=code, version=version)
    versions = list(PointSet.objects.filter(code=code))
    context = {"point_set": point_set, "rule": point_set.rule, "versions": versions}
    return render(request, "criteria/points.html", context)
