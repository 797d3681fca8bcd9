"""Which office the published text names as the lead of an indicator (cơ quan chủ trì).

The text spells one office in several ways ("Cục Thống kê", "Cục Thống kê thành phố"); which
spelling is whose is data, in `agencies-2022.csv`. A name that stands there nowhere is nobody's:
it is not guessed at, and the indicator waits to be assigned.
"""

import csv
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.conf import settings

from criteria.models import Indicator
from evaluations.models import Evaluation
from organisations.models import Organisation
from organisations.text import nfc


@lru_cache(maxsize=1)
def spellings() -> dict[str, str]:
    """The published spelling of each office → its code."""
    path = settings.BASE_DIR / "fixtures" / "organisations" / "agencies-2022.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            nfc(spelling).strip(): row["code"]
            for row in csv.DictReader(file)
            for spelling in row["spellings_in_source"].split("|")
        }


def published_leads(indicators: Iterable[Indicator], on: date) -> dict[int, Organisation]:
    """By the key of an indicator the agency of that day that its text names; one query."""
    codes = spellings()
    wanted = {each.pk: codes.get(nfc(each.lead).strip()) for each in indicators}
    agencies = Organisation.objects.in_force(on).filter(
        kind=Organisation.Kind.AGENCY, code__in=[code for code in wanted.values() if code]
    )
    by_code = {agency.code: agency for agency in agencies}
    return {pk: by_code[code] for pk, code in wanted.items() if code in by_code}


def possible_leads(evaluation: Evaluation):
    """The agencies that may lead an indicator of this city's dossier: the city's of that year."""
    agencies = Organisation.objects.filter(kind=Organisation.Kind.AGENCY, parent=evaluation.unit_id)
    return agencies.in_force(date(evaluation.pilot_round.year, 12, 31)).order_by("name")
