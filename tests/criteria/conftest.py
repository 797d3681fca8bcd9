"""Both sets as they are published, and the district's one in the database."""

import json
from pathlib import Path

import pytest

from criteria.levels import Threshold
from criteria.loading import load_criteria_set
from criteria.measures import Measure
from criteria.rules import RuledIndicator, rule_of

FIXTURES = Path(__file__).parents[2] / "fixtures" / "criteria"


# A district that reaches level 3 in everything, as `manage.py determine` takes it.
ALL_GOOD = {
    **{code: {"met": True} for code in ("1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1")},
    **{code: {"achieved": 19, "total": 20} for code in ("2.1.1", "2.1.2", "2.2.1", "2.2.2")},
    "2.2.4": {"percent": "95"},
    "2.2.3": {"achieved": 1, "total": 1},
    "3.1.1": {"previous": "3.2", "current": "1.7"},
    "3.1.2": {"parts": [{"percent": "92.5"}, {"achieved": 9, "total": 10}]},
    "3.2.2": {"achieved": 6, "total": 31482},
    "3.2.3": {"percent": 57.3},
}


def fixture_of(code):
    return json.loads((FIXTURES / f"{code}.json").read_text(encoding="utf-8"))


def rule_from(code):
    """The rule of a set straight from its fixture, without a database."""
    data = fixture_of(code)
    return rule_of(
        [
            RuledIndicator(
                item["code"],
                item["short_name"],
                item["role"] == "graded",
                Measure.from_data(item["measure"]),
            )
            for standard in data["standards"]
            for criterion in standard["criteria"]
            for item in criterion["indicators"]
        ],
        [Threshold(**item) for item in data["thresholds"]],
    )


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
