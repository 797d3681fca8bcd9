"""Where a request may be led on to: whoever writes a link writes its `next` too."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_path_of_ours(request: HttpRequest, wanted: str) -> bool:
    """Whether `redirect` may be given it: a path of this site, from its root.

    A word without a slash would be looked up as the name of a view, and be a fault.
    """
    return wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, request.is_secure()
    )
