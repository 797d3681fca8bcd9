"""Which register a command is about."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date

from django.core.management.base import CommandError

from evaluations.grid import owners_of
from evaluations.models import PilotRound
from evaluations.workbook.register import Register, load_register


def add_register_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--round", type=int, required=True, metavar="ID", dest="round_pk")
    parser.add_argument("--unit", required=True, metavar="CODE", help="mã quận, huyện, thành phố")
    parser.add_argument("--year", type=int, metavar="Y", help="năm của đợt, hoặc năm trước")


def register_of(options: Mapping) -> Register:
    """Raises CommandError with a sentence that says what is there instead."""
    pilot_round = PilotRound.objects.opened().filter(pk=options["round_pk"]).first()
    if pilot_round is None:
        known = ", ".join(f"{each.pk} ({each.name})" for each in PilotRound.objects.opened())
        raise CommandError(f"Không có đợt số {options['round_pk']} đang mở. Đang có: {known}.")
    # Codes come back in later periods: the round's year says which unit is meant.
    owners = owners_of(pilot_round).in_force(date(pilot_round.year, 12, 31))
    owner = owners.filter(code=options["unit"]).first()
    if owner is None:
        known = ", ".join(owners.order_by("code").values_list("code", flat=True))
        raise CommandError(f"Đợt này không có danh sách của mã “{options['unit']}”; có: {known}.")
    year = options["year"] or pilot_round.year
    if year not in (pilot_round.year, pilot_round.year - 1):
        raise CommandError(f"Đợt này có năm {pilot_round.year} và {pilot_round.year - 1}.")
    register = load_register(pilot_round, owner, year)
    if not register.layouts:
        raise CommandError("Đợt này chưa có biểu điểm nên chưa có mẫu kết quả.")
    return register
