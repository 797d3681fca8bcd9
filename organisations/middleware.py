"""Who gets no further than the sign-in page, and who no further than changing the password."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

OPEN_BEFORE_CHANGE = {
    "organisations:change-password",
    "organisations:sign-out",
    "organisations:session",
}


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Private by default; a request made by a script is told so in a way it understands.

    A script (htmx, or `X-Requested-With`) gets 401 with `X-Sign-In: <address>`: a redirect would
    put the sign-in page into the fragment it asked for. A form sent too late leads, after signing
    in, back to the page it stood on, since its own address answers no GET.
    """

    def handle_no_permission(self, request, view_func):
        target = request.get_full_path()
        from_script = is_from_script(request)
        if from_script or request.method not in ("GET", "HEAD"):
            target = _page_of(request)
        response = redirect_to_login(
            target, resolve_url(self.get_login_url(view_func)), self.redirect_field_name
        )
        if from_script:
            return _expired(response.url)
        return response


class MustChangePasswordMiddleware:
    """A temporary password opens only the page where it is changed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if request.resolver_match.view_name in OPEN_BEFORE_CHANGE:
            return None
        address = reverse("organisations:change-password")
        return _expired(address) if is_from_script(request) else redirect(address)


def is_from_script(request: HttpRequest) -> bool:
    boosted = request.headers.get("HX-Boosted") == "true"
    asked_by = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return (request.headers.get("HX-Request") == "true" and not boosted) or asked_by


def _expired(address: str) -> HttpResponse:
    response = HttpResponse(
        "Phiên làm việc đã hết. Đăng nhập lại rồi làm tiếp.",
        content_type="text/plain; charset=utf-8",
        status=401,
    )
    response.headers["X-Sign-In"] = address
    response.headers["HX-Reswap"] = "none"
    return response


def _page_of(request: HttpRequest) -> str:
    """The address of the page that sent this request, when it is one of ours."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
