from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import Mail
from organisations.permissions import can_administer_people
from reports.models import ReportRun
from upkeep.standing import failed_mails, failed_reports, standing
from upkeep.standing.signs import signs_of

SHOWN = 20


@require_safe
def standing_page(request: HttpRequest) -> HttpResponse:
    """Tình trạng hệ thống: what an administrator looks at in the morning."""
    if not can_administer_people(request.user):
        raise PermissionDenied
    now = standing()
    runs = ReportRun.objects.filter(failed_reports(now.at)).defer("content")
    return render(
        request,
        "upkeep/standing.html",
        {
            "at": now.at,
            "signs": signs_of(now),
            "runs": runs.select_related("requested_by").order_by("-finished_at")[:SHOWN],
            "mails": Mail.objects.filter(failed_mails(now.at)).select_related("recipient")[:SHOWN],
        },
    )
