"""A backup with a lot of evidence: its time against a bare copy, and that memory does not grow."""

import hashlib
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import perf_counter

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from benchmarks.data import load_reference, officer_of
from benchmarks.measuring import MEGABYTE, Figure, Memory, benchmark
from evaluations.models import Document, StoredFile
from organisations.models import Organisation
from upkeep.backup.checking import check_archive
from upkeep.backup.encryption import Key
from upkeep.backup.making import make_archive
from upkeep.backup.restoring import restore_archive
from upkeep.integrity import OF_THE_DATA, faults
from upkeep.stored_files import named_files

LEAST, MOST = 10, int(os.environ.get("BACKUP_MB", "300"))
FILE_SIZE = 10 * MEGABYTE
KEY = Key(bytes(32))
Act = Callable[[], object]


@benchmark
def backup():
    """Sao lưu, khôi phục: so với chép tệp thuần túy; bộ nhớ khi minh chứng nhiều lên"""
    load_reference()
    with TemporaryDirectory(dir=settings.VAR_DIR) as folder:
        plain, secret, bare = (Path(folder) / name for name in ("ro.tar", "kin.tar.enc", "tran"))
        acts = {
            "sao lưu": lambda: make_archive(plain, None),
            "sao lưu có mã hóa": lambda: make_archive(secret, KEY),
            "đọc lại bản mã hóa": lambda: check_archive(secret, KEY),
            "kiểm tra toàn vẹn": _verify,
            "khôi phục bản mã hóa": lambda: _restore(secret),
        }
        _store(LEAST)
        least = {name: _peak(act) for name, act in acts.items()}
        _store(MOST)
        bare_seconds = _seconds(lambda: _copy_bare(bare))
        aims = {"sao lưu": 1.5, "sao lưu có mã hóa": 2.0}
        for name, act in acts.items():
            yield Figure(
                f"{name}, {MOST} MB",
                _seconds(act),
                "chép, băm và ghi xuống đĩa",
                bare_seconds,
                aims.get(name),
            )
        for name, act in acts.items():
            yield Memory(f"{name}, {MOST} MB", _peak(act), f"{LEAST} MB", least[name])


def _seconds(act: Act) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


def _peak(act: Act) -> int:
    """Counting every allocation takes much longer."""
    tracemalloc.start()
    act()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def _store(size: int) -> None:
    """So many megabytes of evidence in all, in files of ten."""
    district = Organisation.objects.districts().first()
    document, _ = Document.objects.get_or_create(
        unit=district, summary="Đo sao lưu", defaults={"created_by": officer_of(district)}
    )
    for number in range(document.files.count(), size * MEGABYTE // FILE_SIZE):
        content = os.urandom(FILE_SIZE)
        StoredFile.objects.create(
            document=document,
            file=default_storage.save(f"minh-chung/sao-luu-{number}", ContentFile(content)),
            original_name=f"minh chứng {number}.pdf",
            content_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=document.created_by,
        )


def _copy_bare(target: Path) -> None:
    """What no backup can do without: read, hash, write, and down to the disk."""
    with target.open("wb") as copy:
        for named in named_files():
            digest = hashlib.sha256()
            with default_storage.open(named.path, "rb") as file:
                while piece := file.read(MEGABYTE):
                    digest.update(piece)
                    copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())


def _verify() -> None:
    assert not list(faults(OF_THE_DATA))


def _restore(path: Path) -> None:
    """Into the same installation, emptied first."""
    call_command("flush", verbosity=0, interactive=False)
    rmtree(settings.MEDIA_ROOT)
    restore_archive(path, KEY)
