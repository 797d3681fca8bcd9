"""The Excel round trip of a register: its template, uploading it filled, the differences, applying.

Nothing of a workbook is in any register before its keeper has looked at the differences and
pressed the button under them. Who is not its uploader does not know of it.
"""

import logging
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.actions import uploads as actions
from evaluations.forms.workbooks import ApplyForm, WorkbookForm
from evaluations.grid import Register as Grid
from evaluations.grid import kinds_of, owners_visible_to
from evaluations.models import PilotRound, ResultUpload
from evaluations.permissions import can_keep_register
from evaluations.rounds import show_round
from evaluations.scanning import Infected, ScannerSilent
from evaluations.storage import StorageFull, StorageRefuses
from evaluations.validators import XLSX
from evaluations.workbook.differences import SheetDifferences
from evaluations.workbook.error_file import error_file as marked
from evaluations.workbook.errors import CellError, grouped
from evaluations.workbook.layout import TOO_LARGE
from evaluations.workbook.register import Register, load_register
from evaluations.workbook.template import template
from organisations.models import Organisation
from organisations.spreadsheets import UnreadableFile
from organisations.uploads import takes_files

logger = logging.getLogger(__name__)

PAGE_SIZE = 200
GROUPS_SHOWN = 200  # of one sheet; the file itself has every error
Status = ResultUpload.Status


@never_cache
@require_safe
def register_template(request: HttpRequest, round_pk: int, owner_pk: int) -> HttpResponse:
    """The workbook, filled with the register as it stands this moment."""
    register = _get_register(request, round_pk, owner_pk)
    return _xlsx(template(register), f"ket-qua-{register.owner.code}-{register.year}")


@takes_files()
@require_http_methods(["GET", "POST"])
def upload_results(request: HttpRequest, round_pk: int, owner_pk: int) -> HttpResponse:
    """Read the file, whole; its errors or its differences are a page of their own."""
    register = _get_register(request, round_pk, owner_pk)
    is_sent = request.method == "POST"
    form = WorkbookForm(request.POST, request.FILES) if is_sent else WorkbookForm()
    if is_sent and (upload := _taken_in(request, register, form)):
        return redirect(upload)
    waiting = ResultUpload.objects.visible_to(request.user).waiting_for(
        register.pilot_round, register.owner, register.year
    )
    context = {
        "form": form,
        "register": register,
        "waiting": waiting,
        **_addresses(register.pilot_round, register.owner, register.year),
    }
    status = 422 if is_sent else 200
    return render(request, "evaluations/workbooks/upload_results.html", context, status=status)


@never_cache
@require_safe
def result_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with a workbook; or else what it would change."""
    upload = _get_upload(request, pk)
    if upload.status in actions.WAITING:
        return _page(request, upload)
    messages.info(request, _said_of_settled(upload))
    return redirect(_register_url(upload))


@require_safe
def error_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself with a column that says what is wrong."""
    upload = _get_upload(request, pk)
    errors = _errors(upload) if upload.status in actions.WAITING else []
    if not errors:
        raise Http404
    with upload.file.open("rb") as file:
        content = file.read()
    name = upload.original_name.rpartition(".")[0]
    return _xlsx(marked(content, errors), f"{name}-loi")


