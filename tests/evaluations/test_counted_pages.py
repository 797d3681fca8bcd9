"""The pages of a counted share: no figure to type, the names on both sides, the list itself."""

import json
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.results import save_result, values_of
from evaluations.registers import register_url
from tests.evaluations.counting import (
    below,
    communes,
    found,
    rate,
    send_without_lists,
    step,
)
from tests.factories import (
    make_counted_dossier,
    make_counted_set,
    make_dossier,
    make_line,
    make_round,
    result_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(district):
    """A draft with 20 of 26 communes and 7 of 9 agencies."""
    return make_counted_dossier(district)


def page(dossier, code="2.1.2", name="indicator"):
    return reverse(f"evaluations:{name}", args=[dossier.pk, code])


def units_page(dossier, code="2.1.2"):
    return page(dossier, code, "counted-units")


def names(lines):
    return [line.unit.name for line in lines.select_related("unit")]


# --- the unit's own page


def test_page_has_no_figure_to_type_but_the_count_and_the_way_to_the_register(
    client, editor, dossier
):
    client.force_login(editor)

    response = client.get(page(dossier))

    for name in ("achieved", "total", "percent", "source"):
        assertNotContains(response, f'name="{name}"')
        assert name not in response.context["form"].fields
    for name in ("explanation", "not_applicable", "suitability", "obstacle"):
        assertContains(response, f'name="{name}"')
    assertContains(response, "20/26 = 76,9\u00a0%")
    assertContains(response, "Tính ra 76,92\u00a0%, mức độ 1.")
    assertContains(response, "Mở danh sách, nhập kết quả")
    assertContains(response, register_url(dossier, "communes"))
    assertContains(response, units_page(dossier))


def test_names_on_both_sides_are_at_hand(client, editor, dossier):
    out = communes(dossier).filter(rating__code="kha").last()
    communes(dossier).filter(pk=out.pk).update(in_scope=False, exclusion_reason="Sáp nhập.")
    client.force_login(editor)

    response = client.get(page(dossier))

    for title in ("Dưới Khá: 5", "Chưa có kết quả: 1", "Từ Khá trở lên: 19", "Ngoài phạm vi: 1"):
        assertContains(response, title)
    for name in names(communes(dossier).filter(rating__code="trung-binh")):
        assertContains(response, f"{name}</a> (Trung bình)")
    assertContains(response, f"{out.unit.name}</a> (Sáp nhập)")
    (unrated,) = communes(dossier).filter(rating=None)
    assertContains(response, unrated.get_absolute_url())
    # Of the nineteen the first dozen stand here, the others behind a link.
    assertContains(response, "7 đơn vị nữa")


def test_lines_that_could_not_be_understood_are_told(client, editor, dossier):
    communes(dossier).filter(pk=below(dossier).pk).update(unread={"score": "8o"}, rating=None)
    client.force_login(editor)

    response = client.get(page(dossier))

    assertContains(response, "1 dòng của danh sách cần sửa")
    assertContains(response, f"{register_url(dossier, 'communes')}?loc=can-sua")


def test_list_without_result_says_so_and_is_not_nought(client, editor, dossier):
    communes(dossier).update(rating=None)
    client.force_login(editor)

    response = client.get(page(dossier))

    assertContains(response, "Danh sách chưa có kết quả nào nên chưa có tỷ lệ; không tính là 0.")
    assertContains(response, "Chưa có kết quả: 26")
    assertNotContains(response, "tính là dưới Khá")
    assertNotContains(response, "0/26")


def test_year_before_is_counted_from_its_own_list(client, editor, dossier):
    for number, line in enumerate(communes(dossier)[:10]):
        rating = "kha" if number < 7 else "trung-binh"
        make_line(dossier.pilot_round, line.unit, rating=rating, year=2021)
    client.force_login(editor)

    response = client.get(page(dossier))

    assertContains(response, "Năm 2021: <b>7/10 = 70,0\u00a0%</b>")


def test_dossier_of_the_year_before_stands_for_that_year(client, editor, dossier):
    make_dossier(
        dossier.unit,
        pilot_round=make_round(year=2021, district_set=make_counted_set()),
        status="submitted",
        typed={"2.1.2": {"achieved": "18", "total": "26"}},
    )
    make_line(dossier.pilot_round, communes(dossier).first().unit, rating="kha", year=2021)
    client.force_login(editor)

    response = client.get(page(dossier))

    assertContains(response, "Năm 2021: <b>18/26 = 69,2\u00a0%</b>")


@pytest.mark.parametrize("is_script", [True, False])
def test_typed_figures_are_written_nowhere(client, editor, dossier, is_script):
    client.force_login(editor)
    result = result_of(dossier, "2.1.2")
    posted = {
        **values_of(result),
        "achieved": "26",
        "total": "26",
        "percent": "100",
        "source": "Tự ghi",
        "explanation": "Có danh sách kèm theo",
        "base": json.dumps({**values_of(result), "achieved": "", "total": ""}),
    }

    response = client.post(
        page(dossier), posted, headers={"HX-Request": "true"} if is_script else {}
    )

    assert response.status_code == (HTTPStatus.OK if is_script else HTTPStatus.FOUND)
    stored = result_of(dossier, "2.1.2")
    assert (stored.typed, stored.source) == ({}, "")
    assert stored.explanation == "Có danh sách kèm theo"
    assert found(dossier).line("2.1.2").self_assessed.figure == "20/26"


def test_figures_are_refused_where_they_are_written_too(editor, dossier):
    result = result_of(dossier, "2.1.2")
    values = {"achieved": "26", "total": "26", "source": "Tự ghi", "explanation": "Kèm danh sách"}

    saved = save_result(result=result, values=values, base={}, by=editor)

    assert saved.conflicts == ()
    stored = result_of(dossier, "2.1.2")
    assert (stored.typed, stored.source, stored.explanation) == ({}, "", "Kèm danh sách")


def test_claim_that_it_does_not_apply_stays_possible(client, editor, dossier):
    client.force_login(editor)
    values = values_of(result_of(dossier, "2.1.2"))
    words = {"not_applicable": "on", "not_applicable_reason": "Huyện không có xã"}

    client.post(page(dossier), {**values, **words, "base": json.dumps(values)})

    line = found(dossier).line("2.1.2")
    assert line.mark.word == "Không áp dụng"
    assert line.result.not_applicable_reason == "Huyện không có xã"


# --- the list


def test_list_has_all_units_by_how_they_count(client, editor, dossier):
    communes(dossier).update(decision_number="3187/QĐ-UBND", score="71.50")
    client.force_login(editor)

    response = client.get(units_page(dossier))

    for name in names(communes(dossier)):
        assertContains(response, name)
    assertContains(response, "3187/QĐ-UBND", count=26)
    assertContains(response, "71,5")
    assertContains(response, "Khá 20, Trung bình 5, chưa có kết quả 1")
    assertContains(response, below(dossier).get_absolute_url())


def asked(client, url) -> int:
    """How many queries a page takes, once its round is the session's."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


@pytest.mark.parametrize("count", [1, 300])
def test_pages_ask_the_database_the_same_however_long_the_list(client, editor, count):
    evaluation = make_counted_dossier(editor.organisation, communes=["kha"] * count)
    client.force_login(editor)

    assert asked(client, units_page(evaluation)) == 14
    assert asked(client, page(evaluation)) == 20
    assert asked(client, evaluation.get_absolute_url()) == 18
    assert asked(client, reverse("evaluations:check", args=[evaluation.pk])) == 16


@pytest.mark.parametrize("count", [1, 300])
def test_submitted_pages_ask_the_same_however_much_changed(client, editor, count):
    evaluation = make_counted_dossier(editor.organisation, communes=["kha"] * count)
    step(evaluation, "submit")
    communes(evaluation).update(rating=None)
    client.force_login(editor)

    assert asked(client, units_page(evaluation)) == 15
    assert asked(client, page(evaluation)) == 22
    assert asked(client, evaluation.get_absolute_url()) == 19


def test_indicator_that_is_typed_has_no_list(client, editor, dossier):
    client.force_login(editor)

    assert client.get(units_page(dossier, "2.2.1")).status_code == HTTPStatus.NOT_FOUND
    assert client.get(units_page(dossier, "9.9.9")).status_code == HTTPStatus.NOT_FOUND


def test_list_of_another_district_does_not_exist(client, outsider, appraiser, dossier):
    for person in (outsider, appraiser):  # a draft is its unit's own business
        client.force_login(person)
        assert client.get(units_page(dossier)).status_code == HTTPStatus.NOT_FOUND

    step(dossier, "submit")

    client.force_login(outsider)
    assert client.get(units_page(dossier)).status_code == HTTPStatus.NOT_FOUND
    client.force_login(appraiser)
    assert client.get(units_page(dossier)).status_code == HTTPStatus.OK


# --- the whole dossier, the check page, home


def test_overview_leads_to_the_list_and_not_to_fields(client, editor, dossier):
    communes(dossier).update(rating=None)
    client.force_login(editor)

    response = client.get(dossier.get_absolute_url())

    assertContains(response, "Mở danh sách 2.1.2")
    assertContains(response, f'<a href="{register_url(dossier, "communes")}">Mở danh sách</a>')
    assertNotContains(response, "Nhập tiếp")


def test_check_page_leads_to_the_lines_in_question(client, editor, dossier):
    agencies = dossier.pilot_round.unit_results.filter(kind="learning_unit")
    agencies.update(unread={"score": "8o"})
    client.force_login(editor)

    response = client.get(reverse("evaluations:check", args=[dossier.pk]))

    assertContains(response, f'href="{register_url(dossier, "agencies")}?loc=can-sua"')
    assertContains(response, f'href="{register_url(dossier, "communes")}?loc=chua-co"')
    assertContains(response, f'href="{register_url(dossier, "communes")}?loc=thieu-quyet-dinh"')


def test_home_leads_to_the_list(client, editor, dossier):
    communes(dossier).update(rating=None)
    client.force_login(editor)

    response = client.get(reverse("evaluations:home"), {"dot": dossier.pilot_round_id})

    (duty,) = response.context["home"].mine
    assert duty.title == "Mở danh sách 2.1.2 Xã từ Khá"
    assert duty.url == register_url(dossier, "communes")


def test_what_if_starts_from_the_count_and_takes_any_number(client, editor, dossier):
    client.force_login(editor)
    url = reverse("evaluations:what-if", args=[dossier.pk])

    assertContains(client.get(url), 'value="20"')
    response = client.get(
        url,
        {
            "achieved-2.1.1": "9",
            "total-2.1.1": "9",
            "achieved-2.1.2": "25",
            "total-2.1.2": "26",
            "achieved-2.2.1": "92",
            "total-2.2.1": "92",
        },
    )

    assert response.context["what_if_determination"].level == 3
    assert found(dossier).line("2.1.2").self_assessed.figure == "20/26"


# --- after submission


@pytest.fixture
def changed(dossier, editor):
    """Submitted; since then a commune got Khá."""
    step(dossier, "submit")
    line = below(dossier)
    rate(line, "Khá", editor)
    return line


def test_unit_reads_everywhere_that_its_list_changed(client, editor, dossier, changed):
    client.force_login(editor)

    for url in (dossier.get_absolute_url(), page(dossier), units_page(dossier)):
        response = client.get(url)
        assertContains(response, "Danh sách đã thay đổi từ khi gửi")
        assertContains(response, f"{changed.unit.name}: Trung bình → Khá")
        assertContains(response, "20/26")
    # Once on top of the dossier and once on the row.
    assertContains(client.get(dossier.get_absolute_url()), "Danh sách đã thay đổi từ khi gửi", 2)
    assertNotContains(client.get(page(dossier, "2.1.1")), "đã thay đổi")


def test_department_reads_it_where_it_appraises(client, appraiser, dossier, changed):
    client.force_login(appraiser)

    for name, args in (
        ("appraise-dossier", [dossier.pk]),
        ("appraise", [dossier.pk, "2.1.2"]),
        ("counted-units", [dossier.pk, "2.1.2"]),
    ):
        response = client.get(reverse(f"evaluations:{name}", args=args))
        assertContains(response, f"{changed.unit.name}: Trung bình → Khá")
    assertContains(
        client.get(reverse("evaluations:appraisals")), "Danh sách đã thay đổi từ khi gửi"
    )
    rate(communes(dossier).get(pk=changed.pk), "Trung bình")
    assertNotContains(client.get(reverse("evaluations:appraisals")), "đã thay đổi")


def test_board_remarks_it(client, appraiser, dossier, changed):
    client.force_login(appraiser)

    response = client.get(reverse("evaluations:board"), {"dot": dossier.pilot_round_id})

    assertContains(
        response,
        "danh sách của 2.1.2 đã thay đổi từ khi gửi, 1 đơn vị; 20/26 đã gửi, nay đếm được 21/26.",
    )
    assertContains(response, units_page(dossier))


@pytest.mark.parametrize("count", [1, 3])
def test_appraisals_ask_the_database_the_same_with_more_dossiers(client, appraiser, count):
    pilot_round = make_round(district_set=make_counted_set())
    for _ in range(count):
        step(make_counted_dossier(pilot_round=pilot_round), "submit")
    client.force_login(appraiser)

    assert asked(client, reverse("evaluations:appraisals")) == 17


def test_appraiser_types_figures_of_a_counted_share_beside_the_names(client, appraiser, dossier):
    step(dossier, "submit")
    step(dossier, "take-in", appraiser)
    client.force_login(appraiser)
    url = page(dossier, name="appraise")

    assertContains(client.get(url), 'name="achieved"')
    assertContains(client.get(url), "Dưới Khá: 5")
    version = client.get(url).context["version"]
    response = client.post(
        url,
        {
            "verdict": "adjust",
            "achieved": "18",
            "total": "26",
            "reason": "Hai xã chưa có quyết định",
            "version": version,
        },
    )

    assertRedirects(response, page(dossier, "2.2.1", "appraise"), fetch_redirect_response=False)
    line = found(dossier).line("2.1.2")
    assert (line.self_assessed.figure, line.appraised.figure) == ("20/26", "18/26")


def test_submission_of_before_there_were_lists_still_has_its_pages(client, editor, dossier):
    step(dossier, "submit")
    send_without_lists(dossier)
    client.force_login(editor)

    assertContains(client.get(page(dossier)), "Lần gửi này chưa kèm danh sách")
    assertContains(client.get(units_page(dossier)), "Lần gửi này chưa kèm danh sách")
    assertContains(client.get(dossier.get_absolute_url()), "20/26")
