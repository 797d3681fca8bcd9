"""What the two sets of the pilot rest on, as reports cite it, in old installations and new ones."""

import json
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from criteria.models import CriteriaSet

cited_in_full = import_module("criteria.migrations.0005_cited_in_full")


@pytest.mark.parametrize("code", cited_in_full.ANNEXED)
def test_fixtures_say_what_the_migration_says(code):
    path = settings.BASE_DIR / "fixtures" / "criteria" / f"{code}.json"
    fixture = json.loads(path.read_text(encoding="utf-8"))

    assert fixture["legal_basis"] == cited_in_full.cited(code, True)


@pytest.mark.django_db
def test_a_set_in_use_stays_the_one_of_its_fixture():
    """It was loaded before: the migration says the rest, and loading it again is no new text."""
    call_command("load_reference", verbosity=0)
    found = CriteriaSet.objects.filter(code__in=cited_in_full.ANNEXED)
    other = CriteriaSet.objects.create(
        code="khac", title="Bộ khác", legal_basis="Thông tư khác", valid_from=date(2022, 1, 1)
    )
    loaded = list(found.values_list("code", "legal_basis", "source_hash"))
    cited_in_full.cite_in_short(apps, None)
    assert not any("triển khai thí điểm" in each.legal_basis for each in found)

    cited_in_full.cite_in_full(apps, None)
    call_command("load_reference", verbosity=0)

    assert list(found.values_list("code", "legal_basis", "source_hash")) == loaded
    other.refresh_from_db()
    assert other.legal_basis == "Thông tư khác"
