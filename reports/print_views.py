from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organisations.uploads import takes_files
from reports.print_forms import PrintForm
from reports.prints import HashingUploadHandler, is_closed, issued_file, issued_print


@login_not_required
@takes_files(HashingUploadHandler)
@never_cache
@require_http_methods(["GET", "POST"])
def check_print(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Number and hash as a QR code gives them, or typed, or the file: the answer is yes or no."""
    first = {"number": number, "mark": request.GET.get("dau", "")[:64]}
    asked = request.method == "POST"
    form = PrintForm(*((request.POST, request.FILES) if asked else ()), initial=first)
    form.is_too_large = request.is_too_large
    context: dict[str, Any] = {"form": form}
    status = HTTPStatus.OK
    if asked and form.is_valid():
        said = form.cleaned_data
        if form.sha256:
            context |= {"answered": True, "run": issued_file(form.sha256), "by_file": True}
        elif is_closed(said["number"]):
            context["closed"], status = True, HTTPStatus.TOO_MANY_REQUESTS
        else:
            context |= {"answered": True, "run": issued_print(said["number"], said["mark"])}
    return render(request, "reports/check_print.html", context, status=status)
