"""Practice agencies of the participating districts: a list of its own, in the district's words.

Names come from patterns (`fixtures/demo/agencies.json`) and from the real communes. Every code
carries TH (tập huấn), so that wherever a unit stands its code says that it is practice data.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings

from organisations.models import Organisation

PATH = Path("fixtures") / "demo" / "agencies.json"
Kind = Organisation.Kind
# The party's committee and the youth union are named after the kind of district.
COMMITTEES = {"quận": "Quận ủy", "huyện": "Huyện ủy"}
YOUTH_UNIONS = {"quận": "Quận đoàn", "huyện": "Huyện đoàn"}
TOWN = "thị trấn"
MARK = "-TH"


def make_agencies(districts: list[Organisation]) -> int:
    """Agencies for every district of the file; those that are there already stay as they are."""
    data = json.loads((settings.BASE_DIR / PATH).read_text(encoding="utf-8"))
    before = practice_agencies().count()
    agencies = [
        _agency(district, number, named)
        for district in districts
        for number, named in enumerate(_named(district, data), start=1)
    ]
    Organisation.objects.bulk_create(agencies, ignore_conflicts=True, batch_size=200)
    return practice_agencies().count() - before


def practice_agencies():
    """Every unit that was made up for practice; the communes are the real ones."""
    return Organisation.objects.filter(kind=Kind.AGENCY, code__contains=MARK)


def _named(district: Organisation, data: Mapping) -> Iterator[dict[str, str]]:
    wanted = data["districts"][district.code]
    words = {
        "district": district.name_in_sentence,
        "committee": f"{COMMITTEES[district.type]} {district.bare_name}",
        "youth": f"{YOUTH_UNIONS[district.type]} {district.bare_name}",
    }
    for pattern in data["offices"]:
        if pattern.get("of", district.type) == district.type and district.code not in pattern.get(
            "not_in", ()
        ):
            yield _filled(pattern, words)
    yield from _schools(district, data["schools"], wanted["schools"])
    for pattern in data["of_the_state"][: wanted["of_the_state"]]:
        yield _filled(pattern, words)


def _schools(district: Organisation, patterns: list[dict], count: int) -> Iterator[dict[str, str]]:
    """One for each commune in turn, then a second of another kind: no name comes twice."""
    communes = list(
        district.children.in_force(district.valid_from).filter(kind=Kind.COMMUNE).order_by("code")
    )
    for number in range(count):
        turn, place = divmod(number, len(communes))
        commune = communes[place]
        pattern = patterns[(place + turn) % len(patterns)]
        name = commune.name if commune.type == TOWN else commune.bare_name
        yield _filled(pattern, {"commune": name})


def _filled(pattern: Mapping, words: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": pattern["name"].format(**words),
        "short_name": pattern.get("short_name", "").format(**words),
        "type": pattern["type"],
    }


def _agency(district: Organisation, number: int, named: Mapping[str, str]) -> Organisation:
    agency = Organisation(
        code=f"{district.code}{MARK}{number:02d}",
        kind=Kind.AGENCY,
        parent=district,
        valid_from=district.valid_from,
        valid_to=district.valid_to,
        issuer_name=named["name"],
        place=district.place,
        **named,
    )
    agency.search = agency.computed_search()
    return agency
