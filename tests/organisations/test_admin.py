from http import HTTPStatus

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from organisations.models import (
    AccountEvent,
    Organisation,
    RecoveryCode,
    Role,
    Session,
    SignInEvent,
    Tally,
    User,
)
from tests.factories import PASSWORD, make_user

INDEX = "/quan-tri-he-thong/"
# What would open a session, or stand for somebody's telephone.
SECRET = {RecoveryCode, Session, Tally}


@pytest.fixture
def operator(db):
    return make_user(Role.ADMINISTRATOR, is_operator=True)


@pytest.mark.parametrize("role", Role)
def test_admin_is_closed_to_everyone_who_is_no_operator(client, db, role):
    client.force_login(make_user(role))

    response = client.get(INDEX, follow=True)

    assert response.status_code == HTTPStatus.FORBIDDEN


def test_admin_has_no_door_of_its_own(client, db):
    response = client.get(INDEX, follow=True)

    assert response.redirect_chain[-1][0].startswith("/dang-nhap/?next=")
    assertRedirects(
        client.post(f"{INDEX}login/", {"username": "a", "password": "b"}),
        f"/dang-nhap/?next={INDEX}",
    )


def test_admin_has_no_password_page_of_its_own(client, operator):
    client.force_login(operator)
    new = "Học-Suốt-Đời-2022"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    for address in (f"{INDEX}password_change/", f"{INDEX}password_change/done/"):
        for response in (client.get(address), client.post(address, form)):
            assertRedirects(response, reverse("organisations:change-password"))
    operator.refresh_from_db()
    assert operator.check_password(PASSWORD)


@pytest.mark.parametrize("model", [Organisation, User, AccountEvent, SignInEvent])
def test_operator_looks_and_changes_nothing(client, operator, district, model):
    AccountEvent.objects.create(person=operator, by=operator, kind=AccountEvent.Kind.CREATED)
    SignInEvent.objects.create(person=operator, kind=SignInEvent.Kind.SIGNED_IN)
    client.force_login(operator)
    name = model._meta.model_name
    row = model.objects.order_by("pk").first()

    assert client.get(reverse(f"admin:organisations_{name}_changelist")).status_code == 200
    change = reverse(f"admin:organisations_{name}_change", args=[row.pk])
    page = client.get(change)
    assert page.status_code == 200
    assert operator.password not in page.content.decode()
    assert client.post(change, {}).status_code == HTTPStatus.FORBIDDEN
    assert client.get(reverse(f"admin:organisations_{name}_add")).status_code == 403
    delete = reverse(f"admin:organisations_{name}_delete", args=[row.pk])
    assert client.post(delete, {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN


def test_no_model_of_organisations_can_be_changed_in_the_admin(rf, operator):
    request = rf.get(INDEX)
    request.user = operator
    for model in set(apps.get_app_config("organisations").get_models()) - SECRET:
        site = admin.site._registry.get(model)
        assert site is not None, model
        assert not site.has_add_permission(request)
        assert not site.has_change_permission(request)
        assert not site.has_delete_permission(request)


def test_secrets_and_groups_are_not_in_the_admin_and_the_rest_only_looked_at(rf, operator):
    request = rf.get(INDEX)
    request.user = operator
    shown = {model._meta.label for model in admin.site._registry}

    assert not {model._meta.label for model in SECRET} & shown
    assert not {"otp_totp.TOTPDevice", "auth.Group"} & shown
    assert not {label for label in shown if label.startswith("axes.")}, "a name may be a password"
    assert not [
        model._meta.label
        for model, site in admin.site._registry.items()
        if site.has_change_permission(request) or site.has_delete_permission(request)
    ]
