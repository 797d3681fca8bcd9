"""The pages of decisions: recording, correcting, reading, and the level that every page shows."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.models import LevelThreshold
from evaluations.actions.decisions import Said, record_decision
from evaluations.models import (
    AdoptedReading,
    Decision,
    DecisionAccess,
    Evaluation,
    IndicatorResult,
    UnitResult,
)
from evaluations.scanning import Infected
from evaluations.workflow import Status
from organisations.models import Role
from tests.evaluations import samples
from tests.factories import (
    make_communes,
    make_confirmed_dossier,
    make_decision,
    make_district,
    make_dossier,
    make_round,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db
DECISIONS = "/quyet-dinh/"
RECORD = "/quyet-dinh/ghi/"
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.fixture
def dossiers():
    """Two confirmed dossiers that a closed session concluded at level 1."""
    pilot_round = make_round()
    units = [make_district("Huyện Vĩnh Bảo", "316"), make_district("Quận Lê Chân", "305")]
    made = [make_confirmed_dossier(unit, pilot_round=pilot_round) for unit in units]
    make_session(*made, concluded=1)
    return made


def paper(*evaluations, **fields):
    """The form as the page sends it, with these dossiers ticked at level 1."""
    data = {
        "number": "4012/QĐ-UBND",
        "signed_on": "28/12/2022",
        "issuer": "Ủy ban nhân dân thành phố Hải Phòng",
        "signer_name": "Lê Văn Ký",
        "signer_position": "Phó Chủ tịch",
        "scan": samples.upload(samples.pdf("quyết định"), "Quyết định.pdf"),
    }
    for evaluation in evaluations:
        data |= {f"taken-{evaluation.pk}": "on", f"level-{evaluation.pk}": "1"}
    return data | fields


def recorded(evaluation, by, level=1):
    return record_decision(
        pilot_round=evaluation.pilot_round,
        details={
            "number": "4012/QĐ-UBND",
            "signed_on": date(2022, 12, 28),
            "issuer": "Ủy ban nhân dân thành phố Hải Phòng",
            "signer_name": "Lê Văn Ký",
            "signer_position": "Phó Chủ tịch",
        },
        lines=[Said(evaluation.pk, level, "" if level == 1 else "Theo kết luận thanh tra")],
        uploaded=samples.upload(samples.pdf("quyết định"), "Quyết định.pdf"),
        by=by,
    )


# --- Recording ------------------------------------------------------------------------------


def test_the_form_begins_with_the_city_and_what_the_council_concluded(client, approver, dossiers):
    city = dossiers[0].unit.parent
    city.issuer_name, city.signer_position = "Ủy ban nhân dân thành phố Hải Phòng", "CHỦ TỊCH"
    city.save()
    client.force_login(approver)

    form = client.get(RECORD).context["form"]

    assert form["issuer"].value() == "Ủy ban nhân dân thành phố Hải Phòng"
    assert form["signer_position"].value() == "Chủ tịch"
    rows = [(row.offer.evaluation, row.taken.value(), row.level.value()) for row in form.rows]
    assert rows == [(dossiers[1], True, "1"), (dossiers[0], True, "1")]


def test_recording_leads_to_the_decision(client, approver, dossiers):
    client.force_login(approver)

    page = client.post(RECORD, paper(*dossiers))

    decision = Decision.objects.get()
    assertRedirects(page, decision.get_absolute_url())
    assert decision.file_name == "Quyết định.pdf"
    assert set(Evaluation.objects.values_list("status", flat=True)) == {Status.RECOGNISED}


def test_a_dossier_that_is_not_ticked_waits(client, approver, dossiers):
    client.force_login(approver)

    client.post(RECORD, paper(dossiers[0]))

    assert [line.evaluation for line in Decision.objects.get().lines.all()] == [dossiers[0]]
    dossiers[1].refresh_from_db()
    assert dossiers[1].status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number": ""}, "Ghi số, ký hiệu của quyết định."),
        ({"signed_on": "19/12/2022"}, "Ngày ký ở trước phiên họp hội đồng ngày 20/12/2022."),
        ({"signed_on": "28-12"}, "Ngày viết theo dạng ngày/tháng/năm"),
        ({"scan": ""}, "Chọn bản quét của quyết định đã ký"),
        ({"scan": SimpleUploadedFile("q.pdf", b"")}, "q.pdf rỗng (0 byte)"),
        ({"scan": samples.upload(b"chi la chu", "q.pdf")}, "q.pdf không thuộc loại nhận được"),
        ({"scan": samples.upload(samples.office(), "q.docx")}, "q.docx không phải bản quét"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, approver, dossiers, fields, said):
    client.force_login(approver)

    page = client.post(RECORD, paper(*dossiers, **fields))

    assertContains(page, said, status_code=WRONG)
    assertContains(page, "Lê Văn Ký", status_code=WRONG)
    assert not Decision.objects.exists()


def test_a_day_to_come_and_an_unexplained_level_are_refused(client, approver, dossiers):
    client.force_login(approver)
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    other_level = {f"level-{dossiers[0].pk}": "2"}

    late = client.post(RECORD, paper(*dossiers, signed_on=tomorrow))
    unexplained = client.post(RECORD, paper(*dossiers, **other_level))
    none_ticked = client.post(RECORD, paper())

    assertContains(late, "Ngày ký ở sau hôm nay", status_code=WRONG)
    assertContains(unexplained, "Khác kết luận của hội đồng thì ghi lý do.", status_code=WRONG)
    assertContains(none_ticked, "Đánh dấu ít nhất một hồ sơ", status_code=WRONG)


def test_a_refused_form_asks_for_the_scan_that_came_with_it_anew(client, approver, dossiers):
    client.force_login(approver)
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    said = "Chọn lại tệp quét: trình duyệt không giữ tệp khi trang báo lỗi."

    late = client.post(RECORD, paper(*dossiers, signed_on=tomorrow))
    without = client.post(RECORD, paper(*dossiers, scan=""))

    assertContains(late, said, status_code=WRONG)
    assertNotContains(without, said, status_code=WRONG)
    assertNotContains(client.get(RECORD), said)


def test_a_file_too_large_is_let_go_and_said(client, approver, dossiers, settings):
    settings.EVIDENCE_MAX_BYTES = 100
    client.force_login(approver)

    page = client.post(RECORD, paper(*dossiers))

    assertContains(page, "Quyết định.pdf quá giới hạn", status_code=WRONG)


def test_what_the_scanner_finds_is_not_kept(client, approver, dossiers, monkeypatch):
    def find(file):
        raise Infected("Eicar-Test")

    monkeypatch.setattr("evaluations.actions.decisions.scan", find)
    client.force_login(approver)

    page = client.post(RECORD, paper(*dossiers))

    assertContains(page, "Eicar-Test", status_code=WRONG)
    assert not Decision.objects.exists()


def test_what_was_recorded_meanwhile_is_said(client, approver, dossiers):
    client.force_login(approver)
    client.get(RECORD)
    make_decision({dossiers[0]: 1}, number="77/QĐ-UBND")

    page = client.post(RECORD, paper(*dossiers))

    said = "Không còn chờ ghi quyết định: Huyện Vĩnh Bảo"
    assertContains(page, said, status_code=WRONG)
    assert Decision.objects.get().number == "77/QĐ-UBND"


def test_a_dossier_of_another_round_is_not_named_when_its_key_is_sent(client, approver, dossiers):
    foreign = make_dossier(make_district("Quận Kín", "399"), pilot_round=make_round(year=2020))
    client.force_login(approver)

    page = client.post(RECORD, paper(*dossiers) | {f"taken-{foreign.pk}": "on"})

    said = "Không còn chờ ghi quyết định: một hồ sơ đã đánh dấu"
    assertContains(page, said, status_code=WRONG)
    assertNotContains(page, "Quận Kín", status_code=WRONG)
    assert not Decision.objects.exists()


def test_with_nothing_concluded_the_page_says_what_comes_first(client, approver):
    make_confirmed_dossier()
    client.force_login(approver)

    assertContains(client.get(RECORD), "Chưa có hồ sơ nào chờ ghi quyết định.")


# --- Reading and correcting -----------------------------------------------------------------


def test_the_scan_is_served_boxed_and_every_opening_is_noted(client, approver, dossiers):
    decision = recorded(dossiers[0], approver)
    unit_person = make_user(Role.EDITOR, dossiers[0].unit)
    client.force_login(unit_person)

    shown = client.get(reverse("evaluations:preview-decision", args=[decision.pk]))
    saved = client.get(reverse("evaluations:download-decision", args=[decision.pk]))

    for response in (shown, saved):
        assert b"".join(response.streaming_content) == samples.pdf("quyết định")
        assert response["Content-Security-Policy"].startswith("sandbox")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
    assert saved["Content-Disposition"].startswith("attachment")
    noted = [(each.kind, each.by) for each in DecisionAccess.objects.order_by("pk")]
    assert noted == [("preview", unit_person), ("download", unit_person)]


def test_who_opened_the_scan_is_the_agencys_to_read(client, approver, dossiers):
    decision = recorded(dossiers[0], approver)
    reader = make_user(Role.OBSERVER, full_name="Đặng Theo Dõi")
    DecisionAccess.objects.create(decision=decision, kind="download", by=reader)

    for user, sees in ((approver, True), (make_user(Role.EDITOR, dossiers[0].unit), False)):
        client.force_login(user)
        page = client.get(decision.get_absolute_url())
        assert ("Đặng Theo Dõi" in page.content.decode()) == sees


def test_a_unit_reads_no_reason_about_another_unit(client, dossiers):
    reasons = {dossiers[1]: "Còn vi phạm về môi trường"}
    decision = make_decision({dossiers[0]: 1, dossiers[1]: 0}, reasons=reasons)
    client.force_login(make_user(Role.LEADER, dossiers[0].unit))

    page = client.get(decision.get_absolute_url())

    assertContains(page, "Quận Lê Chân")
    assertNotContains(page, "Còn vi phạm về môi trường")
    assertNotContains(page, dossiers[1].get_absolute_url())


def test_correcting_from_the_page(client, approver, dossiers):
    old = recorded(dossiers[0], approver)
    client.force_login(approver)
    url = reverse("evaluations:correct-decision", args=[old.pk])
    pk = dossiers[0].pk
    new = {
        "number": "15/QĐ-UBND",
        "signed_on": "09/01/2023",
        "correction_reason": "Ghi nhầm mức độ",
        f"level-{pk}": "2",
    }

    unexplained = client.post(url, paper(**new))
    page = client.post(url, paper(**new, **{f"reason-{pk}": "Mức đúng là 2"}))

    assertContains(unexplained, "Khác quyết định trước thì ghi lý do.", status_code=WRONG)
    decision = Decision.objects.get(number="15/QĐ-UBND")
    assertRedirects(page, decision.get_absolute_url())
    marked = client.get(old.get_absolute_url())
    assertContains(marked, "Không còn hiệu lực")
    assertContains(marked, decision.get_absolute_url())
    assertContains(marked, "Mức độ 1")  # it still says what it said
    assertNotContains(marked, "Ghi quyết định thay")
    assert client.get(url).status_code == HTTPStatus.FORBIDDEN


def test_a_correction_before_what_it_corrects_is_refused(client, approver, dossiers):
    old = recorded(dossiers[0], approver)
    client.force_login(approver)
    fields = {"number": "1/QĐ", "signed_on": "27/12/2022", "correction_reason": "Nhầm"}

    page = client.post(
        reverse("evaluations:correct-decision", args=[old.pk]),
        paper(**fields, **{f"level-{dossiers[0].pk}": "1"}),
    )

    assertContains(page, "Ngày ký ở trước quyết định được thay", status_code=WRONG)


def test_the_list_marks_what_was_replaced(client, approver, dossiers):
    old = make_decision({dossiers[0]: 1}, number="1/QĐ")
    make_decision({dossiers[0]: 2}, number="2/QĐ", corrects=old)
    client.force_login(approver)

    page = client.get(DECISIONS)

    assertContains(page, "Đã được thay bằng")
    assertContains(page, "Thay 1/QĐ")


# --- The level that stands ------------------------------------------------------------------


@pytest.fixture
def recognised(dossiers, approver):
    """Recognised at level 1, with a register behind it that somebody may still change."""
    evaluation = dossiers[0]
    make_communes(evaluation.pilot_round, evaluation.unit, ["kha", "kha"])
    decision = recorded(evaluation, approver)
    return evaluation, decision


def shaken(evaluation, approver):
    """All that a level is computed from is made into something else."""
    AdoptedReading.objects.create(
        pilot_round=evaluation.pilot_round,
        question="exact_80",
        choice="level_2",
        document="1/CV",
        adopted_by=approver,
    )
    LevelThreshold.objects.filter(criteria_set=evaluation.criteria_set).update(percent=99)
    evaluation.criteria_set.indicators.update(text="Nội dung khác")
    IndicatorResult.objects.filter(evaluation=evaluation).update(typed={})
    UnitResult.objects.all().delete()


def test_every_page_goes_on_showing_the_recognised_level(client, approver, recognised):
    evaluation, decision = recognised
    leader = make_user(Role.LEADER, evaluation.unit)
    shaken(evaluation, approver)

    client.force_login(leader)
    home, overview = client.get("/"), client.get(evaluation.get_absolute_url())
    client.force_login(approver)
    board = client.get("/bang-theo-doi/")
    listed = client.get("/ho-so/")
    appraised = client.get(reverse("evaluations:appraise-dossier", args=[evaluation.pk]))
    named = client.get(reverse("evaluations:recognised", args=[evaluation.pilot_round_id]))

    assert home.context["home"].summary.level == 1
    assertContains(home, "Theo quyết định 4012/QĐ-UBND ngày 28/12/2022")
    for page in (overview, appraised):
        assertContains(page, "Mức độ 1 vì ")
        assertContains(page, "Đã được công nhận mức độ 1")
        assertContains(page, decision.get_absolute_url())
        assertNotContains(page, "Chưa xác định")
    (row,) = [row for row in board.context["board"].rows if row.evaluation == evaluation]
    assert (row.level, row.whose) == (1, "Đã công nhận mức 1")
    (in_list,) = [each for each in listed.context["dossiers"] if each == evaluation]
    assert in_list.decided_level == 1
    assert [(line.evaluation, line.level) for line in named.context["lines"]] == [(evaluation, 1)]


def test_declined_is_said_everywhere_and_recognises_nobody(client, approver, dossiers):
    evaluation = dossiers[0]
    recorded(evaluation, approver, level=0)
    client.force_login(approver)

    overview = client.get(evaluation.get_absolute_url())
    named = client.get(reverse("evaluations:recognised", args=[evaluation.pilot_round_id]))

    assertContains(overview, "Không công nhận")
    assertContains(overview, "Theo kết luận thanh tra")
    assertContains(named, "Chưa có quận, huyện nào được công nhận trong đợt này.")


def test_home_and_list_of_readers_take_decided_dossiers(client, council_member, recognised):
    evaluation, _ = recognised
    client.force_login(council_member)

    home = client.get("/")

    assert all(evaluation.unit.bare_name not in d.title for d in home.context["home"].elsewhere)
    assertContains(client.get("/ho-so/"), "Mức độ 1")


def test_the_trail_lists_submissions_apart_from_the_decision(client, approver, recognised):
    evaluation, _ = recognised
    client.force_login(approver)

    page = client.get(reverse("evaluations:history", args=[evaluation.pk]))

    assert list(page.context["snapshots"]) == []
    assertContains(page, "Quyết định số 4012/QĐ-UBND ngày 28/12/2022: mức độ 1")


# --- Many -----------------------------------------------------------------------------------


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == HTTPStatus.OK
    return len(captured)


def test_lists_ask_the_same_with_one_and_with_many(client, approver):
    pilot_round = make_round()
    named = reverse("evaluations:recognised", args=[pilot_round.pk])

    def add():
        make_decision({make_confirmed_dossier(pilot_round=pilot_round): 1})

    add()
    client.force_login(approver)
    client.get(DECISIONS)
    with_one = [queries(client, url) for url in (DECISIONS, named)]
    for _ in range(31):
        add()

    assert [queries(client, url) for url in (DECISIONS, named)] == with_one
    assert len(client.get(DECISIONS).context["page"].object_list) == 30


def test_recording_asks_the_same_for_three_dossiers_and_for_thirty(client, approver):
    few, many = make_round(name="Ít"), make_round(name="Nhiều")
    for pilot_round, count in ((few, 3), (many, 30)):
        made = [make_confirmed_dossier(pilot_round=pilot_round) for _ in range(count)]
        make_session(*made, concluded=1)
    client.force_login(approver)
    client.get(RECORD)

    asked = [queries(client, f"{RECORD}?dot={each.pk}") for each in (few, many)]

    assert asked[0] == asked[1]
