"""A dossier's pages: what each person sees, what is saved, what is refused."""

import json
import re
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.appraisal import accept_rest, appraise
from evaluations.actions.results import values_of
from evaluations.actions.steps import take_step
from evaluations.models import Evaluation, IndicatorAppraisal, Snapshot
from evaluations.workflow import Status
from organisations.models import Role
from tests.factories import (
    LEVEL_1,
    make_complete_dossier,
    make_district,
    make_document,
    make_dossier,
    make_evidence,
    make_round,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def payload(result, **values):
    """What the page's form would post: every field, with the values it was opened with."""
    opened = values_of(result)
    return {**opened, "base": json.dumps(opened), **values}


def indicator_url(evaluation, code="2.1.2"):
    return reverse("evaluations:indicator", args=[evaluation.pk, code])


@pytest.mark.parametrize("make", [make_dossier, make_complete_dossier])
def test_the_overview_shows_sixteen_rows_level_and_next_step(client, editor, make):
    evaluation = make(editor.organisation)
    client.force_login(editor)

    response = client.get(evaluation.get_absolute_url())

    for line in response.context["finding"].lines:
        assertContains(response, line.indicator.short_name)
    assertContains(response, response.context["finding"].self_assessed.sentence[:12])


def test_the_overview_explains_the_level_and_the_distance(client, editor):
    evaluation = make_complete_dossier(editor.organisation)
    client.force_login(editor)

    response = client.get(evaluation.get_absolute_url())

    assertContains(response, "Mức độ 1")
    assertContains(response, "76,7\u00a0%")
    assertContains(response, "25/30")
    assertContains(response, "Kiểm tra và gửi")


@pytest.mark.parametrize("count", [0, 6])
def test_the_overview_asks_the_database_the_same_with_more_evidence(
    client, editor, count, django_assert_num_queries
):
    evaluation = make_dossier(editor.organisation, typed=LEVEL_1)
    for _ in range(count):
        document = make_document(editor.organisation, by=editor)
        make_evidence(result_of(evaluation, "1.1.1"), document=document, by=editor)
    client.force_login(editor)

    with django_assert_num_queries(17):
        client.get(evaluation.get_absolute_url())


@pytest.mark.parametrize(
    ("reply", "button"), [("", "Trả lời 1 yêu cầu"), ("Đã bổ sung", "Nhập tiếp 1.1.1")]
)
def test_the_overview_leads_on_once_every_request_is_answered(
    client, editor, appraiser, reply, button
):
    evaluation = make_dossier(editor.organisation, status=Status.RETURNED)
    result = result_of(evaluation, "2.1.2")
    result.reply = reply
    result.save(update_fields=["reply"])
    IndicatorAppraisal.objects.create(
        result=result,
        verdict="ask",
        reason="Thiếu quyết định",
        is_sent=True,
        decided_by=appraiser,
        decided_at=evaluation.status_since,
    )
    client.force_login(editor)

    assertContains(client.get(evaluation.get_absolute_url()), button)


def test_one_number_of_two_is_called_incomplete_not_missing(client, editor):
    evaluation = make_dossier(editor.organisation)
    client.force_login(editor)
    result = result_of(evaluation, "2.1.2")

    client.post(indicator_url(evaluation), payload(result, total="30"))

    response = client.get(indicator_url(evaluation))
    assertContains(response, "Nhập chưa đủ; chưa tính vào mức độ.")
    assertNotContains(response, "Chưa nhập; không tính là 0.")


def test_that_a_wrong_number_is_kept_is_said_once(client, editor):
    evaluation = make_dossier(editor.organisation)
    client.force_login(editor)
    result = result_of(evaluation, "2.1.2")

    client.post(indicator_url(evaluation), payload(result, achieved="31", total="30"))

    assertContains(client.get(indicator_url(evaluation)), "vẫn được giữ", count=1)


def test_another_district_does_not_learn_that_the_dossier_exists(client, outsider, editor):
    evaluation = make_dossier(editor.organisation, status=Status.SUBMITTED)
    client.force_login(outsider)

    for name, args in (
        ("dossier", []),
        ("what-if", []),
        ("history", []),
        ("check", []),
        ("indicator", ["2.1.2"]),
        ("appraise-dossier", []),
        ("appraise", ["2.1.2"]),
    ):
        response = client.get(reverse(f"evaluations:{name}", args=[evaluation.pk, *args]))
        assert response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}, name


