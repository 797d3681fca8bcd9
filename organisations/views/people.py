"""Accounts, for the administrator. Temporary passwords are shown once and stored nowhere."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import actions, anonymising, people_file, people_import, second_factor
from organisations.collation import vietnamese_order
from organisations.forms import PeopleFileForm, PeopleFilterForm, PersonForm, ResetFactorForm
from organisations.lockout import locks_of
from organisations.models import AccountAccess, AccountEvent, Organisation, User
from organisations.people_file import TOO_LARGE, Row
from organisations.permissions import (
    can_administer_people,
    can_change_standing,
    can_see_person,
)
from organisations.processing_log import note_look
from organisations.roles import MAY
from organisations.spreadsheets import UnreadableFile
from organisations.uploads import DISK_FULL, takes_files
from organisations.views.choosing import found_units

PAGE_SIZE = 50
IMPORT_KEY = "people_import"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    _require_administrator(request)
    form = PeopleFilterForm(request.GET)
    found = form.narrowed(User.objects.select_related("organisation"))
    found = found.order_by(vietnamese_order("full_name"), "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    shown = f"{len(page.object_list)} tài khoản"
    note_look(by=request.user, kind=AccountAccess.Kind.PEOPLE, detail=shown)
    locks = locks_of(page.object_list)
    rows = [(person, locks.get(person.pk)) for person in page.object_list]
    context = {"form": form, "page": page, "rows": rows, "query": query.urlencode()}
    return render(request, "organisations/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def create_person(request: HttpRequest) -> HttpResponse:
    _require_administrator(request)
    # Home links here with the unit that lacks somebody.
    wanted = {"organisation": request.GET.get("don-vi"), "role": request.GET.get("vai-tro")}
    form = PersonForm(request.POST or None, initial=wanted)
    if answer := found_units(request, form):
        return answer
    if form.is_valid():
        try:
            slips = actions.create_people(people=[form.instance], by=request.user)
        except actions.UsernameTaken:
            form.add_error("username", "Tên đăng nhập này vừa có người dùng.")
        else:
            return _show_slips(request, slips)
    return render(request, "organisations/create_person.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = _get_person(request, pk)
    is_fixed = not can_change_standing(request.user, person)
    form = PersonForm(request.POST or None, instance=person, standing_is_fixed=is_fixed)
    if answer := found_units(request, form):
        return answer
    if form.is_valid():
        actions.change_person(person=form.instance, by=request.user)
        messages.success(request, f"Đã lưu tài khoản của {form.instance.full_name}.")
        return redirect("organisations:edit-person", person.pk)
    return _person_page(request, pk, form=form)


@never_cache
@require_POST
def reset_person_password(request: HttpRequest, pk: int) -> HttpResponse:
    person = _get_person(request, pk)
    slip = actions.reset_password(person=person, by=request.user)
    return _show_slips(request, [slip])


@require_POST
def reset_person_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody without telephone and codes; the trail keeps how they were known to be it."""
    person = _get_person(request, pk)
    if not can_change_standing(request.user, person):
        raise PermissionDenied
    form = ResetFactorForm(request.POST)
    if not form.is_valid():
        return _person_page(request, pk, reset_form=form)
    second_factor.reset(person=person, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(
        request,
        f"Đã đặt lại xác thực hai bước của {person.full_name}: lần sau vào bằng mật khẩu.",
    )
    return redirect("organisations:edit-person", pk)


@require_POST
def deactivate_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = actions.set_active(person=_get_person(request, pk), active=False, by=request.user)
    messages.success(request, f"{person.full_name} không đăng nhập được nữa. Việc đã làm vẫn giữ.")
    return redirect("organisations:edit-person", pk)


@require_POST
def activate_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = actions.set_active(person=_get_person(request, pk), active=True, by=request.user)
    messages.success(request, f"{person.full_name} đăng nhập lại được.")
    return redirect("organisations:edit-person", pk)


@require_safe
def people_template(request: HttpRequest) -> HttpResponse:
    _require_administrator(request)
    organisations = Organisation.objects.select_related("parent").order_by("valid_from", "code")
    content = people_file.template(list(organisations))
    headers = {"Content-Disposition": 'attachment; filename="mau-tai-khoan.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@takes_files()
@require_http_methods(["GET", "POST"])
def upload_people(request: HttpRequest) -> HttpResponse:
    """Read the file and hold its rows in the session until they are confirmed or dropped."""
    _require_administrator(request)
    is_sent = request.method == "POST"
    form = PeopleFileForm(request.POST, request.FILES) if is_sent else PeopleFileForm()
    if is_sent:
        _refuse_dropped(form, request.dropped_uploads)
    errors = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = people_file.read(file)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            _, errors = people_import.check(rows)
            if not errors:
                request.session[IMPORT_KEY] = [[row.number, row.values, row.places] for row in rows]
                return redirect("organisations:confirm-people")
    return render(request, "organisations/upload_people.html", {"form": form, "errors": errors})


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_people(request: HttpRequest) -> HttpResponse:
    """Checked again when confirmed: between the two an account may have been made."""
    _require_administrator(request)
    held = request.session.get(IMPORT_KEY)
    if held is None:
        messages.info(request, "Không có tệp nào đang chờ. Nạp tệp trước.")
        return redirect("organisations:upload-people")
    new_people, errors = people_import.check([Row(*row) for row in held])
    if errors:
        del request.session[IMPORT_KEY]
        context = {"form": PeopleFileForm(), "errors": errors}
        return render(request, "organisations/upload_people.html", context)
    if request.method == "POST":
        try:
            slips = actions.create_people(people=new_people, by=request.user)
        except actions.UsernameTaken:
            messages.error(request, "Vừa có tài khoản trùng tên đăng nhập, nên chưa tạo gì.")
            return redirect("organisations:confirm-people")
        del request.session[IMPORT_KEY]
        return _show_slips(request, slips)
    return render(request, "organisations/confirm_people.html", {"people": new_people})


def _refuse_dropped(form: PeopleFileForm, dropped: dict[str, str]) -> None:
    """A file that was let go while it came in is not missing; it is said why."""
    for name, why in dropped.items():
        form.errors.pop("file", None)
        form.add_error("file", TOO_LARGE if why == "too-large" else f"{name} {DISK_FULL}")


def _person_page(
    request: HttpRequest,
    pk: int,
    *,
    form: PersonForm | None = None,
    reset_form: ResetFactorForm | None = None,
) -> HttpResponse:
    person = _get_person(request, pk)  # as stored: a form puts what was typed on its own
    may_change = can_change_standing(request.user, person)
    note_look(by=request.user, kind=AccountAccess.Kind.ACCOUNT, person=person)
    shown = form or PersonForm(instance=_get_person(request, pk), standing_is_fixed=not may_change)
    context = {
        "form": shown,
        "person": person,
        "may": MAY[person.role],
        "can_change_standing": may_change,
        "locked_until": locks_of([person]).get(person.pk),
        "device": second_factor.device_of(person),
        "codes_left": second_factor.codes_left(person),
        "factor_is_required": second_factor.is_required(person),
        "in_the_way": anonymising.obstacle(person),
        "reset_form": reset_form or ResetFactorForm(),
        "events": AccountEvent.objects.for_display().filter(person=person),
    }
    return render(request, "organisations/edit_person.html", context)


def _get_person(request: HttpRequest, pk: int) -> User:
    _require_administrator(request)
    person = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    if not can_see_person(request.user, person):
        raise PermissionDenied
    return person


def _require_administrator(request: HttpRequest) -> None:
    if not can_administer_people(request.user):
        raise PermissionDenied


def _show_slips(request: HttpRequest, slips: list[actions.Slip]) -> HttpResponse:
    """The answer to the POST itself: a redirect would have to store the passwords somewhere."""
    # A slip is carried to somebody else: it names the site as mails do, not as this browser did.
    site = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    context = {
        "slips": slips,
        "address": f"{site}{reverse('organisations:sign-in')}",
    }
    return render(request, "organisations/slips.html", context)
