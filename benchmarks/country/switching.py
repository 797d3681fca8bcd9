"""Two databases and one process: whichever was asked for last is the default one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.utils import load_backend

CITY, COUNTRY = "city", "country"


class Places:
    """The database of one city and that of the country, each with a connection that stays."""

    def __init__(self, city: str, country: str):
        self.names = {CITY: city, COUNTRY: country}
        self._wrappers = {}
        for place, name in self.names.items():
            settings = connections["default"].settings_dict | {"NAME": name}
            backend = load_backend(settings["ENGINE"])
            self._wrappers[place] = backend.DatabaseWrapper(settings, "default")

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        before = connections["default"]
        connections["default"] = self._wrappers[place]
        try:
            yield
        finally:
            connections["default"] = before

    def close(self) -> None:
        for wrapper in self._wrappers.values():
            wrapper.close()
