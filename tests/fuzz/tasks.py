"""All families over one world: its people, its rules, its pages."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.test import Client

from criteria.catalogue import level_rule
from criteria.loading import load_criteria_set
from criteria.models import CriteriaSet, PointSet
from criteria.point_loading import load_point_set
from tests.fuzz import engine, filters, forms, numbers, workbooks
from tests.fuzz.asking import House
from tests.fuzz.found import find
from tests.fuzz.running import Task
from tests.fuzz.states import Footprint
from tests.world import make_world


def all_tasks(only: Sequence[str]) -> list[Task]:
    """The tasks of the families wanted; their cases are the same whoever else runs."""
    wanted = {each.partition("/")[0] for each in only}

    def is_wanted(family: str) -> bool:
        return any(family.startswith(each) for each in wanted)

    world = make_world()
    browsers = {"anonymous": Client()}
    for name, user in world.people.items():
        browsers[name] = Client()
        browsers[name].force_login(user)
    cookies = {
        name: {key: morsel.value for key, morsel in browser.cookies.items()}
        for name, browser in browsers.items()
    }
    for data in _fixtures("criteria"):
        load_criteria_set(data, in_use=())
    for data in _fixtures("points"):
        load_point_set(data, in_use=())
    sets = list(CriteriaSet.objects.with_text().with_rule())
    rules = [level_rule(each) for each in sets]
    points = [each.rule for each in PointSet.objects.with_rule()]
    made: list[Task] = []
    if is_wanted("numbers"):
        indicators = [item for rule in rules for item in rule.indicators]
        made += numbers.tasks(indicators, points)
    if is_wanted("determine"):
        made += engine.tasks(rules, [each.code for each in sets])
    if any(map(is_wanted, ("filters", "forms", "workbooks"))):
        found = find(world, browsers)
        house = House(cookies, Footprint())
        if is_wanted("workbooks"):
            made += workbooks.tasks(house, world)
        if is_wanted("filters"):
            made += filters.tasks(house, found)
        if is_wanted("forms"):
            made += forms.tasks(house, found)
    return made


def _fixtures(folder: str) -> Iterator[dict]:
    for path in sorted(Path(settings.BASE_DIR, "fixtures", folder).glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))
