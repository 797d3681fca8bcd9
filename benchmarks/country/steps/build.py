"""The two databases: one city as it is demonstrated, with five years behind it; and the country.

The country's is a copy of the city's with the other provinces beside it, so that an address leads
to the same thing in both. A province is one transaction: who is interrupted goes on after the last.
"""

import sys
from datetime import UTC, date, datetime
from time import perf_counter

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.country.copying import Tables, stray_rows
from benchmarks.country.pattern import pattern
from benchmarks.country.switching import CITY, COUNTRY, Places
from benchmarks.country.units import (
    PROVINCES,
    Sizes,
    existing_province,
    make_province,
    sign_in,
    sizes_of_others,
)
from benchmarks.country.years import YEARS, write_year
from evaluations.models import PilotRound
from organisations.models import Organisation, SignInEvent, User

TODAY = date(2026, 11, 22)


class NotWhole(Exception):
    """A foreign key leads nowhere: the generator no longer fits the models."""


def run(places: Places) -> int:
    """Whatever of the two databases is not there yet."""
    if _create(places.names[CITY]):
        say("thành phố: bộ tiêu chí, đợt tập huấn, năm năm")
    with places.at(CITY):
        call_command("migrate", verbosity=0)
        _build_city()
    places.close()
    if _create(places.names[COUNTRY], template=places.names[CITY]):
        say("cả nước: chép từ thành phố")
    with places.at(COUNTRY):
        call_command("migrate", verbosity=0)
        _build_others()
        _settle()
    with places.at(CITY):
        _settle()
    return 0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _create(name: str, template: str = "template0") -> bool:
    """Whether it was made now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return False
        quote = connection.ops.quote_name
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)}")
    return True


def _build_city() -> None:
    """The practice round as the browser tests look at it, and the years before."""
    from tests.e2e.test_pages import practice_with_traces

    if not PilotRound.objects.filter(is_practice=True).exists():
        practice_with_traces(TODAY)
    city = PilotRound.objects.get(is_practice=True).evaluations.of_cities().get().unit
    province = existing_province(city)
    if not SignInEvent.objects.exists():
        with transaction.atomic():
            _sign_everybody_in()
    if not PilotRound.objects.filter(name=f"{city.name}, năm {YEARS[-1]}").exists():
        with transaction.atomic():
            _write_years(province)


def _sign_everybody_in() -> None:
    """As often as those of the other provinces: an empty log asks a query less than any other."""
    tables = Tables(_moment())
    for person in User.objects.values_list("pk", flat=True):
        sign_in(tables, person)
    tables.write()


def _build_others() -> None:
    city = PilotRound.objects.get(is_practice=True).evaluations.of_cities().get().unit
    for number, sizes in enumerate(sizes_of_others(existing_province(city)), start=2):
        if not Organisation.objects.filter(code=f"t{number:02d}").exists():
            started = perf_counter()
            with transaction.atomic():
                written = _build_province(number, sizes)
            say(f"tỉnh {number}/{PROVINCES}: {written} dòng, {perf_counter() - started:.1f} s")


def _build_province(number: int, sizes: Sizes) -> int:
    tables = Tables(_moment())
    province = make_province(tables, number, sizes)
    return tables.write() + _write_years(province)


def _write_years(province) -> int:
    found, written = pattern(), 0
    for year in YEARS:
        tables = Tables(_moment())
        write_year(tables, found, province, year)
        written += tables.write()
    return written


def _moment() -> datetime:
    return datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def _settle() -> None:
    """Every key leads somewhere, and the database knows how much it holds."""
    if stray := stray_rows():
        raise NotWhole("\n".join(stray))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
