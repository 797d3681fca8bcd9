"""Units, agencies, criteria sets, point sets and the round of 2022; as often as one likes."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from criteria.loading import LoadError as CriteriaLoadError
from criteria.loading import SetInUse, load_criteria_set
from criteria.point_loading import load_point_set
from evaluations.loading import (
    RoundLoadError,
    load_round,
    point_sets_in_use,
    read_round,
    sets_in_use,
)
from organisations.loading import LoadError, load_agencies, load_units

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
# Nghị quyết 872/NQ-UBTVQH14 and 1232/NQ-UBTVQH15: between them the units of the year 2022.
UNITS_FROM, UNITS_TO = date(2020, 2, 1), date(2024, 12, 31)


class Command(BaseCommand):
    help = (
        "Nạp đơn vị, cơ quan, hai bộ tiêu chí, hai biểu điểm và đợt Thí điểm 2022. "
        "Chạy lại không đổi gì thêm."
    )

    @transaction.atomic
    def handle(self, *args, **options):
        try:
            self._load()
        except (LoadError, CriteriaLoadError, SetInUse, RoundLoadError) as error:
            raise CommandError(str(error)) from error

    def _load(self):
        organisations = FIXTURES / "organisations"
        units = load_units(
            organisations / "units-2022.csv", valid_from=UNITS_FROM, valid_to=UNITS_TO
        )
        self.stdout.write(f"Đơn vị hành chính năm 2022: {units}.")
        agencies = load_agencies(organisations / "agencies-2022.csv", valid_from=UNITS_FROM)
        self.stdout.write(f"Cơ quan cấp thành phố: {agencies}.")
        used = sets_in_use()
        for data in _catalogue("criteria"):
            criteria_set = load_criteria_set(data, in_use=used)
            self.stdout.write(f"Bộ tiêu chí: {criteria_set.title}.")
        points_used = point_sets_in_use()
        for data in _catalogue("points"):
            self.stdout.write(f"Biểu điểm: {load_point_set(data, in_use=points_used)}.")
        for path in sorted((FIXTURES / "rounds").glob("*.json")):
            loaded = load_round(read_round(path))
            name = loaded.pilot_round.name
            if loaded.is_new:
                self.stdout.write(f"Đợt {name}: đã mở với {loaded.dossiers} hồ sơ.")
            elif loaded.is_completed:
                self.stdout.write(f"Đợt {name}: đã mở từ trước, nay đã bổ sung phần còn thiếu.")
            else:
                self.stdout.write(f"Đợt {name}: đã mở từ trước, giữ nguyên.")


def _catalogue(folder: str) -> Iterator[dict]:
    for path in sorted((FIXTURES / folder).glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))
