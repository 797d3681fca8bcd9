"""What is printed of one dossier beside its own report: receipt, list of evidence, appraisal."""

import json

import pytest

from evaluations.actions.appraisal import accept_rest
from evaluations.actions.appraisal import appraise as give_verdict
from evaluations.actions.evidence import cite
from evaluations.actions.steps import take_step
from evaluations.models import Evaluation
from organisations.models import Role
from reports.definitions import REPORTS
from reports.figures import NothingToSay
from tests.factories import make_department, make_document, make_user, result_of

RECEIPT, EVIDENCE, APPRAISAL = (
    REPORTS[slug] for slug in ("phieu-tiep-nhan", "danh-muc-minh-chung", "bao-cao-tham-dinh")
)


def content_of(report, evaluation):
    """As it is frozen: through JSON."""
    fresh = Evaluation.objects.with_results().get(pk=evaluation.pk)
    return json.loads(json.dumps(report.content(fresh), default=str))


def said_in(report, evaluation):
    return " ".join(report.paper(content_of(report, evaluation)).said).replace("\xa0", " ")


@pytest.fixture
def concluded(submitted, appraiser):
    evaluation = take_step(evaluation=submitted, step_name="take-in", by=appraiser)
    give_verdict(
        result=result_of(evaluation, "2.1.2"),
        verdict="adjust",
        typed={"achieved": "20", "total": "30"},
        reason="Ba xã chưa có quyết định",
        by=appraiser,
    )
    accept_rest(evaluation=evaluation, by=appraiser)
    return take_step(evaluation=evaluation, step_name="finish", by=appraiser)


def test_receipt_names_the_submission_by_its_seal(submitted, leader, appraiser):
    snapshot = submitted.snapshots.get()

    content = content_of(RECEIPT, submitted)
    said = said_in(RECEIPT, submitted)

    assert content["submission"]["sha256"] == snapshot.sha256
    assert snapshot.sha256 in said.replace(" ", "")
    assert f"người gửi: {leader.full_name}" in said
    assert "Gửi lần 1; hệ thống nhận hồ sơ lúc" in said
    assert "Sở chưa tiếp nhận hồ sơ." in said
    assert "Người tiếp nhận" not in said
    assert said.endswith(f"Người gửi {leader.full_name}")
    take_step(evaluation=submitted, step_name="take-in", by=appraiser)
    taken_in = said_in(RECEIPT, submitted)
    assert "Sở tiếp nhận lúc" in taken_in
    assert "chưa tiếp nhận" not in taken_in
    assert taken_in.endswith(f"Người gửi {leader.full_name} Người tiếp nhận {appraiser.full_name}")


def test_receipt_of_a_second_submission_forgets_who_took_in_the_first(submitted, leader, appraiser):
    evaluation = take_step(evaluation=submitted, step_name="take-in", by=appraiser)
    Evaluation.objects.filter(pk=evaluation.pk).update(status="returned")
    take_step(evaluation=evaluation, step_name="submit", by=leader)

    content = content_of(RECEIPT, evaluation)

    assert content["submission"]["number"] == 2
    assert content["taken_in"] is None


def test_appraisal_shows_both_columns_and_argues_what_it_changed(concluded):
    said = said_in(APPRAISAL, concluded)

    assert "23/30 = 76,7 % (Mức 1)" in said
    assert "20/30 = 66,7 %" in said
    assert "Ba xã chưa có quyết định" in said
    assert "điều chỉnh 1/5 chỉ báo (2.1.2), giữ nguyên" in said
    assert "Kết quả tự đánh giá: mức độ 1" in said
    assert "chưa đủ điều kiện công nhận mức độ nào năm 2022" in said


def test_appraisal_asks_for_the_level_it_concluded(submitted, appraiser):
    evaluation = take_step(evaluation=submitted, step_name="take-in", by=appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    evaluation = take_step(evaluation=evaluation, step_name="finish", by=appraiser)

    said = said_in(APPRAISAL, evaluation)

    assert "đạt danh hiệu huyện học tập mức độ 1 năm 2022" in said
    assert "giữ nguyên kết quả tự đánh giá ở cả 5 chỉ báo" in said
    assert "thống nhất với kết quả tự đánh giá: mức độ 1" in said


def test_what_the_department_thinks_is_not_in_what_the_unit_sent(concluded):
    for report in (RECEIPT, EVIDENCE):
        content = json.dumps(content_of(report, concluded), ensure_ascii=False)
        assert "Ba xã chưa có quyết định" not in content


def test_list_of_evidence_has_a_line_for_each_use(dossier, editor):
    document = make_document(dossier.unit, by=editor, number="12/KH-UBND")
    for code in ("1.1.1", "2.1.2"):
        cite(result=result_of(dossier, code), document=document, cited="trang 2", by=editor)

    rows = EVIDENCE.tables(content_of(EVIDENCE, dossier))[0].rows

    assert {"1.1.1", "2.1.2"} <= {row["indicator"].shown for row in rows}
    assert "12/KH-UBND" in said_in(EVIDENCE, dossier)
    assert f"Danh mục có {len(rows)} minh chứng./." in said_in(EVIDENCE, dossier)
    assert content_of(EVIDENCE, dossier)["file_name"].startswith("Danh mục minh chứng –")


def test_a_list_without_evidence_says_so_once(dossier):
    for result in dossier.results.all():
        result.evidence.all().delete()

    said = said_in(EVIDENCE, dossier)

    assert "Hồ sơ chưa có minh chứng./." in said
    assert "Danh mục có" not in said


def test_who_may_order_what(dossier, leader, appraiser, approver, council_member, observer):
    outsider = make_user(Role.LEADER, make_department())

    def orders(user, evaluation):
        return [r for r in (RECEIPT, EVIDENCE, APPRAISAL) if r.can_order(user, evaluation)]

    assert orders(leader, dossier) == [EVIDENCE]
    evaluation = take_step(evaluation=dossier, step_name="submit", by=leader)
    assert orders(leader, evaluation) == [RECEIPT, EVIDENCE]
    assert orders(appraiser, evaluation) == [RECEIPT, EVIDENCE]
    assert orders(council_member, evaluation) == orders(observer, evaluation) == []
    evaluation = take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    evaluation = take_step(evaluation=evaluation, step_name="finish", by=appraiser)
    for user in (leader, approver, council_member, observer):
        assert APPRAISAL in orders(user, evaluation)
    assert RECEIPT not in orders(outsider, evaluation)


@pytest.mark.parametrize("report", [RECEIPT, APPRAISAL])
def test_what_is_not_reached_yet_is_said_in_a_sentence(report, dossier):
    with pytest.raises(NothingToSay, match="nên chưa có"):
        content_of(report, dossier)


def test_only_a_share_of_counts_is_written_as_an_equation(submitted):
    rows = {row["code"].shown: row["said"].shown for row in _rows(RECEIPT, submitted)}

    assert rows["2.1.2"].replace("\xa0", " ") == "23/30 = 76,7 % (Mức 1)"
    assert " = " not in rows["3.1.1"]


def test_a_receipt_of_before_the_measure_was_kept_prints_the_bare_figure(submitted):
    content = content_of(RECEIPT, submitted)
    now = " ".join(RECEIPT.paper(content).said)
    for indicator in content["indicators"]:
        del indicator["measure"]
    before = " ".join(RECEIPT.paper(content).said)

    assert "3,18\u00a0% còn 1,62\u00a0%" in now
    assert "3,18 còn 1,62" in before


def _rows(report, evaluation):
    return report.tables(content_of(report, evaluation))[1].rows
