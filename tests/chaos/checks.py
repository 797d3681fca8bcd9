"""What must hold after every kill: all that was acknowledged is there, nothing by half.

Each check gives a sentence for each loss. The rows are read past the application's pages, the
files past its storage.
"""

import hashlib
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from pypdf import PdfReader

from evaluations.models import (
    Decision,
    Document,
    Event,
    Evidence,
    IndicatorResult,
    StoredFile,
)
from reports.models import ReportRun
from tests.chaos.journal import Activity, Journal, Sent, Told
from upkeep.stored_files import stored_names, unnamed

ENDED_AFTER = 240  # seconds in which a run ends, or says why it waits


def losses(journal: Journal, looked_at: set[int]) -> Iterator[str]:
    """Everything at once; `looked_at` remembers the printed files already opened."""
    yield from missing(journal)
    yield from _twins(journal.of(Activity.REPORT))
    yield from _files(looked_at)
    yield from _integrity()


def missing(journal: Journal) -> Iterator[str]:
    """What was acknowledged and is not there, and what is there by half."""
    yield from _autosaves(journal.of(Activity.AUTOSAVE))
    yield from _uploads(journal.of(Activity.UPLOAD))
    yield from _steps(journal.of(Activity.STEP))
    yield from _decisions(journal.of(Activity.DECISION))
    yield from _orders(journal.of(Activity.REPORT))


def _autosaves(sent: list[Sent]) -> Iterator[str]:
    """What stands in a field is what was saved last there, or what was sent after it in doubt."""
    fields: dict[tuple, list[Sent]] = defaultdict(list)
    for entry in sent:
        fields[entry.what["dossier"], entry.what["code"], entry.what["name"]].append(entry)
    rows = {
        (row.evaluation_id, row.indicator.code): row
        for row in IndicatorResult.objects.filter(
            evaluation__in={dossier for dossier, _, _ in fields}
        ).select_related("indicator")
    }
    told = _last_told_figures({dossier for dossier, _, _ in fields})
    for (dossier, code, name), entries in fields.items():
        row = rows[dossier, code]
        is_figure = name == "achieved"
        value = row.typed.get(name, "") if is_figure else getattr(row, name)
        saved = [n for n, entry in enumerate(entries) if entry.told == Told.SAVED]
        last = saved[-1] if saved else 0
        if name == "reply" and not value:  # asked anew, the old answer is in the snapshot
            continue
        if saved and value not in {entry.what["text"] for entry in entries[last:]}:
            text = entries[last].what["text"]
            yield f"hồ sơ {dossier}, {code}, {name}: có “{value}”, đã báo lưu “{text}”"
        said = told.get((dossier, code))
        if is_figure and saved and said != value:
            yield f"hồ sơ {dossier}, {code}: số liệu {value}, quá trình ghi {said}"


def _last_told_figures(dossiers: set[int]) -> dict[tuple[int, str], str]:
    told = {}
    for event in Event.objects.filter(evaluation__in=dossiers, kind="figures").order_by("pk"):
        if change := event.detail["changes"].get("achieved"):
            told[event.evaluation_id, event.detail["indicator"]] = change["new"]
    return told


def _uploads(sent: list[Sent]) -> Iterator[str]:
    """A file that was said to be stored lies there byte for byte, cited, and told of; one that
    was refused in words is nowhere."""
    kept = {
        (file.document.unit_id, file.sha256): file
        for file in StoredFile.objects.select_related("document")
    }
    cited = set(
        Evidence.objects.values_list("document", "result__evaluation", "result__indicator__code")
    )
    events = Event.objects.filter(kind="evidence-added")
    told = {(e.evaluation_id, e.detail["indicator"], e.detail["document"]) for e in events}
    for entry in sent:
        what = entry.what
        file = kept.get((what["unit"], what["sha256"]))
        if file is None:
            if entry.told == Told.SAVED:
                yield f"tệp {what['number']} đã báo lưu, không có trong kho"
            continue
        if entry.told == Told.REFUSED:
            yield f"tệp {what['number']} đã báo không lưu, lại có trong kho"
        if (file.document_id, what["dossier"], what["code"]) not in cited:
            yield f"tệp {what['number']} có trong kho, không là minh chứng của {what['code']}"
        if (what["dossier"], what["code"], file.document_id) not in told:
            yield f"tệp {what['number']} có trong kho, quá trình không ghi"
        if _digest(file.file.name) != what["sha256"]:
            yield f"tệp {what['number']} trên đĩa khác tệp đã gửi"
    for document in Document.objects.filter(files__isnull=True):
        yield f"văn bản {document.pk} không có tệp nào"