def test_the_so_does_not_see_a_draft(client, appraiser, editor):
    evaluation = make_dossier(editor.organisation)
    client.force_login(appraiser)

    response = client.get(evaluation.get_absolute_url())

    assert response.status_code == HTTPStatus.NOT_FOUND


def test_autosave_answers_with_the_state_and_what_it_understood(client, editor):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    client.force_login(editor)

    response = client.post(
        indicator_url(evaluation), payload(result, achieved="23", total="30"), headers=HTMX
    )

    assertContains(response, "Đã lưu lúc")
    assertContains(response, "76,67\u00a0%")
    assertContains(response, "25/30")
    assert "X-Unsaved" not in response
    assert result_of(evaluation, "2.1.2").typed["achieved"] == "23"


def test_an_ambiguous_number_is_kept_and_said_so(client, editor):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    client.force_login(editor)

    response = client.post(
        indicator_url(evaluation), payload(result, achieved="1.500", total="3000"), headers=HTMX
    )

    assertContains(response, "hai cách hiểu")
    assert result_of(evaluation, "2.1.2").typed["achieved"] == "1.500"


def test_text_typed_in_nfd_is_stored_in_nfc(client, editor):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    client.force_login(editor)
    decomposed = "Ha\u0309i Pho\u0300ng"

    client.post(indicator_url(evaluation), payload(result, explanation=decomposed), headers=HTMX)

    assert result_of(evaluation, "2.1.2").explanation == "Hải Phòng"


def test_without_javascript_saving_leads_to_the_next_indicator(client, editor):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    client.force_login(editor)

    response = client.post(
        indicator_url(evaluation), {**payload(result, achieved="23"), "go-on": "1"}
    )

    assertRedirects(response, indicator_url(evaluation, "2.2.1"))


def test_a_returned_dossier_leads_from_one_request_to_the_next_and_says_why_the_rest_is_locked(
    client, editor, appraiser
):
    evaluation = make_dossier(editor.organisation, status=Status.RETURNED)
    for code in ("1.1.1", "2.2.1"):
        IndicatorAppraisal.objects.create(
            result=result_of(evaluation, code),
            verdict="ask",
            reason="Thiếu quyết định",
            is_sent=True,
            decided_by=appraiser,
            decided_at=evaluation.status_since,
        )
    client.force_login(editor)

    locked = client.get(indicator_url(evaluation, "2.1.2")).content.decode()
    first = client.get(indicator_url(evaluation, "1.1.1"))
    last = client.get(indicator_url(evaluation, "2.2.1"))
    page = payload(result_of(evaluation, "1.1.1"), reply="Đã bổ sung phụ lục.")
    response = client.post(indicator_url(evaluation, "1.1.1"), {**page, "go-on": "1"})

    said = re.sub(r"</?a[^>]*>", "", locked)
    assert "Sở chỉ yêu cầu bổ sung 1.1.1, 2.2.1; chỉ báo này giữ nguyên." in said
    assertContains(first, "Lưu, sang 2.2.1")
    assertContains(last, "Lưu, về hồ sơ")
    assertRedirects(response, indicator_url(evaluation, "2.2.1"))


