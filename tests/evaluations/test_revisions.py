"""What changed between two submissions, and how the Sở takes a dossier up again."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.appraisal import accept_rest, appraise, version_of
from evaluations.actions.evidence import add_evidence_file, remove_citation
from evaluations.actions.results import save_result, values_of
from evaluations.actions.steps import take_step
from evaluations.models import IndicatorAppraisal
from evaluations.revisions import Change, revised, revisions_since_return
from tests.evaluations import samples
from tests.factories import make_complete_dossier, result_of

SHARE = {
    "kind": "share",
    "bound": {"comparison": ">=", "percent": "70"},
    "achieved_label": "Xã đạt",
    "total_label": "Tổng số xã",
}
CHANGE = {
    "kind": "change",
    "label": "Hộ nghèo",
    "unit": "percent",
    "direction": "fall",
    "step": "1.5",
    "parts": [],
}
SHARES = {
    "kind": "shares",
    "bound": {"comparison": ">=", "percent": "90"},
    "parts": [
        {"name": "Chất thải", "achieved_label": "Đã thu", "total_label": "Phát sinh"},
        {"name": "Nước thải", "achieved_label": "Đã xử lý", "total_label": "Phát sinh"},
    ],
}
DOCUMENT = {"kind": "document"}


def said(code="2.1.2", measure=SHARE, **stated):
    """One indicator of a snapshot's content, stated so."""
    blank = dict.fromkeys(
        ("source", "not_applicable_reason", "explanation", "suitability_label", "obstacle"), ""
    )
    word = stated.pop("word", "Mức 1")
    return {
        "code": code,
        "short_name": "Xã đạt",
        "measure": measure,
        "typed": {},
        "shown": "",
        "mark": {"sign": "x", "word": word},
        "proposal": "",
        "reply": "",
        "evidence": [],
        "units": None,
        "appraised": None,
        **blank,
        **stated,
    }


def content(*indicators):
    return {"standards": [{"criteria": [{"indicators": list(indicators)}]}]}


def paper(code="H2.1.2-01", revision=1, files=(7,), **said):
    kept = [{"id": pk, "name": "a.pdf", "revision": revision} for pk in files]
    details = {"number": "12/QĐ", "issued_on": None, "issuer": "", "summary": "", "cited": ""}
    return {"code": code, "files": kept, **details, **said}


