from datetime import date
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.models import CriteriaSet, PointSet
from evaluations.actions.closing import close_round
from evaluations.actions.rounds import (
    AlreadyOpened,
    NotADistrict,
    NothingToExtend,
    NotLater,
    ReadingIsSettled,
    WrongPoints,
    WrongSet,
    adopt_reading,
    complete_round,
    extend,
    open_round,
)
from evaluations.feasibility import best_share
from evaluations.models import AdoptedReading, Evaluation, PilotRound, RoundEvent
from evaluations.rounds import calendar, default_round, rounds_for
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import (
    SMALL_SET,
    make_agency,
    make_city,
    make_district,
    make_dossier,
    make_points,
    make_round,
    make_set,
    make_user,
)

Question, Choice = AdoptedReading.Question, AdoptedReading.Choice
TODAY = date(2022, 12, 10)


def test_open_round_gives_each_participant_a_dossier_with_every_indicator(administrator):
    pilot_round = make_round(opened_at=None)
    units = [make_district(), make_district()]

    open_round(pilot_round=pilot_round, participants=units, by=administrator)

    pilot_round.refresh_from_db()
    assert pilot_round.opened_at
    dossiers = list(Evaluation.objects.of_districts().filter(pilot_round=pilot_round))
    assert [dossier.unit for dossier in dossiers] == units
    assert [dossier.status for dossier in dossiers] == [Status.DRAFT, Status.DRAFT]
    for dossier in dossiers:
        codes = dossier.results.values_list("indicator__code", flat=True)
        assert sorted(codes) == sorted(SMALL_SET)
    event = RoundEvent.objects.get()
    assert (event.kind, event.by, event.text) == ("open", administrator, "mở đợt cho 2 đơn vị")


def test_open_round_a_second_time_is_refused(administrator):
    pilot_round = make_round(opened_at=None)
    unit = make_district()
    open_round(pilot_round=pilot_round, participants=[unit], by=administrator)

    with pytest.raises(AlreadyOpened):
        open_round(pilot_round=pilot_round, participants=[make_district()], by=administrator)

    assert Evaluation.objects.of_districts().get().unit == unit


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_the_administrator_opens_a_round(db, role):
    pilot_round = make_round(opened_at=None)

    with pytest.raises(PermissionDenied):
        open_round(pilot_round=pilot_round, participants=[], by=make_user(role))

    assert not PilotRound.objects.opened().exists()


def test_open_round_takes_districts_only_and_leaves_nothing_behind(administrator):
    pilot_round = make_round(opened_at=None)

    with pytest.raises(NotADistrict):
        open_round(
            pilot_round=pilot_round, participants=[make_district(), make_city()], by=administrator
        )

    assert not Evaluation.objects.exists()
    assert not PilotRound.objects.opened().exists()


def test_open_round_wants_each_set_in_its_place(administrator):
    city_set = make_set("thanh-pho", CriteriaSet.Subject.CITY)
    pilot_round = make_round(opened_at=None, district_set=city_set)

    with pytest.raises(WrongSet):
        open_round(pilot_round=pilot_round, participants=[make_district()], by=administrator)


@pytest.mark.parametrize("field", ["agency_points", "commune_points"])
@pytest.mark.parametrize("swapped", [False, True])
def test_open_round_wants_a_point_set_for_each_kind_of_unit(administrator, field, swapped):
    pilot_round = make_round(opened_at=None)
    other = "commune_points" if field == "agency_points" else "agency_points"
    setattr(pilot_round, field, getattr(pilot_round, other) if swapped else None)
    pilot_round.save()

    with pytest.raises(WrongPoints):
        open_round(pilot_round=pilot_round, participants=[make_district()], by=administrator)

    assert not PilotRound.objects.opened().exists()
    assert not Evaluation.objects.exists()


def test_open_round_takes_the_newest_version_of_each_point_set(administrator):
    pilot_round = make_round(opened_at=None)
    newer = make_points(PointSet.Subject.AGENCY, version=2)
    communes = pilot_round.commune_points

    open_round(pilot_round=pilot_round, participants=[make_district()], by=administrator)

    pilot_round.refresh_from_db()
    assert (pilot_round.agency_points, pilot_round.commune_points) == (newer, communes)


# --- Which round a page shows ---------------------------------------------------------------


