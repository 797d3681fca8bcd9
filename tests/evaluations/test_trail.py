"""The trail of a dossier: who did what, what each thing was and became, and who read it."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.accesses import record_dossier_access
from evaluations.actions.appraisal import appraise
from evaluations.actions.evidence import add_evidence_file, change_citation, remove_citation
from evaluations.actions.papers import record_access
from evaluations.actions.results import save_result, values_of
from evaluations.actions.rounds import extend
from evaluations.demo.clock import Clock
from evaluations.models import StoredFile
from evaluations.trail import Trail, Wanted
from evaluations.trail.kinds import FIGURE, OTHER, PAPER, READING, STEP
from organisations.models import Role
from tests.evaluations import samples
from tests.evaluations.counting import step
from tests.factories import make_complete_dossier, make_user, result_of

pytestmark = pytest.mark.django_db

FIELD = "Đơn vị có kế hoạch"  # of 2.2.1, which says 83/92 at first


@pytest.fixture
def dossier(district, editor):
    return make_complete_dossier(district, by=editor)


def type_in(dossier, by, code="2.2.1", **values):
    result = result_of(dossier, code)
    base = values_of(result)
    save_result(result=result, values={**base, **values}, base=base, by=by)


def cite_file(dossier, by, code="2.2.1"):
    return add_evidence_file(
        result=result_of(dossier, code),
        uploaded=ContentFile(samples.pdf(code), name=f"{code}.pdf"),
        by=by,
        details={"number": f"{code}/KH", "issued_on": date(2022, 3, 1), "issuer": "UBND"},
        cited="trang 1",
    )


def page(dossier, **asked):
    return reverse("evaluations:history", args=[dossier.pk], query=asked)


def lines(user, dossier, **wanted):
    return Trail(user, dossier, Wanted(**wanted))[:50]


def texts(user, dossier, **wanted):
    return [line.text for line in lines(user, dossier, **wanted)]


def changes(line):
    return [(change.label, change.old, change.new) for change in line.changes]


def test_figures_and_choices_are_told_in_words(editor, dossier):
    type_in(dossier, editor, achieved="84", not_applicable="yes", suitability="partly")
    type_in(dossier, editor, "1.1.1", met="no")

    declared, figures, first = lines(editor, dossier)

    assert (figures.by, figures.code, figures.word) == (editor, "2.2.1", "số liệu")
    assert changes(figures) == [
        (FIELD, "83", "84"),
        ("Đề nghị không áp dụng", "không", "có"),
        ("Mức độ phù hợp với thực tiễn", "Phù hợp", "Phù hợp một phần"),
    ]
    assert changes(declared) == [("Tự đánh giá", "Đạt", "Chưa đạt")]
    assert first.text == "bắt đầu nhập, ở 2.2.1"


def test_one_go_is_one_line_on_the_page_and_every_save_in_the_file(editor, leader, dossier):
    clock = Clock(timezone.localdate())
    for minute, person, achieved in (
        (0, editor, "8"),
        (1, editor, "85"),
        (20, editor, "86"),
        (21, leader, "87"),
        (58, leader, "88"),  # after more than half an hour: another go
    ):
        with clock.at(2, 9, minute):
            type_in(dossier, person, achieved=achieved)

    shown = lines(editor, dossier, group=FIGURE)

    figures = [line for line in shown if line.changes]
    assert [(line.by, changes(line)) for line in figures] == [
        (leader, [(FIELD, "87", "88")]),
        (leader, [(FIELD, "86", "87")]),
        (editor, [(FIELD, "83", "86")]),
    ]
    old_new = (("87", "88"), ("86", "87"), ("85", "86"), ("8", "85"), ("83", "8"))
    told = [change for line in Trail(editor, dossier).every_line() for change in changes(line)]
    assert told == [(FIELD, *said) for said in old_new]


def test_what_is_typed_and_taken_out_at_one_go_says_so(client, editor, dossier):
    type_in(dossier, editor, achieved="99")
    type_in(dossier, editor, achieved="83")
    client.force_login(editor)

    assertContains(client.get(page(dossier)), "Gõ rồi trả lại như cũ.")


def test_papers_extension_and_steps_say_old_new_and_why(editor, administrator, dossier):
    evidence = cite_file(dossier, editor)
    change_citation(evidence=evidence, cited="trang 2", by=editor)
    until = timezone.localdate() + timedelta(days=30)
    extend(evaluation=dossier, until=until, reason="Thiếu người", by=administrator)

    extended, cited, *_ = lines(editor, dossier)

    assert changes(cited) == [("", "trang 1", "trang 2")]
    assert (extended.note, changes(extended)) == (
        "Thiếu người",
        [("Hạn", "15/12/2022", f"{until:%d/%m/%Y}")],
    )


def test_each_group_and_indicator_and_person_narrows(editor, leader, appraiser, dossier):
    evidence = cite_file(dossier, editor)
    type_in(dossier, leader, "2.1.2", achieved="24")
    step(dossier, "submit", leader)
    record_access(stored_file=evidence.document.files.get(), kind="preview", by=appraiser)

    of_groups = {
        group: texts(leader, dossier, group=group)
        for group in (STEP, FIGURE, PAPER, READING, OTHER)
    }

    assert of_groups == {
        STEP: ["gửi hồ sơ"],
        FIGURE: ["2.1.2: sửa số liệu", "bắt đầu nhập, ở 2.1.2"],
        PAPER: [f"thêm minh chứng {evidence.code}: {evidence.document}"],
        READING: ["xem tệp “2.2.1.pdf” của văn bản 2.2.1/KH"],
        OTHER: [],
    }
    assert texts(leader, dossier, indicator="2.2.1") == of_groups[READING] + of_groups[PAPER]
    assert texts(leader, dossier, indicator="2.1.2") == ["2.1.2: sửa số liệu"]
    assert texts(leader, dossier, person=appraiser.pk) == of_groups[READING]
    assert {*Trail(leader, dossier).people} == {editor, leader, appraiser}


def test_a_return_is_found_by_the_indicator_that_was_asked_about(appraiser, leader, dossier):
    step(dossier, "submit", leader)
    step(dossier, "take-in", appraiser)
    appraise(result=result_of(dossier, "2.1.2"), verdict="ask", reason="Thiếu", by=appraiser)
    step(dossier, "return", appraiser)

    assert [line.asides for line in lines(leader, dossier, indicator="2.1.2")] == [
        ("2.1.2: Thiếu",)
    ]
    assert lines(leader, dossier, indicator="1.1.1") == []


def test_readings_are_for_the_so_and_the_units_leader(
    editor, leader, appraiser, approver, observer, council_member, dossier
):
    """Of the files that a person may know of: what a draft cites is not the Sở's to hear of."""
    sent = cite_file(dossier, editor).document.files.get()
    step(dossier, "submit", leader)
    record_access(stored_file=sent, kind="download", by=appraiser)
    record_dossier_access(evaluation=dossier, kind="report", what="Báo cáo, PDF", by=leader)
    step(dossier, "withdraw", leader)
    removed = cite_file(dossier, editor, "2.1.2")
    unsent = removed.document.files.get()
    record_access(stored_file=unsent, kind="preview", by=editor)
    remove_citation(evidence=removed, by=editor)

    seen = {
        person.role: len(texts(person, dossier, group=READING))
        for person in (editor, leader, appraiser, approver, observer, council_member)
    }

    assert seen == {
        Role.EDITOR: 0,
        Role.LEADER: 3,
        Role.APPRAISER: 2,
        Role.APPROVER: 2,
        Role.OBSERVER: 0,
        Role.COUNCIL: 0,
    }
    assert StoredFile.objects.count() == 2


