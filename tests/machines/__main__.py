"""`python -m tests.machines [shared clocks rolling]`: all three, or those that are named.

Prints a line for each thing that must hold; exit 1 where one does not.
"""

import argparse
import logging
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator

import django

from tests.machines.site import Place, Site

PARTS = ("shared", "clocks", "rolling")
SEED = 11


def main() -> int:
    asked = _arguments()
    signal.signal(signal.SIGTERM, _interrupt)
    place = Place(asked.port)
    ended_well = False
    try:
        place.furnish()
        django.setup()
        ended_well = _run(asked, place)
    finally:
        place.clear_away(keeps=asked.keep or not ended_well)
        if not ended_well:
            _say(f"Nhật ký: {place.logs}")
    return 0 if ended_well else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.machines")
    parser.add_argument("parts", nargs="*", metavar="phần", help=", ".join(PARTS))
    parser.add_argument("--port", type=int, default=8210, help="tám cổng liền nhau từ đây")
    parser.add_argument("--seconds", type=int, default=10, help="giữa hai bước của khởi động lại")
    parser.add_argument("--keep", action="store_true", help="giữ lại nhật ký")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"không có phần {', '.join(sorted(unknown))}")
    return asked


def _run(asked: argparse.Namespace, place: Place) -> bool:
    from tests.chaos.cast import furnish_rows
    from tests.chaos.services import NotUp

    logging.disable(logging.WARNING)  # of this process; the others write into their own logs
    site = Site(place)
    apart = "hai không gian mạng" if place.computers.is_apart else "hai địa chỉ loopback"
    _say(f"{os.cpu_count()} lõi, Python {platform.python_version()}, {apart}")
    started = time.monotonic()
    broken = 0
    try:
        site.begin_storage()
        dossiers = furnish_rows()
        site.begin_application()
        for part in asked.parts or PARTS:
            _say(f"{part}:")
            for what, held in _part(part, asked, site, dossiers):
                _say(f"  {'có   ' if held else 'KHÔNG'} {what}")
                broken += not held
    except NotUp as error:
        _say(f"KHÔNG CHẠY ĐƯỢC: {error}")
        return False
    finally:
        site.end()
    _say(f"{time.monotonic() - started:.0f} giây; {broken} điều không đúng")
    return not broken


def _part(
    part: str, asked: argparse.Namespace, site: Site, dossiers: dict[str, tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    from tests.machines import clocks, rolling, shared

    if part == "shared":
        yield from shared.everything(site, dossiers)
    elif part == "clocks":
        yield from clocks.two_at_once(site)
    else:
        yield from rolling.under_load(site, dossiers, SEED, asked.seconds)


def _interrupt(number, frame):
    raise KeyboardInterrupt


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
