"""The catalogue printed: word for word, for whoever is signed in."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains

from criteria.models import CriteriaSet, Indicator
from organisations.models import Role
from reports.actions import order_report
from reports.definitions import REPORTS
from reports.models import ReportRun
from tests.factories import make_district, make_round, make_user

pytestmark = pytest.mark.django_db
REPORT = REPORTS["bo-tieu-chi"]


@pytest.fixture
def criteria_set():
    return make_round().district_set


def content_of(criteria_set):
    fresh = REPORT.all_subjects().get(pk=criteria_set.pk)
    return json.loads(json.dumps(REPORT.content(fresh)))


def test_every_word_of_the_set_is_in_the_paper_and_in_the_workbook(criteria_set):
    Indicator.objects.filter(code="2.1.2").update(as_published="Tối thiểu  70% xã")
    content = content_of(criteria_set)
    said = REPORT.paper(content).said
    shown = [
        cell.shown
        for table in REPORT.tables(content)
        for row in table.rows
        for cell in row.values()
    ]

    for indicator in criteria_set.indicators.all():
        for words in (indicator.code, indicator.text, indicator.guidance, indicator.measure.plain):
            assert any(words in each for each in said), words
            assert any(words in each for each in shown), words
    for paragraph in criteria_set.rule_paragraphs:
        assert paragraph in said
        assert paragraph in shown
    assert any("(bản công bố in: “Tối thiểu  70% xã”)" in each for each in said)


def test_who_leads_is_printed_where_the_set_says_it(criteria_set):
    assert not any("chủ trì" in words for words in REPORT.paper(content_of(criteria_set)).said)

    Indicator.objects.filter(criteria_set=criteria_set).update(lead="Sở Nội vụ", partners="Các sở")

    said = REPORT.paper(content_of(criteria_set)).said
    assert "Cơ quan chủ trì, tham mưu" in said
    assert {"Sở Nội vụ", "Các sở"} <= set(said)


def test_the_page_of_the_set_leads_to_its_print_and_each_sees_their_own(client, criteria_set, sent):
    link = f"{reverse('reports:index')}?bo-tieu-chi={criteria_set.pk}"
    people = [
        make_user(Role.EDITOR, make_district()),
        make_user(Role.OBSERVER),
        make_user(Role.ADMINISTRATOR),
    ]
    for person in people:
        client.force_login(person)
        assertContains(client.get(criteria_set.get_absolute_url()), link)
        (section,) = client.get(link).context["sections"]
        (found,) = section.subjects
        assert (found.subject, [each.report for each in found.offers]) == (criteria_set, [REPORT])

        order = {"report": REPORT.slug, "subject": criteria_set.pk, "file_type": "xlsx"}
        page = client.post(reverse("reports:order"), order, follow=True)

        assertContains(page, criteria_set.title)
        (run,) = ReportRun.objects.visible_to(person)
        assert run.requested_by == person


def test_the_same_set_is_built_once_at_a_time(criteria_set, sent):
    person = make_user(Role.OBSERVER)
    subject = REPORT.all_subjects().get(pk=criteria_set.pk)

    first, second = (
        order_report(report=REPORT, subject=subject, file_type="pdf", by=person) for _ in range(2)
    )

    assert first == second
    assert first.subject == criteria_set


def test_the_command_prints_a_real_set(tmp_path):
    call_command("load_reference")
    path = tmp_path / "bo-tieu-chi.pdf"

    for found in CriteriaSet.objects.all():
        call_command("make_report", REPORT.slug, format="pdf", output=path, set=found.pk)
        assert path.read_bytes().startswith(b"%PDF")


def test_no_query_grows_with_the_set(criteria_set, django_assert_num_queries):
    subject = REPORT.all_subjects().get(pk=criteria_set.pk)

    with django_assert_num_queries(0):
        REPORT.content(subject)
