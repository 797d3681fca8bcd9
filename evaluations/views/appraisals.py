"""What came in to the Sở, by whose turn it is: those that wait for it first."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.determination import find
from evaluations.models import Evaluation
from evaluations.permissions import can_open_appraisal
from evaluations.snapshots import as_seen_by
from evaluations.unit_lists import changes_since_submission
from evaluations.workflow import Status

FIRST = [Status.SUBMITTED, Status.APPRAISING, Status.APPRAISED, Status.RETURNED]
ORDER = [*FIRST, *(status for status in Status if status not in FIRST)]
TURN = Case(*(When(status=status, then=place) for place, status in enumerate(ORDER)))
PAGE_SIZE = 30


@require_safe
def appraisals(request: HttpRequest) -> HttpResponse:
    """The dossiers of all opened rounds; figures are read and levels found of one page of them."""
    if not can_open_appraisal(request.user):
        raise PermissionDenied
    rows = (
        Evaluation.objects.visible_to(request.user)
        .of_districts()
        .filter(pilot_round__opened_at__isnull=False)
        .with_results()
        .order_by(TURN, "pilot_round__is_practice", "unit__code", "pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    findings = [find(evaluation) for evaluation in as_seen_by(request.user, page)]
    context = {
        "page": page,
        "findings": findings,
        "changed": changes_since_submission(findings, request.user),
    }
    return render(request, "evaluations/appraisals.html", context)
