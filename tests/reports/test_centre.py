"""The centre of reports and the list of files: what is offered to whom, newest file beside it."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from organisations.models import Role
from reports import actions
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.factories import make_city, make_complete_dossier, make_dossier, make_round, make_user
from tests.reports.conftest import submit
from tests.reports.test_views import make_ready

CENTRE = reverse("reports:index")
RUNS = reverse("reports:runs")
OF_A_DOSSIER = ["bao-cao-tu-danh-gia", "danh-muc-minh-chung", "phieu-tiep-nhan", "ho-so-dong-goi"]


def offered(client, query=""):
    """Slugs by subject of all that has its buttons on the page."""
    return {
        each.subject: [offer.report.slug for offer in each.offers]
        for section in client.get(f"{CENTRE}{query}").context["sections"]
        if section.is_single
        for each in section.subjects
    }


def newest(client, query=""):
    """The files that stand beside the first report."""
    (section,) = client.get(f"{CENTRE}{query}").context["sections"]
    return section.subjects[0].offers[0].runs


def test_a_unit_finds_its_own_reports_and_what_each_is_for(client, dossier, editor):
    make_complete_dossier()
    client.force_login(editor)

    assert offered(client) == {dossier: ["bao-cao-tu-danh-gia", "danh-muc-minh-chung"]}
    page = client.get(CENTRE)
    assertContains(page, "sẽ ghi rõ “Bản nháp, chưa gửi”")
    assertContains(page, REPORTS["bao-cao-tu-danh-gia"].purpose)


def test_the_department_finds_the_round_and_chooses_among_the_dossiers(
    client, submitted, appraiser
):
    """Of the round that is looked at: neither drafts nor what another round is about."""
    make_complete_dossier(pilot_round=submitted.pilot_round)
    submit(make_complete_dossier(pilot_round=make_round(year=2021)))
    client.force_login(appraiser)
    of_the_round = ["tong-hop-quan-huyen", "ma-tran-phu-hop", "cong-van-don-doc", "bao-cao-bo"]

    assert offered(client) == {submitted.pilot_round: of_the_round, submitted: OF_A_DOSSIER}

    other = submit(make_complete_dossier(pilot_round=submitted.pilot_round))

    assert offered(client) == {submitted.pilot_round: of_the_round}
    page = client.get(CENTRE)
    for dossier in (submitted, other):
        assertContains(page, f'href="{CENTRE}?ho-so={dossier.pk}"')
    assertContains(page, "Báo cáo tự đánh giá; Danh mục minh chứng; Phiếu tiếp nhận")
    assert offered(client, f"?ho-so={other.pk}") == {other: OF_A_DOSSIER}
    assert offered(client, f"?dot={other.pilot_round_id}") == {submitted.pilot_round: of_the_round}
    for nothing in ("ho-so=x", "ho-so=²", "ho-so=-1"):
        assert offered(client, f"?{nothing}") == offered(client)
    assert offered(client, "?dot=99999999999999999999") == {}


def test_many_dossiers_come_in_pages_and_by_as_many_queries(
    client, appraiser, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("reports.offers.CHOICES_PER_PAGE", 2)
    pilot_round = make_round()
    client.force_login(appraiser)
    counts = []
    for more in (2, 3):
        for _ in range(more):
            make_dossier(pilot_round=pilot_round, status="submitted")
        with django_assert_max_num_queries(40) as asked:
            page = client.get(CENTRE)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assertContains(page, "Trang 1/3")
    assertContains(page, "?ho-so=", count=2)
    assertContains(client.get(f"{CENTRE}?page=3"), "?ho-so=", count=1)


def test_whoever_has_nothing_to_order_is_told_who_has(client, submitted, administrator):
    client.force_login(administrator)

    page = client.get(CENTRE)

    assertContains(page, "Chưa có báo cáo nào đặt được.")
    assertContains(page, reverse("criteria:index"))
    assertContains(client.get(RUNS), "Chưa có tệp nào.")


def test_the_newest_file_of_each_format_stands_beside_its_report(
    client, dossier, editor, leader, order
):
    first, older = make_ready(order(dossier, editor)), make_ready(order(dossier, leader))
    book = make_ready(order(dossier, editor, file_type="xlsx"))
    client.force_login(editor)

    assert newest(client) == [book, older]  # ordered by a colleague; newer than the own one
    page = client.get(CENTRE)
    assertContains(page, reverse("reports:download", args=[older.pk]))
    assertNotContains(page, reverse("reports:download", args=[first.pk]))
    assertContains(page, "bản nháp")

    # What is under way, or could not be, stands beside the file that is there meanwhile.
    failed = order(dossier, editor)
    actions.fail(actions.claim(failed.pk), reason="Hỏng")
    assert newest(client) == [failed, book, older]
    assertContains(client.get(CENTRE), "không dựng được")
    under_way = order(dossier, editor)
    assert newest(client) == [under_way, book, older]
    assertContains(client.get(CENTRE), "đang dựng")
    actions.cancel(run=under_way, by=editor)
    assert newest(client) == [failed, book, older]
    last = make_ready(order(dossier, editor))
    assert newest(client) == [last, book]


def test_no_file_of_another_unit_stands_beside_a_report(
    client, submitted, editor, appraiser, order
):
    make_ready(order(submitted, appraiser))
    own = make_ready(order(submitted, editor))
    client.force_login(appraiser)
    assert newest(client, f"?ho-so={submitted.pk}") == [own]  # submitted, and the newer of two

    theirs = make_ready(order(submitted, appraiser))
    client.force_login(editor)

    assert newest(client) == [own]
    assertNotContains(client.get(CENTRE), reverse("reports:download", args=[theirs.pk]))


@pytest.mark.parametrize("page", [CENTRE, RUNS])
def test_no_query_grows_with_the_files(
    client, dossier, editor, order, page, django_assert_max_num_queries
):
    client.force_login(editor)
    counts = []
    for file_types in (["pdf"], ["docx", "xlsx"]):
        for file_type in file_types:
            make_ready(order(dossier, editor, file_type=file_type))
        with django_assert_max_num_queries(30) as asked:
            client.get(page)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_run_can_be_ordered_again_from_its_page_by_whoever_may_order(
    client, submitted, editor, leader, council_member, order, appraiser, summary
):
    run = make_ready(order(submitted, editor))
    client.force_login(leader)
    page = client.get(run.get_absolute_url())
    assertContains(page, "Đặt lại theo số liệu lúc này")
    assertContains(page, f'href="{CENTRE}?ho-so={submitted.pk}"')

    client.force_login(council_member)
    assertNotContains(client.get(run.get_absolute_url()), "Đặt lại theo số liệu lúc này")
    of_the_round = make_ready(order(submitted.pilot_round, appraiser, report=summary))
    assertContains(client.get(of_the_round.get_absolute_url()), "Đặt lại theo số liệu lúc này")


def test_the_rest_of_the_page_hears_when_a_run_stands_still(client, dossier, editor, order):
    run = order(dossier, editor)
    client.force_login(editor)
    progress = reverse("reports:run-progress", args=[run.pk])
    assertContains(client.get(run.get_absolute_url()), "run-stands-still from:body")

    assert "HX-Trigger" not in client.get(progress)
    make_ready(run)

    assert "run-stands-still" in client.get(progress)["HX-Trigger"]
    assertContains(client.get(progress, {"chinh": 1}), "btn-primary")
    assertNotContains(client.get(progress), "btn-primary")


def test_an_order_with_nothing_to_say_leads_back_to_its_subject(client, appraiser):
    pilot_round = make_round()
    client.force_login(appraiser)
    order = {"report": "cong-van-don-doc", "subject": pilot_round.pk, "file_type": "pdf"}

    response = client.post(reverse("reports:order"), order)

    assertRedirects(response, f"{CENTRE}?dot={pilot_round.pk}")
    assert not ReportRun.objects.exists()


def test_list_is_narrowed_to_a_report_a_dossier_and_what_one_ordered(
    client, submitted, appraiser, order, summary
):
    other = submit(make_complete_dossier(pilot_round=submitted.pilot_round))
    colleague = make_user(Role.APPRAISER, make_city())
    first, second = order(submitted, appraiser), order(other, appraiser)
    third = order(submitted.pilot_round, colleague, report=summary)
    client.force_login(appraiser)

    def listed(query):
        return [each["run"] for each in client.get(f"{RUNS}?{query}").context["runs"]]

    assert listed("") == [third, second, first]
    assert listed("bao-cao=bao-cao-tu-danh-gia") == [second, first]
    assert listed(f"bao-cao=bao-cao-tu-danh-gia&ho-so={other.pk}") == [second]
    assert listed("bao-cao=tong-hop-quan-huyen") == [third]
    assert listed("bao-cao=khong-co") == [third, second, first]
    assert listed(f"dot={submitted.pilot_round_id}") == [third]
    assert listed("ai=toi") == [second, first]
    assert listed("ai=toi&bao-cao=tong-hop-quan-huyen") == []
    assertContains(client.get(f"{RUNS}?ai=toi&bao-cao=tong-hop-quan-huyen"), "Bỏ lọc")
    form = client.get(RUNS).context["form"]
    assert [value for value, _ in form.fields["bao-cao"].choices] == [
        "", "bao-cao-tu-danh-gia", "tong-hop-quan-huyen",
    ]  # fmt: skip
    assert {value for value, _ in form.fields["ho-so"].choices} == {
        "", str(submitted.pk), str(other.pk),
    }  # fmt: skip


def test_filter_names_no_dossier_of_another_unit(client, dossier, editor, outsider, order):
    order(dossier, editor)
    client.force_login(outsider)

    assertNotContains(client.get(RUNS), str(dossier))


def test_long_list_of_files_comes_in_pages(client, dossier, editor, order, monkeypatch):
    monkeypatch.setattr("reports.views.RUNS_PER_PAGE", 2)
    for _ in range(3):
        make_ready(order(dossier, editor))
    client.force_login(editor)

    assertContains(client.get(f"{RUNS}?ai=toi"), "?ai=toi&amp;page=2")
    assert len(client.get(f"{RUNS}?ai=toi&page=2").context["runs"]) == 1
