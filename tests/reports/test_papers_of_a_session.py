"""The papers of the council: biên bản, tờ trình, dự thảo Quyết định, and who may have them."""

import json
import re
from datetime import date, time, timedelta
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.decisions import Said, record_decision
from evaluations.models import CouncilSession, Evaluation, Opinion, SessionMember
from organisations.models import Role
from reports.actions import order_report
from reports.definitions import REPORTS, Takes, choices
from reports.figures import NothingToSay
from reports.models import ReportRun
from reports.paper.html import paper_html
from reports.paper.word import paper_docx
from tests.evaluations import samples
from tests.factories import (
    make_agency,
    make_city,
    make_confirmed_dossier,
    make_department,
    make_district,
    make_round,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db
MINUTES, PROPOSAL, DECISION = (
    REPORTS[slug] for slug in ("bien-ban-hoi-dong", "to-trinh-cong-nhan", "du-thao-quyet-dinh")
)


@pytest.fixture
def pilot_round():
    department = make_department(document_code="SGDĐT", issuer_name="Sở Giáo dục và Đào tạo")
    return make_round(name="Thí điểm 2022", standing_agency=department, is_practice=False)


@pytest.fixture
def dossiers(pilot_round):
    units = [make_district("Quận Lê Chân", "305"), make_district("Huyện Vĩnh Bảo", "316")]
    return [make_confirmed_dossier(unit, pilot_round=pilot_round) for unit in units]


@pytest.fixture
def member():
    return make_user(Role.COUNCIL, make_city(), full_name="Hoàng Văn Hội")


@pytest.fixture
def session(dossiers, member):
    """Closed; Lê Chân at level 2, Vĩnh Bảo refused."""
    made = make_session(*dossiers, members=[member], concluded=2, starts_at=time(8, 5))
    SessionMember.objects.create(
        session=made,
        name="Vũ Văn Khách",
        position="Phó Giám đốc Sở Nội vụ",
        is_present=False,
        absence_reason="Đi công tác.",
    )
    refused = made.items.get(evaluation=dossiers[1])
    refused.concluded_level, refused.conclusion = 0, "Còn ba xã chưa có quyết định."
    refused.save()
    first = made.items.get(evaluation=dossiers[0])
    Opinion.objects.create(item=first, by=member, stand="asks", text="Quận nói rõ\nmẫu số.")
    return made


@pytest.fixture
def opened(dossiers, member):
    return make_session(*dossiers, members=[member], held_on=date(2022, 12, 20))


def content_of(report, session):
    """As it is frozen: through JSON."""
    fresh = report.all_subjects().get(pk=session.pk)
    return json.loads(json.dumps(report.content(fresh)))


def said_in(report, session):
    return " ".join(report.paper(content_of(report, session)).said).replace("\xa0", " ")


# --- Biên bản ----------------------------------------------------------------------------------


def test_minutes_tell_the_meeting_as_it_was(session):
    paper = MINUTES.paper(content_of(MINUTES, session))
    said = said_in(MINUTES, session)

    for words in (
        "Họp Hội đồng đánh giá cấp thành phố xét công nhận quận, huyện học tập năm 2022",
        "Thời gian bắt đầu: 08 giờ 05, ngày 20 tháng 12 năm 2022.",
        "Địa điểm: Phòng họp số 1.",
        "Thành phần tham dự: 1/2 thành viên. Hoàng Văn Hội.",
        "Vắng: 1 thành viên. Vũ Văn Khách, Phó Giám đốc Sở Nội vụ (lý do: đi công tác).",
        "1. Quận Lê Chân Kết quả thẩm định: mức độ 1. Ý kiến thành viên gửi trước phiên họp: "
        "Hoàng Văn Hội: cần làm rõ (“Quận nói rõ mẫu số”). Biểu quyết về kết luận: 1/1 phiếu "
        "đồng ý, 0 phiếu không đồng ý. Hội đồng kết luận: công nhận mức độ 2.",
        "2. Huyện Vĩnh Bảo",
        "Hội đồng kết luận: không công nhận. Còn ba xã chưa có quyết định.",
        "Công nhận mức độ 2: quận Lê Chân; Không công nhận: huyện Vĩnh Bảo.",
        "ngày 20 tháng 12 năm 2022./.",
    ):
        assert words in said
    signature = paper.parts[-1]
    assert (signature.other.position, signature.other.name) == ("Thư ký", "Trần Văn Ký")
    assert (signature.signer.position, signature.signer.name) == ("Chủ tọa", "Nguyễn Thị Chủ")
    assert (paper.head.place, paper.marks) == ("", ())
    assert paper.head.symbol.startswith("/BB-")


def test_minutes_of_an_open_session_are_a_draft_and_conclude_nothing(opened):
    content = content_of(MINUTES, opened)
    said = said_in(MINUTES, opened)

    assert content["is_draft"]
    assert MINUTES.paper(content).marks == ("Chưa kết thúc phiên họp",)
    assert said.count("Hội đồng chưa kết luận.") == 2
    assert "II. Kết luận" not in said
    assert "Biểu quyết" not in said


def test_minutes_before_the_day_name_those_who_are_invited(opened):
    CouncilSession.objects.update(held_on=timezone.localdate() + timedelta(days=1))

    assert "Thành phần mời họp: 1/1 thành viên." in said_in(MINUTES, opened)


def test_minutes_stay_as_closed_and_tell_what_had_fallen_out(session, dossiers):
    session.items.filter(evaluation=dossiers[1]).update(concluded_level=None)
    Evaluation.objects.update(status="appraising", status_since=timezone.now())

    said = said_in(MINUTES, session)

    assert "Hội đồng kết luận: công nhận mức độ 2." in said
    assert "2. Huyện Vĩnh Bảo Hồ sơ được mở lại thẩm định, Hội đồng không xét." in said


# --- Tờ trình ----------------------------------------------------------------------------------


def test_proposal_asks_level_by_level_and_encloses_what_there_is(session):
    said = said_in(PROPOSAL, session)

    for words in (
        "Về việc công nhận quận, huyện học tập năm 2022 Ủy ban nhân dân thành phố Hải Phòng",
        "Căn cứ Kế hoạch 02/KH-UBND; Căn cứ kết luận tại phiên họp ngày 20 tháng 12 năm 2022 của "
        "Hội đồng đánh giá cấp thành phố.",
        "1/2 thành viên có mặt",
        "Mức độ 1 vì 2.1.2",
        "Huyện Vĩnh Bảo: Còn ba xã chưa có quyết định.",
        "công nhận quận Lê Chân đạt danh hiệu quận học tập mức độ 2 năm 2022.",
        "Phiếu đồng ý với kết luận",  # one that refuses too
        "Hội đồng kết luận không công nhận: huyện Vĩnh Bảo.",
        "Biên bản họp Hội đồng đánh giá cấp thành phố ngày 20 tháng 12 năm 2022;",
        "Dự thảo Quyết định công nhận.",
    ):
        assert words in said
    assert PROPOSAL.paper(content_of(PROPOSAL, session)).head.symbol == "/TTr-SGDĐT"


def test_what_was_reopened_after_the_session_is_not_asked_for(session, dossiers):
    later = make_confirmed_dossier(
        make_district("Quận Hải An", "306"), pilot_round=session.pilot_round
    )
    made = make_session(dossiers[0], later, members=[], concluded=1)
    Evaluation.objects.filter(pk=later.pk).update(status="appraising")

    assert "Hồ sơ của quận Hải An được mở lại thẩm định sau phiên họp" in said_in(PROPOSAL, made)
    assert "Hải An" not in said_in(DECISION, made)
    # The later session concluded Lê Chân anew, so that the earlier one has nothing left to ask.
    with pytest.raises(NothingToSay, match="Không còn kết luận"):
        PROPOSAL.content(PROPOSAL.all_subjects().get(pk=session.pk))


def test_proposal_of_decided_dossiers_says_what_was_frozen(session, dossiers):
    record_decision(
        pilot_round=session.pilot_round,
        details={
            "number": "1/QĐ-UBND",
            "signed_on": date(2022, 12, 28),
            "issuer": "UBND thành phố",
            "signer_name": "Lê Văn Ký",
            "signer_position": "Phó Chủ tịch",
        },
        lines=[Said(dossiers[0].pk, 2, "Theo kết luận của Hội đồng")],
        uploaded=ContentFile(samples.pdf("quyết định"), name="quyet-dinh.pdf"),
        by=make_user(Role.APPROVER),
    )
    dossiers[0].results.update(typed={})

    said = said_in(PROPOSAL, session)

    assert "công nhận quận Lê Chân đạt danh hiệu quận học tập mức độ 2" in said
    assert "Mức độ 1 vì 2.1.2" in said


# --- Dự thảo Quyết định ------------------------------------------------------------------------


def test_draft_decision_lists_who_is_recognised_and_nobody_else(session):
    paper = DECISION.paper(content_of(DECISION, session))
    said = said_in(DECISION, session)

    assert paper.marks == ("Dự thảo",)
    assert paper.head.symbol == "/QĐ-UBND"
    assert "Vĩnh Bảo" not in said
    for words in (
        "Về việc công nhận quận học tập năm 2022 Ủy ban nhân dân thành phố Hải Phòng Căn cứ "
        "……………………………… (bổ sung căn cứ về thẩm quyền); Căn cứ Kế hoạch 02/KH-UBND;",
        "Theo đề nghị của Sở Giáo dục và Đào tạo tại Tờ trình số ……/TTr-SGDĐT",
        "Quyết định: Điều 1. Công nhận quận Lê Chân đạt danh hiệu quận học tập mức độ 2 năm 2022 "
        "theo",
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
        "Ủy ban nhân dân quận Lê Chân và các cơ quan, đơn vị liên quan chịu trách nhiệm",
        "Như Điều 3",
        "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
    ):
        assert words in said


def test_several_stand_in_a_table_of_the_draft_decision(session):
    session.items.filter(concluded_level=0).update(concluded_level=1)

    said = said_in(DECISION, session)
    asked = said_in(PROPOSAL, session)

    assert "Công nhận 2 đơn vị có tên sau đây đạt danh hiệu quận, huyện học tập" in said
    assert "TT Đơn vị Công nhận 1 Quận Lê Chân Mức độ 2 2 Huyện Vĩnh Bảo Mức độ 1" in said
    assert "Mức độ 2: quận Lê Chân. Mức độ 1: huyện Vĩnh Bảo." in asked


def test_where_nobody_is_recognised_there_is_no_paper(session):
    session.items.update(concluded_level=0)

    for report in (PROPOSAL, DECISION):
        with pytest.raises(NothingToSay):
            report.content(report.all_subjects().get(pk=session.pk))


def test_the_city_goes_to_the_ministry_and_has_no_draft_decision(pilot_round, approver):
    city = make_confirmed_dossier(make_city(), pilot_round=pilot_round)
    made = make_session(city, concluded=1)
    fresh = PROPOSAL.all_subjects().get(pk=made.pk)

    said = said_in(PROPOSAL, made)

    assert "trình Bộ Giáo dục và Đào tạo xem xét, công nhận thành phố Hải Phòng" in said
    assert "Dự thảo Quyết định" not in said
    assert not DECISION.can_order(approver, fresh)
    assert "do Bộ Giáo dục và Đào tạo quyết định" in PROPOSAL.note(fresh)


def test_of_a_session_on_both_only_the_districts_are_in_the_draft_decision(dossiers, approver):
    city = make_confirmed_dossier(make_city(), pilot_round=dossiers[0].pilot_round)
    made = make_session(dossiers[0], city, concluded=1)

    rows = DECISION.tables(content_of(DECISION, made))[0].rows

    assert [row["name"].shown for row in rows] == ["Quận Lê Chân"]
    assert "quận học tập, thành phố học tập" in said_in(PROPOSAL, made)
    assert DECISION.can_order(approver, DECISION.all_subjects().get(pk=made.pk))


def test_an_opinion_on_an_earlier_confirmation_is_not_in_the_minutes(session):
    session.items.update(confirmed_at=timezone.now() + timedelta(minutes=1))

    assert "Ý kiến thành viên" not in said_in(MINUTES, session)


# --- Who, where, how often ---------------------------------------------------------------------


def test_who_may_order_which_paper_before_and_after_closing(session, opened, member):
    people = {
        "appraiser": make_user(Role.APPRAISER),
        "approver": make_user(Role.APPROVER),
        "member": member,
        "another of the council": make_user(Role.COUNCIL, make_city()),
        "observer": make_user(Role.OBSERVER, make_agency("Hội Khuyến học", "HKH")),
    }

    def may(subject):
        fresh = MINUTES.all_subjects().get(pk=subject.pk)
        return {
            name: [r.slug for r in (MINUTES, PROPOSAL, DECISION) if r.can_order(person, fresh)]
            for name, person in people.items()
        }

    nothing = dict.fromkeys(people, [])
    every = [MINUTES.slug, PROPOSAL.slug, DECISION.slug]
    assert may(opened) == nothing | dict.fromkeys(("appraiser", "approver"), [MINUTES.slug])
    assert may(session) == nothing | {
        "appraiser": every,
        "approver": every,
        "member": [MINUTES.slug],
    }


def test_a_member_who_reads_one_district_has_no_paper_of_the_whole_session(client, session, sent):
    district = session.items.first().evaluation.unit
    member = make_user(Role.COUNCIL, district)
    SessionMember.objects.create(session=session, person=member, name=member.full_name)
    fresh = MINUTES.all_subjects().get(pk=session.pk)

    assert not MINUTES.can_order(member, fresh)
    client.force_login(member)
    assertNotContains(client.get(session.get_absolute_url()), "?phien-hop=")

    order_report(report=MINUTES, subject=fresh, file_type="pdf", by=make_user(Role.APPRAISER))
    session.items.exclude(evaluation__unit=district).delete()
    assert not ReportRun.objects.visible_to(member).exists()  # frozen when there were more


def test_a_run_is_read_by_those_who_know_all_of_its_session(session, opened, member, sent):
    appraiser = make_user(Role.APPRAISER)
    closed, draft = (
        order_report(
            report=MINUTES,
            subject=MINUTES.all_subjects().get(pk=each.pk),
            file_type="pdf",
            by=appraiser,
        )
        for each in (session, opened)
    )
    district = session.items.first().evaluation.unit
    readers = {
        "appraiser": (appraiser, {closed, draft}),
        "member": (member, {closed}),
        "of the city": (make_user(Role.OBSERVER, make_city()), {closed}),
        "of one district": (make_user(Role.OBSERVER, district), set()),
        "unit": (make_user(Role.LEADER, district), set()),
    }

    for name, (person, known) in readers.items():
        assert set(ReportRun.objects.visible_to(person)) == known, name


def test_a_run_is_about_one_subject_and_ordered_once_at_a_time(session, sent):
    appraiser = make_user(Role.APPRAISER)
    subject = MINUTES.all_subjects().get(pk=session.pk)
    run = order_report(report=MINUTES, subject=subject, file_type="pdf", by=appraiser)

    again = order_report(report=MINUTES, subject=subject, file_type="pdf", by=appraiser)

    assert again == run
    assert (run.session, run.evaluation, run.pilot_round) == (session, None, None)
    twice = {f.attname: getattr(run, f.attname) for f in run._meta.fields if f.name != "id"}
    for wrong in (
        twice,
        twice | {"pilot_round_id": session.pilot_round_id, "report": "x"},
        twice | {"session_id": None, "report": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportRun.objects.create(**wrong)


def test_the_page_of_the_session_leads_to_its_papers(client, session, member):
    link = f"{reverse('reports:index')}?phien-hop={session.pk}"
    client.force_login(make_user(Role.APPRAISER))
    assertContains(client.get(session.get_absolute_url()), link)

    (section,) = client.get(link).context["sections"]
    assert [(each.subject, [o.report for o in each.offers]) for each in section.subjects] == [
        (session, [MINUTES, PROPOSAL, DECISION])
    ]

    client.force_login(make_user(Role.OBSERVER, make_city()))
    assertNotContains(client.get(session.get_absolute_url()), "?phien-hop=")
    client.force_login(member)
    assertContains(client.get(session.get_absolute_url()), link)
    assertContains(client.get(link), "Biên bản họp Hội đồng")


def test_an_open_session_leads_only_the_department_to_its_papers(client, opened, member):
    for person, leads in ((make_user(Role.APPROVER), True), (member, False)):
        client.force_login(person)
        page = client.get(opened.get_absolute_url()).content.decode()
        assert ("?phien-hop=" in page) is leads


def test_the_command_takes_a_session(session, tmp_path):
    path = tmp_path / "bien-ban.docx"

    call_command("make_report", MINUTES.slug, format="docx", output=path, session=session.pk)

    assert path.read_bytes()[:2] == b"PK"
    with pytest.raises(CommandError, match="Không có phiên họp số 0"):
        call_command(
            "make_report", MINUTES.slug, format="pdf", output=path, session=0, stdout=StringIO()
        )


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_do_not_grow(pilot_round, member, count, django_assert_num_queries):
    found = [
        make_confirmed_dossier(
            make_district(f"Huyện {number}", str(number)), pilot_round=pilot_round
        )
        for number in range(count)
    ]
    appraiser = make_user(Role.APPRAISER)
    for number in range(count):
        session = make_session(
            *found, members=[member], concluded=1, held_on=date(2022, 12, 1 + number)
        )

    subject = MINUTES.all_subjects().get(pk=session.pk)
    with django_assert_num_queries(0):
        MINUTES.content(subject)
    with django_assert_num_queries(8):
        PROPOSAL.content(subject)
    with django_assert_num_queries(1):
        DECISION.content(subject)
    with django_assert_num_queries(4):
        for each in choices(Takes.SESSION, appraiser):
            assert MINUTES.can_order(appraiser, each)
            assert DECISION.can_order(appraiser, each)


def test_word_and_print_carry_every_word_and_keep_the_last_article_with_the_signature(session):
    for report in (MINUTES, PROPOSAL, DECISION):
        paper = report.paper(content_of(report, session))
        document = Document(BytesIO(paper_docx(paper, "x")))
        written = _squeezed("".join(t.text or "" for t in document.element.body.iter(qn("w:t"))))
        printed = _squeezed(unescape(re.sub("<[^>]+>", "", paper_html(paper, "x"))))
        for words in paper.said:
            assert _squeezed(words) in written, words
            assert _squeezed(words) in printed, words
    (last,) = [line for line in document.paragraphs if line.text.startswith("Điều 3.")]
    (second,) = [line for line in document.paragraphs if line.text.startswith("Điều 2.")]
    assert (last.paragraph_format.keep_with_next, second.paragraph_format.keep_with_next) == (
        True,
        None,
    )
    assert '<p class="article announces"><b>Điều 3.' in paper_html(paper, "x")


def _squeezed(words):
    """Without spaces and in one case: where a line ends is the layout's affair."""
    return re.sub(r"\s+", "", words).casefold()