def _steps(sent: list[Sent]) -> Iterator[str]:
    """A step that was said to be taken stands in the trail, once; others once or not at all.

    Pressed again after no answer, a step that had been taken is answered as taken.
    """
    notes = list(Event.objects.exclude(note="").values_list("kind", "note"))
    before: dict[tuple, Sent] = {}
    for entry in sent:
        what = entry.what
        count = sum(kind == what["step"] and what["mark"] in note for kind, note in notes)
        earlier = before.get((what["dossier"], what["step"]))
        is_again = earlier is not None and earlier.told in (Told.NOTHING, Told.FAULT)
        if count > 1 or (count == 0 and entry.told == Told.SAVED and not is_again):
            step = f"bước {what['step']} {what['mark']} của hồ sơ {what['dossier']}"
            yield f"{step}: {count} dòng trong quá trình"
        before[what["dossier"], what["step"]] = entry


def _decisions(sent: list[Sent]) -> Iterator[str]:
    """Whole or not at all: the paper, its scan, a line and a step for each dossier."""
    rows = {d.number: d for d in Decision.objects.prefetch_related("lines")}
    events = defaultdict(dict)
    for event in Event.objects.filter(kind__in=["recognise-anew", "decline-anew"]):
        events[event.detail["decision"]][event.evaluation_id] = event.detail["level"]
    for entry in sent:
        what = entry.what
        decision = rows.get(what["number"])
        if decision is None:
            if entry.told == Told.SAVED:
                yield f"quyết định {what['number']} đã báo ghi, không có"
            continue
        lines = {line.evaluation_id: line.level for line in decision.lines.all()}
        if lines != what["levels"] or events[decision.pk] != what["levels"]:
            yield f"quyết định {what['number']} ghi dở: {lines}, quá trình {events[decision.pk]}"
        if _digest(decision.file.name) != what["sha256"]:
            yield f"bản quét quyết định {what['number']} khác tệp đã gửi"


def _orders(sent: list[Sent]) -> Iterator[str]:
    """Every order that was taken has its run; whatever ended says how."""
    runs = {run.pk: run for run in ReportRun.objects.defer("content")}
    now = timezone.now()
    for entry in sent:
        number = entry.answer.get("run")
        if entry.told == Told.SAVED and number not in runs:
            yield f"lượt in {number} đã báo nhận, không có"
    for run in runs.values():
        if run.is_failed and not run.error:
            yield f"lượt in {run.pk} không dựng được mà không nói vì sao"
        waited = (now - run.requested_at).total_seconds()
        if run.is_active and waited > ENDED_AFTER and not run.is_stuck:
            yield f"lượt in {run.pk} {run.status} đã {waited:.0f} giây mà không nói gì"


def _twins(sent: list[Sent]) -> Iterator[str]:
    """Two clicks at one moment: one run, or the first had ended before the second was taken."""
    pairs: dict[str, list[int]] = defaultdict(list)
    for entry in sent:
        if entry.what["pair"] and entry.told == Told.SAVED:
            pairs[entry.what["pair"]].append(entry.answer["run"])
    for first, second in (sorted(set(runs)) for runs in pairs.values() if len(set(runs)) == 2):
        runs = ReportRun.objects.defer("content").in_bulk([first, second])
        ended = runs[first].finished_at
        if ended is None or ended > runs[second].requested_at:
            yield f"hai lần bấm cùng lúc thành hai lượt in cùng chạy: {first}, {second}"


def two_runs_of_pairs(journal: Journal) -> tuple[int, int]:
    """How many pairs of clicks were both taken, and how many of them became two runs."""
    pairs: dict[str, list[int]] = defaultdict(list)
    for entry in journal.of(Activity.REPORT):
        if entry.what["pair"] and entry.told == Told.SAVED:
            pairs[entry.what["pair"]].append(entry.answer["run"])
    both = [runs for runs in pairs.values() if len(runs) == 2]
    return len(both), sum(runs[0] != runs[1] for runs in both)


def _files(looked_at: set[int]) -> Iterator[str]:
    """Every printed file opens and is what its run says."""
    for run in ReportRun.objects.filter(status="ready").exclude(pk__in=looked_at).defer("content"):
        looked_at.add(run.pk)
        path = Path(settings.MEDIA_ROOT) / run.file.name
        if not path.exists():
            yield f"tệp của lượt in {run.pk} không có trên đĩa"
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != run.sha256:
            yield f"tệp của lượt in {run.pk} khác mã băm của nó"
        elif not _opens(run.file_type, data):
            yield f"tệp của lượt in {run.pk} không mở được"


def _opens(file_type: str, data: bytes) -> bool:
    if file_type in ("pdf", "pdfa"):
        return len(PdfReader(io.BytesIO(data), strict=True).pages) > 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.testzip() is None


def _integrity() -> Iterator[str]:
    """`verify_integrity`, with all that it says."""
    said, errors = io.StringIO(), io.StringIO()
    try:
        call_command("verify_integrity", stdout=said, stderr=errors)
    except CommandError as error:
        yield f"verify_integrity: {error}"
        yield from (f"verify_integrity: {line}" for line in errors.getvalue().splitlines())


def _digest(name: str) -> str:
    path = Path(settings.MEDIA_ROOT) / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "không có"


def left_over() -> int:
    """Files that no row names: begun, and their writer was killed before it said so."""
    return len(unnamed(list(stored_names())))
