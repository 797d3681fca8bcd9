"""What is printed of a round beside its summary: how the indicators fit, and who owes what."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations.models import Evaluation, PilotRound
from evaluations.workflow import Status
from organisations.models import Role
from reports.actions import order_report
from reports.definitions import REPORTS
from reports.figures import NothingToSay
from reports.models import ReportRun
from tests.factories import (
    make_agency,
    make_city,
    make_complete_dossier,
    make_department,
    make_district,
    make_dossier,
    make_round,
    make_user,
)
from tests.reports.conftest import submit

FIT, URGING = REPORTS["ma-tran-phu-hop"], REPORTS["cong-van-don-doc"]
SUMMARY = REPORTS["tong-hop-quan-huyen"]


@pytest.fixture
def pilot_round(db):
    return make_round(name="Thí điểm 2022", standing_agency=make_department())


def content_of(report, pilot_round):
    fresh = report.all_subjects().get(pk=pilot_round.pk)
    return json.loads(json.dumps(report.content(fresh), default=str))


def said_in(report, pilot_round):
    return " ".join(report.paper(content_of(report, pilot_round)).said)


def say(evaluation, code, **words):
    evaluation.results.filter(indicator__code=code).update(**words)


# --- How the indicators fit --------------------------------------------------------------------


def test_every_submitted_unit_is_counted_and_quoted(pilot_round):
    one = make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)
    two = make_complete_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)
    one.results.update(suitability="fits", obstacle="", proposal="")
    two.results.update(suitability="fits", obstacle="", proposal="")
    say(two, "2.1.2", suitability="unfit", obstacle="Chưa có biểu mẫu", proposal="Hạ còn 60 %")
    submit(one), submit(two)

    row = {r["code"].shown: r for r in FIT.tables(content_of(FIT, pilot_round))[0].rows}["2.1.2"]
    said = said_in(FIT, pilot_round)

    assert [row[f"unit-{place}"].shown for place in range(2)] == ["P", "K"]
    assert [row[choice].value for choice in ("fits", "partly", "unfit")] == [1, 0, 1]
    assert "I. Khó khăn, vướng mắc" in said
    assert "Huyện B: Chưa có biểu mẫu" in said
    assert "Huyện B: Hạ còn 60 %" in said


def test_a_chapter_without_words_is_left_out(pilot_round):
    evaluation = make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)
    evaluation.results.update(suitability="fits", obstacle="", proposal="")
    submit(evaluation)

    assert "Kiến nghị sửa đổi" not in said_in(FIT, pilot_round)


def test_what_a_unit_writes_since_is_its_own_business(pilot_round):
    evaluation = submit(
        make_complete_dossier(make_district("Huyện A", "1"), pilot_round=pilot_round)
    )
    Evaluation.objects.filter(pk=evaluation.pk).update(status="returned")
    say(evaluation, "2.1.2", obstacle="Đang viết dở")
    make_complete_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)

    content = content_of(FIT, pilot_round)

    assert [unit["name"] for unit in content["units"]] == ["Huyện A"]
    assert "Đang viết dở" not in json.dumps(content, ensure_ascii=False)


def test_what_a_unit_withdrew_is_neither_counted_nor_quoted(pilot_round):
    kept, withdrawn = (
        make_complete_dossier(make_district(name, name[-1]), pilot_round=pilot_round)
        for name in ("Huyện A", "Huyện B")
    )
    say(withdrawn, "2.1.2", obstacle="Đã rút lại")
    for each in (kept, withdrawn):
        submit(each)
    Evaluation.objects.filter(pk=withdrawn.pk).update(status=Status.DRAFT)

    content = content_of(FIT, pilot_round)

    assert [unit["name"] for unit in content["units"]] == ["Huyện A"]
    assert "Đã rút lại" not in json.dumps(content, ensure_ascii=False)
    Evaluation.objects.filter(pk=kept.pk).update(status=Status.DRAFT)
    with pytest.raises(NothingToSay):
        content_of(FIT, pilot_round)


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(pilot_round, count, django_assert_num_queries):
    for number in range(count):
        unit = make_district(f"Huyện {number}", str(number))
        submit(make_complete_dossier(unit, pilot_round=pilot_round))

    subject = FIT.all_subjects().get(pk=pilot_round.pk)
    with django_assert_num_queries(2):
        FIT.content(subject)


# --- Who owes what -----------------------------------------------------------------------------


@pytest.fixture
def running(pilot_round):
    today = timezone.localdate()
    PilotRound.objects.filter(pk=pilot_round.pk).update(
        self_assessment_due_on=today - timedelta(days=3)
    )
    return pilot_round


def test_only_those_who_owe_are_named_the_latest_first(running):
    submit(make_complete_dossier(make_district("Huyện Đã Gửi", "1"), pilot_round=running))
    due = timezone.localdate() + timedelta(days=5)
    make_dossier(make_district("Huyện Đang Làm", "2"), pilot_round=running, extended_until=due,
                 extension_reason="bão lũ")  # fmt: skip
    make_dossier(make_district("Huyện Muộn", "3"), pilot_round=running)

    rows = URGING.tables(content_of(URGING, running))[0].rows

    assert [(row["office"].shown, row["days_late"].value) for row in rows] == [
        ("Ủy ban nhân dân huyện Muộn", 3),
        ("Ủy ban nhân dân huyện Đang Làm", None),
    ]
    said = said_in(URGING, running)
    assert "Thực hiện Kế hoạch 02/KH-UBND, đến ngày" in said
    assert "của 2 cơ quan, đơn vị, trong đó 1 cơ quan, đơn vị đã quá hạn. Cụ thể:" in said
    assert "còn trong thời hạn hoàn thành" in said
    assert "đã quá hạn gửi ngay và nêu rõ lý do chậm." in said
    assert "Đã Gửi" not in said


def test_a_letter_has_no_name_but_says_what_it_is_about(running):
    make_dossier(make_district("Huyện Muộn", "3"), pilot_round=running)

    paper = URGING.paper(content_of(URGING, running))

    assert paper.head.about.startswith("V/v đôn đốc")
    assert "/" in paper.head.symbol
    assert type(paper.parts[0]).__name__ == "Addressees"


def test_where_nobody_owes_the_page_says_so_and_orders_nothing(client, running, appraiser, sent):
    submit(make_complete_dossier(make_district("Huyện A", "1"), pilot_round=running))
    client.force_login(appraiser)

    answer = client.post(
        reverse("reports:order"),
        {"report": URGING.slug, "subject": running.pk, "file_type": "pdf"},
        follow=True,
    )

    with pytest.raises(NothingToSay):
        content_of(URGING, running)
    assert "Không đơn vị nào còn nợ" in answer.content.decode()
    assert sent == []


def test_only_the_standing_agency_writes_letters(running, leader, observer, approver, appraiser):
    assert [URGING.can_order(user, running) for user in (leader, observer)] == [False, False]
    assert [URGING.can_order(user, running) for user in (approver, appraiser)] == [True, True]


# --- Who reads what is told of every district --------------------------------------------------


def test_what_tells_of_all_districts_is_for_readers_of_the_whole_city(
    client, running, appraiser, sent
):
    city, district = make_city(), make_district("Quận Lê Chân", "305")
    make_dossier(district, pilot_round=running)
    readers = {
        "of the city": (make_user(Role.OBSERVER, city), True),
        "of the city's agency": (make_user(Role.COUNCIL, make_agency(parent=city)), True),
        "of a district": (make_user(Role.OBSERVER, district), False),
        "of a district's agency": (make_user(Role.COUNCIL, make_agency(parent=district)), False),
    }
    subject = SUMMARY.all_subjects().get(pk=running.pk)
    run = order_report(report=SUMMARY, subject=subject, file_type="pdf", by=appraiser)

    for name, (person, reads) in readers.items():
        client.force_login(person)
        page = client.get(reverse("reports:index"))
        subjects = [each for section in page.context["sections"] for each in section.subjects]
        offered = {offer.report for each in subjects for offer in each.offers}
        answer = client.post(
            reverse("reports:order"),
            {"report": FIT.slug, "subject": running.pk, "file_type": "pdf"},
        )

        assert (SUMMARY in offered, FIT in offered) == (reads, reads), name
        assert (answer.status_code == HTTPStatus.FORBIDDEN) is not reads, name
        assert (run in ReportRun.objects.visible_to(person)) is reads, name
        board = client.get(reverse("evaluations:board")).content.decode()
        assert ("Lập báo cáo" in board) is reads, name
        seen = HTTPStatus.OK if reads else HTTPStatus.NOT_FOUND
        assert client.get(run.get_absolute_url()).status_code == seen, name
