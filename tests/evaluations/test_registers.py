"""Pages of registers: who sees which, what they say, and units that come and go."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.models import CriteriaSet
from evaluations.models import UnitResult
from evaluations.unit_sheets import SheetStatus
from organisations.models import Organisation, Role
from tests.factories import (
    make_agencies,
    make_agency,
    make_city,
    make_commune,
    make_communes,
    make_counted_set,
    make_district,
    make_dossier,
    make_line,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db

INDEX = reverse("evaluations:registers")


@pytest.fixture
def pilot_round():
    return make_round(
        district_set=make_counted_set(), city_set=make_counted_set(CriteriaSet.Subject.CITY)
    )


@pytest.fixture
def dossier(district, pilot_round):
    return make_dossier(district, pilot_round=pilot_round)


def url_of(dossier, kind="xa", name="register", owner=None):
    owner = owner or dossier.unit
    return reverse(f"evaluations:{name}", args=[dossier.pilot_round_id, owner.pk, kind])


def page(client, user, url, **query):
    client.force_login(user)
    return client.get(url, query)


# --- Which registers there are ----------------------------------------------------------------


def test_district_meets_both_its_registers(client, dossier, editor):
    make_communes(dossier.pilot_round, dossier.unit, ["kha"] * 20 + ["trung-binh"] * 5 + [None])
    make_agencies(dossier.pilot_round, dossier.unit, ["tot"] * 7 + [None] * 2)

    answer = page(client, editor, INDEX)

    assertContains(answer, "25/26")
    assertContains(answer, "20/26")
    assertContains(answer, "Thêm <b>1 xã</b> từ Khá trở lên (21/26 = 80,8\xa0%) là mức độ 2.")
    assertContains(answer, "2 cơ quan chưa có kết quả")
    assertContains(answer, url_of(dossier, "co-quan"))


def test_year_before_stands_beside(client, dossier, editor):
    unit = make_commune(parent=dossier.unit)
    make_line(dossier.pilot_round, unit, rating="kha", year=2021)
    make_line(dossier.pilot_round, unit)

    assertContains(page(client, editor, INDEX), "Năm 2021: 1/1 = 100\xa0%")


@pytest.mark.parametrize("person", ["appraiser", "approver", "council_member", "observer"])
def test_readers_meet_every_district_of_the_round_and_the_city(client, dossier, person, request):
    other = make_district("Quận Ngô Quyền", "304")
    make_communes(dossier.pilot_round, dossier.unit, ["kha"] * 3 + ["trung-binh"])
    make_communes(dossier.pilot_round, other, [None])
    make_agencies(dossier.pilot_round, make_city(), ["tot", None])

    answer = page(client, request.getfixturevalue(person), INDEX)

    assertContains(answer, "75,0\xa0%")
    assertContains(answer, "Quận Ngô Quyền")
    assertContains(answer, "Thành phố Hải Phòng")
    assertContains(answer, "50,0\xa0%")


def test_district_without_anything_in_the_round_is_not_listed(client, dossier, appraiser):
    make_district("Huyện Kiến Thụy", "314")

    assertNotContains(page(client, appraiser, INDEX), "Kiến Thụy")


def test_reader_of_one_district_meets_that_one(client, dossier, outsider):
    make_dossier(outsider.organisation, pilot_round=dossier.pilot_round)
    reader = make_user(Role.OBSERVER, make_agency("Hội Khuyến học huyện", parent=dossier.unit))

    answer = page(client, reader, INDEX)

    assertContains(answer, url_of(dossier))
    assertNotContains(answer, outsider.organisation.name)


@pytest.mark.parametrize("make", [make_commune, make_agency])
def test_person_of_a_unit_is_sent_to_its_own_sheet(client, dossier, make):
    unit = make(parent=dossier.unit)
    make_line(dossier.pilot_round, unit)

    answer = page(client, make_user(Role.EDITOR, unit), INDEX)

    assertRedirects(answer, reverse("evaluations:sheets"), fetch_redirect_response=False)


def test_administrator_has_no_such_page(client, dossier, administrator):
    assert page(client, administrator, INDEX).status_code == HTTPStatus.NOT_FOUND


def test_without_a_round_the_page_says_so(client, editor):
    assertContains(page(client, editor, INDEX), "Chưa có danh sách đơn vị nào.")


@pytest.mark.parametrize("districts", [2, 12])
def test_page_of_all_asks_a_constant_number_of_questions(
    client, pilot_round, appraiser, districts, django_assert_num_queries
):
    for _ in range(districts):
        make_communes(pilot_round, make_district(), ["kha", None])
    client.force_login(appraiser)

    with django_assert_num_queries(18):
        client.get(INDEX)


# --- Who sees a register ----------------------------------------------------------------------


@pytest.mark.parametrize("person", ["editor", "leader"])
def test_its_keepers_type_in_it(client, dossier, person, request):
    (line,) = make_communes(dossier.pilot_round, dossier.unit, ["kha"])

    answer = page(client, request.getfixturevalue(person), url_of(dossier))

    assertContains(answer, f'name="{line.pk}-rating"')
    assertContains(answer, "Lưu các dòng của trang này")


@pytest.mark.parametrize("person", ["appraiser", "approver", "council_member", "observer"])
def test_readers_see_the_same_without_fields(client, dossier, person, request):
    (line,) = make_communes(dossier.pilot_round, dossier.unit, ["kha"])

    answer = page(client, request.getfixturevalue(person), url_of(dossier))

    assertContains(answer, line.unit.name)
    assertContains(answer, "Từ Khá trở lên")
    for field in ("<select", 'method="post" data-lines', "Lưu các dòng", "grid.js", "Thêm cơ quan"):
        assertNotContains(answer, field)


@pytest.mark.parametrize("name", ["register", "add-unit"])
@pytest.mark.parametrize("person", ["outsider", "administrator"])
def test_others_do_not_learn_of_it(client, dossier, name, person, request):
    answer = page(client, request.getfixturevalue(person), url_of(dossier, "co-quan", name))

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_person_of_a_commune_does_not_see_the_others(client, dossier):
    (line,) = make_communes(dossier.pilot_round, dossier.unit, ["kha"])

    answer = page(client, make_user(Role.LEADER, line.unit), url_of(dossier))

    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("kind", ["huyen", "x"])
def test_there_are_no_other_kinds(client, dossier, editor, kind):
    assert page(client, editor, url_of(dossier, kind)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("year", "status"), [("2021", 200), ("2022", 200), ("2020", 404), ("x", 404)]
)
def test_round_has_its_year_and_the_one_before(client, dossier, editor, year, status):
    assert page(client, editor, url_of(dossier), nam=year).status_code == status


def test_round_that_is_not_opened_is_not_there(client, district, editor, appraiser):
    planned = make_round(opened_at=None)
    url = reverse("evaluations:register", args=[planned.pk, district.pk, "xa"])

    for person in (editor, appraiser):
        assert page(client, person, url).status_code == HTTPStatus.NOT_FOUND


def test_district_that_is_not_in_the_round_has_no_register_there(client, dossier, appraiser):
    url = url_of(dossier, owner=make_district())

    assert page(client, appraiser, url).status_code == HTTPStatus.NOT_FOUND


def test_city_has_agencies_and_no_communes(client, dossier, appraiser, editor):
    agencies = url_of(dossier, "co-quan", owner=make_city())
    communes = url_of(dossier, "xa", owner=make_city())

    assertContains(page(client, appraiser, agencies), "Thêm cơ quan")
    assert client.get(communes).status_code == HTTPStatus.NOT_FOUND
    assert page(client, editor, agencies).status_code == HTTPStatus.NOT_FOUND


# --- What stands around the lines -------------------------------------------------------------


def test_indicator_is_linked_where_the_dossier_may_be_read(client, dossier, editor, appraiser):
    indicator = reverse("evaluations:indicator", args=[dossier.pk, "2.1.2"])

    assertContains(page(client, editor, url_of(dossier)), f'<a href="{indicator}">2.1.2</a>')
    assertNotContains(page(client, appraiser, url_of(dossier)), indicator)  # a draft


def test_page_names_the_circular(client, dossier, editor):
    points = dossier.pilot_round.commune_points
    points.legal_basis = "Thông tư 44/2014/TT-BGDĐT ngày 12/12/2014"
    points.save()

    answer = page(client, editor, url_of(dossier))

    assertContains(
        answer, f'<a href="{points.get_absolute_url()}">Thông tư 44/2014/TT-BGDĐT</a>', html=True
    )


@pytest.mark.parametrize(
    ("good", "total", "said"),
    [
        (6, 10, "Dưới 70\xa0%. Thêm <b>1 xã</b> từ Khá trở lên (7/10 = 70,0\xa0%) là mức độ 1."),
        (7, 10, "Mức độ 1. Thêm <b>2 xã</b> từ Khá trở lên (9/10 = 90,0\xa0%) là mức độ 2."),
        (8, 10, "Mức độ 1. Thêm <b>1 xã</b> từ Khá trở lên (9/10 = 90,0\xa0%) là mức độ 2."),
        (9, 10, "Mức độ 2. Thêm <b>1 xã</b> từ Khá trở lên (10/10 = 100\xa0%) là mức độ 3."),
        (10, 10, "Mức độ 3, mức cao nhất."),
    ],
)
def test_totals_say_the_level_and_what_the_next_one_takes(
    client, dossier, editor, good, total, said
):
    make_communes(
        dossier.pilot_round, dossier.unit, ["kha"] * good + ["trung-binh"] * (total - good)
    )

    assertContains(page(client, editor, url_of(dossier)), said)


def test_totals_split_by_rating_and_show_the_missing_apart(client, dossier, editor):
    make_communes(dossier.pilot_round, dossier.unit, ["tot", "kha", "kha", "chua-dat", None])

    assertContains(
        page(client, editor, url_of(dossier)),
        "Tốt 1, Khá 2, Trung bình 0, Chưa đạt 1, chưa có 1",
    )


def test_nothing_entered_is_not_nought(client, dossier, editor):
    make_communes(dossier.pilot_round, dossier.unit, [None, None])

    assertContains(page(client, editor, url_of(dossier)), "chưa tính tỷ lệ")


def test_year_before_sets_no_level(client, dossier, editor):
    make_line(dossier.pilot_round, make_commune(parent=dossier.unit), rating="kha", year=2021)

    answer = page(client, editor, url_of(dossier), nam="2021")

    assertContains(answer, "Số của năm trước, để so sánh.")
    assertNotContains(answer, "Là số liệu của chỉ báo")


def test_quarter_speaks_of_wards(client, pilot_round):
    quarter = make_district("Quận Lê Chân", "305", type="quận")
    make_communes(pilot_round, quarter, ["trung-binh"])

    answer = page(
        client,
        make_user(Role.EDITOR, quarter),
        reverse("evaluations:register", args=[pilot_round.pk, quarter.pk, "xa"]),
    )

    assertContains(answer, "Thêm <b>1 phường</b>")


def test_sent_dossier_is_said_not_to_move(client, dossier, editor):
    make_communes(dossier.pilot_round, dossier.unit, ["kha"])
    open_answer = page(client, editor, url_of(dossier))
    dossier.status, dossier.first_submitted_at = "submitted", timezone.now()
    dossier.save()

    assertNotContains(open_answer, "Hồ sơ đã gửi giữ số")
    assertContains(page(client, editor, url_of(dossier)), "Hồ sơ đã gửi giữ số của lúc gửi.")


def test_round_without_a_point_set_takes_no_results_and_says_why(client, dossier, editor):
    make_communes(dossier.pilot_round, dossier.unit, [None])
    dossier.pilot_round.commune_points = None
    dossier.pilot_round.save()

    answer = page(client, editor, url_of(dossier))

    assertContains(answer, "Đợt này chưa có biểu điểm")
    assertNotContains(answer, "<select")


# --- What to do first -------------------------------------------------------------------------


def test_empty_register_offers_the_units_that_are_known(client, dossier, editor):
    make_agency(parent=dossier.unit)
    make_agency(parent=dossier.unit)

    answer = page(client, editor, url_of(dossier, "co-quan"))

    assertContains(answer, "Danh sách chưa có cơ quan nào.")
    assertContains(answer, "Bổ sung 2 cơ quan đã có của huyện")
    assertContains(answer, url_of(dossier, "co-quan", "add-unit"))


def test_known_units_come_in_by_one_press(client, dossier, editor):
    make_agency(parent=dossier.unit)
    client.force_login(editor)

    answer = client.post(url_of(dossier, "co-quan", "enter-known-units"), follow=True)

    assertContains(answer, "Đã bổ sung 1 cơ quan vào danh sách.")
    assert UnitResult.objects.filter(year=2022).count() == 1


def test_communes_are_nobodys_to_add(client, dossier, editor):
    answer = page(client, editor, url_of(dossier))

    assertContains(answer, "danh mục do quản trị giữ")
    assertNotContains(answer, "Thêm cơ quan")
    assert client.get(url_of(dossier, "xa", "add-unit")).status_code == HTTPStatus.NOT_FOUND


NEW = {"name": "Trường Tiểu học Nhân Hòa", "unit_type": "trường tiểu học", "since": "1/9/2005"}


def test_new_agency_is_entered(client, dossier, editor):
    client.force_login(editor)

    answer = client.post(url_of(dossier, "co-quan", "add-unit"), NEW, follow=True)

    assertContains(answer, "Đã thêm Trường Tiểu học Nhân Hòa, mã 316-001.")
    unit = Organisation.objects.get(name=NEW["name"])
    assert (unit.type, unit.valid_from) == ("trường tiểu học", date(2005, 9, 1))


def test_adding_several_stays_on_the_form(client, dossier, editor):
    client.force_login(editor)
    url = url_of(dossier, "co-quan", "add-unit")

    assertRedirects(client.post(url, {**NEW, "another": "1"}), url)


def test_name_that_is_there_leads_to_its_line(client, dossier, editor):
    client.force_login(editor)
    url = url_of(dossier, "co-quan", "add-unit")
    client.post(url, NEW)

    answer = client.post(url, {**NEW, "name": "Trường tiểu học Nhân Hoà"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    line = UnitResult.objects.get(year=2022)
    assertContains(answer, line.get_absolute_url(), status_code=422)
    assert UnitResult.objects.filter(year=2022).count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Ghi tên cơ quan, đơn vị."),
        ("unit_type", "", "Ghi loại"),
        ("since", "", "Ghi ngày"),
        ("since", "31/6/2020", "tháng 6 có 30 ngày"),
        ("since", "01/01/2023", "không thuộc danh sách năm này"),
    ],
)
def test_faults_of_a_new_agency_are_told(client, dossier, editor, field, typed, said):
    client.force_login(editor)

    answer = client.post(url_of(dossier, "co-quan", "add-unit"), {**NEW, field: typed})

    assertContains(answer, said, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assert not UnitResult.objects.exists()


@pytest.mark.parametrize("name", ["add-unit", "enter-known-units"])
def test_reader_brings_no_units_in(client, dossier, appraiser, name):
    client.force_login(appraiser)

    answer = client.post(url_of(dossier, "co-quan", name), NEW)

    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_reader_is_not_shown_the_form_either(client, dossier, appraiser):
    answer = page(client, appraiser, url_of(dossier, "co-quan", "add-unit"))

    assert answer.status_code == HTTPStatus.FORBIDDEN


# --- One line ---------------------------------------------------------------------------------


@pytest.fixture
def line(dossier):
    return make_line(dossier.pilot_round, make_agency("Phòng Nội vụ", parent=dossier.unit))


def line_url(line, name="unit-result"):
    return reverse(f"evaluations:{name}", args=[line.pk])


def test_line_shows_every_field_and_its_trail(client, line, editor):
    client.force_login(editor)
    client.post(
        line_url(line, "save-unit-result"),
        {"line-page": "1", f"{line.pk}-base": "{}", f"{line.pk}-rating": "Khá"},
    )

    answer = client.get(line_url(line))

    for name in ("score", "rating", "decision_number", "decision_on", "self_score", "in_scope"):
        assertContains(answer, f'name="{line.pk}-{name}"')
    assertContains(answer, "xếp loại: trống → Khá")


def test_line_is_put_out_of_scope_with_a_reason(client, line, editor):
    client.force_login(editor)
    typed = {f"{line.pk}-in_scope": "Không", f"{line.pk}-exclusion_reason": "Cơ quan ngành dọc"}
    base = {f"{line.pk}-base": '{"in_scope": "Có", "exclusion_reason": ""}', "line-page": "1"}

    answer = client.post(line_url(line, "save-unit-result"), typed | base, follow=True)

    assertContains(answer, "Ngoài phạm vi")
    line.refresh_from_db()
    assert (line.in_scope, line.exclusion_reason) == (False, "Cơ quan ngành dọc")


def test_unit_reads_its_own_line_without_fields(client, line):
    own = make_user(Role.LEADER, line.unit)

    answer = page(client, own, line_url(line))

    assertContains(answer, "Phòng Nội vụ")
    assertNotContains(answer, "<select")
    assertNotContains(answer, url_of_register(line))


def url_of_register(line):
    return reverse("evaluations:register", args=[line.pilot_round_id, line.owner_id, "co-quan"])


def test_reader_reads_a_line(client, line, appraiser):
    answer = page(client, appraiser, line_url(line))

    assertContains(answer, url_of_register(line))
    assertNotContains(answer, "<select")


@pytest.mark.parametrize("person", ["outsider", "administrator"])
def test_line_of_another_district_is_not_there(client, line, person, request):
    client.force_login(request.getfixturevalue(person))

    assert client.get(line_url(line)).status_code == HTTPStatus.NOT_FOUND
    for name in ("save-unit-result", "take-out-unit", "close-unit"):
        assert client.post(line_url(line, name)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["save-unit-result", "take-out-unit", "close-unit"])
def test_reader_writes_nothing_on_a_line(client, line, appraiser, name):
    client.force_login(appraiser)

    answer = client.post(line_url(line, name), {f"{line.pk}-rating": "Khá"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    line.refresh_from_db()
    assert line.rating is None


def test_own_sheet_is_shown_and_not_typed_over(client, line, editor):
    line.self_score = 84
    line.self_rating = line.pilot_round.agency_points.ratings.get(code="kha")
    line.sheet_status, line.sheet_since = SheetStatus.SUBMITTED, timezone.now()
    line.save()

    answer = page(client, editor, line_url(line))

    assertContains(answer, "Khá, 84 điểm")
    assertContains(answer, "Lý do khác với tự chấm")
    assertNotContains(answer, f'name="{line.pk}-self_score"')


def test_agency_that_is_no_more_is_closed(client, line, editor):
    client.force_login(editor)

    answer = client.post(
        line_url(line, "close-unit"), {"on": "30/06/2022", "reason": "Sáp nhập"}, follow=True
    )

    assertContains(answer, "hoạt động đến hết 30/06/2022")
    assertContains(answer, "Ngoài phạm vi")
    line.refresh_from_db()
    assert line.exclusion_reason == "Ngừng hoạt động sau ngày 30/06/2022: Sáp nhập"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on": "", "reason": "x"}, "Ghi ngày"),
        ({"on": "30/06/2022", "reason": ""}, "Ghi lý do"),
        ({"on": "01/02/2020", "reason": "x"}, "Phải sau ngày đơn vị có, 01/02/2020."),
        ({"on": "31/12/2099", "reason": "x"}, "Ngày này chưa tới."),
    ],
)
def test_faults_of_closing_are_told(client, line, editor, typed, said):
    client.force_login(editor)

    answer = client.post(line_url(line, "close-unit"), typed)

    assertContains(answer, said, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    line.refresh_from_db()
    assert line.in_scope


def test_commune_is_not_closed_here(client, dossier, editor):
    (line,) = make_communes(dossier.pilot_round, dossier.unit, [None])

    assertNotContains(page(client, editor, line_url(line)), "Ghi ngừng hoạt động")
    assert client.get(line_url(line, "close-unit")).status_code == HTTPStatus.FORBIDDEN


def test_agency_entered_by_mistake_is_taken_out(client, line, editor):
    client.force_login(editor)

    assertContains(client.get(line_url(line)), "Bỏ Phòng Nội vụ khỏi danh sách")
    answer = client.post(line_url(line, "take-out-unit"), follow=True)

    assertContains(answer, "Đã bỏ Phòng Nội vụ khỏi danh sách.")
    assert not UnitResult.objects.exists()


def test_agency_with_a_result_is_not_taken_out_and_told_why(client, line, editor):
    line.rating = line.pilot_round.agency_points.ratings.get(code="kha")
    line.save()
    client.force_login(editor)

    assertNotContains(client.get(line_url(line)), "Bỏ Phòng Nội vụ khỏi danh sách")
    answer = client.post(line_url(line, "take-out-unit"), follow=True)

    assertContains(answer, "Đơn vị không còn nữa thì ghi ngừng hoạt động")
    assert UnitResult.objects.exists()
