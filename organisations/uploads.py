"""How files come in with a request: streamed piece by piece, each capped, the whole capped too.

Files come in only where a view says `@takes_files`. Anywhere else they are let go unread: else
anybody could fill the disk through a page that asks for a name and a password.
"""

import errno
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from organisations.limits import UPLOADS
from organisations.views.limits import limited

FULL = {errno.ENOSPC, errno.EDQUOT}
# Reads on from the file's name.
DISK_FULL = (
    "chưa lưu được vì ổ đĩa của hệ thống đã đầy; không phải lỗi của tệp. "
    "Báo quản trị hệ thống rồi tải lại tệp này."
)


class NoFiles(FileUploadHandler):
    """Of a view that asks for no file: whatever is sent all the same is let go."""

    def new_file(self, *args, **kwargs):
        raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        raise SkipFile

    def file_complete(self, file_size):
        return None


class CappedFiles(TemporaryFileUploadHandler):
    """Streams each file to disk and lets go of one that is too large, or that the disk refuses.

    What was let go is told by `request.dropped_uploads`: name → "too-large" or "disk-full".
    """

    def __init__(self, request):
        super().__init__(request)
        request.dropped_uploads = {}

    def new_file(self, *args, **kwargs):
        # The parser closes `self.file` of a file that is let go; never the one before it.
        self.__dict__.pop("file", None)
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._drop(error)

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > settings.EVIDENCE_MAX_BYTES:
            self.request.dropped_uploads[self.file_name] = "too-large"
            raise SkipFile
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError):
        if error.errno not in FULL:
            raise error
        self.request.dropped_uploads[self.file_name] = "disk-full"
        raise SkipFile


def takes_files(handler: type[FileUploadHandler] = CappedFiles) -> Callable:
    """The view takes files, which come in through this handler, so many times in a while.

    The handler must be in place before anything reads the body, and the CSRF check reads it: so
    that check is taken from the middleware and made right after.
    """

    def decorated(view: Callable) -> Callable:
        checked = csrf_protect(view)

        @limited(UPLOADS)
        @csrf_exempt
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            request.upload_handlers = [handler(request)]
            return checked(request, *args, **kwargs)

        wrapper.takes_files = True
        return wrapper

    return decorated


class LimitBodyMiddleware:
    """Refuses a request by the size that it states, before a byte of it is read.

    Stands before whatever reads the body. A body that states no size is empty to Django.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most_bytes(view):
            raise RequestDataTooBig("The stated size of the request is beyond the limit.")


def most_bytes(view: Callable) -> int:
    """How large a request to this view may be, everything in it."""
    if getattr(view, "takes_files", False):
        return settings.REQUEST_MAX_BYTES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
