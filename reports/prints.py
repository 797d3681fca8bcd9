"""Is this the paper that was issued? Asked by anyone who holds a print, without signing in.

What is told to whom knows number and hash already is what stands on the paper itself. Whoever
guesses learns nothing: a number that does not exist and a hash that is wrong are one answer, and
after a few wrong ones the number is closed for a while. A file names itself: its hash is as long
as nobody can guess.
"""

import hashlib
from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from organisations.limits import WRONG_PRINT, TooOften
from reports.models import ReportRun

LARGEST = 50 * 1024 * 1024


class HashedUpload(UploadedFile):
    """An upload of which only size and hash are left."""

    sha256: str


class HashingUploadHandler(FileUploadHandler):
    """Keeps nothing of a file but its hash: not in memory, not on disk.

    `request.is_too_large` tells of a file that was let go.
    """

    def __init__(self, request):
        super().__init__(request)
        request.is_too_large = False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > LARGEST:
            self.request.is_too_large = True
            raise SkipFile
        self.digest.update(raw_data)

    def file_complete(self, file_size):
        made = HashedUpload(BytesIO(), name=self.file_name, size=file_size)
        made.sha256 = self.digest.hexdigest()
        return made


def is_closed(number: int) -> bool:
    """Too many wrong answers were given for this number a moment ago."""
    try:
        WRONG_PRINT.check(number)
    except TooOften:
        return True
    return False


def issued_file(sha256: str) -> ReportRun | None:
    """The issued run whose file is this one byte by byte."""
    return _issued().filter(sha256=sha256).first() if sha256 else None


def issued_print(number: int, mark: str) -> ReportRun | None:
    """The issued run of that number, if the hash of its content begins so.

    None for everything else, and counted as a wrong answer.
    """
    run = _issued().filter(pk=number).first()
    if run and mark and run.content_sha256.startswith(mark):
        return run
    WRONG_PRINT.count(number)
    return None


def _issued():
    return ReportRun.objects.for_display().filter(status=ReportRun.Status.READY)
