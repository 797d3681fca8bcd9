"""Both sets as they are published, and the district's one in the database."""

import json
from pathlib import Path

import pytest

from criteria.loading import load_criteria_set

FIXTURES = Path(__file__).parents[2] / "fixtures" / "criteria"


def fixture_of(code):
    return json.loads((FIXTURES / f"{code}.json").read_text(encoding="utf-8"))


@pytest.fixture
def district_data():
    return fixture_of("quan-huyen-2022")


@pytest.fixture
def city_data():
    return fixture_of("thanh-pho-2022")


@pytest.fixture
def district_set(db, district_data):
    return load_criteria_set(district_data, in_use=())


@pytest.fixture
def city_set(db, city_data):
    return load_criteria_set(city_data, in_use=())
