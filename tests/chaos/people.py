"""The people of a run: each at one kind of work, over real pages, until told to pause."""

import random
import struct
import threading
import zlib
from dataclasses import dataclass
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.chaos.browser import Answer, Browser, NoAnswer
from tests.chaos.journal import Journal, Sent, Told

PAUSE = 0.3  # seconds between two acts of one person, at most doubled
AFTER_A_FAULT = 0.3
KILOBYTE = 1024


@dataclass(frozen=True)
class Desk:
    """What everybody shares: where the site is, who writes down, and the marks given so far."""

    site: str
    journal: Journal
    may_work: threading.Event
    is_over: threading.Event
    seed: int

    def browser(self, username: str) -> Browser:
        return Browser(self.site, username)


class Person(threading.Thread):
    """Does one thing after the other; `act` is one of them, with its own page before it."""

    marks = count(1)
    _one_at_a_time = threading.Lock()

    def __init__(self, desk: Desk, name: str):
        super().__init__(name=name, daemon=True)
        self.desk = desk
        self.dice = random.Random(f"{desk.seed} {name}")
        self.is_idle = threading.Event()
        self.trouble: list[str] = []  # what no kill explains

    def run(self):
        while not self.desk.is_over.is_set():
            if not self.desk.may_work.is_set():
                self.is_idle.set()
                self.desk.may_work.wait(0.2)
                continue
            self.is_idle.clear()
            try:
                self.act()
            except NoAnswer:
                self.forget()
                self.desk.is_over.wait(AFTER_A_FAULT)
            except Exception as error:
                self.trouble.append(f"{self.name}: {error!r}")
                self.desk.is_over.wait(AFTER_A_FAULT)
            self.desk.is_over.wait(self.dice.uniform(PAUSE, 2 * PAUSE))
        self.is_idle.set()

    def act(self) -> None:
        raise NotImplementedError

    def forget(self) -> None:
        """After a fault a person loads the page anew and looks at what it says."""

    def mark(self) -> str:
        """Stands in whatever is sent, and in nothing else: by it a write is found again."""
        with self._one_at_a_time:
            return f"[{self.desk.seed}.{next(self.marks)}]"

    def scan(self) -> SimpleUploadedFile:
        """A picture like no other, as scans are."""
        size = self.dice.choice([20, 60, 150, 400, 1500]) * KILOBYTE
        return SimpleUploadedFile(f"quet-{self.dice.getrandbits(32)}.png", picture(self.dice, size))


def note(entry: Sent, answer: Answer, *, is_saved: bool, **more) -> None:
    """What the answer said, from what it looks like to the person."""
    entry.answer = {"status": answer.status, **more}
    if is_saved:
        entry.told = Told.SAVED
    else:
        entry.told = Told.FAULT if answer.status >= 500 else Told.REFUSED


def picture(dice: random.Random, size: int) -> bytes:
    """A PNG of grey noise of about so many bytes."""
    width = 512
    height = max(size // width, 1)
    lines = b"".join(b"\0" + dice.randbytes(width) for _ in range(height))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines, 0)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
