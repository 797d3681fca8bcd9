import logging
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evaluations.rounds import current_round
from reports import actions
from reports.definitions import REPORTS, Takes, choices
from reports.figures import NothingToSay
from reports.forms import OrderForm, RunFilterForm
from reports.models import ReportRun
from reports.permissions import can_cancel, can_retry
from reports.renderers import RENDERERS

logger = logging.getLogger(__name__)

RUNS_PER_PAGE = 20
EMPTY_TEXT = (
    "Báo cáo tự đánh giá in được khi đơn vị có hồ sơ trong đợt; "
    "Sở in được sau khi đơn vị gửi hồ sơ."
)
LOST_FILE = (
    "Tệp của lượt in này không còn ở nơi lưu trữ. Đặt lại báo cáo ở trang Báo cáo và báo cho "
    "người quản trị."
)
FILTERS = {
    "ho-so": Takes.DOSSIER,
    "dot": Takes.ROUND,
    "phien-hop": Takes.SESSION,
    "bo-tieu-chi": Takes.SET,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    takes, chosen = _chosen(request)
    known = ReportRun.objects.visible_to(request.user)
    form = RunFilterForm(request.GET, runs=known)
    runs = known.for_display()
    if chosen:
        runs = runs.filter(**{takes.field: chosen})
    if form.report:
        runs = runs.filter(report=form.report)
    page = Paginator(runs, RUNS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "offers": _offers(request, takes, chosen),
        "empty_text": EMPTY_TEXT,
        "chosen": chosen,
        "form": form,
        "page": page,
        "runs": [_shown(request.user, run) for run in page],
    }
    return render(request, "reports/index.html", context)


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    form = OrderForm(request.POST)
    if not form.is_valid():
        raise Http404
    subject = get_object_or_404(form.chosen.subjects(request.user), pk=form.cleaned_data["subject"])
    try:
        run = actions.order_report(
            report=form.chosen,
            subject=subject,
            file_type=form.cleaned_data["file_type"],
            by=request.user,
        )
    except NothingToSay as error:
        messages.info(request, str(error))
        return redirect("reports:index")
    return redirect(run)


@never_cache
@require_safe
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    context = _shown(request.user, _get_run(request, pk))
    return render(request, "reports/run.html", context)


@never_cache
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment that a page asks for every second; 204 leaves it as it is."""
    run = _get_run(request, pk)
    if request.GET.get("da-xem") == _version(run):
        return HttpResponse(status=204)
    return render(request, "reports/partials/run_state.html", _shown(request.user, run))


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
        context = _shown(request.user, run)
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


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    run = actions.retry(run=_get_run(request, pk), by=request.user)
    messages.success(request, "Đã gửi lại yêu cầu dựng báo cáo.")
    return redirect(run)


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


def _chosen(request: HttpRequest) -> tuple[Takes | None, int | None]:
    """What the page that led here is about: `?ho-so=12`, `?phien-hop=2`."""
    for name, takes in FILTERS.items():
        value = request.GET.get(name, "")
        if value.isascii() and value.isdigit():
            return takes, int(value[:9])
    return None, None


def _offers(request: HttpRequest, takes: Takes | None, chosen: int | None) -> list[dict]:
    """What this person may order now of the round that is looked at, its sessions and dossiers."""
    user, shown = request.user, current_round(request)
    about = {
        Takes.ROUND: {"pk": chosen or (shown and shown.pk)},
        Takes.SESSION: {"pk": chosen} if chosen else {"pilot_round": shown},
        Takes.DOSSIER: {"pk": chosen} if chosen else {"pilot_round": shown},
    }
    offers = []
    if takes == Takes.SET:
        about = {takes: {"pk": chosen}}
    for kind in [takes] if takes else about:
        reports = [report for report in REPORTS.values() if report.takes == kind]
        for subject in choices(kind, user).filter(**about[kind]):
            own = [
                {"report": report, "note": report.note(subject)}
                for report in reports
                if report.can_order(user, subject)
            ]
            if own:
                offers.append({"subject": subject, "reports": own})
    return offers


def _shown(user, run: ReportRun) -> dict:
    return {
        "run": run,
        "can_retry": can_retry(user, run),
        "can_cancel": can_cancel(user, run),
        "version": _version(run),
    }


def _version(run: ReportRun) -> str:
    """Differs whenever the fragment would."""
    return f"{run.status}-{run.attempts}-{run.progress_done}-{run.progress_word}-{run.is_stuck:d}"
