"""A run to its file: render, store, and say how far it is."""

import hashlib
import time

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import get_random_string

from reports import actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from reports.renderers import RENDERERS, Stamp

STEPS = 3
BEAT_EVERY = 1.0  # seconds


def build(run: ReportRun) -> None:
    """Render what was frozen when the run was ordered, and keep the file with the run."""
    report = REPORTS[run.report]
    stamp = Stamp(run.requested_at, run.content_sha256, run.pk)
    actions.beat(run, done=0, total=STEPS, word="Chuẩn bị nội dung")

    renderer = RENDERERS[run.file_type]
    content = renderer.render(report, run.content, stamp, _teller(run))
    actions.beat(run, done=2, total=STEPS, word="Lưu tệp")

    # Nothing of the name on disk comes from a person, and nobody can guess it.
    name = f"reports/{run.pk}-{get_random_string(24)}.{run.file_type}"
    name = default_storage.save(name, ContentFile(content))
    sha256 = hashlib.sha256(content).hexdigest()
    if not actions.finish(run, name=name, size=len(content), sha256=sha256):
        default_storage.delete(name)  # another attempt came first


def _teller(run: ReportRun):
    """Page by page would be a write for each; once a second is enough for a person."""
    last = 0.0

    def tell(word: str) -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT_EVERY:
            last = time.monotonic()
            actions.beat(run, done=1, total=STEPS, word=word)

    return tell