def test_completing_a_round_whose_year_has_no_units_is_no_event(db):
    pilot_round = make_round(year=2030)
    points = {points.subject: points for points in PointSet.objects.all()}

    assert not complete_round(pilot_round=pilot_round, points=points, on=date(2030, 12, 31))

    assert not RoundEvent.objects.exists()


def test_default_round_is_the_real_one_that_runs(administrator):
    make_round(name="Cũ", year=2020)
    running = make_round(name="Thí điểm", year=2022)
    make_round(name="Tập huấn", year=2022, is_practice=True)

    assert default_round(rounds_for(administrator), TODAY) == running


def test_a_round_runs_until_its_last_milestone(administrator):
    pilot_round = make_round(year=2022)
    pilot_round.milestones.create(label="Báo cáo Bộ GD&ĐT", due_on=date(2023, 1, 31))
    practice = make_round(name="Tập huấn", year=2023, is_practice=True)
    rounds = rounds_for(administrator)

    assert default_round(rounds, date(2023, 1, 31)) == pilot_round
    assert default_round(rounds, date(2023, 2, 1)) == practice


def test_default_round_without_practice_is_the_newest(administrator):
    make_round(year=2021)
    newest = make_round(year=2022)

    assert default_round(rounds_for(administrator), date(2026, 1, 1)) == newest
    assert default_round([], TODAY) is None


def test_a_closed_round_is_the_default_only_where_none_is_open(administrator):
    past = make_round(year=2020)
    closed = make_round(year=2022)
    close_round(pilot_round=closed, reason="Xong", by=administrator)

    assert default_round(rounds_for(administrator), date(2026, 1, 1)) == past

    close_round(pilot_round=past, reason="Xong", by=administrator)
    assert default_round(rounds_for(administrator), date(2026, 1, 1)) == closed


def test_rounds_of_a_unit_are_those_it_takes_part_in(district, editor, appraiser):
    own = make_dossier(district).pilot_round
    other = make_dossier().pilot_round
    make_round(opened_at=None)

    assert rounds_for(editor) == [own]
    assert set(rounds_for(appraiser)) == {own, other}


def test_choosing_a_round_keeps_it_for_the_session(client, appraiser):
    make_round(name="Thí điểm 2022")
    other = make_round(name="Tập huấn", is_practice=True, year=2021)
    client.force_login(appraiser)

    response = client.post(reverse("evaluations:choose-round"), {"dot": other.pk})

    assertRedirects(response, reverse("evaluations:home"))
    assert client.get(reverse("evaluations:home")).context["pilot_round"] == other


@pytest.mark.parametrize("wanted", ["https://noi-khac.vn/", "khong-co-trang-nay"])
def test_choosing_leads_back_to_our_own_pages_only(client, appraiser, wanted):
    other = make_round()
    client.force_login(appraiser)

    response = client.post(reverse("evaluations:choose-round"), {"dot": other.pk, "next": wanted})

    assert response.url == reverse("evaluations:home")


def test_a_round_of_others_cannot_be_chosen(client, editor):
    foreign = make_dossier().pilot_round
    client.force_login(editor)

    response = client.post(reverse("evaluations:choose-round"), {"dot": foreign.pk})

    assert response.status_code == HTTPStatus.NOT_FOUND
    home = client.get(reverse("evaluations:home"), {"dot": foreign.pk})
    assert home.context["pilot_round"] is None


def test_calendar_marks_what_is_over_what_runs_and_what_comes(db):
    pilot_round = make_round()
    for label, starts_on, due_on in (
        ("qua", None, date(2022, 1, 15)),
        ("đang làm", date(2022, 1, 1), date(2022, 12, 31)),
        ("kế tiếp", None, date(2022, 12, 15)),
        ("sau", date(2023, 1, 1), date(2023, 1, 31)),
    ):
        pilot_round.milestones.create(label=label, starts_on=starts_on, due_on=due_on)

    lines = calendar(pilot_round, TODAY)

    assert [(line.milestone.label, line.sign, line.is_now) for line in lines] == [
        ("qua", "met", False),
        ("kế tiếp", "part", True),
        ("đang làm", "part", True),
        ("sau", "empty", False),
    ]


# --- More time for one unit -----------------------------------------------------------------


