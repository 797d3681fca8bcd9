import logging
import secrets

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Asked by the container's health check and by whatever stands in front: 200 or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _plain("không nối được cơ sở dữ liệu", status=503)
    return _plain("khỏe", status=200)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of handler500: its code leads from what a person tells to the traceback."""
    code = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    logger.error("Lỗi mã %s ở %s %s", code, request.method, request.path, exc_info=True)
    return HttpResponseServerError(render_to_string("500.html", {"code": code}))


def _plain(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)