CASES = [
    ({}, {}, ()),
    (
        {"typed": {"achieved": "20", "total": "26"}, "shown": "76,9 %"},
        {"typed": {"achieved": "22", "total": "26"}, "shown": "84,6 %", "word": "Mức 2"},
        (
            Change("Xã đạt", "20", "22"),
            Change("Kết quả", "76,9 %, Mức 1", "84,6 %, Mức 2"),
        ),
    ),
    # As typed, though it comes to the same.
    (
        {"typed": {"percent": "84,6"}, "shown": "84,6 %"},
        {"typed": {"percent": "84.6", "achieved": ""}, "shown": "84,6 %"},
        (Change("Tỷ lệ,\N{NO-BREAK SPACE}%", "84,6", "84.6"),),
    ),
    (
        {"measure": CHANGE, "typed": {"current": "2"}},
        {"measure": CHANGE, "typed": {"current": "2", "previous": "4"}},
        (Change("Năm trước,\N{NO-BREAK SPACE}%", "", "4"),),
    ),
    (
        {"measure": SHARES, "typed": {"part2_total": "9"}},
        {"measure": SHARES, "typed": {"part2_total": "10"}},
        (Change("Nước thải: Phát sinh", "9", "10"),),
    ),
    (
        {"measure": DOCUMENT, "typed": {"met": "no"}, "word": "Chưa đạt"},
        {"measure": DOCUMENT, "typed": {"met": "yes"}, "word": "Đạt"},
        (Change("Đơn vị khai", "Chưa đạt", "Đạt"),),
    ),
    (
        {"measure": DOCUMENT, "typed": {"met": "yes"}, "word": "Thiếu minh chứng"},
        {"measure": DOCUMENT, "typed": {"met": "yes"}, "word": "Đạt"},
        (Change("Kết quả", "Thiếu minh chứng", "Đạt"),),
    ),
    (
        {"typed": {"not_applicable": ""}},
        {"typed": {"not_applicable": "yes"}, "not_applicable_reason": "Không có xã"},
        (
            Change("Không áp dụng", "", "có"),
            Change("Lý do không áp dụng", "", "Không có xã"),
        ),
    ),
    (
        {"explanation": "Cũ", "obstacle": "Khó", "proposal": "", "suitability_label": "Phù hợp"},
        {"explanation": "Mới", "obstacle": "", "proposal": "Sửa", "suitability_label": "Phù hợp"},
        (
            Change("Thuyết minh", "Cũ", "Mới"),
            Change("Khó khăn, vướng mắc", "Khó", ""),
            Change("Kiến nghị", "", "Sửa"),
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "changes"), CASES)
def test_what_is_stated_otherwise_is_told_old_and_new(old, new, changes):
    found = revised(content(said(**old)), content(said(**new)))

    assert (found[0].changes if found else ()) == changes


PAPERS = [
    ([], [paper()], ["mới thêm"]),
    ([paper()], [], ["đã bỏ"]),
    ([paper()], [paper()], []),
    ([paper()], [paper(revision=2, files=(9,))], ["thay tệp: bản 1 → bản 2"]),
    ([paper()], [paper(files=(7, 8, 9))], ["thêm 2 tệp"]),
    ([paper(cited="trang 1")], [paper(cited="trang 3")], ["trích dẫn: trang 1 → trang 3"]),
    ([paper()], [paper(number="13/QĐ")], ["sửa thông tin văn bản, trước là 12/QĐ"]),
    (
        [paper("H1"), paper("H2")],
        [paper("H2", cited="trang 2"), paper("H3")],
        ["đã bỏ", "trích dẫn: chưa ghi → trang 2", "mới thêm"],
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), PAPERS)
def test_papers_are_told_as_added_taken_off_or_otherwise_cited(old, new, told):
    found = revised(content(said(evidence=old)), content(said(evidence=new)))

    assert [change.text for revision in found for change in revision.papers] == told


def test_of_a_paper_with_other_files_both_sides_can_be_opened():
    (revision,) = revised(
        content(said(evidence=[paper()])),
        content(said(evidence=[paper(revision=2, files=(9,))])),
    )

    assert [file.pk for file in revision.papers[0].files] == [7, 9]


def test_a_counted_list_is_told_by_name():
    unit = {"unit": 1, "name": "Xã Dũng Tiến", "in_scope": True, "rating": "", "rating_label": ""}
    rated = unit | {"rating": "kha", "rating_label": "Khá"}

    (revision,) = revised(content(said(units=[unit])), content(said(units=[rated])))

    assert [(each.name, each.after) for each in revision.units] == [("Xã Dũng Tiến", "Khá")]


def test_what_was_asked_about_comes_first_and_what_is_untouched_not_at_all():
    asked = {"appraised": {"verdict": "ask", "reason": "Thiếu biên bản"}, "reply": "Đã bổ sung"}
    accepted = {"appraised": {"verdict": "accept", "reason": ""}}

    found = revised(
        content(said("1.1.1"), said("1.1.2"), said("2.1.2")),
        content(
            said("1.1.1", explanation="Mới", **accepted),
            said("1.1.2", **accepted),
            said("2.1.2", **asked),
        ),
    )

    assert [revision.code for revision in found] == ["2.1.2", "1.1.1"]
    assert (found[0].request, found[0].reply) == ("Thiếu biên bản", "Đã bổ sung")
    assert not found[0].is_changed
    assert not found[1].is_asked


# The dossier itself: returned for 2.1.2 and 2.2.1, of which the unit corrects the first.


@pytest.fixture
def evaluation(leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation, by=leader)
    send(evaluation, leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    ask(evaluation, appraiser, "2.1.2", "Thiếu biên bản của xã Dũng Tiến")
    ask(evaluation, appraiser, "2.2.1", "Nêu rõ 9 đơn vị còn lại")
    accept_rest(evaluation=evaluation, by=appraiser)
    send_back(evaluation, appraiser)
    return evaluation


def send(evaluation, leader):
    take_step(evaluation=evaluation, step_name="submit", by=leader)


def send_back(evaluation, appraiser):
    tomorrow = timezone.localdate() + timedelta(days=1)
    take_step(
        evaluation=evaluation, step_name="return", by=appraiser, note="Xem lại", due_on=tomorrow
    )


def ask(evaluation, appraiser, code, reason):
    appraise(result=result_of(evaluation, code), verdict="ask", reason=reason, by=appraiser)


def write(evaluation, by, code, **values):
    result = result_of(evaluation, code)
    save_result(result=result, values=values, base=values_of(result), by=by)


def resubmit(evaluation, leader):
    write(evaluation, leader, "2.1.2", achieved="21", reply="Đã có biên bản")
    write(evaluation, leader, "2.2.1", reply="Đều là hợp tác xã")
    result = result_of(evaluation, "2.1.2")
    remove_citation(evidence=result.evidence.get(), by=leader)
    add_evidence_file(
        result=result,
        uploaded=samples.upload(samples.pdf("biên bản"), "bien-ban.pdf"),
        by=leader,
        details={
            "number": "7/BB",
            "issued_on": timezone.localdate(),
            "issuer": "UBND xã",
            "summary": "Biên bản",
        },
    )
    send(evaluation, leader)


def appraise_url(evaluation, code):
    return reverse("evaluations:appraise", args=[evaluation.pk, code])


@pytest.mark.django_db
def test_untouched_indicators_keep_their_verdict(evaluation, leader, appraiser):
    kept = IndicatorAppraisal.objects.exclude(verdict="ask")
    before = list(kept.order_by("pk").values())

    resubmit(evaluation, leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)

    assert len(before) == evaluation.results.count() - 2
    assert list(kept.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_dossier_with_its_unit_or_never_returned_has_nothing_to_look_at_again(evaluation, leader):
    assert revisions_since_return(evaluation) is None  # it is with the unit
    other = make_complete_dossier()
    assert revisions_since_return(other) is None


@pytest.mark.django_db
def test_a_supplement_taken_back_is_compared_with_what_the_so_returned(
    evaluation, leader, appraiser
):
    resubmit(evaluation, leader)
    take_step(evaluation=evaluation, step_name="take-back", by=leader, note="Sót")
    write(evaluation, leader, "2.1.2", achieved="22")
    send(evaluation, leader)

    revisions = revisions_since_return(evaluation)

    assert (revisions.before, revisions.after) == (1, 3)
    assert revisions.of("2.1.2").changes[0] == Change("Xã từ Khá trở lên", "23", "22")


@pytest.mark.django_db
def test_the_appraiser_starts_from_what_came_back(client, evaluation, leader, appraiser):
    resubmit(evaluation, leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    client.force_login(appraiser)

    listed = client.get(reverse("evaluations:appraisals"))
    page = client.get(reverse("evaluations:appraise-dossier", args=[evaluation.pk]))

    assertContains(listed, "Gửi lại sau bổ sung, 2 chỉ báo chờ kết luận lại")
    assertContains(page, "Đã sửa sau khi trả lại")
    assertContains(page, "Thiếu biên bản của xã Dũng Tiến")
    assertContains(page, "Đã có biên bản")
    assertContains(page, "<del>23</del>")
    assertContains(page, "<ins>21</ins>")
    assertContains(page, "<del>đã bỏ</del>")
    before, now = (f'<td role="cell" data-label="{each}">' for each in ("Trước", "Nay"))
    # What is new stands under "Nay", not under what there was before.
    added = f'{before}<span class="quiet">chưa có</span></td>{now}7/BB: <ins>mới thêm</ins>'
    assertContains(page, added)
    assertContains(page, f"</td>{now}<del>đã bỏ</del>")
    assertContains(page, "Số liệu, thuyết minh và minh chứng vẫn như lần gửi trước.")  # 2.2.1
    assertContains(page, ">Thẩm định 2.1.2</a>")
    indicator = client.get(appraise_url(evaluation, "2.1.2"))
    assertContains(indicator, "<ins>21</ins>")
    assertContains(indicator, "Lưu, sang 2.2.1")
    assertNotContains(client.get(appraise_url(evaluation, "1.1.1")), "Đã sửa sau khi trả lại")


@pytest.mark.django_db
def test_an_answered_request_is_not_asked_again_by_a_press_of_the_button(
    client, evaluation, leader, appraiser
):
    resubmit(evaluation, leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    client.force_login(appraiser)
    dossier = reverse("evaluations:appraise-dossier", args=[evaluation.pk])

    form = client.get(appraise_url(evaluation, "2.1.2")).context["form"]
    page = client.get(dossier)

    assert (form["verdict"].value(), form["reason"].value()) == ("", None)
    assert form["achieved"].value() == "21"
    assertContains(page, "Chưa trả lại được: đơn vị đã trả lời")
    assertNotContains(page, 'name="due_on"')
    ask(evaluation, appraiser, "2.1.2", "Biên bản thiếu chữ ký")
    appraise(result=result_of(evaluation, "2.2.1"), verdict="accept", by=appraiser)
    page = client.get(dossier)
    assertContains(page, "Chỉ mở lại cho đơn vị: 2.1.2.")
    assertContains(page, 'name="due_on"')
    assertContains(page, 'href="#tra-lai"')
    form = client.get(appraise_url(evaluation, "2.1.2")).context["form"]
    assert form["reason"].value() == "Biên bản thiếu chữ ký"


@pytest.mark.django_db
def test_saving_leads_through_what_came_back_and_then_to_the_dossier(
    client, evaluation, leader, appraiser
):
    resubmit(evaluation, leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    client.force_login(appraiser)

    def save(code):
        version = version_of(evaluation, result_of(evaluation, code))
        return client.post(
            appraise_url(evaluation, code), {"verdict": "accept", "version": version}
        )

    assertRedirects(save("2.1.2"), appraise_url(evaluation, "2.2.1"))
    dossier = reverse("evaluations:appraise-dossier", args=[evaluation.pk])
    assertRedirects(save("2.2.1"), dossier)
    assertContains(client.get(dossier), 'href="#ket-thuc"')


@pytest.mark.django_db
def test_the_page_of_a_returned_dossier_asks_the_same_with_more_to_look_at(
    client, evaluation, leader, appraiser
):
    resubmit(evaluation, leader)
    client.force_login(appraiser)
    url = reverse("evaluations:appraise-dossier", args=[evaluation.pk])
    with CaptureQueriesContext(connection) as few:
        assert client.get(url).status_code == HTTPStatus.OK
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    for code in ("1.1.1", "3.1.1", "3.1.2"):
        ask(evaluation, appraiser, code, "Xem lại")
    for code in ("2.1.2", "2.2.1"):
        appraise(result=result_of(evaluation, code), verdict="accept", by=appraiser)
    send_back(evaluation, appraiser)
    for code in ("1.1.1", "3.1.1", "3.1.2"):
        write(evaluation, leader, code, reply="Rồi", explanation="Mới")
    send(evaluation, leader)

    with CaptureQueriesContext(connection) as many:
        page = client.get(url)
    assert len(many) <= len(few)
    assertContains(page, "<ins>Mới</ins>", count=3)
