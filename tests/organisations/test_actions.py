import pytest
from django.core.exceptions import PermissionDenied

from organisations import actions
from organisations.models import AccountEvent, Role, Session, User
from tests.factories import PASSWORD, make_user

NOT_ADMINISTRATORS = [role for role in Role if role != Role.ADMINISTRATOR]


def new_person(organisation, username="moi.vao"):
    return User(
        username=username, full_name="Người Mới", role=Role.EDITOR, organisation=organisation
    )


@pytest.mark.parametrize("role", NOT_ADMINISTRATORS)
def test_no_action_on_accounts_or_units_is_open_to_others(editor, district, role):
    by = make_user(role)
    before = User.objects.count()

    for attempt in (
        lambda: actions.create_people(people=[new_person(district)], by=by),
        lambda: actions.change_person(person=editor, by=by),
        lambda: actions.reset_password(person=editor, by=by),
        lambda: actions.set_active(person=editor, active=False, by=by),
        lambda: actions.change_letterhead(organisation=district, by=by),
    ):
        with pytest.raises(PermissionDenied):
            attempt()

    assert User.objects.count() == before
    editor.refresh_from_db()
    assert editor.is_active
    assert editor.check_password(PASSWORD)
    assert not AccountEvent.objects.exists()


def test_one_taken_name_keeps_all_the_others_out(administrator, district):
    make_user(username="da.co")

    with pytest.raises(actions.UsernameTaken):
        actions.create_people(
            people=[new_person(district), new_person(district, "da.co")], by=administrator
        )

    assert not User.objects.filter(username="moi.vao").exists()
    assert not AccountEvent.objects.exists()


def test_own_role_is_not_changed_even_past_the_form(administrator, district):
    administrator.role = Role.APPROVER

    with pytest.raises(PermissionDenied):
        actions.change_person(person=administrator, by=administrator)

    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR


def test_a_new_role_ends_the_sessions_of_the_old_one(client, administrator, editor):
    client.force_login(editor)
    editor.position = "Chuyên viên"
    actions.change_person(person=editor, by=administrator)
    assert Session.objects.filter(person=editor).exists()

    editor.role = Role.LEADER
    actions.change_person(person=editor, by=administrator)

    assert not Session.objects.filter(person=editor).exists()


def test_saving_without_a_change_records_nothing(administrator, editor):
    actions.change_person(person=editor, by=administrator)
    actions.set_active(person=editor, active=True, by=administrator)

    assert not AccountEvent.objects.exists()


def test_account_out_of_use_gets_no_new_password(administrator, editor):
    actions.set_active(person=editor, active=False, by=administrator)

    with pytest.raises(PermissionDenied):
        actions.reset_password(person=editor, by=administrator)


def test_account_created_by_an_administrator_is_never_an_operators(administrator, district):
    person = new_person(district)
    person.is_operator = True

    actions.create_people(people=[person], by=administrator)

    assert not User.objects.get(username="moi.vao").is_operator
