"""Every page as everybody who may open it, at both sizes."""

import os

from django.core.management import call_command

from benchmarks.country.comparing import compare
from benchmarks.country.findings import Compared, keep, worst_first
from benchmarks.country.steps.build import say
from benchmarks.country.switching import CITY, COUNTRY, Places
from benchmarks.country.visits import browser_of, opener, visits


def run(places: Places) -> int:
    call_command("collectstatic", interactive=False, verbosity=0)
    with places.at(CITY):
        found = visits()
    only = os.environ.get("COUNTRY_ONLY", "")
    browsers, rows = {}, []
    for visit in found:
        if only not in f"{visit.person} {visit.url_name}":
            continue
        for place in (CITY, COUNTRY):
            with places.at(place):
                if (place, visit.person) not in browsers:
                    browsers[place, visit.person] = browser_of(visit.person)
        calls = {
            place: opener(browsers[place, visit.person], visit.url) for place in (CITY, COUNTRY)
        }
        row = compare(places, calls, group=visit.person, name=visit.url_name, what=visit.url)
        rows.append(row)
        keep("pages", rows)
        if not row.is_met:
            say(line_of(row))
    say(f"\n{len(rows)} trang; chưa đạt {sum(not row.is_met for row in rows)}")
    for row in worst_first(rows)[:40]:
        say(line_of(row))
    return sum(not row.is_met for row in rows)


def line_of(row: Compared) -> str:
    return (
        f"{row.times:6.2f} ×  {row.city_seconds * 1000:7.1f} → {row.country_seconds * 1000:8.1f} ms"
        f"  {row.city_queries:3d} → {row.country_queries:3d}  {row.group} {row.name} {row.what}"
    )
