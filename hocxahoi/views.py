import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from hocxahoi.guide import CONTENTS, beside, chapters
from hocxahoi.metrics import exposition
from hocxahoi.readiness import readiness
from hocxahoi.request_ids import request_id
from organisations.uploads import most_bytes

TOO_MUCH = {
    RequestDataTooBig: "Một lần gửi nhiều nhất {size}. Tách ra gửi nhiều lần, hoặc nén tệp lại.",
    TooManyFilesSent: "Một lần gửi nhiều nhất {files} tệp. Tách ra gửi nhiều lần.",
    TooManyFieldsSent: "Một lần gửi quá nhiều ô. Tải lại trang rồi ghi từng phần.",
}


@login_not_required
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of anybody else, so a silent database kills no process."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 where requests may be sent here, 503 where database or storage is away."""
    answers = readiness()
    return JsonResponse(answers, status=503 if "down" in answers.values() else 200)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, by the token of METRICS_TOKEN; without one there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


@login_not_required
@require_safe
def guide(request: HttpRequest, slug: str = CONTENTS) -> HttpResponse:
    """The user's guide: its contents, or one chapter. There is nothing in it to hide."""
    chapter = chapters().get(slug)
    if chapter is None:
        raise Http404
    before, after = beside(slug)
    context = {
        "chapter": chapter,
        "is_contents": slug == CONTENTS,
        "before": before,
        "after": after,
    }
    return render(request, "guide.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of handler400; what is merely too much has a status and words of its own."""
    if type(exception) not in TOO_MUCH:
        return HttpResponseBadRequest(render_to_string("400.html"))
    said = TOO_MUCH[type(exception)].format(
        size=f"{most_bytes(request.resolver_match.func) // 1024**2}\u00a0MB",
        files=settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    )
    return HttpResponse(render_to_string("413.html", {"said": said}), status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of handler500: its code is the id under which the log has the traceback."""
    return HttpResponseServerError(render_to_string("500.html", {"code": request_id.get()}))
