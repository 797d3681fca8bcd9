"""One's own data; taking a name off an account; the log of who handled whose data."""

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import anonymising, processing_log
from organisations.account_data import as_json, export_own
from organisations.account_file import account_workbook
from organisations.forms import AnonymiseForm, ExportForm, ProcessingFilterForm
from organisations.kept import IN_FILE, NOT_IN_FILE, kept_of
from organisations.limits import OWN_EXPORTS, TooOften
from organisations.models import AccountAccess, User
from organisations.permissions import can_administer_people, can_anonymise

LOOKS_SHOWN = 10
NOT_ONESELF = (
    "Không ai tự ẩn danh tài khoản của mình. Việc này do một người quản trị khác làm, sau khi đã "
    "ngừng dùng tài khoản."
)
PAGE_SIZE = 50
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@never_cache
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    return _own_page(request)


@never_cache
@require_POST
def export_own_data(request: HttpRequest) -> HttpResponse:
    """The answer to the POST itself is the file: it is made for this person and stored nowhere."""
    try:
        OWN_EXPORTS.spend(request.user.pk)
    except TooOften as refused:
        # Nothing was typed that the page of `limited` could give back.
        answer = _own_page(request, wait_until=refused.until, status=HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(refused.seconds_left)
        return answer
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chọn lại loại tệp rồi bấm tải.")
        return redirect("organisations:own-data")
    kind = form.cleaned_data["kind"]
    tables = export_own(person=request.user, how=dict(ExportForm.KINDS)[kind])
    now = timezone.localtime()
    content = (
        as_json(tables) if kind == "json" else account_workbook(tables, person=request.user, at=now)
    )
    name = f"du-lieu-cua-toi-{now:%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)


@never_cache
@require_http_methods(["GET", "POST"])
def anonymise_person(request: HttpRequest, pk: int) -> HttpResponse:
    if not can_administer_people(request.user):
        raise PermissionDenied
    person = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    if person.is_anonymised:
        return redirect("organisations:edit-person", pk)
    if person == request.user:
        raise PermissionDenied(NOT_ONESELF)
    if not can_anonymise(request.user, person):
        raise PermissionDenied
    form = AnonymiseForm(person, request.POST or None)
    if form.is_valid():
        try:
            done = anonymising.anonymise(
                person=person, by=request.user, reason=form.cleaned_data["reason"]
            )
        except anonymising.Obstacle as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã ẩn danh: từ nay là “{done.full_name}”.")
            return redirect("organisations:edit-person", pk)
    processing_log.note_look(by=request.user, kind=AccountAccess.Kind.ACCOUNT, person=person)
    context = {"form": form, "person": person, "in_the_way": anonymising.obstacle(person)}
    return render(request, "organisations/anonymise.html", context)


@never_cache
@require_safe
def processing_log_page(request: HttpRequest) -> HttpResponse:
    if not can_administer_people(request.user):
        raise PermissionDenied
    form = ProcessingFilterForm(request.GET)
    page = Paginator(form.found(), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = processing_log.lines(page.object_list)
    shown = f"{len(lines)} dòng"
    processing_log.note_look(by=request.user, kind=AccountAccess.Kind.PROCESSING, detail=shown)
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "organisations/processing_log.html", context)


def _own_page(
    request: HttpRequest, *, wait_until: datetime | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    looks = processing_log.lookers_at(request.user)
    context = {
        "kept": kept_of(request.user),
        "looks": processing_log.lines(looks[:LOOKS_SHOWN]),
        "counted": processing_log.counted(request.user),
        "in_file": IN_FILE,
        "not_in_file": NOT_IN_FILE,
        "wait_until": wait_until,
        "most": OWN_EXPORTS.most,
    }
    return render(request, "organisations/own_data.html", context, status=status)
