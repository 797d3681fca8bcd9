"""What `make country` measures on: the country comes out exact, and every index has its query."""

import pytest
from django.db import connection
from django.utils import timezone

from benchmarks.country import units
from benchmarks.country.copying import Tables, stray_rows
from benchmarks.country.findings import Compared
from benchmarks.country.indexes import DECLARED, OF_NAMES, keys
from benchmarks.country.units import District, Province, Sizes, make_province, sizes_of_others
from organisations.models import Organisation, User


def test_other_provinces_make_the_country_exact():
    districts = [
        District(number, "", 0, 0, communes=[0] * 14, agencies=[0] * 40) for number in range(15)
    ]
    own = Province(1, 0, "", 0, {}, agencies=[0] * 13, districts=districts)

    others = sizes_of_others(own)

    communes = sum(sum(each.communes) for each in others) + 15 * 14
    agencies = sum(sum(each.agencies) + units.CITY_AGENCIES for each in others) + 15 * 40 + 13
    assert len(others) + 1 == 63
    assert sum(each.districts for each in others) + 15 == 705
    assert (communes, agencies) == (10_599, 100_000)


def test_every_declared_index_has_the_query_that_it_is_for():
    assert {index.key for index in DECLARED} == keys()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has none of ours")
@pytest.mark.parametrize("index", OF_NAMES, ids=lambda index: index.key)
def test_names_are_read_in_order_from_their_index(index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        plan = index.query().explain()

    assert index.key in plan


@pytest.mark.parametrize(
    ("queries", "seconds", "is_met"),
    [
        ((9, 9), (0.020, 0.040), True),
        ((9, 10), (0.020, 0.020), False),  # a query more, however quick
        ((9, 9), (0.020, 0.041), False),
        ((9, 9), (0.002, 0.009), True),  # slow at neither size
    ],
)
def test_pages_may_take_twice_as_long_and_ask_no_more(queries, seconds, is_met):
    assert Compared("", "", "", *queries, *seconds).is_met is is_met


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no COPY")
def test_copied_rows_are_as_the_models_would_write_them():
    tables = Tables(timezone.now())
    province = make_province(tables, 7, Sizes(1, communes=[2], agencies=[3]))

    tables.write()

    district = Organisation.objects.districts().get()
    assert district.parent_id == province.pk
    assert district.search == district.computed_search()
    assert district.children.count() == 5
    for person in User.objects.all():
        assert person.search == person.computed_search()
    assert stray_rows() == []
    assert Organisation.objects.create(code="x", name="Sau", kind="agency", valid_from="2020-01-01")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no COPY")
def test_key_that_leads_nowhere_is_told():
    tables = Tables(timezone.now())
    tables.add(
        Organisation, code="x", name="Lạc", kind="commune", valid_from=units.SINCE, parent_id=999
    )

    tables.write()

    assert stray_rows() == ["organisations_organisation.parent_id: 1"]
    Organisation.objects.all().delete()