def test_who_reads_what_was_submitted_sees_no_drafting(client, editor, leader, appraiser, dossier):
    type_in(dossier, editor, achieved="84")
    step(dossier, "submit", leader)
    for person, sees in ((editor, True), (appraiser, False)):
        client.force_login(person)
        check = assertContains if sees else assertNotContains
        check(client.get(page(dossier)), "sửa số liệu")
        assertContains(client.get(page(dossier)), "Gửi hồ sơ")


def test_page_is_narrowed_by_its_form_and_keeps_the_choice_over_pages(client, editor, dossier):
    for number in range(60):
        person = make_user(Role.EDITOR, dossier.unit)
        type_in(dossier, person, achieved=str(number))
    client.force_login(editor)

    second = client.get(page(dossier, indicator="2.2.1", kind=FIGURE, page="2"))

    assertContains(second, "Trang 2/2, 51–60 trong 60")
    assertContains(second, "indicator=2.2.1")
    assertContains(client.get(page(dossier, person=str(editor.pk + 99999))), "Trang 1/3")
    assertContains(client.get(page(dossier, kind=PAPER)), "Không có việc nào như đã chọn")


def test_history_query_count_does_not_grow(client, editor, leader, dossier):
    stored = cite_file(dossier, editor).document.files.get()
    client.force_login(leader)

    def queries_with(more):
        for number in range(more):
            person = make_user(Role.EDITOR, dossier.unit)
            type_in(dossier, person, achieved=str(number))
            record_access(stored_file=stored, kind="preview", by=person)
            record_dossier_access(evaluation=dossier, kind="trail", what="Excel", by=person)
        with CaptureQueriesContext(connection) as queries:
            client.get(page(dossier))
        return len(queries)

    queries_with(0)  # what a session asks once
    assert queries_with(1) == queries_with(12) <= 18


def test_each_submission_is_shown_beside_the_one_before(
    client, editor, leader, appraiser, outsider, dossier
):
    step(dossier, "submit", leader)
    step(dossier, "withdraw", leader)
    type_in(dossier, editor, achieved="84", explanation="Đã rà soát lại")
    cite_file(dossier, editor)
    step(dossier, "submit", leader)
    second = reverse("evaluations:submission", args=[dossier.pk, 2])
    client.force_login(appraiser)

    response = client.get(second)

    assertContains(client.get(page(dossier)), second)
    assertContains(response, "<del>83</del>", html=True)
    assertContains(response, "<ins>84</ins>", html=True)
    assertContains(response, "Đã rà soát lại")
    assertContains(response, "2.2.1/KH")
    first = reverse("evaluations:submission", args=[dossier.pk, 1])
    assert client.get(first).status_code == HTTPStatus.NOT_FOUND
    client.force_login(outsider)
    assert client.get(second).status_code == HTTPStatus.NOT_FOUND
