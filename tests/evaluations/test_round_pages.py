"""The administrator's pages of a round: what they say, keep and lead to."""

from datetime import date
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.held_rounds import version_of
from evaluations.actions.planning import copy_round
from evaluations.models import PilotRound
from evaluations.turns import turn_of
from hocxahoi.context import MENUS
from organisations.models import Role
from tests.factories import (
    make_department,
    make_district,
    make_dossier,
    make_round,
    make_user,
)

# What these show is there without any round.
WITHOUT_A_ROUND = {
    *("organisations:units", "organisations:people", "criteria:index", "evaluations:documents"),
}
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def address(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def form_of(pilot_round, **changed):
    """What the page of a round sends."""
    sets = ("district_set", "city_set", "agency_points", "commune_points")
    return {
        **{name: getattr(pilot_round, f"{name}_id") for name in sets},
        "name": pilot_round.name,
        "year": pilot_round.year,
        "self_assessment_due_on": f"{pilot_round.self_assessment_due_on:%d/%m/%Y}",
        "standing_agency": make_department().pk,
        "version": version_of(pilot_round),
        **changed,
    }


def test_a_round_is_made_and_a_second_press_leads_to_the_same(admin):
    typed = form_of(make_round(), name="Đợt Công nhận 2023", year="2023")

    answers = [admin.post(address("new-round"), typed) for _ in range(2)]

    made = PilotRound.objects.get(name="Công nhận 2023")  # "đợt" is said before every name
    assert made.is_planned
    for answer in answers:
        assertRedirects(answer, made.get_absolute_url())
    assert made.events.count() == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(admin):
    make_round(name="Thí điểm 2022")
    typed = form_of(make_round(), name="Thí điểm 2022", year="2023")

    taken = admin.post(address("new-round"), typed)
    faulty = admin.post(
        address("new-round"),
        typed | {"name": "", "year": "hai nghìn", "self_assessment_due_on": "31/02/2023"},
    )

    assertContains(taken, "Đã có đợt tên này.", status_code=UNPROCESSABLE)
    assertContains(taken, 'value="Thí điểm 2022"', status_code=UNPROCESSABLE)
    for said in ("Ghi tên đợt", "Năm gồm bốn chữ số", "Ngày 31/02/2023 không có", "hai nghìn"):
        assertContains(faulty, said, status_code=UNPROCESSABLE)


def test_without_a_catalogue_the_page_says_who_loads_it(admin):
    assertContains(admin.get(address("new-round")), "manage.py load_reference")


def test_all_and_none_are_ticked_without_being_stored(admin):
    plan = make_round(opened_at=None)
    units = [make_district() for _ in range(3)]
    url = address("participants", plan.pk)
    typed = {"version": version_of(plan), "units": [units[0].pk]}

    ticked = {
        mark: admin.post(url, typed | {"mark": mark}).content.decode().count(" checked")
        for mark in ("all", "none")
    }

    assert ticked == {"all": 3, "none": 0}
    assert not plan.planned_participants.exists()
    admin.post(url, typed)
    assert list(plan.planned_participants.all()) == [units[0]]


def test_of_two_administrators_the_second_is_told_and_may_press_again(admin, client):
    plan, units = make_round(opened_at=None), [make_district(), make_district()]
    other = make_user(Role.ADMINISTRATOR, make_department(), full_name="Lê Văn Kia")
    url = address("participants", plan.pk)
    seen = version_of(plan)
    client.force_login(other)
    client.post(url, {"version": seen, "units": [units[0].pk]})

    told = client.post(url, {"version": seen, "units": [units[1].pk]})

    text = "Lê Văn Kia vừa sửa đợt này (chọn 1 đơn vị tham gia)."
    assertContains(told, text, status_code=UNPROCESSABLE)
    assert list(plan.planned_participants.all()) == [units[0]]
    client.post(url, {"version": told.context["version"], "units": [units[1].pk]})
    assert list(plan.planned_participants.all()) == [units[1]]


def test_a_year_without_districts_says_what_to_do(admin):
    make_district(valid_to=date(2024, 12, 31))
    plan = make_round(opened_at=None, year=2026)

    page = admin.get(address("participants", plan.pk))

    assertContains(page, "Danh mục không có quận, huyện nào của năm này.")
    assertContains(page, address("change-round", plan.pk))


def test_the_summary_says_what_becomes_fixed_and_opens_only_what_is_ready(admin):
    plan = make_round(opened_at=None, standing_agency=make_department())
    url = address("open-round", plan.pk)
    page = admin.get(url)
    assertContains(page, "Chưa chọn đơn vị nào tham gia.")
    assertContains(page, "Cố định từ khi mở")
    assertNotContains(page, "Mở đợt cho")

    plan.planned_participants.add(make_district("Huyện Vĩnh Bảo"))
    page = admin.get(url)
    assertContains(page, "Mở đợt cho 1 đơn vị")
    for _ in range(2):  # the second press is told that it is open
        answer = admin.post(url, {"version": page.context["version"]}, follow=True)

    plan.refresh_from_db()
    assert plan.is_open
    assertContains(answer, "Đợt đã mở lúc")
    assert plan.evaluations.of_districts().count() == 1


def test_an_earlier_reading_is_proposed_and_adopted_only_by_a_press(admin, administrator):
    source = make_round(name="Thí điểm 2022")
    source.adopted_readings.create(
        question="fall", choice="relative", document="9/CV-SGDĐT", adopted_by=administrator
    )
    made = copy_round(
        source=source, name="Công nhận 2023", year=2023, is_practice=False, by=administrator
    )

    page = admin.get(made.get_absolute_url())
    form = admin.get(address("adopt-reading", made.pk, "fall"))

    assertContains(page, "theo 9/CV-SGDĐT")
    assertContains(form, 'value="9/CV-SGDĐT"')
    assertContains(form, "Chưa áp dụng")
    assert not made.adopted_readings.exists()


def test_the_calendar_of_an_open_round_is_changed_by_its_page(admin):
    pilot_round = make_dossier().pilot_round
    typed = {"label": "Sơ kết", "due_on": "30/06/2022"}
    admin.post(address("calendar", pilot_round.pk), typed)
    line = pilot_round.milestones.get()
    url = address("change-milestone", pilot_round.pk, line.pk)
    version = version_of(pilot_round)
    twisted = typed | {"starts_on": "01/07/2022", "version": version}

    assertContains(admin.post(url, twisted), "từ ngày bắt đầu trở đi", status_code=UNPROCESSABLE)
    admin.post(url, typed | {"starts_on": "01/06/2022", "version": version})
    line.refresh_from_db()
    assert line.starts_on == date(2022, 6, 1)

    for _ in range(2):
        answer = admin.post(address("remove-milestone", pilot_round.pk, line.pk), follow=True)
    assertContains(answer, "Mốc này đã được bỏ khỏi lịch.")
    assertContains(admin.get(pilot_round.get_absolute_url()), "Bỏ mốc “Sơ kết”")
    assertRedirects(admin.get(url), address("calendar", pilot_round.pk))


def test_a_closed_round_shows_nobody_late_and_offers_nothing_but_opening_it_again(
    admin, administrator
):
    evaluation = make_dossier(make_district("Huyện Vĩnh Bảo"))
    pilot_round = evaluation.pilot_round
    assert turn_of(evaluation, date(2023, 1, 1)).is_late
    page = admin.get(address("close-round", pilot_round.pk))
    assertContains(page, "1 hồ sơ đang tự đánh giá: Vĩnh Bảo.")
    refused = admin.post(address("close-round", pilot_round.pk), {"reason": " "})
    assertContains(refused, "Ghi lý do.", status_code=UNPROCESSABLE)

    admin.post(address("close-round", pilot_round.pk), {"reason": "Hết hạn"})

    evaluation = pilot_round.evaluations.for_display().get()
    turn = turn_of(evaluation, date(2023, 1, 1))
    assert (turn.is_late, turn.due_on, evaluation.holder_name) == (False, None, "")
    page = admin.get(pilot_round.get_absolute_url())
    assertContains(page, "Mở lại đợt")
    for gone in ("Gia hạn<", "Rút khỏi đợt", "Ghi văn bản", "Sửa lịch", "Đóng đợt</a>"):
        assertNotContains(page, gone)


def test_pages_of_a_round_ask_the_same_however_many_take_part(admin, administrator):
    plan, opened, closed = make_round(opened_at=None), make_round(), make_round()

    def fill(count):
        for _ in range(count):
            unit = make_district()
            plan.planned_participants.add(unit)
            plan.milestones.create(label=unit.name, due_on=date(2022, 12, 1))
            for pilot_round in (opened, closed):
                make_dossier(unit, pilot_round=pilot_round)
        PilotRound.objects.filter(pk=closed.pk).update(closed_at=timezone.now())

    def asked():
        urls = [
            plan.get_absolute_url(),
            address("participants", plan.pk),
            address("open-round", plan.pk),
            address("calendar", plan.pk),
            address("rounds"),
            address("close-round", opened.pk),
            closed.get_absolute_url(),
        ]
        counts = {}
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert admin.get(url).status_code == HTTPStatus.OK
            counts[url] = len(queries)
        return counts

    fill(2)
    few = asked()
    fill(10)

    assert asked() == few
    assert max(few.values()) < 30


def test_before_there_is_any_round_every_page_of_a_menu_says_something(client, db):
    people = {role: make_user(role) for role in Role if role != Role.ADMINISTRATOR}
    people[Role.ADMINISTRATOR] = make_user(Role.ADMINISTRATOR, make_department())

    for role, person in people.items():
        client.force_login(person)
        for label, name in MENUS[role]:
            answer = client.get(reverse(name), follow=True)
            assert answer.status_code == HTTPStatus.OK, f"{role}: {label}"
            assert "Chưa" in answer.content.decode() or name in WITHOUT_A_ROUND, f"{role}: {label}"
