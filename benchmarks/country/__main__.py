"""`make country`: build the two databases, open every page, freeze every report, explain, say.

`make country ARGS="build pages"` takes those steps alone. COUNTRY_DATABASE_URL names the country's
database on a PostgreSQL server where it may be made; the city's is called the same with `_city`.
"""

import importlib
import logging
import os
import sys
from tempfile import gettempdir
from urllib.parse import urlsplit

import django

from benchmarks.environment import set_environment

STEPS = ("build", "pages", "reports", "explain", "memory", "tell")


def main(wanted: list[str]) -> int:
    url = urlsplit(os.environ["COUNTRY_DATABASE_URL"])
    country = url.path.lstrip("/")
    folder = os.environ.get("COUNTRY_FOLDER", f"{gettempdir()}/hocxahoi-{country}")
    os.environ["DATABASE_URL"] = url._replace(path="/postgres").geturl()
    set_environment(folder)
    django.setup()
    logging.disable(logging.INFO)
    from benchmarks.country.switching import Places

    places = Places(f"{country}_city", country)
    missed = 0
    for step in wanted or STEPS:
        missed += importlib.import_module(f"benchmarks.country.steps.{step}").run(places)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
