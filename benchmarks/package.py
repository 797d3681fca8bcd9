"""A package with a lot of evidence: how long it takes, and that memory does not grow with it."""

import hashlib
import json
import os
import tracemalloc
from tempfile import TemporaryFile
from time import perf_counter

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from benchmarks.data import load_reference, vinh_bao
from benchmarks.measuring import MEGABYTE, Figure, Memory, benchmark
from evaluations.models import Evaluation, Evidence, Snapshot, StoredFile
from evaluations.snapshots import content_hash, dossier_content
from reports.definitions import REPORTS
from reports.renderers import Stamp, write_zip

SIZES = (10, int(os.environ.get("PACKAGE_MB", "300")))
FILE_SIZE = 10 * MEGABYTE


@benchmark
def package():
    """Hồ sơ đóng gói: thời gian và bộ nhớ khi minh chứng nhiều lên"""
    load_reference()
    evaluation = vinh_bao()
    peaks = []
    for size in SIZES:
        _store(evaluation, size * MEGABYTE)
        seconds, peak = _packed(evaluation)
        peaks.append(peak)
        yield Figure(f"đóng gói {size} MB", seconds)
    yield Memory(f"đóng gói {SIZES[-1]} MB", peaks[-1], f"{SIZES[0]} MB", peaks[0])


def _packed(evaluation: Evaluation) -> tuple[float, int]:
    """Twice: for the time, and with every allocation counted, which takes much longer."""
    report = REPORTS["ho-so-dong-goi"]
    content = json.loads(json.dumps(report.content(evaluation)))
    stamp = Stamp(timezone.now(), content_hash(content), 1)

    def pack():
        with TemporaryFile() as target:
            write_zip(report, content, stamp, lambda word: None, target)

    pack()
    started = perf_counter()
    pack()
    seconds = perf_counter() - started
    tracemalloc.start()
    pack()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return seconds, peak


def _store(evaluation: Evaluation, size: int) -> None:
    """Evidence of that many bytes in all behind the first citation, and a submission with it."""
    cited = (
        Evidence.objects.filter(result__evaluation=evaluation).select_related("document").first()
    )
    held = cited.document.files.count() * FILE_SIZE
    for number in range(held // FILE_SIZE, size // FILE_SIZE):
        content = os.urandom(FILE_SIZE)
        StoredFile.objects.create(
            document=cited.document,
            file=default_storage.save(f"minh-chung/do-{number}", ContentFile(content)),
            original_name=f"minh chứng {number}.pdf",
            content_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=cited.document.created_by,
        )
    said = dossier_content(Evaluation.objects.with_results().get(pk=evaluation.pk))
    Snapshot.objects.create(
        evaluation=evaluation,
        number=evaluation.snapshots.count() + 1,
        content=said,
        sha256=content_hash(said),
        taken_by=cited.document.created_by,
    )
