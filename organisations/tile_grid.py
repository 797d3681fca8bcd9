"""The map of tiles: one square for each district, about where it lies."""

import csv
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings


class Place(NamedTuple):
    """Counted from 1, from the top left."""

    name: str  # the short one
    row: int
    column: int


@lru_cache(maxsize=1)
def tile_grid() -> dict[str, Place]:
    """By the code of the district; of 2022, the only year for which there is a map."""
    path = settings.BASE_DIR / "fixtures" / "organisations" / "tile-grid.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Place(row["short_name"], int(row["row"]), int(row["col"]))
            for row in csv.DictReader(file)
        }
