"""Where one is signed in and was, for oneself; the log of everybody, for the administrator."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from organisations import signing_in
from organisations.forms import SignInFilterForm
from organisations.models import AccountAccess, Session, SignInEvent
from organisations.permissions import can_administer_people
from organisations.processing_log import note_look

OWN_PAGE_SIZE = 20
PAGE_SIZE = 50


@never_cache
@require_safe
def own_sign_ins(request: HttpRequest) -> HttpResponse:
    events = SignInEvent.objects.filter(person=request.user).order_by("-pk")
    context = {
        "sessions": Session.objects.open_of(request.user),
        "current": request.session.session_key,
        "page": Paginator(events, OWN_PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "organisations/own_sign_ins.html", context)


@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """End one of one's own; the current one as well, which is signing out."""
    ended = signing_in.end_session(request.user, handle)
    if ended is None:
        messages.info(request, "Phiên này đã kết thúc từ trước.")
    elif ended.pk == request.session.session_key:
        return _leave(request, SignInEvent.Kind.SIGNED_OUT, "Đã đăng xuất.")
    else:
        signing_in.note(request, SignInEvent.Kind.ENDED_ANOTHER, request.user)
        messages.success(request, f"Đã kết thúc phiên trên {ended.browser or 'nơi khác'}.")
    return redirect("organisations:own-sign-ins")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    signing_in.end_sessions(request.user, but=request.session.session_key)
    return _leave(request, SignInEvent.Kind.EVERYWHERE, "Đã đăng xuất khỏi mọi nơi.")


@never_cache
@require_safe
def sign_in_log(request: HttpRequest) -> HttpResponse:
    if not can_administer_people(request.user):
        raise PermissionDenied
    form = SignInFilterForm(request.GET)
    found = form.narrowed(SignInEvent.objects.for_display())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = f"{len(page.object_list)} dòng"
    note_look(by=request.user, kind=AccountAccess.Kind.SIGN_INS, detail=shown)
    context = {
        "form": form,
        "page": page,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "organisations/sign_in_log.html", context)


def _leave(request: HttpRequest, kind: SignInEvent.Kind, said: str) -> HttpResponse:
    signing_in.note(request, kind, request.user)
    logout(request)
    messages.success(request, said)
    return redirect("organisations:sign-in")
