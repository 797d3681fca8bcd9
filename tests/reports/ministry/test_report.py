"""The report to the Ministry of a round: what it counts, what it may not know, all its formats."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluations.actions.appraisal import accept_rest
from evaluations.models import Evaluation
from evaluations.workflow import Status
from reports.definitions import REPORTS
from reports.figures import NothingToSay
from tests.evaluations.city_world import make_city_world
from tests.factories import (
    make_city,
    make_complete_dossier,
    make_decision,
    make_department,
    make_district,
    make_dossier,
    make_round,
)
from tests.reports.conftest import appraise, submit

MINISTRY = REPORTS["bao-cao-bo"]


@pytest.fixture
def pilot_round(db):
    return make_round(name="Thí điểm 2022", standing_agency=make_department(parent=make_city()))


def content_of(pilot_round):
    fresh = MINISTRY.all_subjects().get(pk=pilot_round.pk)
    return json.loads(json.dumps(MINISTRY.content(fresh)))


def said_in(pilot_round):
    return " ".join(MINISTRY.paper(content_of(pilot_round)).said).replace("\xa0", " ")


def sent(pilot_round, name, code):
    return submit(make_complete_dossier(make_district(name, code), pilot_round=pilot_round))


def test_a_round_from_drafts_to_a_decision(pilot_round, appraiser):
    one = sent(pilot_round, "Quận A", "1")
    appraise(one, appraiser)
    make_decision({one: 1}, number="15/QĐ-UBND", signed_on=date(2022, 12, 28))
    sent(pilot_round, "Huyện B", "2")
    make_dossier(make_district("Huyện C", "3"), pilot_round=pilot_round)

    content, said = content_of(pilot_round), said_in(pilot_round)
    sheets = {table.title: table.rows for table in MINISTRY.tables(content)}

    assert [(row["level"].shown, row["count"].value) for row in sheets["Theo mức độ"]] == [
        ("Mức độ 3", 0),
        ("Mức độ 2", 0),
        ("Mức độ 1", 1),
        ("Không được công nhận", 0),
        ("Đã gửi hồ sơ, chưa có quyết định", 1),
        ("Chưa gửi hồ sơ", 1),
    ]
    graded = {row["code"].shown: row for row in sheets["Theo chỉ báo"]}["2.1.2"]
    assert graded["below"].value == 1  # 20/30, as the Sở adjusted it, and not the district's own
    assert graded["met"].value is None
    (recognised,) = sheets["Được công nhận"]
    assert (recognised["number"].shown, recognised["level"].value) == ("15/QĐ-UBND", 1)
    assert "1/3 địa phương được công nhận: quận A (mức độ 1)." in said
    assert "DANH SÁCH QUẬN, HUYỆN ĐƯỢC CÔNG NHẬN" in said
    assert "TM. ỦY BAN NHÂN DÂN" in said


def test_what_is_decided_stays_as_it_was_frozen(pilot_round, appraiser):
    evaluation = sent(pilot_round, "Quận A", "1")
    appraise(evaluation, appraiser)
    make_decision({evaluation: 1})
    before = content_of(pilot_round)

    evaluation.results.update(typed={}, suitability="unfit")
    evaluation.results.filter(appraisal__verdict="adjust").get().appraisal.delete()

    assert content_of(pilot_round) == before


def test_what_a_district_drafts_or_the_agency_has_not_concluded_is_not_told(pilot_round, appraiser):
    back = sent(pilot_round, "Huyện A", "1")
    Evaluation.objects.filter(pk=back.pk).update(status=Status.RETURNED)
    back.results.update(obstacle="Đang viết dở", explanation="Đang viết dở")
    drafting = make_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)
    drafting.results.update(proposal="Đang viết dở")
    at_work = sent(pilot_round, "Huyện C", "3")
    appraise(at_work, appraiser, status=Status.APPRAISING)

    said = json.dumps(content_of(pilot_round), ensure_ascii=False)

    assert "Đang viết dở" not in said
    assert "Hai xã chưa có quyết định" not in said


def test_an_appraisal_is_told_once_it_is_confirmed(pilot_round, appraiser):
    evaluation = sent(pilot_round, "Quận A", "1")
    sent(pilot_round, "Huyện B", "2")
    appraise(evaluation, appraiser)
    waiting, waiting_said = content_of(pilot_round), said_in(pilot_round)
    Evaluation.objects.filter(pk=evaluation.pk).update(status=Status.CONFIRMED)
    said = said_in(pilot_round)

    assert waiting["summary"]["districts"][0]["appraised"] is None
    assert "Hai xã chưa có quyết định" not in json.dumps(waiting, ensure_ascii=False)
    assert "Đã thẩm định, chờ xác nhận kết quả: A." in waiting_said
    assert "0 hồ sơ đã xác nhận kết quả thẩm định" in waiting_said
    assert "xác nhận kết quả 1/2 hồ sơ đã gửi" in said
    assert "Hai xã chưa có quyết định" in said


def test_the_city_is_told_from_its_draft_to_a_confirmed_conclusion(db):
    world = make_city_world()
    pilot_round = world.dossier.pilot_round
    make_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)
    drafted = said_in(pilot_round)
    world.fill()
    world.hand_over()
    world.submit()
    world.step("take-in", "council")
    accept_rest(evaluation=world.dossier, by=world.people["council"])
    world.step("finish", "council")
    waiting = said_in(pilot_round)
    world.step("confirm", "other council")

    concluded = "Hội đồng đánh giá cấp thành phố kết luận"
    assert "đang hoàn thiện, chưa gửi; hạn gửi ngày" in drafted
    assert "Tình trạng hồ sơ: hội đồng đã kết luận, chờ xác nhận." in waiting
    assert concluded not in waiting
    assert concluded in said_in(pilot_round)


def test_a_dossier_taken_back_has_not_come(pilot_round):
    evaluation = make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)
    evaluation.results.update(suitability="unfit", obstacle="Đã rút lại")
    submit(evaluation)
    Evaluation.objects.filter(pk=evaluation.pk).update(status=Status.DRAFT)

    assert "chưa địa phương nào gửi hồ sơ" in said_in(pilot_round)
    assert "Đã rút lại" not in json.dumps(content_of(pilot_round), ensure_ascii=False)


def test_days_late_count_from_the_date_that_was_given(pilot_round):
    today = timezone.localdate()
    type(pilot_round).objects.filter(pk=pilot_round.pk).update(
        self_assessment_due_on=today - timedelta(days=3)
    )
    sent(pilot_round, "Huyện A", "1")
    longer = sent(pilot_round, "Huyện B", "2")
    Evaluation.objects.filter(pk=longer.pk).update(extended_until=today, extension_reason="Bão")

    units = content_of(pilot_round)["units"]

    assert [unit["days_late"] for unit in units] == [3, 0]


def test_last_year_is_set_beside_where_the_same_district_was_concluded(pilot_round, appraiser):
    district = make_district("Huyện A", "1")
    for year in (pilot_round, make_round(name="Thí điểm 2021", year=2021)):
        evaluation = submit(make_complete_dossier(district, pilot_round=year))
        appraise(evaluation, appraiser)
        make_decision({evaluation: 1})
    make_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)

    said = said_in(pilot_round)

    assert "So sánh ở huyện A có hồ sơ được thẩm định cả hai năm." in said
    assert "so với năm 2021: giữ nguyên ở huyện A." in said


def test_a_round_without_districts_has_nothing_to_report(pilot_round):
    with pytest.raises(NothingToSay):
        MINISTRY.content(MINISTRY.all_subjects().get(pk=pilot_round.pk))


def test_query_count_does_not_grow(pilot_round, appraiser, django_assert_max_num_queries):
    fresh = MINISTRY.all_subjects().get(pk=pilot_round.pk)
    for number in range(1, 4):
        evaluation = sent(pilot_round, f"Huyện {number}", str(number))
        appraise(evaluation, appraiser)
        make_decision({evaluation: 1})
        if number == 1:
            with django_assert_max_num_queries(60) as first:
                MINISTRY.content(fresh)
    fresh = MINISTRY.all_subjects().get(pk=pilot_round.pk)
    with django_assert_max_num_queries(len(first)):
        MINISTRY.content(fresh)
