"""What is noted of each request: its id, whose it is, how it was answered and how quickly."""

import logging
from time import perf_counter

from hocxahoi import request_ids
from hocxahoi.metrics import note_answer

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Stands first. Each answer is one line in the log and bears the id in a header."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_ids.begin(request.headers.get(HEADER, ""))
        started = perf_counter()
        response = self.get_response(request)
        seconds = perf_counter() - started
        response.headers[HEADER] = request_ids.request_id.get()
        view = request.resolver_match.view_name if request.resolver_match else ""
        # The path without its query, where people type names into.
        logger.info(
            "%s %s %s",
            request.method,
            request.path,
            response.status_code,
            extra={"view": view, "milliseconds": round(seconds * 1000)},
        )
        note_answer(view, request.method, response.status_code, seconds)
        return response


class RequestUserMiddleware:
    """Stands behind those that ask who has signed in, so that the answer costs no query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, "login_required", True) and request.user.is_authenticated:
            request_ids.user_id.set(request.user.pk)
