"""The day itself: people come in one after the other, work, are counted, and go home."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.load.browser import Browser
from benchmarks.load.ledger import Ledger, percentile
from benchmarks.load.machine import Server, Shares
from benchmarks.load.officers import Keeper, Officer
from benchmarks.load.people import EMPTY, Appraiser, Person, Prober
from benchmarks.load.world import Desk, World, addresses
from organisations.models import Organisation

ARRIVING = 0.1  # seconds between two who come in
SETTLING = 15  # seconds until everybody is in the middle of something
EMPTY_TURNS = 40


@dataclass(frozen=True)
class Stage:
    """A time that is counted: how many officers were at work, and what became of it."""

    officers: int
    times: dict[str, list[float]]  # seconds of each request, by kind
    minutes: float
    shares: str

    def worst(self, kinds: tuple[str, ...], share: int) -> float:
        """That percentile of the requests of these kinds together."""
        return percentile([each for kind in kinds for each in self.times.get(kind, ())], share)


class Day:
    def __init__(self, world: World, server: Server, port: int, ledger: Ledger):
        self.world, self.server, self.port, self.ledger = world, server, port, ledger
        self.stop = asyncio.Event()
        self.addresses: Iterator[str] = addresses()
        self.at_work: list[asyncio.Task] = []
        self.officers = 0

    async def stages(
        self, plan: Iterable[tuple[int, float]], is_enough: Callable[[Stage], bool]
    ) -> list[Stage]:
        """One for each count of officers and its seconds, until one of them `is_enough`."""
        found: list[Stage] = []
        await self._come_in(Prober, [self.world.prober])
        await self._come_in(Appraiser, self.world.staff, appraised=self.world.appraised)
        for officers, seconds in plan:
            await self._more_officers(officers)
            await asyncio.sleep(SETTLING)
            found.append(await self._count(seconds))
            if is_enough(found[-1]):
                break
        self.stop.set()
        await asyncio.gather(*self.at_work)
        return found

    async def alone(self) -> float:
        """The empty page while nobody else is there, in seconds."""
        prober = self._person(Prober, self.world.prober, Ledger())
        await prober.sign_in()
        for _ in range(EMPTY_TURNS):
            await prober.get(EMPTY, "/trang-trong/")
        return median(
            each.seconds for each in prober.ledger.samples[-EMPTY_TURNS:] if each.kind == EMPTY
        )

    async def _more_officers(self, count: int) -> None:
        """Those that are missing come in, each with what their desk is for."""
        for desk in self.world.officers[self.officers : count]:
            keeper = desk.kind == Organisation.Kind.COMMUNE
            await self._come_in(Keeper if keeper else Officer, [desk])
        self.officers = count

    async def _come_in(self, make: type[Person], desks: list[Desk], **words) -> None:
        for desk in desks:
            person = self._person(make, desk, self.ledger, **words)
            self.at_work.append(asyncio.create_task(person.work()))
            await asyncio.sleep(ARRIVING)

    def _person(self, make: type[Person], desk: Desk, ledger: Ledger, **words) -> Person:
        browser = Browser(self.port, next(self.addresses))
        return make(desk, browser, ledger, self.stop, **words)

    async def _count(self, seconds: float) -> Stage:
        clock = asyncio.get_running_loop().time
        shares, start = Shares(self.server), clock()
        await asyncio.sleep(seconds)
        end = clock()
        return Stage(
            self.officers, self.ledger.between(start, end), (end - start) / 60, str(shares)
        )
