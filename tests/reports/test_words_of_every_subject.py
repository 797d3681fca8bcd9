"""Words of the reports of a dossier, a session and a round: kept apart, and taken back."""

import json
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from evaluations.models import CouncilSession, Evaluation
from evaluations.workflow import Status
from organisations.models import Role
from reports.definitions import REPORTS
from reports.models import ReportText
from reports.text_actions import Change, write_texts
from reports.text_forms import MAX_LENGTH
from reports.text_views import CLOSED, REOPENED
from tests.factories import (
    make_city,
    make_complete_dossier,
    make_confirmed_dossier,
    make_department,
    make_district,
    make_dossier,
    make_round,
    make_session,
    make_user,
)
from tests.reports.conftest import submit

pytestmark = pytest.mark.django_db
APPRAISAL, PROPOSAL, URGING = (
    REPORTS[slug] for slug in ("bao-cao-tham-dinh", "to-trinh-cong-nhan", "cong-van-don-doc")
)


@pytest.fixture
def pilot_round():
    return make_round(name="Thí điểm 2022", standing_agency=make_department(parent=make_city()))


@pytest.fixture
def dossier(pilot_round):
    return make_confirmed_dossier(make_district("Quận A", "1"), pilot_round=pilot_round)


@pytest.fixture
def officer(client):
    user = make_user(Role.APPROVER, full_name="Trần Thị Duyệt")
    client.force_login(user)
    return user


def address_of(report, subject):
    return reverse(report.words_url, args=[subject.pk])


def shown(client, address) -> dict[str, str]:
    return {
        row.form.add_prefix(name): str(row.form[name].value())
        for row in client.get(address).context["rows"]
        for name in ("text", "revision", "suggested")
    }


def said_in(report, subject):
    fresh = report.all_subjects().get(pk=subject.pk)
    content = json.loads(json.dumps(report.content(fresh)))
    return " ".join(report.paper(content).said).replace("\xa0", " ")


def test_each_kind_of_subject_has_words_of_its_own(client, officer, pilot_round, dossier):
    other = make_confirmed_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)
    make_dossier(make_district("Huyện C", "3"), pilot_round=pilot_round)
    session = make_session(dossier, other, members=[], concluded=1)

    for report, subject, key, kept in (
        (APPRAISAL, dossier, "nhan-xet", "Đề nghị quận kiểm tra lại hồ sơ cấp phường."),
        (PROPOSAL, session, "noi-them", "Các hồ sơ được lưu tại Sở."),
        (URGING, pilot_round, "de-nghi", "Đề nghị gửi trước cuối tuần."),
    ):
        address = address_of(report, subject)
        answer = client.post(address, shown(client, address) | {f"{key}-text": kept})
        assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, address)
        assert kept in said_in(report, subject)

    assert "kiểm tra lại hồ sơ" not in said_in(APPRAISAL, other)
    told = "; ".join(event.text for event in pilot_round.events.filter(kind="report-text"))
    assert "sửa lời văn Báo cáo thẩm định, Quận A" in told
    assert "sửa lời văn Công văn đôn đốc: Đề nghị" in told


def test_the_level_is_no_word(client, officer, dossier):
    """What is asked for follows from what was concluded: no section holds it."""
    session = make_session(dossier, members=[], concluded=1)

    drafts = " ".join(shown(client, address_of(PROPOSAL, session)).values())

    assert "thành viên có mặt, xét 1 hồ sơ" in drafts
    assert "đạt danh hiệu" not in drafts
    assert "đạt danh hiệu quận học tập mức độ 1" in said_in(PROPOSAL, session)


def test_an_older_revision_is_taken_back_as_a_new_one(client, officer, dossier):
    address = address_of(APPRAISAL, dossier)
    for text in ("Bản một", "Bản hai", ""):
        client.post(address, shown(client, address) | {"nhan-xet-text": text})

    page = client.get(address).content.decode()
    typed = shown(client, address) | {"qua-trinh-text": "Của tôi", "lay-lai": "nhan-xet:1"}
    client.post(address, typed)

    assert "Các bản trước (2)" in page
    assert "Trần Thị Duyệt" in page
    kept = ReportText.objects.filter(section="nhan-xet").order_by("revision")
    assert [each.text for each in kept] == ["Bản một", "Bản hai", "", "Bản một"]
    assert "Bản một" in said_in(APPRAISAL, dossier)
    assert "Của tôi" in said_in(APPRAISAL, dossier)  # what was typed elsewhere is kept too


@pytest.mark.parametrize("wanted", ["nhan-xet:9", "nhan-xet:x", "khac:1", "nhan-xet", ":"])
def test_a_revision_that_is_not_there_changes_nothing(client, officer, dossier, wanted):
    address = address_of(APPRAISAL, dossier)
    client.post(address, shown(client, address) | {"nhan-xet-text": "Bản một"})

    answer = client.post(address, shown(client, address) | {"lay-lai": wanted}, follow=True)

    assert "Không có mục nào thay đổi" in answer.content.decode()
    assert ReportText.objects.count() == 1