def test_extend_moves_the_date_of_one_unit_and_says_why(administrator):
    evaluation = make_dossier()
    other = make_dossier(pilot_round=evaluation.pilot_round)

    extend(
        evaluation=evaluation,
        until=date(2022, 12, 22),
        reason="Công văn 15/UBND",
        by=administrator,
        today=TODAY,
    )

    evaluation.refresh_from_db()
    other.refresh_from_db()
    assert (evaluation.due_on, other.due_on) == (date(2022, 12, 22), date(2022, 12, 15))
    event = evaluation.events.get()
    assert (event.kind, event.by, event.note) == ("extension", administrator, "Công văn 15/UBND")
    assert event.text == "gia hạn đến 22/12/2022"
    assert event.detail == {"before": "2022-12-15", "until": "2022-12-22"}


def test_extend_a_returned_dossier_moves_its_date_for_supplements(administrator):
    evaluation = make_dossier(status=Status.RETURNED, supplement_due_on=date(2022, 12, 12))

    extend(
        evaluation=evaluation,
        until=date(2022, 12, 20),
        reason="Bão",
        by=administrator,
        today=TODAY,
    )

    evaluation.refresh_from_db()
    assert (evaluation.supplement_due_on, evaluation.extended_until) == (date(2022, 12, 20), None)


@pytest.mark.parametrize("until", [date(2022, 12, 15), date(2022, 12, 1)])
def test_extend_only_forward(administrator, until):
    evaluation = make_dossier()

    with pytest.raises(NotLater):
        extend(evaluation=evaluation, until=until, reason="x", by=administrator, today=TODAY)


def test_extend_into_the_past_is_refused_even_when_it_is_later_than_the_due_day(administrator):
    evaluation = make_dossier()

    with pytest.raises(NotLater):
        extend(
            evaluation=evaluation,
            until=date(2022, 12, 20),
            reason="x",
            by=administrator,
            today=date(2022, 12, 21),
        )


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.APPRAISING, Status.APPRAISED])
def test_extend_makes_no_sense_while_the_dossier_is_with_the_agency(administrator, status):
    evaluation = make_dossier(status=status)

    with pytest.raises(NothingToExtend):
        extend(
            evaluation=evaluation,
            until=date(2022, 12, 22),
            reason="x",
            by=administrator,
            today=TODAY,
        )


def test_extend_is_the_administrators(leader):
    evaluation = make_dossier(leader.organisation)

    with pytest.raises(PermissionDenied):
        extend(evaluation=evaluation, until=date(2022, 12, 22), reason="x", by=leader, today=TODAY)


# --- Readings of the law --------------------------------------------------------------------


def test_adopt_reading_records_who_when_and_on_what(administrator):
    pilot_round = make_round()

    adopt_reading(
        pilot_round=pilot_round,
        question=Question.EXACT_80,
        choice=Choice.LEVEL_2,
        document="Công văn 12/SGDĐT",
        by=administrator,
    )

    reading = pilot_round.adopted_readings.get()
    assert (reading.choice, reading.document) == (Choice.LEVEL_2, "Công văn 12/SGDĐT")
    assert reading.adopted_by == administrator
    event = pilot_round.events.get()
    assert event.text == "Đúng 80% xếp mức độ nào: mức độ 1 → mức độ 2"
    assert event.note == "Theo Công văn 12/SGDĐT"


def test_adopt_reading_again_replaces_it_and_the_trail_keeps_both(administrator):
    pilot_round = make_round()
    for choice in (Choice.RELATIVE, Choice.POINTS):
        adopt_reading(
            pilot_round=pilot_round,
            question=Question.FALL,
            choice=choice,
            document="CV",
            by=administrator,
        )

    assert pilot_round.adopted_readings.get().choice == Choice.POINTS
    assert pilot_round.events.count() == 2


@pytest.mark.parametrize(
    ("choice", "document"), [(Choice.POINTS, "CV 12"), (Choice.LEVEL_2, ""), ("gi-do", "CV 12")]
)
def test_adopt_reading_wants_an_answer_and_a_document(administrator, choice, document):
    with pytest.raises((ValidationError, ValueError)):
        adopt_reading(
            pilot_round=make_round(),
            question=Question.EXACT_80,
            choice=choice,
            document=document,
            by=administrator,
        )

    assert not AdoptedReading.objects.exists()


