"""The law beside the formula, for everyone who is signed in."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.loading import load_criteria_set
from criteria.models import CriteriaSet, Criterion, Indicator, LevelThreshold, Standard

PEOPLE = [
    *("editor", "leader", "appraiser", "approver"),
    *("council_member", "observer", "administrator", "outsider"),
]


@pytest.mark.parametrize("person", PEOPLE)
def test_everyone_signed_in_reads_the_law(client, request, person, district_set):
    client.force_login(request.getfixturevalue(person))

    assert client.get("/bo-tieu-chi/").status_code == 200
    assert client.get("/bo-tieu-chi/quan-huyen-2022/").status_code == 200


@pytest.mark.parametrize("path", ["/bo-tieu-chi/", "/bo-tieu-chi/quan-huyen-2022/"])
def test_nobody_else_does(client, district_set, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response.url.startswith(reverse("organisations:sign-in"))


def test_an_unknown_set_is_not_found(client, editor):
    client.force_login(editor)

    assert client.get("/bo-tieu-chi/lang-xa-2022/").status_code == 404


@pytest.mark.parametrize("path", ["/bo-tieu-chi/", "/bo-tieu-chi/quan-huyen-2022/"])
def test_the_pages_only_answer_reading(client, editor, district_set, path):
    client.force_login(editor)

    assert client.post(path).status_code == 405


def test_the_list_counts_the_indicators(client, editor, district_set, city_set):
    client.force_login(editor)

    page = client.get("/bo-tieu-chi/").content.decode()

    assert "16, trong đó 5 xét mức độ" in page
    assert "20, trong đó 6 xét mức độ" in page
    assert "quận, huyện" in page


def test_an_empty_catalogue_says_what_to_do(client, editor):
    client.force_login(editor)

    assert "manage.py load_reference" in client.get("/bo-tieu-chi/").content.decode()


def test_a_set_shows_the_law_beside_the_formula(client, editor, city_set):
    client.force_login(editor)

    page = client.get("/bo-tieu-chi/thanh-pho-2022/").content.decode()

    for indicator in city_set.indicators.all():
        assert f'id="chi-bao-{indicator.code}"' in page
        for text in (indicator.text, indicator.guidance, indicator.lead, indicator.short_name):
            assert text.replace("&", "&amp;") in page
    for paragraph in city_set.rule_text.split("\n"):
        assert paragraph in page
    assert "Lao động qua đào tạo chia cho tổng số lao động, phải từ 66\u00a0%." in page
    assert "trên 80\u00a0% đến 90\u00a0%" in page


def test_a_corrected_slip_stands_beside_what_was_published(client, editor, district_set):
    client.force_login(editor)

    page = client.get("/bo-tieu-chi/quan-huyen-2022/").content.decode()

    assert "Chất thải rắn trên địa bàn" in page
    assert "Bản công bố in: “Chất rắn trên địa bàn" in page
    assert page.count("Bản công bố in") == 2


def test_a_longer_set_costs_no_more_queries(client, editor, district_data):
    long = load_criteria_set(district_data, in_use=())
    short = {**district_data, "code": "ngan", "standards": district_data["standards"][:1]}
    load_criteria_set(short, in_use=())
    client.force_login(editor)

    counts = []
    for code in (long.code, "ngan"):
        with CaptureQueriesContext(connection) as counted:
            client.get(f"/bo-tieu-chi/{code}/")
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_more_sets_cost_no_more_queries(client, editor, district_data):
    client.force_login(editor)
    counts = []
    for code in ("mot", "hai", "ba"):
        load_criteria_set({**district_data, "code": code}, in_use=())
        with CaptureQueriesContext(connection) as counted:
            client.get("/bo-tieu-chi/")
        counts.append(len(counted))

    assert counts[0] == counts[2]


@pytest.mark.parametrize("model", [CriteriaSet, LevelThreshold, Standard, Criterion, Indicator])
def test_operators_only_look(rf, model):
    registered = admin.site._registry[model]
    request = rf.get("/")

    assert not registered.has_add_permission(request)
    assert not registered.has_change_permission(request)
    assert not registered.has_delete_permission(request)
