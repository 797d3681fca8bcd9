"""At most so many in a while: the decorator of a view that takes POSTs, and what it answers."""

from collections.abc import Callable
from functools import wraps

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.csrf import csrf_protect

from organisations.limits import Limit, TooOften
from organisations.middleware import is_from_script
from organisations.origin import client_ip

# Never put into a page again, whatever form they were typed in.
SECRET = ("csrfmiddlewaretoken", "password")


class NothingKept(FileUploadHandler):
    """Lets the bytes of a refused upload go by: not to memory, not to disk."""

    def new_file(self, *args, **kwargs):
        self.request.carried_files = True
        raise SkipFile


def limited(limit: Limit) -> Callable:
    """Outermost on a view: the body of what is refused is never stored.

    Each POST of a person counts, whatever becomes of it; or of an address, where nobody is known.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method == "POST":
                try:
                    limit.spend(request.user.pk or client_ip(request))
                except TooOften as refused:
                    return too_many(request, refused)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def too_many(request: HttpRequest, refused: TooOften) -> HttpResponse:
    """429: when to try again, and a button that sends what was typed once more."""
    request.carried_files = bool(getattr(request, "_files", None))
    if not hasattr(request, "_files"):
        request.upload_handlers = [NothingKept(request)]
    response = _answer(request, refused)
    response.headers["Retry-After"] = str(refused.seconds_left)
    return response


@csrf_protect
def _answer(request: HttpRequest, refused: TooOften) -> HttpResponse:
    """What another site has sent must not become a form of ours."""
    if is_from_script(request):
        at = date_format(timezone.localtime(refused.until), "H:i d/m/Y")
        text = f"chưa nhận: gửi quá nhiều lần trong thời gian ngắn. Thử lại từ {at}."
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=429)
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(secret in name for secret in SECRET)
    ]
    context = {"until": refused.until, "typed": typed, "has_files": request.carried_files}
    return render(request, "429.html", context, status=429)
