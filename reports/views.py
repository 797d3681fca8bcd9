import logging
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from evaluations.rounds import current_round
from organisations.limits import REPORT_ORDERS
from organisations.models import User
from organisations.views.limits import limited
from reports import actions
from reports.definitions import Takes
from reports.figures import NothingToSay
from reports.forms import OrderForm, RunFilterForm
from reports.models import ReportRun
from reports.offers import About, offers_about, sections
from reports.permissions import can_cancel, can_retry
from reports.renderers import RENDERERS

logger = logging.getLogger(__name__)

RUNS_PER_PAGE = 20
STANDS_STILL = "run-stands-still"  # heard by what else on the page tells of the run
LOST_FILE = (
    "Tệp của lượt in này không còn ở nơi lưu trữ. Đặt lại báo cáo ở trang Báo cáo và báo cho "
    "người quản trị."
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What may be ordered, each with its newest file; about one subject where a page led here."""
    about = About.of(request)
    context = {"sections": sections(request, about), "about": about}
    return render(request, "reports/index.html", context)


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """Everything that was ordered and that this person may know of, newest first."""
    about = About.of(request)
    known = ReportRun.objects.visible_to(request.user)
    of_shown = Q(pilot_round=current_round(request))
    if about and about.takes == Takes.DOSSIER:
        of_shown |= Q(pk=about.pk)
    form = RunFilterForm(request.GET, runs=known, of_shown=of_shown, by=request.user)
    wanted = known.filter(**about.filter) if about else known
    # The keys alone are put in order: every row brings frozen content that is large.
    keys = form.narrow(wanted).values_list("pk", flat=True)
    page = Paginator(keys, RUNS_PER_PAGE).get_page(request.GET.get("page"))
    shown = ReportRun.objects.filter(pk__in=list(page)).for_display()
    context = {
        "about": about,
        "form": form,
        "is_narrowed": bool(about) or form.is_narrowing,
        "page": page,
        "runs": [_shown(request.user, run) for run in shown],
    }
    return render(request, "reports/runs.html", context)


@limited(REPORT_ORDERS)
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    form = OrderForm(request.POST)
    if not form.is_valid():
        raise Http404
    subject = get_object_or_404(
        form.chosen.subjects(request.user).prefetch_related(None), pk=form.cleaned_data["subject"]
    )
    try:
        run = actions.order_report(
            report=form.chosen,
            subject=subject,
            file_type=form.cleaned_data["file_type"],
            by=request.user,
        )
    except NothingToSay as error:
        messages.info(request, str(error))
        return redirect(About(form.chosen.takes, subject.pk).centre_url)
    return redirect(run)


@never_cache
@require_safe
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = _get_run(request, pk)
    return render(request, "reports/run.html", _page_of(request.user, run))


@never_cache
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment that a page asks for every second; 204 leaves it as it is."""
    run = _get_run(request, pk)
    if request.GET.get("da-xem") == _version(run):
        return HttpResponse(status=204)
    context = _shown(request.user, run) | {"is_main": "chinh" in request.GET}
    response = render(request, "reports/partials/run_state.html", context)
    if not run.is_moving:
        trigger_client_event(response, STANDS_STILL)
    return response


@never_cache
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    run = _get_run(request, pk)
    if not run.is_ready:
        raise Http404
    try:
        opened = run.file.open("rb")
    except FileNotFoundError:
        logger.error("file of report run %s is not in storage", run.pk)
        messages.error(request, LOST_FILE)
        context = _page_of(request.user, run)
        return render(request, "reports/run.html", context, status=HTTPStatus.NOT_FOUND)
    actions.note_download(run=run, by=request.user)
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=run.download_name,
        content_type=RENDERERS[run.file_type].content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@limited(REPORT_ORDERS)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    run = _get_run(request, pk)
    sent = actions.retry(run=run, by=request.user)
    if sent:
        messages.success(request, "Đã gửi lại yêu cầu dựng báo cáo.")
    else:
        messages.info(request, "Lượt in này đã được dựng tiếp hoặc đã kết thúc, không cần gửi lại.")
    return redirect(sent or run)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = _get_run(request, pk)
    if actions.cancel(run=run, by=request.user):
        messages.success(request, "Đã hủy lượt in. Cần lại thì đặt báo cáo mới.")
    else:
        messages.info(request, "Lượt in này đã kết thúc trước khi kịp hủy.")
    return redirect(run)


def _get_run(request: HttpRequest, pk: int) -> ReportRun:
    """The run, or a 404 where this person may not know that it exists."""
    return get_object_or_404(ReportRun.objects.visible_to(request.user).for_display(), pk=pk)


def _page_of(user: User, run: ReportRun) -> dict:
    """A run, and the same report to be ordered again where that may be."""
    about = About.of_run(run)
    offers = offers_about(about.takes, run.subject, user)
    return _shown(user, run) | {
        "is_main": True,
        "about": about,
        "again": next((offer for offer in offers if offer.report.slug == run.report), None),
    }


def _shown(user: User, run: ReportRun) -> dict:
    return {
        "run": run,
        "can_retry": can_retry(user, run),
        "can_cancel": can_cancel(user, run),
        "version": _version(run),
    }


def _version(run: ReportRun) -> str:
    """Differs whenever the fragment would."""
    return f"{run.status}-{run.attempts}-{run.progress_done}-{run.progress_word}-{run.is_stuck:d}"
