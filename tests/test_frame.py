"""What every page stands on: the masthead, the error pages, the faces, the static files."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.paginator import Paginator
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.urls import include, path
from django.views.defaults import page_not_found, permission_denied
from fontTools.ttLib import TTFont

from evaluations.models import Assignment
from hocxahoi.context import MENUS, navigation
from hocxahoi.logs import with_request
from hocxahoi.urls import urlpatterns as real_urlpatterns
from hocxahoi.views import server_error
from organisations.models import Role
from tests.factories import (
    make_agency,
    make_city,
    make_commune,
    make_district,
    make_dossier,
    make_round,
    make_user,
)

FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
VIETNAMESE = {*range(0x1EA0, 0x1EFA), *map(ord, "ăâđêôơưĂÂĐÊÔƠƯ₫≥≤–“”…\u00a0")}


def _request(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    request.session = {}
    return request


OF_A_DISTRICT = "Việc của tôi, Hồ sơ, Kết quả đơn vị, Minh chứng, Báo cáo, Bộ tiêu chí"
OF_THE_SO = "Việc của tôi, Bảng theo dõi, Thẩm định, Kết quả đơn vị, Hội đồng, Báo cáo, Bộ tiêu chí"
OF_A_READER = "Việc của tôi, Bảng theo dõi, Kết quả đơn vị, Hội đồng, Báo cáo, Bộ tiêu chí"


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.EDITOR, OF_A_DISTRICT),
        (Role.LEADER, OF_A_DISTRICT),
        (Role.APPRAISER, OF_THE_SO),
        (Role.APPROVER, OF_THE_SO),
        (Role.COUNCIL, OF_A_READER),
        (Role.OBSERVER, OF_A_READER),
        (
            Role.ADMINISTRATOR,
            "Việc của tôi, Đơn vị, Người dùng, Đợt, Bộ tiêu chí, Tình trạng",
        ),
    ],
)
def test_menu_names_the_pages_of_a_role(role, labels, db):
    user = make_user(role)

    menu = navigation(_request(user))["navigation"]

    assert [item.label for item in menu] == labels.split(", ")


def test_the_agency_that_compiles_the_dossier_of_the_city_prints_it(db):
    """One that leads an indicator of it finds the dossier in its menu, but no reports."""
    compiler, lead = make_agency(parent=make_city()), make_agency(parent=make_city())
    dossier = make_dossier(make_city(), pilot_round=make_round(standing_agency=compiler))
    Assignment.objects.create(result=dossier.results.first(), agency=lead)

    for office, has_reports in ((compiler, True), (lead, False)):
        menu = navigation(_request(make_user(Role.EDITOR, office)))["navigation"]
        labels = [item.label for item in menu]
        assert "Hồ sơ" in labels
        assert ("Báo cáo" in labels) is has_reports


@pytest.mark.parametrize("make_office", [make_agency, make_commune])
@pytest.mark.parametrize("role", [Role.EDITOR, Role.LEADER])
def test_menu_of_who_scores_their_own_office(db, role, make_office):
    """A commune or an agency has a sheet, and neither dossier nor registers nor reports."""
    user = make_user(role, make_office(parent=make_district()))

    menu = navigation(_request(user))["navigation"]

    assert [item.label for item in menu] == [
        *("Việc của tôi", "Phiếu tự chấm", "Minh chứng", "Bộ tiêu chí"),
    ]


@pytest.mark.parametrize("path", ["/phien-hop/", "/phien-hop/3/", "/quyet-dinh/", "/quyet-dinh/3/"])
def test_sessions_and_decisions_are_one_item(path, db):
    menu = navigation(_request(make_user(Role.APPROVER), path))["navigation"]

    assert [item.label for item in menu if item.is_current] == ["Hội đồng"]


def test_every_role_has_a_menu():
    assert set(MENUS) == set(Role)


def test_menu_marks_the_page_one_is_on(editor):
    menu = navigation(_request(editor, "/ho-so/12/chi-bao/2.1.2/"))["navigation"]

    assert [item.label for item in menu if item.is_current] == ["Hồ sơ"]


def test_nobody_signed_in_sees_no_menu():
    assert navigation(_request(AnonymousUser())) == {}


def test_masthead_names_the_office_and_lets_one_out(client, editor):
    client.force_login(editor)

    page = client.get("/khong-co-trang-nay/")

    assert page.status_code == 404
    assert "Huyện Vĩnh Bảo" in page.text
    assert re.search(r'<form method="post" action="/dang-xuat/">', page.text)


@pytest.mark.parametrize(
    ("answer", "exception", "words"),
    [
        (page_not_found, Http404("No Evaluation matches"), "Không có trang này"),
        (permission_denied, PermissionDenied(), "Chưa được phép"),
        (permission_denied, PermissionDenied("Hồ sơ đã gửi ngày 08/12/2022."), "08/12/2022"),
    ],
)
def test_error_pages_speak_vietnamese_to_a_stranger(answer, exception, words):
    page = answer(_request(AnonymousUser()), exception)

    assert words in page.content.decode()
    assert "matches" not in page.content.decode()


def _fails(request):
    raise ZeroDivisionError


urlpatterns = [path("hong/", _fails), path("", include(real_urlpatterns))]
handler500 = server_error


@override_settings(ROOT_URLCONF=__name__)
def test_server_error_shows_the_code_that_the_log_has(client, editor, caplog):
    client.force_login(editor)
    client.raise_request_exception = False

    page = client.get("/hong/")

    code = re.search(r"<b class=\"nowrap\">([0-9a-f]{4}(-[0-9a-f]{4}){2})</b>", page.text)[1]
    logged = next(record for record in caplog.records if record.exc_info)
    with_request(logged)
    assert page.status_code == 500
    assert (logged.exc_info[0], logged.request_id) == (ZeroDivisionError, code)


@pytest.mark.parametrize(
    ("number", "links"),
    [
        (1, ["Trang sau", "Trang cuối"]),
        (2, ["Trang trước", "Trang sau", "Trang cuối"]),
        (8, ["Trang đầu", "Trang trước", "Trang sau", "Trang cuối"]),
        (15, ["Trang đầu", "Trang trước", "Trang sau"]),
        (16, ["Trang đầu", "Trang trước"]),
    ],
)
def test_a_long_list_is_left_through_at_either_end(rf, number, links):
    page = Paginator(range(796), 50).page(number)

    shown = render_to_string("partials/pagination.html", {"page": page}, rf.get("/?q=an"))

    assert re.findall(r">(Trang [^<\d]+)</a>", shown) == links
    assert "?q=an&amp;page=" in shown
    assert f"Trang {number}/16" in shown


@pytest.mark.parametrize("face", sorted(FONTS.glob("tinos/Tinos-*"), key=str), ids=lambda f: f.name)
def test_law_faces_have_every_letter_of_vietnamese(face):
    with TTFont(face) as font:
        missing = VIETNAMESE - set(font.getBestCmap())

    assert not missing


def test_static_files_name_nothing_that_is_missing(tmp_path, settings):
    """The half of the deployed storage that refuses: a map, a font or a picture not there."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])

    assert (tmp_path / "staticfiles.json").exists()


def test_base_needs_nothing_inline():
    page = render_to_string("base.html", {"user": AnonymousUser()})

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
