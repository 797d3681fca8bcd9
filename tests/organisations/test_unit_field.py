"""A unit is chosen from a short list, or found by a part of its name."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from organisations.forms import unit_field
from organisations.forms.unit_field import NONE_FOUND, PICK_ONE, TOO_MANY, offer
from organisations.models import Organisation, Role
from tests.factories import make_agency, make_city, make_commune, make_district, make_user

NEW = reverse("organisations:create-person")
TYPED = {"HX-Request": "true"}
EVERY_UNIT = Organisation.objects.all()


@pytest.fixture
def long_list(monkeypatch):
    """A list may hold one unit, so that two are more than fit."""
    monkeypatch.setattr(unit_field, "MOST_LISTED", 1)


def names(found) -> list[str]:
    return [name for _, units in found.groups for _, name in units]


def test_a_short_list_holds_them_all_in_groups(db):
    for name in ("Huyện An Dương", "Huyện Vĩnh Bảo"):
        district = make_district(name)
        make_agency("Trường Tiểu học An Hòa", parent=district)
        make_commune(f"Xã của {name}", parent=district)
    make_agency("Sở Nội vụ", parent=make_city())

    found = offer(EVERY_UNIT)

    assert found.is_short
    assert [(label, [name for _, name in units]) for label, units in found.groups] == [
        ("Cơ quan, đơn vị", ["Sở Nội vụ"]),
        ("Thành phố", ["Thành phố Hải Phòng"]),
        ("Quận, huyện", ["Huyện An Dương", "Huyện Vĩnh Bảo"]),
        ("Thuộc huyện An Dương", ["Xã của Huyện An Dương"]),
        ("Thuộc huyện Vĩnh Bảo", ["Xã của Huyện Vĩnh Bảo"]),
        ("Cơ quan, đơn vị của huyện An Dương", ["Trường Tiểu học An Hòa"]),
        ("Cơ quan, đơn vị của huyện Vĩnh Bảo", ["Trường Tiểu học An Hòa"]),
    ]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("tu phap vinh bao", ["Phòng Tư pháp"]),
        ("VĨNH  BẢO tư", ["Phòng Tư pháp"]),
        ("nhan hoa", ["Xã Nhân Hòa"]),
        ("noi vu hai phong", ["Sở Nội vụ"]),
        ("ma-rieng", ["Xã Nhân Hòa"]),
        ("UBND Nhân Hòa", ["Xã Nhân Hòa"]),
        ("Hải Phòng Vĩnh Bảo", []),
        ("uyen vinh bao", []),
        ("đồ sơn", []),
        ("%", []),
    ],
)
def test_of_a_long_list_every_word_finds(db, long_list, sought, found):
    vinh_bao = make_district("Huyện Vĩnh Bảo")
    make_agency("Phòng Tư pháp", parent=vinh_bao)
    make_agency("Phòng Tư pháp", parent=make_district("Huyện An Dương"))
    make_agency("Sở Nội vụ", parent=make_city())
    make_commune("Xã Nhân Hòa", "ma-rieng", parent=vinh_bao)

    answer = offer(EVERY_UNIT, sought)

    assert names(answer) == found
    assert answer.said == ("Tìm thấy 1 đơn vị. Bấm để chọn." if found else NONE_FOUND)


def test_districts_of_one_name_are_told_apart_by_their_cities(db):
    for name, code in (("Tỉnh Bến Tre", "83"), ("Tỉnh Tiền Giang", "82")):
        make_district("Huyện Châu Thành", parent=make_city(name, code))

    labels = [label for label, _ in offer(Organisation.objects.districts()).groups]

    assert sorted(labels) == ["Quận, huyện của tỉnh Bến Tre", "Quận, huyện của tỉnh Tiền Giang"]


def test_what_bears_the_very_words_comes_first(db, monkeypatch):
    monkeypatch.setattr(unit_field, "MOST_LISTED", 3)
    make_agency("Công an thành phố", parent=make_city())
    hai_an = make_district("Quận Hải An")
    make_commune("Phường Cát Bi", parent=hai_an)

    assert names(offer(EVERY_UNIT, "hai an")) == [
        "Quận Hải An",
        "Công an thành phố",
        "Phường Cát Bi",
    ]


def test_of_too_many_the_first_are_shown_and_that_is_said(db, long_list):
    for name in ("Huyện An Lão", "Huyện An Dương"):
        make_district(name)

    answer = offer(EVERY_UNIT, "huyen an")

    assert (names(answer), answer.said) == (["Huyện An Dương"], TOO_MANY)


@pytest.mark.parametrize("sought", ["", "an duong", "khong co"])
def test_what_was_chosen_stays_in_a_long_list(db, long_list, sought):
    chosen = make_district("Huyện Vĩnh Bảo")
    make_district("Huyện An Dương")

    answer = offer(EVERY_UNIT, sought, chosen.pk)

    assert "Huyện Vĩnh Bảo" in names(answer)
    assert ("Huyện An Dương" in names(answer)) == (sought == "an duong")


def test_what_was_chosen_is_told_from_what_is_found(db, long_list):
    chosen = make_district("Huyện Vĩnh Bảo")
    make_district("Huyện An Dương")

    other, same = (offer(EVERY_UNIT, sought, chosen.pk) for sought in ("an duong", "vinh bao"))

    assert [label for label, _ in other.groups] == ["Đang chọn", "Quận, huyện"]
    assert [label for label, _ in same.groups] == ["Quận, huyện"]
    assert "Tìm thấy 1 đơn vị" in other.said
    assert "Tìm thấy 1 đơn vị" in same.said


@pytest.mark.parametrize("chosen", [None, "", "²", "9" * 30, "-1", "0", "x"])
def test_a_choice_that_is_no_key_chooses_nothing(db, long_list, chosen):
    make_district()
    make_district()

    assert names(offer(EVERY_UNIT, "", chosen)) == []


def test_a_long_list_costs_the_same_however_long(db, long_list, django_assert_num_queries):
    for many in (2, 12):
        for _ in range(many):
            make_district()
        with django_assert_num_queries(3):
            offer(EVERY_UNIT, "huyen", 1)


# --- On a page --------------------------------------------------------------------------------


def test_home_leads_to_the_form_with_its_unit_chosen(client, administrator, long_list):
    unit, other = make_commune("Xã Nhân Hòa"), make_commune("Xã Cổ Am")
    client.force_login(administrator)

    page = client.get(NEW, {"don-vi": unit.pk})

    assertContains(page, f'<option value="{unit.pk}" selected>')
    assertNotContains(page, f'<option value="{other.pk}"')
    assertContains(page, 'type="search"')


def test_a_short_list_has_nothing_to_type(client, administrator):
    client.force_login(administrator)

    page = client.get(NEW)

    assertContains(page, "Chọn đơn vị</option>")
    assertNotContains(page, 'type="search"')


def test_typing_brings_the_list_alone(client, administrator, long_list):
    chosen, found = make_district("Quận Lê Chân"), make_district("Huyện Vĩnh Bảo")
    client.force_login(administrator)

    answer = client.get(
        NEW, {"organisation-tim": "vinh bao", "organisation": chosen.pk}, headers=TYPED
    )

    assertContains(answer, f'<option value="{found.pk}">Huyện Vĩnh Bảo</option>')
    assertContains(answer, f'<option value="{chosen.pk}" selected>')
    assertContains(answer, 'id="id_organisation"')
    assertContains(answer, "Tìm thấy 1 đơn vị")
    assertNotContains(answer, "<html")


def test_without_a_script_what_is_found_comes_with_the_form(client, administrator, long_list):
    make_district("Quận Lê Chân")
    found = make_district("Huyện Vĩnh Bảo")
    client.force_login(administrator)
    typed = {"full_name": "Trần Thị Hai", "username": "tran.hai", "role": Role.EDITOR}

    page = client.post(NEW, typed | {"organisation-tim": "vinh bao"})
    client.post(NEW, typed | {"organisation-tim": "vinh bao", "organisation": found.pk})

    assertContains(page, f'<option value="{found.pk}">Huyện Vĩnh Bảo</option>')
    assertContains(page, 'value="vinh bao"')
    assertContains(page, "Trần Thị Hai")
    assertContains(page, PICK_ONE)
    assert found.people.get().username == "tran.hai"


@pytest.mark.parametrize("sought", ["le chan", "khong co"])
def test_nothing_is_saved_while_a_search_is_unanswered(client, administrator, long_list, sought):
    """Enter in the line that searches sends the form; the unit that stands there is not meant."""
    make_district("Quận Lê Chân")
    person = make_user(full_name="Trần Thị Hai", organisation=make_district("Huyện Vĩnh Bảo"))
    client.force_login(administrator)
    url = reverse("organisations:edit-person", args=[person.pk])
    sent = {
        "full_name": "Tên mới",
        "username": person.username,
        "role": person.role,
        "organisation": person.organisation_id,
    }

    refused = client.post(url, sent | {"organisation-tim": sought})
    person.refresh_from_db()
    assert person.full_name == "Trần Thị Hai"
    assertContains(refused, PICK_ONE)
    assertContains(refused, "Tên mới")

    client.post(url, sent | {"organisation-tim": "vinh bao"})
    person.refresh_from_db()
    assert person.full_name == "Tên mới"


def test_nobody_is_made_without_a_unit_that_was_sought(client, administrator, long_list):
    make_district("Quận Lê Chân")
    make_district("Huyện Vĩnh Bảo")
    client.force_login(administrator)
    typed = {"full_name": "Trần Thị Hai", "username": "tran.hai", "role": Role.ADMINISTRATOR}

    page = client.post(NEW, typed | {"organisation-tim": "vinh bao"})

    assertContains(page, PICK_ONE)


def test_a_standing_that_is_fixed_is_not_searched_for(client, administrator, long_list):
    """Nobody changes their own role or unit."""
    make_district()
    make_district()
    client.force_login(administrator)

    page = client.get(reverse("organisations:edit-person", args=[administrator.pk]))

    assertNotContains(page, 'type="search"')


def test_a_page_that_came_from_another_address_asks_at_its_own(client, administrator, long_list):
    person = make_user(organisation=make_district())
    client.force_login(administrator)

    page = client.post(reverse("organisations:reset-person-factor", args=[person.pk]), {})

    own = reverse("organisations:edit-person", args=[person.pk])
    assertContains(page, f'hx-get="{own}"')


def test_nobody_else_learns_of_units_by_typing(client, editor):
    client.force_login(editor)

    assert client.get(NEW, {"organisation-tim": "a"}, headers=TYPED).status_code == 403