def test_another_reading_is_refused_once_a_level_was_concluded_under_the_first(administrator):
    evaluation = make_dossier(status=Status.APPRAISED)

    with pytest.raises(ReadingIsSettled):
        adopt_reading(
            pilot_round=evaluation.pilot_round,
            question=Question.EXACT_80,
            choice=Choice.LEVEL_2,
            document="CV",
            by=administrator,
        )

    assert not AdoptedReading.objects.exists()


@pytest.mark.parametrize(
    ("question", "choice"),
    [
        (Question.EXACT_80, Choice.LEVEL_1),  # the default, put on paper
        (Question.CITY_BASE, Choice.PARTICIPANTS),  # touches no district's level
    ],
)
def test_what_changes_no_conclusion_may_be_recorded_after_one(administrator, question, choice):
    evaluation = make_dossier(status=Status.APPRAISED)

    adopt_reading(
        pilot_round=evaluation.pilot_round,
        question=question,
        choice=choice,
        document="CV",
        by=administrator,
    )

    assert AdoptedReading.objects.get().choice == choice


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_the_administrator_adopts_a_reading(db, role):
    with pytest.raises(PermissionDenied):
        adopt_reading(
            pilot_round=make_round(),
            question=Question.FALL,
            choice=Choice.RELATIVE,
            document="CV",
            by=make_user(role),
        )


# --- What the city can reach at best --------------------------------------------------------


def _round_with(participants, districts):
    pilot_round = make_round()
    units = [make_district() for _ in range(districts)]
    for unit in units[:participants]:
        make_dossier(unit, pilot_round=pilot_round)
    return PilotRound.objects.for_board().get(pk=pilot_round.pk)


def test_eight_of_fifteen_districts_can_never_be_seventy_percent(db):
    best = best_share(_round_with(8, 15))

    assert best.is_impossible
    assert best.sentence == (
        "lấy cả 15 quận, huyện làm mẫu số: nhiều nhất 8/15 = 53,3\u00a0%, dưới 70\u00a0%; "
        "thành phố không đạt được mức độ nào."
    )


@pytest.mark.parametrize(("participants", "impossible"), [(6, True), (7, False), (10, False)])
def test_seventy_percent_is_the_bound(db, participants, impossible):
    assert best_share(_round_with(participants, 10)).is_impossible == impossible


def test_with_participants_as_the_base_everything_is_possible(administrator):
    pilot_round = _round_with(8, 15)
    adopt_reading(
        pilot_round=pilot_round,
        question=Question.CITY_BASE,
        choice=Choice.PARTICIPANTS,
        document="CV",
        by=administrator,
    )

    assert not best_share(PilotRound.objects.for_board().get(pk=pilot_round.pk)).is_impossible


# --- Pages ----------------------------------------------------------------------------------


def test_pages_of_a_round_are_read_by_the_agency_and_not_by_units(client, leader, appraiser):
    pilot_round = make_dossier(leader.organisation).pilot_round
    urls = [reverse("evaluations:rounds"), pilot_round.get_absolute_url()]

    client.force_login(leader)
    assert [client.get(url).status_code for url in urls] == [HTTPStatus.NOT_FOUND] * 2
    client.force_login(appraiser)
    assert [client.get(url).status_code for url in urls] == [HTTPStatus.OK] * 2


def test_who_only_reads_sees_no_way_to_change_and_gets_none(client, appraiser):
    evaluation = make_dossier()
    pilot_round = evaluation.pilot_round
    extension = reverse("evaluations:extend", args=[pilot_round.pk, evaluation.pk])
    reading = reverse("evaluations:adopt-reading", args=[pilot_round.pk, "fall"])
    client.force_login(appraiser)

    page = client.get(pilot_round.get_absolute_url())

    assertNotContains(page, extension)
    assertNotContains(page, reading)
    for url in (extension, reading):
        assert client.get(url).status_code == HTTPStatus.FORBIDDEN
        assert client.post(url).status_code == HTTPStatus.FORBIDDEN


