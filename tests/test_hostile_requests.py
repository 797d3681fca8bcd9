"""Requests that no page of ours sends, found by `make fuzz`: refused in words, nothing breaks."""

from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.urls import reverse

from evaluations.forms.sent_texts import read_texts
from tests.factories import make_complete_dossier, make_confirmed_dossier, make_dossier, make_round

# No column holds it; Python itself refuses to read the second as a number.
TOO_LONG = ["9" * 19, "9" * 30, "9" * 5000]
MANY_FIELDS = "?" + "&".join(["a=b"] * 1200)


@pytest.mark.parametrize("key", [*TOO_LONG, "٣", "²", "-1", "1\x00", ""])
def test_round_that_no_key_names_is_not_looked_for(client, editor, district, key):
    dossier = make_dossier(district)
    client.force_login(editor)

    home = client.get(reverse("evaluations:home"), {"dot": key})

    assert home.status_code == HTTPStatus.OK
    assert home.context["pilot_round"] == dossier.pilot_round


@pytest.mark.parametrize(
    ("path", "status"),
    [("/khong-co/", HTTPStatus.NOT_FOUND), ("/minh-chung/", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)],
)
def test_address_with_too_many_fields_is_refused(client, editor, path, status):
    """The page that says so asks the same address for its round."""
    client.force_login(editor)

    assert client.get(path + MANY_FIELDS).status_code == status


@pytest.mark.parametrize("key", [*TOO_LONG, "٣", "1\x00", "x"])
def test_participant_that_no_key_names_is_refused(client, administrator, key):
    plan = make_round(opened_at=None)
    client.force_login(administrator)

    page = client.post(reverse("evaluations:participants", args=[plan.pk]), {"units": [key]})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.context["form"].errors["units"] == [
        "Một đơn vị không còn trong danh mục năm này. Tải lại trang."
    ]


@pytest.mark.parametrize("key", [*TOO_LONG, "٣", "1\x00", "x"])
def test_member_that_no_key_names_is_refused(client, appraiser, key):
    make_confirmed_dossier(by=appraiser)
    client.force_login(appraiser)

    page = client.post(reverse("evaluations:plan-session"), {"people": [key]})

    assert page.context["form"].errors["people"] == ["Tài khoản này không còn dùng. Tải lại trang."]


@pytest.mark.parametrize(
    ("spelled", "texts"),
    [
        ("[" * 5000, {}),
        ('{"a":' * 5000, {}),
        ("9" * 5000, {}),
        ('{"a": NaN, "b": [1], "c": "d"}', {"c": "d"}),
        ('{"a": "\\u0000x\\ud800"}', {"a": "x"}),
        ('{"e\\u0302": "e\\u0302\\u0301"}', {"ê": "ế"}),
    ],
)
def test_texts_in_json_are_those_that_a_form_can_send(spelled, texts):
    assert read_texts(spelled) == texts


def test_indicator_is_kept_whatever_its_page_says_it_showed(client, editor, district):
    dossier = make_complete_dossier(district, by=editor)
    client.force_login(editor)

    answer = client.post(
        reverse("evaluations:indicator", args=[dossier.pk, "2.2.1"]),
        {"base": "[" * 5000, "explanation": "Đủ"},
    )

    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR


HALVES = ["%00", "2.1.1%00", "%ED%A0%80", "%EF%BF%BF", "2.1.1%0A", "%20"]


@pytest.mark.parametrize("code", HALVES)
@pytest.mark.parametrize("page", ["", "minh-chung/", "danh-sach/", "minh-chung/tai-len/"])
def test_code_that_no_set_can_have_leads_to_no_page(client, editor, district, code, page):
    """PostgreSQL takes no NUL in a text, not even to look for it."""
    dossier = make_dossier(district)
    client.force_login(editor)

    answer = client.get(f"/ho-so/{dossier.pk}/chi-bao/{code}/{page}")

    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "asked", ["%00", "Nội\x00 vụ", "\ud800", "No\u0323\u0302i vu\u0323", "%" * 3000]
)
@pytest.mark.parametrize("page", ["xa/", "co-quan/", "danh-hieu/"])
def test_search_in_a_register_takes_any_text(client, editor, district, page, asked):
    pilot_round = make_dossier(district).pilot_round
    client.force_login(editor)

    found = client.get(
        f"/ket-qua-don-vi/{pilot_round.pk}/{district.pk}/{page}",
        QUERY_STRING=f"q={quote(asked.encode('utf-8', 'surrogatepass'))}",
    )

    assert found.status_code == HTTPStatus.OK


@pytest.mark.parametrize("key", ["x" * 8 + "\x00", "é" * 32, "x" * 5000, "a b c d e f", ""])
def test_session_that_no_key_names_is_nobody_s(client, db, key):
    """A cookie spells a NUL as \\000 between quotation marks."""
    spelled = "".join(f"\\{byte:03o}" for byte in key.encode())

    answer = client.get("/", HTTP_COOKIE=f'sessionid="{spelled}"')

    assert answer.status_code == HTTPStatus.FOUND
    assert answer.url.startswith(reverse("organisations:sign-in"))
