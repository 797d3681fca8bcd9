"""`python -m tests.chaos [--rounds 100] [--seed 7] [--embedded] [--only web,redis]`.

Prints a line for each round and a table for each kind of fault; exit 1 when anything that was
acknowledged is not there, is there by half, or did not come up again. The same seed gives the
same order of faults and moments; what a request was at when it was struck is the machine's own.
"""

import argparse
import logging
import os
import platform
import signal
import sys
import time

import django

from tests.chaos.machine import Machine

SEED = 7


def main() -> int:
    asked = _arguments()
    signal.signal(signal.SIGTERM, _interrupt)
    machine = Machine(asked.embedded, asked.port)
    ended_well = False
    try:
        machine.furnish()
        django.setup()
        ended_well = _run(asked, machine)
    finally:
        machine.clear_away(keeps=asked.keep or not ended_well)
        if not ended_well:
            _say(f"Nhật ký: {machine.logs}")
    return 0 if ended_well else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--minutes", type=float, default=60, help="không bắt đầu vòng nào sau đó")
    parser.add_argument("--embedded", action="store_true", help="SQLite và thư mục hàng đợi")
    parser.add_argument("--only", default="", help="chỉ các loại này, cách nhau bởi dấu phẩy")
    parser.add_argument("--port", type=int, default=8110, help="ba cổng liền nhau từ đây")
    parser.add_argument("--keep", action="store_true", help="giữ lại nhật ký")
    return parser.parse_args()


def _run(asked: argparse.Namespace, machine: Machine) -> bool:
    from django.utils import timezone

    from tests.chaos.cast import furnish_rows, people_at
    from tests.chaos.kinds import KINDS
    from tests.chaos.rounds import Run
    from tests.chaos.services import NotUp, Services
    from tests.chaos.table import show

    logging.disable(logging.WARNING)  # of this process; the others write into their own logs
    services = Services(machine)
    only = set(filter(None, asked.only.split(",")))
    kinds = [
        kind
        for kind in KINDS
        if (kind.is_embedded or not asked.embedded) and (not only or kind.name in only)
    ]
    disks = {"disk": machine.files, "disk-rows": machine.rows}
    if not_mounted := [k.label for k in kinds if k.name in disks and not disks[k.name].is_mounted]:
        _say(f"Không gắn được đĩa nhỏ (cần quyền root) nên bỏ: {', '.join(not_mounted)}")
        kinds = [k for k in kinds if k.name not in disks or disks[k.name].is_mounted]
    on = timezone.localdate()
    where = "SQLite, thư mục hàng đợi" if asked.embedded else "PostgreSQL, Redis"
    _say(
        f"Ngày {on:%d/%m/%Y}, {os.cpu_count()} lõi, Python {platform.python_version()}, {where}; "
        f"{asked.rounds} vòng, --seed {asked.seed}"
    )
    started = time.monotonic()
    try:
        services.begin_storage()
        dossiers = furnish_rows()
        services.begin_application()
        desk, people, dice = people_at(machine, dossiers, asked.seed)
        run = Run(services, desk, people, dice)
        run.wait_until_served()
        for person in people:
            person.start()
        try:
            _rounds(run, kinds, asked.rounds, started + asked.minutes * 60)
        finally:
            run.desk.is_over.set()
        is_well = _afterwards(run, asked.embedded)
    except NotUp as error:
        _say(f"KHÔNG CHẠY LẠI ĐƯỢC: {error}")
        return False
    finally:
        services.end()
    lost = sum(len(tally.lost) for tally in run.tallies.values())
    _say(show(run, kinds))
    _say(f"{time.monotonic() - started:.0f} giây; mất {lost}; tự chết {services.restarts}")
    return is_well and not lost


def _rounds(run, kinds, count: int, until: float) -> None:
    """Each kind as often as the others, and each moment; in an order that the seed gives."""
    from tests.chaos.rounds import MOMENTS, told_row

    plan = [(kinds[n % len(kinds)], MOMENTS[n // len(kinds) % len(MOMENTS)]) for n in range(count)]
    run.dice.shuffle(plan)
    for number, (kind, moment) in enumerate(plan, start=1):
        if time.monotonic() > until:
            _say(f"Hết giờ sau {number - 1} vòng.")
            return
        before = len(run.tallies[kind.name].lost) if kind.name in run.tallies else 0
        tally = run.round(number, kind, moment)
        sent = ", ".join(map(str, told_row(tally)))
        _say(f"{number:3} {kind.name:12} {moment:9} {tally.recovery[-1]:5.1f} s  [{sent}]")
        for text in tally.lost[before:]:
            _say(f"    MẤT: {text}")


def _afterwards(run, is_embedded: bool) -> bool:
    """Everything ordered ends; then without Redis. True where nothing is amiss."""
    from tests.chaos.browser import NoAnswer
    from tests.chaos.checks import left_over, two_runs_of_pairs
    from tests.chaos.table import show_activities

    _say(show_activities(run.journal))
    seconds, ended = run.wait_until_quiet()
    said = ", ".join(f"{status} {number}" for status, number in sorted(ended.items()))
    _say(f"Mọi lượt in kết thúc sau {seconds:.0f} giây yên: {said}")
    pairs, two = two_runs_of_pairs(run.journal)
    _say(f"Bấm hai lần cùng lúc: {pairs} cặp, {two} thành hai lượt (lượt đầu đã xong trước)")
    try:
        is_well = is_embedded or _without_redis(run)
    except NoAnswer as error:
        _say(f"    KHÔNG TRẢ LỜI: {error}")
        is_well = False
    left = run.new_losses()
    for text in left:
        _say(f"    MẤT: {text}")
    _say(f"Tệp ghi dở không dòng nào nhắc tới: {left_over()} (verify_integrity --remove-orphans)")
    return is_well and not left


def _without_redis(run) -> bool:
    from tests.chaos import away

    services, site = run.services, run.desk.site
    services.all["redis"].kill()
    seen = away.look_at_every_page(site)
    _say(
        f"Không có Redis: {seen.pages} trang của {len(seen.kinds)} loại, chậm nhất "
        f"{seen.slowest:.1f} s, không mở được {len(seen.astray)}"
    )
    for text in seen.astray:
        _say(f"    KHÔNG MỞ ĐƯỢC: {text}")
    orders = [away.order_a_report(site, 0)]
    services.revive("redis")
    services.all["redis"].send(signal.SIGSTOP)  # takes lines, and says nothing
    orders.append(away.order_a_report(site, 1))
    services.all["redis"].send(signal.SIGCONT)
    is_well = not seen.astray
    for order, how in zip(orders, ("không có", "treo"), strict=True):
        _say(f"    Đặt in khi Redis {how}: trả lời sau {order.answered_in:.1f} s: {order.said}")
        built = away.seconds_until_built(order)
        is_well = is_well and built is not None and "chờ" in order.said
        _say(
            f"    Redis chạy lại: xong sau {built:.0f} s, không đặt lại"
            if built
            else "    CHƯA XONG"
        )
    return is_well


def _interrupt(number, frame):
    raise KeyboardInterrupt


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