def test_extension_page_names_each_fault_and_keeps_what_was_typed(client, administrator):
    evaluation = make_dossier()
    url = reverse("evaluations:extend", args=[evaluation.pilot_round_id, evaluation.pk])
    client.force_login(administrator)

    response = client.post(url, {"until": "22/12/2022", "reason": ""})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assertContains(
        response, "Ngày gia hạn đã qua. Chọn từ hôm nay trở đi.", status_code=response.status_code
    )
    assertContains(
        response, "Ghi lý do gia hạn: đơn vị và Sở sẽ đọc.", status_code=response.status_code
    )
    assertContains(response, 'value="22/12/2022"', status_code=response.status_code)


def test_extension_page_gives_more_time(client, administrator):
    evaluation = make_dossier()
    url = reverse("evaluations:extend", args=[evaluation.pilot_round_id, evaluation.pk])
    client.force_login(administrator)

    response = client.post(url, {"until": "22/12/2099", "reason": "Bão số 5"})

    assertRedirects(response, evaluation.pilot_round.get_absolute_url())
    evaluation.refresh_from_db()
    assert (evaluation.extended_until, evaluation.extension_reason) == (
        date(2099, 12, 22),
        "Bão số 5",
    )


def test_extension_page_says_when_the_date_moved_meanwhile(client, administrator, monkeypatch):
    evaluation = make_dossier()
    url = reverse("evaluations:extend", args=[evaluation.pilot_round_id, evaluation.pk])
    client.force_login(administrator)

    def extend_after_another(**asked):
        Evaluation.objects.update(extended_until=date(2099, 12, 24), extension_reason="Bão số 6")
        return extend(**asked)

    monkeypatch.setattr("evaluations.views.round_running.actions.extend", extend_after_another)

    response = client.post(url, {"until": "22/12/2099", "reason": "Bão số 5"})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assertContains(response, "Hạn vừa được dời.", status_code=response.status_code)
    assertContains(response, "24/12/2099", status_code=response.status_code)
    assertContains(response, 'value="Bão số 5"', status_code=response.status_code)


def test_extension_page_of_a_dossier_with_the_agency_is_closed(client, administrator):
    evaluation = make_dossier(status=Status.SUBMITTED)
    url = reverse("evaluations:extend", args=[evaluation.pilot_round_id, evaluation.pk])
    client.force_login(administrator)

    assert client.get(url).status_code == HTTPStatus.FORBIDDEN


def test_extension_of_another_rounds_dossier_is_not_there(client, administrator):
    url = reverse("evaluations:extend", args=[make_round().pk, make_dossier().pk])
    client.force_login(administrator)

    assert client.get(url).status_code == HTTPStatus.NOT_FOUND


def test_reading_page_asks_for_the_document(client, administrator):
    url = reverse("evaluations:adopt-reading", args=[make_round().pk, "exact_80"])
    client.force_login(administrator)

    response = client.post(url, {"choice": "level_2", "document": " "})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not AdoptedReading.objects.exists()


def test_reading_page_records_and_shows_it(client, administrator):
    pilot_round = make_round()
    url = reverse("evaluations:adopt-reading", args=[pilot_round.pk, "exact_80"])
    client.force_login(administrator)

    response = client.post(url, {"choice": "level_2", "document": "CV 12/SGDĐT"}, follow=True)

    assertContains(response, "CV 12/SGDĐT")
    assertContains(response, administrator.full_name)


def test_reading_page_says_why_it_is_too_late(client, administrator):
    pilot_round = make_dossier(status=Status.APPRAISED).pilot_round
    url = reverse("evaluations:adopt-reading", args=[pilot_round.pk, "fall"])
    client.force_login(administrator)

    response = client.post(url, {"choice": "relative", "document": "CV"})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assertContains(
        response, "Đã có hồ sơ thẩm định xong", status_code=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def test_unknown_question_is_not_there(client, administrator):
    url = reverse("evaluations:adopt-reading", args=[make_round().pk, "mau-sac"])
    client.force_login(administrator)

    assert client.get(url).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("count", [1, 3])
def test_round_page_query_count_does_not_grow(
    client, administrator, count, django_assert_num_queries
):
    pilot_round = make_round()
    for _ in range(count):
        make_dossier(pilot_round=pilot_round)
    client.force_login(administrator)

    with django_assert_num_queries(18):
        client.get(pilot_round.get_absolute_url())


def test_an_agency_takes_no_part_as_a_district(administrator):
    with pytest.raises(NotADistrict):
        open_round(
            pilot_round=make_round(opened_at=None),
            participants=[make_agency()],
            by=administrator,
        )
