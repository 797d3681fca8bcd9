"""The signed minutes of an inspection: uploaded, looked at, downloaded; every look is logged."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from evaluations.actions import inspections as actions
from evaluations.forms.inspections import ScanForm
from evaluations.models import Inspection, InspectionAccess, InspectionScan
from evaluations.permissions import can_write_in_inspection
from evaluations.views.files import boxed
from evaluations.views.inspections import get_inspection, inspection_page
from evaluations.views.uploads import Outcome, dropped, taken_in
from organisations.uploads import takes_files

logger = logging.getLogger(__name__)


@takes_files()
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan of the minutes as they were signed."""
    found = get_inspection(request, pk)
    if not can_write_in_inspection(request.user, found):
        raise PermissionDenied
    form = ScanForm(request.POST, request.FILES)
    if lost := dropped(request):
        form.errors.pop("scan", None)
        form.add_error("scan", f"{lost[0].name} {lost[0].message}")
    if form.is_valid() and _is_kept(request, found, form):
        messages.success(request, "Đã lưu bản quét biên bản.")
        return redirect(found)
    return inspection_page(request, found, status=422, scan_form=form)


@require_safe
def download(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponse:
    return _scan(request, pk, scan_pk, InspectionAccess.Kind.DOWNLOAD)


@xframe_options_sameorigin
@require_safe
def preview(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponse:
    """The scan itself, for a frame of our own page."""
    return _scan(request, pk, scan_pk, InspectionAccess.Kind.PREVIEW)


def _is_kept(request: HttpRequest, found: Inspection, form: ScanForm) -> bool:
    """Whether it was stored; what stood in its way is put into the form."""
    uploaded = form.cleaned_data["scan"]

    def store() -> Outcome:
        kept = actions.attach_scan(inspection=found, uploaded=uploaded, by=request.user)
        return Outcome(kept.file_name, "đã lưu", "accept", is_stored=True)

    outcome = taken_in(uploaded.name, store, known=None)
    if not outcome.is_stored:
        form.add_error("scan", f"{outcome.name} {outcome.message}")
    return outcome.is_stored


def _scan(request: HttpRequest, pk: int, scan_pk: int, kind: InspectionAccess.Kind) -> HttpResponse:
    visible = Inspection.objects.visible_to(request.user)
    scans = InspectionScan.objects.filter(inspection__in=visible, inspection=pk)
    found = get_object_or_404(scans, pk=scan_pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        logger.error("the minutes %s are not in storage", found.pk)
        raise Http404("the file is not in storage") from error
    if request.method == "GET":
        actions.record_access(scan=found, kind=kind, by=request.user)
    return boxed(
        opened,
        name=found.file_name,
        content_type=found.kind.content_type,
        is_shown=kind == InspectionAccess.Kind.PREVIEW,
    )