def test_a_conflict_shows_both_versions_and_does_not_write_silently(client, editor, leader):
    evaluation = make_dossier(editor.organisation)
    stale = payload(result_of(evaluation, "2.1.2"), explanation="Bản của tôi")
    client.force_login(leader)
    client.post(
        indicator_url(evaluation),
        payload(result_of(evaluation, "2.1.2"), explanation="Bản của lãnh đạo"),
        headers=HTMX,
    )
    client.force_login(editor)

    first = client.post(indicator_url(evaluation), stale, headers=HTMX)
    base = first.context["base"]
    again = client.post(indicator_url(evaluation), {**stale, "base": base}, headers=HTMX)

    for response in (first, again):
        assertContains(response, "Bản của tôi")
        assertContains(response, "Bản của lãnh đạo")
        assert response["X-Unsaved"] == "1"
    assert result_of(evaluation, "2.1.2").explanation == "Bản của lãnh đạo"

    chosen = {**stale, "base": base, "seen": first.context["seen"], "overrule": "1"}
    client.post(indicator_url(evaluation), chosen)

    assert result_of(evaluation, "2.1.2").explanation == "Bản của tôi"


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.APPRAISING, Status.APPRAISED])
def test_a_submitted_dossier_refuses_every_write(client, leader, status):
    evaluation = make_dossier(leader.organisation, status=status)
    result = result_of(evaluation, "2.1.2")
    client.force_login(leader)

    page = client.get(indicator_url(evaluation))
    refused = client.post(indicator_url(evaluation), payload(result, achieved="1"), headers=HTMX)

    assertNotContains(page, "<textarea")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert result_of(evaluation, "2.1.2").typed == {}


def test_an_indicator_that_the_set_does_not_have_is_not_found(client, editor):
    evaluation = make_dossier(editor.organisation)
    client.force_login(editor)

    assert client.get(indicator_url(evaluation, "9.9.9")).status_code == HTTPStatus.NOT_FOUND


def test_what_if_gives_another_level_and_stores_nothing(client, editor):
    evaluation = make_complete_dossier(editor.organisation)
    client.force_login(editor)
    address = reverse("evaluations:what-if", args=[evaluation.pk])
    before = list(evaluation.results.values_list("typed", flat=True))

    response = client.get(
        address,
        {
            "achieved-2.1.2": "25",
            "total-2.1.2": "30",
            "achieved-2.2.1": "83",
            "total-2.2.1": "92",
        },
    )

    assert response.context["what_if_determination"].level == 2
    assertContains(response, "Mức độ 2")
    assert list(evaluation.results.values_list("typed", flat=True)) == before


def test_the_check_page_lists_errors_with_links_and_locks_the_button(client, leader):
    evaluation = make_dossier(leader.organisation)
    client.force_login(leader)

    response = client.get(reverse("evaluations:check", args=[evaluation.pk]))

    assertContains(response, f"{indicator_url(evaluation, '2.1.2')}#id_achieved")
    assertContains(response, "disabled")
    refused = client.post(reverse("evaluations:take-step", args=[evaluation.pk, "submit"]))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Evaluation.objects.get().status == Status.DRAFT


def test_the_leader_submits_and_the_editor_is_told_who_does(client, leader, editor):
    evaluation = make_complete_dossier(leader.organisation)
    check = reverse("evaluations:check", args=[evaluation.pk])
    submit = reverse("evaluations:take-step", args=[evaluation.pk, "submit"])
    client.force_login(editor)

    assertContains(client.get(check), leader.full_name)
    assert client.post(submit).status_code == HTTPStatus.FORBIDDEN
    client.force_login(leader)
    response = client.post(submit, follow=True)

    assertContains(response, "Đã gửi hồ sơ")
    assert Snapshot.objects.count() == 1


def test_a_second_press_of_submit_takes_no_second_snapshot(client, leader):
    evaluation = make_complete_dossier(leader.organisation)
    submit = reverse("evaluations:take-step", args=[evaluation.pk, "submit"])
    client.force_login(leader)

    client.post(submit)
    second = client.post(submit)

    assertRedirects(second, evaluation.get_absolute_url())
    assert Snapshot.objects.count() == 1


def test_the_unit_reads_the_verdicts_only_once_they_are_sent(client, editor, appraiser):
    evaluation = make_complete_dossier(editor.organisation, status=Status.APPRAISING)
    IndicatorAppraisal.objects.create(
        result=result_of(evaluation, "2.1.2"),
        verdict="ask",
        reason="Thiếu quyết định của hai xã",
        private_note="Hỏi lại khi kiểm tra",
        decided_by=appraiser,
        decided_at=evaluation.status_since,
    )
    client.force_login(editor)
    pages = [evaluation.get_absolute_url(), indicator_url(evaluation)]

    for address in pages:
        assertNotContains(client.get(address), "Thiếu quyết định")
    evaluation.status = Status.RETURNED
    evaluation.save(update_fields=["status"])
    IndicatorAppraisal.objects.update(is_sent=True)
    for address in pages:
        response = client.get(address)
        assertContains(response, "Thiếu quyết định")
        assertNotContains(response, "Hỏi lại khi kiểm tra")


