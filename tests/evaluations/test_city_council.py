"""The city's dossier before the council, which appraises what the Sở compiled."""

import json
from datetime import date
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.decisions import Said, record_decision
from evaluations.actions.steps import NotReady
from evaluations.determination import find
from evaluations.models import Evaluation
from evaluations.permissions import can_appraise, can_open_appraisal, steps_for
from evaluations.recognition import decided_of
from evaluations.snapshots import indicators_in
from evaluations.workflow import CITY_STEPS, STEPS, Status
from reports.definitions import REPORTS
from reports.permissions import can_order_appraisal, can_order_self_assessment
from reports.self_assessment.content import self_assessment
from tests.evaluations import samples
from tests.evaluations.city_world import CityWorld, make_city_world
from tests.factories import make_complete_dossier, make_district, make_session

COUNCIL = {"council", "other council"}


@pytest.fixture
def world(db) -> CityWorld:
    made = make_city_world()
    made.fill()
    made.hand_over()
    made.submit()
    return made


def who_may(world: CityWorld) -> dict[str, set[str]]:
    """By step, everybody who could press its button now."""
    found: dict[str, set[str]] = {}
    for name, person in world.people.items():
        for step in steps_for(person, world.dossier):
            found.setdefault(step, set()).add(name)
    return found


def test_each_step_of_the_city_is_in_the_right_hands(world):
    leader = {"SGDDT leader"}
    assert who_may(world) == {"withdraw": leader, "take-in": COUNCIL}
    world.step("take-in", "council")
    assert who_may(world) == {"return": COUNCIL, "finish": COUNCIL}
    assert {name for name, who in world.people.items() if can_appraise(who, world.dossier)} == (
        COUNCIL
    )
    accept_rest(evaluation=world.dossier, by=world.people["council"])
    world.step("finish", "council")
    # Who gave the verdicts does not confirm them.
    assert who_may(world) == {"confirm": {"other council"}, "send-back": COUNCIL}
    world.step("confirm", "other council")
    assert who_may(world) == {"reopen": COUNCIL}


def test_the_two_tables_differ_in_hands_and_words_alone():
    for name, step in STEPS.items():
        of_city = CITY_STEPS[name]
        assert (of_city.sources, of_city.target) == (step.sources, step.target)
        assert (of_city.needs_note, of_city.another_than) == (step.needs_note, step.another_than)
    moved = {name for name, step in CITY_STEPS.items() if step.role != STEPS[name].role}
    assert moved == {"take-in", "return", "finish", "confirm", "send-back", "reopen"}
    assert {CITY_STEPS[name].role for name in moved} == {"council"}


def test_the_so_does_not_appraise_what_it_compiled(client, world):
    world.step("take-in", "council")
    result = world.result("1.1.1")
    for name in ("appraiser", "approver"):
        person = world.people[name]
        assert not can_open_appraisal(person, world.dossier)
        with pytest.raises(PermissionDenied):
            appraise(result=result, verdict="accept", by=person)
        client.force_login(person)
        url = reverse("evaluations:appraise-dossier", args=[world.dossier.pk])
        assert client.get(url).status_code == HTTPStatus.FORBIDDEN
        page = client.get(world.url())
        assertContains(page, "hội đồng đang đánh giá".capitalize())
        assertNotContains(page, "Mở trang thẩm định")
    client.force_login(world.people["appraiser"])
    assertNotContains(client.get(reverse("evaluations:appraisals")), "Thành phố Hải Phòng")


def test_verdicts_of_the_council_are_private_until_sent(client, world):
    world.step("take-in", "council")
    appraise(
        result=world.result("2.2.1"),
        verdict="ask",
        reason="Nêu nguồn số liệu.",
        by=world.people["council"],
    )
    for name in ("SGDDT leader", "VPUB editor", "appraiser", "observer"):
        client.force_login(world.people[name])
        assertNotContains(client.get(world.url("2.2.1")), "Nêu nguồn số liệu.")


def test_the_council_concludes_on_its_pages(client, world):
    client.force_login(world.people["council"])
    assertContains(client.get("/"), "Tiếp nhận hồ sơ thành phố")
    pk = world.dossier.pk
    take = reverse("evaluations:take-step", args=[pk, "take-in"])
    assert client.post(take).url == reverse("evaluations:appraise-dossier", args=[pk])
    page = client.get(reverse("evaluations:appraise", args=[pk, "2.2.1"]))
    assertContains(page, "Kết luận của hội đồng")
    assertNotContains(page, "Sở")
    words = {
        "verdict": "adjust",
        "achieved": "70",
        "total": "92",
        "reason": "Danh sách có 70 đơn vị.",
        "version": page.context["version"],
    }
    client.post(reverse("evaluations:appraise", args=[pk, "2.2.1"]), words)
    client.post(reverse("evaluations:accept-rest", args=[pk]))
    client.post(reverse("evaluations:take-step", args=[pk, "finish"]), {"note": ""})

    assert world.dossier.status == Status.APPRAISED
    finding = find(Evaluation.objects.with_results().get(pk=pk))
    assert finding.line("2.2.1").appraised.figure == "70/92"
    client.force_login(world.people["other council"])
    assertContains(client.get("/"), "Xác nhận kết luận về thành phố")
    client.post(reverse("evaluations:take-step", args=[pk, "confirm"]), {"note": ""})
    assert world.dossier.status == Status.CONFIRMED
    trail = [event.text for event in world.dossier.events.steps()]
    assert trail[:2] == ["xác nhận kết luận của hội đồng", "kết thúc đánh giá của hội đồng"]


