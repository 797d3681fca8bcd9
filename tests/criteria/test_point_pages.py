"""Point sets to read, for everyone who is signed in; what is left open is said plainly."""

from http import HTTPStatus

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.models import PointItem, PointSet, Rating
from criteria.point_loading import load_point_set
from tests.criteria.test_point_loading import AGENCY, COMMUNE, data_of, make_version
from tests.factories import make_agency, make_line, make_points, make_round

PEOPLE = [
    *("editor", "leader", "appraiser", "approver"),
    *("council_member", "observer", "administrator", "outsider"),
]


@pytest.fixture
def agency_set(db):
    return load_point_set(data_of(AGENCY))


@pytest.fixture
def commune_set(db):
    return load_point_set(data_of(COMMUNE))


@pytest.mark.parametrize("person", PEOPLE)
def test_everyone_signed_in_reads_the_points(client, request, person, agency_set):
    client.force_login(request.getfixturevalue(person))

    page = client.get("/bo-tieu-chi/bieu-diem/don-vi-hoc-tap-2020/1/")

    assertContains(page, "Đánh giá, xếp loại “Đơn vị học tập”")
    may_edit = person == "administrator"
    (assertContains if may_edit else assertNotContains)(page, "Lập bản mới")


def test_nobody_else_does(client, agency_set):
    answer = client.get(agency_set.get_absolute_url())

    assert answer.status_code == HTTPStatus.FOUND
    assert answer.url.startswith(reverse("organisations:sign-in"))


@pytest.mark.parametrize(
    "path", ["don-vi-hoc-tap-2020/2/", "khong-co/1/", "don-vi-hoc-tap-2020/0/"]
)
def test_an_unknown_version_is_not_found(client, editor, agency_set, path):
    client.force_login(editor)

    assert client.get(f"/bo-tieu-chi/bieu-diem/{path}").status_code == HTTPStatus.NOT_FOUND


def test_the_page_only_answers_reading(client, editor, agency_set):
    client.force_login(editor)

    answer = client.post(agency_set.get_absolute_url())

    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_set_shows_every_item_with_its_points_and_the_bands(client, editor, agency_set):
    client.force_login(editor)

    page = client.get(agency_set.get_absolute_url())

    for item in agency_set.rule.items:
        assertContains(page, item.text)
    for band, words in agency_set.rule.ranges:
        assertContains(page, f'<th scope="row">{band.label}</th>', html=True)
        assertContains(page, f"<td>{words}</td>", html=True)
    assertContains(page, "từ 70 đến dưới 85")
    assertContains(page, "Thông tư 22/2020/TT-BGDĐT")
    assertContains(page, "từ 21/09/2020 đến 25/01/2024")


def test_the_remainder_is_said_plainly(client, editor, agency_set):
    client.force_login(editor)

    page = client.get(agency_set.get_absolute_url())

    assertContains(page, "Mục gộp, chưa rõ nội dung", count=1)
    assertNotContains(page, "Còn để trống")
    for paragraph in agency_set.note_paragraphs:
        assertContains(page, paragraph)


def test_what_is_left_open_is_said_plainly(client, editor, commune_set):
    client.force_login(editor)

    page = client.get(commune_set.get_absolute_url())

    assertContains(page, "chưa có, Sở Giáo dục và Đào tạo nhập khi có văn bản", count=2)
    assertContains(page, "Điểm tối đa của 15 mục")
    # 15 items, the whole, four ratings: none shows a number that the law was not seen to have.
    assertContains(page, '<span class="quiet">chưa có</span>', count=20)
    assertContains(page, "đến 11/02/2024, chưa rõ từ ngày nào")


def test_a_version_says_who_made_it_and_on_what(client, editor, agency_set):
    made = make_version(agency_set)
    client.force_login(editor)

    page = client.get(made.get_absolute_url())
    old = client.get(agency_set.get_absolute_url())

    assertContains(page, "Bản này lập theo 12/CV-SGDĐT.")
    assertContains(page, "Đỗ Thị Quản lập lúc")
    assertContains(page, f'href="{agency_set.get_absolute_url()}"')
    assertContains(old, f'Đã có <a href="{made.get_absolute_url()}">bản 2</a> mới hơn.')
    assertNotContains(page, "mới hơn.")


