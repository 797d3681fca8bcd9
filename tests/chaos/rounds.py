"""One round: people at work, something is struck at a moment of theirs, all is looked at."""

import random
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import connection

from reports.models import ReportRun
from tests.chaos.checks import losses
from tests.chaos.journal import Activity, Journal, Told
from tests.chaos.kinds import Kind
from tests.chaos.people import Desk, Person
from tests.chaos.services import PATIENCE, NotUp, Services

BUILDING = "building"
MOMENTS = (*Activity, BUILDING)
ALL_AT_WORK = (0.3, 0.9)  # seconds before the moment is waited for
INTO_IT = 0.12  # seconds into a request at most
INTO_A_BUILD = 1.5
AFTERWARDS = (0.5, 1.0)
STOPS_WITHIN = 60
QUIET_WITHIN = 240  # seconds until nothing is under way any more, once nothing is killed


@dataclass
class Tally:
    """What is told of the rounds of one kind."""

    rounds: int = 0
    in_flight: int = 0
    told: Counter = field(default_factory=Counter)
    recovery: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass
class Run:
    """All rounds over the same people and rows; what is lost in one is told once."""

    services: Services
    desk: Desk
    people: Sequence[Person]
    dice: random.Random
    tallies: dict[str, Tally] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    looked_at: set[int] = field(default_factory=set)

    @property
    def journal(self) -> Journal:
        return self.desk.journal

    def round(self, number: int, kind: Kind, moment: str) -> Tally:
        tally = self.tallies.setdefault(kind.name, Tally())
        tally.rounds += 1
        self.journal.round = number
        first = len(self.journal.sent)
        self.desk.may_work.set()
        time.sleep(self.dice.uniform(*ALL_AT_WORK))
        self._wait_for(moment)
        tally.in_flight += self.journal.under_way()
        struck = time.monotonic()
        kind.strike(self.services, self.dice)
        self.wait_until_served()
        tally.recovery.append(time.monotonic() - struck)
        time.sleep(self.dice.uniform(*AFTERWARDS))
        self.pause()
        tally.lost += self.new_losses()
        tally.told.update(entry.told for entry in self.journal.sent[first:])
        return tally

    def pause(self) -> None:
        """Nobody is at anything afterwards; whoever was has got an answer or none."""
        self.desk.may_work.clear()
        for person in self.people:
            if not person.is_idle.wait(STOPS_WITHIN):
                raise NotUp(f"{person.name} chờ trả lời quá {STOPS_WITHIN} giây")

    def new_losses(self) -> list[str]:
        connection.close()  # the server at its other end may be another by now
        found = [text for text in losses(self.journal, self.looked_at) if text not in self.known]
        for person in self.people:
            found += [text for text in person.trouble if text not in self.known]
        self.known.update(found)
        return found

    def wait_until_served(self) -> None:
        """Until the site says that its database answers; what died meanwhile is started again."""
        address = f"{self.desk.site}/readyz"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError):
                try:
                    answer = urllib.request.urlopen(address, timeout=5).read()
                except urllib.error.HTTPError as error:  # 503: says what is away
                    answer = error.read()
                if b'"database": "ok"' in answer:
                    return
            self.services.revive()
            time.sleep(0.2)
        raise NotUp(f"trang web chưa chạy lại sau {PATIENCE} giây")

    def wait_until_quiet(self) -> tuple[float, Counter]:
        """Seconds until every ordered report had ended, and how they ended."""
        started = time.monotonic()
        while time.monotonic() - started < QUIET_WITHIN:
            self.services.revive()
            if not ReportRun.objects.active().exists():
                break
            time.sleep(1)
        else:
            left = ReportRun.objects.active().values_list("pk", "status", "attempts", "sent_at")
            raise NotUp(f"lượt in chưa xong sau {QUIET_WITHIN} giây: {list(left)}")
        ended = Counter(ReportRun.objects.values_list("status", flat=True))
        return time.monotonic() - started, ended

    def _wait_for(self, moment: str) -> None:
        """Until somebody is at it, and then a little into it."""
        if moment != BUILDING:
            self.journal.wait_for(Activity(moment), 10)
            time.sleep(self.dice.uniform(0, INTO_IT))
            return
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if ReportRun.objects.filter(status="running").exists():
                time.sleep(self.dice.uniform(0, INTO_A_BUILD))
                return
            time.sleep(0.05)


def told_row(tally: Tally) -> tuple[int, int, int, int]:
    """Sent, said to be saved, refused in words, without a word of it."""
    told = tally.told
    unsaid = told[Told.FAULT] + told[Told.NOTHING]
    return told.total(), told[Told.SAVED], told[Told.REFUSED], unsaid
