"""Signing in by name and password, signing out, one's own account and password."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import actions, second_factor, signing_in
from organisations.forms import (
    ChangePasswordForm,
    MailChoiceForm,
    ResetConfirmForm,
    ResetRequestForm,
    SignInForm,
)
from organisations.forms.session import is_closed, too_often_error
from organisations.limits import RESET_FROM_ADDRESS, RESET_OF_ADDRESS, TooOften
from organisations.lockout import locked_until
from organisations.models import AccountEvent, SignInEvent, User
from organisations.origin import client_ip
from organisations.permissions import can_administer_people, can_administer_units
from organisations.roles import MAY
from organisations.tasks import order_reset_mail
from organisations.ways_on import is_path_of_ours

EVENTS_SHOWN = 10
QUEUE_SILENT = "Hệ thống chưa gửi được thư. Thử lại sau ít phút; nếu vẫn vậy, báo người quản trị."
NO_ADDRESS = "Hệ thống chưa được đặt địa chỉ trang nên không gửi được thư. Báo người quản trị."


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A second click finds the person signed in and simply goes on."""
    target = _safe_next(request)
    if request.user.is_authenticated:
        return redirect(target)

    form = SignInForm(request, request.POST or None)
    if form.is_valid():
        person = form.get_user()
        try:
            come_in(request, person, by_second_factor=False)
        except signing_in.CodeIsDue:
            signing_in.enter_half(request, person, target=target)
            return redirect("organisations:second-step")
        return redirect(target)
    if form.was_refused:
        signing_in.turned_away(request, form.cleaned_data["username"])
    elif is_closed(form):
        signing_in.turned_away_unread(request, form.cleaned_data.get("username", ""))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "organisations/sign_in.html", context, status=status_of(form))


def come_in(request: HttpRequest, person: User, **how) -> None:
    """Open the session (`signing_in.enter`), and say what happened to the account meanwhile."""
    news = signing_in.news_for(person)
    signing_in.enter(request, person, **how)
    for text in news:
        messages.warning(request, text)


def status_of(form: BaseForm) -> int:
    """A form that is closed for a while is answered as such; it keeps what was typed."""
    return HTTPStatus.TOO_MANY_REQUESTS if is_closed(form) else HTTPStatus.OK


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None, credentials: dict | None
) -> HttpResponse:
    """What axes answers after too many failures: until when, and what to do meanwhile."""
    context = {
        "until": locked_until(request, credentials or {}),
        "limit": settings.AXES_FAILURE_LIMIT,
    }
    return render(request, "organisations/locked_out.html", context, status=429)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    signing_in.note(request, SignInEvent.Kind.SIGNED_OUT, request.user)
    logout(request)
    messages.success(request, "Đã đăng xuất.")
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Asked by `session.js`: 204 while signed in (and the idle time starts anew), else 401."""
    return HttpResponse(status=204, headers={"X-User": str(request.user.pk)})


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    context = {
        "may": MAY[request.user.role],
        "device": second_factor.device_of(request.user),
        "codes_left": second_factor.codes_left(request.user),
        "events": AccountEvent.objects.for_display().filter(person=request.user)[:EVENTS_SHOWN],
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        "can_administer_people": can_administer_people(request.user),
        "can_administer_units": can_administer_units(request.user),
    }
    return render(request, "organisations/account.html", context)


@require_POST
def choose_mail(request: HttpRequest) -> HttpResponse:
    """One button, which says what it does: mail about work on or off."""
    form = MailChoiceForm(request.POST)
    if form.is_valid():
        person = actions.choose_mail(person=request.user, wants=form.cleaned_data["wants"])
        said = "Từ nay nhận thư nhắc việc." if person.wants_mail else "Đã ngừng gửi thư nhắc việc."
        messages.success(request, said)
    return redirect("organisations:account")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    first_time = request.user.must_change_password
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        user = actions.change_own_password(
            person=request.user,
            password=form.cleaned_data["new_password1"],
            session_key=request.session.session_key,
        )
        update_session_auth_hash(request, user)
        messages.success(
            request,
            "Đã đổi mật khẩu. Từ nay đăng nhập bằng mật khẩu mới; nơi khác đã bị đăng xuất.",
        )
        return redirect(settings.LOGIN_REDIRECT_URL if first_time else "organisations:account")
    context = {"form": form, "first_time": first_time}
    return render(request, "organisations/change_password.html", context, status=status_of(form))


@login_not_required
@require_http_methods(["GET", "POST"])
def request_reset(request: HttpRequest) -> HttpResponse:
    """The answer is the same, and as quick, whether the address is known or not."""
    form = ResetRequestForm(request.POST or None)
    if form.is_valid() and _is_ordered(request, form):
        return redirect("organisations:reset-requested")
    return render(
        request, "registration/request_reset.html", {"form": form}, status=status_of(form)
    )


@login_not_required
@require_safe
def reset_requested(request: HttpRequest) -> HttpResponse:
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return render(request, "registration/reset_requested.html", {"hours": hours})


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm_reset(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Django's own view, which takes the token out of the address before showing the form."""
    return _confirm_reset(request, uidb64=uidb64, token=token)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The second of two clicks on "Đăng nhập" brings a token that the first has replaced."""
    if request.path == reverse("organisations:sign-in") and request.user.is_authenticated:
        return redirect(_safe_next(request))
    return render(request, "403_csrf.html", status=403)


def _is_ordered(request: HttpRequest, form: ResetRequestForm) -> bool:
    """Whether the mail is on its way; what stands in the way is put into the form."""
    address = form.cleaned_data["email"]
    if not settings.SITE_URL:
        form.add_error(None, NO_ADDRESS)
        return False
    try:
        RESET_FROM_ADDRESS.spend(client_ip(request))
        RESET_OF_ADDRESS.spend(address.lower())
    except TooOften as refused:
        form.add_error("email", too_often_error("Đã yêu cầu nhiều lần.", refused))
        return False
    # Never the host that was asked: whoever asks for somebody else would choose the link's.
    if not order_reset_mail(address=address, site=settings.SITE_URL):
        form.add_error(None, QUEUE_SILENT)
        return False
    return True


class _ConfirmResetView(PasswordResetConfirmView):
    form_class = ResetConfirmForm
    template_name = "registration/confirm_reset.html"
    success_url = reverse_lazy("organisations:sign-in")

    def form_valid(self, form):
        actions.change_own_password(person=self.user, password=form.cleaned_data["new_password1"])
        self.request.session.pop("_password_reset_token", None)
        messages.success(self.request, "Đã đặt mật khẩu mới. Mời anh, chị đăng nhập.")
        return redirect(self.success_url)


_confirm_reset = _ConfirmResetView.as_view()


def _safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: within this site, and never back to the door."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    doors = (reverse("organisations:sign-in"), reverse("organisations:sign-out"))
    if not is_path_of_ours(request, wanted) or urlsplit(wanted).path in doors:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return wanted