def test_the_so_adjusts_with_a_reason_and_moves_on(client, appraiser, editor):
    evaluation = make_complete_dossier(editor.organisation, status=Status.APPRAISING)
    address = reverse("evaluations:appraise", args=[evaluation.pk, "2.1.2"])
    client.force_login(appraiser)

    seen = {"verdict": "adjust", "version": client.get(address).context["version"]}

    without = client.post(address, {**seen, "achieved": "22", "total": "30"})
    wrong = client.post(address, {**seen, "achieved": "40", "total": "30", "reason": "Đếm lại"})
    half = client.post(address, {**seen, "achieved": "20", "reason": "Đếm lại"})
    response = client.post(address, {**seen, "achieved": "22", "total": "30", "reason": "Đếm lại"})
    stale = client.post(address, {**seen, "achieved": "21", "total": "30", "reason": "Khác"})

    assertContains(without, "Ghi lý do", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assertContains(wrong, "lớn hơn tổng số", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assertContains(half, "ghi đủ", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assertContains(stale, "người khác đã thẩm định", status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    assertRedirects(response, reverse("evaluations:appraise", args=[evaluation.pk, "2.2.1"]))
    appraisal = IndicatorAppraisal.objects.get()
    assert appraisal.typed["achieved"] == "22"
    assert appraisal.decided_by == appraiser


def test_the_appraisal_pages_are_the_so_s_alone(client, leader, approver):
    evaluation = make_complete_dossier(leader.organisation, status=Status.APPRAISING)
    address = reverse("evaluations:appraise", args=[evaluation.pk, "2.1.2"])

    client.force_login(leader)
    assert client.get(address).status_code == HTTPStatus.FORBIDDEN
    client.force_login(approver)  # reads, and may not write
    assert client.get(address).status_code == HTTPStatus.OK
    assert client.post(address, {"verdict": "accept"}).status_code == HTTPStatus.FORBIDDEN
    assert not IndicatorAppraisal.objects.exists()


def test_the_whole_appraisal_through_the_pages(client, appraiser, leader):
    evaluation = make_complete_dossier(leader.organisation)
    submit, take_in, finish = (
        reverse("evaluations:take-step", args=[evaluation.pk, name])
        for name in ("submit", "take-in", "finish")
    )
    client.force_login(leader)
    client.post(submit)
    client.force_login(appraiser)

    client.post(take_in)
    client.post(reverse("evaluations:accept-rest", args=[evaluation.pk]))
    response = client.post(finish, follow=True)

    evaluation.refresh_from_db()
    assert evaluation.status == Status.APPRAISED
    assertContains(response, "kết thúc thẩm định")


def test_a_page_of_a_real_dossier_never_says_practice(client, editor):
    practice = make_dossier(editor.organisation, pilot_round=make_round(is_practice=True))
    real = make_dossier(editor.organisation, pilot_round=make_round())
    client.force_login(editor)

    assertContains(client.get(practice.get_absolute_url()), "Đợt tập huấn:")
    assertNotContains(client.get(real.get_absolute_url()), "Đợt tập huấn:")
    assertNotContains(client.get(indicator_url(real)), "Đợt tập huấn:")


def test_last_year_stands_beside_the_field_and_a_jump_wants_a_reason(client, leader):
    last_round, this_round = make_round(year=2021), make_round(year=2022)
    before = make_complete_dossier(
        leader.organisation, pilot_round=last_round, status=Status.APPRAISED
    )
    before.results.filter(indicator__code="2.1.2").update(typed={"achieved": "15", "total": "30"})
    now = make_complete_dossier(leader.organisation, pilot_round=this_round)
    client.force_login(leader)

    page = client.get(indicator_url(now))
    check = client.get(reverse("evaluations:check", args=[now.pk]))
    refused = client.post(reverse("evaluations:take-step", args=[now.pk, "submit"]))

    assertContains(page, "Năm 2021")
    assertContains(page, "15/30")
    assertContains(check, "Chênh lệch trên 20 điểm phần trăm")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_another_districts_last_year_is_not_shown(client, leader, outsider):
    last_round, this_round = make_round(year=2021), make_round(year=2022)
    make_complete_dossier(outsider.organisation, pilot_round=last_round, status=Status.APPRAISED)
    now = make_complete_dossier(leader.organisation, pilot_round=this_round)
    client.force_login(leader)

    assertNotContains(client.get(indicator_url(now)), "Năm 2021")


def test_an_autosave_never_erases_what_a_colleague_wrote_in_another_field(client, editor, leader):
    evaluation = make_dossier(editor.organisation)
    page = payload(result_of(evaluation, "2.1.2"))  # the editor opens the page
    client.force_login(leader)
    client.post(
        indicator_url(evaluation),
        payload(result_of(evaluation, "2.1.2"), explanation="Lời của lãnh đạo"),
        headers=HTMX,
    )
    client.force_login(editor)

    first = client.post(indicator_url(evaluation), {**page, "achieved": "23"}, headers=HTMX)
    base = first.context["base"]
    client.post(
        indicator_url(evaluation),
        {**page, "achieved": "23", "total": "30", "base": base},
        headers=HTMX,
    )

    stored = result_of(evaluation, "2.1.2")
    assert stored.explanation == "Lời của lãnh đạo"
    assert (stored.typed["achieved"], stored.typed["total"]) == ("23", "30")


def test_one_field_that_is_too_long_keeps_no_other_from_being_saved(client, editor):
    evaluation = make_dossier(editor.organisation)
    page = payload(result_of(evaluation, "2.1.2"), achieved="23", explanation="x" * 10_001)
    client.force_login(editor)

    response = client.post(indicator_url(evaluation), page, headers=HTMX)

    stored = result_of(evaluation, "2.1.2")
    assert stored.typed["achieved"] == "23"
    assert stored.explanation == ""
    assert response["X-Unsaved"] == "1"


def test_line_ends_of_a_browser_and_of_a_script_are_the_same_text(client, editor, leader):
    evaluation = make_dossier(editor.organisation)
    client.force_login(editor)
    page = payload(result_of(evaluation, "2.1.2"), explanation="Dòng một\nDòng hai")
    client.post(indicator_url(evaluation), page, headers=HTMX)

    again = payload(result_of(evaluation, "2.1.2"), explanation="Dòng một\r\nDòng hai")
    client.post(indicator_url(evaluation), again)

    assert result_of(evaluation, "2.1.2").explanation == "Dòng một\nDòng hai"


def test_counts_with_a_percentage_that_agrees_want_no_source(client, leader):
    evaluation = make_complete_dossier(leader.organisation)
    evaluation.results.filter(indicator__code="2.1.2").update(
        typed={"achieved": "23", "total": "30", "percent": "76,7"}
    )
    client.force_login(leader)

    response = client.get(reverse("evaluations:check", args=[evaluation.pk]))

    assertContains(response, "Không còn lỗi nào")


def test_outside_its_unit_a_returned_dossier_says_what_was_submitted(
    client, leader, appraiser, observer
):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    result = result_of(evaluation, "2.1.2")
    appraise(result=result, verdict="ask", reason="Thiếu quyết định", by=appraiser)
    take_step(
        evaluation=evaluation,
        step_name="return",
        by=appraiser,
        note="Bổ sung",
        due_on=timezone.localdate(),
    )
    evaluation.results.filter(pk=result.pk).update(
        typed={"achieved": "29", "total": "30"}, explanation="Đang gõ dở"
    )

    for person, sees in ((leader, True), (appraiser, False), (observer, False)):
        client.force_login(person)
        page = client.get(indicator_url(evaluation))
        assert ("Đang gõ dở" in page.content.decode()) is sees
        assert (b"29/30" in client.get(evaluation.get_absolute_url()).content) is sees


def test_a_dossier_taken_back_before_the_so_looked_is_the_units_own_again(
    client, leader, appraiser
):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="withdraw", by=leader, note="Nhầm số")
    client.force_login(appraiser)

    assert client.get(evaluation.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


def test_who_reads_for_a_district_reads_only_that_district(client, leader):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    own = make_user(Role.OBSERVER, leader.organisation)
    other = make_user(Role.OBSERVER, make_district())

    for person, status in ((own, HTTPStatus.OK), (other, HTTPStatus.NOT_FOUND)):
        client.force_login(person)
        assert client.get(evaluation.get_absolute_url()).status_code == status


def test_last_years_verdicts_are_shown_only_once_they_were_sent(client, editor, appraiser):
    before = make_complete_dossier(
        editor.organisation, pilot_round=make_round(year=2021), status=Status.APPRAISING
    )
    IndicatorAppraisal.objects.create(
        result=result_of(before, "2.1.2"),
        verdict="adjust",
        typed={"achieved": "11", "total": "30"},
        reason="Đếm lại",
        decided_by=appraiser,
        decided_at=before.status_since,
    )
    now = make_dossier(editor.organisation, pilot_round=make_round(year=2022))
    client.force_login(editor)

    assertNotContains(client.get(indicator_url(now)), "11/30")
    IndicatorAppraisal.objects.update(is_sent=True)
    assertContains(client.get(indicator_url(now)), "11/30")


def test_the_so_hears_what_its_figures_mean_before_it_saves_them(client, appraiser, leader):
    evaluation = make_complete_dossier(leader.organisation)
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    accept_rest(evaluation=evaluation, by=appraiser)
    client.force_login(appraiser)
    address = reverse("evaluations:appraisal-echo", args=[evaluation.pk, "2.1.2"])

    better = client.get(address, {"achieved": "28", "total": "30"})
    worse = client.get(address, {"achieved": "20", "total": "30"})
    unclear = client.get(address, {"achieved": "1.500", "total": "30"})

    assertContains(better, "93,33\u00a0%")
    assertContains(better, "<b>mức độ 3</b>", html=True)
    assertContains(worse, "chưa đạt mức độ nào")
    assertContains(unclear, "hai cách hiểu")
    assert result_of(evaluation, "2.1.2").appraisal.verdict == "accept"


def test_without_javascript_an_unclear_number_keeps_the_page(client, editor):
    evaluation = make_dossier(editor.organisation)
    page = payload(result_of(evaluation, "2.1.2"), achieved="64,5", total="92")
    client.force_login(editor)

    response = client.post(indicator_url(evaluation), {**page, "go-on": "1"}, follow=True)

    assert response.request["PATH_INFO"] == indicator_url(evaluation)
    assertContains(response, "có số chưa tính được")
    assert result_of(evaluation, "2.1.2").typed["achieved"] == "64,5"


def test_the_overview_says_what_each_indicator_still_lacks(client, editor):
    evaluation = make_dossier(editor.organisation, typed=LEVEL_1)
    client.force_login(editor)

    response = client.get(evaluation.get_absolute_url())

    assert response.context["work_left"]["2.1.2"] == "Có số liệu nhưng chưa có minh chứng."
    assertContains(response, "Khai đạt nhưng chưa có minh chứng nào.")


def test_a_second_submission_asks_only_about_what_was_open(client, leader, appraiser):
    evaluation = make_complete_dossier(leader.organisation)
    evaluation.results.filter(indicator__code="2.2.1").update(suitability="")
    reasons = {"no-suitability": "Chưa họp"}
    take_step(evaluation=evaluation, step_name="submit", by=leader, reasons=reasons)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    asked = result_of(evaluation, "2.1.2")
    appraise(result=asked, verdict="ask", reason="Thiếu quyết định", by=appraiser)
    back = {"evaluation": evaluation, "step_name": "return", "by": appraiser, "note": "Bổ sung"}
    take_step(**back, due_on=timezone.localdate())
    evaluation.results.filter(pk=asked.pk).update(reply="Đã gửi")

    take_step(evaluation=evaluation, step_name="submit", by=leader)  # no reason is asked again

    assert Snapshot.objects.count() == 2
