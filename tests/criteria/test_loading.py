"""From the fixture into the catalogue, and never over a set in use."""

import copy

import pytest
from django.db import IntegrityError, transaction

from criteria.catalogue import level_rule
from criteria.exporting import fixture_data
from criteria.loading import LoadError, SetInUse, load_criteria_set, source_hash
from criteria.models import CriteriaSet, Criterion, Indicator, LevelThreshold, Standard

pytestmark = pytest.mark.django_db


def keys():
    """Every row of the catalogue by its identity."""
    return {
        model: list(model.objects.order_by("pk").values_list("pk", flat=True))
        for model in (CriteriaSet, LevelThreshold, Standard, Criterion, Indicator)
    }


@pytest.mark.parametrize("which", ["district_data", "city_data"])
def test_the_database_holds_what_the_file_holds(which, request):
    data = request.getfixturevalue(which)

    load_criteria_set(data, in_use=())

    assert fixture_data(CriteriaSet.objects.get(code=data["code"])) == data


def test_the_two_sets_stand_beside_each_other(district_set, city_set):
    assert Indicator.objects.filter(code="2.1.1").count() == 2
    assert Indicator.objects.count() == 36


def test_loading_again_writes_nothing(district_set, district_data, django_assert_num_queries):
    before = keys()

    with django_assert_num_queries(7):  # reads only, and the transaction's own two
        load_criteria_set(district_data, in_use=[district_set.code])

    assert keys() == before


def test_a_changed_text_keeps_the_rows(district_set, district_data):
    before = keys()
    first = district_data["standards"][0]["criteria"][0]["indicators"][0]
    first["guidance"] = "Nghị quyết của HĐND"

    load_criteria_set(district_data, in_use=())

    assert keys() == before
    changed = Indicator.objects.get(criteria_set=district_set, code="1.1.1")
    assert changed.guidance == "Nghị quyết của HĐND"


def test_what_the_file_no_longer_has_is_gone(district_set, district_data):
    district_data["standards"] = district_data["standards"][:2]
    district_data["standards"][1]["criteria"].pop()
    district_data["thresholds"].pop()

    loaded = load_criteria_set(district_data, in_use=())

    assert fixture_data(loaded) == district_data
    assert Indicator.objects.count() == 7
    assert LevelThreshold.objects.count() == 2


def test_an_indicator_may_move_to_another_criterion(district_set, district_data):
    pk = district_set.indicators.get(code="1.1.2").pk
    first, second = district_data["standards"][0]["criteria"]
    second["indicators"].insert(0, first["indicators"].pop())

    loaded = load_criteria_set(district_data, in_use=())

    moved = loaded.indicators.get(code="1.1.2")
    assert (moved.pk, moved.criterion.code) == (pk, "1.2")


def test_a_set_in_use_is_not_altered(district_set, district_data):
    before = copy.deepcopy(district_data)
    district_data["title"] = "Bộ tiêu chí khác"

    with pytest.raises(SetInUse, match="quan-huyen-2022 đang dùng trong một đợt"):
        load_criteria_set(district_data, in_use={"quan-huyen-2022"})

    assert fixture_data(CriteriaSet.objects.get()) == before


def test_another_set_in_use_does_not_matter(district_set, district_data):
    district_data["title"] = "Bộ tiêu chí khác"

    loaded = load_criteria_set(district_data, in_use={"thanh-pho-2022"})

    assert loaded.title == "Bộ tiêu chí khác"
    assert loaded.source_hash == source_hash(district_data) != district_set.source_hash


def test_the_hash_is_that_of_the_content(district_data):
    assert source_hash(dict(reversed(district_data.items()))) == source_hash(district_data)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data.pop("title"), "thiếu 'title'"),
        (lambda data: data.update(valid_from="hôm nay"), "quan-huyen-2022: .*hôm nay"),
        (lambda data: data.update(subject="village"), "village"),
        (lambda data: indicator(data).update(role="important"), "important"),
        (lambda data: indicator(data)["measure"].update(kind="guess"), "guess"),
        (lambda data: indicator(data)["measure"].update(colour="blue"), "colour"),
    ],
)
def test_what_is_no_set_is_refused_whole(district_data, spoil, message):
    spoil(district_data)

    with pytest.raises(LoadError, match=message):
        load_criteria_set(district_data, in_use=())

    assert not CriteriaSet.objects.exists()


def indicator(data):
    return data["standards"][2]["criteria"][1]["indicators"][2]


def test_the_rule_comes_from_the_rows(district_set, django_assert_num_queries):
    criteria_set = CriteriaSet.objects.with_rule().get()

    with django_assert_num_queries(0):
        rule = level_rule(criteria_set)

    assert [item.code for item in rule.indicators if item.is_graded] == [
        *("2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.4")
    ]
    assert len(rule.indicators) == 16
    assert [threshold.label for threshold in rule.thresholds] == [
        *("từ 70\u00a0%", "trên 80\u00a0%", "trên 90\u00a0%")
    ]


def test_rows_say_what_they_are(district_set):
    graded = district_set.indicators.get(code="2.1.2")

    assert str(district_set) == "Bộ tiêu chí công nhận quận/huyện học tập"
    assert str(graded) == "2.1.2 Xã đạt “Cộng đồng học tập” từ Khá"
    assert str(graded.criterion) == "Tiêu chí 2.1"
    assert str(graded.criterion.standard) == "Tiêu chuẩn 2"
    assert [str(row) for row in district_set.thresholds.all()] == [
        *("mức độ 1: từ 70%", "mức độ 2: trên 80%", "mức độ 3: trên 90%")
    ]
    assert district_set.get_absolute_url() == "/bo-tieu-chi/quan-huyen-2022/"
    assert graded.get_absolute_url() == "/bo-tieu-chi/quan-huyen-2022/#chi-bao-2.1.2"


@pytest.mark.parametrize(
    ("model", "same"),
    [
        (CriteriaSet, ["code"]),
        (LevelThreshold, ["criteria_set", "level"]),
        (Standard, ["criteria_set", "code"]),
        (Criterion, ["standard", "code"]),
        (Indicator, ["criteria_set", "code"]),
    ],
)
def test_the_database_keeps_codes_unique(district_set, model, same):
    twin = model.objects.first()
    assert all(hasattr(twin, name) for name in same)
    twin.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize("field", ["text", "short_name"])
def test_the_database_wants_a_text_and_a_short_name(district_set, field):
    with pytest.raises(IntegrityError), transaction.atomic():
        district_set.indicators.filter(code="1.1.1").update(**{field: ""})
