"""The site's addresses and two empty ones to compare with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from hocxahoi.urls import handler500 as handler500
from hocxahoi.urls import urlpatterns as site


@require_safe
def empty_page(request: HttpRequest) -> HttpResponse:
    """What every page costs before it has anything to say: sign-in, frame, menu."""
    return render(request, "base.html")


@require_safe
def empty_answer(request: HttpRequest) -> HttpResponse:
    """The middleware and the session alone, nothing drawn."""
    return HttpResponse(str(request.user))


urlpatterns = [
    *site,
    path("trang-trong/", empty_page, name="empty-page"),
    path("tra-loi-trong/", empty_answer, name="empty-answer"),
]
