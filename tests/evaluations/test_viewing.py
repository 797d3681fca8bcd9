"""A cited paper opened beside the verdict: the pane, the cited page, what is noted of it."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateNotUsed

from evaluations.actions.evidence import add_evidence_file
from evaluations.actions.papers import add_document_file
from evaluations.actions.steps import take_step
from evaluations.models import EvidenceAccess, IndicatorAppraisal
from evaluations.views.viewing import cited_page
from organisations.models import Role
from tests.evaluations import samples
from tests.factories import make_complete_dossier, make_evidence, make_user, result_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CODE = "2.2.1"


@pytest.fixture
def evaluation(leader):
    return make_complete_dossier(leader.organisation, by=leader)


@pytest.fixture
def evidence(evaluation, leader):
    return add_evidence_file(
        result=result_of(evaluation, CODE),
        uploaded=samples.upload(samples.pdf("báo cáo"), "bao-cao.pdf"),
        by=leader,
        details={
            "number": "198/BC-VHTT",
            "issued_on": date(2022, 11, 30),
            "issuer": "Phòng VHTT",
            "summary": "Phổ cập kỹ năng số",
        },
        cited="biểu 1, trang 3–4",
    )


@pytest.fixture
def url(client, evaluation, evidence, leader, appraiser):
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    take_step(evaluation=evaluation, step_name="take-in", by=appraiser)
    client.force_login(appraiser)
    return reverse("evaluations:appraise", args=[evaluation.pk, CODE])


@pytest.mark.parametrize(
    ("cited", "page"),
    [
        ("trang 12", 12),
        ("Biểu 1, Trang 3–4", 3),
        ("tr. 7", 7),
        ("tr 5", 5),
        ("trang1", 1),
        ("biểu 1", None),
        ("khoản 2 Điều 3", None),
        ("Thị tr 2a", None),
        ("", None),
    ],
)
def test_the_first_cited_page_is_understood(cited, page):
    assert cited_page(cited) == page


def test_without_javascript_the_address_opens_the_paper_beside_the_form(client, url, evidence):
    stored = evidence.document.files.get()
    page = client.get(url, {"xem": evidence.pk})

    preview = reverse("evaluations:preview-file", args=[stored.pk])
    assertContains(page, f'<iframe src="{preview}#page=3')
    assertContains(page, 'name="reason"')
    assertNotContains(client.get(url), "<iframe")
    assertContains(client.get(url), f'href="{url}?xem={evidence.pk}#xem"')


def test_with_javascript_only_the_pane_is_fetched(client, url, evidence):
    opened = client.get(url, {"xem": evidence.pk}, headers=HTMX)
    closed = client.get(url, {"xem": ""}, headers=HTMX)

    assertContains(opened, "198/BC-VHTT")
    assertTemplateNotUsed(opened, "base.html")
    assert not closed.content.strip()


def test_what_is_shown_is_noted_and_boxed_in(client, url, evidence, appraiser):
    client.get(url, {"xem": evidence.pk})
    assert not EvidenceAccess.objects.exists()  # the frame asks for the file by itself

    stored = evidence.document.files.get()
    answer = client.get(reverse("evaluations:preview-file", args=[stored.pk]))
    assert answer.getvalue()

    assert answer["Content-Security-Policy"].startswith("sandbox;")
    access = EvidenceAccess.objects.get()
    assert (access.stored_file, access.by, access.kind) == (stored, appraiser, "preview")


def test_a_form_with_something_to_mend_keeps_the_paper_open_and_the_words(client, url, evidence):
    words = {"verdict": "adjust", "reason": "", "achieved": "82", "private_note": "Hỏi lại"}
    page = client.post(url, words | {"xem": evidence.pk})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assertContains(page, "<iframe", status_code=422)
    assertContains(page, "Hỏi lại", status_code=422)
    assertContains(page, 'value="82"', status_code=422)
    assert not IndicatorAppraisal.objects.exists()


def test_only_what_this_indicator_cites_is_opened(client, url, evaluation, leader):
    elsewhere = make_evidence(result_of(evaluation, "1.1.1"), by=leader)
    foreign = make_evidence(result_of(make_complete_dossier(), CODE))

    for wrong in (elsewhere.pk, foreign.pk, 0, "x"):
        assert client.get(url, {"xem": wrong}).status_code == HTTPStatus.NOT_FOUND
    late = client.post(url, {"verdict": "", "reason": "Chữ", "xem": elsewhere.pk})
    assertContains(late, "Chữ", status_code=422)  # a form is never answered with a lost page


def test_several_files_are_chosen_between_and_office_files_are_downloaded(
    client, leader, appraiser, evaluation, evidence
):
    second = add_document_file(
        document=evidence.document,
        uploaded=samples.upload(samples.office(samples.SHEET), "so-lieu.xlsx"),
        by=leader,
        as_new_revision=False,
    )
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    client.force_login(appraiser)
    url = reverse("evaluations:appraise", args=[evaluation.pk, CODE])

    page = client.get(url, {"xem": evidence.pk, "tep": second.pk})

    assertNotContains(page, "<iframe")
    assertContains(page, reverse("evaluations:download-file", args=[second.pk]))
    first = evidence.document.files.exclude(pk=second.pk).get()
    assertContains(page, f"?xem={evidence.pk}&amp;tep={first.pk}")


def test_a_paper_without_a_file_says_so(client, evaluation, leader, approver):
    bare = make_evidence(
        result_of(evaluation, CODE), by=make_user(Role.EDITOR, leader.organisation)
    )
    take_step(evaluation=evaluation, step_name="submit", by=leader)
    client.force_login(approver)

    page = client.get(reverse("evaluations:appraise", args=[evaluation.pk, CODE]), {"xem": bare.pk})

    assertContains(page, "Văn bản này chưa có tệp")
