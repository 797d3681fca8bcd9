"""What happens to the machine, and how it is set right again."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.machine import MEGABYTE
from tests.chaos.services import Services

OUTAGE = (0.3, 1.5)  # seconds for which what was killed stays down
FULL_FOR = (1.5, 3.5)


@dataclass(frozen=True)
class Kind:
    """One fault: `strike` at the moment, and all is up again when it returns."""

    name: str
    label: str
    strike: Callable[[Services, random.Random], None]
    is_embedded: bool = False  # SQLite and a queue folder know it too


def _group(name: str) -> Callable[[Services, random.Random], None]:
    """A process with all its children; then it is started again."""

    def strike(services: Services, dice: random.Random) -> None:
        services.all[name].kill()
        time.sleep(dice.uniform(*OUTAGE))
        services.revive(name)

    return strike


def _child(name: str) -> Callable[[Services, random.Random], None]:
    """One child, whose parent notices and starts another."""

    def strike(services: Services, dice: random.Random) -> None:
        children = services.all[name].children()
        if children:
            os.kill(dice.choice(children), signal.SIGKILL)
        time.sleep(dice.uniform(*OUTAGE))

    return strike


def _crash_database(services: Services, dice: random.Random) -> None:
    services.stop_database()
    time.sleep(dice.uniform(*OUTAGE))
    services.revive("postgres")


def _disk(name: str, most_left: float) -> Callable[[Services, random.Random], None]:
    """Full, up to so many megabytes: what is written next breaks off in its middle."""

    def strike(services: Services, dice: random.Random) -> None:
        disk = getattr(services.machine, name)
        disk.fill(left=int(dice.uniform(0, most_left) * MEGABYTE))
        time.sleep(dice.uniform(*FULL_FOR))
        disk.free()
        services.revive()

    return strike


KINDS = (
    Kind("web", "trang web (gunicorn và các tiến trình con)", _group("web"), is_embedded=True),
    Kind("web-child", "một tiến trình web", _child("web"), is_embedded=True),
    Kind("worker", "tiến trình báo cáo và tiến trình con", _group("worker"), is_embedded=True),
    Kind("worker-child", "một tiến trình con của báo cáo", _child("worker")),
    Kind("postgres", "PostgreSQL (dừng tức thì)", _crash_database),
    Kind("redis", "Redis", _group("redis")),
    Kind("disk", "đầy đĩa của tệp", _disk("files", 1.5), is_embedded=True),
    Kind("disk-rows", "đầy đĩa của PostgreSQL", _disk("rows", 0.02)),
)
