"""Pages as workbooks: the trail of a dossier and the board, as the reader has them before them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evaluations.actions.accesses import record_dossier_access
from evaluations.board import board_of
from evaluations.forms.history import TrailForm
from evaluations.models import DossierAccess, PilotRound
from evaluations.permissions import can_see_board
from evaluations.rounds import current_round
from evaluations.trail import Trail
from evaluations.views.history import get_traced_dossier
from reports.board_file import board_file
from reports.renderers import XLSX_TYPE
from reports.trail_file import trail_file


@never_cache
@require_safe
def trail(request: HttpRequest, pk: int) -> HttpResponse:
    """As narrowed by the same form as the page; who fetched it is a line of the trail itself."""
    evaluation = get_traced_dossier(request, pk)
    form = TrailForm(request.GET, user=request.user, evaluation=evaluation)
    lines = Trail(request.user, evaluation, form.wanted).every_line()
    content = trail_file(evaluation, lines, request.user)
    record_dossier_access(
        evaluation=evaluation,
        kind=DossierAccess.Kind.TRAIL,
        what=f"Excel, {len(lines)} việc",
        by=request.user,
    )
    return _attached(content, f"qua-trinh-{evaluation.unit.code}-{evaluation.pilot_round.year}")


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The board of the round that is looked at, as filtered."""
    chosen = current_round(request) if can_see_board(request.user) else None
    if chosen is None:
        raise Http404("no board for this person, or no round yet")
    pilot_round = PilotRound.objects.for_board().get(pk=chosen.pk)
    found = board_of(request.user, pilot_round, timezone.localdate())
    content = board_file(found, request.GET.get("loc", ""), request.user)
    return _attached(content, f"bang-theo-doi-{timezone.localdate():%Y-%m-%d}")


def _attached(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
