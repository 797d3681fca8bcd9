"""From an empty database to the table: imported once Django knows which one."""

import asyncio
import gc
import os
import platform
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks.load.checking import faults_of
from benchmarks.load.day import Day, Stage
from benchmarks.load.ledger import Ledger
from benchmarks.load.machine import served
from benchmarks.load.officers import PAGES, SAVES
from benchmarks.load.report import heading, limit_line, table, writes_line
from benchmarks.load.world import World, make_world
from benchmarks.serving import free_port

STAFF = 10
LIMIT = 1.0  # seconds
SHOWN_FAULTS = 20


def run(asked: Namespace, folder: Path) -> int:
    """The exit status: 1 where anything was refused that should not be, or is lost."""
    say(heading(platform.python_version(), STAFF))
    world = _prepared(asked.most if asked.find_limit else asked.officers)
    ledger, port = Ledger(), free_port()
    with served(port, folder / "gunicorn.log", os.environ["TEST_REDIS_URL"]) as server:
        alone, stages = asyncio.run(_worked(asked, Day(world, server, port, ledger)))
        faults = [*ledger.faults, *server.faults()]
    faults += faults_of(ledger)
    say(table(stages[0], alone, ledger))
    say([writes_line(ledger)])
    say(f"LỖI {fault}" for fault in faults[:SHOWN_FAULTS])
    say([f"{len(faults)} lỗi" if faults else "Không có lỗi, không mất lần ghi nào."])
    return 1 if faults else 0


def _prepared(officers: int) -> World:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    world = make_world(officers, STAFF)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself within minutes
    connection.close()
    gc.freeze()  # what Django holds is not gone through again while times are taken
    return world


async def _worked(asked: Namespace, day: Day) -> tuple[float, list[Stage]]:
    """How long the empty page takes alone, and what became of each stage."""
    alone = await day.alone()
    plan = [(asked.officers, asked.minutes * 60)]
    if asked.find_limit:
        more = range(asked.officers + asked.step, asked.most + 1, asked.step)
        plan += [(officers, asked.step_seconds) for officers in more]
    return alone, await day.stages(plan, _is_slow)


def _is_slow(stage: Stage) -> bool:
    say([limit_line(stage)])
    return max(stage.worst(PAGES, 95), stage.worst(SAVES, 95)) > LIMIT


def say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
