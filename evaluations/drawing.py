"""Drawing units for an inspection (rút thăm) so that anybody can redo it by hand.

Beside every unit of a list stands SHA-256 of "seed:code", in hexadecimal; the list is put in the
order of these and the first n are drawn. Nothing else plays a part: not the order of the list, not
the names, not a random generator that the next version of Python could change.
"""

from collections.abc import Iterable
from hashlib import sha256
from secrets import randbelow

SEED_DIGITS = 8


def sort_key(seed: str, code: str) -> str:
    """What stands beside a unit: the same as `printf '%s' 'seed:code' | sha256sum`."""
    return sha256(f"{seed}:{code}".encode()).hexdigest()


def in_drawn_order(codes: Iterable[str], seed: str) -> list[str]:
    """Each code once, in the order in which this seed draws them."""
    return sorted(set(codes), key=lambda code: (sort_key(seed, code), code))


def draw(codes: Iterable[str], wanted: int, seed: str) -> list[str]:
    """The first `wanted` of them; all of them where there are no more."""
    return in_drawn_order(codes, seed)[: max(wanted, 0)]


def random_seed() -> str:
    """Eight digits that nobody chose, the first of them not nought: a spreadsheet drops that."""
    lowest = 10 ** (SEED_DIGITS - 1)
    return str(lowest + randbelow(9 * lowest))