@never_cache
@require_POST
def apply_upload(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _get_upload(request, pk)
    form = ApplyForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else ""
    try:
        done = actions.apply_upload(upload=upload, seen=seen, by=request.user)
    except actions.AlreadySettled:
        upload.refresh_from_db()
        if upload.status == Status.FAULTY:
            return redirect(upload)
        messages.info(request, _said_of_settled(upload))
        return redirect(_register_url(upload))
    except actions.RegisterChanged:
        return _page(request, upload, has_changed=True, status=409)
    messages.success(request, _said_of_applied(done))
    return redirect(_register_url(upload, done))


@require_POST
def drop_upload(request: HttpRequest, pk: int) -> HttpResponse:
    upload = _get_upload(request, pk)
    try:
        actions.drop_upload(upload=upload, by=request.user)
    except actions.AlreadySettled:
        upload.refresh_from_db()
        messages.info(request, _said_of_settled(upload))
    else:
        messages.success(request, f"Đã bỏ tệp {upload.original_name}; danh sách không thay đổi.")
    return redirect(_register_url(upload))


def _get_register(request: HttpRequest, round_pk: int, owner_pk: int) -> Register:
    """The registers of this address for who keeps them: else a 404, or a 403 for a reader."""
    rounds = PilotRound.objects.visible_to(request.user).opened()
    pilot_round = get_object_or_404(
        rounds.select_related("agency_points", "commune_points"), pk=round_pk
    )
    owner = get_object_or_404(owners_visible_to(request.user, pilot_round), pk=owner_pk)
    year = request.GET.get("nam", str(pilot_round.year))
    years = {str(each): each for each in (pilot_round.year, pilot_round.year - 1)}
    if year not in years:
        raise Http404
    if not can_keep_register(request.user, pilot_round, owner):
        raise PermissionDenied
    show_round(request, pilot_round)
    register = load_register(pilot_round, owner, years[year])
    if not register.layouts:
        raise Http404  # the round has adopted nothing to rate by
    return register


def _get_upload(request: HttpRequest, pk: int) -> ResultUpload:
    """The person's own, for as long as they keep that register."""
    visible = ResultUpload.objects.visible_to(request.user).select_related(
        "owner", "pilot_round__agency_points", "pilot_round__commune_points"
    )
    upload = get_object_or_404(visible, pk=pk)
    if not can_keep_register(request.user, upload.pilot_round, upload.owner):
        raise Http404
    show_round(request, upload.pilot_round)
    return upload


def _taken_in(request: HttpRequest, register: Register, form: WorkbookForm) -> ResultUpload | None:
    """The upload that was kept, or None with the reason in the form."""
    let_go = set(request.dropped_uploads.values())
    if let_go:
        form.is_valid()
        form.errors.pop("file", None)
        form.add_error("file", StorageFull.words if "disk-full" in let_go else TOO_LARGE)
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return actions.take_in_upload(
            pilot_round=register.pilot_round,
            owner=register.owner,
            year=register.year,
            uploaded=file,
            by=request.user,
        )
    except UnreadableFile as error:
        form.add_error("file", str(error))
    except Infected as found:
        logger.warning("workbook refused, scanner found %s", found)
        form.add_error("file", f"{file.name} {found.words}")
    except ScannerSilent as error:
        logger.exception("workbook refused, the virus scanner did not answer")
        form.add_error("file", f"{file.name} {error.words}")
    except StorageRefuses as error:
        logger.exception("workbook refused by the storage")
        form.add_error("file", f"{file.name} {error.words}")
    return None


def _page(
    request: HttpRequest, upload: ResultUpload, *, has_changed: bool = False, status: int = 200
) -> HttpResponse:
    if upload.status == Status.FAULTY:
        return _errors_page(request, upload, actions.errors_of(upload))
    compared = actions.compare(upload)
    if compared.checked.errors:  # the register moved on since the file was read
        return _errors_page(request, upload, compared.checked.errors, has_changed=True)
    sheets = compared.differences
    rows = [(sheet.layout, each) for sheet in sheets for each in (*sheet.new, *sheet.changed)]
    context = {
        "upload": upload,
        "sheets": sheets,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang")),
        "count": len(rows),
        "confirmed": sum(sheet.confirmed for sheet in sheets),
        "has_changed": has_changed,
        "form": ApplyForm(initial={"seen": compared.register.fingerprint}),
        **_addresses(upload.pilot_round, upload.owner, upload.year),
    }
    return render(request, "evaluations/workbooks/differences.html", context, status=status)


def _errors(upload: ResultUpload) -> Sequence[CellError]:
    """As they were found on reading, or as the register has made them since."""
    if upload.status == Status.FAULTY:
        return actions.errors_of(upload)
    return actions.compare(upload).checked.errors


def _errors_page(
    request: HttpRequest,
    upload: ResultUpload,
    errors: Sequence[CellError],
    *,
    has_changed: bool = False,
) -> HttpResponse:
    sheets = grouped(errors)
    context = {
        "upload": upload,
        "has_changed": has_changed,
        "sheets": [(sheet, sheet.groups[:GROUPS_SHOWN]) for sheet in sheets],
        "count": len(errors),
        "hidden": sum(
            len(group.errors) for sheet in sheets for group in sheet.groups[GROUPS_SHOWN:]
        ),
        **_addresses(upload.pilot_round, upload.owner, upload.year),
    }
    status = 409 if has_changed and request.method == "POST" else 200
    return render(request, "evaluations/workbooks/errors.html", context, status=status)


def _addresses(pilot_round: PilotRound, owner: Organisation, year: int) -> dict[str, str]:
    """Where one goes on from any of these pages."""
    of_year = "" if year == pilot_round.year else f"?nam={year}"
    names = {"template_url": "register-template", "upload_url": "upload-results"}
    urls = {
        key: reverse(f"evaluations:{name}", args=[pilot_round.pk, owner.pk]) + of_year
        for key, name in names.items()
    }
    register = Grid(pilot_round, owner, kinds_of(owner)[0], year)
    return {**urls, "register_url": register.get_absolute_url()}


def _said_of_applied(done: Sequence[SheetDifferences]) -> str:
    new = sum(len(sheet.new) for sheet in done)
    changed = sum(len(sheet.changed) for sheet in done)
    if not new and not changed:
        return "Tệp không khác danh sách, nên không có gì phải ghi."
    added = f"thêm {new} đơn vị" if new else ""
    mended = f"cập nhật {changed} dòng" if changed else ""
    sheets = sum(sheet.confirmed for sheet in done)
    confirmed = f"xác nhận {sheets} phiếu tự chấm" if sheets else ""
    return f"Đã ghi từ tệp Excel: {', '.join(filter(None, (added, mended, confirmed)))}."


def _said_of_settled(upload: ResultUpload) -> str:
    if upload.status == Status.APPLIED:
        at = date_format(localtime(upload.applied_at), "H:i d/m/Y")
        return f"Tệp {upload.original_name} đã ghi lúc {at}; không ghi lần thứ hai."
    return f"Tệp {upload.original_name} đã bỏ, hoặc đã nạp tệp khác thay nó."


def _register_url(upload: ResultUpload, done: Sequence[SheetDifferences] = ()) -> str:
    """The register that the workbook changed, or else the owner's first."""
    moved = [sheet.layout.kind for sheet in done if sheet.new or sheet.changed]
    kind = moved[0] if moved else kinds_of(upload.owner)[0]
    return Grid(upload.pilot_round, upload.owner, kind, upload.year).get_absolute_url()


def _xlsx(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    response = HttpResponse(
        content, content_type=XLSX.content_type, headers={"Content-Disposition": disposition}
    )
    response["Cache-Control"] = "private, no-store"
    return response