def test_the_decision_on_the_city_is_that_of_the_ministry(client, world):
    world.appraise_all()
    world.step("finish", "council")
    world.step("confirm", "other council")
    dossier = world.dossier
    details = {
        "number": "99/QĐ-BGDĐT",
        "signed_on": date(2022, 12, 28),
        "issuer": "Bộ Giáo dục và Đào tạo",
        "signer_name": "Nguyễn Văn Ký",
        "signer_position": "Thứ trưởng",
    }

    def record():
        return record_decision(
            pilot_round=world.pilot_round,
            details=details,
            lines=[Said(dossier.pk, 1)],
            uploaded=ContentFile(samples.pdf("quyết định"), name="quyet-dinh.pdf"),
            by=world.people["approver"],
        )

    with pytest.raises(NotReady, match="chưa được hội đồng kết luận"):
        record()
    make_session(dossier, members=[world.people["council"]], concluded=1)
    client.force_login(world.people["approver"])
    form = client.get(f"{reverse('evaluations:record-decision')}?dot={world.pilot_round.pk}")
    assertContains(form, "Bộ Giáo dục và Đào tạo")
    decision = record()

    assert decided_of(world.dossier).level == 1
    client.force_login(world.people["SGDDT leader"])
    assert client.get(decision.get_absolute_url()).status_code == HTTPStatus.OK
    client.force_login(world.people["district"])
    assert client.get(decision.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


def test_the_citys_self_assessment_is_printed_for_the_ministry_from_all_its_parts(world):
    dossier = Evaluation.objects.with_results().get(pk=world.dossier.pk)
    content = self_assessment(dossier)

    assert (content["addressee"], content["through"]) == ("Bộ Giáo dục và Đào tạo", "")
    assert len(indicators_in(content["dossier"])) == 5
    may = {name for name, who in world.people.items() if can_order_self_assessment(who, dossier)}
    assert may == {"SGDDT editor", "SGDDT leader", "appraiser", "approver"}


def said_of(slug: str, subject) -> str:
    report = REPORTS[slug]
    content = report.content(report.all_subjects().get(pk=subject.pk))
    paper = report.paper(json.loads(json.dumps(content, default=str)))
    heads = " ".join([*paper.head.issuer, *paper.marks])
    return " ".join([heads, *paper.said]).replace("\xa0", " ")


def test_the_report_of_what_the_council_concludes_is_the_councils(world):
    world.step("take-in", "council")
    appraise(
        result=world.result("2.1.2"),
        verdict="adjust",
        typed={"achieved": "22", "total": "30"},
        reason="Một đơn vị chưa có quyết định",
        by=world.people["council"],
    )
    accept_rest(evaluation=world.dossier, by=world.people["council"])
    may = {name for name, who in world.people.items() if can_order_appraisal(who, world.dossier)}
    assert not may  # nothing is concluded yet
    world.step("finish", "council")

    unconfirmed = said_of("bao-cao-tham-dinh", world.dossier)
    world.step("confirm", "other council")
    said = said_of("bao-cao-tham-dinh", world.dossier)

    assert "Chưa xác nhận kết quả" in unconfirmed
    assert "Chưa xác nhận kết quả" not in said
    assert said.startswith("Hội đồng đánh giá cấp thành phố")
    for words in (
        "Kết quả đánh giá hồ sơ công nhận thành phố học tập năm",
        "Hội đồng đánh giá",
        "Một đơn vị chưa có quyết định",
        "điều chỉnh 1/5 chỉ báo (2.1.2)",
        "xem xét, trình Bộ Giáo dục và Đào tạo công nhận",
        "đạt danh hiệu thành phố học tập mức độ 1",
        "TM. HỘI ĐỒNG CHỦ TỊCH",
    ):
        assert words in said, words


def test_the_ministry_reads_of_the_citys_dossier_what_was_concluded_and_how_its_set_fits(world):
    make_complete_dossier(make_district("Quận A", "1"), pilot_round=world.pilot_round)
    sent = said_of("bao-cao-bo", world.pilot_round)
    assert "gửi hồ sơ đến Hội đồng đánh giá cấp thành phố" in sent
    assert "Kết luận" not in sent
    world.appraise_all()
    world.step("finish", "council")
    assert "kết luận thống nhất" not in said_of("bao-cao-bo", world.pilot_round)
    world.step("confirm", "other council")

    said = said_of("bao-cao-bo", world.pilot_round)

    for words in (
        "kết luận thống nhất với kết quả tự đánh giá.",
        "đề nghị Bộ Giáo dục và Đào tạo xem xét, công nhận",
        "5/5 chỉ báo được đánh giá là phù hợp.",
        "KẾT QUẢ TỪNG CHỈ BÁO CỦA THÀNH PHỐ",
    ):
        assert words in said, words