def test_words_belong_to_one_subject_by_the_database(officer, dossier):
    session = make_session(dossier, members=[], concluded=1)
    given = {
        "pilot_round": dossier.pilot_round,
        "report": APPRAISAL.slug,
        "section": "nhan-xet",
        "revision": 1,
        "written_by": officer,
    }
    ReportText.objects.create(**given, evaluation=dossier)
    ReportText.objects.create(**given, session=session)

    for wrong in (
        {"evaluation": dossier, "session": session},
        {"evaluation": dossier},
        {"session": session},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportText.objects.create(**given, **wrong)


def test_who_may_order_the_report_but_is_not_of_the_agency_writes_no_words(client, dossier):
    leader = make_user(Role.LEADER, dossier.unit)
    client.force_login(leader)
    change = Change("nhan-xet", "Nhận xét", 0, "Của huyện", "")

    assert APPRAISAL.can_order(leader, dossier)
    assert client.get(address_of(APPRAISAL, dossier)).status_code == HTTPStatus.FORBIDDEN
    with pytest.raises(PermissionDenied):
        write_texts(report=APPRAISAL.slug, subject=dossier, changes=[change], by=leader)
    assert not ReportText.objects.exists()


def test_a_dossier_that_is_not_concluded_has_no_words_to_write(client, officer, dossier):
    Evaluation.objects.filter(pk=dossier.pk).update(status=Status.APPRAISING)

    assert client.get(address_of(APPRAISAL, dossier)).status_code == HTTPStatus.FORBIDDEN


def test_what_was_typed_meanwhile_is_given_back(client, officer, pilot_round, dossier):
    """The last debtor submits, the dossier is reopened, the round is closed."""
    debtor = make_complete_dossier(make_district("Huyện B", "2"), pilot_round=pilot_round)
    letter, report = address_of(URGING, pilot_round), address_of(APPRAISAL, dossier)
    urging = shown(client, letter) | {"mo-dau-text": "Câu vừa gõ"}
    appraisal = shown(client, report) | {"nhan-xet-text": "Câu vừa gõ"}
    too_long = appraisal | {"nhan-xet-text": "Câu vừa gõ " * (MAX_LENGTH // 10)}

    def refused(address, typed, status, reason):
        answer = client.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == status
        assert reason in page
        assert "Câu vừa gõ" in page
        assert [change.text[:10] for change in answer.context["unsaved"]] == ["Câu vừa gõ"]

    submit(debtor)
    refused(letter, urging, HTTPStatus.UNPROCESSABLE_ENTITY, "Không đơn vị nào còn nợ")
    Evaluation.objects.filter(pk=dossier.pk).update(status=Status.APPRAISING)
    refused(report, appraisal, HTTPStatus.FORBIDDEN, REOPENED)
    Evaluation.objects.filter(pk=dossier.pk).update(status=Status.CONFIRMED)
    pilot_round.closed_at = pilot_round.opened_at
    pilot_round.save(update_fields=["closed_at"])
    refused(report, appraisal, HTTPStatus.FORBIDDEN, CLOSED)
    refused(report, too_long, HTTPStatus.FORBIDDEN, CLOSED)
    refused(letter, urging, HTTPStatus.FORBIDDEN, CLOSED)
    assert not ReportText.objects.exists()


def test_a_dossier_or_session_reopened_under_the_page_takes_no_words(officer, dossier):
    session = make_session(dossier, members=[], concluded=1)
    Evaluation.objects.filter(pk=dossier.pk).update(status=Status.APPRAISING)
    CouncilSession.objects.filter(pk=session.pk).update(closed_at=None, closed_by=None)

    for report, stale, key in ((APPRAISAL, dossier, "nhan-xet"), (PROPOSAL, session, "noi-them")):
        assert report.can_order(officer, stale)
        change = Change(key, "Mục", 0, "Câu vừa gõ", "")
        with pytest.raises(PermissionDenied):
            write_texts(report=report.slug, subject=stale, changes=[change], by=officer)
    assert not ReportText.objects.exists()


@pytest.mark.parametrize("revisions", [1, 4])
def test_query_count_does_not_grow_with_the_revisions(
    client, officer, dossier, revisions, django_assert_num_queries
):
    for number in range(revisions):
        change = Change("nhan-xet", "Nhận xét", number, f"Bản {number}", "")
        write_texts(report=APPRAISAL.slug, subject=dossier, changes=[change], by=officer)

    with django_assert_num_queries(1):
        list(ReportText.objects.of(APPRAISAL.slug, dossier))
    with django_assert_num_queries(1):
        (kept,) = ReportText.objects.newest_of(APPRAISAL.slug, dossier)
    assert kept.revision == revisions