def test_a_set_names_the_rounds_that_use_each_version(client, administrator, appraiser):
    newer = make_points(PointSet.Subject.AGENCY, version=2)
    older = make_points(PointSet.Subject.AGENCY)
    make_round(name="Cũ", agency_points=older)
    make_round(name="Mới", agency_points=newer)
    make_round(name="Sắp tới", agency_points=older, opened_at=None)
    apart = make_round(name="Biểu điểm khác", agency_points=make_points(code="bieu-diem-rieng"))

    client.force_login(administrator)
    managed = client.get(newer.get_absolute_url())
    client.force_login(appraiser)
    read = client.get(newer.get_absolute_url())

    for name in ("Cũ", "Mới"):
        assertContains(managed, f"Đợt {name}</a> dùng bản này")
        assertContains(read, f"Đợt {name}</a> dùng bản này")
    assertContains(managed, "Đợt Sắp tới</a> chưa mở, sẽ dùng bản mới nhất khi mở")
    assertNotContains(read, "Sắp tới")
    assertNotContains(managed, f'href="{apart.get_absolute_url()}"')
    # Only the opened round with an older version may go over, and only the administrator sees it.
    assertContains(managed, "Dùng bản này cho đợt", count=1)
    assertContains(managed, "Dùng bản này cho đợt Cũ")
    assertNotContains(read, "Dùng bản này cho đợt")


def test_a_unit_hears_of_its_own_rounds_only(client, editor, district):
    own, other = make_round(name="Của tôi"), make_round(name="Của nơi khác")
    make_line(own, make_agency(parent=district))
    client.force_login(editor)

    page = client.get(own.agency_points.get_absolute_url())

    assertContains(page, "Đợt Của tôi dùng bản này")
    assertNotContains(page, other.name)


def test_the_catalogue_lists_the_newest_version_of_each_set(
    client, editor, agency_set, commune_set
):
    newer = make_version(agency_set)
    client.force_login(editor)

    page = client.get("/bo-tieu-chi/")

    assertContains(page, f'href="{newer.get_absolute_url()}"')
    assertNotContains(page, f'href="{agency_set.get_absolute_url()}"')
    assertContains(page, "9 mục, 100 điểm")
    assertContains(page, "đủ 4 mức")
    assertContains(page, "15 trong 15 mục chưa có điểm")
    assertContains(page, "chưa có điểm bắt đầu")


def test_of_many_rounds_the_newest_are_named_and_the_rest_counted(
    client, administrator, commune_set
):
    for year in range(2020, 2034):
        make_round(name=f"Năm {year}", year=year, commune_points=commune_set)
    client.force_login(administrator)

    page = client.get(commune_set.get_absolute_url())

    assertContains(page, "Đợt Năm 2033</a>")
    assertContains(page, "Đợt Năm 2022</a>")
    assertNotContains(page, "Đợt Năm 2021</a>")
    assertContains(page, "và 2 đợt khác")


def queries_of(client, url):
    with CaptureQueriesContext(connection) as counted:
        client.get(url)
    return len(counted)


def test_more_items_versions_and_rounds_cost_no_more_queries(client, administrator, commune_set):
    client.force_login(administrator)
    make_round(commune_points=commune_set)
    few = queries_of(client, commune_set.get_absolute_url())

    versions = [commune_set]
    for _ in range(5):
        versions.append(make_version(versions[-1]))
    for version in versions:
        make_round(commune_points=version)
        make_round(commune_points=version, opened_at=None)
    many = queries_of(client, versions[-1].get_absolute_url())

    assert (few, many) == (13, 13)


def test_more_sets_cost_no_more_queries(client, editor, agency_set):
    client.force_login(editor)
    few = queries_of(client, "/bo-tieu-chi/")

    for number in range(5):
        load_point_set(data_of(COMMUNE) | {"code": f"bo-{number}"})

    assert queries_of(client, "/bo-tieu-chi/") == few


@pytest.mark.parametrize("model", [PointSet, PointItem, Rating])
def test_operators_only_look(rf, model):
    registered = admin.site._registry[model]
    request = rf.get("/")

    assert not registered.has_add_permission(request)
    assert not registered.has_change_permission(request)
    assert not registered.has_delete_permission(request)
