"""Two clocks at one time, each with every task of the schedule due: nothing is done twice.

The tasks are the schedule's own; `soon` alone makes them due some seconds from now instead of at
night. Both clocks send all of them, and whichever worker is free takes them.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from evaluations.models import Evaluation, Mail, Notice, Reminder
from organisations.models import Session
from reports.models import ReportRun
from tests.chaos.services import NotUp
from tests.machines.site import Site
from upkeep.models import UpkeepRun

NIGHTLY = ("backup", "integrity", "purge")
DONE_WITHIN = 240
BACKUPS = "sao-luu"


def two_at_once(site: Site) -> Iterator[tuple[str, bool]]:
    _make_due()
    _make_overdue()
    runs_before = set(ReportRun.objects.values_list("pk", flat=True))
    ended = _strike(site)
    sent = _sent(site)
    yield f"cả hai bộ hẹn giờ gửi đủ {len(sent)} việc", set(sent.values()) == {2}
    for kind in NIGHTLY:
        statuses = [run.status for run in ended if run.kind == kind]
        yield f"{kind} chạy một lần, không lỗi ({statuses})", statuses == ["clean"]
    archives = [
        path.name
        for computer in site.computers
        for path in (computer.home / "var" / BACKUPS).glob("*.tar")
    ]
    yield f"một bản sao lưu ({len(archives)})", len(archives) == 1
    yield "phiên hết hạn đã được xóa", not Session.objects.filter(session_key="het-han").exists()
    yield from _letters(site)
    told = Counter(Reminder.objects.values_list("recipient", "about", "due_on", "stage"))
    yield f"{len(told)} lời nhắc, mỗi lời một lần", bool(told) and set(told.values()) == {1}
    notices = Notice.objects.filter(kind=Notice.Kind.DUE).count()
    yield f"{notices} dòng trong hộp thư cho {len(told)} lời nhắc", notices == len(told)
    again = set(ReportRun.objects.values_list("pk", flat=True)) - runs_before
    yield "bộ tìm lượt in kẹt không đặt thêm lượt nào", not again


def _letters(site: Site) -> Iterator[tuple[str, bool]]:
    """As they arrived: nobody has two of one subject and one text."""
    arrived: Counter[tuple[str, str, str]] = Counter()
    for path in (site.machine.folder / "thu").iterdir():
        head, _, body = path.read_text().partition("\n\n")
        said = dict(line.split(": ", 1) for line in head.splitlines())
        arrived[said["Đến"], said["Tiêu đề"], body] += 1
    twice = [key[:2] for key, count in arrived.items() if count > 1]
    yield f"{arrived.total()} thư tới nơi, không thư nào hai lần", bool(arrived) and not twice
    sent = Mail.objects.filter(status=Mail.Status.SENT).count()
    yield f"{sent} thư được ghi là đã gửi, bằng số thư tới nơi", sent == arrived.total()


def _make_due() -> None:
    """The self-assessments of all districts fall due in three days; their people have mail."""
    from organisations.models import User

    for person in User.objects.all():
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@thu.example")
    dossier = Evaluation.objects.of_districts().first()
    rounds = type(dossier.pilot_round).objects.filter(pk=dossier.pilot_round_id)
    rounds.update(self_assessment_due_on=timezone.localdate() + timedelta(days=3))


def _make_overdue() -> None:
    past = timezone.now() - timedelta(days=1)
    Session.objects.get_or_create(session_key="het-han", defaults={"expire_date": past})


def _strike(site: Site) -> list[UpkeepRun]:
    """Both clocks anew with all of it due; the upkeep runs that came of it."""
    known = set(UpkeepRun.objects.values_list("pk", flat=True))
    for name in ("worker", "beat"):
        for computer in site.computers:
            site.stop(f"{name} {computer.name}")
    at = str(time.time() + 30)
    os.environ["CLOCKS_STRIKE_AT"] = at
    for computer in site.computers:
        (computer.home / "var" / BACKUPS).mkdir(exist_ok=True)
        for name, app in (("worker", "hocxahoi"), ("beat", "tests.machines.soon")):
            service = site.all[f"{name} {computer.name}"]
            folder = f"BACKUP_DIR={computer.home / 'var' / BACKUPS}"
            command = list(service.command)
            command.insert(command.index("env") + 1 + 1, folder)
            command[command.index("-A") + 1] = app
            service.command = command
            service.start()
    return _ended(known)


def _ended(known: set[int]) -> list[UpkeepRun]:
    """Once each kind has ended and nothing more begins."""
    deadline = time.monotonic() + DONE_WITHIN
    quiet_since = None
    while time.monotonic() < deadline:
        runs = list(UpkeepRun.objects.exclude(pk__in=known))
        waits = Mail.objects.filter(status__in=(Mail.Status.WAITING, Mail.Status.SENDING))
        is_over = {run.kind for run in runs if run.finished_at} == set(NIGHTLY)
        if is_over and all(run.finished_at for run in runs) and not waits.exists():
            quiet_since = quiet_since or time.monotonic()
            if time.monotonic() - quiet_since > 10:  # a second one would have begun by now
                return runs
        else:
            quiet_since = None
        time.sleep(0.5)
    raise NotUp(f"sau {DONE_WITHIN} giây: {[(run.kind, run.status) for run in runs]}")


def _sent(site: Site) -> Counter[str]:
    """By task, how many clocks say that they have sent it at the moment that was agreed."""
    sent: Counter[str] = Counter()
    for computer in site.computers:
        lines = site.all[f"beat {computer.name}"].log.read_text().splitlines()
        sent.update({line.partition("Scheduler: Sending due task ")[2] for line in lines} - {""})
    return sent
