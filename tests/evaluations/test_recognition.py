"""Which level stands for a dossier, and which districts count as recognised."""

import pytest

from criteria.models import CriteriaSet
from evaluations.models import Evaluation
from evaluations.recognition import recognised_districts
from evaluations.workflow import Status
from tests.factories import (
    make_city,
    make_confirmed_dossier,
    make_decision,
    make_district,
    make_round,
    make_set,
)

pytestmark = pytest.mark.django_db


def decided_level(evaluation):
    return Evaluation.objects.with_results().get(pk=evaluation.pk).decided_level


@pytest.fixture
def dossiers():
    pilot_round = make_round()
    units = [make_district(code=code) for code in ("301", "302", "303")]
    return [make_confirmed_dossier(unit, pilot_round=pilot_round) for unit in units]


def test_districts_with_a_level_are_recognised_and_others_are_not(dossiers):
    first, second, third = dossiers
    make_decision({first: 1, second: 0})

    lines = recognised_districts(first.pilot_round)

    assert [(line.evaluation.unit.code, line.level) for line in lines] == [("301", 1)]
    assert [decided_level(each) for each in dossiers] == [1, 0, None]


def test_only_the_decision_that_corrects_counts(dossiers):
    first, second, _ = dossiers
    wrong = make_decision({first: 1, second: 2})
    make_decision({first: 0, second: 3}, corrects=wrong)

    lines = recognised_districts(first.pilot_round)

    assert [(line.evaluation.unit.code, line.level) for line in lines] == [("302", 3)]
    assert (decided_level(first), decided_level(second)) == (0, 3)


def test_another_round_and_the_city_itself_are_no_districts_of_this_round(dossiers):
    first, *_ = dossiers
    elsewhere = make_confirmed_dossier(first.unit)
    city_set = make_set("bo-nho-thanh-pho", CriteriaSet.Subject.CITY)
    city = make_confirmed_dossier(make_city(), pilot_round=first.pilot_round)
    Evaluation.objects.filter(pk=city.pk).update(criteria_set=city_set)
    make_decision({elsewhere: 1})
    make_decision({city: 1}, content={}, issuer="Bộ Giáo dục và Đào tạo")

    assert list(recognised_districts(first.pilot_round)) == []


def test_a_snapshot_of_a_decision_is_no_submission(dossiers):
    first, *_ = dossiers
    make_decision({first: 1})

    assert Evaluation.objects.get(pk=first.pk).status == Status.RECOGNISED
    assert first.snapshots.count() == 1
    assert not first.snapshots.submissions().exists()
