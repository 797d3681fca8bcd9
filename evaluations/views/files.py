"""Handing out a stored file boxed in: nothing inside an upload can act on our pages."""

from django.core.files.base import File
from django.http import FileResponse

# What an uploaded file may do when it is opened: be looked at. Chromium's viewer of PDFs starts in
# this sandbox, framed and in a tab of its own; a browser test watches that it goes on doing so.
BOX = (
    "sandbox; default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


def boxed(opened: File, *, name: str, content_type: str, is_shown: bool) -> FileResponse:
    """The file under the person's own name for it, to look at or else to download."""
    response = FileResponse(
        opened, as_attachment=not is_shown, filename=name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = BOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
