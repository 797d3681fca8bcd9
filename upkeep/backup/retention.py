"""Which archives stay, and the taking away of the others: only our own, and only such as are whole.

A rule is a number ("14": the newest fourteen) or days, weeks and months ("7d4w12m": the newest of
each of the last seven days, four weeks and twelve months that have one).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from upkeep.backup.archive import PARTIAL
from upkeep.backup.checking import check_archive
from upkeep.backup.encryption import Key
from upkeep.backup.errors import BackupError

PLAIN, ENCRYPTED = ".tar", ".tar.enc"
STAMP = "%Y%m%d-%H%M%S"
OURS = re.compile(r"hocxahoi-(\d{8}-\d{6})\.tar(?:\.enc)?")
RULE = re.compile(r"(?P<count>\d+)|(?=\d)(?:(?P<d>\d+)d)?(?:(?P<w>\d+)w)?(?:(?P<m>\d+)m)?")
BAD_RULE = "“{}” không phải cách giữ bản sao lưu. Viết số bản (14), hoặc ngày, tuần, tháng (7d4w)."
KEPT_ANYWAY = "bản cũ {} không kiểm tra được nên không xóa: {}"
Period = Callable[[datetime], tuple[Any, ...]]
PERIODS: dict[str, Period] = {
    "d": lambda at: (at.date(),),
    "w": lambda at: at.isocalendar()[:2],
    "m": lambda at: (at.year, at.month),
}


@dataclass(frozen=True)
class Archive:
    """One of ours, by its name: when it was begun."""

    path: Path
    at: datetime

    @property
    def is_encrypted(self) -> bool:
        return self.path.name.endswith(ENCRYPTED)


def name_for(folder: Path, at: datetime, *, is_encrypted: bool) -> Path:
    """A name that no archive of the folder has; the second one of a second waits its turn."""
    ending = ENCRYPTED if is_encrypted else PLAIN
    here = timezone.localtime(at)
    while (path := folder / f"hocxahoi-{here:{STAMP}}{ending}").exists():
        here += timedelta(seconds=1)
    return path


def archives_in(folder: Path) -> list[Archive]:
    """Ours, the newest first."""
    found = [(path, OURS.fullmatch(path.name)) for path in folder.iterdir()]
    named = [(path, name[1]) for path, name in found if name]
    archives = [Archive(path, datetime.strptime(at, STAMP)) for path, at in named]  # noqa: DTZ007
    return sorted(archives, key=lambda archive: archive.at, reverse=True)


def read_rule(rule: str) -> dict[str, int]:
    """How many of each period, or in all; raises BackupError."""
    found = RULE.fullmatch(rule.strip())
    said = found.groupdict() if found else {}
    wanted = {name: int(count) for name, count in said.items() if count}
    if not any(wanted.values()):
        raise BackupError(BAD_RULE.format(rule))
    return wanted


def superfluous(archives: Sequence[Archive], rule: str) -> list[Archive]:
    """Those, of all from the newest on, that the rule does not keep; never the newest.

    By periods, all of the last 24 hours stay as well: whoever saves before and after a repair
    wants both.
    """
    wanted = read_rule(rule)
    kept = set(archives[: wanted.pop("count", 1)])
    if wanted and archives:
        kept |= {each for each in archives if archives[0].at - each.at < timedelta(days=1)}
    for name, count in wanted.items():
        newest: dict[tuple[Any, ...], Archive] = {}
        for archive in archives:
            newest.setdefault(PERIODS[name](archive.at), archive)
        kept |= set(list(newest.values())[:count])
    return [archive for archive in archives if archive not in kept]


def take_away_old(folder: Path, rule: str, key: Key | None) -> Iterator[str]:
    """Deletes what the rule does not keep; a sentence for each that it could not."""
    for archive in superfluous(archives_in(folder), rule):
        try:
            check_archive(archive.path, key if archive.is_encrypted else None)
        except BackupError as error:
            yield KEPT_ANYWAY.format(archive.path.name, error)
        else:
            archive.path.unlink()


def take_away_partial(folder: Path) -> None:
    """What a run that was killed has left; nobody else writes while we hold the folder."""
    for path in folder.iterdir():
        if path.name.endswith(PARTIAL) and OURS.fullmatch(path.name.removesuffix(PARTIAL)):
            path.unlink()
