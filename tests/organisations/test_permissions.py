import pytest

from organisations.models import Role
from organisations.permissions import (
    can_administer_people,
    can_administer_units,
    can_change_person,
    can_change_standing,
)
from organisations.roles import MAY, misfit
from tests.factories import (
    make_agency,
    make_city,
    make_commune,
    make_department,
    make_district,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_only_administrators_administer(role):
    user = make_user(role)

    expected = role == Role.ADMINISTRATOR
    assert can_administer_people(user) == expected
    assert can_administer_units(user) == expected
    assert can_change_person(user, make_user()) == expected


def test_administrator_out_of_use_administers_nothing():
    assert not can_administer_people(make_user(Role.ADMINISTRATOR, is_active=False))


def test_standing_is_never_ones_own_to_change():
    administrator = make_user(Role.ADMINISTRATOR)

    assert can_change_person(administrator, administrator)
    assert not can_change_standing(administrator, administrator)
    assert can_change_standing(administrator, make_user())


def test_operators_are_changed_by_operators():
    operator = make_user(Role.ADMINISTRATOR, is_operator=True)

    assert not can_change_person(make_user(Role.ADMINISTRATOR), operator)
    assert can_change_person(make_user(Role.ADMINISTRATOR, is_operator=True), operator)


@pytest.mark.parametrize("role", [Role.APPRAISER, Role.APPROVER])
def test_appraisal_belongs_to_an_agency_of_the_city(role):
    district = make_district()

    assert misfit(role, make_department()) == ""
    assert misfit(role, make_agency(parent=make_city())) == ""
    assert misfit(role, district)
    assert misfit(role, make_commune(parent=district))
    assert misfit(role, make_agency(parent=district))


@pytest.mark.parametrize("role", Role)
def test_everyone_but_administrators_belongs_somewhere(role):
    assert (misfit(role, None) == "") == (role == Role.ADMINISTRATOR)


def test_every_role_is_explained():
    assert set(MAY) == set(Role)
    assert all(MAY.values())
