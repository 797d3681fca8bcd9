"""Who gets no further than the sign-in page, and who has something else to do first."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from organisations.second_factor import is_required
from organisations.signing_in import has_given_code

# The guide explains the page that one is led to.
ALWAYS_OPEN = ("organisations:sign-out", "organisations:session", "guide", "guide-chapter")


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


class _LedAsideMiddleware:
    """Whoever has something to do first is led to the page where it is done, and no further."""

    page: str
    open_views: frozenset[str]

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated or not self.is_due(request):
            return None
        if request.resolver_match.view_name in {self.page, *ALWAYS_OPEN, *self.open_views}:
            return None
        address = reverse(self.page)
        return _expired(address) if is_from_script(request) else redirect(address)

    def is_due(self, request: HttpRequest) -> bool:
        raise NotImplementedError


class MustChangePasswordMiddleware(_LedAsideMiddleware):
    """A temporary password opens only the page where it is changed."""

    page = "organisations:change-password"
    open_views = frozenset()

    def is_due(self, request: HttpRequest) -> bool:
        return request.user.must_change_password


class MustSetUpSecondFactorMiddleware(_LedAsideMiddleware):
    """A role that requires a second factor opens only the page where it is set up.

    Said by the session and not by the device: no page asks the database for it.
    """

    page = "organisations:set-up-second-factor"
    open_views = frozenset({"organisations:change-password"})

    def is_due(self, request: HttpRequest) -> bool:
        return is_required(request.user) and not has_given_code(request)


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
