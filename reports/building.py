"""A run to its file: render, store, and say how far it is."""

import errno
import time
from collections.abc import Callable
from tempfile import TemporaryFile

from django.core.files.base import File

from evaluations.storage import (
    StorageFull,
    StorageRefuses,
    is_in_doubt,
    sha256_of,
    stored,
    take_away,
)
from reports import actions
from reports.definitions import REPORTS
from reports.figures import CannotRender
from reports.files import path_of
from reports.life import signs_of_life
from reports.models import ReportRun
from reports.renderers import RENDERERS, Stamp

STEPS = 3
BEAT_EVERY = 1.0  # seconds
FULL = (
    "Máy chủ hết chỗ lưu nên tệp chưa giữ được. "
    "Báo người vận hành dọn thêm chỗ, rồi bấm “Dựng lại”."
)
SILENT = (
    "Kho lưu tệp không trả lời nên tệp chưa giữ được. Bấm “Dựng lại” sau ít phút; "
    "nếu vẫn vậy, báo người vận hành."
)


class NoLongerWanted(Exception):
    """The run was cancelled, or another attempt has taken its place."""


def build(run: ReportRun) -> None:
    """Render what was frozen when the run was ordered, and keep the file with the run.

    Raises NoLongerWanted at the first step after nobody waits for it any more.
    """
    report = REPORTS[run.report]
    stamp = Stamp(run.requested_at, run.content_sha256, run.pk)
    _step(run, 0, "Chuẩn bị nội dung")
    try:
        with signs_of_life(run), TemporaryFile() as made:
            tell = _teller(run, 1)
            RENDERERS[run.file_type].write(report, run.content, stamp, tell, made)
            made.flush()
            _step(run, 2, "Lưu tệp")
            _keep(run, _Told(made, _teller(run, 2)))
    except StorageFull as error:
        raise CannotRender(FULL) from error
    except StorageRefuses as error:
        raise CannotRender(SILENT) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CannotRender(FULL) from error
        raise


def _keep(run: ReportRun, file: File) -> None:
    size, sha256 = file.size, sha256_of(file)
    name = path_of(run)
    try:
        with stored(name, file) as kept:
            if not actions.finish(run, name=kept, size=size, sha256=sha256):
                raise NoLongerWanted
    except BaseException as error:  # cancelled or stopped while half of it was stored
        if not is_in_doubt(error):
            take_away(name)
        raise


def _step(run: ReportRun, done: int, word: str) -> None:
    if not actions.beat(run, done=done, total=STEPS, word=word):
        raise NoLongerWanted


def _teller(run: ReportRun, done: int) -> Callable[[str], None]:
    """Page by page would be a write for each; once a second is enough for a person."""
    last = 0.0

    def tell(word: str) -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT_EVERY:
            _step(run, done, word)
            last = time.monotonic()

    return tell


class _Told(File):
    """A file that gives signs of life while it is read: a large one takes its time to be stored."""

    def __init__(self, file, tell: Callable[[str], None]):
        super().__init__(file)
        self._tell = tell

    def read(self, *size: int) -> bytes:
        self._tell("Lưu tệp")
        return self.file.read(*size)
