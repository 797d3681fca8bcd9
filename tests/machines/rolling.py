"""Both machines take a new version, one after the other, while eleven people work: nothing is lost.

The order is that of docs/van-hanh/nhieu-may.md. Every request is told by nginx's own log, every
write by the side that sent it (`tests.chaos`), and all of it is looked for afterwards.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.cast import people_at
from tests.chaos.journal import Told
from tests.chaos.machine import ROOT
from tests.chaos.rounds import Run
from tests.chaos.services import PATIENCE, NotUp
from tests.machines.computers import Computer
from tests.machines.site import Site

Held = Iterator[tuple[str, bool]]
DRAINED_AFTER = 3  # seconds; what came before is answered by then, or by the graceful stop
FRESH = "tests.machines.expanding.settings"


@dataclass
class Shift(Run):
    """Looks for files where the store's copy lies."""

    services: Site

    def new_losses(self) -> list[str]:
        self.services.copy_store()
        return super().new_losses()


def under_load(site: Site, dossiers: dict[str, tuple[int, int]], seed: int, seconds: int) -> Held:
    """`seconds` of work lie between two steps."""
    log = site.machine.folder / "nginx" / "access.log"
    before = len(log.read_text().splitlines())
    desk, people, dice = people_at(site.machine, dossiers, seed)
    shift = Shift(site, desk, people, dice)
    for person in people:
        person.start()
    desk.may_work.set()
    started = time.monotonic()
    for what, step in _steps(site):
        time.sleep(seconds)
        held = time.monotonic()
        step()
        yield f"{what} ({time.monotonic() - held:.0f} giây)", True
    time.sleep(seconds)
    worked = time.monotonic() - started
    shift.pause()
    desk.is_over.set()
    yield from _requests(log.read_text().splitlines()[before:], worked)
    yield from _writes(shift)


def _steps(site: Site):
    """As the chapter has them: tables first, then each machine; then each once from cold."""
    yield "bước thêm cột và chỉ mục (expand)", _expand
    for computer in site.computers:
        yield (
            f"{computer.name}: đưa ra khỏi nginx, reload trang, đưa vào",
            lambda at=computer: _apart(site, at, lambda: _reload(site, at)),
        )
        yield (
            f"{computer.name}: khởi động lại tiến trình báo cáo và bộ hẹn giờ",
            lambda at=computer: [site.restart(f"{part} {at.name}") for part in ("worker", "beat")],
        )
    for computer in site.computers:
        yield (
            f"{computer.name}: đưa ra khỏi nginx, tắt hẳn trang, chạy lại, đưa vào",
            lambda at=computer: _apart(site, at, lambda: site.restart(f"web {at.name}")),
        )


def _expand() -> None:
    """A migration like any first step of three, on the table that everybody writes into."""
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "expanding"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": FRESH}
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)


def _reload(site: Site, computer: Computer) -> None:
    """Until other processes serve than before."""
    web = site.all[f"web {computer.name}"]
    old = set(web.children())
    web.send(signal.SIGHUP)
    deadline = time.monotonic() + PATIENCE
    while old & set(web.children()) or not web.children():
        if time.monotonic() > deadline:
            raise NotUp(f"{web.name}:\n{web.last_lines()}")
        time.sleep(0.1)


def _apart(site: Site, computer: Computer, renew: Callable[[], None]) -> None:
    """Nobody is sent to it meanwhile: gunicorn ends its old processes at a reload before the new
    ones have read the application, and whoever comes then waits as long as that takes."""
    site.take_out(computer)
    time.sleep(DRAINED_AFTER)
    renew()
    site.wait_for_web(computer)
    site.take_out(None)


def _requests(lines: list[str], seconds: float) -> Held:
    statuses = Counter(line.split()[0] for line in lines)
    failed = [line for line in lines if line.startswith(("5", "499", "408"))]
    again = sum("," in line for line in lines)
    for line in failed[:10]:
        yield f"yêu cầu hỏng: {line}", False
    said = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    slowest = max((float(line.split()[-3]) for line in lines), default=0)
    yield (
        f"{len(lines)} yêu cầu trong {seconds:.0f} giây ({said}), nginx hỏi lại {again}, "
        f"lâu nhất {slowest:.1f} giây",
        bool(lines) and not failed,
    )


def _writes(shift: Shift) -> Held:
    told = Counter(entry.told for entry in shift.journal.sent)
    silent = told[Told.NOTHING] + told[Told.FAULT]
    kinds = Counter(entry.activity for entry in shift.journal.sent if entry.told == Told.SAVED)
    by_kind = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    yield (
        f"{told.total()} lần ghi: {told[Told.SAVED]} báo lưu ({by_kind}), "
        f"{told[Told.REFUSED]} báo không lưu, {silent} không rõ",
        told[Told.SAVED] > 0 and not silent,
    )
    waited, ended = shift.wait_until_quiet()
    statuses = ", ".join(f"{status} {count}" for status, count in sorted(ended.items()))
    yield f"mọi báo cáo xong sau {waited:.0f} giây: {statuses}", set(ended) == {"ready"}
    losses = shift.new_losses()
    for text in losses[:20]:
        yield f"mất: {text}", False
    yield f"mất {len(losses)} lần ghi đã báo lưu; verify_integrity không thấy lỗi", not losses
