from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError

from organisations.collation import vietnamese_order
from organisations.models import Organisation, Role, User
from organisations.text import search_key, sort_key
from tests.factories import make_agency, make_city, make_commune, make_district, make_user

pytestmark = pytest.mark.django_db


def test_code_is_unique_only_together_with_its_period(district):
    make_district("Quận Khác", code="316", valid_from=date(2025, 7, 1))

    with pytest.raises(IntegrityError):
        make_district("Quận Nữa", code="316")


def test_period_runs_forward():
    with pytest.raises(IntegrityError, match="unit_period_runs_forward"):
        make_district(valid_from=date(2022, 1, 1), valid_to=date(2022, 1, 1))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_an_administrator_belongs_nowhere(role):
    user = make_user(Role.ADMINISTRATOR)

    with pytest.raises(IntegrityError, match="everyone_but_administrators_belongs_somewhere"):
        User.objects.filter(pk=user.pk).update(role=role)


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2020, 1, 31), False),
        (date(2020, 2, 1), True),
        (date(2024, 12, 31), True),
        (date(2025, 1, 1), False),
    ],
)
def test_unit_is_in_force_from_the_first_to_the_last_day(day, there):
    make_commune(valid_from=date(2020, 2, 1), valid_to=date(2024, 12, 31))

    found = Organisation.objects.in_force(day).filter(kind=Organisation.Kind.COMMUNE)

    assert found.exists() == there


@pytest.mark.parametrize(
    ("name", "in_sentence"),
    [("Huyện Vĩnh Bảo", "huyện Vĩnh Bảo"), ("Quận Lê Chân", "quận Lê Chân")],
)
def test_generic_word_takes_no_capital_in_a_sentence(name, in_sentence):
    assert make_district(name).name_in_sentence == in_sentence


def test_database_sorts_as_the_key_does():
    words = ["Đồ Sơn", "Dương Kinh", "An Lão", "Ấn", "An", "Án", "an", "Ưu", "Ủy", "Đá 10", "Đá 2"]
    for word in words:
        make_district(f"Huyện {word}", short_name=word)

    ordered = Organisation.objects.districts().order_by(vietnamese_order("short_name"))

    assert [unit.short_name for unit in ordered] == sorted(words, key=sort_key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Huyện Thuỷ  Nguyên", "huyen thuy nguyen"),
        ("Thủy", "thuy"),
        ("ĐẶNG Ứng", "dang ung"),
        ("", ""),
    ],
)
def test_search_key_drops_marks_case_and_tone_placement(text, key):
    assert search_key(text) == key


def test_superuser_is_an_operator_without_a_say():
    user = get_user_model().objects.create_superuser("van.hanh", "mat-khau-thu-2022")

    assert (user.is_operator, user.role, user.organisation) == (True, Role.ADMINISTRATOR, None)
    assert user.is_staff
    assert user.has_perm("anything")


def test_an_agency_reads_every_district_only_where_it_is_the_citys():
    own, other = make_commune().parent, make_commune().parent

    def districts_read_by(reader):
        communes = Organisation.objects.filter(kind=Organisation.Kind.COMMUNE)
        return {commune.parent for commune in communes.filter(reader.in_scope("parent"))}

    assert districts_read_by(make_agency(parent=make_city())) == {own, other}
    assert districts_read_by(make_agency(parent=None)) == {own, other}
    assert districts_read_by(make_agency(parent=own)) == {own}
    assert districts_read_by(own) == {own}
